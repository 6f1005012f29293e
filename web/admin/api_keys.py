"""API keys in Django admin: made by an administrator of the tenant, shown once, seen in use, revoked."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from core.api_keys import revoke_key, write_secret
from core.models import ApiKey, Scope, User
from core.tenancy import get_current_tenant_id
from web.admin.access import is_tenant_admin
from web.admin.health import LocalTimeAdmin, get_tenant, render_in_local_time


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom a key acts as and what it may do of that."""

    scopes = forms.MultipleChoiceField(label=_("may"), choices=Scope.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget)

    class Meta:
        model = ApiKey
        fields = ("name", "owner", "scopes", "calls_per_minute", "expires_at")


@admin.register(ApiKey)
class ApiKeyAdmin(LocalTimeAdmin):
    """A key is made by an administrator of its tenant alone: who runs the installation opens no conversations by one."""

    form = ApiKeyForm
    list_display = ("name", "shown_prefix", "owner", "shown_scopes", "shown_state", "calls_per_minute", "last_used_at", "expires_at")
    list_select_related = ("owner",)
    search_fields = ("name", "prefix", "owner__name")
    ordering = ("-created_at",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        fields = ("name", "owner", "scopes", "calls_per_minute", "expires_at")
        return fields if obj is None else (*fields, "shown_prefix", "shown_state", "created_at", "last_used_at", "revoked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        # A key that acted as one person never acts as another: what it did stays theirs.
        return () if obj is None else ("owner", "shown_prefix", "shown_state", "created_at", "last_used_at", "revoked_at")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "owner":
            options["queryset"] = User.objects.filter(tenant__id=get_current_tenant_id(), is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:  # noqa: FBT001 Django's signature
        if not change:
            # Kept on the request alone, for the page that follows: no cookie, session or log ever holds it.
            request.new_api_key = write_secret(obj)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """Show the new key: this page is the only place where it ever stands."""
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "title": gettext("Your new API key")}
        page = TemplateResponse(
            request,
            "admin/api_keys/created.html",
            {**shared, "key": obj, "raw": request.new_api_key},  # type: ignore[attr-defined]
        )
        page["Cache-Control"] = "no-store"
        return render_in_local_time(page)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Times are typed as they are shown: in the time zone of the tenant."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        with timezone.override(get_tenant().zone):
            return super().changeform_view(request, *args, **options)

    @display(description=_("begins with"), ordering="prefix")
    def shown_prefix(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @display(description=_("may"))
    def shown_scopes(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @display(description=_("state"), label={"holds": "success", "expired": "warning", "revoked": "danger", "asleep": "warning"})
    def shown_state(self, key: ApiKey) -> tuple[str, str]:
        if key.revoked_at is not None:
            return "revoked", gettext("Revoked")
        if not key.holds(clock=timezone.now()):
            return "expired", gettext("Expired")
        if not key.owner.is_active:
            return "asleep", gettext("Its owner may not sign in")
        return "holds", gettext("Valid")

    @action(description=_("Revoke the selected keys"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End them at once. A program that carries one gets 401 from its next call on."""
        keys = list(queryset.filter(revoked_at=None))
        for key in keys:
            revoke_key(key)
            self.log_change(request, key, gettext("Revoked"))
        self.message_user(request, gettext("Keys revoked: %(count)s.") % {"count": len(keys)})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and is_tenant_admin(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and is_tenant_admin(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Revoked keys stay, so that what was done with them can be told.
        return False
