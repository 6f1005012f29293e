"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com): symmetric, HMAC-SHA256, version `v1`."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"
# The standard asks for 24 to 64 bytes.
SECRET_BYTES = 32
SHORTEST, LONGEST = 24, 64


def make_secret() -> str:
    """A new random secret: `whsec_` and the base64 of 32 bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def read_secret(secret: str) -> bytes:
    """The key behind a secret. Raises ValueError where it is no base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("a webhook's secret is base64") from error
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a webhook's secret has {SHORTEST} to {LONGEST} bytes, not {len(key)}")
    return key


def sign(body: bytes, *, message_id: str, at: datetime, secret: str) -> dict[str, str]:
    """The headers of a message: its id, the second at which it is sent (aware), and the signature over both and the body."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join([message_id.encode(), timestamp.encode(), body])
    digest = hmac.new(read_secret(secret), signed, hashlib.sha256).digest()
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}
