"""The two roads on which events leave: Socket.IO, at most once, and webhooks, at least once and in no order. Faults strike here."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jwt
import socketio

from tests.gateway.faults import Faults, Options, Road, RoadFaults, Tally
from tests.gateway.instances import Instance
from tests.gateway.shapes import get_config_name, make_date_time, parse_version, write_json
from tests.gateway.steps import Json

TOKEN_SECONDS = 600


class SocketServer(socketio.AsyncServer):
    """Socket.IO as the gateway's library speaks it: a namespace that nobody emitted to is refused by these words."""

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        if (namespace or "/") in self.namespaces:
            await super()._handle_connect(eio_sid, namespace, data)
            return
        refusal = self.packet_class(socketio.packet.CONNECT_ERROR, data={"message": "Invalid namespace"}, namespace=namespace)
        await self._send_packet(eio_sid, refusal)


class Roads:
    """Sends events on both roads, and knows what became of each."""

    def __init__(self, *, server: SocketServer, options: Options, server_url: str) -> None:
        self.tally = Tally()
        self.faults = Faults()
        self._server = server
        self._options = options
        self._server_url = server_url
        self._emissions: Counter[str] = Counter()
        self._dice: dict[Road, random.Random] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(options.webhook_concurrency)
        self._session: aiohttp.ClientSession | None = None
        self.set_faults(self.faults)

    def set_faults(self, faults: Faults) -> None:
        """Take faults; the dice of both roads start anew from the seed."""
        self.faults = faults
        self._dice = {"socket": random.Random(f"{faults.seed}-socket"), "webhook": random.Random(f"{faults.seed}-webhook")}

    @property
    def pending(self) -> int:
        """Events that have not come to an end: held back, in flight, or waiting for another attempt."""
        return len(self._tasks)

    @property
    def namespaces(self) -> list[str]:
        """Those that accept connections."""
        return list(self._server.namespaces)

    async def cut_sockets(self) -> None:
        """Drop every Socket.IO connection without a word, as a network does; whoever is there may connect again."""
        for session in list(self._server.eio.sockets.values()):
            await session.queue.put(None)  # the writer ends, and the WebSocket with it

    async def close(self) -> None:
        """Lose what is pending, as a restart does."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def emit(self, instance: Instance, event: str, data: Any, *, ref: str = "", **more: Any) -> list[asyncio.Task[None]]:
        """Send an event of an instance where its settings want it. `ref` is the message's id, for the tally; `more` stands at the top.

        Return the webhook's deliveries, which nobody needs to wait for.
        """
        self.tally.emitted[event] = self.tally.emitted.get(event, 0) + 1
        if instance.name in self.faults.silent_instances:
            return []
        envelope: Json = {
            **more,
            "event": event,
            "instance": instance.name,
            "data": data,
            "server_url": self._server_url,
            "date_time": make_date_time(
                datetime.now(UTC), utc_offset_hours=self._options.utc_offset_hours, error_seconds=self.faults.clock_error_seconds
            ),
            **({"sender": instance.owner_jid} if instance.owner_jid else {}),
            "apikey": instance.token if self._options.exposes_tokens else None,
        }
        await self._offer_to_socket(instance, event, envelope, ref)
        return self._offer_to_webhook(instance, event, envelope, ref)

    async def _offer_to_socket(self, instance: Instance, event: str, envelope: Json, ref: str) -> None:
        namespaces = ["/"] if self._options.global_socket else []
        if _wants(instance.websocket, event):
            namespaces.append(f"/{instance.name}")
        for namespace in namespaces:
            self.tally.socket.offered += 1
            copies, delay = self._roll("socket", event, ref)
            for _ in range(copies):
                if delay:
                    self.start(_later(delay, self._emit_to(namespace, event, envelope)))
                else:
                    await self._emit_to(namespace, event, envelope)()

    def _emit_to(self, namespace: str, event: str, envelope: Json) -> Callable[[], Awaitable[None]]:
        async def emit() -> None:
            if namespace not in self._server.namespaces:
                # The emission makes the namespace, and so finds nobody in it.
                self._emissions[namespace] += 1
                if self._emissions[namespace] > self.faults.late_namespace:
                    self._server.namespaces.append(namespace)
                self.tally.socket.lost_to_namespace += 1
                return
            if not self._server.manager.rooms.get(namespace):
                self.tally.socket.lost_to_namespace += 1
                return
            await self._server.emit(event, envelope, namespace=namespace)
            self.tally.socket.delivered += 1

        return emit

    def _offer_to_webhook(self, instance: Instance, event: str, envelope: Json, ref: str) -> list[asyncio.Task[None]]:
        webhook = instance.webhook
        if webhook is None or not _wants(webhook, event):
            return []
        self.tally.webhook.offered += 1
        copies, delay = self._roll("webhook", event, ref)
        if not copies:
            return []
        url = f"{webhook['url']}/{event.replace('.', '-')}" if webhook["webhookByEvents"] else webhook["url"]
        body = write_json({**envelope, "destination": webhook["url"]})
        headers = self._make_headers(instance, webhook, event)

        async def deliver() -> None:
            await self._post(url, body, headers)

        return [self.start(_later(delay, deliver)) for _ in range(copies)]

    def _make_headers(self, instance: Instance, webhook: Json, event: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/plain, */*", "User-Agent": "axios/1.13.2"}
        if parse_version(self._options.version) >= (2, 4, 0):
            named = {"Name": instance.name, "ID": instance.id}
            headers |= {f"X-Instance-{key}": value for key, value in named.items()}
            headers |= {"X-Event-Type": event, "X-Timestamp": str(int(time.time() * 1000)), "User-Agent": "EvolutionAPI-Webhook/2.3.7"}
        headers |= {name: value for name, value in webhook["headers"].items() if name != "jwt_key"}
        if key := webhook["headers"].get("jwt_key"):
            issued = int(time.time())
            claims = {"iat": issued, "exp": issued + TOKEN_SECONDS, "app": "evolution", "action": "webhook"}
            headers = {name: value for name, value in headers.items() if name.lower() != "authorization"}
            # Made once for all attempts: a late one carries an expired token.
            headers["Authorization"] = f"Bearer {jwt.encode(claims, key, algorithm='HS256')}"
        return headers

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        options, tally = self._options, self.tally.webhook
        for attempt in range(1, options.webhook_attempts + 1):
            async with self._slots:
                status = await self._try_post(url, body, headers)
            if 200 <= status < 300:
                tally.delivered += 1
                return
            if status in options.webhook_hard_statuses:
                tally.refused += 1
                return
            if attempt < options.webhook_attempts:
                tally.retried += 1
                delay = min(options.webhook_first_delay_seconds * 2 ** (attempt - 1), options.webhook_longest_delay_seconds)
                jitter = 1 + options.webhook_jitter * (2 * random.random() - 1)
                await asyncio.sleep(max(options.webhook_first_delay_seconds, delay * jitter))
        tally.given_up += 1

    async def _try_post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer; 0 where there was none in time."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._options.webhook_concurrency, force_close=False)
            timeout = aiohttp.ClientTimeout(total=self._options.webhook_timeout_seconds)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        try:
            async with self._session.post(url, data=body, headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    def _roll(self, road: Road, event: str, ref: str) -> tuple[int, float]:
        """(copies to send, seconds to hold them back) of an event on a road."""
        faults: RoadFaults = getattr(self.faults, road)
        tally = getattr(self.tally, road)
        if self.faults.events and event not in self.faults.events:
            return 1, 0.0
        dice = self._dice[road]
        drawn = dice.random()
        if drawn < faults.drop:
            tally.dropped.append(ref)
            return 0, 0.0
        if drawn < faults.drop + faults.duplicate:
            tally.duplicated.append(ref)
            return 2, 0.0
        if drawn < faults.drop + faults.duplicate + faults.reorder:
            tally.reordered.append(ref)
            return 1, dice.uniform(0.1, 1.0) * faults.reorder_seconds
        return 1, 0.0

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let work go on in the background, counted as pending."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _wants(settings: Json | None, event: str) -> bool:
    return settings is not None and bool(settings["enabled"]) and get_config_name(event) in settings["events"]


async def _later(delay: float, work: Callable[[], Awaitable[None]]) -> None:
    if delay:
        await asyncio.sleep(delay)
    await work()
