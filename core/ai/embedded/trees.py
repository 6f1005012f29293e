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
        scores = np.tile(self.start, (len(inputs), 1))
        for tree in range(len(self.output)):
            scores[:, self.output[tree]] += self.value[tree][self._find_leaves(tree, inputs)]
        return scores

    def explain(self, inputs: NDArray[np.float32]) -> tuple[float, NDArray[np.float64]]:
        """What is usual, and by how much each feature of each row, shape (rows, features), moves the only sum away from it.

        Only for trees that ask one question each: then every feature has its own points, and they add up to the score.
        """
        points = np.zeros((len(inputs), len(self.usual)))
        for tree in range(len(self.output)):
            points[:, self.feature[tree, 0]] += self.value[tree][self._find_leaves(tree, inputs)]
        return float(self.start[0] + self.usual.sum()), points - self.usual

    def _find_leaves(self, tree: int, inputs: NDArray[np.float32]) -> NDArray[np.int64]:
        nodes = np.zeros(len(inputs), dtype=np.int64)
        rows = np.arange(len(inputs))
        while True:
            asked = self.feature[tree, nodes].astype(np.int64)
            going = asked != LEAF
            if not going.any():
                return nodes
            is_left = inputs[rows, np.where(going, asked, 0)] <= self.threshold[tree, nodes]
            following = np.where(is_left, self.left[tree, nodes], self.right[tree, nodes])
            nodes = np.where(going, following, nodes)

    def to_arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Its tables under names that begin with its own."""
        return {f"{name}.{field}": getattr(self, field) for field in _FIELDS}


_FIELDS = ("start", "output", "feature", "threshold", "left", "right", "value", "usual")


def read_forest(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Forest:
    """The forest that `to_arrays` wrote under this name."""
    tables: dict[str, Any] = {field: arrays[f"{name}.{field}"] for field in _FIELDS}
    return Forest(**tables)
