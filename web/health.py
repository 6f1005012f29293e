"""Is EvoSense alive, is it ready, and which part is not."""

import asyncio
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from celery import current_app
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

from core.heartbeats import BEAT, LISTENER, is_alive

log = structlog.get_logger(__name__)

LAYER_SECONDS = 2.0


def live(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """The web process can do its work: database and queue answer."""
    return _reply({"database": _check(_ask_database), "queue": _check(_ask_queue), "web_bundle": _check(_find_bundle)})


def health(request: HttpRequest) -> JsonResponse:
    """Every part's state, those included that no page needs: without them nothing is analysed, heard or done on time."""
    return _reply(
        {
            "database": _check(_ask_database),
            "queue": _check(_ask_queue),
            "channel_layer": _check(_ask_channel_layer),
            "web_bundle": _check(_find_bundle),
            "worker": _check(_ask_worker),
            "listener": _check(lambda: is_alive(LISTENER)),
            "beat": _check(lambda: is_alive(BEAT)),
        }
    )


def _reply(parts: dict[str, str]) -> JsonResponse:
    well = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if well else "down", "parts": parts}, status=200 if well else 503)


def _check(ask: object) -> str:
    try:
        found = ask()  # type: ignore[operator]
    except Exception as error:
        log.warning("health.part_down", error=type(error).__name__)
        return f"down: {type(error).__name__}"
    return "ok" if found else "down"


def _ask_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _ask_queue() -> bool:
    cache.set("health", 1, timeout=10)
    return bool(cache.get("health") == 1)


def _ask_channel_layer() -> bool:
    async_to_sync(_send_round)(get_channel_layer())
    return True


async def _send_round(layer: Any) -> None:
    channel = await layer.new_channel("health")
    await layer.send(channel, {"type": "health"})
    async with asyncio.timeout(LAYER_SECONDS):
        await layer.receive(channel)


def _find_bundle() -> bool:
    return (settings.UI_BUNDLE / "index.html").exists()


def _ask_worker() -> bool:
    return bool(current_app.control.inspect(timeout=1.0).ping())
