"""The bare HTTP server behind both stand-ins: requests are recorded, and every fault that any server can have is here."""

import json
import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.model_servers.faults import DRIP_SECONDS, Fault

LOOPBACK = "127.0.0.1"
# So long is whoever asked kept waiting: nobody who gives up by a time-out of their own, be it late, comes near it.
HELD_SECONDS = 600.0


@dataclass(slots=True)
class Request:
    """A request as it came: `headers` with lower-case names, `body` read from JSON."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class Reply:
    """What is sent: one JSON document, or many, a line each; or `raw` bytes of any kind, of none where `content_type` is None."""

    body: Any = None
    lines: list[Any] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str | None = "application/json; charset=utf-8"


class ModelServer(ABC):
    """A server on a port of its own while it is entered. `fault` may be changed at any time."""

    def __init__(self) -> None:
        self.fault: Fault = "none"
        self.delay_seconds = 0.0
        # Called with the number of each line of a reply that streams, before it is sent: it may hold the line back.
        self.before_line: Callable[[int], object] = _go_on
        self.requests: list[Request] = []
        self._closing = threading.Event()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = _Server((LOOPBACK, 0), handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    @property
    def url(self) -> str:
        if self.fault == "refused":
            return f"http://{LOOPBACK}:{find_closed_port()}"
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """What the server says where nothing is wrong with it, or where the fault is one of its replies."""

    def fail(self) -> Reply:
        """What it says where it can not do what was asked."""
        return Reply(status=500, body={"error": "out of memory"})

    @property
    def is_closing(self) -> bool:
        return self._closing.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, or less where the test is over."""
        self._closing.wait(seconds)


def _go_on(_number: int) -> None:
    """A line that is held back by nobody."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet where whoever asked went away, which is what a time-out is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: ModelServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, json.loads(raw) if raw else None)
        self.owner.requests.append(request)
        self.owner.wait(self.owner.delay_seconds)
        try:
            served = TRANSPORT_FAULTS.get(self.owner.fault)
            if served is not None:
                self.close_connection = True
                served(self)
            else:
                self._send(self.owner.answer(request))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.lines is not None:
            self.send_header("Content-Type", "application/x-ndjson")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for number, line in enumerate(reply.lines):
                self.owner.before_line(number)
                self._send_chunk((json.dumps(line) if not isinstance(line, bytes) else line.decode()).encode() + b"\n")
            self._send_chunk(b"")
            return
        content = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
        if reply.content_type is not None:
            self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()


def _hang(handler: _Handler) -> None:
    handler.owner.wait(HELD_SECONDS)


def _drip_headers(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(handler)


def _drip_body(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{")
    _drip(handler)


def _drip(handler: _Handler) -> None:
    ends_at = time.monotonic() + HELD_SECONDS
    while time.monotonic() < ends_at and not handler.owner.is_closing:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        handler.owner.wait(DRIP_SECONDS)


def _fail(handler: _Handler) -> None:
    handler._send(handler.owner.fail())


def _redirect(handler: _Handler) -> None:
    handler._send(Reply(status=302, body={}, headers={"Location": f"http://{LOOPBACK}:{handler.owner.port}/elsewhere"}))


def _send_garbage(handler: _Handler) -> None:
    handler._send(Reply(raw=b"<html><body>502 Bad Gateway</body></html>\n"))


def _send_other(handler: _Handler) -> None:
    handler._send(Reply(body={"message": "Workflow was started"}))


def _send_endless(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not handler.owner.is_closing:
        handler._send_chunk(b"x" * 1_000_000)


TRANSPORT_FAULTS: dict[str, Callable[[_Handler], None]] = {
    "hangs": _hang,
    "drips_headers": _drip_headers,
    "drips_body": _drip_body,
    "error_500": _fail,
    "redirects": _redirect,
    "garbage": _send_garbage,
    "not_a_reply": _send_other,
    "endless": _send_endless,
}


def find_closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
