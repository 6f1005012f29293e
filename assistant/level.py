"""What holds a level up or down, where there is no change to split or nothing stands out in it."""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

from assistant.chance import MIN_ROWS
from assistant.decompose import Cell
from assistant.evidence import Measured, Pull
from core.metrics import METRICS

# How often luck may show a value that pulls, over all that are looked at.
MAX_CHANCE = 0.05
PULLS = 3


def find_pulls(
    measured: Measured, cells: Mapping[str, Sequence[Cell]], *, deviation: float, shrink: float = 1.0
) -> tuple[str | None, tuple[Pull, ...]]:
    """The dimension whose values differ most surely from all the rest, with the values on the bad side of the level.

    `deviation` is that of single rows, in the metric's unit. The certainty that is asked for grows with the number of values that
    are looked at (Bonferroni); `shrink` as in `chance.judge`.
    """
    entry, total, rows = METRICS[measured.metric], measured.value, measured.rows
    if total is None or entry.better is None or entry.mean_of is None or not deviation:
        return None, ()
    often = {name: [cell for cell in values if cell.now is not None and MIN_ROWS <= cell.now_rows < rows] for name, values in cells.items()}
    needed = NormalDist().inv_cdf(1 - MAX_CHANCE / 2 / max(sum(map(len, often.values())), 1))
    found: dict[str, list[tuple[float, Pull]]] = {}
    for name, values in often.items():
        for cell in values:
            value, count = cell.now or 0.0, cell.now_rows
            rest = (total * rows - value * count) / (rows - count)
            certainty = shrink * abs(value - rest) / (deviation * math.sqrt(1 / count + 1 / (rows - count)))
            if cell.key is not None and certainty >= needed and (value < rest) is (entry.better == "up"):
                pull = Pull(key=cell.key, value=value, rows=count, part=count / rows * (value - rest))
                found.setdefault(name, []).append((certainty, pull))
    if not found:
        return None, ()
    dimension = max(found, key=lambda name: max(certainty for certainty, _ in found[name]))
    return dimension, tuple(pull for _, pull in sorted(found[dimension], key=lambda entry: -abs(entry[1].part))[:PULLS])
