"""When a scheduled question is asked: its occurrences, at a full hour of the tenant's clock. Pure."""

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bots.models import ScheduledQuestion

Rhythm = ScheduledQuestion.Rhythm
# A month's day comes again within this many days.
LOOK = 32


def find_next(row: ScheduledQuestion, *, after: datetime, zone: ZoneInfo) -> datetime:
    """The first occurrence after an instant (aware)."""
    today = after.astimezone(zone).date()
    return next(at for at in _list(row, today, step=1, zone=zone) if at > after)


def find_latest(row: ScheduledQuestion, *, until: datetime, zone: ZoneInfo) -> datetime:
    """The last occurrence up to an instant (aware), that instant included."""
    today = until.astimezone(zone).date()
    return next(at for at in _list(row, today, step=-1, zone=zone) if at <= until)


def _list(row: ScheduledQuestion, today: date, *, step: int, zone: ZoneInfo) -> Iterator[datetime]:
    days = (today + timedelta(days=step * number) for number in range(LOOK + 1))
    return (datetime.combine(day, time(row.hour), tzinfo=zone) for day in days if _falls_on(row, day))


def _falls_on(row: ScheduledQuestion, day: date) -> bool:
    if row.rhythm == Rhythm.DAILY:
        return True
    if row.rhythm == Rhythm.WEEKDAYS:
        return day.weekday() < calendar.SATURDAY
    if row.rhythm == Rhythm.WEEKLY:
        return day.weekday() == row.weekday
    return day.day == min(row.month_day, calendar.monthrange(day.year, day.month)[1])
