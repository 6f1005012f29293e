"""What was read of exported chats, and what could not be. Nothing here is written by hand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.models import ImportRun
from web.admin.access import TenantRowAdmin


@admin.register(ImportRun)
class ImportRunAdmin(TenantRowAdmin):
    list_display = ("file_name", "channel", "started_at", "messages_new", "messages_known", "messages_updated", "problem_count")
    list_filter = ("channel",)
    search_fields = ("file_name",)
    fields = (*list_display, "variant", "system_lines", "finished_at", "problems")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
