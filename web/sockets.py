"""The two sockets, thin: sign in, take what the client says, hand it to the domain, pass on what comes back.

`/ws/chat/` carries a thread's turns both ways, `/ws/live/` tells what is new for the tenant. A client signs in with its first
frame `{"type": "auth", "access": …}`, or with an Authorization header where it can set one; nothing else is heard before. Sockets are
for people who signed in: an API key has its calls a minute, which nothing on an open socket would count, and `/ask/stream` tells the same.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from assistant import answer, threads
from assistant.events import Event
from core import live
from core.access import check_allowed, parse_id
from core.api_keys import MARK
from core.errors import VisibleError
from core.limits import check_question_rate
from core.models import User
from core.sessions import find_viewer
from core.sign_in import find_user
from core.tenancy import scope
from web.frames import Asked, read_ask

log = structlog.get_logger(__name__)

NOT_SIGNED_IN = 4401
NOT_ALLOWED = 4403
SECONDS_TO_SIGN_IN = 10
MAX_SEQ = 2**31 - 1
# Turns have threads of their own: Channels would run all of a process's one after the other.
TURN_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="turn")


class SignedInConsumer(AsyncJsonWebsocketConsumer):
    """A socket that hears nothing but a sign-in until somebody is signed in."""

    action: str
    viewer: User | None = None

    async def connect(self) -> None:
        await self.accept()
        self.deadline = asyncio.get_running_loop().call_later(SECONDS_TO_SIGN_IN, lambda: asyncio.ensure_future(self._close_unknown()))
        for name, value in self.scope["headers"]:
            if name == b"authorization" and value.lower().startswith(b"bearer "):
                await self._sign_in(value[7:].decode("latin-1"))

    async def disconnect(self, code: int) -> None:
        self.deadline.cancel()
        await self.leave()

    async def receive_json(self, content: Any, **_: Any) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == "ping":
            await self.send_json({"type": "pong"})
        elif kind == "auth":
            await self._sign_in(str(content.get("access", "")))
        elif self.viewer is None:
            await self._close_unknown()
        else:
            await self._hear(kind, content)

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return await super().decode_json(text_data)
        except ValueError:
            return None

    async def _hear(self, kind: str | None, content: dict[str, Any]) -> None:
        handler: Callable[[User, dict[str, Any]], Awaitable[None]] | None = getattr(self, f"hear_{kind}", None)
        try:
            if handler is None or self.viewer is None:
                raise VisibleError("invalid", field="type", detail=str(kind)[:40])
            # A socket stays open for hours: what its person may do is asked anew each time.
            current = await database_sync_to_async(find_current)(self.viewer)
            if current is None:
                await self.close(NOT_SIGNED_IN)
                return
            self.viewer = current
            await handler(current, content)
        except VisibleError as error:
            await self.send_error(error, content.get("client_id") if isinstance(content, dict) else None)

    async def _sign_in(self, access: str) -> None:
        if access.startswith(MARK) and self.viewer is None:
            # Whether it is a key that holds is not looked at: here it opens nothing either way.
            error = VisibleError("key_opens_no_socket")
            await self.send_error(error, None)
            await self.close(NOT_ALLOWED, reason=error.say("en"))
            return
        viewer = await database_sync_to_async(find_viewer)(access)
        if viewer is None:
            await self._close_unknown()
            return
        if self.viewer is not None and (viewer.id != self.viewer.id or viewer.tenant_id != self.viewer.tenant_id):
            await self.close(NOT_SIGNED_IN)
            return
        self.deadline.cancel()
        try:
            await database_sync_to_async(check_may)(viewer, self.action)
        except VisibleError as error:
            await self.send_error(error, None)
            await self.close(NOT_ALLOWED)
            return
        first = self.viewer is None
        self.viewer = viewer
        if first:
            await self.enter(viewer)
        await self.send_json({"type": "ready"})

    async def _close_unknown(self) -> None:
        if self.viewer is None:
            await self.close(NOT_SIGNED_IN)

    async def send_error(self, error: VisibleError, client_id: str | None) -> None:
        language = self.viewer.language if self.viewer else "pt"
        body: dict[str, Any] = {"type": "error", "error": {"code": error.code, "message": error.say(language)}}
        if client_id:
            body["client_id"] = str(client_id)[:64]
        await self.send_json(body)

    async def enter(self, viewer: User) -> None:
        """What a kind of socket does once somebody is signed in."""

    async def leave(self) -> None:
        """What it gives back when it closes."""


class ChatConsumer(SignedInConsumer):
    """A thread's turns, both ways. A turn goes on when its socket goes, and is told to those that resume its thread."""

    action = "ask"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups_joined: set[str] = set()
        self.turns: set[asyncio.Task[None]] = set()

    async def hear_ask(self, viewer: User, content: dict[str, Any]) -> None:
        asked = read_ask(content)
        await database_sync_to_async(check_may)(viewer, self.action)
        if asked.thread_id is not None:
            # A thread of somebody else's, or none: refused before anything of it is heard.
            await database_sync_to_async(replay)(viewer, asked.thread_id, MAX_SEQ)
        await database_sync_to_async(check_question_rate)(viewer)
        if asked.client_id and not await database_sync_to_async(take_question)(viewer, asked.client_id):
            return  # sent again by a client that had not heard yet: its turn is on its way
        if asked.thread_id is not None:
            await self._join(asked.thread_id)
        turn = asyncio.create_task(self._run_turn(viewer, asked))
        self.turns.add(turn)
        turn.add_done_callback(self.turns.discard)

    async def hear_resume(self, viewer: User, content: dict[str, Any]) -> None:
        thread_id, after = str(parse_id(str(content.get("thread_id")))), content.get("after_seq")
        # Joined first, so that what happens meanwhile is heard twice rather than never; only a thread of one's own is joined.
        await database_sync_to_async(replay)(viewer, thread_id, MAX_SEQ)
        await self._join(thread_id)
        missed = await database_sync_to_async(replay)(viewer, thread_id, after if isinstance(after, int) else 0)
        for event in missed:
            await self.send_json(event)

    async def hear_stop(self, viewer: User, content: dict[str, Any]) -> None:
        await database_sync_to_async(stop)(viewer, str(content.get("turn_id")))

    async def turn_event(self, message: dict[str, Any]) -> None:
        """An event of a thread that another socket asked for."""
        if message["from"] != self.channel_name:
            await self.send_json(message["event"])

    async def leave(self) -> None:
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def _join(self, thread_id: str) -> None:
        group = f"thread.{thread_id}"
        if group not in self.groups_joined:
            self.groups_joined.add(group)
            await self.channel_layer.group_add(group, self.channel_name)

    async def _run_turn(self, viewer: User, asked: Asked) -> None:
        loop, waiting = asyncio.get_running_loop(), asyncio.Queue[Event | None]()

        def emit(event: Event) -> None:
            loop.call_soon_threadsafe(waiting.put_nowait, event)

        def work() -> None:
            try:
                answer.run(
                    viewer,
                    thread_id=asked.thread_id,
                    question=asked.question,
                    clock=timezone.now(),
                    language=asked.language,
                    revision=asked.revision,
                    client_id=asked.client_id,
                    emit=emit,
                )
            finally:
                connections.close_all()
                loop.call_soon_threadsafe(waiting.put_nowait, None)

        running = loop.run_in_executor(TURN_THREADS, work)
        while (event := await waiting.get()) is not None:
            await self._tell(event)
        try:
            await running
        except answer.TurnFailedError:
            pass  # told already, as the turn's last event
        except VisibleError as error:
            with contextlib.suppress(Exception):
                await self.send_error(error, asked.client_id)
        except Exception:
            log.exception("turn.failed")

    async def _tell(self, event: Event) -> None:
        body = event.model_dump(mode="json")
        await self._join(event.thread_id)
        # The screen that asked may be gone; the turn goes on for the one that comes back.
        with contextlib.suppress(Exception):
            await self.send_json(body)
        await self.channel_layer.group_send(f"thread.{event.thread_id}", {"type": "turn.event", "event": body, "from": self.channel_name})


class LiveConsumer(SignedInConsumer):
    """What is new for the tenant: conversations analysed, imports ended."""

    action = "read_conversations"
    group: str | None = None

    async def enter(self, viewer: User) -> None:
        self.group = live.name_group(str(viewer.tenant_id))
        await self.channel_layer.group_add(self.group, self.channel_name)

    async def leave(self) -> None:
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def hear_resume(self, viewer: User, content: dict[str, Any]) -> None:
        after = content.get("after_seq")
        kept = await database_sync_to_async(live.find_events)(str(viewer.tenant_id), after_seq=after if isinstance(after, int) else 0)
        for event in kept:
            await self.send_json(event)

    async def live_event(self, message: dict[str, Any]) -> None:
        await self.send_json(message["event"])


def check_may(viewer: User, action: str) -> None:
    """Raise VisibleError unless the viewer's role allows this socket."""
    with scope(viewer.tenant_id):  # type: ignore[arg-type]
        check_allowed(viewer, action=action)


def find_current(viewer: User) -> User | None:
    """The viewer as they are now; None where they may not sign in to this tenant any more."""
    current = find_user(viewer.id)
    return current if current is not None and current.tenant_id == viewer.tenant_id else None


def replay(viewer: User, thread_id: str, after_seq: int) -> list[dict[str, Any]]:
    """The events of a viewer's thread after `after_seq`."""
    with scope(viewer.tenant_id):  # type: ignore[arg-type]
        return [event.model_dump(mode="json") for event in threads.find_events(viewer, thread_id, after_seq=after_seq)]


def take_question(viewer: User, client_id: str) -> bool:
    """Whether a question is heard for the first time; its sender names it, and names it the same when sending it again."""
    return bool(cache.add(f"question:{viewer.id}:{client_id}", 1, timeout=3600))


def stop(viewer: User, turn_id: str) -> None:
    """Ask a running turn of the viewer's to end early."""
    with scope(viewer.tenant_id):  # type: ignore[arg-type]
        threads.stop_turn(viewer, turn_id)
