"""API keys: made, found again, revoked. A key names its tenant by itself, so that no table is searched across tenants.

A key reads `evs_<prefix>_<body>`. The prefix (8 letters and digits) is what people know it by; the body is 57 bytes, URL-safe: the
tenant's id, the key's id, and 25 random bytes. What is stored is the SHA-256 of the whole: 200 random bits need no slow hash.
"""

import base64
import hashlib
import hmac
import re
import secrets
import string
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from core.errors import VisibleError
from core.limits import check_rate
from core.models import ApiKey, User
from core.tenancy import get_current_tenant_id, scope

MARK = "evs_"
KEY = re.compile(r"evs_[a-z0-9]{8}_[A-Za-z0-9_-]{76}")
_ALPHABET = string.ascii_lowercase + string.digits
_PREFIX_LENGTH, _SECRET_BYTES = 8, 25
_BODY_AT = len(MARK) + _PREFIX_LENGTH + 1


def make_key(
    *, owner: User, name: str, scopes: Sequence[str], calls_per_minute: int = 60, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key of the open scope's tenant, stored, and its secret, which is nowhere else: show it once."""
    key = ApiKey(owner=owner, name=name, scopes=list(scopes), calls_per_minute=calls_per_minute, expires_at=expires_at)
    raw = write_secret(key)
    key.save()
    return key, raw


def write_secret(key: ApiKey) -> str:
    """Give a key that is not stored yet its prefix and digest, and return what is to be shown once."""
    prefix = MARK + "".join(secrets.choice(_ALPHABET) for _ in range(_PREFIX_LENGTH))
    body = get_current_tenant_id().bytes + key.id.bytes + secrets.token_bytes(_SECRET_BYTES)
    raw = f"{prefix}_{base64.urlsafe_b64encode(body).decode()}"
    key.prefix, key.digest = prefix, _hash(raw)
    return raw


def find_key(raw: str) -> ApiKey | None:
    """The key that this is, with its owner, if it holds and its owner may sign in. Opens a scope of its own."""
    if not KEY.fullmatch(raw):
        return None
    body = base64.urlsafe_b64decode(raw[_BODY_AT:])
    tenant_id, key_id = uuid.UUID(bytes=body[:16]), uuid.UUID(bytes=body[16:32])
    with scope(tenant_id):
        key = ApiKey.objects.select_related("owner").filter(id=key_id).first()
        if key is None or not hmac.compare_digest(key.digest, _hash(raw)):
            return None
        return key if key.holds() and key.owner.is_active else None


def use_key(key: ApiKey) -> None:
    """Count a call. Raises VisibleError("too_many") beyond the key's rate; writes the last use down where that is old."""
    check_rate(f"api_key:{key.id}", most=key.calls_per_minute, seconds=60)
    clock = timezone.now()
    if key.last_used_at is None or clock - key.last_used_at >= ApiKey.USE_PRECISION:
        with scope(str(key.tenant_id)):
            ApiKey.objects.filter(id=key.id).update(last_used_at=clock)


def check_key_may(key: ApiKey, wanted: str) -> None:
    """Raise VisibleError("key_lacks_scope") where none of the key's scopes covers the wanted one."""
    if not key.may(wanted):
        raise VisibleError("key_lacks_scope", scope=wanted)


def revoke_key(key: ApiKey) -> None:
    """End a key at once and for good; one that is ended stays as it is."""
    ApiKey.objects.filter(id=key.id, revoked_at=None).update(revoked_at=timezone.now())


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
