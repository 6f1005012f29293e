"""Signs of life of the processes that nobody can ask: each leaves one in the cache as it works, and it fades."""

import contextlib

from django.core.cache import cache
from redis.exceptions import RedisError

# Longer than the longest task that the worker may be busy with while beat's next one waits, in seconds.
FADES_AFTER_SECONDS = 180
LISTENER, BEAT = "listener", "beat"


def note_alive(part: str) -> None:
    """Leave a sign of life. Never raises: where the cache is out of reach, that is told elsewhere."""
    with contextlib.suppress(RedisError):
        cache.set(f"alive:{part}", 1, timeout=FADES_AFTER_SECONDS)


def is_alive(part: str) -> bool:
    """Whether a part has left a sign of life within FADES_AFTER_SECONDS. Raises RedisError where the cache is out of reach."""
    return cache.get(f"alive:{part}") is not None
