"""LangChain's Redis cache for a model's replies: for a day, each tenant's and each provider's apart from every other's.

LangChain's own key is of the prompt and the schema; it holds neither the model's name nor its address, so those are put in front of it.
"""

import contextlib
import hashlib
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

from core.ai.providers import ProviderConfig

KEPT_SECONDS = 86_400


def make_reply_cache(tenant_id: uuid.UUID | str, config: ProviderConfig) -> Any:
    """The cache of one provider of a tenant, for one use at a time. A prompt is kept as its hash; a cache that is down holds nothing.

    `on_miss` is called before the model is; `was_hit` tells of the last look; `forget` takes the last reply out again.
    """
    model = hashlib.sha256(f"{config.kind} {config.base_url} {config.model}".encode()).hexdigest()[:16]
    return _get_class()(_connect(settings.REDIS_URL), space=f"evosense:replies:{tenant_id}:{model}")


@lru_cache(maxsize=1)
def _get_class() -> Any:
    """Made when it is first needed: importing LangChain's caches costs seconds."""
    from langchain_community.cache import RedisCache
    from langchain_core.load import loads
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration

    class ReplyCache(RedisCache):
        """Keys begin with the space, and what is read back can be a reply and nothing else."""

        def __init__(self, connection: Any, *, space: str) -> None:
            super().__init__(connection, ttl=KEPT_SECONDS)
            self._space = space
            self._last = ""
            self.on_miss: Callable[[], None] = lambda: None
            self.was_hit = False

        def lookup(self, prompt: str, llm_string: str) -> Any:
            found = super().lookup(prompt, llm_string)
            self.was_hit = found is not None
            if not self.was_hit:
                self.on_miss()
            return found

        def forget(self) -> None:
            """Whatever was read or kept last is asked for anew the next time."""
            with contextlib.suppress(redis.RedisError, OSError):
                self.redis.delete(self._last)

        def _key(self, prompt: str, llm_string: str) -> str:  # type: ignore[override]
            self._last = f"{self._space}:{RedisCache._key(prompt, llm_string)}"
            return self._last

        @staticmethod
        def _get_generations(results: dict[str | bytes, str | bytes]) -> Any:
            allowed: Any = [ChatGeneration, AIMessage]
            try:
                return [loads(str(text), allowed_objects=allowed) for text in results.values()] or None
            except Exception:
                return None

    return ReplyCache


@lru_cache(maxsize=2)
def _connect(url: str) -> Any:
    return redis.Redis.from_url(f"{url}/2", socket_timeout=2, decode_responses=True)
