"""Channels and agents of a tenant."""

from django.contrib import admin

from core.models import Agent, Channel
from web.admin.access import TenantRowAdmin


@admin.register(Channel)
class ChannelAdmin(TenantRowAdmin):
    list_display = ("name", "kind", "phone", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "phone")
    fields = ("name", "kind", "phone", "self_names", "is_active")


@admin.register(Agent)
class AgentAdmin(TenantRowAdmin):
    list_display = ("name", "created_at")
    search_fields = ("name",)
    fields = ("name",)
