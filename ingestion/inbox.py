"""Everything a gateway tells, kept before it is understood: stored at once, processed later, replayed after a fix.

The same event told again, by the other road or by a gateway that tries again, is counted on the same row. All of it happens in the
open scope of the tenant.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from core.models import Channel, RawEvent
from core.tenancy import get_current_tenant_id, scope
from ingestion import ledger
from ingestion.evolution.cleaning import clean, digest
from ingestion.evolution.events import canonical_name

log = structlog.get_logger(__name__)

State = RawEvent.State
_MAX_REASON = 300
_UNNAMED = "unknown"


def store_event(channel_id: uuid.UUID, *, road: str, name: str, payload: object) -> bool:
    """Keep one event; says whether it is new. `payload` is the whole envelope, or whatever came instead of one."""
    return store_events(channel_id, road=road, events=[(name, payload)]) == 1


def store_events(channel_id: uuid.UUID, *, road: str, events: Iterable[tuple[str, object]]) -> int:
    """Keep events, given as (name, payload); returns how many are new. Two statements, for many as for one.

    What was told before is counted on its row, and in the ledger once the transaction is committed.
    """
    made: dict[str, RawEvent] = {}
    times_told = Counter[str]()
    for name, payload in events:
        event_name = canonical_name(name) or _UNNAMED
        body = clean(payload)
        key = digest(event_name, body)
        times_told[key] += 1
        made.setdefault(key, RawEvent(channel_id=channel_id, road=road, name=event_name, digest=key, body=body))
    if not made:
        return 0
    for key, event in made.items():
        event.copies = times_told[key]
    # Whoever stores the same event at this moment is waited for; afterwards its row is there to be counted on.
    RawEvent.objects.bulk_create(made.values(), ignore_conflicts=True)
    stored = RawEvent.objects.filter(channel_id=channel_id, digest__in=made).exclude(id__in=[event.id for event in made.values()])
    known = stored.update(copies=F("copies") + 1)
    if known or times_told.total() > len(made):
        keys = set(made) if known == len(made) else set(stored.values_list("digest", flat=True)) if known else set()
        told = [(event, times_told[key] - (key not in keys)) for key, event in made.items()]
        _count_copies(channel_id, [(event.name, event.body, count) for event, count in told if count])
    return len(made) - known


def find_waiting(channel_id: uuid.UUID, *, limit: int) -> list[RawEvent]:
    """The events that wait, in the order in which they came."""
    return list(RawEvent.objects.filter(channel_id=channel_id, state=State.WAITING).order_by("received_at", "id")[:limit])


def mark(event: RawEvent, state: RawEvent.State, *, reason: str = "") -> None:
    """Say what became of an event; `write_marks` stores it."""
    event.state, event.reason = state, reason[:_MAX_REASON]


def write_marks(events: Sequence[RawEvent]) -> None:
    """Store what became of events: a statement for each state and reason, of which a batch has one or two."""
    now, alike = timezone.now(), defaultdict[tuple[str, str], list[uuid.UUID]](list)
    for event in events:
        event.processed_at = now
        alike[event.state, event.reason].append(event.id)
    for (state, reason), ids in alike.items():
        RawEvent.objects.filter(id__in=ids).update(state=state, reason=reason, processed_at=now)


def replay(channel: Channel, *, ids: Iterable[uuid.UUID] | None = None) -> int:
    """Let events wait again: those named, in whatever state, or all that were not understood. Returns how many.

    Processing an event twice does no harm. Whoever calls this notifies the channel (`ingestion.tasks.notify`) afterwards.
    """
    events = RawEvent.objects.filter(channel=channel)
    events = events.filter(state=State.FAILED) if ids is None else events.filter(id__in=list(ids)).exclude(state=State.WAITING)
    # They count as not understood only as long as they are.
    tally = ledger.Tally()
    for name, body, arrived_at in events.filter(state=State.FAILED).order_by().values_list("name", "body", "received_at"):
        for at in ledger.find_message_times(name, body):
            tally.add("failed", at or arrived_at, -1)
    count = events.update(state=State.WAITING, reason="", processed_at=None)
    tally.write(channel.id)
    return count


def purge_processed(before: datetime, *, limit: int = 10_000) -> int:
    """Delete events that came before an instant and were processed, at most so many. What waits or was not understood stays."""
    processed = RawEvent.objects.filter(state__in=[State.DONE, State.NOT_A_MESSAGE], received_at__lt=before)
    ids = list(processed.order_by("received_at").values_list("id", flat=True)[:limit])
    return RawEvent.objects.filter(id__in=ids).delete()[0]


def _count_copies(channel_id: uuid.UUID, told: list[tuple[str, dict[str, Any], int]]) -> None:
    """Count copies in the ledger in a transaction of their own: one that also holds events would hold up who counts the same day."""
    tenant_id, now = get_current_tenant_id(), timezone.now()
    copies = [at or now for name, body, count in told for at in ledger.find_message_times(name, body) * count]
    if not copies:
        return

    def count() -> None:
        try:
            with scope(tenant_id):
                tally = ledger.Tally()
                for at in copies:
                    tally.add("duplicates", at)
                tally.write(channel_id)
        except DatabaseError as error:
            # The events are stored; a count is not worth telling the gateway otherwise.
            log.warning("inbox.copies_not_counted", copies=len(copies), error=type(error).__name__)

    transaction.on_commit(count)
