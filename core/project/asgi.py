"""The ASGI application: HTTP by Django, sockets by Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

import core.project.celery  # so that tasks are sent by our Celery application
from web.sockets import ChatConsumer, LiveConsumer

SOCKETS = [path("ws/chat/", ChatConsumer.as_asgi()), path("ws/live/", LiveConsumer.as_asgi())]

application = ProtocolTypeRouter({"http": http, "websocket": AllowedHostsOriginValidator(URLRouter(SOCKETS))})
