"""What a period is like beside the usual: where two short periods are too few to tell, the weeks before tell more."""

from dataclasses import replace
from datetime import timedelta

from assistant.decompose import Split, choose_split
from assistant.evidence import Measured, Usual
from core.compute import Selection
from core.metrics import METRICS
from core.periods import Period

WEEKS = 8
# A longer period is no moment that differs from what is usual: it makes the usual.
LONGEST_DAYS = 31
DIMENSIONS = ("channel", "agent", "theme")


def select_usual(selection: Selection, metric: str) -> Selection | None:
    """The same rows in the weeks before a period; None for what has no usual mean to be beside."""
    entry, period = METRICS[metric], selection.period
    if entry.mean_of is None or entry.better is None or period.days > LONGEST_DAYS:
        return None
    return replace(selection, period=Period(period.start - timedelta(weeks=WEEKS), period.start - timedelta(days=1)))


def find_usual(measured: Measured, against: Measured, splits: tuple[Split, ...], period: Period) -> Usual | None:
    """The value that stands out against the usual and moved as the whole did from the period before; None where there is none.

    `against` is the metric in the period and in the weeks before it, `splits` that change over each dimension, judged.
    """
    moved_so = [
        split for split in splits if split.standing_out and split.standing_out[0].change * (measured.change or 0.0) > 0
        and split.standing_out[0].cause != "mix"
    ]  # fmt: skip
    chosen = choose_split(moved_so)
    return None if chosen is None else Usual(measured=against, split=chosen, period=period)
