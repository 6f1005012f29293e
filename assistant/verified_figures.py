"""The figures of an answer that somebody vouched for, kept where its days are over, and what became of them since. Pure; no Django.

Figures of days that are over change only where what is under them does: another version of the analyser, corrections, messages that
came late. Those of days that still run, and of who waits for a reply, change by themselves and are not kept.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assistant.blocks import (
    Block,
    ConversationsBlock,
    DriversBlock,
    Figure,
    MessagesBlock,
    NumberBlock,
    SeriesBlock,
    TableBlock,
    ThemesBlock,
)
from assistant.plan import Plan

# What is kept: {"period": […], "compare_to": […] or null, "values": {"satisfaction": 3.0, "satisfaction · Norte": 1.5}}
Kept = dict[str, Any]
# Sums of the same numbers in another order differ by less than this, relative and absolute.
TOLERANCE = 1e-9
MOST_ROWS = 50
MOST_TOLD = 5


def keep_figures(plan: Plan, blocks: Iterable[Block], *, today: date) -> Kept | None:
    """The figures of an answer given on `today`; None where its days are not over, or where it has none that may be held to."""
    periods = [one for one in (plan.period, plan.compare_to) if one is not None]
    is_of_waiting = "unanswered" in plan.metrics or plan.filters.status == "unanswered"
    if not periods or is_of_waiting or any(period.end >= today for period in periods):
        return None
    values = dict(_list_values(blocks))
    return {**_name_days(plan), "values": values} if values else None


def is_of_same_days(kept: Mapping[str, Any], plan: Plan) -> bool:
    """Whether a plan still means the days that figures were kept of."""
    return all(kept[name] == days for name, days in _name_days(plan).items())


def find_drift(kept: Mapping[str, Any], blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Each figure that is not what it was: `what` it is of, `before` and `after` (null: not there any more), at most MOST_TOLD."""
    now = dict(_list_values(blocks))
    changed = [
        {"what": name, "before": before, "after": now.get(name)}
        for name, before in kept["values"].items()
        if not _is_same(before, now.get(name))
    ]
    return changed[:MOST_TOLD]


def _is_same(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return math.isclose(before, after, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _name_days(plan: Plan) -> dict[str, list[str] | None]:
    return {
        name: None if period is None else [period.start.isoformat(), period.end.isoformat()]
        for name, period in (("period", plan.period), ("compare_to", plan.compare_to))
    }


def _list_values(blocks: Iterable[Block]) -> Iterable[tuple[str, float | None]]:
    """Every figure of an answer's blocks with what it is of: "satisfaction" for the whole, "satisfaction · Norte" for a row."""
    for block in blocks:
        if isinstance(block, NumberBlock):
            for figure in block.figures:
                yield from _list_figure(figure)
        elif isinstance(block, DriversBlock):
            yield from _list_figure(block.figure)
        elif isinstance(block, TableBlock | SeriesBlock | ThemesBlock):
            name, *others = block.columns
            for row in block.rows[:MOST_ROWS]:
                for column in others:
                    value = row.get(column.key)
                    if isinstance(value, int | float) and not isinstance(value, bool):
                        yield f"{column.key} · {row.get(name.key)}", value
        elif isinstance(block, ConversationsBlock | MessagesBlock):
            yield block.kind, block.total


def _list_figure(figure: Figure) -> Iterable[tuple[str, float | None]]:
    yield figure.metric, figure.value
    if figure.previous is not None:
        yield f"{figure.metric} · previous", figure.previous
