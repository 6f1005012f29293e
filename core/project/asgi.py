"""The ASGI application: HTTP by Django, sockets by Channels."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OneThreadHandler(ASGIHandler):
    """Django's handler with the whole of a request in one thread: every view and middleware of ours is synchronous.

    Django's own would go back into the event loop behind the middleware, and into a thread again for each hook and for the view.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002  (Django's signature)
        """The chain for one thread, whatever is asked for."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the request's own thread."""
        response: HttpResponseBase = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        return response


django.setup(set_prefix=False)
http = OneThreadHandler()

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
