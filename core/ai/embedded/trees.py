"""Boosted trees, evaluated with numpy alone: what scikit-learn grew in training is a few small tables here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAF = -1


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose values add up, one sum for each output. Row `t` of the node tables is tree `t`; `feature` is LEAF at a leaf.

    `usual` is what each feature adds on average over what it was trained on, for trees of one question each (see `explain`).
    """

    start: NDArray[np.float64]  # (outputs,)
    output: NDArray[np.int64]  # (trees,)
    feature: NDArray[np.int16]  # (trees, nodes)
    threshold: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    usual: NDArray[np.float64]  # (features,)

    def score(self, inputs: NDArray[np.float32]) -> NDArray[np.float64]:
        """Sums for each row of inputs, shape (rows, outputs)."""
        added = self._find_values(inputs)
        scores = np.tile(self.start, (len(inputs), 1))
        for place in range(len(self.start)):
            # Added tree after tree, so that a row scores the same alone and among others.
            scores[:, place] += np.cumsum(added[self.output == place], axis=0)[-1]
        return scores

    def explain(self, inputs: NDArray[np.float32]) -> tuple[float, NDArray[np.float64]]:
        """What is usual, and by how much each feature of each row, shape (rows, features), moves the only sum away from it.

        Only for trees that ask one question each: then every feature has its own points, and they add up to the score.
        """
        points = np.zeros((len(inputs), len(self.usual)))
        for asked, added in zip(self.feature[:, 0], self._find_values(inputs), strict=True):
            points[:, asked] += added
        return float(self.start[0] + self.usual.sum()), points - self.usual

    def _find_values(self, inputs: NDArray[np.float32]) -> NDArray[np.float64]:
        """The value of the leaf that each row ends in, of every tree at once, shape (trees, rows): a batch of one must be quick too."""
        trees, rows = np.arange(len(self.output))[:, None], np.arange(len(inputs))
        nodes = np.zeros((len(self.output), len(inputs)), dtype=np.int64)
        while True:
            asked = self.feature[trees, nodes].astype(np.int64)
            going = asked != LEAF
            if not going.any():
                return self.value[trees, nodes].astype(np.float64)
            is_left = inputs[rows, np.where(going, asked, 0)] <= self.threshold[trees, nodes]
            following = np.where(is_left, self.left[trees, nodes], self.right[trees, nodes])
            nodes = np.where(going, following, nodes)

    def to_arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Its tables under names that begin with its own."""
        return {f"{name}.{field}": getattr(self, field) for field in _FIELDS}


_FIELDS = ("start", "output", "feature", "threshold", "left", "right", "value", "usual")


def read_forest(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Forest:
    """The forest that `to_arrays` wrote under this name."""
    tables: dict[str, Any] = {field: arrays[f"{name}.{field}"] for field in _FIELDS}
    return Forest(**tables)
