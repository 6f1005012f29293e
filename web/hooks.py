"""The gateway's webhook: keep what it says, answer at once, work later.

The gateway drops an event for good on 400, 401, 403, 404 and 422, and tries again on anything else that is no success. So whatever
is wrong on our side is a 503, and what can't be read is kept and answered like the rest.
"""

import json
import time
import uuid
from typing import NamedTuple

import jwt
import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.crypto import SecretUnreadableError
from core.hook_tokens import HookAddress, is_genuine, read_hook_token
from core.models import GatewayConnection
from core.tenancy import scope
from ingestion.inbox import store_event
from ingestion.tasks import notify

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5
# A webhook may carry a file's bytes, which we drop; more than this is nobody's message.
MAX_BODY_BYTES = 30_000_000
MALFORMED_EXCERPT = 2_000
# A channel's keys are asked for once in so many seconds in each process: an address that was changed works on for that long at most.
KNOWN_SECONDS = 10.0


class _Keys(NamedTuple):
    """What a channel's webhooks are checked against."""

    nonce: str
    webhook_key: str
    read_at: float


_known: dict[uuid.UUID, _Keys] = {}


@csrf_exempt
@require_POST
def evolution(request: HttpRequest, channel_token: str, event: str = "") -> HttpResponse:
    """POST /hooks/evolution/{channel_token}[/{event}]: 200 once the event is stored, 404 for no address of ours, 503 to be tried again."""
    address = read_hook_token(channel_token)
    if address is None:
        return _refuse("not_found", 404)
    structlog.contextvars.bind_contextvars(tenant_id=str(address.tenant_id), channel_id=str(address.channel_id))
    try:
        body = _read_body(request)
        with scope(address.tenant_id):
            keys = _get_keys(address)
            if keys is None or not is_genuine(address, nonce=keys.nonce):
                return _refuse("not_found", 404)
            if keys.webhook_key and not is_signed(request.headers.get("Authorization", ""), key=keys.webhook_key):
                return _refuse("not_signed", 401)
            name, payload = _read_event(body, event)
            store_event(address.channel_id, road="webhook", name=name, payload=payload)
    except (DatabaseError, SecretUnreadableError) as error:
        log.error("hook.not_stored", error=type(error).__name__)
        return _refuse("unavailable", 503)
    notify(address.tenant_id, address.channel_id)
    return JsonResponse({"stored": True})


def is_signed(authorization: str, *, key: str) -> bool:
    """Whether an `Authorization` header holds a token that the gateway signed with this key.

    A late retry carries the token of the first attempt, which has expired by then; the address itself is secret, so it is taken.
    """
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer":
        return False
    try:
        jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False})
    except jwt.InvalidTokenError:
        return False
    return True


def forget_keys() -> None:
    """Ask for every channel's keys again."""
    _known.clear()


def _get_keys(address: HookAddress) -> _Keys | None:
    """The channel's keys, inside its tenant's scope. What was read for one tenant is found under its channel's id alone."""
    now = time.monotonic()
    known = _known.get(address.channel_id)
    if known is not None and now - known.read_at < KNOWN_SECONDS and is_genuine(address, nonce=known.nonce):
        return known
    found = GatewayConnection.objects.filter(channel_id=address.channel_id, channel__is_active=True).first()
    if found is None:
        _known.pop(address.channel_id, None)
        return None
    keys = _Keys(found.hook_nonce, found.webhook_key, now)
    _known[address.channel_id] = keys
    return keys


def _read_body(request: HttpRequest) -> bytes:
    """What was sent, cut where it is too long to be an event."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY_BYTES:
        return b""
    try:
        # Django's own limit is for forms.
        return request.read(MAX_BODY_BYTES)
    except (UnreadablePostError, RawPostDataException):
        return b""


def _read_event(body: bytes, event: str) -> tuple[str, object]:
    """Name and payload of an event; the beginning of what is no JSON object is kept as it came."""
    try:
        payload = json.loads(body)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        return event or "malformed", {"malformed": body[:MALFORMED_EXCERPT].decode(errors="replace")}
    return str(payload.get("event") or event), payload


def _refuse(code: str, status: int) -> JsonResponse:
    response = JsonResponse({"stored": False, "error": code}, status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
