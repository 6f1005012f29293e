"""The providers that a tenant chose, as the three roles: read from its settings, in its open scope."""

import uuid
from collections.abc import Sequence
from typing import Any, Literal

import structlog
from django.conf import settings

from core.ai.chain import ChainAnalyser
from core.ai.guard import Guard
from core.ai.providers import ProviderConfig, make_model_analyser
from core.ai.roles import VectorAnalyser
from core.crypto import SecretUnreadableError
from core.models import ProviderSetting
from core.tenancy import find_current_tenant_id, get_current_tenant_id

log = structlog.get_logger(__name__)

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
    return ChainAnalyser(tenant_id, configs, embedded=embedded, caches=make_caches(tenant_id, configs)) if configs else embedded


def find_model_version(name: str, version: str) -> VectorAnalyser | None:
    """The analyser of the open scope's tenant that goes by this name and version, or None; None without a scope."""
    tenant_id = find_current_tenant_id()
    if tenant_id is None:
        return None
    for config in find_configs("analyses"):
        cache = make_caches(tenant_id, [config]).get(config.id)
        analyser = make_model_analyser(config, meter=Guard(tenant_id, config), cache=cache)
        if (analyser.name, analyser.version) == (name, version):
            return analyser
    return None


def make_caches(tenant_id: uuid.UUID | str, configs: Sequence[ProviderConfig]) -> dict[str, Any]:
    """A cache for the replies of each provider that keeps them."""
    if not any(config.caches_replies for config in configs):
        return {}
    from core.ai.reply_cache import get_reply_cache

    cache = get_reply_cache(tenant_id)
    return {config.id: cache for config in configs if config.caches_replies}
