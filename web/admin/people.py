"""The phones of the tenant's own people, what they asked to be told, and what they were told."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.models import UserPhone
from web.admin.gateway_words import write_phone
from web.admin.health import LocalTimeAdmin, ReadOnlyAdmin


@admin.register(UserPhone)
class UserPhoneAdmin(ReadOnlyAdmin):
    """Whose phone may ask questions. A phone is proven by its owner alone; here it can only be taken away."""

    list_display = ("shown_phone", "shown_user", "shown_verified", "verified_at")
    list_select_related = ("user",)
    search_fields = ("phone", "user__name")
    ordering = ("user__name", "phone")
    fields = ("shown_user", "phone", "verified_at")
    readonly_fields = fields

    @admin.display(description=_("phone"), ordering="phone")
    def shown_phone(self, phone: UserPhone) -> str:
        return write_phone(phone.phone)

    @display(description=_("state"), ordering="verified_at", label={"verified": "success", "waiting": "warning"})
    def shown_verified(self, phone: UserPhone) -> tuple[str, str]:
        if phone.verified_at:
            return "verified", gettext("Verified")
        return "waiting", gettext("Not verified: opens nothing")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


# By their names: packages beside this one are not imported.
@admin.register(apps.get_model("bots", "Subscription"))
class SubscriptionAdmin(LocalTimeAdmin):
    """What people asked to be told; they ask for it themselves, on WhatsApp."""

    list_display = ("shown_user", "kind", "shown_hours", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("user",)
    ordering = ("user__name", "kind")
    fields = ("shown_user", "kind", "hour", "quiet_from", "quiet_until", "is_active")
    readonly_fields = ("shown_user", "kind")

    @admin.display(description=_("quiet"))
    def shown_hours(self, subscription: Any) -> str:
        return f"{subscription.quiet_from:02}:00–{subscription.quiet_until:02}:00"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(apps.get_model("bots", "Alert"))
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("raised_at", "kind", "ended_at")
    list_filter = ("kind",)
    ordering = ("-raised_at",)
    fields = ("kind", "raised_at", "ended_at", "shown_facts")
    readonly_fields = fields

    @admin.display(description=_("figures"))
    def shown_facts(self, alert: Any) -> str:
        return ", ".join(f"{name}: {value}" for name, value in alert.facts.items())
