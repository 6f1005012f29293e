"""Celery's doors into reading back: they take ids, and what they do may be done twice without harm."""

import uuid

from celery import shared_task
from django.core.cache import cache

from core.models import GatewayConnection
from core.tenancy import scope
from ingestion.evolution.backfill import name_stamp, run_read_back
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.lease import find_tenant_ids

# What was recovered has become messages after this long, or never will: then the day is counted again.
SETTLE_SECONDS = 30


@shared_task
def task_read_back(tenant_id: str, channel_id: str) -> int:
    """Read a channel back, unless another process is at it. Returns how many messages were recovered."""
    try:
        result = run_read_back(uuid.UUID(tenant_id), uuid.UUID(channel_id))
    except GatewayError:
        # It is written down where people look, and the next round tries again.
        return 0
    if result is None:
        return 0
    if result.recovered:
        task_read_back.apply_async([tenant_id, channel_id], countdown=SETTLE_SECONDS)
    return result.recovered


@shared_task
def task_read_back_all() -> int:
    """Start reading back for each active channel that nobody has read back just now. Returns how many were started."""
    started = 0
    for tenant_id in find_tenant_ids():
        with scope(tenant_id):
            channel_ids = [
                str(found) for found in GatewayConnection.objects.filter(channel__is_active=True).values_list("channel_id", flat=True)
            ]
        for channel_id in channel_ids:
            if cache.get(name_stamp(channel_id)) is None:
                task_read_back.delay(str(tenant_id), channel_id)
                started += 1
    return started
