"""Whose backlog waits for a turn, so that one batch can serve several tenants: an ordered list in the queue's Valkey.

It is a hint and nothing more. What waits is in the database; a list that is lost, or a Valkey that is down, costs fuller batches.
"""

import time
import uuid
from collections.abc import Sequence

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

KEY = "evosense:analysing:turns"
# Tenants that share one batch at most.
MOST = 8


def take_turns(tenant_id: uuid.UUID | str) -> list[str]:
    """This tenant and those whose last turn is longest ago, it first. Each is last in line from now on."""
    first = str(tenant_id)
    try:
        with _connect() as connection:
            others = [name for name in connection.zrange(KEY, 0, MOST - 1) if name != first]
            taken = [first, *others][:MOST]
            now = time.time()
            connection.zadd(KEY, {name: now + place * 1e-6 for place, name in enumerate(taken)})
            return taken
    except (redis.RedisError, OSError) as error:
        log.warning("turns.unreachable", error=type(error).__name__)
        return [first]


def leave_line(tenant_ids: Sequence[uuid.UUID | str]) -> None:
    """These have nothing left that waits."""
    if not tenant_ids:
        return
    try:
        with _connect() as connection:
            connection.zrem(KEY, *map(str, tenant_ids))
    except (redis.RedisError, OSError) as error:
        log.warning("turns.unreachable", error=type(error).__name__)


def _connect() -> redis.Redis:
    connection: redis.Redis = redis.Redis.from_url(f"{settings.REDIS_URL}/1", socket_timeout=2, decode_responses=True)
    return connection
