"""What was learned from labelled service talk: moods in context, satisfaction, resolution, themes. Weights that `train_talk.py` wrote."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.calibration import share_out
from core.ai.embedded.context import FEATURES
from core.ai.embedded.episode import PARTS
from core.ai.embedded.trees import Forest, read_forest
from core.ai.roles import Emotion, Sentiment, Tone

WEIGHTS_PATH = Path(__file__).parent / "data" / "talk.npz"
# In the order of the forests' outputs.
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")
EMOTIONS: tuple[Emotion, ...] = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
TONES: tuple[Tone, ...] = ("aggressive", "friendly", "neutral", "urgent")
CLASSES: Mapping[str, tuple[str, ...]] = {"sentiment": SENTIMENTS, "emotion": EMOTIONS, "tone": TONES}
# What the chances of a name's classes are divided by before the largest is chosen (sentiments are decided by calibration.py).
Needed = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class TalkHeads:
    """The learned decisions. `theme_weights` are those of a choice among the themes of a list (see themes.py)."""

    sentiment: Forest
    emotion: Forest
    tone: Forest
    satisfaction: Forest  # of trees with one question each, so that points add up
    resolved: Forest
    theme_weights: NDArray[np.float64]
    scaling: Mapping[str, NDArray[np.float64]]  # of CLASSES: what makes chances of the trees' sums (see calibration.py)
    needed: Needed
    theme_none: float  # what a theme's score must exceed, or there is none
    version: str

    def predict(self, name: str, inputs: NDArray[np.float32]) -> NDArray[np.float64]:
        """Chances of CLASSES[name], shape (rows, classes)."""
        return share_out(getattr(self, name).score(inputs), self.scaling[name])


def save_talk(arrays: Mapping[str, NDArray[np.generic]], path: Path) -> None:
    """Write weights as a compressed archive that is the same, byte by byte, for the same weights."""
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(2025, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)


@lru_cache(maxsize=2)
def load_talk(path: Path = WEIGHTS_PATH) -> TalkHeads:
    """The committed weights, read once a process. Their version is a hash of the file. Raises ValueError where they fit no features."""
    raw = path.read_bytes()
    with np.load(path) as archive:
        arrays: dict[str, NDArray[np.generic]] = {name: archive[name] for name in archive.files}
    forests = {name: read_forest(arrays, name) for name in (*CLASSES, "satisfaction", "resolved")}
    if any(len(forests[name].usual) != len(FEATURES) for name in CLASSES) or len(forests["satisfaction"].usual) != len(PARTS):
        raise ValueError(f"{path.name} was trained for other features than these. Train again: make heads DATA=dir")
    return TalkHeads(
        **forests,
        theme_weights=arrays["theme.weights"].astype(np.float64),
        scaling={name: arrays[f"{name}.scaling"].astype(np.float64) for name in CLASSES},
        needed={name: tuple(arrays[f"{name}.needed"].tolist()) for name in CLASSES},
        theme_none=float(arrays["theme.none"].item()),
        version=hashlib.sha256(raw).hexdigest()[:8],
    )
