"""What is said where too many sign-ins failed: to a program in JSON, to a person on a page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import VisibleError
from web.api.assembly import api
from web.api.door import choose_language, reply_error


def respond(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """The locked door, with how long it stays so."""
    error = VisibleError("too_many", seconds=int(settings.AXES_COOLOFF_TIME.total_seconds()))
    if request.path.startswith("/api/"):
        return reply_error(api, request, error)
    page = render(request, "web/locked.html", {"message": error.say(choose_language(request))}, status=error.status)
    page["Retry-After"] = str(error.parameters["seconds"])
    return page
