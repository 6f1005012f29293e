"""The small heads: one logistic decision each, over vector, cues and n-grams, with weights that `train.py` wrote."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.cues import NAMES, compute_cues
from core.ai.embedded.embedder import DIMENSIONS as VECTOR_DIMENSIONS
from core.ai.embedded.features import DIMENSIONS, SparseRows, compute_features
from core.ai.roles import Vector

WEIGHTS_PATH = Path(__file__).parent / "data" / "heads.npz"
EMOTIONS = ("anger", "disgust", "fear", "joy", "sadness", "surprise")
# "opinion": does it say something good or bad at all; "positive": which of the two, where it does.
OUTPUTS = ("opinion", "positive", *EMOTIONS, "friendly", "urgent", "aggressive")
# Heads of their own for texts that no conversation surrounds: in a review or a post an opinion is likely, in a talk it is not.
# "post" says whether it is a post to nobody in particular; then those that begin with it count, else the others.
ALONE_PATH = WEIGHTS_PATH.parent / "alone.npz"
ALONE_OUTPUTS = ("opinion", "positive", "post", "post opinion", "post positive", *(f"post {name}" for name in EMOTIONS), "post aggressive")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the heads read of a batch of texts."""

    dense: NDArray[np.float32]  # (texts, VECTOR_DIMENSIONS + cues)
    sparse: SparseRows

    def __len__(self) -> int:
        return len(self.dense)


def compute_inputs(texts: Sequence[str], *, vectors: Vector) -> Inputs:
    """Everything that the heads read of masked texts and their vectors, vectors not yet standardised."""
    return Inputs(np.hstack([vectors, compute_cues(texts)]).astype(np.float32), compute_features(texts))


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights of all heads. `sparse_weights` are 8-bit, to be multiplied by `sparse_scale` of their output."""

    centre: NDArray[np.float32]  # (VECTOR_DIMENSIONS + cues,)
    scale: NDArray[np.float32]
    dense_weights: NDArray[np.float32]  # (VECTOR_DIMENSIONS + cues, outputs)
    sparse_weights: NDArray[np.int8]  # (DIMENSIONS, outputs)
    sparse_scale: NDArray[np.float32]  # (outputs,)
    bias: NDArray[np.float32]
    # (3, outputs): slope and shift that make log-odds of a score, and the chance that its yes needs (sentiments: see calibration.py).
    calibration: NDArray[np.float32]
    version: str

    def score(self, inputs: Inputs) -> NDArray[np.float32]:
        """Decision values, shape (texts, outputs): above 0 for yes, further away the surer."""
        # Summed in double precision, column by column, so that a text scores the same alone and in a batch.
        standardised = ((inputs.dense - self.centre) * self.scale).astype(np.float64)
        dense = np.stack([(standardised * self.dense_weights[:, place]).sum(axis=1) for place in range(len(self.bias))], axis=1)
        sparse = inputs.sparse.multiply(self.sparse_weights) * self.sparse_scale
        result: NDArray[np.float32] = (dense + sparse + self.bias).astype(np.float32)
        return result

    def calibrate(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-odds of scores, of the same shape."""
        result: NDArray[np.float32] = scores * self.calibration[0] + self.calibration[1]
        return result


def save_heads(heads: Heads, path: Path) -> None:
    """Write weights as a compressed archive that is the same, byte by byte, for the same weights."""
    import zipfile

    arrays = {
        "centre": heads.centre,
        "scale": heads.scale,
        "dense_weights": heads.dense_weights,
        "sparse_weights": heads.sparse_weights,
        "sparse_scale": heads.sparse_scale,
        "bias": heads.bias,
        "calibration": heads.calibration,
    }
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(2025, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)


@lru_cache(maxsize=4)
def load_heads(path: Path = WEIGHTS_PATH, outputs: tuple[str, ...] = OUTPUTS) -> Heads:
    """The committed weights, read once a process. Their version is a hash of the file: other weights, another version."""
    raw = path.read_bytes()
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    heads = Heads(**arrays, version=hashlib.sha256(raw).hexdigest()[:8])
    if heads.dense_weights.shape != (VECTOR_DIMENSIONS + len(NAMES), len(outputs)) or len(heads.sparse_weights) != DIMENSIONS:
        raise ValueError(f"{path.name} was trained for other features than these. Train again: make heads DATA=dir")
    return heads
