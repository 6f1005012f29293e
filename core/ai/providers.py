"""A model that an installation or a tenant set up: where it is, what it may cost, and the three roles made of it.

Django is not needed here: `evosense analyse --provider ollama` makes one from the environment, a tenant's comes from its
settings (core/ai/tenants.py).
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from core.ai.roles import ChatModel, Embedder, ProviderError, VectorAnalyser

Kind = Literal["ollama", "n8n"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderConfig:
    """One provider as it is called. `timeout_seconds` is for one call from its first byte to its last; budgets of 0 are none."""

    kind: Kind
    base_url: str
    model: str = ""
    id: str = ""
    secret: str = ""
    timeout_seconds: float = 60.0
    daily_calls: int = 0
    daily_tokens: int = 0
    allows_private: bool = True
    caches_replies: bool = False

    def __repr__(self) -> str:
        """Without the secret, and without the address, which for n8n is one too."""
        return f"ProviderConfig(kind={self.kind!r}, model={self.model!r}, id={self.id!r})"


class Meter(Protocol):
    """Counts what a provider costs."""

    def begin_call(self) -> None:
        """Another call is about to be made. Raises ProviderError ("budget") where none is left."""
        ...

    def count_tokens(self, tokens: int) -> None:
        """So many tokens were read and written."""
        ...


class FreeMeter:
    """Counts nothing: where nobody set a budget."""

    def begin_call(self) -> None:
        """Every call may be made."""

    def count_tokens(self, tokens: int) -> None:
        """Nobody asks."""


def clean_base_url(address: str) -> str:
    """A model server's address as it is called: scheme, host and path, no slash at its end. Raises ValueError with a sentence."""
    try:
        parts = urlsplit(address.strip())
        _ = parts.port
    except ValueError:
        raise ValueError("The address can't be read.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The address must begin with http:// or https:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("The address must not hold a user or a password.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{query}"


def make_chat_model(config: ProviderConfig, *, meter: Meter | None = None, cache: Any = None) -> ChatModel:
    """The provider as a chat model. `cache` is a LangChain cache for whole replies, which n8n has no use for."""
    if config.kind == "ollama":
        from core.ai.ollama.chat import OllamaChat

        return OllamaChat(config, meter=meter or FreeMeter(), cache=cache)
    from core.ai.n8n.chat import N8nChat

    return N8nChat(config, meter=meter or FreeMeter())


def make_model_analyser(config: ProviderConfig, *, meter: Meter | None = None, cache: Any = None) -> VectorAnalyser:
    """The provider as an analyser; its vectors are the embedded embedder's."""
    if config.kind == "ollama":
        from core.ai.ollama.analyser import OllamaAnalyser

        return OllamaAnalyser(config, meter=meter or FreeMeter(), cache=cache)
    from core.ai.n8n.analyser import N8nAnalyser

    return N8nAnalyser(config, meter=meter or FreeMeter())


def make_model_embedder(config: ProviderConfig, *, meter: Meter | None = None) -> Embedder:
    """The provider as an embedder. Raises ProviderError for n8n, which has no such role."""
    if config.kind != "ollama":
        raise ProviderError(f"{config.kind} does not embed.")
    from core.ai.ollama.embedder import OllamaEmbedder

    return OllamaEmbedder(config, meter=meter or FreeMeter())
