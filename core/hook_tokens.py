"""The secret in a channel's webhook address: it names tenant and channel by itself, so that no table is searched across tenants.

A token is 48 bytes, URL-safe: the tenant's id, the channel's id, and 16 bytes of an HMAC over both and the channel's own nonce.
Changing the nonce makes the old address worthless.
"""

import base64
import hashlib
import hmac
import uuid
from typing import NamedTuple

from django.conf import settings

_MAC_BYTES = 16


class HookAddress(NamedTuple):
    """Where a webhook leads, before its MAC was checked."""

    tenant_id: uuid.UUID
    channel_id: uuid.UUID
    mac: bytes


def make_hook_token(*, tenant_id: uuid.UUID, channel_id: uuid.UUID, nonce: str) -> str:
    """The token of a channel's webhook address."""
    body = tenant_id.bytes + channel_id.bytes
    return base64.urlsafe_b64encode(body + _sign(body, nonce)).decode()


def read_hook_token(token: str) -> HookAddress | None:
    """What a token says of itself, None where it is no token at all."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 32 + _MAC_BYTES:
        return None
    return HookAddress(uuid.UUID(bytes=raw[:16]), uuid.UUID(bytes=raw[16:32]), raw[32:])


def is_genuine(address: HookAddress, *, nonce: str) -> bool:
    """Whether the token was made for this channel with its present nonce."""
    body = address.tenant_id.bytes + address.channel_id.bytes
    return bool(nonce) and hmac.compare_digest(address.mac, _sign(body, nonce))


def _sign(body: bytes, nonce: str) -> bytes:
    key = hashlib.sha256(b"evosense hook" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, body + nonce.encode(), hashlib.sha256).digest()[:_MAC_BYTES]
