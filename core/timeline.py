"""The steps of a period along a dimension of time, so that a step in which nothing happened is seen as nothing."""

from datetime import date, timedelta

from core.periods import Period


def find_steps(period: Period, dimension: str) -> list[str | int]:
    """Every step of the period, in order: first days as ISO dates for day, week and month; 0–23; Monday 1 – Sunday 7.

    A week or month that the period begins inside of is named by its own first day.
    """
    if dimension == "hour":
        return list(range(24))
    if dimension == "weekday":
        return list(range(1, 8))
    step = _first_day(period.start, dimension)
    steps: list[str | int] = []
    while step <= period.end:
        steps.append(step.isoformat())
        step = _next_step(step, dimension)
    return steps


def _first_day(day: date, dimension: str) -> date:
    if dimension == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if dimension == "month" else day


def _next_step(day: date, dimension: str) -> date:
    if dimension == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if dimension == "week" else 1)
