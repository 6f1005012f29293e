"""Ollama as an embedder: vectors of 768 dimensions, of a model that can make so many or fewer."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.ai.deadline import deadline
from core.ai.ollama.clients import make_client_arguments
from core.ai.ollama.errors import reading_errors
from core.ai.providers import Meter, ProviderConfig
from core.ai.roles import STORED_DIMENSIONS, ProviderError, Vector
from core.privacy import mask

TEXTS_AT_ONCE = 64
MAX_CHARACTERS = 2000
# A query says to Qwen's embedding models what it is for; a stored text says nothing.
_QUERY_TASK = "Instruct: Given a question about customer service, retrieve the customers' messages that it is about\nQuery: "


class OllamaEmbedder:
    """An embedding model of an Ollama server. Safe to use from several threads."""

    dimensions = STORED_DIMENSIONS

    def __init__(self, config: ProviderConfig, *, meter: Meter) -> None:
        self.model = name_vector_model(config.model)
        self._config = config
        self._meter = meter
        self._made: Any = None
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Vectors of stored texts, shape (texts, 768 or fewer), length 1. Raises ProviderError."""
        shown = [_show(text) for text in texts]
        groups = [shown[start : start + TEXTS_AT_ONCE] for start in range(0, len(shown), TEXTS_AT_ONCE)]
        found = [self._embed(group) for group in groups]
        return np.concatenate(found) if found else np.zeros((0, self.dimensions), dtype=np.float32)

    def embed_query(self, text: str) -> Vector:
        """Vector of a search, length 1. Raises ProviderError."""
        task = _QUERY_TASK if self._config.model.startswith("qwen3-embedding") else ""
        vector: Vector = self._embed([task + _show(text)])[0]
        return vector

    def _embed(self, texts: list[str]) -> Vector:
        self._meter.begin_call()
        # Before the call's time begins: a process's first import of LangChain takes seconds, which are not the server's.
        model = self._get_model()
        with reading_errors(), deadline(self._config.timeout_seconds):
            raw = model.embed_documents(texts)
        # The API's reply holds no count that LangChain passes on: a token is about four characters.
        self._meter.count_tokens(sum(len(text) for text in texts) // 4)
        return read_vectors(raw, count=len(texts))

    def _get_model(self) -> Any:
        with self._lock:
            if self._made is None:
                from langchain_ollama import OllamaEmbeddings

                self._made = OllamaEmbeddings(model=self._config.model, dimensions=STORED_DIMENSIONS, **make_client_arguments(self._config))
            return self._made


def read_vectors(raw: object, *, count: int) -> Vector:
    """Vectors of length 1 out of what a server sent. Raises ProviderError ("schema") for anything else."""
    try:
        vectors = np.asarray(raw, dtype=np.float32)
    except (ValueError, TypeError):
        raise ProviderError("The vectors can't be read.", reason="schema") from None
    if vectors.ndim != 2 or vectors.shape[0] != count or not 1 < vectors.shape[1] <= STORED_DIMENSIONS:
        raise ProviderError(f"{count} vectors of at most {STORED_DIMENSIONS} dimensions were asked for.", reason="schema")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(vectors).all() or (lengths < 1e-6).any():
        raise ProviderError("A vector is empty or no number.", reason="schema")
    found: Vector = vectors / lengths
    return found


def name_vector_model(model: str) -> str:
    """The name under which the vectors of an Ollama model are kept."""
    return f"ollama:{model}"


def _show(text: str) -> str:
    encodable = text.encode("utf-8", "ignore").decode().replace("\0", " ")
    return mask(encodable).text[:MAX_CHARACTERS] or " "
