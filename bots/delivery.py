"""How far a message of ours got, as WhatsApp acknowledges it: it only ever rises, in whatever order the news come."""

from datetime import datetime, timedelta

import structlog
from django.db.models import Q
from django.utils import timezone

from bots.seeking import find_known_delivery
from core.models import Channel, GatewayConnection, OutgoingMessage

log = structlog.get_logger(__name__)

State = OutgoingMessage.State
# A message that WhatsApp did not acknowledge within this time has perhaps not got anywhere: somebody should know.
ACKNOWLEDGED_WITHIN = timedelta(seconds=60)
# How long after a message was sent we look whether an acknowledgement was told before we knew the message's id.
FOLLOWED_FOR = timedelta(hours=24)
NOT_ACKNOWLEDGED = "WhatsApp has not acknowledged it within 60 s."
NOT_DELIVERED = "WhatsApp refused to deliver it."
# What an acknowledgement makes of a message, and from which states: it only ever rises.
RISES: dict[str, tuple[str, tuple[str, ...]]] = {
    "sent": (State.SENT, (State.SENDING, State.UNCERTAIN, State.SENT)),
    "delivered": (State.DELIVERED, (State.SENDING, State.UNCERTAIN, State.SENT, State.FAILED)),
    "read": (State.READ, (State.SENDING, State.UNCERTAIN, State.SENT, State.DELIVERED, State.FAILED)),
    "played": (State.READ, (State.SENDING, State.UNCERTAIN, State.SENT, State.DELIVERED, State.FAILED)),
    "error": (State.FAILED, (State.SENDING, State.UNCERTAIN, State.SENT)),
}


def take_delivery(channel: Channel, provider_id: str, delivery: str) -> bool:
    """Note how far a message of ours got, inside the open scope; True where that was news about one of ours. It only rises."""
    if not provider_id or delivery not in RISES:
        return False
    state, below = RISES[delivery]
    error = NOT_DELIVERED if delivery == "error" else ""
    found = OutgoingMessage.objects.filter(channel=channel, provider_id=provider_id, state__in=below)
    return found.update(state=state, error=error, settled_at=timezone.now()) > 0


def follow_sent(now: datetime) -> None:
    """Catch up with acknowledgements that came before we knew the message's id, and mark what nobody acknowledged."""
    unsettled = OutgoingMessage.objects.filter(
        Q(state=State.SENT) | Q(state=State.UNCERTAIN), settled_at__isnull=True, sent_at__gt=now - FOLLOWED_FOR
    ).exclude(provider_id="")
    for message in unsettled.select_related("channel")[:200]:
        for delivery in find_known_delivery(message.channel, message.provider_id):
            take_delivery(message.channel, message.provider_id, delivery)
    late = OutgoingMessage.objects.filter(state=State.SENT, settled_at__isnull=True, sent_at__lte=now - ACKNOWLEDGED_WITHIN)
    # The Cloud API's acknowledgements are not to be relied on: what it took counts as sent.
    cloud = GatewayConnection.objects.filter(integration=GatewayConnection.Integration.BUSINESS).values("channel_id")
    late.filter(channel_id__in=cloud).update(settled_at=now)
    if count := late.update(state=State.UNCERTAIN, error=NOT_ACKNOWLEDGED):
        log.warning("outgoing.not_acknowledged", count=count)
