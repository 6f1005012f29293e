"""What is new for a tenant, told to open screens: numbered, kept for a while, so that one who comes back misses nothing."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import redis
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from core.tenancy import get_current_tenant_id
from core.valkey import LIVE, get_client

log = structlog.get_logger(__name__)

# What is kept for those who come back: at most so many events, and none once nothing new came for so long.
KEPT_EVENTS = 1000
KEPT_SECONDS = 24 * 3600


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
    kept: Any = get_client(LIVE).lrange(f"evosense:live:{tenant_id}", 0, KEPT_EVENTS - 1)
    events = [json.loads(raw) for raw in reversed(kept)]
    return [event for event in events if event["seq"] > after_seq]


def _send(tenant_id: uuid.UUID, event_type: str, data: dict[str, Any]) -> None:
    try:
        client = get_client(LIVE)
        seq = client.incr(f"evosense:live:{tenant_id}:seq")
        event = {"type": event_type, "seq": seq, "at": datetime.now(UTC).isoformat(), "data": data}
        key = f"evosense:live:{tenant_id}"
        with client.pipeline(transaction=False) as pipeline:
            pipeline.lpush(key, json.dumps(event))
            pipeline.ltrim(key, 0, KEPT_EVENTS - 1)
            pipeline.expire(key, KEPT_SECONDS)
            pipeline.execute()
        layer = get_channel_layer()
        if layer is not None:
            async_to_sync(layer.group_send)(name_group(tenant_id), {"type": "live.event", "event": event})
    except (redis.RedisError, OSError) as error:
        log.warning("live.unreachable", error=type(error).__name__)
