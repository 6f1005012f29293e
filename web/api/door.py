"""The door of the API: who calls, in which tenant's scope, and what an error looks like."""

import functools
from collections.abc import Callable
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer
from redis.exceptions import RedisError

from core.api_keys import MARK, check_key_may, find_key, use_key
from core.errors import VisibleError
from core.faults import NO_OBJECT, UNKNOWN_NAME, describe_fault
from core.models import ApiKey, Scope, User
from core.sessions import find_viewer
from core.tenancy import scope

log = structlog.get_logger(__name__)


class SignedIn(HttpBearer):
    """`Authorization: Bearer <access token or API key>`. A key needs `key_scope`, or any scope where that is None."""

    def __init__(self, *, key_scope: Scope | None = Scope.ADMIN) -> None:
        super().__init__()
        self.key_scope = key_scope

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        viewer = self._admit(request, token) if token.startswith(MARK) else find_viewer(token)
        if viewer is not None:
            structlog.contextvars.bind_contextvars(user_id=str(viewer.id), tenant_id=str(viewer.tenant_id))
        return viewer

    def _admit(self, request: HttpRequest, raw: str) -> User | None:
        key = find_key(raw)
        if key is None:
            return None
        owner: User = key.owner
        request.auth = owner  # type: ignore[attr-defined]  # what is refused is said in its owner's language
        request.api_key = key  # type: ignore[attr-defined]  # what is audited names it
        admit_key(key, key_scope=self.key_scope)
        return owner


def admit_key(key: ApiKey, *, key_scope: Scope | None) -> None:
    """Let a key that was found make one call, or raise VisibleError: too many of them, or not within its scopes."""
    structlog.contextvars.bind_contextvars(api_key=key.prefix)
    use_key(key)
    if key_scope is not None:
        check_key_may(key, key_scope)


def open_scope(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run an operation inside the scope of the caller's tenant."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with scope(get_viewer(request).tenant_id):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)

    return run


def refuse_unknown(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a name in the address that the operation's `query` does not have: one that is ignored would change what is counted."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        for name in request.GET:
            if name not in type(kwargs["query"]).model_fields:
                raise VisibleError("invalid", field=name, detail=UNKNOWN_NAME)
        return view(request, *args, **kwargs)

    return run


class TenantRouter(Router):
    """A router whose every operation needs a signed-in caller and runs inside the scope of their tenant.

    `key_scope` is what an API key needs for it: what says nothing is for keys that may do everything.
    """

    is_scoped = True

    def __init__(self, *, key_scope: Scope | None = Scope.ADMIN, **options: Any) -> None:
        super().__init__(auth=SignedIn(key_scope=key_scope), **options)
        self.add_decorator(open_scope, mode="operation")


def get_viewer(request: HttpRequest) -> User:
    """The signed-in caller."""
    viewer: User = request.auth  # type: ignore[attr-defined]
    return viewer


def find_api_key(request: HttpRequest) -> ApiKey | None:
    """The key that the call came with; None for one of a person's own."""
    return getattr(request, "api_key", None)


def choose_language(request: HttpRequest) -> str:
    """The caller's language: the signed-in user's, else what the browser asks for first, else pt."""
    viewer = getattr(request, "auth", None)
    if isinstance(viewer, User):
        return viewer.language
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.strip()[:2].lower()
        if code in ("pt", "en", "es"):
            return code
    return "pt"


def reply_error(api: NinjaAPI, request: HttpRequest, error: VisibleError) -> HttpResponse:
    """`{error: {code, message, field?}}`, in the caller's language."""
    response = api.create_response(request, describe_error(error, choose_language(request)), status=error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if "seconds" in error.parameters:
        response["Retry-After"] = str(error.parameters["seconds"])
    return response


def describe_error(error: VisibleError, language: str) -> dict[str, Any]:
    """The one shape of errors."""
    body = {"code": error.code, "message": error.say(language)}
    if error.field:
        body["field"] = error.field
    return {"error": body}


def find_visible(error: Exception) -> VisibleError:
    """What a person may see of any error; what is our own fault is logged."""
    if isinstance(error, VisibleError):
        return error
    if isinstance(error, OperationalError | InterfaceError):
        log.error("database.unreachable", exc_info=error)
        return VisibleError("unavailable", service="PostgreSQL")
    if isinstance(error, RedisError):
        log.error("queue.unreachable", exc_info=error)
        return VisibleError("unavailable", service="Valkey")
    log.error("request.failed", exc_info=error)
    return VisibleError("failed", request_id=structlog.contextvars.get_contextvars().get("request_id", ""))


def handle_errors(api: NinjaAPI) -> None:
    """Give every failure of an operation the one shape of errors."""

    @api.exception_handler(VisibleError)
    def visible(request: HttpRequest, error: VisibleError) -> HttpResponse:
        return reply_error(api, request, error)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return reply_error(api, request, VisibleError("not_signed_in"))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0]
        field = ".".join(str(part) for part in first["loc"][2:]) or str(first["loc"][-1])
        return reply_error(api, request, VisibleError("invalid", field=field, detail=describe_fault(first)))

    @api.exception_handler(Throttled)
    def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
        return reply_error(api, request, VisibleError("too_many", seconds=max(1, round(error.wait or 1))))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return reply_error(api, request, VisibleError("not_found"))

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        return reply_error(api, request, VisibleError("invalid", field="body", detail=NO_OBJECT))

    @api.exception_handler(Exception)
    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        return reply_error(api, request, find_visible(error))
