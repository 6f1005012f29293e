"""Sign in, stay signed in, sign out."""

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from core.errors import VisibleError
from core.models import User
from core.sessions import Tokens, begin_session, end_session, refresh_session

router = Router(tags=["auth"])

COOKIE = "evosense_refresh"
COOKIE_PATH = "/api/v1/auth"


class Credentials(Schema):
    email: str
    password: str


class AccessGranted(Schema):
    """`expires_in` is in seconds. The refresh token travels in an HTTP-only cookie."""

    access: str
    expires_in: int


@router.post("/token", response=AccessGranted, auth=None)
def sign_in(request: HttpRequest, credentials: Credentials, response: HttpResponse) -> AccessGranted:
    """Sign in with e-mail and password."""
    email = credentials.email.strip().lower()
    user = authenticate(request, username=email, password=credentials.password)
    if AxesProxyHandler.is_locked(request, {"username": email}):
        raise VisibleError("too_many", seconds=int(settings.AXES_COOLOFF_TIME.total_seconds()))
    if not isinstance(user, User):
        raise VisibleError("wrong_credentials")
    return grant(begin_session(user), response)


@router.post("/refresh", response=AccessGranted, auth=None)
def refresh(request: HttpRequest, response: HttpResponse) -> AccessGranted:
    """Trade the refresh token in the cookie for a new access token; the cookie is replaced."""
    raw = request.COOKIES.get(COOKIE)
    if not raw:
        raise VisibleError("not_signed_in")
    return grant(refresh_session(raw), response)


@router.post("/logout", response={204: None}, auth=None)
def sign_out(request: HttpRequest, response: HttpResponse) -> Status[None]:
    """End the session that the cookie belongs to."""
    if raw := request.COOKIES.get(COOKIE):
        end_session(raw)
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
    return Status(204, None)


def grant(tokens: Tokens, response: HttpResponse) -> AccessGranted:
    """Put the refresh token where no script can read it, and reply with the access token."""
    if tokens.refresh is not None:
        response.set_cookie(
            COOKIE,
            tokens.refresh,
            max_age=tokens.refresh_expires_in,
            path=COOKIE_PATH,
            httponly=True,
            samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return AccessGranted(access=tokens.access, expires_in=tokens.expires_in)
