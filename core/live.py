"""What is new for a tenant, told to open screens: numbered, kept for a while, so that one who comes back misses nothing."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import redis
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

from core.tenancy import get_current_tenant_id

log = structlog.get_logger(__name__)

KEPT_EVENTS = 1000


def publish(event_type: str, data: dict[str, Any]) -> None:
    """Tell the open scope's tenant, once its transaction is committed. `data` holds ids and counts, no customer's words.

    A queue that is down costs the live event, never the work that it tells of.
    """
    tenant_id = get_current_tenant_id()
    transaction.on_commit(lambda: _send(tenant_id, event_type, data))


def name_group(tenant_id: uuid.UUID | str) -> str:
    """The channel-layer group of a tenant's screens."""
    return f"live.{tenant_id}"


def find_events(tenant_id: uuid.UUID | str, *, after_seq: int) -> list[dict[str, Any]]:
    """The kept events after `after_seq`, oldest first."""
    with _connect() as connection:
        kept = connection.lrange(f"evosense:live:{tenant_id}", 0, KEPT_EVENTS - 1)
    events = [json.loads(raw) for raw in reversed(kept)]
    return [event for event in events if event["seq"] > after_seq]


def _send(tenant_id: uuid.UUID, event_type: str, data: dict[str, Any]) -> None:
    try:
        with _connect() as connection:
            seq = connection.incr(f"evosense:live:{tenant_id}:seq")
            event = {"type": event_type, "seq": seq, "at": datetime.now(UTC).isoformat(), "data": data}
            connection.lpush(f"evosense:live:{tenant_id}", json.dumps(event))
            connection.ltrim(f"evosense:live:{tenant_id}", 0, KEPT_EVENTS - 1)
        layer = get_channel_layer()
        if layer is not None:
            async_to_sync(layer.group_send)(name_group(tenant_id), {"type": "live.event", "event": event})
    except (redis.RedisError, OSError) as error:
        log.warning("live.unreachable", error=type(error).__name__)


def _connect() -> redis.Redis:
    connection: redis.Redis = redis.Redis.from_url(f"{settings.REDIS_URL}/1", socket_timeout=2)
    return connection
