"""What the gateway says of its link to WhatsApp, on the channel's connection, where people see it: state, code to scan, last event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from core import live
from core.models import Channel, GatewayConnection, RawEvent
from ingestion.evolution.types import ConnectionChanged, ConnectionState, Happening, QrCodeShown
from ingestion.outages import note_outage

State = GatewayConnection.State
_STATES: dict[ConnectionState, State] = {
    "open": State.OPEN,
    "connecting": State.CONNECTING,
    "close": State.CLOSED,
    "refused": State.CLOSED,  # WhatsApp refused the link; a gateway that refuses our key says so over HTTP
}


def note_states(
    channel: Channel, connection: GatewayConnection, events: Sequence[RawEvent], states: Sequence[tuple[RawEvent, Happening]]
) -> None:
    """Take over what events say of the link, in the order in which they came, and when the last event came at all."""
    columns: dict[str, Any] = {}
    phone = None
    before: str = connection.state
    for event, happening in states:
        if isinstance(happening, ConnectionChanged):
            columns |= _read_connection(happening, event.received_at)
            phone = happening.phone or phone
        elif isinstance(happening, QrCodeShown):
            columns |= _read_code(happening, event.received_at)
        if columns:
            unlinked = isinstance(happening, QrCodeShown) or (
                isinstance(happening, ConnectionChanged) and happening.reason.startswith("401")
            )
            note_outage(channel.id, before=before, state=columns["state"], at=event.received_at, is_unlinked=unlinked)
            before = columns["state"]
    ours = GatewayConnection.objects.filter(id=connection.id)
    heard = [event.received_at for event in events if event.road != RawEvent.Road.READ_BACK]
    if heard:
        ours.filter(Q(last_event_at__isnull=True) | Q(last_event_at__lt=max(heard))).update(last_event_at=max(heard))
    if columns:
        ours.update(**columns)
        live.publish("channel.changed", {"channel_id": str(channel.id), "state": columns.get("state", connection.state)})
    if phone and not channel.phone:
        Channel.objects.filter(id=channel.id, phone="").update(phone=phone)
        channel.phone = phone


def _read_connection(changed: ConnectionChanged, at: datetime) -> dict[str, Any]:
    columns: dict[str, Any] = {"state": _STATES[changed.state], "state_detail": changed.reason, "state_at": at}
    if changed.state == "open":
        columns |= {"qr_image": "", "pairing_code": "", "qr_at": None}
    return columns


def _read_code(shown: QrCodeShown, at: datetime) -> dict[str, Any]:
    if shown.problem:
        return {"state": State.CLOSED, "state_detail": shown.problem, "state_at": at, "qr_image": "", "pairing_code": "", "qr_at": None}
    code = {"qr_image": shown.image, "pairing_code": shown.pairing_code[:20], "qr_at": at}
    return {"state": State.CONNECTING, "state_detail": "", "state_at": at, **code}
