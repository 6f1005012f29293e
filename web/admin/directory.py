"""Tenants and the people who sign in."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from core.models import Tenant, User
from web.admin.access import is_tenant_admin, runs_installation
from web.admin_scope import SESSION_KEY

# Roles say what a person may do; Django's groups would be a second answer to the same question.
if admin.site.is_registered(Group):
    admin.site.unregister(Group)


@admin.register(Tenant)
class TenantAdmin(ModelAdmin):
    list_display = ("name", "slug", "time_zone", "language")
    search_fields = ("name", "slug")
    fields = (
        "name", "slug", "time_zone", "language", "reply_limit_minutes", "episode_gap_hours", "counts_corrections", "person_minute_limit",
        "person_day_limit", "tenant_minute_limit", "tenant_day_limit",
    )  # fmt: skip
    actions_row = ("work_in",)

    @action(description=_("Work in this tenant"), url_path="work-in", permissions=["work_in"])
    def work_in(self, request: HttpRequest, object_id: str) -> HttpResponseRedirect:
        """Choose whose channels, agents, themes and imports are shown from now on."""
        tenant = get_object_or_404(Tenant, id=object_id)
        request.session[SESSION_KEY] = str(tenant.id)
        messages.success(request, gettext("You now work in %(tenant)s.") % {"tenant": tenant.name})
        return HttpResponseRedirect(reverse("admin:core_channel_changelist"))

    def has_work_in_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return runs_installation(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> tuple[str, ...]:
        return () if runs_installation(request) else ("slug",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return runs_installation(request) or is_tenant_admin(request)

    def has_view_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return runs_installation(request)

    def has_change_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        # With a tenant go its conversations, which nobody sees from here: that is not a click's work.
        return False


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "name", "role", "language")


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "email", "role", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # A person's threads and sessions are their tenant's, so a person does not move to another.
        return ("created_at",) if obj is None else ("created_at", "tenant")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        directory = ("tenant",) if runs_installation(request) else ()
        person = ("email", "name", "role", "language", *directory)
        if obj is None:
            return ((None, {"fields": (*person, "usable_password", "password1", "password2")}),)
        return ((None, {"fields": (*person, "is_active", "password", "created_at")}),)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: Any = None, **options: Any) -> "type[ModelForm[User]]":
        options["exclude"] = ("tenant",) if obj is not None or not runs_installation(request) else ()
        return super().get_form(request, obj, change=bool(change), **options)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """A tenant's administrator adds people to their own tenant alone; PostgreSQL would refuse another."""
        if isinstance(request.user, User) and not request.user.runs_installation:
            obj.tenant_id = request.user.tenant_id
        super().save_model(request, obj, form, change)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return runs_installation(request) or is_tenant_admin(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # A person's threads go with them; switching "may sign in" off keeps both.
        return self.has_module_permission(request) and obj != request.user
