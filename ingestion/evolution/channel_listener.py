"""One channel's ear: its Socket.IO connection, the queue of what it heard, and the care for what it missed.

Nothing that waits runs in the event loop: the database and the gateway's REST interface are asked in threads, each kind in its own
pool, so that a gateway that doesn't answer holds nobody's events up. Events of a channel are stored in the order in which they came.
"""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import socketio
import structlog
from django.conf import settings
from django.db import Error as DatabaseError

from core.models import GatewayConnection
from core.tenancy import scope
from ingestion.evolution.addresses import check_reach, clean_base_url
from ingestion.evolution.backfill import ReadBack, run_read_back
from ingestion.evolution.client import get_token
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.event_queue import EventQueue
from ingestion.evolution.pools import Pools, jitter
from ingestion.evolution.probe import Health, note_health, probe

log = structlog.get_logger(__name__)

State = GatewayConnection.State

CONNECT_SECONDS = 10.0
# The history after a first pairing comes in one event.
MAX_EVENT_BYTES = 64 * 1024 * 1024
# A namespace comes into being with the first event, which is lost to us: the sooner we are in, the less there is to read back.
NAMESPACE_DELAY_SECONDS = 2.0
LONGEST_DELAY_SECONDS = 30.0
BUSY_SECONDS = 5.0  # until reading back is tried again where another process was at it
SETTLE_SECONDS = 30.0  # until recovered messages are counted


@dataclass(slots=True)
class ChannelListener:
    """Listens to one channel from `start` until `stop`. `connection` is as it was when the listening began."""

    connection: GatewayConnection
    pools: Pools
    session: aiohttp.ClientSession
    queue: EventQueue = field(init=False)
    listening_since: datetime | None = None
    recovered: int = 0
    connects: int = 0
    _care_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _wants_read_back: bool = True
    _wants_probe: bool = True
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = EventQueue(tenant_id=self.tenant_id, channel_id=self.channel_id, pools=self.pools)

    @property
    def channel_id(self) -> uuid.UUID:
        return self.connection.channel_id

    @property
    def tenant_id(self) -> uuid.UUID:
        assert self.connection.tenant_id is not None
        return self.connection.tenant_id

    def start(self) -> None:
        """Begin to listen."""
        work: list[Callable[[], Any]] = [self.queue.run, self._care]
        if self.connection.uses_socket:
            work.append(self._listen)
        self._tasks = [asyncio.create_task(self._keep(job)) for job in work]

    async def stop(self, *, flush_seconds: float = 1.0) -> None:
        """Stop listening, then store what was heard, if that takes no longer than `flush_seconds`."""
        storing, *others = self._tasks
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        deadline = time.monotonic() + flush_seconds
        while self.queue.waiting and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        storing.cancel()
        await asyncio.gather(storing, return_exceptions=True)
        if self.queue.waiting:
            log.warning("listener.unstored", channel_id=str(self.channel_id), events=self.queue.waiting)

    async def _keep(self, job: Callable[[], Any]) -> None:
        """A mistake of ours in one job must not leave a channel deaf: say it, and begin again."""
        while True:
            try:
                await job()
            except Exception:
                log.exception("listener.failed", channel_id=str(self.channel_id), job=job.__name__)
            await asyncio.sleep(jitter(BUSY_SECONDS))

    # -- hearing --------------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        attempt = 0
        while True:
            client = self._make_socket()
            problem = ""
            try:
                await self._connect(client)
                attempt = 0
                await self._wait_until_lost(client)
            except (socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError, ValueError, GatewayError) as error:
                problem = type(error).__name__
            finally:
                self.listening_since = None
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(client.disconnect(), timeout=2)
            is_early = bool(client.failed_namespaces)
            if attempt == 0:
                log.info("listener.lost" if not problem else "listener.no_connection", channel_id=str(self.channel_id), problem=problem)
            attempt += 1
            # What is wrong is asked over REST: the WebSocket itself does not tell a refused key from a dead gateway.
            self._ask_care(probe_too=attempt == 1 and not is_early)
            longest = NAMESPACE_DELAY_SECONDS if is_early else LONGEST_DELAY_SECONDS
            await asyncio.sleep(jitter(min(longest, 0.5 * 2 ** min(attempt, 8))))

    def _make_socket(self) -> socketio.AsyncClient:
        return socketio.AsyncClient(
            reconnection=False,
            handle_sigint=False,
            request_timeout=CONNECT_SECONDS,
            http_session=self.session,
            websocket_extra_options={"max_msg_size": MAX_EVENT_BYTES},
        )

    async def _connect(self, client: socketio.AsyncClient) -> None:
        base_url = clean_base_url(self.connection.base_url)
        await self.pools.ask_gateway(check_reach, base_url)
        parts = urlsplit(base_url)
        namespace = f"/{self.connection.instance}"
        client.on("*", self._take, namespace=namespace)
        async with asyncio.timeout(CONNECT_SECONDS + 5):
            await client.connect(
                f"{parts.scheme}://{parts.netloc}",
                headers={"apikey": get_token(self.connection)},
                transports=["websocket"],
                namespaces=[namespace],
                socketio_path=f"{parts.path}/socket.io".lstrip("/"),
                wait_timeout=CONNECT_SECONDS,
            )
        self.connects += 1
        self.listening_since = datetime.now(UTC)
        log.info("listener.connected", channel_id=str(self.channel_id))
        # Whatever was sent before this moment was not told to us.
        self._wants_read_back = True
        self._ask_care(probe_too=True)

    @staticmethod
    async def _wait_until_lost(client: socketio.AsyncClient) -> None:
        while client.connected and client.eio.state == "connected":
            await asyncio.sleep(0.5)

    def _take(self, name: str, *payload: Any) -> None:
        """Take an event in. It may not wait: what waits lets the next one overtake it."""
        event = payload[0] if payload else None
        # One gateway's key opens the namespaces of all its numbers: nobody's events but this one's are taken.
        if isinstance(event, dict) and event.get("instance") not in (None, self.connection.instance):
            self.queue.refused += 1
        elif not self.queue.put(name, event):
            self._wants_read_back = True

    # -- care -----------------------------------------------------------------------------------------------------------

    def _ask_care(self, *, probe_too: bool) -> None:
        self._wants_probe |= probe_too
        self._care_wanted.set()

    async def _care(self) -> None:
        """Look at the channel's health now and then, and read back what did not come live."""
        now = time.monotonic()
        next_probe, next_read = now, now + 60 * settings.READ_BACK_MINUTES
        state: str = self.connection.state
        while True:
            now = time.monotonic()
            if self._wants_probe or now >= next_probe:
                self._wants_probe = False
                next_probe = now + jitter(settings.GATEWAY_PROBE_SECONDS)
                health = await self.pools.ask_gateway(self._probe)
                # After a silence, and where the gateway was not there, there is something to be read.
                if health is not None and (health.state == State.SILENT or (health.state == State.OPEN and state != State.OPEN)):
                    self._wants_read_back = True
                state = health.state if health is not None else state
            if self._wants_read_back or now >= next_read:
                self._wants_read_back = False
                next_read = time.monotonic() + await self._read_back()
            self._care_wanted.clear()
            if not (self._wants_probe or self._wants_read_back):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.1, min(next_probe, next_read) - time.monotonic())):
                        await self._care_wanted.wait()

    async def _read_back(self) -> float:
        """Read the channel back. Returns the seconds until it should be done again."""
        try:
            result: ReadBack | None = await self.pools.ask_gateway(run_read_back, self.tenant_id, self.channel_id)
        except GatewayError as error:
            log.info("listener.read_back_failed", channel_id=str(self.channel_id), problem=error.kind)
            return jitter(LONGEST_DELAY_SECONDS)
        except DatabaseError:
            return jitter(BUSY_SECONDS)
        if result is None:
            return jitter(BUSY_SECONDS)
        self.recovered += result.recovered
        return SETTLE_SECONDS if result.recovered else 60.0 * settings.READ_BACK_MINUTES

    def _probe(self) -> Health | None:
        """In a thread: ask how the channel is, and write it down. None where the database can't be asked."""
        try:
            with scope(self.tenant_id):
                fresh = GatewayConnection.objects.filter(id=self.connection.id).first()
            if fresh is None:
                return None
            health = probe(fresh, listening_since=self.listening_since)
            note_health(self.tenant_id, fresh.id, health)
        except DatabaseError:
            return None
        return health
