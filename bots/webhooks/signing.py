"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com): symmetric, HMAC-SHA256, version `v1`."""

import base64
import hashlib
import hmac
import secrets as random_bytes
from collections.abc import Sequence
from datetime import datetime, timedelta

PREFIX = "whsec_"
# The standard asks for 24 to 64 bytes.
SECRET_BYTES = 32
SHORTEST, LONGEST = 24, 64
# For how long a secret that was replaced goes on signing beside the new one.
SECRET_OVERLAP = timedelta(hours=24)


def make_secret() -> str:
    """A new random secret: `whsec_` and the base64 of 32 bytes."""
    return PREFIX + base64.b64encode(random_bytes.token_bytes(SECRET_BYTES)).decode()


def read_secret(secret: str) -> bytes:
    """The key behind a secret. Raises ValueError where it is no base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("a webhook's secret is base64") from error
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a webhook's secret has {SHORTEST} to {LONGEST} bytes, not {len(key)}")
    return key


def sign(body: bytes, *, message_id: str, at: datetime, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of a message: its id, the second at which it is sent (aware), and a signature over both and the body by each secret.

    Several are divided by spaces: while a secret is changed, a receiver that knows either of the two can prove the message.
    """
    timestamp = str(int(at.timestamp()))
    signed = b".".join([message_id.encode(), timestamp.encode(), body])
    digests = [hmac.new(read_secret(secret), signed, hashlib.sha256).digest() for secret in secrets]
    signatures = " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signatures}
