"""What expressions of time mean as days: a section of tables/times.toml is a function here, or in dates.py."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from assistant.planner.lexicon import Language
from core import periods
from core.periods import CalendarUnit, Period

LONGEST_COUNT = 3660  # days, weeks or months that "the last n" may name


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch of time that was said.

    `unit` is the calendar unit that it was meant as. `of` makes it anew beside another period, where it was said in
    relation to one ("the week before"). `in_year` makes it in a given year, where no year was said.
    """

    period: Period
    unit: CalendarUnit | None = None
    of: Callable[[Period], Period] | None = field(default=None, compare=False)
    in_year: Callable[[int], "Moment | None"] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Clock:
    """The day that a question is asked on, and how its asker writes dates."""

    today: date
    language: Language

    @property
    def is_month_first(self) -> bool:
        return self.language == "en"


Values = tuple[Any, ...]
# Section of tables/times.toml → its function; None where there are no such days ("31 February").
Resolver = Callable[[Values, Clock], Moment | None]
RESOLVERS: dict[str, Resolver] = {}
_Given = TypeVar("_Given", bound=Resolver)


def _resolver(function: _Given) -> _Given:
    RESOLVERS[function.__name__.removeprefix("_")] = function
    return function


def make_day(day: date | None) -> Moment | None:
    return Moment(period=Period(day, day), unit="day") if day else None


def _make_days(back: int) -> Resolver:
    return lambda _, clock: make_day(periods.add_days(clock.today, -back))


RESOLVERS["today"], RESOLVERS["yesterday"], RESOLVERS["before_yesterday"] = _make_days(0), _make_days(1), _make_days(2)


@_resolver
def _running(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_running_unit(clock.today, values[0]), unit=values[0])


@_resolver
def _previous(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_earlier_unit(clock.today, values[0]), unit=values[0])


@_resolver
def _before(values: Values, clock: Clock) -> Moment:
    unit: CalendarUnit = values[0]

    def before(period: Period) -> Period:
        # The 7 days before 7 days that are no calendar week; else the whole unit before.
        known = periods.find_calendar_unit(period, today=clock.today)
        length = {"week": 7, "month": 30, "quarter": 90, "year": 365}.get(unit)
        if known != unit and length == period.days:
            return periods.get_previous(period, today=clock.today, unit="day")
        return periods.get_earlier_unit(period.start, unit)

    return replace(_previous(values, clock), of=before)


@_resolver
def _two_back(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_earlier_unit(clock.today, values[0], back=2), unit=values[0])


@_resolver
def _ago(values: Values, clock: Clock) -> Moment:
    back, unit = min(values[0], LONGEST_COUNT), values[1]
    return Moment(period=periods.get_earlier_unit(clock.today, unit, back=back), unit=unit)


@_resolver
def _last_n(values: Values, clock: Clock) -> Moment:
    count, unit = min(values[0], LONGEST_COUNT), values[1]
    if unit in ("day", "week"):
        return Moment(period=periods.get_last_days(clock.today, count * (7 if unit == "week" else 1)))
    return Moment(period=periods.get_last_months(clock.today, count * periods.MONTHS_OF_UNIT[unit]))


@_resolver
def _last_one(values: Values, clock: Clock) -> Moment:
    unit = values[0]
    return _previous(values, clock) if unit in ("day", "quarter", "half") else _last_n((1, unit), clock)


@_resolver
def _recent(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_last_days(clock.today, 7))


@_resolver
def _hours(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_last_days(clock.today, 1 + -(-min(values[0], 2400) // 24)))


@_resolver
def _last_fortnight(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_last_days(clock.today, 15))


@_resolver
def _previous_n(values: Values, clock: Clock) -> Moment:
    last = _last_n(values, clock)

    def before(period: Period) -> Period:
        if period.days == last.period.days:
            return periods.get_previous(period, today=clock.today, unit="day")
        return _last_n(values, replace(clock, today=periods.add_days(period.start, -1))).period

    return replace(last, of=before)


@_resolver
def _same_of_year(values: Values, clock: Clock) -> Moment:
    """ "O mesmo mês de 2025": the same days of that year; where nothing is said of which, as much of it as this year has had."""
    year: int = values[-1]

    def shift(period: Period) -> Period:
        months = 12 * (year - period.start.year)
        start, end = periods.add_months(period.start, months), periods.add_months(period.end, months)
        if period.end == periods.get_unit(period.end, "month").end:
            end = periods.get_unit(end, "month").end
        return Period(min(start, end), end)

    return Moment(period=shift(periods.get_running_unit(clock.today, values[0] if len(values) > 1 else "year")), of=shift)


@_resolver
def _same_last(values: Values, clock: Clock) -> Moment:
    unit: CalendarUnit = values[-1] if values else "year"

    def shift(period: Period) -> Period:
        if unit in ("day", "week"):
            back = -1 if unit == "day" else -7
            return Period(periods.add_days(period.start, back), periods.add_days(period.end, back))
        months = -periods.MONTHS_OF_UNIT[unit]
        start, end = periods.add_months(period.start, months), periods.add_months(period.end, months)
        if period.end == periods.get_unit(period.end, "month").end:
            end = periods.get_unit(end, "month").end  # a whole month stays whole: 28 February beside 31 March
        return Period(min(start, end), end)

    return replace(_previous((unit,), clock), of=shift)


# --- months ---------------------------------------------------------------------------------------------------------------


@_resolver
def _month(values: Values, clock: Clock) -> Moment:
    return Moment(
        period=periods.get_latest_month(clock.today, values[0]), unit="month", in_year=lambda year: _month_of_year((values[0], year), clock)
    )


@_resolver
def _month_of_year(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_month(values[1], values[0], today=clock.today), unit="month")


@_resolver
def _month_of_last_year(values: Values, clock: Clock) -> Moment:
    return _month_of_year((values[0], clock.today.year - 1), clock)


@_resolver
def _month_of_this_year(values: Values, clock: Clock) -> Moment:
    return _month_of_year((values[0], clock.today.year), clock)


@_resolver
def _last_named_month(values: Values, clock: Clock) -> Moment:
    year = clock.today.year - (values[0] >= clock.today.month)
    return _month_of_year((values[0], year), clock)


def _part_of_month(first: date, *, start: int, end: int) -> Moment:
    """Days `start` to `end` of the month that begins on `first`; an end beyond the month is its last day."""
    last = periods.get_unit(first, "month").end.day
    return Moment(period=Period(first.replace(day=min(start, last)), first.replace(day=min(end, last))))


def _this_month(clock: Clock) -> date:
    return clock.today.replace(day=1)


def _latest_month_start(month: int, clock: Clock) -> date:
    return periods.get_latest_month(clock.today, month).start


def _half_of_month(first: date, part: int) -> Moment:
    return _part_of_month(first, start=1, end=15) if part == 1 else _part_of_month(first, start=16, end=31)


def _week_in_month(first: date, part: int) -> Moment:
    return _part_of_month(first, start=part * 7 - 6, end=part * 7)


RESOLVERS |= {
    "fortnight": lambda values, clock: _half_of_month(_latest_month_start(values[1], clock), values[0]),
    "fortnight_of_this_month": lambda values, clock: _half_of_month(_this_month(clock), values[0]),
    "fortnight_of_last_month": lambda values, clock: _half_of_month(periods.add_months(_this_month(clock), -1), values[0]),
    "week_of_month": lambda values, clock: _week_in_month(_latest_month_start(values[1], clock), values[0]),
    "week_of_this_month": lambda values, clock: _week_in_month(_this_month(clock), values[0]),
    "week_of_last_month": lambda values, clock: _week_in_month(periods.add_months(_this_month(clock), -1), values[0]),
    "first_days_of_month": lambda values, clock: _part_of_month(_latest_month_start(values[1], clock), start=1, end=max(values[0], 1)),
}


@_resolver
def _last_days_of_month(values: Values, clock: Clock) -> Moment:
    whole = periods.get_unit(_latest_month_start(values[1], clock), "month")
    return Moment(period=Period(max(whole.start, periods.add_days(whole.end, 1 - max(values[0], 1))), whole.end))


# --- weekdays, weekends ---------------------------------------------------------------------------------------------------


@_resolver
def _weekday(values: Values, clock: Clock) -> Moment | None:
    return make_day(periods.get_latest_weekday(clock.today, values[0]))


@_resolver
def _weekday_of_last_week(values: Values, clock: Clock) -> Moment | None:
    return make_day(periods.add_days(periods.get_earlier_unit(clock.today, "week").start, values[0]))


@_resolver
def _weekend(values: Values, clock: Clock) -> Moment:
    return Moment(period=periods.get_latest_weekend(clock.today))


@_resolver
def _weekend_before(values: Values, clock: Clock) -> Moment:
    latest = periods.get_latest_weekend(clock.today)
    return Moment(
        period=periods.get_latest_weekend(latest.start), of=lambda period: periods.get_latest_weekend(periods.add_days(period.start, -1))
    )


# --- years, halves, quarters ----------------------------------------------------------------------------------------------


def make_part_of_year(year: int, unit: CalendarUnit, part: int, clock: Clock) -> Moment:
    first = date(year, (part - 1) * periods.MONTHS_OF_UNIT[unit] % 12 + 1, 1)
    return Moment(period=periods.clip_to_today(periods.get_unit(first, unit), today=clock.today), unit=unit)


@_resolver
def _year(values: Values, clock: Clock) -> Moment:
    return make_part_of_year(values[0], "year", 1, clock)


def _add_parts_of_year(name: str, unit: CalendarUnit, parts: int) -> None:
    def latest(values: Values, clock: Clock) -> Moment | None:
        if not 1 <= values[0] <= parts:
            return None
        part = make_part_of_year(clock.today.year, unit, values[0], clock)
        if part.period.start > clock.today:
            part = make_part_of_year(clock.today.year - 1, unit, values[0], clock)
        return replace(part, in_year=lambda year: make_part_of_year(year, unit, values[0], clock))

    def of_year(values: Values, clock: Clock) -> Moment | None:
        return make_part_of_year(values[1], unit, values[0], clock) if 1 <= values[0] <= parts else None

    RESOLVERS[name] = latest
    RESOLVERS[f"{name}_of_year"] = of_year
    RESOLVERS[f"{name}_of_last_year"] = lambda values, clock: of_year((values[0], clock.today.year - 1), clock)


_add_parts_of_year("quarter", "quarter", 4)
_add_parts_of_year("half", "half", 2)
