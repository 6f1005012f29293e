"""The ledger of a channel's days: how many messages came live, were recovered, told twice or not understood.

A day is that of the message in the tenant's time zone, where the message tells its time, else that of the event's arrival. What the
gateway itself holds is counted by who reads it back (`ingestion/evolution/backfill.py`), in columns of its own.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import F, PositiveIntegerField, Value
from django.db.models.functions import Greatest

from core.models import ChannelDay, Tenant
from core.periods import get_today
from core.tenancy import get_current_tenant_id
from ingestion.evolution.events import canonical_name
from ingestion.evolution.events_values import find_items, find_time

Column = Literal["received", "recovered", "duplicates", "failed"]
_COLUMNS: tuple[Column, ...] = ("received", "recovered", "duplicates", "failed")
# Events that are messages: only of these it matters that one was told twice or not understood.
_MESSAGE_EVENTS = frozenset({"messages.upsert", "send.message", "messages.set", "messages.stored"})


class Tally:
    """Counts by day, gathered in memory and written at once."""

    def __init__(self) -> None:
        self.zone = Tenant.objects.only("time_zone").get(id=get_current_tenant_id()).time_zone
        self._counts: dict[date, dict[Column, int]] = defaultdict(lambda: dict.fromkeys(_COLUMNS, 0))

    def add(self, column: Column, at: datetime, count: int = 1) -> None:
        """Count something of the day of an instant; less than nothing takes it back."""
        self._counts[get_today(at, time_zone=self.zone)][column] += count

    def write(self, channel_id: uuid.UUID) -> None:
        """Add the counts to the channel's days: one statement for each, which is nearly always one, and a few more where days begin.

        Call it last in a transaction: who counts the same day waits for its end.
        """
        counts = {on: changed for on, told in self._counts.items() if (changed := {name: n for name, n in told.items() if n})}
        self._counts.clear()
        # In their order, so that two who count the same days do not wait for each other.
        begun = [on for on in sorted(counts) if not _raise_day(channel_id, on, counts[on])]
        if begun:
            ChannelDay.objects.bulk_create([ChannelDay(channel_id=channel_id, on=on) for on in begun], ignore_conflicts=True)
        for on in begun:
            _raise_day(channel_id, on, counts[on])


def find_message_times(name: str, body: Mapping[str, Any]) -> list[datetime | None]:
    """A time for each message that an event tells of, None where it tells none; nothing where the event is of no messages."""
    if canonical_name(name) not in _MESSAGE_EVENTS:
        return []
    return [find_time(item.get("messageTimestamp")) if isinstance(item, Mapping) else None for item in find_items(body.get("data"))]


def _raise_day(channel_id: uuid.UUID, on: date, changed: Mapping[Column, int]) -> bool:
    """Add counts to a day; says whether there is such a day yet."""
    raised = {name: _raise(name, count) for name, count in changed.items()}
    return bool(ChannelDay.objects.filter(channel_id=channel_id, on=on).update(**raised))


def _raise(name: str, count: int) -> Any:
    return F(name) + count if count > 0 else Greatest(F(name) + Value(count), Value(0), output_field=PositiveIntegerField())
