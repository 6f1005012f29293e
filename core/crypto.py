"""Secrets at rest: encrypted with a key that the database never holds, under several keys while they rotate.

`ENCRYPTION_KEYS` lists Fernet keys, newest first: the first encrypts, all of them decrypt. Where it is empty one key is derived from
`SECRET_KEY`, so that a small installation needs nothing more.
"""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SecretUnreadableError(RuntimeError):
    """A stored secret was encrypted under a key that this installation no longer has."""


def encrypt(secret: str) -> str:
    """The secret as it may be stored. An empty one stays empty."""
    return _get_cipher().encrypt(secret.encode()).decode() if secret else ""


def decrypt(stored: str) -> str:
    """The secret behind what `encrypt` gave. Raises SecretUnreadableError where no key fits."""
    if not stored:
        return ""
    try:
        return _get_cipher().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadableError("no key of ENCRYPTION_KEYS fits; add the one that encrypted this, or enter the secret again") from error


def rotate(stored: str) -> str:
    """The same secret under the newest key. Raises SecretUnreadableError where no key fits."""
    if not stored:
        return ""
    try:
        return _get_cipher().rotate(stored.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadableError("no key of ENCRYPTION_KEYS fits; add the one that encrypted this, or enter the secret again") from error


def _get_cipher() -> MultiFernet:
    return _make_cipher(settings.ENCRYPTION_KEYS, settings.SECRET_KEY)


@functools.lru_cache(maxsize=4)
def _make_cipher(keys: str, secret_key: str) -> MultiFernet:
    listed = [key.strip() for key in keys.split(",") if key.strip()]
    if not listed:
        if not secret_key:
            raise ImproperlyConfigured("Set ENCRYPTION_KEYS or SECRET_KEY: secrets are encrypted with one of them.")
        derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"evosense secrets at rest").derive(secret_key.encode())
        listed = [base64.urlsafe_b64encode(derived).decode()]
    return MultiFernet([Fernet(key) for key in listed])
