"""When a channel was cut off is kept: begun as it leaves "connected", ended as it is connected again, whoever notices."""

from datetime import UTC, datetime, timedelta

import pytest

from core.models import Channel, ChannelOutage, GatewayConnection
from core.tenancy import scope
from ingestion.evolution.probe import Health, note_health
from ingestion.outages import note_outage
from tests.cast import Cast

State = GatewayConnection.State
NOON = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


def pass_through(
    channel: Channel, *states: State, before: State = State.OPEN, is_unlinked: bool = False
) -> list[tuple[int, int | None, bool]]:
    """Go through states, an hour each from noon on; the outages as hours after noon, and whether the phone was unlinked."""
    for hour, state in enumerate(states):
        note_outage(
            channel.id, before=before, state=state, at=NOON + timedelta(hours=hour), is_unlinked=is_unlinked and state != State.OPEN
        )
        before = state
    return [(_hour(one.since_at), _hour(one.until_at) if one.until_at else None, one.is_unlinked) for one in ChannelOutage.objects.all()]


def _hour(at: datetime) -> int:
    return int((at - NOON).total_seconds() // 3600)


@pytest.mark.parametrize(
    ("states", "outages"),
    [
        ([State.CLOSED, State.CONNECTING, State.OPEN], [(0, 2, False)]),
        ([State.CONNECTING, State.CLOSED, State.UNREACHABLE], [(0, None, False)]),
        ([State.OPEN, State.OPEN], []),
        ([State.UNREACHABLE, State.OPEN, State.SILENT, State.OPEN], [(0, 1, False), (2, 3, False)]),
        ([State.UNKNOWN, State.OPEN], []),
    ],
)
def test_outages_by_states(cast: Cast, states: list[State], outages: list[tuple[int, int | None, bool]]) -> None:
    with scope(cast.tenant.id):
        ChannelOutage.objects.all().delete()
        assert pass_through(Channel.objects.get(), *states) == outages


def test_before_its_first_link_a_channel_has_no_outage(cast: Cast) -> None:
    with scope(cast.tenant.id):
        ChannelOutage.objects.all().delete()
        states = (State.CONNECTING, State.CLOSED, State.CONNECTING, State.OPEN)
        assert pass_through(Channel.objects.get(), *states, before=State.UNKNOWN, is_unlinked=True) == []


def test_a_phone_that_had_to_be_linked_anew_is_remembered(cast: Cast) -> None:
    with scope(cast.tenant.id):
        ChannelOutage.objects.all().delete()
        assert pass_through(Channel.objects.get(), State.CLOSED, State.CONNECTING, State.OPEN, is_unlinked=True) == [(0, 2, True)]


def test_what_is_found_by_asking_begins_and_ends_an_outage(cast: Cast) -> None:
    with scope(cast.tenant.id):
        ChannelOutage.objects.all().delete()
        GatewayConnection.objects.update(state=State.OPEN)
        connection = GatewayConnection.objects.get()
    note_health(cast.tenant.id, connection.id, Health(state=State.UNREACHABLE))
    with scope(cast.tenant.id):
        assert [one.until_at for one in ChannelOutage.objects.all()] == [None]
        # Somebody else writes "connected" down before the next look.
        GatewayConnection.objects.update(state=State.OPEN)
    note_health(cast.tenant.id, connection.id, Health(state=State.OPEN))
    with scope(cast.tenant.id):
        (outage,) = ChannelOutage.objects.all()
        assert outage.until_at is not None
        assert outage.until_at >= outage.since_at
