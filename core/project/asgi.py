"""The ASGI application: HTTP by Django, sockets by Channels."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

import core.project.celery  # so that tasks are sent by our Celery application
from web.mcp.http import PATH, McpApplication
from web.sockets import ChatConsumer, LiveConsumer

# Channels routes its consumers by Django's paths, which are typed for views.
CONSUMERS: dict[str, Any] = {"ws/chat/": ChatConsumer.as_asgi(), "ws/live/": LiveConsumer.as_asgi()}
SOCKETS: list[Any] = [path(route, consumer) for route, consumer in CONSUMERS.items()]

mcp = McpApplication()


async def serve_http(scope: Any, receive: Any, send: Any) -> None:
    """Django's, but for the one address where other assistants call."""
    await (mcp if scope["path"].rstrip("/") == PATH else http)(scope, receive, send)


application = ProtocolTypeRouter({"http": serve_http, "websocket": AllowedHostsOriginValidator(URLRouter(SOCKETS))})
