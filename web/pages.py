"""The web app's one page, served for each of its addresses; the bundle behind it is built by `make setup`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def app(request: HttpRequest, **_: str) -> HttpResponse:
    """The single page, never cached: it names the files of the newest bundle."""
    try:
        page = (settings.UI_BUNDLE / "index.html").read_bytes()
    except FileNotFoundError:
        return render(request, "web/no_bundle.html", status=503)
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    return render(request, "web/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side."""
    return render(request, "web/failed.html", status=500)
