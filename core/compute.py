"""The only place that aggregates: what is measured of the rows that count (core/rows.py), in all or along a dimension.

Grouping conversations by a feeling counts a conversation once under each value it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.access import check_allowed
from core.dimensions import DIMENSIONS, FEELINGS, TIMES, Tally
from core.metrics import METRICS, Base, Metric
from core.models import User
from core.rows import Selection, run_query, select_base, select_conversations, select_messages
from core.timeline import find_steps

__all__ = [
    "Covered", "Row", "Selection", "Tally", "compute_apart", "compute_coverage", "compute_metrics", "compute_tallies",
    "keep_counted", "run_query", "select_conversations", "select_messages",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of a dimension with what was measured of it.

    `key` is the raw value: an ISO date (of its first day) for day, week and month, 0–23 for hour, 1 (Monday) – 7 for weekday,
    the note for satisfaction, else a name or word; None where a conversation has none. `bases` holds how many rows stand
    behind each value; a mean or median of nothing is None, a count of nothing 0.
    """

    key: str | int | None
    values: dict[str, float | None]
    bases: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How many conversations the selection holds, how many of them are analysed, how many still wait for it."""

    conversations: int
    analysed: int
    pending: int


def compute_metrics(
    viewer: User,
    selection: Selection,
    *,
    metrics: Sequence[str],
    group_by: str | None = None,
    order: str | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Measure the selection: one row in all, or one row per value of a dimension.

    Dimensions of time come complete, in their order, empty steps included. Others come largest group first. With `order` the
    rows are ranked by the first metric, rows that lack a value or a name left out; `limit` cuts after ordering.
    """
    check_allowed(viewer, action="ask")
    found: dict[str | int | None, Row] = {}
    for base in dict.fromkeys(METRICS[slug].base for slug in metrics):
        measured = [METRICS[slug] for slug in metrics if METRICS[slug].base == base]
        for row in _measure(viewer, selection, base=base, metrics=measured, group_by=group_by):
            known = found.get(row.key)
            found[row.key] = row if known is None else replace(known, values=known.values | row.values, bases=known.bases | row.bases)
    if group_by is None:
        return [_complete(found[None], metrics)]
    if group_by in TIMES:
        keys: list[str | int | None] = list(find_steps(selection.period, group_by))
    elif group_by == "satisfaction":
        keys = [1, 2, 3, 4, 5, *([None] if None in found else [])]
    else:
        keys = sorted(found, key=lambda key: (key is None, -max(found[key].bases.values(), default=0), str(key)))
    rows = [_complete(found.get(key, Row(key=key, values={}, bases={})), metrics) for key in keys]
    return _rank(rows, by=metrics[0], order=order, group_by=group_by, limit=limit)


def compute_apart(viewer: User, selection: Selection, *, metric: str, dimensions: Sequence[str]) -> dict[str, list[Row]]:
    """One metric by each of several dimensions, all in one look at the rows: dimension → its values that have rows, in no order."""
    entry = METRICS[metric]
    measures = f"{entry.expression} AS value, {entry.base_count} AS base"
    return {
        dimension: [
            Row(key=row["key"], values={metric: None if row["value"] is None else float(row["value"])}, bases={metric: row["base"]})
            for row in rows
        ]
        for dimension, rows in _group_apart(viewer, selection, base=entry.base, measures=measures, dimensions=dimensions).items()
    }


def compute_tallies(
    viewer: User, selection: Selection, *, metric: str, dimensions: Sequence[str], limit: float | None = None
) -> dict[str, list[Tally]]:
    """The rows behind a mean by their parts in it, by each of several dimensions, all in one look: dimension → tallies, in no order.

    For a median, which is no mean, a row's part is 1 where it is above `limit` and 0 elsewhere. Raises ValueError for a count.
    """
    entry = METRICS[metric]
    part = entry.mean_of
    if part is None and limit is not None and entry.unit == "seconds":
        column = "first_response_seconds" if entry.base == "conversation" else "response_seconds"
        part = f"CASE WHEN {column} > %(limit)s THEN 1 WHEN {column} IS NOT NULL THEN 0 END"
    if part is None:
        raise ValueError(f"the rows of {metric} have no parts")
    found = _group_apart(
        viewer, selection, base=entry.base, measures="round(part::numeric, 1) AS part, count(*) AS rows, sum(part) AS total",
        dimensions=dimensions, part=part, limit=limit,
    )  # fmt: skip
    return {
        dimension: [Tally(key=row["key"], part=float(row["part"]), rows=row["rows"], total=float(row["total"])) for row in rows]
        for dimension, rows in found.items()
    }


def compute_coverage(viewer: User, selection: Selection) -> Covered:
    """How many conversations of the period and filters there are, and how many of them are analysed.

    What an analysis decides (feelings, satisfaction, theme, resolution) is left out: a conversation that still waits has none.
    """
    check_allowed(viewer, action="ask")
    plain = replace(
        selection,
        themes=(), sentiments=(), emotions=(), tones=(), satisfaction_min=None, satisfaction_max=None,
        status=selection.status if selection.status == "unanswered" else None,
    )  # fmt: skip
    sql, parameters = select_conversations(viewer, plain)
    rows = run_query(f"SELECT count(*) AS conversations, count(*) FILTER (WHERE is_analysed) AS analysed FROM ({sql}) rows", parameters)
    conversations, analysed = rows[0]["conversations"], rows[0]["analysed"]
    return Covered(conversations=conversations, analysed=analysed, pending=conversations - analysed)


def keep_counted(viewer: User, selection: Selection, *, base: Base, ids: Sequence[str]) -> set[str]:
    """Which of these messages (where `base` is message) or conversations are among the rows that count."""
    check_allowed(viewer, action="ask")
    table, parameters = select_base(viewer, selection, base=base)
    name = "message_id" if base == "message" else "conversation_id"
    found = run_query(
        f"SELECT DISTINCT {name} AS id FROM {table} WHERE rows.{name} = ANY(%(ids)s::uuid[])", parameters | {"ids": list(ids)}
    )
    return {str(row["id"]) for row in found}


def _measure(viewer: User, selection: Selection, *, base: Base, metrics: list[Metric], group_by: str | None) -> list[Row]:
    rows, parameters = select_base(viewer, selection, base=base)
    if base != "message" and group_by in FEELINGS:
        rows += (
            f" LEFT JOIN LATERAL (SELECT DISTINCT felt.{group_by} FROM core_message m JOIN core_messageanalysis felt"
            " ON felt.message_id = m.id AND felt.tenant_id = m.tenant_id AND felt.is_current"
            " WHERE m.conversation_id = rows.conversation_id AND m.author = 'customer') feeling ON true"
        )
    key = DIMENSIONS[group_by] if group_by else "NULL"
    measures = ", ".join(f'{m.expression} AS "{m.slug}", {m.base_count} AS "{m.slug}__base"' for m in metrics)
    grouping = " GROUP BY 1" if group_by else ""
    return [
        Row(
            key=row["key"].isoformat() if hasattr(row["key"], "isoformat") else row["key"],
            values={m.slug: None if row[m.slug] is None else float(row[m.slug]) for m in metrics},
            bases={m.slug: row[f"{m.slug}__base"] for m in metrics},
        )
        for row in run_query(f"SELECT {key} AS key, {measures} FROM {rows}{grouping}", parameters)
    ]


def _group_apart(
    viewer: User, selection: Selection, *, base: Base, measures: str, dimensions: Sequence[str], part: str = "NULL",
    limit: float | None = None,
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    """The selection's rows grouped by each dimension (and by `part`, where one is given) in one look: dimension → rows with `key`."""
    check_allowed(viewer, action="ask")
    table, parameters = select_base(viewer, selection, base=base)
    wanted = "rows.*" + (", reply.response_seconds" if base == "turn" else "")
    keys = ", ".join(f'{DIMENSIONS[name]} AS "by_{name}"' for name in dimensions)
    by_part = "" if part == "NULL" else "round(part::numeric, 1), "
    sets = ", ".join(f'({by_part}"by_{name}")' for name in dimensions)
    names = ", ".join(f'"by_{name}"' for name in dimensions)
    some = "" if part == "NULL" else " WHERE part IS NOT NULL"
    sql = (
        f"SELECT grouping({names}) AS grouped, {names}, {measures}"
        f" FROM (SELECT {wanted}, {part} AS part, {keys} FROM {table}) parted{some} GROUP BY GROUPING SETS ({sets})"
    )
    # The bit of a dimension that is grouped by is 0, those of all others 1; the first dimension has the highest.
    every = 2 ** len(dimensions) - 1
    by_bits = {every - 2 ** (len(dimensions) - 1 - place): name for place, name in enumerate(dimensions)}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in dimensions}
    for row in run_query(sql, parameters | {"limit": limit}):
        name = by_bits[row["grouped"]]
        found[name].append(row | {"key": row[f"by_{name}"]})
    return found


def _complete(row: Row, metrics: Sequence[str]) -> Row:
    """The row with every metric: a count of nothing is 0, anything else of nothing is None."""
    nothing = {slug: 0.0 if METRICS[slug].unit == "count" else None for slug in metrics}
    return replace(row, values=nothing | row.values, bases=dict.fromkeys(metrics, 0) | row.bases)


def _rank(rows: list[Row], *, by: str, order: str | None, group_by: str, limit: int | None) -> list[Row]:
    if order is not None:
        named = [row for row in rows if row.key is not None and row.values[by] is not None]
        rows = sorted(named, key=lambda row: row.values[by] or 0.0, reverse=order == "desc")
    return rows[:limit] if limit is not None else rows
