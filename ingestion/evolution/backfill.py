"""Reading back from a gateway's own store what never came live, and counting how complete each day is.

Events get lost: nothing keeps them for a listener that was away. What the gateway stored is read in closed windows, the oldest first,
and compared message by message with what we have. What we lack goes into the inbox like any event; what was edited, taken back or
delivered without our hearing of it goes there too. Whole days are read, so that what reached the gateway late is found as well.
"""

import contextlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from core.models import Channel, ChannelDay, GatewayConnection, Message, RawEvent, Tenant
from core.periods import Period, get_bounds, get_today
from core.phones import canonical_phone
from core.tenancy import scope
from ingestion.evolution.cleaning import clean, digest
from ingestion.evolution.client import EvolutionClient, make_client
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.events_values import find_time
from ingestion.evolution.links import find_unknown_links
from ingestion.evolution.stored import find_own, reach, tells_more
from ingestion.evolution.windows import Window, read_windows
from ingestion.identities import link_contacts
from ingestion.inbox import store_events
from ingestion.tasks import notify

log = structlog.get_logger(__name__)

STORED_EVENT = "messages.stored"
_LIVE_EVENTS = ("messages.upsert", "send.message")
OVERLAP = timedelta(minutes=2)
# A message may reach the gateway's store that much later than it was sent, without anybody having noticed.
LATE = timedelta(hours=2)
# A day with more messages than this is read whole once an hour only, and its last minutes otherwise.
BUSY_MESSAGES = 20_000
BUSY_INTERVAL = timedelta(hours=1)
# A reader that was killed holds a channel for this long at most; each window moves it on. Two readers do no harm.
LOCK_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """What reading back gave: distinct messages in the gateway's store, those handed to the inbox now, and those that were handed to
    it before and could not be read."""

    seen: int
    recovered: int
    missing: int


@dataclass(slots=True)
class _Tally:
    """What was found so far. `expected` and `missing` are by day of the tenant's time zone."""

    seen: set[str] = field(default_factory=set)
    recovered: int = 0
    expected: Counter[date] = field(default_factory=Counter)
    missing: Counter[date] = field(default_factory=Counter)


def run_read_back(tenant_id: uuid.UUID, channel_id: uuid.UUID) -> ReadBack | None:
    """Read a channel back as far as it needs it; None where another process is at it or the channel has no gateway.

    Raises GatewayError, having written down what is wrong.
    """
    with scope(tenant_id):
        connection = GatewayConnection.objects.filter(channel_id=channel_id).first()
        zone = Tenant.objects.get(id=tenant_id).time_zone
        today = get_today(timezone.now(), time_zone=zone)
        day = ChannelDay.objects.filter(channel_id=channel_id, on=today).first()
    if connection is None:
        return None
    with _only_one(channel_id) as is_ours:
        if not is_ours:
            return None
        now = timezone.now()
        since = find_since(connection, now=now, time_zone=zone, today=day)
        result = read_back(tenant_id, connection, since=since, until=now)
        _ask_cache(partial(cache.set, name_stamp(channel_id), 1, timeout=60 * settings.READ_BACK_MINUTES * 9 // 10))
        return result


def name_stamp(channel_id: object) -> str:
    """The key under which it is noted that a channel was read back just now."""
    return f"read-back:{channel_id}"


def find_since(connection: GatewayConnection, *, now: datetime, time_zone: str, today: ChannelDay | None) -> datetime:
    """From when to read: the beginning of a day, so that the day can be counted, except where today is too busy to be read so often."""
    reached = connection.read_back_until_at
    oldest = now - timedelta(days=settings.READ_BACK_DAYS)
    if reached is not None and today is not None and (today.expected or 0) > BUSY_MESSAGES:
        is_fresh = today.checked_at is not None and now - today.checked_at < BUSY_INTERVAL
        if is_fresh and reached > now - BUSY_INTERVAL:
            return reached - OVERLAP
    start = oldest if reached is None else min(max(reached - LATE, oldest), now)
    start_day = get_today(start, time_zone=time_zone)
    return get_bounds(Period(start_day, start_day), time_zone=time_zone)[0]


def read_back(tenant_id: uuid.UUID, connection: GatewayConnection, *, since: datetime, until: datetime) -> ReadBack:
    """Compare the gateway's store between two instants with ours, and hand what we lack to the inbox.

    Days that lie in it from their first instant are counted in the ledger. Raises GatewayError; what was read until then stays.
    """
    with scope(tenant_id):
        zone = Tenant.objects.get(id=tenant_id).time_zone
    tally = _Tally()
    try:
        with make_client(connection) as client:
            limit = _find_limit(client, connection, until=until)
            for window in read_windows(client, since=since, until=until):
                _hold(connection.channel_id)
                with scope(tenant_id):
                    stored = _compare(connection, window, tally, time_zone=zone)
                    _link(connection, window)
                # By itself: who processes the inbox locks the connection's row before the ledger's.
                with scope(tenant_id):
                    _move_on(connection, min(window.end, limit))
                if stored:
                    notify(tenant_id, connection.channel_id)
    except GatewayError as error:
        with scope(tenant_id):
            GatewayConnection.objects.filter(id=connection.id).update(read_back_problem=str(error))
        raise
    with scope(tenant_id):
        _write_days(connection, tally, since=since, until=until, time_zone=zone)
    with scope(tenant_id):
        _move_on(connection, min(until, limit))
        GatewayConnection.objects.filter(id=connection.id).exclude(read_back_problem="").update(read_back_problem="")
    result = ReadBack(seen=len(tally.seen), recovered=tally.recovered, missing=tally.missing.total())
    if result.recovered or result.missing:
        channel = str(connection.channel_id)
        log.info("read_back.done", channel_id=channel, seen=result.seen, recovered=result.recovered, missing=result.missing)
    return result


def _compare(connection: GatewayConnection, window: Window, tally: _Tally, *, time_zone: str) -> int:
    """Count a window's messages and store what we lack. Returns how many events were stored."""
    records = {provider_id: record for provider_id, record in window.records.items() if provider_id not in tally.seen}
    tally.seen |= records.keys()
    ours = Message.objects.filter(channel_id=connection.channel_id, provider_id__in=records)
    fields = ("provider_id", "sent_at", "author", "is_edited", "edited_at", "is_deleted", "delivery")
    rows = {row.provider_id: row for row in ours.order_by().only(*fields)}
    own = find_own(connection.channel_id, records)
    candidates = {
        provider_id: _make_event(connection, record)
        for provider_id, record in records.items()
        if (tells_more(record, rows[provider_id]) if provider_id in rows else provider_id not in own or reach(record) > own[provider_id])
    }
    # What came live and is still to be processed has not been lost.
    unknown = [provider_id for provider_id in candidates if provider_id not in rows]
    for provider_id in _find_waiting_ids(connection, unknown):
        del candidates[provider_id]
        tally.expected[_get_day(records[provider_id], window, time_zone=time_zone)] += 1
    digests = {provider_id: digest(STORED_EVENT, clean(event)) for provider_id, event in candidates.items()}
    told = RawEvent.objects.filter(channel_id=connection.channel_id, digest__in=list(digests.values()))
    states = dict(told.order_by().values_list("digest", "state"))
    for row in rows.values():
        tally.expected[get_today(row.sent_at, time_zone=time_zone)] += 1
    for provider_id in candidates:
        if provider_id in rows or provider_id in own:
            continue
        on = _get_day(records[provider_id], window, time_zone=time_zone)
        state = states.get(digests[provider_id])
        if state is None:
            tally.recovered += 1
            tally.expected[on] += 1
        elif state in (RawEvent.State.WAITING, RawEvent.State.FAILED):
            tally.expected[on] += 1
            # What waits its turn in the inbox is on its way, as what came live is; what can't be read stays missing.
            tally.missing[on] += state == RawEvent.State.FAILED
        # Otherwise it was understood, and is nothing that is kept as a message.
    untold = [(STORED_EVENT, event) for provider_id, event in candidates.items() if digests[provider_id] not in states]
    return store_events(connection.channel_id, road=RawEvent.Road.READ_BACK, events=untold)


def _link(connection: GatewayConnection, window: Window) -> None:
    """Take over which phone a hidden address stands for, where only the store tells."""
    channel = Channel.objects.get(id=connection.channel_id)
    own_phone = canonical_phone(channel.phone) if channel.phone else None
    records = window.records.values()
    links = find_unknown_links(channel.id, records, own_phone=own_phone, reads_groups=connection.reads_groups)
    if links:
        merged = link_contacts(channel, links)
        log.info("read_back.linked", channel_id=str(channel.id), links=len(links), conversations=len(merged.conversation_ids))


def _find_waiting_ids(connection: GatewayConnection, provider_ids: list[str]) -> set[str]:
    """Which of these messages wait in the inbox, told live."""
    if not provider_ids:
        return set()
    waiting = RawEvent.objects.filter(channel_id=connection.channel_id, state=RawEvent.State.WAITING, name__in=_LIVE_EVENTS)
    named = waiting.order_by().values_list("body__data__key__id", flat=True)
    return set(named.filter(body__data__key__id__in=provider_ids))


def _get_day(record: dict[str, Any], window: Window, *, time_zone: str) -> date:
    return get_today(find_time(record.get("messageTimestamp")) or window.start, time_zone=time_zone)


def _make_event(connection: GatewayConnection, record: dict[str, Any]) -> dict[str, Any]:
    return {"event": STORED_EVENT, "instance": connection.instance, "data": record}


def _write_days(connection: GatewayConnection, tally: _Tally, *, since: datetime, until: datetime, time_zone: str) -> None:
    """Count the days that were read from their first instant."""
    first, last = get_today(since, time_zone=time_zone), get_today(until, time_zone=time_zone)
    on = first
    while on <= last:
        start, end = get_bounds(Period(on, on), time_zone=time_zone)
        if start >= since:
            # An edit moves the gateway's row to another time, and perhaps to another day.
            edited = Message.objects.filter(channel_id=connection.channel_id, is_edited=True, sent_at__gte=start, sent_at__lt=end)
            live = edited.exclude(source=Message.Source.EXPORT).values_list("provider_id", flat=True)
            elsewhere = len(set(live) - tally.seen)
            values = {"expected": tally.expected[on] + elsewhere, "missing": tally.missing[on], "checked_at": until}
            ChannelDay.objects.update_or_create(channel_id=connection.channel_id, on=on, defaults=values)
        on += timedelta(days=1)


def _find_limit(client: EvolutionClient, connection: GatewayConnection, *, until: datetime) -> datetime:
    """Until when the store can be complete: while the gateway is cut off from WhatsApp, what is sent meanwhile comes later."""
    if client.get_state() == "open":
        return until
    closed_at = connection.state_at if connection.state in (GatewayConnection.State.CLOSED, GatewayConnection.State.CONNECTING) else None
    return min(until, closed_at or until)


def _move_on(connection: GatewayConnection, reached: datetime) -> None:
    behind = Q(read_back_until_at__isnull=True) | Q(read_back_until_at__lt=reached)
    GatewayConnection.objects.filter(behind, id=connection.id).update(read_back_until_at=reached)


@contextlib.contextmanager
def _only_one(channel_id: uuid.UUID) -> Iterator[bool]:
    """Whether this is the only reader of the channel. Where the cache can't be asked it may be one of two, which does no harm."""
    key = _name_lock(channel_id)
    is_ours = _ask_cache(lambda: cache.add(key, 1, timeout=LOCK_SECONDS))
    try:
        yield is_ours
    finally:
        if is_ours:
            _ask_cache(lambda: cache.delete(key))


def _hold(channel_id: uuid.UUID) -> None:
    _ask_cache(lambda: cache.touch(_name_lock(channel_id), timeout=LOCK_SECONDS))


def _name_lock(channel_id: uuid.UUID) -> str:
    return f"reading-back:{channel_id}"


def _ask_cache(question: Callable[[], object]) -> bool:
    try:
        return bool(question())
    except Exception as error:  # whatever the cache's client raises
        log.warning("read_back.no_cache", error=type(error).__name__)
        return True
