"""What the tests ask PostgreSQL themselves: the shop's rows under plain names, and none of the product's own queries.

`conv` has a row a conversation, `msg` one a customer message, `turn` one a wait that a reply ended. `lw`, `tw` and `mo` say
whether it counts to last week (9–15 November), to this week (16–20) and to this month (1–20).
"""

from typing import Any

from django.db import connection

WEEKS = """
  local::date AS day, extract(hour FROM local)::int AS hour, extract(isodow FROM local)::int AS weekday,
  CASE WHEN reply >= 14400 THEN 240 WHEN reply >= 3600 THEN 60 WHEN reply >= 900 THEN 15 WHEN reply >= 300 THEN 5 WHEN reply >= 0 THEN 0
    END AS wait,
  local::date BETWEEN '2026-11-09' AND '2026-11-15' AS lw,
  local::date BETWEEN '2026-11-16' AND '2026-11-20' AS tw,
  local::date BETWEEN '2026-11-01' AND '2026-11-20' AS mo
"""
TABLES = f"""
WITH rows AS (
  SELECT c.id, c.started_at AT TIME ZONE 'America/Sao_Paulo' AS local, c.last_message_at, c.message_count, c.rating,
    c.first_response_seconds AS reply, c.contact_id,
    CASE WHEN row_number() OVER (PARTITION BY c.contact_id ORDER BY c.started_at) = 1 THEN 'new' ELSE 'returning' END AS customer,
    g.name AS agent, h.name AS channel, k.name AS contact, t.name AS theme,
    a.satisfaction AS note, a.is_resolved AS resolved, a.id IS NOT NULL AS analysed,
    coalesce(c.waiting_since_at <= timestamptz '2026-11-20 15:30-03' - interval '60 minutes', false) AS waits
  FROM core_conversation c
  LEFT JOIN core_agent g ON g.id = c.agent_id LEFT JOIN core_channel h ON h.id = c.channel_id
  LEFT JOIN core_contact k ON k.id = c.contact_id
  LEFT JOIN core_conversationanalysis a ON a.conversation_id = c.id LEFT JOIN core_theme t ON t.id = a.theme_id
  WHERE c.tenant_id = %(tenant)s
), conv AS (SELECT *, {WEEKS} FROM rows),
said AS (
  SELECT m.id AS message_id, m.text, m.position, m.sent_at, m.sent_at AT TIME ZONE 'America/Sao_Paulo' AS local,
    f.sentiment, f.sentiment_score AS score, f.emotion, f.tone, r.id, r.agent, r.channel, r.contact, r.theme, r.note,
    r.resolved, r.waits, r.reply
  FROM core_message m JOIN rows r ON r.id = m.conversation_id LEFT JOIN core_messageanalysis f ON f.message_id = m.id
  WHERE m.tenant_id = %(tenant)s AND m.author = 'customer'
), msg AS (SELECT *, {WEEKS} FROM said),
turn AS (
  SELECT m.response_seconds AS seconds, c.* FROM core_message m JOIN conv c ON c.id = m.conversation_id
  WHERE m.author = 'agent' AND m.response_seconds IS NOT NULL
)
"""


def ask(tenant_id: Any, statement: str) -> list[dict[str, Any]]:
    """The rows of one statement over the tables above, numbers as floats."""
    with connection.cursor() as cursor:
        cursor.execute(f"{TABLES} {statement}", {"tenant": tenant_id})
        names = [column.name for column in cursor.description or ()]
        return [{name: read(value) for name, value in zip(names, row, strict=True)} for row in cursor.fetchall()]


def read(value: Any) -> Any:
    """Numbers as floats, so that one comparison fits all; days as ISO dates; ids as text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)
