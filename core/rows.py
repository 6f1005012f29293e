"""Which rows count, as SQL: the conversations and messages of a selection with the columns that metrics and dimensions name.

A conversation counts on the day of its first message, a message on the day it was sent, days being those of the tenant's time zone.

- a condition on a feeling (sentiment, emotion, tone) selects messages that have it, or conversations in which one customer
  message has all of it;
- `search` selects messages with these words, or conversations in which a customer's or an agent's message has them.

PostgreSQL sees only the open scope's tenant (core/tenancy.py), so no query here names one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core.access import get_tenant
from core.dimensions import DIMENSIONS
from core.metrics import Base
from core.models import User
from core.periods import Period


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
    # Values of any dimension that alone count, and one that does not count; None is the value of rows that have none.
    within: tuple[tuple[str, str | int | None], ...] = ()
    without: tuple[str, str | int | None] | None = None


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


def select_base(viewer: User, selection: Selection, *, base: Base) -> tuple[str, dict[str, Any]]:
    """What a metric's expression reads, as a table `rows` to stand behind FROM: one row a conversation, message or turn."""
    sql, parameters = (select_messages if base == "message" else select_conversations)(viewer, selection)
    conditions = [f"({DIMENSIONS[name]}) IS NOT DISTINCT FROM %(within_{place})s" for place, (name, _) in enumerate(selection.within)]
    parameters |= {f"within_{place}": key for place, (_, key) in enumerate(selection.within)}
    if selection.without is not None:
        conditions.append(f"({DIMENSIONS[selection.without[0]]}) IS DISTINCT FROM %(without)s")
        parameters["without"] = selection.without[1]
    table = f"({sql}) rows" if not conditions else f"(SELECT * FROM ({sql}) rows WHERE {' AND '.join(conditions)}) rows"
    if base == "turn":
        table += (
            " JOIN core_message reply ON reply.conversation_id = rows.conversation_id AND reply.author = 'agent'"
            " AND reply.response_seconds IS NOT NULL"
        )
    return table, parameters


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
