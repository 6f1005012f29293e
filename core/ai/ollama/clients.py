"""LangChain's Ollama classes as we use them: with our deadline, no redirects, no proxy and no key of the environment."""

from typing import Any

from core.ai.deadline import DeadlineTransport
from core.ai.providers import ProviderConfig


def make_client_arguments(config: ProviderConfig) -> dict[str, Any]:
    """What ChatOllama and OllamaEmbeddings are given to speak with a server."""
    # Always a header of ours: without one the client takes OLLAMA_API_KEY of the environment to whatever address a tenant entered.
    headers = {"authorization": f"Bearer {config.secret}" if config.secret else "none"}
    return {
        "base_url": config.base_url,
        "client_kwargs": {"headers": headers, "follow_redirects": False, "timeout": config.timeout_seconds, "trust_env": False},
        "sync_client_kwargs": {"transport": DeadlineTransport(allows_private=config.allows_private)},
    }
