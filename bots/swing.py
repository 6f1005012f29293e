"""Whether satisfaction fell beyond its usual swing: the latest window beside as long ones of the eight weeks before. Pure.

The usual is the median of the earlier windows' means, the swing their median distance from it: a single bad day moves neither. How
surely a mean is known at all is counted in too: of twelve conversations a low one says less than of two hundred.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

# What makes a median distance comparable with a standard deviation.
_TO_DEVIATION = 1.4826


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """The notes of the conversations that began within one hour: how many, their sum and the sum of their squares."""

    at: datetime
    count: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of window and what makes it tell something."""

    name: str
    hours: int
    fewest: int  # conversations in the latest window
    fewest_before: int  # in an earlier one
    fewest_windows: int  # earlier ones that have as many

    @property
    def windows(self) -> int:
        """How many such windows eight weeks hold."""
        return 8 * 7 * 24 // self.hours


DAY = Span(name="day", hours=24, fewest=12, fewest_before=5, fewest_windows=14)
WEEK = Span(name="week", hours=168, fewest=30, fewest_before=15, fewest_windows=4)
# A fall must be larger than the larger of these: so many swings, so many errors of the mean, so much of a note.
SWINGS, ERRORS, LEAST_FALL = 3.5, 3.75, 0.3
# A fall is over once satisfaction is back within this part of it.
BACK_WITHIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The latest window's mean of so many conversations, what is usual, and how far below counts as a fall."""

    value: float
    count: int
    usual: float
    allowed: float

    @property
    def has_fallen(self) -> bool:
        return self.value < self.usual - self.allowed

    @property
    def is_over(self) -> bool:
        """Whether a fall that was told has passed. Between the two nothing changes."""
        return self.value > self.usual - BACK_WITHIN * self.allowed


def judge(hours: Sequence[Hour], *, now: datetime, span: Span) -> Verdict | None:
    """The latest window beside the earlier ones, None where there is too little to tell. Windows end with the hour that `now` is in."""
    end = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    windows: list[list[Hour]] = [[] for _ in range(span.windows + 1)]
    for hour in hours:
        age = end - hour.at
        place = math.ceil(age / timedelta(hours=span.hours)) - 1
        if timedelta(0) < age and place <= span.windows:
            windows[place].append(hour)
    latest, *earlier = ((sum(h.count for h in window), sum(h.total for h in window)) for window in windows)
    means = [total / count for count, total in earlier if count >= span.fewest_before]
    count, total = latest
    if count < span.fewest or len(means) < span.fewest_windows:
        return None
    usual = median(means)
    swing = _TO_DEVIATION * median(abs(mean - usual) for mean in means)
    error = _estimate_deviation([hour for window in windows for hour in window]) / math.sqrt(count)
    return Verdict(value=total / count, count=count, usual=usual, allowed=max(SWINGS * swing, ERRORS * error, LEAST_FALL))


def _estimate_deviation(hours: Sequence[Hour]) -> float:
    """The standard deviation of single notes, never quite 0."""
    count = sum(hour.count for hour in hours)
    mean = sum(hour.total for hour in hours) / count
    return max(math.sqrt(max(sum(hour.squares for hour in hours) / count - mean * mean, 0.0)), 0.5)


def find_unusual_silence(now_count: int, earlier: Sequence[int], *, fewest: int = 6) -> int | None:
    """How many messages are usual where now there are none: the median of the same hours of earlier weeks.

    None where some came, or where fewer than three of four earlier weeks had as many as `fewest`: silence is usual there.
    """
    if now_count or sum(count >= fewest for count in earlier) < max(3, math.ceil(0.75 * len(earlier))):
        return None
    return round(median(earlier))
