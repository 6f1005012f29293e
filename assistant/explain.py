"""Why a number moved: its change split over every dimension, the sharpest one chosen, looked into once more, and messages that show it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.chance import REAL, Table, judge, measure_deviation, measure_whole
from assistant.decompose import Cell, Key, Split, choose_split, find_nearest, split_count, split_mean, split_median
from assistant.evidence import Deeper, ExplainEvidence, Explanation, Measured, Usual
from assistant.level import find_pulls
from assistant.measure import find_known, measure_totals
from assistant.plan import Plan
from assistant.quoting import find_quotes, lean
from assistant.selection import FIELDS, Moment, select
from assistant.tallies import FLOORS, make_cells, make_count_table, make_table
from assistant.usual import DIMENSIONS as USUAL_DIMENSIONS
from assistant.usual import find_usual, select_usual
from assistant.waiting import CONCLUDED_NOTHING, find_waiting, is_minor, lacks_what_waits
from core.compute import Row, Selection, compute_apart, compute_coverage, compute_metrics, compute_tallies
from core.metrics import METRICS
from core.models import User
from core.search import MessageRow

DIMENSIONS = ("channel", "agent", "theme", "customer", "wait", "hour", "weekday")
# What the person may ask to split by beyond those that are looked at unasked.
ASKED_DIMENSIONS = (*DIMENSIONS, "contact")
# A wait is no cause of what is itself a wait, or has had no reply.
WAITS = frozenset({"first_response_time", "response_time", "unanswered"})
QUOTES = 3
MAX_METRICS = 3


def execute_explain(viewer: User, plan: Plan, *, moment: Moment) -> ExplainEvidence:
    """What moved each metric of the plan between `compare_to` and `period`, or what holds its level where nothing moved.

    Where most of either period still waits for its analysis, each metric is measured as far as it is known and no cause is looked for.
    """
    selection, before = select(plan, moment=moment), select(plan, moment=moment, period=plan.compare_to)
    covered = compute_coverage(viewer, selection)
    waiting = find_waiting(viewer, (selection, before), covered=covered)
    lacks = lacks_what_waits(plan)
    explanations = tuple(
        explain_metric(
            viewer, metric, selection, before, dimensions=_choose_dimensions(plan, metric, is_waiting=bool(waiting)), is_deep=True,
            is_known=not (lacks and is_minor(waiting)),
        )
        for metric in plan.metrics[:MAX_METRICS]
    )  # fmt: skip
    nothing = all(not explanation.measured.rows for explanation in explanations)
    return ExplainEvidence(
        plan=plan,
        covered=covered,
        known=find_known(moment) if nothing else None,
        quotes=_find_quotes(viewer, selection, explanations[0], moment),
        explanations=explanations,
        waiting=waiting if lacks else (),
    )


def _choose_dimensions(plan: Plan, metric: str, *, is_waiting: bool) -> Sequence[str]:
    """The dimension that was asked for, else all. Of what is counted unanalysed too, no theme is not a theme while much waits."""
    if plan.group_by is not None and can_split(plan.group_by):
        return (plan.group_by,)
    return [name for name in DIMENSIONS if name != "theme"] if is_waiting and metric in CONCLUDED_NOTHING else DIMENSIONS


def can_split(dimension: str) -> bool:
    """Whether a change can be split over this dimension."""
    return dimension in ASKED_DIMENSIONS


def explain_metric(
    viewer: User,
    metric: str,
    selection: Selection,
    before: Selection,
    *,
    dimensions: Sequence[str] = DIMENSIONS,
    is_deep: bool = False,
    is_known: bool = True,
) -> Explanation:
    """One metric's change between two selections, split over every dimension that the person did not fix.

    Where a driver stands out and `is_deep`, its own rows are split over the other dimensions, and so are the rows of all the rest:
    what explains the driver, and what moved beside it. Where too little `is_known` for a cause, the metric is measured and that is all.
    """
    if not is_known:
        (measured,) = measure_totals(viewer, selection, before, metrics=[metric])
        return Explanation(measured=measured, splits=(), chosen=None, is_beyond_chance=False)
    names = [name for name in dimensions if _is_open(name, metric, selection)]
    look = _look(viewer, metric, selection, before, names)
    chosen = choose_split(look.splits)
    explanation = Explanation(measured=look.measured, splits=look.splits, chosen=chosen, is_beyond_chance=look.whole >= REAL)
    if chosen is None:
        pulls_by, pulls = find_pulls(look.measured, look.cells, deviation=look.deviation, shrink=look.shrink)
        usual = _look_at_usual(viewer, look.measured, selection, names) if look.measured.change else None
        return replace(explanation, pulls_by=pulls_by, pulls=pulls, usual=usual)
    if not is_deep:
        return explanation
    name, key = chosen.dimension, chosen.standing_out[0].key
    # What the first look leaves out (the theme, while much waits), a deeper one leaves out too.
    left_out = set(DIMENSIONS).difference(dimensions) if len(dimensions) > 1 else set[str]()
    others = [other for other in DIMENSIONS if other != name and other not in left_out and _is_open(other, metric, selection)]
    value = (name, key)
    inside = _look(
        viewer, metric, replace(selection, within=(*selection.within, value)), replace(before, within=(*before.within, value)), others
    )
    outside = _look(viewer, metric, replace(selection, without=value), replace(before, without=value), others)
    split = choose_split(inside.splits) or find_nearest(inside.splits)
    deeper = None if split is None else Deeper(dimension=name, key=key, measured=inside.measured, split=split)
    return replace(explanation, deeper=deeper, beside=choose_split(outside.splits))


def _look_at_usual(viewer: User, measured: Measured, selection: Selection, names: Sequence[str]) -> Usual | None:
    history = select_usual(selection, measured.metric)
    dimensions = [name for name in names if name in USUAL_DIMENSIONS]
    if history is None or not dimensions:
        return None
    look = _look(viewer, measured.metric, selection, history, dimensions)
    return find_usual(measured, look.measured, look.splits, history.period)


def _is_open(dimension: str, metric: str, selection: Selection) -> bool:
    """Whether a dimension may tell something: the person fixed no value of it, and it is not what is measured."""
    if dimension == "wait" and metric in WAITS:
        return False
    return not (dimension in FIELDS and len(getattr(selection, FIELDS[dimension])) == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One look at two periods: the change over each dimension, and the rows behind.

    `whole` is how many standard errors the whole moved, `deviation` that of single rows, `shrink` as in `chance.judge`.
    """

    measured: Measured
    splits: tuple[Split, ...] = ()
    cells: Mapping[str, Sequence[Cell]]
    whole: float = 0.0
    deviation: float = 0.0
    shrink: float = 1.0


def _look(viewer: User, metric: str, selection: Selection, before: Selection, dimensions: Sequence[str]) -> _Look:
    """Measure, split over each dimension, and judge every driver. Without a change there are only the cells of the period itself."""
    (measured,) = measure_totals(viewer, selection, before, metrics=[metric])
    entry, change = METRICS[metric], measured.change
    if entry.unit == "count":
        cells = _count_cells(viewer, metric, selection, before, dimensions)
        tables = {name: make_count_table(name, cells[name]) for name in dimensions}
        splits = [split_count(name, cells[name], change=change or 0.0) for name in dimensions]
        return _judge(viewer, _Look(measured=measured, cells=cells), splits, tables, selection)
    if not measured.rows or not dimensions or (entry.unit == "seconds" and change is None):
        return _Look(measured=measured, cells={})
    limit = ((measured.value or 0.0) + (measured.previous or 0.0)) / 2
    was, now = (compute_tallies(viewer, side, metric=metric, dimensions=dimensions, limit=limit) for side in (before, selection))
    tables = {name: make_table(name, was[name], now[name]) for name in dimensions}
    cells = {name: make_cells(was[name], now[name]) for name in dimensions}
    if change is None:
        return _judge(viewer, _Look(measured=measured, cells=cells), [], tables, selection)
    if entry.unit != "seconds":
        return _judge(
            viewer, _Look(measured=measured, cells=cells), [split_mean(name, cells[name]) for name in dimensions], tables, selection
        )
    apart = [compute_apart(viewer, side, metric=metric, dimensions=dimensions) for side in (before, selection)]
    medians = {name: _pair(metric, *(side[name] for side in apart)) for name in dimensions}
    splits = [split_median(name, cells[name], medians=medians[name], change=change) for name in dimensions]
    return _judge(viewer, _Look(measured=measured, cells=cells), splits, tables, selection)


def _judge(viewer: User, look: _Look, splits: Sequence[Split], tables: Mapping[str, Table], selection: Selection) -> _Look:
    """The look with its splits judged."""
    if not tables:
        return look
    floor, shrink = FLOORS[METRICS[look.measured.metric].unit], _find_shrink(viewer, look.measured, selection)
    first = next(iter(tables.values()))
    return replace(
        look, splits=judge(splits, tables, floor=floor, shrink=shrink), whole=measure_whole(first, floor=floor, shrink=shrink),
        deviation=max(measure_deviation(first), floor), shrink=shrink,
    )  # fmt: skip


def _count_cells(viewer: User, metric: str, selection: Selection, before: Selection, dimensions: Sequence[str]) -> dict[str, list[Cell]]:
    sides = [compute_apart(viewer, side, metric=metric, dimensions=dimensions) for side in (before, selection)]
    return {
        name: [
            Cell(key=key, before=was or 0.0, before_rows=int(was or 0), now=now or 0.0, now_rows=int(now or 0))
            for key, (was, now) in _pair(metric, sides[0][name], sides[1][name]).items()
        ]
        for name in dimensions
    }


def _pair(metric: str, before: Sequence[Row], now: Sequence[Row]) -> dict[Key, tuple[float | None, float | None]]:
    sides = [{row.key: row.values[metric] for row in rows} for rows in (before, now)]
    return {key: (sides[0].get(key), sides[1].get(key)) for key in dict.fromkeys([*sides[1], *sides[0]])}


def _find_shrink(viewer: User, measured: Measured, selection: Selection) -> float:
    """Messages of one conversation are of one mind, and so are its waits: they count as often as there are conversations."""
    if METRICS[measured.metric].base == "conversation" or not measured.rows:
        return 1.0
    (row,) = compute_metrics(viewer, selection, metrics=["conversations"])
    return math.sqrt(min(1.0, (row.values["conversations"] or 1.0) / measured.rows))


def _find_quotes(viewer: User, selection: Selection, explanation: Explanation, moment: Moment) -> tuple[MessageRow, ...]:
    """Messages that show the first driver, or the first pull; where neither stands out, the metric itself."""
    measured, better = explanation.measured, METRICS[explanation.measured.metric].better
    within = None
    if explanation.chosen is not None:
        within = (explanation.chosen.dimension, explanation.chosen.standing_out[0].key)
    elif explanation.usual is not None:
        within = (explanation.usual.split.dimension, explanation.usual.split.standing_out[0].key)
    elif explanation.pulls_by is not None:
        within = (explanation.pulls_by, explanation.pulls[0].key)
    is_bad = None
    if better is not None and (measured.change or explanation.pulls_by):
        is_bad = explanation.chosen is None or ((measured.change or 0.0) < 0) is (better == "up")
    leaning = lean(measured.metric, is_bad=is_bad)
    return find_quotes(viewer, selection, metric=measured.metric, leaning=leaning, moment=moment, limit=QUOTES, within=within)
