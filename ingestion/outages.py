"""When a channel was cut off from its customers: begun as it leaves "connected", ended as it is connected again."""

import uuid
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Greatest

from core.models import ChannelOutage, GatewayConnection

State = GatewayConnection.State


def note_outage(channel_id: uuid.UUID, *, before: str, state: str, at: datetime, is_unlinked: bool = False) -> None:
    """Take over that a channel went from one state to another at an instant, inside its tenant's scope.

    A channel that was never connected has no outage: before its first link there was nothing to lose. `is_unlinked`: a code to scan was
    shown, or WhatsApp took the link away. Noting the same again changes nothing.
    """
    under_way = ChannelOutage.objects.filter(channel_id=channel_id, until_at__isnull=True)
    if state == State.OPEN:
        under_way.update(until_at=Greatest("since_at", Value(at)))
        return
    if before in (State.OPEN, State.SILENT) and state not in (State.OPEN, State.UNKNOWN):
        ChannelOutage.objects.bulk_create([ChannelOutage(channel_id=channel_id, since_at=at)], ignore_conflicts=True)
    if is_unlinked:
        under_way.update(is_unlinked=True)
