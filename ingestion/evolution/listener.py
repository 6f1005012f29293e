"""The process that listens to every channel of every tenant over Socket.IO: one of several, each channel heard by exactly one of them."""

import asyncio
import contextlib
import time
import uuid
from typing import Any

import aiohttp
import structlog
from django.db import Error as DatabaseError

from core.heartbeats import LISTENER, note_alive
from core.models import GatewayConnection
from ingestion.evolution.addresses import PublicResolver
from ingestion.evolution.channel_listener import ChannelListener
from ingestion.evolution.lease import LEASE_SECONDS, name_holder, release_leases, take_leases
from ingestion.evolution.pools import Pools

log = structlog.get_logger(__name__)

# How often leases are moved on, and connections that are new, changed or gone are noticed.
ROUND_SECONDS = 3.0
FLUSH_SECONDS = 1.0
RELEASE_SECONDS = 2.0
STATUS_SECONDS = 300.0
# What a listener is bound to; where any of it changes, the channel is listened to anew.
_BINDING = ("base_url", "instance", "token_encrypted", "uses_socket")


class RedirectedError(OSError):
    """A gateway's address led elsewhere. It is not followed: the key would go with it."""


class Listener:
    """Holds the leases and one ChannelListener for each. `run` goes on until it is cancelled."""

    def __init__(self, *, holder: str | None = None, lease_seconds: float = LEASE_SECONDS, round_seconds: float = ROUND_SECONDS) -> None:
        self.holder = holder or name_holder()
        self.channels: dict[uuid.UUID, ChannelListener] = {}
        self._lease_seconds = lease_seconds
        self._round_seconds = round_seconds
        self._pools = Pools()

    async def run(self) -> None:
        """Listen. Cancelled, it stores what it heard and gives its leases back, within about two seconds."""
        async with make_session() as session:
            try:
                await self._go_on(session)
            finally:
                await self._stop()

    async def _go_on(self, session: aiohttp.ClientSession) -> None:
        told_at = time.monotonic()
        while True:
            began = time.monotonic()
            try:
                held = await self._pools.ask_leases(take_leases, self.holder, lease_seconds=self._lease_seconds)
            except DatabaseError as error:
                # Nobody else can take a lease now; what is heard waits in memory.
                log.warning("listener.no_database", channels=len(self.channels), error=type(error).__name__)
            else:
                await self._follow({connection.id: connection for connection in held}, session)
            await asyncio.to_thread(note_alive, LISTENER)
            if time.monotonic() - told_at > STATUS_SECONDS:
                told_at = time.monotonic()
                self._tell()
            await asyncio.sleep(max(0.1, self._round_seconds - (time.monotonic() - began)))

    async def _follow(self, held: dict[uuid.UUID, GatewayConnection], session: aiohttp.ClientSession) -> None:
        """Listen to what is held, as it is set up now, and to nothing else."""
        gone = [key for key, channel in self.channels.items() if key not in held or _differs(channel.connection, held[key])]
        await asyncio.gather(*(self.channels.pop(key).stop(flush_seconds=FLUSH_SECONDS) for key in gone))
        for key, connection in held.items():
            if key not in self.channels:
                self.channels[key] = channel = ChannelListener(connection=connection, pools=self._pools, session=session)
                channel.start()
        if gone:
            log.info("listener.changed", channels=len(self.channels))

    async def _stop(self) -> None:
        tenant_ids = list({channel.tenant_id for channel in self.channels.values()})
        await asyncio.gather(*(channel.stop(flush_seconds=FLUSH_SECONDS) for channel in self.channels.values()))
        self._tell()
        self.channels.clear()
        with contextlib.suppress(DatabaseError, TimeoutError):
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._pools.ask_leases(release_leases, self.holder, tenant_ids)
        self._pools.close()

    def _tell(self) -> None:
        queues = [channel.queue for channel in self.channels.values()]
        counts: dict[str, int] = {
            name: sum(getattr(queue, name) for queue in queues) for name in ("stored", "dropped", "refused", "waiting")
        }
        counts |= {name: sum(getattr(channel, name) for channel in self.channels.values()) for name in ("recovered", "connects")}
        listening = sum(channel.listening_since is not None for channel in self.channels.values())
        log.info("listener.status", channels=len(self.channels), listening=listening, **counts)


def make_session() -> aiohttp.ClientSession:
    """What all WebSockets are opened with: no cookies from one gateway to the next, no redirects."""

    async def refuse_redirect(_session: Any, _context: Any, _params: Any) -> None:
        raise RedirectedError("the gateway's address leads to another one")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(refuse_redirect)
    return aiohttp.ClientSession(
        # Nothing is kept of what was looked up: each connection is judged anew.
        connector=aiohttp.TCPConnector(limit=0, resolver=PublicResolver(), use_dns_cache=False),
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[tracing],
        trust_env=False,
    )


def _differs(old: GatewayConnection, new: GatewayConnection) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in _BINDING)
