"""From when a gateway's store is read: whole days, so that they can be counted, save where a day is too busy for that.

The tenant's day is São Paulo's: it begins at 03:00 UTC.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from core.models import ChannelDay, GatewayConnection
from ingestion.evolution.backfill import find_since
from ingestion.tests.evolution.test_backfill import DAY, NOON

SINCE: list[tuple[str, datetime | None, int | None, datetime | None, datetime]] = [
    # what, read until, today's expected, checked, read from
    ("never read: days of history", None, None, None, datetime(2026, 11, 16, 3, tzinfo=UTC)),
    ("read minutes ago: from the morning on", NOON - timedelta(minutes=9), 40, NOON, DAY),
    ("just after midnight: yesterday too", DAY + timedelta(minutes=5), 1, DAY, DAY - timedelta(days=1)),
    ("away for a month: not further than the history", NOON - timedelta(days=30), None, None, datetime(2026, 11, 16, 3, tzinfo=UTC)),
    ("a busy day: the last minutes", NOON - timedelta(minutes=9), 20_001, NOON, NOON - timedelta(minutes=11)),
    ("a busy day, once an hour: all of it", NOON - timedelta(minutes=9), 20_001, NOON - timedelta(hours=2), DAY),
]


@pytest.mark.parametrize(("what", "reached", "expected", "checked_at", "since"), SINCE, ids=[row[0] for row in SINCE])
def test_from_when_to_read(
    what: str, reached: datetime | None, expected: int | None, checked_at: datetime | None, since: datetime, settings: Settings
) -> None:
    settings.READ_BACK_DAYS = 7
    now = DAY + timedelta(minutes=10) if "midnight" in what else NOON
    day = None if expected is None else ChannelDay(tenant_id=None, on=date(2026, 11, 23), expected=expected, checked_at=checked_at)
    connection = GatewayConnection(tenant_id=None, read_back_until_at=reached)
    assert find_since(connection, now=now, time_zone="America/Sao_Paulo", today=day) == since
