"""HTTP to a model server that ends when it was said to, whatever the server does: nothing waits for ever on what we do not run.

An ordinary time-out is per read: a server that drips a byte a second never meets it. Here every wait on a socket (to connect, for a
header, for a byte) is cut to what is left of the whole call, and a reply is read up to a size and no further.
"""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from core.ai.roles import ProviderError
from core.reach import PinnedBackend, PinnedTransport

MAX_REPLY_BYTES = 16_000_000


@dataclass(slots=True)
class _Call:
    """What is left of a call: until when (monotonic seconds), and how many bytes more."""

    ends_at: float
    bytes_left: int = MAX_REPLY_BYTES


_current: ContextVar[_Call | None] = ContextVar("evosense_model_call", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Let every call inside end within so many seconds, or sooner where a deadline around this one ends sooner."""
    outer = _current.get()
    ends_at = time.monotonic() + seconds
    token = _current.set(_Call(min(ends_at, outer.ends_at) if outer else ends_at))
    try:
        yield
    finally:
        _current.reset(token)


def get_remaining() -> float | None:
    """Seconds that are left of the open deadline, never below zero; None where none is open."""
    call = _current.get()
    return None if call is None else max(0.0, call.ends_at - time.monotonic())


class DeadlineTransport(PinnedTransport):
    """A transport for synchronous clients that keeps the open deadline, follows no proxy of the environment and, where
    `allows_private` is false, reaches public addresses alone."""

    def __init__(self, *, allows_private: bool = True) -> None:
        super().__init__(backend=_Backend(allows_private=allows_private), context=_get_ssl_context(), max_connections=8)


class _Backend(PinnedBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(host, port, _cut(timeout, httpcore.ConnectTimeout), local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, plain: httpcore.NetworkStream) -> None:
        self._plain = plain

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._plain.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))
        call = _current.get()
        if call is not None:
            call.bytes_left -= len(data)
            if call.bytes_left < 0:
                raise httpcore.RemoteProtocolError("the reply is too long")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._plain.write(buffer, _cut(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._plain.start_tls(ssl_context, server_hostname, _cut(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)


def _cut(timeout: float | None, error: type[Exception]) -> float | None:
    """The time that may be waited now: the client's own, or what is left of the call where that is less."""
    left = get_remaining()
    if left is None:
        return timeout
    if left <= 0:
        raise error("the deadline of the call is over")
    return left if timeout is None else min(timeout, left)


_contexts: list[ssl.SSLContext] = []


def _get_ssl_context() -> ssl.SSLContext:
    """One for the process: making one reads the whole list of authorities."""
    if not _contexts:
        _contexts.append(httpx.create_ssl_context(trust_env=False))
    return _contexts[0]


@contextmanager
def reading_http_errors(provider: str) -> Iterator[None]:
    """Turn what httpx raises into a ProviderError with its reason. No address and no reply is in its words."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise ProviderError(f"{provider} did not answer in time.", reason="timeout") from error
    except (httpx.ConnectError, ConnectionError) as error:
        raise ProviderError(f"{provider} can not be reached.", reason="unreachable") from error
    except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
        raise ProviderError(f"{provider}'s reply can't be read: {type(error).__name__}.", reason="garbage") from error
    except httpx.HTTPError as error:
        raise ProviderError(f"The connection to {provider} broke: {type(error).__name__}.", reason="unreachable") from error
