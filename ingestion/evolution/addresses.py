"""Where a gateway may be: the one place that decides which addresses we speak to, and that builds them."""

import ipaddress
import socket
from urllib.parse import quote, urlsplit

from django.conf import settings

from ingestion.evolution.errors import GatewayError


def clean_base_url(base_url: str) -> str:
    """A gateway's address as we use it: scheme, host and path, no query, no slash at its end. Raises GatewayError ("rejected")."""
    try:
        parts = urlsplit(base_url.strip())
        _ = parts.port
    except ValueError:
        raise GatewayError("rejected", "The gateway's address can't be read.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise GatewayError("rejected", "The gateway's address must begin with http:// or https:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise GatewayError("rejected", "The gateway's address must not hold a user or a password.")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def quote_instance(instance: str) -> str:
    """An instance's name as one segment of a path. Raises GatewayError ("rejected") for what would be another path."""
    if instance.strip() in ("", ".", ".."):
        raise GatewayError("rejected", "The instance's name is empty.")
    return quote(instance, safe="")


def check_reach(base_url: str) -> None:
    """Refuse an address inside our own network where `GATEWAY_PRIVATE_ADDRESSES` is off. Raises GatewayError.

    A name whose address changes between this look-up and the call can still lead inside; an installation whose tenants are
    strangers to it keeps its processes from that network by a firewall too.
    """
    if settings.GATEWAY_PRIVATE_ADDRESSES:
        return
    parts = urlsplit(base_url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise GatewayError("unreachable", "The gateway's host name is not known.") from None
    if any(not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found):
        raise GatewayError("rejected", "The gateway's address lies in a private network, which this installation does not allow.")
