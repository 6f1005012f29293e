"""LangChain's Redis cache for a model's replies, each tenant's apart from every other's, for a day."""

import uuid
from functools import lru_cache
from typing import Any

from django.conf import settings

KEPT_SECONDS = 86_400


@lru_cache(maxsize=64)
def get_reply_cache(tenant_id: uuid.UUID | str) -> Any:
    """The tenant's cache. A prompt is kept as its hash alone; a cache that is down is a cache that holds nothing."""
    import redis
    from langchain_community.cache import RedisCache
    from langchain_core.load import loads
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration

    class TenantCache(RedisCache):
        """Keys begin with the tenant, and what is read back can be a reply and nothing else."""

        @staticmethod
        def _key(prompt: str, llm_string: str) -> str:
            return f"evosense:replies:{tenant_id}:{RedisCache._key(prompt, llm_string)}"

        @staticmethod
        def _get_generations(results: dict[str | bytes, str | bytes]) -> Any:
            allowed: Any = [ChatGeneration, AIMessage]
            try:
                return [loads(str(text), allowed_objects=allowed) for text in results.values()] or None
            except Exception:
                return None

    connection = redis.Redis.from_url(f"{settings.REDIS_URL}/2", socket_timeout=2, decode_responses=True)
    return TenantCache(connection, ttl=KEPT_SECONDS)
