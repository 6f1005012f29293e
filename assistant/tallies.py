"""The rows behind a metric, out of tallies: as cells for the arithmetic of a split, as tables for the judgement of chance. Pure."""

from collections.abc import Sequence

import numpy as np

from assistant.chance import Table
from assistant.decompose import Cell, Key
from core.dimensions import Tally

# The least standard deviation of single rows that is believed, by unit; `seconds` is that of the share above the middle.
FLOORS = {"rating": 0.5, "percent": 10.0, "score": 0.2, "seconds": 0.1, "count": 0.0}


def make_cells(before: Sequence[Tally], now: Sequence[Tally]) -> list[Cell]:
    """Means of both periods by value, out of the rows behind them."""
    sums: dict[Key, list[float]] = {}
    for place, side in enumerate((before, now)):
        for tally in side:
            found = sums.setdefault(tally.key, [0, 0.0, 0, 0.0])
            found[2 * place] += tally.rows
            found[2 * place + 1] += tally.total
    return [
        Cell(
            key=key,
            before=total0 / rows0 if rows0 else None, before_rows=int(rows0),
            now=total1 / rows1 if rows1 else None, now_rows=int(rows1),
        )
        for key, (rows0, total0, rows1, total1) in sums.items()
    ]  # fmt: skip


def make_table(dimension: str, before: Sequence[Tally], now: Sequence[Tally]) -> Table:
    """The rows of both periods by value and part.

    Values stand in an order of their own: what is drawn by chance from a table must not depend on how the database returned its rows.
    """
    keys = {
        key: place for place, key in enumerate(sorted({tally.key for tally in (*before, *now)}, key=lambda key: (key is None, str(key))))
    }
    parts = sorted({tally.part for tally in (*before, *now)})
    sides = [np.zeros((len(keys), len(parts))) for _ in range(2)]
    for side, tallies in zip(sides, (before, now), strict=True):
        for tally in tallies:
            side[keys[tally.key], parts.index(tally.part)] += tally.rows
    return Table(dimension=dimension, keys=tuple(keys), parts=np.array(parts), before=sides[0], now=sides[1])


def make_count_table(dimension: str, cells: Sequence[Cell]) -> Table:
    cells = sorted(cells, key=lambda cell: (cell.key is None, str(cell.key)))
    was, now = (np.array([[float(getattr(cell, side) or 0)] for cell in cells]).reshape(-1, 1) for side in ("before", "now"))
    return Table(dimension=dimension, keys=tuple(cell.key for cell in cells), parts=np.ones(1), before=was, now=now)
