"""The stand-in as tests hold it: in a thread of theirs, or as a process that can be killed. Both are spoken to over HTTP."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn

from core.project.embedded.ports import LOOPBACK, find_port
from tests.gateway.app import App
from tests.gateway.faults import Faults, Options
from tests.gateway.roads import Roads, SocketServer
from tests.gateway.shapes import EVENTS
from tests.gateway.steps import Acked, Edited, Json, Revoked, Said, Status, Step, dump, encode_steps, now
from tests.gateway.store import Store
from tests.gateway.world import World

_CHECKOUT = Path(__file__).parents[2]


class Controls:
    """What tests can do to a gateway, wherever it runs. Every method raises httpx.HTTPStatusError where the gateway says no."""

    def __init__(self, *, port: int, options: Options) -> None:
        self.port = port
        self.options = options
        self._client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def api_key(self) -> str:
        return self.options.api_key

    def request(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        """A call of the gateway's own API, with the global key unless another is given ("" is none); it raises for no status."""
        headers = {"apikey": self.api_key if key is None else key}
        return self._client.request(method, path, json=body, headers={name: value for name, value in headers.items() if value})

    def create_instance(
        self,
        name: str = "loja-1",
        *,
        token: str | None = None,
        owner: str = "5511933221100",
        events: Iterable[str] = EVENTS,
        has_socket: bool = True,
        webhook_url: str | None = None,
        webhook_headers: dict[str, str] | None = None,
        by_events: bool = False,
        with_base64: bool = False,
    ) -> str:
        """An instance that is connected, and nothing was told of it. Return its token."""
        wanted = {"enabled": True, "events": list(events)}
        webhook = {**wanted, "url": webhook_url, "headers": webhook_headers or {}, "byEvents": by_events, "base64": with_base64}
        body = {"name": name, "token": token or f"chave-{name}", "owner": owner}
        self._post("create_instance", **body, websocket=wanted if has_socket else None, webhook=webhook if webhook_url else None)
        return body["token"]

    def deliver(self, instance: str, *steps: Step) -> None:
        """Let these happen on WhatsApp, one after the other; back once they are stored and emitted, webhooks being on their way."""
        self._post("deliver", instance=instance, steps=encode_steps(steps))

    def play(self, instance: str, steps: Iterable[Step], *, rate: float | None = None) -> None:
        """Let a script happen in the background, at so many steps a second or as fast as it goes."""
        self._post("play", instance=instance, steps=encode_steps(steps), rate=rate)

    def edit(self, instance: str, message_id: str, text: str, *, at: int | None = None, is_extended: bool = False) -> None:
        self.deliver(instance, Edited(message_id=message_id, text=text, at=now() if at is None else at, is_extended=is_extended))

    def revoke(self, instance: str, message_id: str) -> None:
        self.deliver(instance, Revoked(message_id=message_id))

    def ack(self, instance: str, message_id: str, status: Status) -> None:
        self.deliver(instance, Acked(message_id=message_id, status=status))

    def sync_history(self, instance: str, said: Iterable[Said], *, progress: int = 100, is_latest: bool = True) -> None:
        """One messages.set, as after pairing."""
        self._post("sync_history", instance=instance, steps=encode_steps(said), progress=progress, is_latest=is_latest)

    def emit(self, instance: str, event: str, data: Any) -> None:
        """Any event, as it is."""
        self._post("emit", instance=instance, event=event, data=data)

    def set_connection(self, instance: str, state: str, *, reason: int = 200, owner: str | None = None) -> None:
        """ "open" (with the `owner` that was paired), "connecting", or "close" for a reason such as 401."""
        self._post("set_connection", instance=instance, state=state, reason=reason, owner=owner)

    def show_qr(self, instance: str, *, limit: int = 30) -> None:
        self._post("show_qr", instance=instance, limit=limit)

    def set_faults(self, faults: Faults) -> None:
        """These faults instead of those before; `Faults()` ends them all. The dice start anew from the seed."""
        self._post("set_faults", **faults.to_json())

    def set_version(self, version: str) -> None:
        self._post("set_version", version=version)

    def cut_sockets(self) -> None:
        """Drop every Socket.IO connection as a network does; the gateway stays up."""
        self._post("cut_sockets")

    def reset_tally(self) -> None:
        self._post("reset_tally")

    def get_state(self) -> Json:
        """{pending, playing, namespaces, tally, faults}"""
        state: Json = self._post("show_state")
        return state

    def get_tally(self) -> Json:
        """What became of every event, road by road: see `faults.Tally`."""
        tally: Json = self.get_state()["tally"]
        return tally

    def find_sent(self, instance: str) -> list[Json]:
        """What was sent through the API, the oldest first, as rows."""
        rows: list[Json] = self._post("show_sent", instance=instance)
        return rows

    def wait_until_idle(self, *, seconds: float = 60) -> None:
        """Until every step has happened and every event has come to an end. Raise TimeoutError.

        It blocks: where the webhook's receiver runs in the loop of the test, call it by `asyncio.to_thread`.
        """
        wait_for(lambda: (state := self.get_state())["pending"] == 0 and state["playing"] == 0, seconds=seconds, what="an idle gateway")

    def _post(self, action: str, **body: Any) -> Any:
        answer = self._client.post(f"/__control__/{action}", content=dump(body))
        answer.raise_for_status()
        return answer.json()

    def _wait_until_up(self) -> None:
        def is_up() -> bool:
            try:
                return bool(self.get_state())
            except httpx.TransportError:
                return False

        wait_for(is_up, seconds=60, what="the gateway")


class Gateway(Controls):
    """A gateway in a thread: `with Gateway() as gateway:`. With a state folder its messages outlive `restart`, else nothing does."""

    def __init__(self, *, port: int | None = None, state: Path | None = None, options: Options | None = None) -> None:
        super().__init__(port=port or find_port(), options=options or Options())
        self._state = state
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        self._server = make_server(self.port)
        self._thread = threading.Thread(target=asyncio.run, args=[serve(self._server, self._state, self.options)], daemon=True)
        self._thread.start()
        self._wait_until_up()

    def stop(self) -> None:
        """End at once, as a killed process does: namespaces and waiting webhooks are lost."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(timeout=60)
            assert not self._thread.is_alive(), "the gateway did not end"

    def restart(self) -> None:
        self.stop()
        self.start()


class GatewayProcess(Controls):
    """A gateway as a process of its own, for drills that kill it. Its messages outlive it in the state folder."""

    def __init__(self, *, state: Path, port: int | None = None, options: Options | None = None) -> None:
        super().__init__(port=port or find_port(), options=options or Options())
        self._state = state
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()

    def start(self) -> None:
        words = ["--port", str(self.port), "--state", str(self._state), "--options", json.dumps(asdict(self.options))]
        self._process = subprocess.Popen([sys.executable, "-m", "tests.gateway", *words], cwd=_CHECKOUT)
        self._wait_until_up()

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def restart(self) -> None:
        self.kill()
        self.start()


async def serve(server: uvicorn.Server, state: Path | None, options: Options) -> None:
    """Be the gateway until the server is told to exit."""
    store = Store(state)
    sockets = SocketServer(async_mode="asgi", cors_allowed_origins="*", namespaces=["/"])
    roads = Roads(server=sockets, options=options, server_url=f"http://{LOOPBACK}:{server.config.port}")
    world = World(options=options, store=store, roads=roads)
    server.config.app = App(world, sockets)
    starting = asyncio.create_task(world.start())
    try:
        await server.serve()
    finally:
        starting.cancel()
        await roads.close()
        await sockets.shutdown()
        store.close()


def make_server(port: int) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app="",
            host=LOOPBACK,
            port=port,
            log_level="error",
            access_log=False,
            lifespan="off",
            ws_max_size=2**24,
            timeout_graceful_shutdown=1,
        )
    )


def wait_for(condition: Callable[[], bool], *, seconds: float = 60, what: str = "that") -> None:
    """Ask again and again. Raise TimeoutError where it does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.02)
