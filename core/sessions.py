"""Sign-ins of the API: a short access token, and a refresh token that is replaced each time it is used."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.utils import timezone
from ninja_jwt.exceptions import TokenError
from ninja_jwt.tokens import AccessToken, RefreshToken

from core.errors import VisibleError
from core.models import RefreshSession, User
from core.sign_in import find_user
from core.tenancy import scope

log = structlog.get_logger(__name__)

# Two tabs that wake up together refresh with the same token; the later one is no thief.
GRACE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """An access token with its life in seconds, and the refresh token to keep; None where the one in use stays."""

    access: str
    expires_in: int
    refresh: str | None
    refresh_expires_in: int


def begin_session(user: User) -> Tokens:
    """Sign a tenant's user in. Raises VisibleError("no_tenant") for one who runs the installation."""
    if user.tenant_id is None:
        raise VisibleError("no_tenant")
    with scope(user.tenant_id):
        session = RefreshSession.objects.create(user=user, token_id=uuid.uuid4().hex, expires_at=timezone.now() + _lifetime(RefreshToken))
    return _issue(user, session, refresh=True)


def refresh_session(raw: str) -> Tokens:
    """Trade a refresh token for new tokens. A token that was already traded ends the session for everyone who holds it."""
    tenant_id, session_id, token_id = _read_refresh(raw)
    with scope(tenant_id):
        session = RefreshSession.objects.select_for_update().select_related("user").filter(id=session_id).first()
        if session is None or session.ended_at or session.expires_at <= timezone.now() or not session.user.is_active:
            raise VisibleError("session_ended")
        if token_id == session.token_id:
            session.previous_token_id, session.token_id = session.token_id, uuid.uuid4().hex
            session.rotated_at = timezone.now()
            session.expires_at = timezone.now() + _lifetime(RefreshToken)
            session.save()
            return _issue(session.user, session, refresh=True)
        if token_id == session.previous_token_id and timezone.now() - session.rotated_at <= GRACE:
            return _issue(session.user, session, refresh=False)
        RefreshSession.objects.filter(id=session_id).update(ended_at=timezone.now())
        user_id = session.user_id
    log.warning("session.token_reused", user_id=str(user_id))
    raise VisibleError("session_ended")


def end_session(raw: str) -> None:
    """Sign out. A token that means nothing any more is as good as signed out."""
    try:
        tenant_id, session_id, _ = _read_refresh(raw)
    except VisibleError:
        return
    with scope(tenant_id):
        RefreshSession.objects.filter(id=session_id, ended_at=None).update(ended_at=timezone.now())


def find_viewer(access: str) -> User | None:
    """The user whom an access token names, if it holds and the user may still sign in to that tenant."""
    try:
        token = AccessToken(access)
        user = find_user(token["user_id"])
        return user if user is not None and str(user.tenant_id) == token["tenant_id"] else None
    except (TokenError, KeyError, ValueError):
        return None


def _issue(user: User, session: RefreshSession, *, refresh: bool) -> Tokens:
    access = AccessToken()
    access["user_id"], access["tenant_id"] = str(user.id), str(user.tenant_id)
    renewal = None
    if refresh:
        token = RefreshToken()
        token["tenant_id"], token["session_id"], token["token_id"] = str(user.tenant_id), str(session.id), session.token_id
        renewal = str(token)
    return Tokens(
        access=str(access),
        expires_in=int(_lifetime(AccessToken).total_seconds()),
        refresh=renewal,
        refresh_expires_in=int(_lifetime(RefreshToken).total_seconds()),
    )


def _read_refresh(raw: str) -> tuple[uuid.UUID, uuid.UUID, str]:
    try:
        token = RefreshToken(raw)
        return uuid.UUID(token["tenant_id"]), uuid.UUID(token["session_id"]), str(token["token_id"])
    except (TokenError, KeyError, ValueError) as error:
        raise VisibleError("session_ended") from error


def _lifetime(token: type[AccessToken] | type[RefreshToken]) -> timedelta:
    lifetime: timedelta = token.lifetime
    return lifetime
