"""Calendar arithmetic, as dated tables that a reader can check against a calendar."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import (
    CalendarUnit,
    Period,
    add_months,
    clip_to_today,
    find_calendar_unit,
    find_latest_date,
    find_latest_day_of_month,
    get_bounds,
    get_earlier_unit,
    get_last_days,
    get_last_months,
    get_latest_month,
    get_latest_weekday,
    get_latest_weekend,
    get_previous,
    get_running_unit,
    get_since,
    get_today,
    get_unit,
    is_partial,
    pick_step,
)

SAO_PAULO = "America/Sao_Paulo"
FRIDAY = date(2026, 11, 20)


def span(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def test_a_period_can_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match=r"^a period can not end \(2026-11-01\) before it starts \(2026-11-02\)$"):
        span("2026-11-02", "2026-11-01")


@pytest.mark.parametrize(
    ("clock", "time_zone", "today"),
    [
        ("2026-11-12T23:40:00-03:00", SAO_PAULO, "2026-11-12"),
        ("2026-11-13T02:40:00+00:00", SAO_PAULO, "2026-11-12"),  # still the 12th there
        ("2026-11-13T02:40:00+00:00", "Asia/Tokyo", "2026-11-13"),
        ("2026-11-13T03:00:00+00:00", SAO_PAULO, "2026-11-13"),  # midnight begins the 13th
    ],
)
def test_today_is_the_day_of_the_tenants_time_zone(clock: str, time_zone: str, today: str) -> None:
    assert get_today(datetime.fromisoformat(clock), time_zone=time_zone) == date.fromisoformat(today)


def test_a_clock_without_a_time_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="the clock must be aware"):
        get_today(datetime.fromisoformat("2026-11-12T10:00"), time_zone=SAO_PAULO)


@pytest.mark.parametrize(
    ("start", "end", "time_zone", "first", "after"),
    [
        ("2026-11-20", "2026-11-20", SAO_PAULO, "2026-11-20T03:00", "2026-11-21T03:00"),
        # Madrid leaves summer time on 25 October 2026: that day has 25 hours.
        ("2026-10-25", "2026-10-25", "Europe/Madrid", "2026-10-24T22:00", "2026-10-25T23:00"),
        # In São Paulo summer time began at midnight of 4 November 2018: the day began at one o'clock.
        ("2018-11-04", "2018-11-04", SAO_PAULO, "2018-11-04T03:00", "2018-11-05T02:00"),
    ],
)
def test_bounds_are_the_first_instants_of_days(start: str, end: str, time_zone: str, first: str, after: str) -> None:
    expected = tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (first, after))
    assert get_bounds(span(start, end), time_zone=time_zone) == expected


@pytest.mark.parametrize(("end", "partial"), [("2026-11-19", False), ("2026-11-20", True), ("2026-11-30", True)])
def test_a_period_is_partial_until_its_last_day_is_over(end: str, partial: bool) -> None:
    clock = datetime.fromisoformat("2026-11-20T23:59:00-03:00")
    assert is_partial(span("2026-11-01", end), clock=clock, time_zone=SAO_PAULO) is partial


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        ("2026-10-01", "2026-10-31", "day"),  # 31 days
        ("2026-10-01", "2026-11-01", "week"),  # 32 days
        ("2026-01-01", "2026-07-01", "week"),  # 182 days
        ("2026-01-01", "2026-07-02", "month"),  # 183 days
    ],
)
def test_the_step_of_a_chart_grows_with_the_period(start: str, end: str, step: str) -> None:
    assert pick_step(span(start, end)) == step


@pytest.mark.parametrize(
    ("unit", "whole", "running", "earlier", "two_back"),
    [
        ("day", ("2026-11-20", "2026-11-20"), ("2026-11-20", "2026-11-20"), ("2026-11-19", "2026-11-19"), ("2026-11-18", "2026-11-18")),
        ("week", ("2026-11-16", "2026-11-22"), ("2026-11-16", "2026-11-20"), ("2026-11-09", "2026-11-15"), ("2026-11-02", "2026-11-08")),
        ("month", ("2026-11-01", "2026-11-30"), ("2026-11-01", "2026-11-20"), ("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        ("quarter", ("2026-10-01", "2026-12-31"), ("2026-10-01", "2026-11-20"), ("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")),
        ("half", ("2026-07-01", "2026-12-31"), ("2026-07-01", "2026-11-20"), ("2026-01-01", "2026-06-30"), ("2025-07-01", "2025-12-31")),
        ("year", ("2026-01-01", "2026-12-31"), ("2026-01-01", "2026-11-20"), ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
    ],
)
def test_calendar_units(
    unit: CalendarUnit, whole: tuple[str, str], running: tuple[str, str], earlier: tuple[str, str], two_back: tuple[str, str]
) -> None:
    assert get_unit(FRIDAY, unit) == span(*whole)
    assert get_running_unit(FRIDAY, unit) == span(*running)
    assert get_earlier_unit(FRIDAY, unit) == span(*earlier)
    assert get_earlier_unit(FRIDAY, unit, back=2) == span(*two_back)


@pytest.mark.parametrize(
    ("today", "months", "start"),
    [
        ("2026-08-05", 2, "2026-06-06"),
        ("2026-05-10", 9, "2025-08-11"),
        ("2026-03-31", 1, "2026-03-01"),  # there is no 31 February: it becomes the 28th
        ("2028-03-30", 1, "2028-03-01"),  # the 29th in a leap year
        ("2026-05-31", 3, "2026-03-01"),
        ("2026-12-31", 12, "2026-01-01"),
    ],
)
def test_last_months_begin_the_day_after_the_same_day(today: str, months: int, start: str) -> None:
    assert get_last_months(date.fromisoformat(today), months) == span(start, today)


@pytest.mark.parametrize(("days", "start"), [(1, "2026-11-20"), (7, "2026-11-14"), (30, "2026-10-22"), (0, "2026-11-20")])
def test_last_days_end_today(days: int, start: str) -> None:
    assert get_last_days(FRIDAY, days) == span(start, "2026-11-20")


def test_since_a_day_to_come_is_today() -> None:
    assert get_since(date(2026, 11, 2), today=FRIDAY) == span("2026-11-02", "2026-11-20")
    assert get_since(date(2027, 1, 1), today=FRIDAY) == span("2026-11-20", "2026-11-20")


def test_a_weekday_is_the_latest_before_today() -> None:
    # Monday to Sunday, asked on Friday 20 November: Friday itself is a week ago.
    days = [get_latest_weekday(FRIDAY, weekday).day for weekday in range(7)]
    assert days == [16, 17, 18, 19, 13, 14, 15]


@pytest.mark.parametrize(
    ("today", "saturday", "sunday"),
    [
        ("2026-11-20", "2026-11-14", "2026-11-15"),
        ("2026-11-22", "2026-11-14", "2026-11-15"),  # asked on the Sunday: it is not over
        ("2026-11-23", "2026-11-21", "2026-11-22"),
    ],
)
def test_the_weekend_is_over(today: str, saturday: str, sunday: str) -> None:
    assert get_latest_weekend(date.fromisoformat(today)) == span(saturday, sunday)


@pytest.mark.parametrize(
    ("month", "start", "end"),
    [(10, "2026-10-01", "2026-10-31"), (11, "2026-11-01", "2026-11-20"), (12, "2025-12-01", "2025-12-31"), (2, "2026-02-01", "2026-02-28")],
)
def test_a_month_is_the_latest_that_has_begun(month: int, start: str, end: str) -> None:
    assert get_latest_month(FRIDAY, month) == span(start, end)


@pytest.mark.parametrize(
    ("today", "day", "found"),
    [
        ("2026-11-20", 15, "2026-11-15"),
        ("2026-11-20", 20, "2026-11-20"),
        ("2026-11-20", 25, "2026-10-25"),
        ("2026-11-20", 31, "2026-10-31"),
        ("2026-03-05", 30, "2026-01-30"),  # February has none
        ("2026-11-20", 32, None),
    ],
)
def test_a_day_of_the_month_is_the_latest_that_has_begun(today: str, day: int, found: str | None) -> None:
    assert find_latest_day_of_month(date.fromisoformat(today), day) == (date.fromisoformat(found) if found else None)


@pytest.mark.parametrize(
    ("month", "day", "found"),
    [(11, 3, "2026-11-03"), (11, 20, "2026-11-20"), (11, 21, "2025-11-21"), (2, 29, "2024-02-29"), (2, 30, None), (13, 1, None)],
)
def test_a_date_without_a_year_is_the_latest_that_has_begun(month: int, day: int, found: str | None) -> None:
    assert find_latest_date(FRIDAY, month=month, day=day) == (date.fromisoformat(found) if found else None)


def test_only_a_running_period_is_clipped() -> None:
    assert clip_to_today(span("2026-11-01", "2026-11-30"), today=FRIDAY) == span("2026-11-01", "2026-11-20")
    assert clip_to_today(span("2026-10-01", "2026-10-31"), today=FRIDAY) == span("2026-10-01", "2026-10-31")
    assert clip_to_today(span("2026-12-01", "2026-12-31"), today=FRIDAY) == span("2026-12-01", "2026-12-31")


@pytest.mark.parametrize(
    ("period", "unit", "previous"),
    [
        # whole calendar units
        (("2026-11-09", "2026-11-15"), "week", ("2026-11-02", "2026-11-08")),
        (("2026-10-01", "2026-10-31"), "month", ("2026-09-01", "2026-09-30")),
        (("2026-07-01", "2026-09-30"), "quarter", ("2026-04-01", "2026-06-30")),
        (("2025-01-01", "2025-12-31"), "year", ("2024-01-01", "2024-12-31")),
        # running ones: the whole one before
        (("2026-11-16", "2026-11-20"), "week", ("2026-11-09", "2026-11-15")),
        (("2026-11-01", "2026-11-20"), "month", ("2026-10-01", "2026-10-31")),
        (("2026-10-01", "2026-11-20"), "quarter", ("2026-07-01", "2026-09-30")),
        (("2026-01-01", "2026-11-20"), "year", ("2025-01-01", "2025-12-31")),
        # anything else: the same length right before
        (("2026-11-20", "2026-11-20"), "day", ("2026-11-19", "2026-11-19")),
        (("2026-11-14", "2026-11-20"), None, ("2026-11-07", "2026-11-13")),
        (("2026-11-03", "2026-11-10"), None, ("2026-10-26", "2026-11-02")),
        (("2026-11-14", "2026-11-15"), None, ("2026-11-12", "2026-11-13")),
        (("2026-01-01", "2026-06-30"), None, ("2025-07-04", "2025-12-31")),  # a half year
    ],
)
def test_the_period_to_compare_with(period: tuple[str, str], unit: str | None, previous: tuple[str, str]) -> None:
    assert find_calendar_unit(span(*period), today=FRIDAY) == unit
    assert get_previous(span(*period), today=FRIDAY) == span(*previous)


def test_what_a_period_was_meant_as_decides_over_its_dates() -> None:
    first = date(2027, 3, 1)  # a Monday: today, this week and this month are the same one day
    assert get_previous(Period(first, first), today=first) == span("2027-02-28", "2027-02-28")
    assert get_previous(Period(first, first), today=first, unit="week") == span("2027-02-22", "2027-02-28")
    assert get_previous(Period(first, first), today=first, unit="month") == span("2027-02-01", "2027-02-28")


@given(st.dates(), st.integers(-200_000, 200_000))
def test_months_never_leave_the_calendar(day: date, months: int) -> None:
    assert date.min <= add_months(day, months) <= date.max


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 800), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_the_previous_period_ends_right_before(start: date, days: int, today: date) -> None:
    period = Period(start, date.fromordinal(start.toordinal() + days))
    previous = get_previous(period, today=today)
    assert (period.start - previous.end).days == 1
