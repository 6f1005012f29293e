"""The talk with a tenant's own people: each message of theirs is answered once, in the order in which they wrote.

A message, its turn with the assistant and the reply in the outbox are one transaction under the lock of the person's talk: whatever
happens to the worker, a message either waits or has its one answer. What the gateway must be told at once (read, typing) is said
beside it and may fail.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from bots.models import BotTalk
from bots.outbox import enqueue
from bots.talk import Reply, read_language, reply_to
from bots.words import say
from core.models import GatewayConnection, OutgoingMessage, SupervisorMessage, User
from core.tenancy import scope
from ingestion.evolution.client import make_client

log = structlog.get_logger(__name__)

State = SupervisorMessage.State
# What was written longer ago than this, and only came now, nobody waits for any more.
STALE_AFTER = timedelta(hours=1)
ANSWER_LASTS = timedelta(hours=2)
TYPING_SECONDS = 2.0


def hear_waiting(tenant_id: str, *, now: Callable[[], datetime] = timezone.now) -> int:
    """Answer what a tenant's own people wrote and nobody answered yet; returns how many messages. Opens scopes of its own."""
    with scope(tenant_id):
        waiting = SupervisorMessage.objects.filter(state=State.WAITING).order_by()
        talks = list(waiting.values_list("user_id", "channel_id").distinct())
    heard = 0
    for user_id, channel_id in talks:
        while hear_next(tenant_id, user_id, channel_id, now=now):
            heard += 1
    return heard


def hear_next(tenant_id: str, user_id: UUID, channel_id: UUID, *, now: Callable[[], datetime]) -> bool:
    """Answer the message of a person that has waited longest on a channel; False where none waits."""
    with scope(tenant_id):
        message = _find_next(user_id, channel_id)
        connection = GatewayConnection.objects.filter(channel_id=channel_id).first()
    if message is None:
        return False
    if connection is not None and now() - message.sent_at < STALE_AFTER:
        _signal(connection, message)
    try:
        with scope(tenant_id):
            talk = lock_talk(user_id, channel_id)
            due = _find_next(user_id, channel_id)
            if due is None:
                return False
            message = due
            reply = answer_locked(message, talk, now=now(), has_pictures=True)
            if reply is not None:
                _send(message, reply, now=now())
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Its kind, never its text: that may hold somebody's words.
        log.error("hear.failed", message_id=str(message.id), error=type(error).__name__)
        with scope(tenant_id):
            _give_up(message, now=now())
    return True


def lock_talk(user_id: UUID, channel_id: UUID) -> BotTalk:
    """A person's talk on a channel, theirs alone until the open scope ends."""
    BotTalk.objects.get_or_create(user_id=user_id, channel_id=channel_id)
    return BotTalk.objects.select_for_update().get(user_id=user_id, channel_id=channel_id)


def answer_locked(message: SupervisorMessage, talk: BotTalk, *, now: datetime, has_pictures: bool) -> Reply | None:
    """The reply to a message whose talk is locked; the message counts as answered. None where it gets no reply."""
    viewer = User.objects.filter(id=message.user_id, is_active=True).first()
    reply = None
    is_heard = viewer is not None and now - message.sent_at < STALE_AFTER
    if is_heard and viewer is not None:
        reply = reply_to(message, talk, viewer, now=now, has_pictures=has_pictures)
        if reply is not None and reply.choices is not None:
            talk.choices = reply.choices
        talk.last_heard_at = now
        talk.save()
    SupervisorMessage.objects.filter(id=message.id).update(state=State.ANSWERED if is_heard else State.FAILED)
    return reply


def make_answer_key(message: SupervisorMessage) -> str:
    """The key under which the one answer to a message is sent."""
    return f"answer:{message.id}"


def _find_next(user_id: UUID, channel_id: UUID) -> SupervisorMessage | None:
    waiting = SupervisorMessage.objects.filter(user_id=user_id, channel_id=channel_id, state=State.WAITING)
    return waiting.select_related("channel").order_by("sent_at", "created_at", "id").first()


def _send(message: SupervisorMessage, reply: Reply, *, now: datetime) -> None:
    enqueue(
        message.channel,
        to=message.chat,
        purpose=OutgoingMessage.Purpose.ANSWER,
        key=make_answer_key(message),
        text=reply.text,
        picture=reply.picture,
        user=User.objects.get(id=message.user_id),
        not_before_at=now,
        expires_at=now + ANSWER_LASTS,
        replies=reply.choices,
    )


def _give_up(message: SupervisorMessage, *, now: datetime) -> None:
    changed = SupervisorMessage.objects.filter(id=message.id, state=State.WAITING).update(state=State.FAILED)
    viewer = User.objects.filter(id=message.user_id, is_active=True).first()
    if changed and viewer is not None:
        _send(message, Reply(say("failed", read_language(viewer))), now=now)


def _signal(connection: GatewayConnection, message: SupervisorMessage) -> None:
    """Blue ticks and "typing…", in a thread of its own as the gateway takes its time over it; that they fail matters to nobody."""

    def tell() -> None:
        try:
            with make_client(connection) as client:
                client.mark_read(message.chat, [message.provider_id])
                client.send_presence(message.chat, seconds=TYPING_SECONDS)
        except Exception as error:
            log.debug("hear.not_signalled", error=type(error).__name__)

    threading.Thread(target=tell, daemon=True).start()
