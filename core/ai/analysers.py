"""Which analyser answers: one place that everybody asks, so that a chain of providers can stand behind it."""

import threading
import uuid

from core.ai.providers import ProviderConfig, make_model_analyser
from core.ai.roles import ProviderError, VectorAnalyser

EMBEDDED = "embedded"
PROVIDERS = (EMBEDDED, "ollama", "n8n")
_lock = threading.Lock()


def get_analyser(provider: str = EMBEDDED, *, config: ProviderConfig | None = None) -> VectorAnalyser:
    """The process's analyser of a provider, made when it is first asked for; one of a model server is made of its `config`.

    Raises ProviderError for an unknown provider, and for a model server that nobody set up.
    """
    if provider not in PROVIDERS:
        raise ProviderError(f"There is no analyser {provider!r} in this installation; it has: {', '.join(PROVIDERS)}.")
    if provider != EMBEDDED:
        if config is None:
            raise ProviderError(f"The provider {provider!r} is not set up.")
        return make_model_analyser(config)
    from core.ai.embedded.analyser import get_embedded_analyser

    with _lock:
        return get_embedded_analyser()


def get_tenant_analyser(tenant_id: uuid.UUID | str, embedded: VectorAnalyser | None = None) -> VectorAnalyser:
    """Who analyses what is new in a tenant: the chain of the providers that it chose, or the embedded analyser itself."""
    from core.ai.tenants import find_analyser
    from core.tenancy import scope

    with scope(tenant_id):
        return find_analyser(embedded or get_analyser())


def get_tenant_version(tenant_id: uuid.UUID | str, embedded: VectorAnalyser | None = None) -> VectorAnalyser:
    """The first of those who analyse in a tenant, alone: for what must be of one version, such as a re-scoring."""
    from core.ai.chain import ChainAnalyser

    analyser = get_tenant_analyser(tenant_id, embedded)
    return analyser.make_first() if isinstance(analyser, ChainAnalyser) else analyser


def find_version(name: str, version: str) -> VectorAnalyser | None:
    """The analyser of exactly this name and version, or None where this installation cannot run it: an update took it away.

    A model's is one of the providers that the open scope's tenant has; without an open scope there is none.
    """
    if name not in PROVIDERS:
        return None
    if name != EMBEDDED:
        from core.ai.tenants import find_model_version

        return find_model_version(name, version)
    analyser = get_analyser(name)
    return analyser if analyser.version == version else None
