"""One message's way to the gateway: claimed and committed as under way, then sent, then told apart by how the call ended.

A call whose outcome is unknown, by a time-out or because the process died, leaves the message "perhaps sent": the gateway's own store
and its events are searched for it before anything is sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from bots.delivery import take_delivery
from bots.holding import Drop, Wait, find_hold
from bots.models import BotTalk
from bots.seeking import find_in_events, find_in_store, find_known_delivery
from core.crypto import SecretUnreadableError
from core.models import GatewayConnection, OutgoingMessage
from core.tenancy import scope
from ingestion.evolution.client import EvolutionClient, make_client
from ingestion.evolution.errors import GatewayError

log = structlog.get_logger(__name__)

State, Purpose = OutgoingMessage.State, OutgoingMessage.Purpose
BACK_OFF_SECONDS = (5, 15, 60, 300, 900)
MOST_ATTEMPTS = 8
# A call takes at most half of this; after it the process that made the call is taken for dead.
UNDER_WAY = timedelta(seconds=120)
# The gateway keeps what it sent within seconds. What it does not know so long after the call, it did not send.
SURELY_KEPT_AFTER = timedelta(seconds=60)
# Asking again in the same way would be refused again.
FINAL_KINDS = frozenset({"number_unknown", "rejected"})
BROKE_OFF = "The call broke off; it may have been sent."
EXPIRED = "It was too late to send it."
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send now. `is_sought` where an earlier call may have sent it; `called_at` is when that was."""

    message: OutgoingMessage
    connection: GatewayConnection
    is_sought: bool
    called_at: datetime | None


def send_next(tenant_id: str, channel_id: UUID, *, now: Callable[[], datetime]) -> bool:
    """Send the next message of a channel; False where none may be sent now."""
    with scope(tenant_id):
        claimed = claim(channel_id, now=now())
    if claimed is None:
        return False
    try:
        provider_id = _send(tenant_id, claimed, now=now)
    except GatewayError as error:
        _settle_failure(tenant_id, claimed, error, now=now())
    except SecretUnreadableError as error:
        _settle_failure(tenant_id, claimed, GatewayError("rejected", str(error)), now=now())
    except Exception as error:
        # Perhaps it went out before this happened.
        log.error("outgoing.broke", message_id=str(claimed.message.id), error=type(error).__name__)
        _settle_failure(tenant_id, claimed, GatewayError("uncertain", BROKE_OFF), now=now())
    else:
        _settle_sent(tenant_id, claimed, provider_id, now=now())
    return True


def claim(channel_id: UUID, *, now: datetime) -> Claimed | None:
    """The next message of a channel, marked as under way, inside an open scope that is committed before it is sent.

    Claims of a channel wait for each other at its connection's row, so that the order is kept and no two are under way at once.
    """
    connection = GatewayConnection.objects.select_for_update(no_key=True).filter(channel_id=channel_id).first()
    if connection is None:
        return None
    messages = OutgoingMessage.objects.filter(channel_id=channel_id)
    messages.filter(state=State.SENDING, not_before_at__lte=now).update(state=State.UNCERTAIN, error=BROKE_OFF)
    _expire(messages, now)
    if messages.filter(state=State.SENDING).exists() or not _has_room(messages, connection, now):
        return None
    for message in _find_due(messages, now):
        hold = find_hold(message, connection=connection, now=now)
        if isinstance(hold, Drop):
            _change(message, state=State.FAILED, error=hold.reason, settled_at=now)
        elif isinstance(hold, Wait):
            _change(message, not_before_at=hold.until)
        else:
            is_sought, called_at = message.state == State.UNCERTAIN, message.sent_at
            _change(
                message,
                state=State.SENDING,
                attempts=message.attempts + 1,
                not_before_at=now + UNDER_WAY,
                sent_at=called_at if is_sought else now,
            )
            _take_replies(message)
            return Claimed(message, connection, is_sought, called_at)
    return None


def _find_due(messages: QuerySet[OutgoingMessage], now: datetime) -> QuerySet[OutgoingMessage]:
    """What is due, in order: what somebody waits for first. One that comes behind an unfinished one to the same person waits for it."""
    earlier = messages.filter(Q(state=State.UNCERTAIN, provider_id="") | Q(state=State.WAITING, attempts__gt=0)).filter(
        to=OuterRef("to"), created_at__lt=OuterRef("created_at")
    )
    urgency = Case(When(purpose__in=(Purpose.CODE, Purpose.ANSWER, Purpose.TEST), then=Value(0)), default=Value(1))
    return (
        messages.select_for_update(skip_locked=True)
        .filter(state__in=(State.WAITING, State.UNCERTAIN), provider_id="", not_before_at__lte=now)
        .exclude(Exists(earlier))
        .order_by(urgency, "created_at", "id")[:LOOKED_AT]
    )


def _expire(messages: QuerySet[OutgoingMessage], now: datetime) -> None:
    """End what nobody waits for any more. What was perhaps sent is still looked for, so that the truth is shown."""
    messages.filter(state=State.WAITING, expires_at__lte=now).update(
        state=State.FAILED, settled_at=now, error=Case(When(error="", then=Value(EXPIRED)), default=F("error"))
    )


def _has_room(messages: QuerySet[OutgoingMessage], connection: GatewayConnection, now: datetime) -> bool:
    """Whether the number may send another message in this minute."""
    return messages.filter(sent_at__gt=now - timedelta(minutes=1)).count() < connection.messages_per_minute


def _take_replies(message: OutgoingMessage) -> None:
    """Let the numbers of an unasked message count from now on. An answer's count since it was written."""
    if message.replies and message.purpose in (Purpose.ALERT, Purpose.BRIEFING) and message.user_id is not None:
        BotTalk.objects.update_or_create(user_id=message.user_id, channel_id=message.channel_id, defaults={"choices": message.replies})


def _send(tenant_id: str, claimed: Claimed, *, now: Callable[[], datetime]) -> str:
    """The message's id at WhatsApp. Raises GatewayError."""
    message = claimed.message
    with make_client(claimed.connection) as client:
        if claimed.is_sought:
            provider_id = _seek(tenant_id, claimed, client, now=now())
            if provider_id:
                log.info("outgoing.adopted", message_id=str(message.id))
                return provider_id
            with scope(tenant_id):
                _change(message, sent_at=now())
        if message.picture:
            return client.send_picture(message.to, bytes(message.picture), message.text, message.quoted_id or None)
        return client.send_text(message.to, message.text, message.quoted_id or None)


def _seek(tenant_id: str, claimed: Claimed, client: EvolutionClient, *, now: datetime) -> str:
    """The id of the message that an earlier call did send, "" where it surely did not. Raises GatewayError where nobody knows yet."""
    message = claimed.message
    with scope(tenant_id):
        provider_id = find_in_events(message)
    if not provider_id:
        records = _read_window(client, message.created_at - timedelta(minutes=2), now + timedelta(minutes=2))
        with scope(tenant_id):
            provider_id = find_in_store(message, records)
    if provider_id:
        return provider_id
    if message.expires_at is not None and message.expires_at <= now:
        raise GatewayError("rejected", EXPIRED)
    if claimed.called_at is not None and now - claimed.called_at < SURELY_KEPT_AFTER:
        raise GatewayError("uncertain", BROKE_OFF)
    return ""


def _read_window(client: EvolutionClient, start: datetime, end: datetime) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    page = pages = 1
    while page <= pages and page <= 50:
        found = client.find_messages(start, end, page)
        records += found.records
        page, pages = page + 1, found.pages
    return records


def _settle_sent(tenant_id: str, claimed: Claimed, provider_id: str, *, now: datetime) -> None:
    message = claimed.message
    # A code is a secret: once it is on its way nobody needs it here.
    kept = {"text": ""} if message.purpose == Purpose.CODE else {}
    with scope(tenant_id):
        _change(message, state=State.SENT, provider_id=provider_id, sent_at=now, error="", picture=None, **kept)
    # Apart, so that an acknowledgement that is told in this moment meets either the id or this look.
    with scope(tenant_id):
        for delivery in find_known_delivery(message.channel, provider_id):
            take_delivery(message.channel, provider_id, delivery)


def _settle_failure(tenant_id: str, claimed: Claimed, error: GatewayError, *, now: datetime) -> None:
    message = claimed.message
    is_uncertain = error.kind == "uncertain" or (claimed.is_sought and error.kind not in FINAL_KINDS)
    is_over = error.kind in FINAL_KINDS or message.attempts >= MOST_ATTEMPTS
    log.warning("outgoing.failed", message_id=str(message.id), kind=error.kind, attempts=message.attempts, is_over=is_over)
    if is_over:
        change: dict[str, Any] = {"state": State.FAILED, "settled_at": now, "picture": None}
        if message.purpose == Purpose.CODE:
            change["text"] = ""
    else:
        wait = BACK_OFF_SECONDS[min(message.attempts, len(BACK_OFF_SECONDS)) - 1]
        change = {"state": State.UNCERTAIN if is_uncertain else State.WAITING, "not_before_at": now + timedelta(seconds=wait)}
        if not is_uncertain:
            change["sent_at"] = None
    with scope(tenant_id):
        _change(message, error=str(error), **change)


def _change(message: OutgoingMessage, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(message, name, value)
    OutgoingMessage.objects.filter(id=message.id).update(**fields)
