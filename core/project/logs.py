"""Structured logs: one JSON object a line, with request id and tenant id, personal data masked before it is written."""

import re
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.privacy import mask, mask_for_log

# The address of a channel's webhook is its secret.
HOOK_ADDRESS = re.compile(r"(/hooks/[a-z0-9-]+/)[^/\s'\"]+")
API_KEY = re.compile(r"(evs_[a-z0-9]{8})_[A-Za-z0-9_-]+")
KEPT_AS_THEY_ARE = {"timestamp", "level", "logger", "event", "request_id", "tenant_id", "user_id", "took_ms", "status", "method"}


def mask_personal_data(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask personal data (e-mails, phones, documents, cards) and secrets of ours in every value of an entry, exceptions included."""
    clean = {key: hide_secrets(value) for key, value in entry.items()}
    return {key: value if key in KEPT_AS_THEY_ARE and key != "event" else mask_for_log(value) for key, value in clean.items()}


def hide_secrets(value: Any) -> Any:
    """A value without API keys and the secret addresses of webhooks, however deep they lie in it."""
    if isinstance(value, str):
        return HOOK_ADDRESS.sub(r"\1[hidden]", API_KEY.sub(r"\1_[hidden]", value))
    if isinstance(value, dict):
        return {key: hide_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [hide_secrets(inner) for inner in value]
    return value


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    mask_personal_data,
]


def configure_logs(level: str) -> dict[str, Any]:
    """Python's logging as JSON lines on standard error, for our own code and for libraries alike. What nobody catches is masked too."""
    sys.excepthook = write_uncaught
    threading.excepthook = lambda failed: write_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # By default Django mails a failed request to ADMINS, with what was posted and every local variable.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
            "axes": {"level": "WARNING"},
            # A line for each call would name gateways and their instances, at every probe.
            "httpx": {"level": "WARNING"},
        },
    }


def write_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """An exception that ends a process or a thread, as Python writes it, without personal data and secrets of ours."""
    written = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(mask(str(hide_secrets(written))).text)


class RequestLogMiddleware:
    """Give each request an id, take the caller's where it is one, and log how the request ended."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self.call_async(request)
        began = self._begin(request)
        response: HttpResponse = self.get_response(request)
        return self._end(request, response, began)

    async def call_async(self, request: HttpRequest) -> HttpResponseBase:
        began = self._begin(request)
        response: HttpResponse = await self.get_response(request)
        return self._end(request, response, began)

    @staticmethod
    def _begin(request: HttpRequest) -> float:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=read_request_id(request.headers.get("X-Request-ID", "")))
        return time.monotonic()

    @staticmethod
    def _end(request: HttpRequest, response: HttpResponse, began: float) -> HttpResponse:
        response["X-Request-ID"] = structlog.contextvars.get_contextvars()["request_id"]
        if not request.path.startswith(("/static/", "/health/")):
            structlog.get_logger("evosense.http").info(
                "request.ended",
                method=request.method,
                path=request.path,
                status=response.status_code,
                took_ms=round(1000 * (time.monotonic() - began)),
            )
        return response


def read_request_id(given: str) -> str:
    """The caller's request id where it is a plain token, else a new one: what is logged is never chosen freely."""
    plain = given.replace("-", "").replace("_", "")
    return given if 8 <= len(given) <= 64 and plain.isalnum() and plain.isascii() else str(uuid.uuid4())
