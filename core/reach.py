"""Which addresses a call may reach: a name is looked up once, judged, and the very address that was judged is connected to.

Whoever looks a name up, finds it harmless and lets another library look it up again can be led elsewhere in between (DNS rebinding).
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class NotPublicError(OSError):
    """The address lies in a private network, which this installation does not allow."""


def find_public(host: str, port: int) -> str:
    """An address of a host, all of whose addresses are public ones.

    Raises NotPublicError where one is not, OSError or UnicodeError where there is none.
    """
    addresses = [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not addresses or not all(is_public(one) for one in addresses):
        raise NotPublicError("the address lies in a private network, which this installation does not allow")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the whole internet."""
    return ipaddress.ip_address(address.partition("%")[0]).is_global


class PinnedBackend(httpcore.NetworkBackend):
    """Connects as httpcore does; where `allows_private` is false, to public addresses alone."""

    def __init__(self, *, allows_private: bool) -> None:
        self._plain = httpcore.SyncBackend()
        self._allows_private = allows_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        reached = host
        if not self._allows_private:
            try:
                reached = find_public(host, port)
            except NotPublicError as error:
                raise httpcore.ConnectError(str(error)) from error
            except (OSError, UnicodeError) as error:
                raise httpcore.ConnectError("the host name is not known") from error
        return self._plain.connect_tcp(reached, port, timeout, local_address, socket_options)


class PinnedTransport(httpx.HTTPTransport):
    """A transport for synchronous clients over a backend of ours: no proxy of the environment."""

    def __init__(self, *, backend: httpcore.NetworkBackend, context: ssl.SSLContext, max_connections: int) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=max_connections, keepalive_expiry=5.0, network_backend=backend
        )
