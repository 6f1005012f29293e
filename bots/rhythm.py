"""When a scheduled question is asked: its occurrences by the tenant's clock. Pure."""

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab

from bots.models import ScheduledQuestion

Rhythm = ScheduledQuestion.Rhythm
# A month's day comes again within this many days.
LOOK = 32
# A day that a cron expression names comes again within the twenty-eight years after which the calendar is the same.
LOOK_CRON = 28 * 366
# A question that is asked more often than every hour is a screen's, not a message's.
MOST_A_DAY = 24


class RhythmError(ValueError):
    """A cron expression that can't be followed; the message is a word: unreadable (a day that never comes, too) or too_often."""


def find_next(row: ScheduledQuestion, *, after: datetime, zone: ZoneInfo) -> datetime:
    """The first occurrence after an instant (aware)."""
    today = after.astimezone(zone).date()
    return next(at for at in _list(row, today, step=1, zone=zone) if at > after)


def find_latest(row: ScheduledQuestion, *, until: datetime, zone: ZoneInfo) -> datetime:
    """The last occurrence up to an instant (aware), that instant included."""
    today = until.astimezone(zone).date()
    return next(at for at in _list(row, today, step=-1, zone=zone) if at <= until)


def read_cron(expression: str) -> crontab:
    """A cron expression of five fields. Raises RhythmError where it is none, or names more than MOST_A_DAY times."""
    try:
        read = crontab.from_string(expression)
    except (ValueError, ParseException) as error:
        raise RhythmError("unreadable") from error
    if len(read.hour) * len(read.minute) > MOST_A_DAY:
        raise RhythmError("too_often")
    return read


def _list(row: ScheduledQuestion, today: date, *, step: int, zone: ZoneInfo) -> Iterator[datetime]:
    """Occurrences from a day on, in the direction of `step`."""
    cron = read_cron(row.cron) if row.rhythm == Rhythm.CRON else None
    times = [time(hour, minute) for hour in cron.hour for minute in cron.minute] if cron else [time(row.hour, row.minute)]
    times.sort(reverse=step < 0)
    for number in range((LOOK_CRON if cron else LOOK) + 1):
        day = today + timedelta(days=step * number)
        if _is_named(cron, day) if cron else _falls_on(row, day):
            yield from (datetime.combine(day, at, tzinfo=zone) for at in times)


def _is_named(cron: crontab, day: date) -> bool:
    """Whether a cron expression names a day. Where both of its days are given, both have to fit, as Celery has it."""
    return day.day in cron.day_of_month and day.month in cron.month_of_year and day.isoweekday() % 7 in cron.day_of_week


def _falls_on(row: ScheduledQuestion, day: date) -> bool:
    if row.rhythm == Rhythm.DAILY:
        return True
    if row.rhythm == Rhythm.WEEKDAYS:
        return day.weekday() < calendar.SATURDAY
    if row.rhythm == Rhythm.WEEKLY:
        return day.weekday() == row.weekday
    return day.day == min(row.month_day, calendar.monthrange(day.year, day.month)[1])
