"""A tenant's list of themes, and the reading of its history with a list that has changed."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from core.models import Theme, ThemeSearch
from core.tenancy import get_current_tenant_id
from ingestion.promotion import lock_tenant
from ingestion.themes.again import begin_reading, count_waiting, stop_reading
from ingestion.themes.tasks import queue_reading
from web.admin.access import TenantRowAdmin


@admin.register(Theme)
class ThemeAdmin(TenantRowAdmin):
    """The list; above it, how many conversations have no theme, and a button that has all of them compared with it."""

    list_display = ("name", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    fields = ("name", "examples", "is_active")
    list_before_template = "admin/themes/reading.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("reading/<slug:deed>/", wrap(self.reading_view), name="core_theme_reading"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with how its reading stands."""
        response: HttpResponse = super().changelist_view(request, {**(extra_context or {}), **self._describe(request)})
        return response

    def reading_view(self, request: HttpRequest, deed: str) -> HttpResponse:
        """Have the history read with today's list, or stop that."""
        if not self._may(request):
            raise PermissionDenied
        if request.method == "POST" and deed in ("read", "stop"):
            with transaction.atomic():
                lock_tenant()
                if deed == "stop":
                    stop_reading()
                    messages.info(request, gettext("Stopped. What was compared already keeps its theme."))
                elif not Theme.objects.filter(is_active=True).exists():
                    messages.error(request, gettext("There is no theme in use. Add one first."))
                else:
                    begin_reading(is_whole=True)
                    tenant_id = get_current_tenant_id()
                    transaction.on_commit(lambda: queue_reading(tenant_id))
        return HttpResponseRedirect(reverse("admin:core_theme_changelist"))

    def _describe(self, request: HttpRequest) -> dict[str, Any]:
        if not self._may(request):
            return {}
        search = ThemeSearch.objects.first()
        return {
            "search": search,
            "is_reading": bool(search and search.is_reading),
            "to_compare": count_waiting(is_whole=True),
            "without_theme": count_waiting(is_whole=False),
            "has_themes": Theme.objects.filter(is_active=True).exists(),
        }
