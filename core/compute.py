"""The only place that aggregates: which rows count, what is measured of them, along which dimension.

Two kinds of rows are selected. A conversation counts on the day of its first message, a message on the day it was sent, days
being those of the tenant's time zone. Both carry the columns that metrics (core/metrics.py) and dimensions name:

- a condition on a feeling (sentiment, emotion, tone) selects messages that have it, or conversations in which one customer
  message has all of it; grouping conversations by a feeling counts a conversation once under each value it holds;
- `search` selects messages with these words, or conversations in which a customer's or an agent's message has them.

PostgreSQL sees only the open scope's tenant (core/tenancy.py), so no query here names one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from core.access import check_allowed, get_tenant
from core.metrics import METRICS, Base, Metric
from core.models import User
from core.periods import Period
from core.timeline import find_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which conversations and messages count. Names are spelled as in the tenant's catalogue; empty means any."""

    period: Period
    clock: datetime
    agents: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sentiments: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()
    satisfaction_min: int | None = None
    satisfaction_max: int | None = None
    status: str | None = None  # open, resolved or unanswered
    author: str = "customer"
    search: str | None = None


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


# SQL of each dimension over the columns of the selected rows.
DIMENSIONS: dict[str, str] = {
    "day": "local_at::date",
    "week": "date_trunc('week', local_at)::date",
    "month": "date_trunc('month', local_at)::date",
    "weekday": "extract(isodow FROM local_at)::int",
    "hour": "extract(hour FROM local_at)::int",
    "agent": "agent_name",
    "channel": "channel_name",
    "contact": "contact_name",
    "theme": "theme_name",
    "sentiment": "sentiment",
    "emotion": "emotion",
    "tone": "tone",
    "satisfaction": "satisfaction",
}
FEELINGS = frozenset({"sentiment", "emotion", "tone"})
TIMES = frozenset({"day", "week", "month", "weekday", "hour"})

# What a person corrected goes before what the analyser and the customer said, where the tenant counts corrections.
SATISFACTION, IS_RESOLVED = "coalesce(k.satisfaction, a.satisfaction)", "coalesce(k.is_resolved, a.is_resolved)"
CONVERSATION_COLUMNS = f"""
  c.id AS conversation_id, c.contact_id, c.first_response_seconds, c.started_at, c.last_message_at, c.message_count, c.rating,
  c.started_at AT TIME ZONE %(time_zone)s AS conversation_local_at,
  {SATISFACTION} AS satisfaction, {IS_RESOLVED} AS is_resolved, a.id IS NOT NULL AS is_analysed,
  coalesce(c.waiting_since_at <= %(unanswered_before)s, false) AS is_unanswered,
  ag.name AS agent_name, ch.name AS channel_name, co.name AS contact_name, th.name AS theme_name
"""
CONVERSATION_JOINS = """
  JOIN core_channel ch ON ch.id = c.channel_id AND ch.tenant_id = c.tenant_id
  JOIN core_contact co ON co.id = c.contact_id AND co.tenant_id = c.tenant_id
  LEFT JOIN core_agent ag ON ag.id = c.agent_id AND ag.tenant_id = c.tenant_id
  LEFT JOIN core_conversationanalysis a ON a.conversation_id = c.id AND a.tenant_id = c.tenant_id AND a.is_current
  LEFT JOIN core_correction k ON k.conversation_id = c.id AND k.tenant_id = c.tenant_id AND k.undone_at IS NULL
    AND a.id IS NOT NULL AND %(counts_corrections)s
  LEFT JOIN core_theme th ON th.tenant_id = c.tenant_id AND th.id = CASE WHEN k.corrects_theme THEN k.theme_id ELSE a.theme_id END
"""
MESSAGE_JOINS = """
  JOIN core_conversation c ON c.id = m.conversation_id AND c.tenant_id = m.tenant_id
  LEFT JOIN core_agent writer ON writer.id = m.agent_id AND writer.tenant_id = m.tenant_id
  LEFT JOIN core_contact sender ON sender.id = m.contact_id AND sender.tenant_id = m.tenant_id
  LEFT JOIN core_messageanalysis ma ON ma.message_id = m.id AND ma.tenant_id = m.tenant_id AND ma.is_current
"""


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


def select_conversations(viewer: User, selection: Selection, *, extra: str = "") -> tuple[str, dict[str, Any]]:
    """SQL and parameters of the selected conversations, one row each. `extra` are further columns."""
    conditions, parameters = _conversation_conditions(viewer, selection)
    feelings = _feeling_conditions(selection)
    if feelings:
        conditions.append(
            "EXISTS (SELECT 1 FROM core_message m JOIN core_messageanalysis ma"
            " ON ma.message_id = m.id AND ma.tenant_id = m.tenant_id AND ma.is_current"
            f" WHERE m.conversation_id = c.id AND m.tenant_id = c.tenant_id AND m.author = 'customer' AND {' AND '.join(feelings)})"
        )
    if selection.search:
        conditions.append(
            "EXISTS (SELECT 1 FROM core_message m WHERE m.conversation_id = c.id AND m.tenant_id = c.tenant_id"
            " AND m.author <> 'system' AND m.search_words @@ evosense_query(%(search)s))"
        )
    conditions += _period_conditions("c.started_at")
    sql = (
        f"SELECT {CONVERSATION_COLUMNS}, c.started_at AT TIME ZONE %(time_zone)s AS local_at{extra}"
        f" FROM core_conversation c {CONVERSATION_JOINS} WHERE {' AND '.join(conditions)}"
    )
    return sql, parameters


def select_messages(viewer: User, selection: Selection, *, extra: str = "") -> tuple[str, dict[str, Any]]:
    """SQL and parameters of the selected messages, one row each, deleted ones left out. `extra` are further columns."""
    conditions, parameters = _conversation_conditions(viewer, selection, agent_column="coalesce(writer.name, ag.name)")
    conditions += _feeling_conditions(selection)
    if selection.search:
        conditions.append("m.search_words @@ evosense_query(%(search)s)")
    # A reaction is no message of its own: an emoji that hangs on one.
    conditions += ["m.author = %(author)s", "NOT m.is_deleted", "m.kind <> 'reaction'", *_period_conditions("m.sent_at")]
    sql = (
        f"SELECT {CONVERSATION_COLUMNS}, m.id AS message_id, m.sent_at, m.position, m.sent_at AT TIME ZONE %(time_zone)s AS local_at,"
        f" ma.sentiment, ma.sentiment_score, ma.emotion, ma.tone{extra}"
        f" FROM core_message m {MESSAGE_JOINS} {CONVERSATION_JOINS} WHERE {' AND '.join(conditions)}"
    )
    return sql, parameters


def run_query(sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Run one statement inside the open scope; rows as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _measure(viewer: User, selection: Selection, *, base: Base, metrics: list[Metric], group_by: str | None) -> list[Row]:
    if base == "message":
        sql, parameters = select_messages(viewer, selection)
    else:
        sql, parameters = select_conversations(viewer, selection)
    joins = ""
    if base == "turn":
        joins = (
            " JOIN core_message reply ON reply.conversation_id = rows.conversation_id AND reply.author = 'agent'"
            " AND reply.response_seconds IS NOT NULL"
        )
    if base != "message" and group_by in FEELINGS:
        joins += (
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
        for row in run_query(f"SELECT {key} AS key, {measures} FROM ({sql}) rows{joins}{grouping}", parameters)
    ]


def _complete(row: Row, metrics: Sequence[str]) -> Row:
    """The row with every metric: a count of nothing is 0, anything else of nothing is None."""
    nothing = {slug: 0.0 if METRICS[slug].unit == "count" else None for slug in metrics}
    return replace(row, values=nothing | row.values, bases=dict.fromkeys(metrics, 0) | row.bases)


def _rank(rows: list[Row], *, by: str, order: str | None, group_by: str, limit: int | None) -> list[Row]:
    if order is not None:
        named = [row for row in rows if row.key is not None and row.values[by] is not None]
        rows = sorted(named, key=lambda row: row.values[by] or 0.0, reverse=order == "desc")
    return rows[:limit] if limit is not None else rows


def _conversation_conditions(viewer: User, selection: Selection, *, agent_column: str = "ag.name") -> tuple[list[str], dict[str, Any]]:
    tenant = get_tenant(viewer)
    parameters: dict[str, Any] = {
        "time_zone": tenant.time_zone,
        "counts_corrections": tenant.counts_corrections,
        "start": selection.period.start,
        "end": selection.period.end,
        "unanswered_before": selection.clock - tenant.reply_limit,
        "search": selection.search,
        "author": selection.author,
    }
    conditions = []
    columns = {"agents": agent_column, "channels": "ch.name", "contacts": "co.name", "themes": "th.name"}
    for name, column in columns.items():
        if values := getattr(selection, name):
            conditions.append(f"{column} = ANY(%({name})s)")
            parameters[name] = list(values)
    for name in ("sentiments", "emotions", "tones"):
        parameters[name] = list(getattr(selection, name))
    if selection.satisfaction_min is not None:
        conditions.append(f"{SATISFACTION} >= %(satisfaction_min)s")
        parameters["satisfaction_min"] = selection.satisfaction_min
    if selection.satisfaction_max is not None:
        conditions.append(f"{SATISFACTION} <= %(satisfaction_max)s")
        parameters["satisfaction_max"] = selection.satisfaction_max
    if selection.status is not None:
        unanswered = "c.waiting_since_at <= %(unanswered_before)s"
        states = {"resolved": IS_RESOLVED, "open": f"{IS_RESOLVED} IS NOT TRUE", "unanswered": unanswered}
        conditions.append(states[selection.status])
    return conditions, parameters


def _feeling_conditions(selection: Selection) -> list[str]:
    columns = {"sentiments": "ma.sentiment", "emotions": "ma.emotion", "tones": "ma.tone"}
    return [f"{column} = ANY(%({name})s)" for name, column in columns.items() if getattr(selection, name)]


def _period_conditions(column: str) -> list[str]:
    """From the first instant of the period's first day to the last of its last, in the tenant's time zone."""
    return [
        f"{column} >= %(start)s::date::timestamp AT TIME ZONE %(time_zone)s",
        f"{column} < (%(end)s::date + 1)::timestamp AT TIME ZONE %(time_zone)s",
    ]
