"""What a channel's ear heard, on its way into the inbox: in order, in batches, and waiting in memory while PostgreSQL is down."""

import asyncio
import contextlib
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.db import DataError, Error, IntegrityError
from django.utils import timezone

from core.models import GatewayConnection, RawEvent
from core.tenancy import scope
from ingestion.evolution.pools import Pools, jitter
from ingestion.inbox import store_events
from ingestion.tasks import notify

log = structlog.get_logger(__name__)

Event = tuple[str, Any]

# Heard and not stored yet: more than this is dropped, and read back from the gateway afterwards.
MOST_EVENTS = 5_000
BATCH_EVENTS = 100
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 5.0
# Of the time of the last event: not every event writes the channel's row.
PRECISION = timedelta(seconds=5)


@dataclass(slots=True)
class EventQueue:
    """Events of one channel between hearing and storing. The counts are since this process began to listen to it."""

    tenant_id: uuid.UUID
    channel_id: uuid.UUID
    pools: Pools
    stored: int = 0
    dropped: int = 0  # there was no room
    refused: int = 0  # could not be stored, whatever was tried, or was another channel's
    _events: deque[Event] = field(default_factory=deque)
    _has_events: asyncio.Event = field(default_factory=asyncio.Event)
    _is_notifying: bool = False
    _stamped_at: float | None = None  # time.monotonic()

    @property
    def waiting(self) -> int:
        """Events that are heard and not stored yet."""
        return len(self._events)

    def put(self, name: str, payload: Any) -> bool:
        """Take an event in; False where there is no room. It waits for nothing, so that none overtakes another."""
        if len(self._events) >= MOST_EVENTS:
            if self.dropped % 1000 == 0:
                log.error("listener.queue_full", channel_id=str(self.channel_id), dropped=self.dropped + 1)
            self.dropped += 1
            return False
        self._events.append((name, payload))
        self._has_events.set()
        return True

    async def run(self) -> None:
        """Store what comes, until cancelled."""
        delay = FIRST_DELAY_SECONDS
        while True:
            await self._has_events.wait()
            batch = [self._events[number] for number in range(min(BATCH_EVENTS, len(self._events)))]
            if not batch:
                self._has_events.clear()
                continue
            try:
                refused = await self.pools.ask_database(store_batch, self.tenant_id, self.channel_id, batch)
            except Error as error:
                log.warning("listener.no_database", channel_id=str(self.channel_id), waiting=self.waiting, error=type(error).__name__)
                await asyncio.sleep(jitter(delay))
                delay = min(2 * delay, LONGEST_DELAY_SECONDS)
                continue
            delay = FIRST_DELAY_SECONDS
            await self._stamp()
            for _ in batch:
                self._events.popleft()
            self.stored += len(batch) - refused
            self.refused += refused
            self._notify()

    async def _stamp(self) -> None:
        """Note that something was heard, once in a while and by itself.

        Who processes the inbox locks the channel's row before the ledger's, which storing may have locked already.
        """
        if self._stamped_at is not None and time.monotonic() - self._stamped_at < PRECISION.total_seconds():
            return
        self._stamped_at = time.monotonic()
        with contextlib.suppress(Error):
            await self.pools.ask_database(write_stamp, self.tenant_id, self.channel_id)

    def _notify(self) -> None:
        """Have the inbox processed. A task queue that doesn't answer must not keep events from being stored."""
        if self._is_notifying:
            return
        self._is_notifying = True

        async def tell() -> None:
            stored = -1
            try:
                while stored != self.stored:
                    stored = self.stored
                    await self.pools.ask_gateway(notify, self.tenant_id, self.channel_id)
            finally:
                self._is_notifying = False

        self.pools.spawn(tell())


def write_stamp(tenant_id: uuid.UUID, channel_id: uuid.UUID) -> None:
    """Say that the channel's gateway told something just now. Raises django.db.Error where the database can't do its work."""
    with scope(tenant_id):
        GatewayConnection.objects.filter(channel_id=channel_id).update(last_event_at=timezone.now())


def store_batch(tenant_id: uuid.UUID, channel_id: uuid.UUID, batch: list[Event]) -> int:
    """Put events into the inbox. Returns how many could not be stored. Raises django.db.Error where the database can't do its work."""
    try:
        with scope(tenant_id):
            store_events(channel_id, road=RawEvent.Road.SOCKET, events=batch)
        return 0
    except Exception as error:
        if isinstance(error, Error) and not isinstance(error, DataError | IntegrityError):
            raise
        # One of them can't be stored: it must not keep back those behind it.
        if len(batch) == 1:
            log.error("listener.refused", channel_id=str(channel_id), event_name=batch[0][0][:60], error=type(error).__name__)
            return 1
    return sum(store_batch(tenant_id, channel_id, [event]) for event in batch)
