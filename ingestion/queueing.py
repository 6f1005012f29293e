"""Queue work so that a queue which is down costs time and nothing else: what waits is in the database, and is looked for again."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core.valkey import CACHE, get_client

log = structlog.get_logger(__name__)

# Of the priorities that Redis knows, from what must not wait to what may. Tasks that name none are in between.
SOON, LATE = 0, 9
# A task that got lost keeps another one from being queued for this long at most.
_PENDING_SECONDS = 60


def queue_task(name: str, *arguments: str, priority: int) -> bool:
    """Queue a task by its name; says whether that worked. Never raises because the queue is out of reach."""
    try:
        current_app.send_task(name, args=arguments, priority=priority, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("queue.unreachable", task=name, error=type(error).__name__)
        return False
    return True


def queue_once(name: str, *arguments: str, priority: int) -> bool:
    """Queue a task unless the same one, with the same arguments, waits already; says whether it was queued. Never raises either.

    The task calls `begin` first of all, so that what comes while it works is not missed.
    """
    key = _name_key(name, arguments)
    try:
        if not get_client(CACHE).set(key, 1, nx=True, ex=_PENDING_SECONDS):
            return False
    except (RedisError, OSError) as error:
        log.warning("queue.unreachable", task=name, error=type(error).__name__)
        return False
    if queue_task(name, *arguments, priority=priority):
        return True
    begin(name, *arguments)
    return False


def begin(name: str, *arguments: str) -> None:
    """The task that `queue_once` queued has begun: from here on another one may be queued."""
    try:
        get_client(CACHE).delete(_name_key(name, arguments))
    except (RedisError, OSError) as error:
        log.warning("queue.unreachable", task=name, error=type(error).__name__)


def _name_key(name: str, arguments: tuple[str, ...]) -> str:
    return ":".join(["evosense", "queued", name, *arguments])
