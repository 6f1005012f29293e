"""Who calls a tool: the API key of the connection, never an argument that a model fills."""

from contextvars import ContextVar

from core.api_keys import find_key
from core.errors import VisibleError
from core.models import ApiKey
from web.api.door import admit_key

_key: ContextVar[ApiKey] = ContextVar("evosense_mcp_key")
_raw: ContextVar[str | None] = ContextVar("evosense_mcp_raw", default=None)


def set_key(key: ApiKey, *, raw: str | None = None) -> None:
    """Say whose calls follow in this context. `raw` is given for a connection that lasts: its key may end before it does."""
    _key.set(key)
    _raw.set(raw)


def get_key() -> ApiKey:
    """The key of the connection. Raises LookupError where nobody was let in."""
    return _key.get()


def check_key() -> ApiKey:
    """The key of the call that begins now. Raises VisibleError where a lasting connection's key holds no longer, or calls too often."""
    raw = _raw.get()
    if raw is None:  # over HTTP each message was let in by itself
        return get_key()
    key = find_key(raw)
    if key is None:
        raise VisibleError("not_signed_in")
    admit_key(key, key_scope=None)
    return key
