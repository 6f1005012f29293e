"""Is EvoSense alive, is it ready, and which part is not."""

import structlog
from celery import current_app
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

log = structlog.get_logger(__name__)


def live(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """The web process can do its work: database and queue answer."""
    return _reply({"database": _check(_ask_database), "queue": _check(_ask_queue), "web_bundle": _check(_find_bundle)})


def health(request: HttpRequest) -> JsonResponse:
    """Every part's state, the worker included."""
    return _reply(
        {
            "database": _check(_ask_database),
            "queue": _check(_ask_queue),
            "channel_layer": _check(get_channel_layer),
            "web_bundle": _check(_find_bundle),
            "worker": _check(_ask_worker),
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


def _find_bundle() -> bool:
    return (settings.UI_BUNDLE / "index.html").exists()


def _ask_worker() -> bool:
    return bool(current_app.control.inspect(timeout=1.0).ping())
