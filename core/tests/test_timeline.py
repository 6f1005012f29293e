"""A period's steps: every one of them, in order, also where nothing happened."""

from datetime import date

import pytest

from core.periods import Period
from core.timeline import find_steps

CASES = [
    # dimension, start, end, steps
    ("day", "2026-02-27", "2026-03-01", ["2026-02-27", "2026-02-28", "2026-03-01"]),
    ("week", "2026-11-18", "2026-12-01", ["2026-11-16", "2026-11-23", "2026-11-30"]),
    ("week", "2026-11-16", "2026-11-22", ["2026-11-16"]),
    ("month", "2026-12-15", "2027-02-01", ["2026-12-01", "2027-01-01", "2027-02-01"]),
    ("weekday", "2026-11-16", "2026-11-16", [1, 2, 3, 4, 5, 6, 7]),
    ("hour", "2026-11-16", "2026-11-16", list(range(24))),
]


@pytest.mark.parametrize(("dimension", "start", "end", "steps"), CASES)
def test_steps(dimension: str, start: str, end: str, steps: list[str | int]) -> None:
    assert find_steps(Period(date.fromisoformat(start), date.fromisoformat(end)), dimension) == steps
