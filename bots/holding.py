"""Why a message is not sent now: quiet hours, a person who wants nothing unasked, an alert that is over.

An alert or a briefing that falls into quiet hours waits until they end. One that is over by then, or that its person no longer wants,
is dropped: what woke nobody in the night must not be old news in the morning.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from bots.models import Alert, BotTalk, Subscription
from bots.subscriptions import is_quiet_hour
from core.access import ASK
from core.models import GatewayConnection, OutgoingMessage, Tenant, User
from core.tenancy import get_current_tenant_id

Purpose = OutgoingMessage.Purpose
UNASKED = frozenset({Purpose.BRIEFING, Purpose.ALERT})


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before that instant."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Not at all."""

    reason: str


def find_hold(message: OutgoingMessage, *, connection: GatewayConnection, now: datetime) -> Wait | Drop | None:
    """Why the message is not sent now, inside the open scope; None where it may go."""
    if message.purpose in UNASKED and message.user_id is not None:
        return _find_unasked_hold(message, message.user_id, now=now)
    return None


def _find_unasked_hold(message: OutgoingMessage, user_id: UUID, *, now: datetime) -> Wait | Drop | None:
    user = User.objects.filter(id=user_id).first()
    if user is None or not user.is_active or user.role not in ASK:
        return Drop("The person may not be told this any more.")
    kind, alert_id = read_key(message.key)
    subscription = Subscription.objects.filter(user=user, kind=kind, is_active=True).first()
    if subscription is None or BotTalk.objects.filter(user=user, is_stopped=True).exists():
        return Drop("The person asked to be told nothing unasked.")
    if alert_id and Alert.objects.filter(id=alert_id, ended_at__isnull=False).exists():
        return Drop("It was over before it could be sent.")
    tenant = Tenant.objects.get(id=get_current_tenant_id())
    end = find_quiet_end(now, zone=tenant.zone, quiet_from=subscription.quiet_from, quiet_until=subscription.quiet_until)
    return None if end is None else Wait(end)


def make_alert_key(kind: str, alert_id: object, user_id: object) -> str:
    """The key of an alert's message to one person."""
    return f"alert:{kind}:{alert_id}:{user_id}"


def read_key(key: str) -> tuple[str, str]:
    """What a message's key says of its subscription's kind and its alert: `alert:<kind>:<alert>:<user>`, `briefing:<user>:<day>`."""
    parts = key.split(":")
    if parts[0] == "alert" and len(parts) == 4:
        return parts[1], parts[2]
    return Subscription.Kind.BRIEFING, ""


def find_quiet_end(now: datetime, *, zone: ZoneInfo, quiet_from: int, quiet_until: int) -> datetime | None:
    """When the quiet hours that `now` falls into end, None outside of them. From and until the same hour: there are none.

    Pure. Hours are the zone's: from 21 until 7 is the night, from 12 until 14 a pause at noon.
    """
    local = now.astimezone(zone)
    hour = local.hour
    if not is_quiet_hour(hour, quiet_from, quiet_until):
        return None
    day = local.date() + timedelta(days=1 if hour >= quiet_until else 0)
    return datetime.combine(day, time(quiet_until), tzinfo=zone)
