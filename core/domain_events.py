"""Stores what happened, in the transaction of the change that caused it, for the webhooks that asked to be told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from core.models import DomainEvent, EventKind, WebhookDelivery, WebhookEndpoint


class Happened(NamedTuple):
    """One thing that happened: a key that is the same whenever the same thing is told again, and its figures and ids."""

    key: str
    data: Mapping[str, Any]


def find_listeners(kind: EventKind) -> list[WebhookEndpoint]:
    """The active endpoints of the open scope's tenant that asked for this kind."""
    return [endpoint for endpoint in WebhookEndpoint.objects.filter(is_active=True) if kind in endpoint.kinds]


def record(kind: EventKind, happened: Iterable[Happened], *, endpoints: list[WebhookEndpoint] | None = None) -> int:
    """Store what happened, once, with a delivery for each endpoint that asked for it (or for those given); returns how many were new.

    Inside the open scope and the transaction of the change. Where nobody listens nothing is stored.
    """
    listeners = find_listeners(kind) if endpoints is None else endpoints
    if not listeners:
        return 0
    now = timezone.now()
    told = {one.key[:160]: one for one in happened}
    known = set(DomainEvent.objects.filter(kind=kind, key__in=told).values_list("key", flat=True))
    new = [DomainEvent(kind=kind, key=key, data=dict(one.data), happened_at=now) for key, one in told.items() if key not in known]
    # Two that record the same at once: the second waits for the first here, and stores nothing.
    DomainEvent.objects.bulk_create(new, ignore_conflicts=True)
    ids = {event.id for event in new}
    stored = list(DomainEvent.objects.filter(id__in=ids))
    WebhookDelivery.objects.bulk_create(
        [WebhookDelivery(event=event, endpoint=endpoint, next_at=now) for event in stored for endpoint in listeners]
    )
    return len(stored)


def purge_events(before: datetime) -> int:
    """Delete what happened before an instant, with its deliveries, save what still waits to be told. Returns how many events."""
    waiting = WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING).values("event_id")
    old = DomainEvent.objects.filter(happened_at__lt=before).exclude(id__in=waiting)
    ids = list(old.values_list("id", flat=True)[:10_000])
    WebhookDelivery.objects.filter(event_id__in=ids).delete()
    return DomainEvent.objects.filter(id__in=ids).delete()[0]
