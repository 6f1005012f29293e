"""What a thread tells, as server-sent events of a response: each is sent when it is told, not when all of them are there."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator

from assistant.events import Event

# Whatever stands between us and a client cuts a connection on which nothing comes: a comment is sent meanwhile, in seconds.
QUIET_SECONDS = 15


class Relay:
    """Events from a thread that works to the loop that sends: `tell` from any thread, `listen` once, in the loop's own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: deque[Event | None] = deque()
        self._has_news: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell(self, event: Event | None) -> None:
        """Pass an event on; None after the last."""
        with self._lock:
            self._told.append(event)
            # A loop that has ended, with its client, hears nothing any more.
            if self._loop is not None and self._has_news is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._has_news.set)

    async def listen(self) -> AsyncIterator[bytes]:
        """Each event in the form of `text/event-stream`, as soon as it is told, until None is."""
        with self._lock:
            self._loop, self._has_news = asyncio.get_running_loop(), asyncio.Event()
            self._has_news.set()
        while True:
            try:
                await asyncio.wait_for(self._has_news.wait(), QUIET_SECONDS)
            except TimeoutError:
                yield b": still working\n\n"
                continue
            self._has_news.clear()
            while self._told:
                event = self._told.popleft()
                if event is None:
                    return
                yield write_event(event)


def write_event(event: Event) -> bytes:
    """One event as `text/event-stream` has it: its number, its type, and its body as JSON on one line."""
    return f"id: {event.seq}\nevent: {event.type}\ndata: {event.model_dump_json()}\n\n".encode()
