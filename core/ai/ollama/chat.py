"""Ollama as a chat model: words, words as they grow, or JSON that fits a schema."""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from core.ai.deadline import deadline
from core.ai.ollama.clients import make_client_arguments
from core.ai.ollama.errors import reading_errors
from core.ai.providers import Meter, ProviderConfig
from core.ai.replies import read_json
from core.ai.roles import ChatMessage, ProviderError

# What fits the window with room for a reply. Ollama cuts what is longer without a word, so it is never sent.
WINDOW_TOKENS = 8192
LONGEST_PROMPT = 20_000  # characters
MOST_REPLY_TOKENS = 2048
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)


class OllamaChat:
    """A model of an Ollama server. Safe to use from several threads."""

    name = "ollama"

    def __init__(self, config: ProviderConfig, *, meter: Meter, cache: Any = None) -> None:
        self.model = config.model
        self._config = config
        self._meter = meter
        self._cache = cache
        if cache is not None:
            # What is kept costs nothing; what is not is a call.
            cache.on_miss = meter.begin_call
        self._made: Any = None
        self._lock = threading.Lock()

    def complete(
        self, messages: Sequence[ChatMessage], *, schema: Mapping[str, Any] | None = None, timeout_seconds: float | None = None
    ) -> str:
        """The whole answer; JSON text that fits `schema` where one is given. Raises ProviderError."""
        asked = self._prepare(messages)
        if self._cache is None:
            self._meter.begin_call()
        model = self._get_model()
        with reading_errors(), _untraced(), deadline(timeout_seconds or self._config.timeout_seconds):
            reply = model.invoke(asked, **({"format": dict(schema)} if schema is not None else {}))
        if self._cache is None or not self._cache.was_hit:
            self._count(reply)
        try:
            return _read_reply(reply, schema)
        except ProviderError:
            if self._cache is not None:
                self._cache.forget()
            raise

    def stream(self, messages: Sequence[ChatMessage], *, timeout_seconds: float | None = None) -> Iterator[str]:
        """The answer as it grows, in pieces. Raises ProviderError."""
        asked = self._prepare(messages)
        self._meter.begin_call()
        model = self._get_model()
        ends_at = time.monotonic() + (timeout_seconds or self._config.timeout_seconds)
        pieces: Iterator[Any] | None = None
        said = 0
        while True:
            # Open for one piece at a time: what happens between two of them is not ours to hurry.
            with reading_errors(), _untraced(), deadline(ends_at - time.monotonic()):
                if time.monotonic() > ends_at:
                    raise ProviderError("Ollama did not answer in time.", reason="timeout")
                pieces = pieces if pieces is not None else iter(model.stream(asked))
                piece = next(pieces, None)
            if piece is None:
                break
            self._count(piece)
            if piece.response_metadata.get("done_reason") == "length":
                raise ProviderError("Ollama's reply was cut off.", reason="garbage")
            if text := str(piece.content):
                said += len(text)
                yield text
        if not said:
            raise ProviderError("Ollama's reply is empty.", reason="garbage")

    def _prepare(self, messages: Sequence[ChatMessage]) -> list[tuple[str, str]]:
        if sum(len(message.text) for message in messages) > LONGEST_PROMPT:
            raise ProviderError("The prompt is too long for the model's window.", reason="failed")
        return [({"user": "human", "assistant": "ai"}.get(message.role, "system"), message.text) for message in messages]

    def _get_model(self) -> Any:
        """Made before a call's time begins: a process's first import of LangChain takes seconds, which are not the server's."""
        with self._lock:
            if self._made is None:
                from langchain_ollama import ChatOllama

                self._made = ChatOllama(
                    model=self.model,
                    temperature=0.0,
                    seed=7,
                    num_ctx=WINDOW_TOKENS,
                    num_predict=MOST_REPLY_TOKENS,
                    reasoning=False,
                    cache=self._cache if self._cache is not None else False,
                    **make_client_arguments(self._config),
                )
            return self._made

    def _count(self, reply: Any) -> None:
        usage = getattr(reply, "usage_metadata", None)
        if usage:
            self._meter.count_tokens(int(usage.get("total_tokens") or 0))


def _read_reply(reply: Any, schema: Mapping[str, Any] | None) -> str:
    text = _THOUGHTS.sub("", str(reply.content)).strip()
    if reply.response_metadata.get("done_reason") == "length":
        raise ProviderError("Ollama's reply was cut off.", reason="garbage")
    if not text:
        raise ProviderError("Ollama's reply is empty.", reason="garbage")
    if schema is not None:
        read_json(text, schema)
    return text


def _untraced() -> AbstractContextManager[None]:
    """No trace of a prompt leaves for anywhere, whatever this process's environment switches on."""
    from langsmith import tracing_context

    manager: AbstractContextManager[None] = tracing_context(enabled=False)
    return manager
