"""Model providers of a tenant in Django admin: chosen, set in order, tested, and seen: how each is doing, what it was used today."""

import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from unfold.decorators import action, display

from core.ai.deadline import deadline
from core.ai.guard import Guard
from core.ai.providers import ProviderConfig, clean_base_url, make_chat_model, make_model_embedder
from core.ai.roles import ChatMessage, ProviderError
from core.ai.tenants import make_config
from core.crypto import SecretUnreadableError
from core.models import ProviderSetting, VectorSet
from core.tenancy import get_current_tenant_id
from ingestion.queueing import LATE, queue_once
from web.admin.access import TenantRowAdmin
from web.admin.gateway_forms import SecretWidget
from web.admin.health import ReadOnlyAdmin

TEST_SECONDS = 20.0
TEST_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["sentiment"],
    "additionalProperties": False,
    "properties": {"sentiment": {"enum": ["positive", "neutral", "negative"]}},
}
TEST_PROMPT = (
    ChatMessage(role="system", text="Label the sentiment of the customer's message. Reply with JSON of the given schema and nothing else."),
    ChatMessage(role="user", text='{"messages": [{"id": 1, "before": [], "text": "chegou tudo certo, muito obrigada!"}]}'),
)
REASONS = {
    "unreachable": _("nobody answers at its address"),
    "timeout": _("it did not answer in time"),
    "status": _("it answered with an error: look at the model's name, the address and the secret"),
    "garbage": _("its answer can't be read"),
    "schema": _("its answer is not what was asked for"),
    "budget": _("what it may cost today is used up"),
    "resting": _("it rests after failures"),
    "secret": _("its secret can't be read: enter it again"),
    "failed": _("it failed"),
}


class ProviderForm(forms.ModelForm):  # type: ignore[type-arg]
    """A provider's fields; its secret goes in and never comes out."""

    new_secret = forms.CharField(
        label=_("secret"),
        required=False,
        max_length=400,
        widget=SecretWidget(),
        help_text=_("Shown to the server as a bearer token. Leave it empty to keep the one that is stored."),
    )
    forgets_secret = forms.BooleanField(label=_("forget the stored secret"), required=False)

    class Meta:
        model = ProviderSetting
        fields = (
            "kind", "base_url", "model", "analyses", "plans", "phrases", "embeds", "order", "timeout_seconds", "daily_calls",
            "daily_tokens", "caches_replies", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("instance") is None:
            kwargs["initial"] = {"base_url": settings.OLLAMA_URL, "model": settings.OLLAMA_MODEL, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_base_url(self) -> str:
        try:
            return clean_base_url(self.cleaned_data["base_url"])
        except ValueError:
            raise ValidationError(
                _("Enter an address that begins with http:// or https:// and names a host, without user and password.")
            ) from None

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 Django's signature
        secret = self.cleaned_data["new_secret"].strip()
        if secret:
            self.instance.secret = secret
        elif self.cleaned_data["forgets_secret"]:
            self.instance.secret = ""
        return super().save(commit)


@admin.register(ProviderSetting)
class ProviderSettingAdmin(TenantRowAdmin):
    """The chain of a tenant, in its order; behind the last row stands the embedded provider."""

    form = ProviderForm
    list_display = ("__str__", "does", "order", "health", "used_today", "is_active")
    list_filter = ("kind", "is_active")
    ordering = ("order", "created_at")
    actions = ("test",)
    fieldsets = (
        (None, {"fields": ("kind", "base_url", "model", "new_secret", "forgets_secret", "is_active")}),
        (_("What it is asked for"), {"fields": ("analyses", "plans", "phrases", "embeds", "order")}),
        (_("What it may cost"), {"fields": ("timeout_seconds", "daily_calls", "daily_tokens", "caches_replies")}),
    )

    @display(description=_("asked for"))
    def does(self, row: ProviderSetting) -> str:
        """What it is asked for, in words."""
        roles = {"analyses": _("analysis"), "plans": _("questions"), "phrases": _("phrased answers"), "embeds": _("embeddings")}
        return ", ".join(str(words) for field, words in roles.items() if getattr(row, field)) or "—"

    @display(description=_("state"))
    def health(self, row: ProviderSetting) -> str:
        """How it is doing, as the breaker sees it."""
        try:
            health = Guard(get_current_tenant_id(), make_config(row)).get_health()
        except SecretUnreadableError:
            return str(REASONS["secret"])
        except (RedisError, OSError):
            return "—"
        if health.is_resting:
            minutes = max(1, round((health.rests_until - time.time()) / 60))
            return gettext("rests for %(minutes)s min: %(reason)s") % {"minutes": minutes, "reason": REASONS[health.reason or "failed"]}
        if health.failures:
            return gettext("failed %(times)s times: %(reason)s") % {"times": health.failures, "reason": REASONS[health.reason or "failed"]}
        return gettext("answers") if health.answered_at else gettext("not asked yet")

    @display(description=_("used today"))
    def used_today(self, row: ProviderSetting) -> str:
        """Calls and tokens of the day, with their limits."""
        try:
            spent = Guard(get_current_tenant_id(), make_config(row)).get_spent()
        except (SecretUnreadableError, RedisError, OSError):
            return "—"
        calls = f"{spent.calls}/{row.daily_calls}" if row.daily_calls else str(spent.calls)
        tokens = f"{spent.tokens}/{row.daily_tokens}" if row.daily_tokens else str(spent.tokens)
        return gettext("%(calls)s calls, %(tokens)s tokens") % {"calls": calls, "tokens": tokens}

    @action(description=_("Test the selected providers"))
    def test(self, request: HttpRequest, queryset: QuerySet[ProviderSetting]) -> None:
        """Ask each for a small thing, and say how it went and how long it took."""
        for row in queryset[:5]:
            began = time.monotonic()
            try:
                with deadline(TEST_SECONDS):
                    said = ask_small(make_config(row))
            except (ProviderError, SecretUnreadableError) as error:
                reason = error.reason if isinstance(error, ProviderError) else "secret"
                messages.error(request, gettext("%(provider)s: %(reason)s.") % {"provider": row, "reason": REASONS[reason]})
            else:
                seconds = f"{time.monotonic() - began:.1f}"
                words = {"provider": row, "seconds": seconds, "said": said}
                messages.success(request, gettext("%(provider)s answers as it should, in %(seconds)s s: %(said)s.") % words)

    def save_model(self, request: HttpRequest, obj: ProviderSetting, form: Any, change: bool) -> None:  # noqa: FBT001 Django's signature
        super().save_model(request, obj, form, change)
        self._fill_later()

    def delete_model(self, request: HttpRequest, obj: ProviderSetting) -> None:
        super().delete_model(request, obj)
        self._fill_later()

    def _fill_later(self) -> None:
        """Another embedder may be chosen now, or none."""
        tenant_id = str(get_current_tenant_id())
        transaction.on_commit(lambda: queue_once("ingestion.tasks.task_fill_vectors", tenant_id, priority=LATE))


@admin.register(VectorSet)
class VectorSetAdmin(ReadOnlyAdmin):
    """How far each set of vectors is, and which one searches use."""

    list_display = ("model", "state", "progress", "is_used", "trouble", "started_at", "completed_at")

    @display(description=_("progress"))
    def progress(self, row: VectorSet) -> str:
        """Texts done of all."""
        share = f" ({100 * row.done // row.total} %)" if row.total else ""
        return f"{row.done} / {row.total}{share}"

    @display(description=_("trouble"))
    def trouble(self, row: VectorSet) -> str:
        """Why it stands still, in words."""
        return str(REASONS.get(row.problem, "")) if row.problem else "—"


def ask_small(config: ProviderConfig) -> str:
    """A small thing of what the provider is there for, without counting it. Raises ProviderError."""
    row = ProviderSetting.objects.get(id=config.id)
    if row.embeds:
        vector = make_model_embedder(config).embed_query("entrega atrasada")
        return gettext("%(dimensions)s dimensions") % {"dimensions": len(vector)}
    return make_chat_model(config).complete(TEST_PROMPT, schema=TEST_SCHEMA)
