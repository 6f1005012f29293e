"""Days written with figures or with a month's name: "03/11", "3 de novembro", "November 3 to 10", "dia 15"."""

from assistant.planner.lexicon import read_table
from assistant.planner.moments import Clock, Moment, Resolver, Values, make_day
from core import periods
from core.periods import Period


def make_date(day: int, month: int, year: int | None, clock: Clock) -> Moment | None:
    """That day; without a year the latest that has begun."""
    if year is not None:
        return make_day(periods.find_day(year, month, day))
    found = make_day(periods.find_latest_date(clock.today, month=month, day=day))
    if found is None:
        return None
    return Moment(period=found.period, unit="day", in_year=lambda year: make_day(periods.find_day(year, month, day)))


def read_date(values: Values, clock: Clock) -> Moment | None:
    """A date in figures: 2026-11-03, 03/11/2026, 03/11/26, 03/11, 10/2025; month first in English, unless that can not be."""
    day, month, year = _split_date(values[0], clock)
    if day is None:
        return _make_month(month, year or 0, clock)
    return make_date(day, month, year, clock) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _split_date(written: str, clock: Clock) -> tuple[int | None, int, int | None]:
    """Day, month and year; no day of "10/2025", no year of "03/11"."""
    parts = [int(part) for part in written.replace("-", "/").replace(".", "/").split("/")]
    if parts[0] > 31:
        return (parts[2], parts[1], parts[0]) if len(parts) == 3 else (None, 0, None)
    first, second = parts[:2]
    if len(parts) == 2 and (second > 31 or (first <= 12 < second and not clock.is_month_first)):
        return None, first, _read_year(second)  # 10/2025; 10/25 too, where days come first
    month_first = second > 12 or (first <= 12 and clock.is_month_first)
    day, month = (second, first) if month_first else (first, second)
    return day, month, _read_year(parts[2]) if len(parts) == 3 else None


def is_no_day(section: str, values: Values, clock: Clock) -> bool:
    """Whether an expression of time that gives no days is a day that a month lacks ("31/02"), rather than no date at all ("50/50")."""
    if section == "date":
        day, month, year = _split_date(values[0], clock)
        return day is not None and 1 <= day <= 31 and (year is not None or 1 <= month <= 12)
    return section in ("day_and_month", "day_month_year", "day_of_last_month")


def _make_fixed(month: int, day: int) -> Resolver:
    return lambda _, clock: make_date(day, month, None, clock)


def _read_year(figures: int) -> int:
    return figures + 2000 if figures < 100 else figures


def _make_month(month: int, year: int, clock: Clock) -> Moment | None:
    if not (1 <= month <= 12 and 1990 <= year <= 2100):
        return None
    return Moment(period=periods.get_month(year, month, today=clock.today), unit="month")


def _make_range(first: int, last: int, month: int, year: int | None, clock: Clock) -> Moment | None:
    if first > last:
        return None
    start = make_date(first, month, year, clock)
    end = periods.find_day(start.period.start.year, month, last) if start else None
    if start is None or end is None:
        return None
    moment = Moment(period=Period(start.period.start, end))
    if year is not None:
        return moment
    return Moment(period=moment.period, in_year=lambda year: _make_range(first, last, month, year, clock))


def _day_of_month(values: Values, clock: Clock) -> Moment | None:
    return make_day(periods.find_latest_day_of_month(clock.today, values[0]))


def _day_of_last_month(values: Values, clock: Clock) -> Moment | None:
    month = periods.add_months(clock.today.replace(day=1), -1)
    return make_day(periods.find_day(month.year, month.month, values[0]))


def _days_of_this_month(values: Values, clock: Clock) -> Moment | None:
    """ "Dia 5 ao 9": in the latest month whose fifth has begun."""
    start = periods.find_latest_day_of_month(clock.today, values[0])
    end = periods.find_day(start.year, start.month, values[1]) if start else None
    return Moment(period=Period(start, end)) if start and end and start <= end else None


def _day_and_month(values: Values, clock: Clock) -> Moment | None:
    return make_date(values[0], values[1], None, clock)


def _day_month_year(values: Values, clock: Clock) -> Moment | None:
    return make_date(values[0], values[1], values[2], clock)


def _day_range(values: Values, clock: Clock) -> Moment | None:
    return _make_range(values[0], values[1], values[2], None, clock)


def _day_range_year(values: Values, clock: Clock) -> Moment | None:
    return _make_range(values[0], values[1], values[2], values[3], clock)


def _tomorrow(_: Values, clock: Clock) -> Moment | None:
    return make_day(periods.add_days(clock.today, 1))


def _next(values: Values, clock: Clock) -> Moment:
    """The whole unit after the running one, of however many: nobody looks at more of it than that it has not begun."""
    start = periods.add_days(periods.get_unit(clock.today, values[-1]).end, 1)
    return Moment(period=periods.get_unit(start, values[-1]), unit=values[-1])


RESOLVERS: dict[str, Resolver] = {
    "tomorrow": _tomorrow,
    "next": _next,
    "next_n": _next,
    "date": read_date,
    "day_of_month": _day_of_month,
    "day_of_last_month": _day_of_last_month,
    "days_of_this_month": _days_of_this_month,
    "day_and_month": _day_and_month,
    "day_month_year": _day_month_year,
    "day_range": _day_range,
    "day_range_year": _day_range_year,
}
# A holiday of one date is a section of tables/times.toml named after it: "fixed_12_25".
RESOLVERS |= {name: _make_fixed(*map(int, name.split("_")[1:])) for name in read_table("times") if name.startswith("fixed_")}
