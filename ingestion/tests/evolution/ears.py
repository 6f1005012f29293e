"""Listeners as tests hold them, in a thread or as a process that can be killed, and a way to PostgreSQL that can be cut."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from ingestion.evolution.listener import Listener

LOOPBACK = "127.0.0.1"
CHECKOUT = Path(__file__).parents[3]


class ListenerThread:
    """A listener in a thread of its own. `stop` ends it as SIGTERM does."""

    def __init__(self, *, holder: str | None = None, lease_seconds: float = 2.0) -> None:
        self.listener = Listener(holder=holder, lease_seconds=lease_seconds, round_seconds=0.2)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()

    def is_connected(self) -> bool:
        """Whether every channel's WebSocket is open, there being at least one."""
        channels = list(self.listener.channels.values())
        return bool(channels) and all(channel.listening_since is not None for channel in channels)

    def count(self, name: str) -> int:
        """A count of the channels' queues, or of the channels."""
        channels = list(self.listener.channels.values())
        return sum(getattr(channel.queue if hasattr(channel.queue, name) else channel, name) for channel in channels)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self.listener.run())
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        # Whoever still asks a gateway ends with its answer, before the run's database goes.
        for pool in self.listener._pools.executors:
            pool.shutdown(wait=True)
        self._loop.close()


class ListenerProcess:
    """`python -m core.project.listen`."""

    def __init__(self, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.project.listen"], cwd=CHECKOUT, env={**os.environ, "LOG_LEVEL": "WARNING", **environment}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """kill -9."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def terminate(self) -> int:
        """Ask it to end; its exit code. Raise subprocess.TimeoutExpired where it takes long."""
        self._process.terminate()
        return self._process.wait(timeout=60)


class Relay:
    """A way to a database that can be cut: whoever uses it sees what a database that is down shows."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._port = int(parts.port or query.get("port") or 5432)
        self._host = query.get("host") or parts.hostname or LOOPBACK
        self._ends: list[socket.socket] = []
        self._is_cut = False
        self._changing = threading.Lock()  # no connection is made while they are broken: it would outlive the cut
        self._server = socket.create_server((LOOPBACK, 0))
        self._server.settimeout(0.05)
        address = f"{parts.netloc.rpartition('@')[0]}@{LOOPBACK}:{self._server.getsockname()[1]}"
        self.url = parts._replace(netloc=address, query="").geturl()
        self._is_closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_closed = True
        self.cut()
        self._server.close()

    def cut(self) -> None:
        """Break every connection, and each that is tried from now on."""
        with self._changing:
            self._is_cut = True
            for end in self._ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self._ends.clear()

    def mend(self) -> None:
        self._is_cut = False

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                near, _ = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with self._changing:
                if self._is_cut:
                    near.close()
                    continue
                near.settimeout(None)
                far = self._connect()
                self._ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=_copy, args=[source, target], daemon=True).start()

    def _connect(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return far


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
