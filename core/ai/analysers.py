"""Which analyser answers: one place that everybody asks, so that a chain of providers can stand behind it."""

import threading

from core.ai.roles import ProviderError, VectorAnalyser

PROVIDERS = ("embedded",)
_lock = threading.Lock()


def get_analyser(provider: str = "embedded") -> VectorAnalyser:
    """The process's analyser of a provider, made when it is first asked for. Raises ProviderError for an unknown one."""
    if provider not in PROVIDERS:
        raise ProviderError(f"There is no analyser {provider!r} in this installation; it has: {', '.join(PROVIDERS)}.")
    from core.ai.embedded.analyser import get_embedded_analyser

    with _lock:
        return get_embedded_analyser()


def find_version(name: str, version: str) -> VectorAnalyser | None:
    """The analyser of exactly this name and version, or None where this installation cannot run it: an update took it away."""
    if name not in PROVIDERS:
        return None
    analyser = get_analyser(name)
    return analyser if analyser.version == version else None
