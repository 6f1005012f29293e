"""What one measured number is, and the lines of a table of them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.ai.evals.scores import compute_accuracy, compute_macro_f1

Tell = Callable[[str], None]  # says how far the work is


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number.

    `majority` is what always answering the commonest label gives; None where that makes no sense. `seen` rows of an outside set were
    left out because the weights were trained on them, and `unused` because a part was enough. `is_own`: nothing outside of the
    repository was needed, so that everybody can hold it against the baseline.
    """

    name: str
    value: float
    count: int
    majority: float | None = None
    lower_is_better: bool = False
    is_own: bool = True
    seen: int = 0
    unused: int = 0

    @property
    def has_every_row(self) -> bool:
        """False for a figure of a part of the rows that might have been measured."""
        return not self.unused


def score_labels(name: str, wanted: Sequence[str], said: Sequence[str], *, is_own: bool = True, seen: int = 0, unused: int = 0) -> Figure:
    """Macro-F1 of answers against labels."""
    commonest = max(sorted(set(wanted)), key=list(wanted).count)
    return Figure(
        name=f"{name}, macro-F1",
        value=compute_macro_f1(wanted, said),
        count=len(wanted),
        majority=compute_macro_f1(wanted, [commonest] * len(wanted)),
        is_own=is_own,
        seen=seen,
        unused=unused,
    )


def score_share(name: str, wanted: Sequence[str], said: Sequence[str]) -> Figure:
    """Share of answers that are right."""
    commonest = max(sorted(set(wanted)), key=list(wanted).count)
    majority = compute_accuracy(wanted, [commonest] * len(wanted))
    return Figure(name=name, value=compute_accuracy(wanted, said), count=len(wanted), majority=majority)


def show_value(value: float, *, lower_is_better: bool = False) -> str:
    """Three decimals, rounded to the worse: what falls short of a mark never looks like it."""
    rounded = math.ceil(round(value * 1000, 6)) if lower_is_better else math.floor(round(value * 1000, 6))
    return f"{rounded / 1000:.3f}"


def list_lines(figures: Sequence[Figure]) -> list[str]:
    """Figures as a table of text."""
    lines = [f"{'figure':66} {'n':>7} {'value':>7} {'majority':>9}"]
    for one in figures:
        majority = f"{one.majority:9.3f}" if one.majority is not None else " " * 9
        lines.append(
            f"{one.name:66} {one.count:7,d} {show_value(one.value, lower_is_better=one.lower_is_better):>7} {majority}{_remark(one)}"
        )
    return lines


def _remark(one: Figure) -> str:
    parts = [f"{one.count:,} of {one.count + one.unused:,} rows"] if one.unused else []
    parts += [f"{one.seen:,} that the weights have seen left out"] if one.seen else []
    return f"  {'; '.join(parts)}" if parts else ""
