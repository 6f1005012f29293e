"""Calendar periods of a tenant: whole days in its time zone, so that every part of the product means the same by "last week"."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

CalendarUnit = Literal["day", "week", "month", "quarter", "half", "year"]
Step = Literal["day", "week", "month"]

# A period longer than this is drawn by the next longer step.
LONGEST_BY_DAY = 31
LONGEST_BY_WEEK = 26 * 7

MONTHS_OF_UNIT: dict[CalendarUnit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# Units that "the one before" is the whole calendar one of; a half year is compared by its length.
COMPARED_WHOLE: tuple[CalendarUnit, ...] = ("week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` to `end`, both included, in the tenant's time zone."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"a period can not end ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        """How many days it has, at least 1."""
        return (self.end - self.start).days + 1

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end


def get_today(clock: datetime, *, time_zone: str) -> date:
    """The day that `clock`, an aware instant, falls on in that time zone (an IANA name)."""
    if clock.tzinfo is None:
        raise ValueError("the clock must be aware: give it a time zone or an offset")
    return clock.astimezone(ZoneInfo(time_zone)).date()


def get_bounds(period: Period, *, time_zone: str) -> tuple[datetime, datetime]:
    """The period as aware UTC instants: from the first instant of its first day to, not including, the first after its last."""
    zone = ZoneInfo(time_zone)
    start = datetime.combine(period.start, time.min, tzinfo=zone)
    end = datetime.combine(period.end + timedelta(days=1), time.min, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def is_partial(period: Period, *, clock: datetime, time_zone: str) -> bool:
    """Whether the period is not over yet at `clock`: today is unfinished until midnight."""
    return period.end >= get_today(clock, time_zone=time_zone)


def pick_step(period: Period) -> Step:
    """The step of a chart over time when nobody said one: day up to 31 days, week up to 26 weeks, else month."""
    if period.days <= LONGEST_BY_DAY:
        return "day"
    return "week" if period.days <= LONGEST_BY_WEEK else "month"


# --- calendar units -------------------------------------------------------------------------------------------------------


def add_days(day: date, days: int) -> date:
    """The day so many days later, held within the years that a date can have."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def add_months(day: date, months: int) -> date:
    """The same day so many months later; a day that the month lacks becomes its last."""
    count = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def get_unit(day: date, unit: CalendarUnit) -> Period:
    """The whole calendar unit that the day is in. Weeks start on Monday."""
    if unit == "day":
        return Period(day, day)
    if unit == "week":
        start = add_days(day, -day.weekday())
        return Period(start, add_days(start, 6))
    months = MONTHS_OF_UNIT[unit]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(start, add_days(add_months(start, months), -1))


def get_running_unit(today: date, unit: CalendarUnit) -> Period:
    """From the first day of the unit that today is in, to today: "this week", "this month"."""
    return Period(get_unit(today, unit).start, today)


def get_earlier_unit(day: date, unit: CalendarUnit, *, back: int = 1) -> Period:
    """The whole unit `back` units before the one that the day is in: "last week" is 1, "the week before last" 2."""
    period = get_unit(day, unit)
    for _ in range(min(back, 10_000)):
        period = get_unit(add_days(period.start, -1), unit)
    return period


def clip_to_today(period: Period, *, today: date) -> Period:
    """A period that has begun and is not over runs to today; any other stays as it is."""
    return Period(period.start, today) if period.contains(today) else period


# --- periods that end today ---------------------------------------------------------------------------------------------


def get_last_days(today: date, days: int) -> Period:
    """So many days, at least 1, ending today."""
    return Period(add_days(today, 1 - max(days, 1)), today)


def get_last_months(today: date, months: int) -> Period:
    """From the day after the same day so many months before, to today."""
    return Period(min(add_days(add_months(today, -max(months, 1)), 1), today), today)


def get_since(start: date, *, today: date) -> Period:
    """From that day to today; today alone where the day is yet to come."""
    return Period(min(start, today), today)


# --- the latest one that has begun --------------------------------------------------------------------------------------


def get_latest_weekday(today: date, weekday: int) -> date:
    """The latest such day before today. Monday is 0."""
    return add_days(today, -((today.weekday() - weekday - 1) % 7 + 1))


def get_latest_weekend(today: date) -> Period:
    """The latest Saturday and Sunday both before today."""
    sunday = get_latest_weekday(today, 6)
    return Period(add_days(sunday, -1), sunday)


def get_month(year: int, month: int, *, today: date) -> Period:
    """That month; the current one runs to today."""
    return clip_to_today(get_unit(date(year, month, 1), "month"), today=today)


def get_latest_month(today: date, month: int) -> Period:
    """The latest such month (1 to 12) that has begun; the current one runs to today."""
    return get_month(today.year if month <= today.month else today.year - 1, month, today=today)


def find_day(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_latest_day_of_month(today: date, day: int) -> date | None:
    """The latest such day of any month that has begun; None for a number that no month has."""
    for back in range(12):
        month = add_months(today.replace(day=1), -back)
        found = find_day(month.year, month.month, day)
        if found is not None and found <= today:
            return found
    return None


def find_latest_date(today: date, *, month: int, day: int) -> date | None:
    """The latest such day of such a month that has begun; None where the calendar never has it."""
    for year in range(today.year, max(today.year - 8, 0), -1):
        found = find_day(year, month, day)
        if found is not None and found <= today:
            return found
    return None


# --- the period to compare with -----------------------------------------------------------------------------------------


def find_calendar_unit(period: Period, *, today: date) -> CalendarUnit | None:
    """The calendar unit that the period is a whole or running one of; None where it is none.

    A running unit of one day (today, on a Monday or on the 1st) is a day: dates alone can not tell more.
    """
    if period.days == 1:
        return "day"
    for unit in COMPARED_WHOLE:
        whole = get_unit(period.start, unit)
        if whole == period or (whole.start == period.start and period.end == today and today <= whole.end):
            return unit
    return None


def get_previous(period: Period, *, today: date, unit: CalendarUnit | None = None) -> Period:
    """The comparable period right before.

    For a whole or running calendar week, month, quarter or year, the whole one before it; for any other, the same length.
    `unit` says what the period was meant as, where that is known ("this week", asked on a Monday, is a week of one day).
    """
    unit = unit or find_calendar_unit(period, today=today)
    if unit in COMPARED_WHOLE:
        return get_earlier_unit(period.start, unit)
    end = add_days(period.start, -1)
    return Period(min(add_days(end, 1 - period.days), end), end)
