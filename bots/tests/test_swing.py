"""A fall of satisfaction is told where it is beyond the usual swing, and noise is not."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bots.swing import DAY, WEEK, Hour, Span, find_unusual_silence, judge

NOW = datetime(2026, 11, 20, 18, 20, tzinfo=UTC)
END = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


def make_days(means: Callable[[int], float], *, each: Callable[[int], int] = lambda _day: 40, days: int = 63) -> list[Hour]:
    """So many days back from the end, day 0 being the last 24 hours; each day's notes in one hour, half a note around its mean."""
    hours = []
    for day in range(days):
        count, mean = each(day), means(day)
        hours.append(Hour(at=END - timedelta(days=day, hours=5), count=count, total=count * mean, squares=count * (mean * mean + 0.8)))
    return hours


def steady(day: int) -> float:
    """4.0 on average, between 3.9 and 4.1."""
    return 4.0 + 0.1 * ((day * 7) % 3 - 1)


CASES: list[tuple[str, Span, Callable[[int], float], Callable[[int], int], str | None]] = [
    # what it is, window, means by day, conversations by day, verdict
    ("as ever", DAY, steady, lambda _: 40, "usual"),
    ("the last day falls by a whole note", DAY, lambda day: 3.0 if day == 0 else steady(day), lambda _: 40, "fallen"),
    ("the last day rises", DAY, lambda day: 4.9 if day == 0 else steady(day), lambda _: 40, "usual"),
    ("it falls by less than counts", DAY, lambda day: 3.75 if day == 0 else steady(day), lambda _: 400, "usual"),
    ("of twelve, what of forty would be a fall, is none", DAY, lambda day: 3.3 if day == 0 else steady(day), lambda _: 12, "usual"),
    ("eleven conversations say nothing", DAY, lambda day: 1.0 if day == 0 else steady(day), lambda day: 11 if day == 0 else 40, None),
    ("ten days of history say nothing", DAY, lambda day: 2.0 if day == 0 else steady(day), lambda day: 40 if day < 11 else 0, None),
    ("days that swing by a note are used to it", DAY, lambda day: 3.0 if day == 0 else 3.2 + 0.4 * (day % 5), lambda _: 40, "usual"),
    ("one terrible day before does not hide it", DAY, lambda d: 3.0 if d == 0 else 1.0 if d == 9 else steady(d), lambda _: 40, "fallen"),
    ("a slow week falls", WEEK, lambda day: 3.4 if day < 7 else steady(day), lambda _: 40, "fallen"),
    ("a week as ever", WEEK, steady, lambda _: 40, "usual"),
    ("a week of thin days", WEEK, lambda day: 2.0 if day < 7 else steady(day), lambda _: 4, None),
]  # fmt: skip


@pytest.mark.parametrize(("span", "means", "each", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_a_fall(span: Span, means: Callable[[int], float], each: Callable[[int], int], told: str | None) -> None:
    verdict = judge(make_days(means, each=each), now=NOW, span=span)
    assert (None if verdict is None else "fallen" if verdict.has_fallen else "usual") == told


def test_the_figures_of_a_verdict_add_up() -> None:
    verdict = judge(make_days(lambda day: 3.0 if day == 0 else steady(day)), now=NOW, span=DAY)
    assert verdict is not None
    assert (round(verdict.value, 2), verdict.count, round(verdict.usual, 2), round(verdict.allowed, 3)) == (3.0, 40, 4.0, 0.538)


def test_a_fall_is_over_only_well_above_where_it_began() -> None:
    over = []
    for value in (3.45, 3.6, 3.7, 3.8):
        verdict = judge(make_days(lambda day, value=value: value if day == 0 else steady(day)), now=NOW, span=DAY)  # type: ignore[misc]
        assert verdict is not None
        over.append((verdict.has_fallen, verdict.is_over))
    assert over == [(True, False), (False, False), (False, False), (False, True)]


@pytest.mark.parametrize("each", [15, 60, 300])
def test_noise_raises_no_alarm(each: int) -> None:
    """Four hundred evenings of a shop whose customers never change: notes drawn from the same bag."""
    dice = random.Random(each)
    bag = [1, 2, 3, 3, 4, 4, 4, 5, 5, 5]
    days = []
    for _ in range(463):
        notes = dice.choices(bag, k=each)
        days.append((len(notes), sum(notes), sum(note * note for note in notes)))
    alarms = 0
    for evening in range(400):
        hours = [
            Hour(at=END - timedelta(days=day, hours=5), count=count, total=total, squares=squares)
            for day, (count, total, squares) in enumerate(reversed(days[evening : evening + 63]))
        ]
        for span in (DAY, WEEK):
            verdict = judge(hours, now=NOW, span=span)
            alarms += verdict is not None and verdict.has_fallen
    assert alarms == 0


@pytest.mark.parametrize(
    ("now_count", "earlier", "usual"),
    [
        (0, [10, 12, 8, 9], 10),
        (1, [10, 12, 8, 9], None),
        (0, [10, 12, 8, 0], 9),
        (0, [10, 12, 2, 0], None),
        (0, [0, 0, 0, 0], None),
        (0, [5, 5, 5, 5], None),
    ],
)
def test_unusual_silence(now_count: int, earlier: list[int], usual: int | None) -> None:
    assert find_unusual_silence(now_count, earlier) == usual
