"""Times a subject and its reference in turns, so that what slows the machine slows both; the ratio is taken pair by pair."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.project.bench.report import Bar, Figure, Unit

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Seconds of the subject and of its reference, measured right after one another."""

    subject: float
    reference: float


def time_call(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def time_pairs(subject: Callable[[], float], reference: Callable[[], float], *, repetitions: int, tell: Tell) -> list[Pair]:
    """Run both `repetitions` times in turns, every other time the reference first. Each returns the seconds that count."""
    pairs = []
    for number in range(repetitions):
        if number % 2:
            reference_seconds, subject_seconds = reference(), subject()
        else:
            subject_seconds, reference_seconds = subject(), reference()
        pairs.append(Pair(subject=subject_seconds, reference=reference_seconds))
        tell(f"{number + 1} of {repetitions}: {subject_seconds:.3f} s against {reference_seconds:.3f} s")
    return pairs


def describe(name: str, values: Sequence[float], *, unit: Unit, bar: Bar | None = None) -> Figure:
    """The median of some readings with their range."""
    return Figure(name=name, unit=unit, median=statistics.median(values), low=min(values), high=max(values), bar=bar)


def describe_speed(name: str, seconds: Sequence[float], *, count: int, unit: Unit) -> Figure:
    """How many of `count` things were done in a second."""
    return describe(name, [count / one for one in seconds], unit=unit)


def describe_share(name: str, pairs: Sequence[Pair], *, bar: Bar | None = None) -> Figure:
    """The subject's speed as a part of the reference's, doing the same things: 1 is as fast."""
    return describe(name, [pair.reference / pair.subject for pair in pairs], unit="×", bar=bar)


def describe_multiple(name: str, pairs: Sequence[Pair], *, bar: Bar | None = None) -> Figure:
    """How many times the reference's time the subject takes."""
    return describe(name, [pair.subject / pair.reference for pair in pairs], unit="×", bar=bar)
