"""Every HTTP route of EvoSense."""

from django.contrib import admin
from django.urls import path

from web import health, hooks, hooks_n8n, pages
from web.api.assembly import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("health/", health.health),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("hooks/evolution/<str:channel_token>", hooks.evolution),
    path("hooks/evolution/<str:channel_token>/<slug:event>", hooks.evolution),
    path("hooks/n8n/<str:channel_token>", hooks_n8n.n8n),
    path("", pages.app),
    path("sign-in", pages.app),
    path("t/<str:thread_id>", pages.app),
    path("c/<str:conversation_id>", pages.app),
]

handler404 = "web.pages.not_found"
handler500 = "web.pages.failed"
