"""Why a number moved: its change split over every dimension, the sharpest one chosen, and messages that show it."""

import math
from collections.abc import Sequence

from assistant.decompose import (
    MIN_CERTAINTY,
    MIN_ROWS,
    Cell,
    Split,
    choose_split,
    is_beyond_chance,
    is_count_beyond_chance,
    split_count,
    split_mean,
    split_median,
)
from assistant.evidence import ExplainEvidence, Explanation, Measured, Pull
from assistant.measure import find_known, measure_totals
from assistant.plan import Plan
from assistant.quoting import find_quotes, lean
from assistant.selection import FIELDS, Moment, select
from core.compute import Row, Selection, compute_coverage, compute_metrics
from core.metrics import METRICS
from core.models import User
from core.search import MessageRow

DIMENSIONS = ("channel", "agent", "theme", "hour", "weekday")
# What the person may ask to split by beyond those that are looked at unasked.
ASKED_DIMENSIONS = (*DIMENSIONS, "contact")
QUOTES = 3
MAX_METRICS = 3
# A median that moved by less than this part of itself is taken for steady.
STEADY_MEDIAN = 0.1


def execute_explain(viewer: User, plan: Plan, *, moment: Moment) -> ExplainEvidence:
    """What moved each metric of the plan between `compare_to` and `period`, or what holds its level where nothing moved."""
    selection, before = select(plan, moment=moment), select(plan, moment=moment, period=plan.compare_to)
    covered = compute_coverage(viewer, selection)
    dimensions = (plan.group_by,) if plan.group_by is not None and can_split(plan.group_by) else DIMENSIONS
    explanations = tuple(explain_metric(viewer, metric, selection, before, dimensions=dimensions) for metric in plan.metrics[:MAX_METRICS])
    nothing = all(not explanation.measured.rows for explanation in explanations)
    return ExplainEvidence(
        plan=plan,
        covered=covered,
        known=find_known(moment) if nothing else None,
        quotes=_find_quotes(viewer, selection, explanations[0], moment),
        explanations=explanations,
    )


def can_split(dimension: str) -> bool:
    """Whether a change can be split over this dimension."""
    return dimension in ASKED_DIMENSIONS


def explain_metric(
    viewer: User, metric: str, selection: Selection, before: Selection, *, dimensions: Sequence[str] = DIMENSIONS
) -> Explanation:
    """One metric's change between two selections, split over every dimension that the person did not fix."""
    (measured,) = measure_totals(viewer, selection, before, metrics=[metric])
    deviation = _estimate_deviation(viewer, metric, selection, measured)
    tables = {
        dimension: (
            compute_metrics(viewer, before, metrics=[metric], group_by=dimension),
            compute_metrics(viewer, selection, metrics=[metric], group_by=dimension),
        )
        for dimension in dimensions
        if not (dimension in FIELDS and len(getattr(selection, FIELDS[dimension])) == 1)
    }
    splits = () if measured.change is None else tuple(_split(measured, name, *tables[name], deviation=deviation) for name in tables)
    chosen = choose_split(splits)
    pulls_by: str | None = None
    pulls: tuple[Pull, ...] = ()
    if chosen is None and deviation is not None:
        pulls_by, pulls = _find_pulls(measured, {name: now for name, (_, now) in tables.items()}, deviation=deviation)
    return Explanation(
        measured=measured,
        splits=splits,
        chosen=chosen,
        is_beyond_chance=_is_beyond_chance(measured, deviation),
        pulls_by=pulls_by,
        pulls=pulls,
    )


def _split(measured: Measured, dimension: str, before: Sequence[Row], now: Sequence[Row], *, deviation: float | None) -> Split:
    metric, change = measured.metric, measured.change or 0.0
    sides = [{row.key: row for row in rows} for rows in (before, now)]
    cells = []
    for key in dict.fromkeys([*sides[1], *sides[0]]):
        row_before, row_now = (side.get(key) for side in sides)
        cells.append(
            Cell(
                key=key,
                before=row_before.values[metric] if row_before else None,
                before_rows=row_before.bases[metric] if row_before else 0,
                now=row_now.values[metric] if row_now else None,
                now_rows=row_now.bases[metric] if row_now else 0,
            )
        )
    if deviation is not None:
        return split_mean(dimension, cells, deviation=deviation)
    if METRICS[metric].unit == "count":
        return split_count(dimension, cells, change=change)
    return split_median(dimension, cells, change=change)


def _estimate_deviation(viewer: User, metric: str, selection: Selection, measured: Measured) -> float | None:
    """The standard deviation of single rows of a mean or share, never quite 0; None for counts and medians."""
    entry = METRICS[metric]
    if entry.mean_of is None:
        return None
    if entry.unit == "percent":
        share = ((measured.value or 0.0) + (measured.previous if measured.previous is not None else measured.value or 0.0)) / 200
        return max(100 * math.sqrt(share * (1 - share)), 10.0)
    if entry.unit == "rating":
        notes = compute_metrics(viewer, selection, metrics=["conversations"], group_by="satisfaction")
        counted = [(float(row.key), row.bases["conversations"]) for row in notes if row.key is not None]
        return max(_deviate(counted), 0.5)
    # A sentiment score lies between the words for it: positive 1, neutral 0, negative −1 are as far apart as scores can be.
    (row,) = compute_metrics(viewer, selection, metrics=["positive_share", "negative_share"])
    up, down = ((row.values[slug] or 0.0) / 100 for slug in ("positive_share", "negative_share"))
    return max(math.sqrt(max(up + down - (up - down) ** 2, 0.0)), 0.2)


def _deviate(counted: Sequence[tuple[float, int]]) -> float:
    rows = sum(count for _, count in counted)
    if not rows:
        return 0.0
    mean = sum(value * count for value, count in counted) / rows
    return math.sqrt(sum(count * (value - mean) ** 2 for value, count in counted) / rows)


def _is_beyond_chance(measured: Measured, deviation: float | None) -> bool:
    if measured.change is None or measured.value is None or measured.previous is None:
        return False
    if deviation is not None:
        return is_beyond_chance(
            change=measured.change, before_rows=measured.previous_rows or 0, now_rows=measured.rows, deviation=deviation
        )
    if METRICS[measured.metric].unit == "count":
        return is_count_beyond_chance(before=measured.previous, now=measured.value)
    return abs(measured.change) >= STEADY_MEDIAN * max(measured.previous, measured.value)


def _find_pulls(measured: Measured, tables: dict[str, list[Row]], *, deviation: float) -> tuple[str | None, tuple[Pull, ...]]:
    """The dimension whose values differ most surely from all the rest, with the values on the bad side of the level."""
    metric, total, rows = measured.metric, measured.value, measured.rows
    better = METRICS[metric].better
    if total is None or better is None:
        return None, ()
    found: dict[str, list[tuple[float, Pull]]] = {}
    for dimension, table in tables.items():
        for row in table:
            value, count = row.values[metric], row.bases[metric]
            if value is None or row.key is None or count < MIN_ROWS or count == rows:
                continue
            rest = (total * rows - value * count) / (rows - count)
            certainty = abs(value - rest) / (deviation * math.sqrt(1 / count + 1 / (rows - count)))
            if certainty >= MIN_CERTAINTY and (value < rest) is (better == "up"):
                pull = Pull(key=row.key, value=value, rows=count, part=count / rows * (value - rest))
                found.setdefault(dimension, []).append((certainty, pull))
    if not found:
        return None, ()
    dimension = max(found, key=lambda name: max(certainty for certainty, _ in found[name]))
    return dimension, tuple(pull for _, pull in sorted(found[dimension], key=lambda entry: -abs(entry[1].part))[:3])


def _find_quotes(viewer: User, selection: Selection, explanation: Explanation, moment: Moment) -> tuple[MessageRow, ...]:
    """Messages that show the first driver, or the first pull; where neither stands out, the metric itself."""
    measured, better = explanation.measured, METRICS[explanation.measured.metric].better
    within = None
    if explanation.chosen is not None:
        within = (explanation.chosen.dimension, explanation.chosen.standing_out[0].key)
    elif explanation.pulls_by is not None:
        within = (explanation.pulls_by, explanation.pulls[0].key)
    is_bad = None
    if better is not None and (measured.change or explanation.pulls_by):
        is_bad = explanation.chosen is None or ((measured.change or 0.0) < 0) is (better == "up")
    leaning = lean(measured.metric, is_bad=is_bad)
    return find_quotes(viewer, selection, metric=measured.metric, leaning=leaning, moment=moment, limit=QUOTES, within=within)
