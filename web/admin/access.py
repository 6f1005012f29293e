"""Who sees which part of Django admin."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin

from core.models import Role, User
from core.tenancy import find_current_tenant_id


def is_tenant_admin(request: HttpRequest) -> bool:
    """An administrator of one tenant."""
    user = request.user
    return isinstance(user, User) and user.is_active and user.tenant_id is not None and user.role == Role.ADMIN


def runs_installation(request: HttpRequest) -> bool:
    """Someone who runs the installation."""
    user = request.user
    return isinstance(user, User) and user.is_active and user.runs_installation


class TenantRowAdmin(ModelAdmin):
    """A table of one tenant: shown inside a scope, to those who may work on it."""

    def _may(self, request: HttpRequest) -> bool:
        return find_current_tenant_id() is not None and (is_tenant_admin(request) or runs_installation(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)
