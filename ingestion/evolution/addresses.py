"""Where a gateway may be: the one place that decides which addresses we speak to, and that builds them."""

import socket
from urllib.parse import quote, urlsplit

import aiohttp
from aiohttp.abc import ResolveResult
from django.conf import settings

from core.reach import NotPublicError, find_public, is_public
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

    This is for a sentence that a person understands: a name may lead elsewhere when it is looked up again, so what connects judges the
    very address that it connects to (`core/reach.py`, `PublicResolver`).
    """
    if settings.GATEWAY_PRIVATE_ADDRESSES:
        return
    parts = urlsplit(base_url)
    try:
        find_public(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except NotPublicError:
        raise GatewayError("rejected", "The gateway's address lies in a private network, which this installation does not allow.") from None
    except (OSError, UnicodeError):
        raise GatewayError("unreachable", "The gateway's host name is not known.") from None


class PublicResolver(aiohttp.ThreadedResolver):
    """Finds addresses for aiohttp, which connects to what it is given; where `GATEWAY_PRIVATE_ADDRESSES` is off, public ones alone."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if not settings.GATEWAY_PRIVATE_ADDRESSES and not all(is_public(one["host"]) for one in found):
            raise NotPublicError("the address lies in a private network, which this installation does not allow")
        return found
