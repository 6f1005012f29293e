"""Who listens on the two roads in tests: an HTTP server that takes webhooks, and a Socket.IO client that takes events."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import socketio

from core.project.embedded.ports import LOOPBACK
from tests.gateway.server import Controls, wait_for
from tests.gateway.steps import Json


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook as it came."""

    path: str
    headers: dict[str, str]
    body: Json


class WebhookReceiver:
    """A server in a thread. It answers 200, or the statuses it was told to answer next; `hooks` are all attempts in order."""

    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self.delay_seconds = 0.0  # before each answer
        self.refuses: Callable[[Hook], bool] = lambda hook: False  # answered 503, whatever else was to come
        self._statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook = Hook(self.path, dict(self.headers), body)
                is_refused = receiver.refuses(hook)
                receiver.hooks.append(hook)
                time.sleep(receiver.delay_seconds)
                self.send_response(503 if is_refused else receiver._statuses.pop(0) if receiver._statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}/hook"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer_with(self, statuses: Iterable[int]) -> None:
        """Answer the next hooks like this, and 200 afterwards."""
        self._statuses = list(statuses)

    def wait_for(self, count: int, *, seconds: float = 30) -> list[Hook]:
        """The hooks, once so many have come. Raise TimeoutError."""
        wait_for(lambda: len(self.hooks) >= count, seconds=seconds, what=f"{count} webhooks")
        return list(self.hooks)

    def find_data(self, event: str) -> list[Any]:
        return [hook.body["data"] for hook in list(self.hooks) if hook.body["event"] == event]


class Listener:
    """A client on one namespace; `heard` are (event, payload) in order."""

    def __init__(self, gateway: Controls, instance: str = "loja-1", *, key: str | None = None, namespace: str | None = None) -> None:
        self.heard: list[tuple[str, Json]] = []
        self._url = gateway.url
        self._key = gateway.api_key if key is None else key
        self._namespace = namespace or f"/{instance}"
        self.client = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.1)
        self.client.on("*", self._hear, namespace=self._namespace)

    async def connect(self, *, transports: Iterable[str] = ("websocket",)) -> None:
        """Raise socketio.exceptions.ConnectionError where the gateway refuses."""
        await self.client.connect(
            self._url, headers={"apikey": self._key} if self._key else {}, namespaces=[self._namespace], transports=list(transports)
        )

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.client.disconnect()

    async def wait_for(self, count: int, *, seconds: float = 30) -> list[tuple[str, Json]]:
        """What was heard, once it is so much. Raise TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.heard) < count:
                await asyncio.sleep(0.01)
        return list(self.heard)

    def find_data(self, event: str) -> list[Any]:
        return [payload["data"] for name, payload in self.heard if name == event]

    async def _hear(self, event: str, payload: Json) -> None:
        self.heard.append((event, payload))
