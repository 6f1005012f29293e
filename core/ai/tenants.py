"""The providers that a tenant chose, as the three roles: read from its settings, in its open scope."""

import uuid
from collections.abc import Callable
from typing import Any, Literal

import structlog
from django.conf import settings

from core.ai.chain import ChainAnalyser, run_chain
from core.ai.guard import Guard
from core.ai.providers import ProviderConfig, make_model_analyser, make_model_embedder
from core.ai.roles import Vector, VectorAnalyser, pad_vector
from core.crypto import SecretUnreadableError
from core.models import ProviderSetting, VectorSet
from core.privacy import mask
from core.tenancy import find_current_tenant_id, get_current_tenant_id

log = structlog.get_logger(__name__)

SEARCH_SECONDS = 5.0
Role = Literal["analyses", "plans", "phrases", "embeds"]


def find_configs(role: Role) -> list[ProviderConfig]:
    """The open scope's active providers of a role, first one first. One whose secret can't be read is left out, and told."""
    found = []
    for row in ProviderSetting.objects.filter(is_active=True, **{role: True}).order_by("order", "created_at"):
        try:
            found.append(make_config(row))
        except SecretUnreadableError:
            log.error("provider.skipped", role=role, provider=row.kind, provider_id=str(row.id), reason="secret")
    return found


def make_config(row: ProviderSetting) -> ProviderConfig:
    """A setting as it is called. Raises SecretUnreadableError."""
    return ProviderConfig(
        kind=row.kind,  # type: ignore[arg-type]
        id=str(row.id),
        base_url=row.base_url,
        model=row.model,
        secret=row.secret,
        timeout_seconds=float(row.timeout_seconds),
        daily_calls=row.daily_calls,
        daily_tokens=row.daily_tokens,
        allows_private=settings.MODEL_PRIVATE_ADDRESSES,
        caches_replies=row.caches_replies and row.kind == ProviderSetting.Kind.OLLAMA,
    )


def find_analyser(embedded: VectorAnalyser) -> VectorAnalyser:
    """The open scope's analyser: its chain, or the embedded one itself where the tenant chose none."""
    configs = find_configs("analyses")
    tenant_id = get_current_tenant_id()
    return ChainAnalyser(tenant_id, configs, embedded=embedded, make_cache=make_cache) if configs else embedded


class SearchEmbedder:
    """Who turns a search into a vector: the model whose vectors the tenant's searches use, and the embedded one where that does not answer.

    Made in a scope, used outside of any.
    """

    def __init__(self, tenant_id: uuid.UUID, config: ProviderConfig | None) -> None:
        self._tenant_id = tenant_id
        self._config = config

    def embed(self, text: str) -> tuple[str, Vector]:
        """The name of the vector set to search in (TextVector.model), and the search's vector as it is stored."""
        configs = [self._config] if self._config is not None else []
        outcome = run_chain(self._tenant_id, configs, _embed_query(text), role="embedder", seconds=SEARCH_SECONDS)
        if outcome.value is not None:
            return outcome.value
        from core.ai.embedded.embedder import EmbeddedEmbedder

        embedder = EmbeddedEmbedder()
        return embedder.model, pad_vector(embedder.embed_query(mask(text).text))


def find_search_embedder() -> SearchEmbedder:
    """The open scope's embedder of searches: a chosen one as soon as its vectors are complete."""
    used = VectorSet.objects.filter(is_used=True).values_list("model", flat=True).first()
    configs = [config for config in find_configs("embeds") if make_model_embedder(config).model == used] if used else []
    return SearchEmbedder(get_current_tenant_id(), configs[0] if configs else None)


def _embed_query(text: str) -> Callable[[ProviderConfig, Guard], tuple[str, Vector]]:
    def work(config: ProviderConfig, guard: Guard) -> tuple[str, Vector]:
        embedder = make_model_embedder(config, meter=guard)
        return embedder.model, pad_vector(embedder.embed_query(text))

    return work


def find_model_version(name: str, version: str) -> VectorAnalyser | None:
    """The analyser of the open scope's tenant that goes by this name and version, or None; None without a scope."""
    tenant_id = find_current_tenant_id()
    if tenant_id is None:
        return None
    for config in find_configs("analyses"):
        analyser = make_model_analyser(config, meter=Guard(tenant_id, config), cache=make_cache(tenant_id, config))
        if (analyser.name, analyser.version) == (name, version):
            return analyser
    return None


def make_cache(tenant_id: uuid.UUID | str, config: ProviderConfig) -> Any:
    """A cache for the replies of a provider that keeps them, for one use of it; None for another."""
    if not config.caches_replies:
        return None
    from core.ai.reply_cache import make_reply_cache

    return make_reply_cache(tenant_id, config)
