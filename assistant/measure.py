"""Measuring: a plan's metrics in one period or two, in all or by the values of a dimension."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Max, Min

from assistant.evidence import Group, Known, Measured, MetricEvidence
from assistant.plan import Plan
from assistant.quoting import find_quotes, lean
from assistant.selection import Moment, get_step, select
from core.compute import Row, Selection, compute_coverage, compute_metrics
from core.metrics import METRICS
from core.models import Conversation, User
from core.periods import Period, get_today
from core.search import MessageRow

STEPS = frozenset({"day", "week", "month"})
QUOTES = 5


def execute_metric(viewer: User, plan: Plan, *, moment: Moment) -> MetricEvidence:
    """The numbers that a plan asks for."""
    selection = select(plan, moment=moment)
    before = select(plan, moment=moment, period=plan.compare_to) if plan.compare_to else None
    covered = compute_coverage(viewer, selection)
    totals = measure_totals(viewer, selection, before, metrics=plan.metrics)
    groups, ranked = _measure_groups(viewer, plan, selection, before, moment) if plan.group_by else (None, ())
    return MetricEvidence(
        plan=plan,
        covered=covered,
        known=find_known(moment) if all(not total.rows for total in totals) else None,
        quotes=_find_quotes(viewer, plan, selection, groups, moment),
        totals=totals,
        groups=groups,
        ranked=ranked,
        left_out=_count_left_out(viewer, selection, totals),
    )


def measure_totals(viewer: User, selection: Selection, before: Selection | None, *, metrics: Sequence[str]) -> tuple[Measured, ...]:
    """Each metric over the whole selection, and over the one before where there is one."""
    (row,) = compute_metrics(viewer, selection, metrics=metrics)
    (previous,) = compute_metrics(viewer, before, metrics=metrics) if before else (None,)
    return measure_row(row, previous, metrics=metrics)


def measure_row(row: Row, previous: Row | None, *, metrics: Sequence[str]) -> tuple[Measured, ...]:
    """One row with the same row of the compared period beside it."""
    return tuple(
        Measured(
            metric=slug,
            value=row.values[slug],
            rows=row.bases[slug],
            previous=previous.values[slug] if previous else None,
            previous_rows=previous.bases[slug] if previous else None,
        )
        for slug in metrics
    )


def find_known(moment: Moment) -> Known | None:
    """The first and last day with a conversation, in the tenant's time zone; None where there is none yet."""
    found = Conversation.objects.aggregate(first=Min("started_at"), last=Max("started_at"))
    if found["first"] is None:
        return None
    first, last = (get_today(found[name], time_zone=moment.time_zone) for name in ("first", "last"))
    return Known(start=first, end=last)


def is_cut(key: str, *, dimension: str, period: Period, moment: Moment) -> bool:
    """Whether a step of time is not over yet, or only partly inside of the period: its counts are not a whole step's."""
    step = get_step(key, dimension)
    return step.end >= moment.today or step.start < period.start or step.end > period.end


def _measure_groups(
    viewer: User, plan: Plan, selection: Selection, before: Selection | None, moment: Moment
) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """The groups as shown, and all that could be ranked before the limit cut them."""
    dimension = plan.group_by or ""
    rows = compute_metrics(viewer, selection, metrics=plan.metrics, group_by=dimension, order=plan.order)
    pairs: list[tuple[Row, Row | None]] = [(row, None) for row in rows]
    if before is not None:
        previous = compute_metrics(viewer, before, metrics=plan.metrics, group_by=dimension)
        pairs = _pair_steps(rows, previous) if dimension in STEPS else _pair_values(rows, previous, is_ranked=plan.order is not None)
    groups = [
        Group(
            key=row.key,
            measured=measure_row(row, other, metrics=plan.metrics),
            is_partial=dimension in STEPS and is_cut(str(row.key), dimension=dimension, period=selection.period, moment=moment),
        )
        for row, other in pairs
    ]
    ranked = tuple(group for group in groups if group.key is not None and group.measured[0].value is not None)
    return tuple(groups[: plan.limit] if plan.limit else groups), ranked


def _pair_steps(rows: list[Row], previous: list[Row]) -> list[tuple[Row, Row | None]]:
    """Steps of time side by side: the first with the first, as far as both go."""
    others: list[Row | None] = [*previous, *([None] * len(rows))]
    return list(zip(rows, others[: len(rows)], strict=True))


def _pair_values(rows: list[Row], previous: list[Row], *, is_ranked: bool) -> list[tuple[Row, Row | None]]:
    """Values side by side by their names; where nothing is ranked, those of the compared period alone come last."""
    by_key = {row.key: row for row in previous}
    nothing = {slug: 0.0 if METRICS[slug].unit == "count" else None for slug in (rows or previous)[0].values} if rows or previous else {}
    empty = Row(key=None, values=nothing, bases=dict.fromkeys(nothing, 0))
    pairs: list[tuple[Row, Row | None]] = [(row, by_key.get(row.key, empty)) for row in rows]
    if not is_ranked:
        seen = {row.key for row in rows}
        pairs += [(replace(empty, key=row.key), row) for row in previous if row.key not in seen]
    return pairs


def _count_left_out(viewer: User, selection: Selection, totals: tuple[Measured, ...]) -> int:
    """How many conversations have no first reply that could be timed."""
    timed = next((total for total in totals if total.metric == "first_response_time"), None)
    if timed is None:
        return 0
    (row,) = compute_metrics(viewer, selection, metrics=["conversations"])
    return row.bases["conversations"] - timed.rows


def _find_quotes(
    viewer: User, plan: Plan, selection: Selection, groups: tuple[Group, ...] | None, moment: Moment
) -> tuple[MessageRow, ...]:
    """Messages behind the first metric; where one value was asked for ("the worst agent"), behind that one."""
    metric = plan.metrics[0]
    within, is_bad = None, None
    if groups and plan.group_by and plan.order and plan.limit == 1:
        within = (plan.group_by, groups[0].key)
        better = METRICS[metric].better
        is_bad = None if better is None else (plan.order == "asc") is (better == "up")
    leaning = lean(metric, is_bad=is_bad)
    return find_quotes(viewer, selection, metric=metric, leaning=leaning, moment=moment, limit=QUOTES, within=within)
