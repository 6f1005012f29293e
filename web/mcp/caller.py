"""Who calls a tool: the API key of the connection, never an argument that a model fills."""

from contextvars import ContextVar

from core.models import ApiKey, User

_current: ContextVar[ApiKey] = ContextVar("evosense_mcp_key")


def set_key(key: ApiKey) -> None:
    """Say whose calls follow in this context."""
    _current.set(key)


def get_key() -> ApiKey:
    """The key of the call that is being answered. Raises LookupError where nobody was let in."""
    return _current.get()


def get_viewer() -> User:
    """The person whom the key acts as."""
    viewer: User = get_key().owner
    return viewer
