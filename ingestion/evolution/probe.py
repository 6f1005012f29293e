"""How a channel's gateway is doing: asked now and then, because a gateway that says "open" may have stopped telling us anything."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from core.models import GatewayConnection
from core.tenancy import scope
from ingestion.evolution.client import EvolutionClient, make_client
from ingestion.evolution.errors import GatewayError, GatewayErrorKind
from ingestion.evolution.events_values import find_time
from ingestion.outages import note_outage

State = GatewayConnection.State
# So much later than the last event a stored message must be before nobody doubts that its own event was lost.
SILENT_AFTER = timedelta(seconds=90)
_LOOK_BACK = timedelta(days=1)
_STATES: dict[str, GatewayConnection.State] = {"open": State.OPEN, "connecting": State.CONNECTING, "close": State.CLOSED}
_STATES_OF_ERRORS: dict[GatewayErrorKind, GatewayConnection.State] = {"refused_key": State.REFUSED, "unlicensed": State.UNLICENSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A channel's state with a sentence where one helps, and the gateway's version where it told it."""

    state: GatewayConnection.State
    detail: str = ""
    version: str = ""


def probe(connection: GatewayConnection, *, listening_since: datetime | None = None) -> Health:
    """Ask the gateway; no database. Before `listening_since` nobody listened, so that what came then says nothing of silence."""
    try:
        with make_client(connection) as client:
            state = _STATES.get(client.get_state(), State.CLOSED)
            version = connection.version or _find_version(client)
            if state != State.OPEN:
                return Health(state=state, version=version)
            unheard = _find_unheard(client, connection, listening_since=listening_since)
    except GatewayError as error:
        return Health(state=_STATES_OF_ERRORS.get(error.kind, State.UNREACHABLE), detail=str(error))
    if unheard is not None:
        return Health(state=State.SILENT, detail=f"A message of {unheard:%Y-%m-%d %H:%M} UTC was never told of.", version=version)
    return Health(state=state, version=version)


def note_health(tenant_id: uuid.UUID, connection_id: uuid.UUID, health: Health) -> bool:
    """Write down how a channel is doing, where that is news. Returns whether its state is another one than before."""
    with scope(tenant_id):
        connection = GatewayConnection.objects.filter(id=connection_id).first()
        if connection is None:
            return False
        is_news = connection.state != health.state
        # Also where it is no news: an outage ends with the first time that the channel is seen connected, whoever noted its state before.
        note_outage(connection.channel_id, before=connection.state, state=health.state, at=timezone.now())
        if is_news or connection.state_detail != health.detail or (health.version and connection.version != health.version):
            connection.state, connection.state_detail = health.state, health.detail
            connection.version = health.version or connection.version
            connection.state_at = timezone.now() if is_news else connection.state_at
            connection.save(update_fields=["state", "state_detail", "state_at", "version"])
        return is_news


def _find_version(client: EvolutionClient) -> str:
    """The gateway's version, "" where a proxy before it keeps it back: nothing depends on it."""
    try:
        return client.get_version()
    except GatewayError:
        return ""


def _find_unheard(client: EvolutionClient, connection: GatewayConnection, *, listening_since: datetime | None) -> datetime | None:
    """The time of the newest stored message, where events stopped well before it."""
    now = datetime.now(UTC)
    heard_until = max(moment for moment in (connection.last_event_at, listening_since, connection.created_at) if moment is not None)
    if now - heard_until < SILENT_AFTER:
        return None
    records = client.find_messages(now - _LOOK_BACK, now + _LOOK_BACK, 1, 1).records
    newest = find_time(records[0].get("messageTimestamp")) if records else None
    # A message that came this moment may still be on its way.
    return newest if newest is not None and heard_until + SILENT_AFTER < newest < now - SILENT_AFTER / 3 else None
