"""Django admin inside a tenant's scope: a tenant's admin in theirs, those who run the installation in the one they chose."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.models import User
from core.tenancy import scope, unscoped_directory

SESSION_KEY = "acting_tenant_id"


class AdminScopeMiddleware:
    """Open the one scope that a request to Django admin runs in, and render its page inside it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        response = self._respond(request)
        # The admin's theme brings its own small scripts and evaluates its attributes; no other page may.
        response._csp_update = {"script-src": ["'unsafe-inline'", "'unsafe-eval'"], "style-src": ["'self'", "'unsafe-inline'"]}  # type: ignore[attr-defined]
        return response

    def _respond(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        tenant_id = find_acting_tenant_id(request)
        if isinstance(request.user, User) and request.user.runs_installation:
            with unscoped_directory(reason="django admin"):
                if tenant_id is None:
                    return self.get_response(request)
                with scope(tenant_id):
                    return self.get_response(request)
        if tenant_id is None:
            return self.get_response(request)
        with scope(tenant_id):
            return self.get_response(request)


def find_acting_tenant_id(request: HttpRequest) -> uuid.UUID | None:
    """The tenant whose rows this person works on in Django admin, or None where none is chosen yet."""
    user = request.user
    if not isinstance(user, User):
        return None
    if not user.runs_installation:
        return user.tenant_id
    chosen = request.session.get(SESSION_KEY)
    return uuid.UUID(chosen) if chosen else None
