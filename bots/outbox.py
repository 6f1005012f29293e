"""What we send over WhatsApp: written down first, sent one by one, never twice, followed until WhatsApp acknowledges it."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bots.delivery import follow_sent, take_delivery
from bots.queue import TASK_SEND, start_task
from bots.sending import send_next
from core.models import Channel, GatewayConnection, OutgoingMessage, User
from core.tenancy import get_current_tenant_id, scope

__all__ = ["enqueue", "is_anything_due", "send_due", "take_delivery"]

State = OutgoingMessage.State
# How long one task sends before others have their turn.
WORK_SECONDS = 15.0


def enqueue(
    channel: Channel,
    *,
    to: str,
    purpose: str,
    key: str,
    text: str = "",
    picture: bytes | None = None,
    user: User | None = None,
    quoted_id: str = "",
    not_before_at: datetime | None = None,
    expires_at: datetime | None = None,
    replies: Mapping[str, Any] | None = None,
) -> OutgoingMessage | None:
    """Write a message down, inside the open scope; it is sent once that is committed. None where the key was used already.

    `to` are a phone's digits, a jid or `lid:<digits>`; `picture` is a PNG whose caption is `text`; `replies` are the plans behind
    the numbers with which the message can be answered.
    """
    message, is_new = OutgoingMessage.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "to": to,
            "purpose": purpose,
            "text": text,
            "picture": picture,
            "user": user,
            "quoted_id": quoted_id,
            "not_before_at": not_before_at or timezone.now(),
            "expires_at": expires_at,
            "replies": dict(replies or {}),
        },
    )
    if not is_new:
        return None
    start_task(TASK_SEND, get_current_tenant_id())
    return message


def send_due(tenant_id: str, *, now: Callable[[], datetime] = timezone.now) -> int:
    """Send what a tenant has due, channel by channel, and follow what was sent. Returns how many calls to a gateway were tried.

    Opens scopes of its own, none of which is open during a call. Several workers may do this at once: one message of a channel
    is under way at a time. What is left after some seconds is left to another task, as other work waits too.
    """
    until = time.monotonic() + WORK_SECONDS
    with scope(tenant_id):
        channel_ids = list(GatewayConnection.objects.filter(channel__is_active=True).values_list("channel_id", flat=True))
    tried = 0
    for channel_id in channel_ids:
        while send_next(tenant_id, channel_id, now=now):
            tried += 1
            if time.monotonic() > until:
                start_task(TASK_SEND, tenant_id)
                return tried
    with scope(tenant_id):
        follow_sent(now())
    return tried


def is_anything_due(now: datetime) -> bool:
    """Whether something waits to be sent, looked for or followed, inside the open scope."""
    due = Q(state__in=(State.WAITING, State.SENDING, State.UNCERTAIN), provider_id="", not_before_at__lte=now)
    unacknowledged = Q(state=State.SENT, settled_at__isnull=True)
    return OutgoingMessage.objects.filter(due | unacknowledged).exists()
