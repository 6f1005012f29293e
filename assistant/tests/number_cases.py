"""The forty questions of `test_every_number.py`: each plan with the statements, written by hand, that give its numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.compose.numbers import Language
from assistant.plan import Filters, Plan
from core.periods import Period

LAST_WEEK = Period(date(2026, 11, 9), date(2026, 11, 15))
THIS_WEEK = Period(date(2026, 11, 16), date(2026, 11, 20))
MONTH = Period(date(2026, 11, 1), date(2026, 11, 20))
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
FRIDAY = Period(date(2026, 11, 20), date(2026, 11, 20))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`also` gives the numbers of words that no block holds; `covers` is the condition of the conversations that are covered."""

    name: str
    plan: Plan
    blocks: tuple[str, ...]
    covers: str
    also: str | None = None
    language: Language = "pt"


def figure(metric: str, value: str, base: str, source: str = "conv WHERE mo") -> str:
    """One figure of one period."""
    return f"SELECT '{metric}' AS metric, {value} AS value, {base} AS base FROM {source}"


def two(metric: str, value: str, base: str, source: str = "conv") -> str:
    """One figure of this week beside last week."""
    return (
        f"SELECT '{metric}' AS metric, n.v AS value, n.b AS base, p.v AS previous, n.v - p.v AS change "
        f"FROM (SELECT {value} AS v, {base} AS b FROM {source} {'AND' if 'WHERE' in source else 'WHERE'} tw) n, "
        f"(SELECT {value} AS v FROM {source} {'AND' if 'WHERE' in source else 'WHERE'} lw) p"
    )


def by(key: str, columns: str, source: str = "conv WHERE mo", *, order: str = "1") -> str:
    return f"SELECT {key} AS key, {columns} FROM {source} GROUP BY 1 ORDER BY {order}"


MEAN, NOTED = "sum(note)::numeric / nullif(count(note), 0)", "count(note)"
CSAT = "100.0 * sum(CASE WHEN note IN (4, 5) THEN 1 ELSE 0 END) / nullif(count(note), 0)"
LOW = "100.0 * sum(CASE WHEN note IN (1, 2) THEN 1 ELSE 0 END) / nullif(count(note), 0)"
SOLVED = "100.0 * sum(CASE WHEN resolved THEN 1 ELSE 0 END) / nullif(count(resolved), 0)"
COMPLAINTS, COMPLIMENTS = "sum(CASE WHEN note <= 2 THEN 1 ELSE 0 END)", "sum(CASE WHEN note = 5 THEN 1 ELSE 0 END)"
WAITING = "sum(CASE WHEN waits THEN 1 ELSE 0 END)"
REPLY = "percentile_cont(0.5) WITHIN GROUP (ORDER BY reply)"
WAIT = "percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)"


def felt(word: str) -> str:
    return f"100.0 * sum(CASE WHEN sentiment = '{word}' THEN 1 ELSE 0 END) / nullif(count(sentiment), 0)"


def split(dimension: str, value: str = "note") -> str:
    """The exact split of a mean's change, by the formulas of `decompose.py`, in SQL."""
    return f"""
    , g AS (SELECT {dimension} AS key, count({value}) FILTER (WHERE lw) AS n0, avg({value}) FILTER (WHERE lw) AS r0,
              count({value}) FILTER (WHERE tw) AS n1, avg({value}) FILTER (WHERE tw) AS r1 FROM conv GROUP BY 1),
    w AS (SELECT sum(n0)::float AS t0, sum(n1)::float AS t1, sum(n0 * r0) / sum(n0) AS m0, sum(n1 * r1) / sum(n1) AS m1 FROM g),
    p AS (SELECT key, n0, n1, r0, r1,
            (n0 / t0 + n1 / t1) / 2 * (coalesce(r1, r0) - coalesce(r0, r1)) AS rate,
            (n1 / t1 - n0 / t0) * ((coalesce(r0, r1) + coalesce(r1, r0)) / 2 - (m0 + m1) / 2) AS mix, m1 - m0 AS whole
          FROM g, w WHERE n0 + n1 > 0)
    SELECT key, rate, mix, rate + mix AS change, 100 * (rate + mix) / whole AS share,
      r0 AS previous, r1 AS value, n0 AS previous_base, n1 AS base FROM p"""


def themes(condition: str, period: str, before: str) -> str:
    """Sizes of themes among the analysed conversations, beside another period."""
    return f"""SELECT theme AS key, count(*) FILTER (WHERE {period}) AS conversations,
      100.0 * count(*) FILTER (WHERE {period}) / (SELECT count(*) FROM conv WHERE note IS NOT NULL AND {condition} AND {period}) AS share,
      count(*) FILTER (WHERE {before}) AS previous,
      count(*) FILTER (WHERE {period}) - count(*) FILTER (WHERE {before}) AS change,
      avg(note) FILTER (WHERE {period}) AS satisfaction,
      count(*) FILTER (WHERE {period}) * (avg(note) FILTER (WHERE {period}) - (SELECT avg(note) FROM conv WHERE {condition} AND {period}))
        / nullif((SELECT count(note) FROM conv WHERE {condition} AND {period}) - count(*) FILTER (WHERE {period}), 0) AS change_of_level
    FROM conv WHERE note IS NOT NULL AND {condition} GROUP BY 1 HAVING count(*) FILTER (WHERE {period}) > 0"""


def read_messages(condition: str, limit: int = 20) -> str:
    return f"SELECT message_id AS key, note AS satisfaction FROM msg WHERE {condition} ORDER BY sent_at DESC, position DESC LIMIT {limit}"


def open_conversations(condition: str, order: str = "local DESC", limit: int = 20) -> str:
    return (
        f"SELECT id AS key, note AS satisfaction, rating, message_count, reply AS first_response_seconds FROM conv "
        f"WHERE {condition} ORDER BY {order} LIMIT {limit}"
    )


BOTH_WEEKS = """SELECT avg(note) FILTER (WHERE tw) AS a, avg(note) FILTER (WHERE lw) AS b,
  avg(note) FILTER (WHERE tw) - avg(note) FILTER (WHERE lw) AS d,
  count(note) FILTER (WHERE tw) AS e, count(note) FILTER (WHERE lw) AS c FROM conv"""
SUMMARY_BLOCK = " UNION ALL ".join(
    f"SELECT * FROM ({two(metric, value, base)}) m"
    for metric, value, base in (
        ("conversations", "count(*)", "count(*)"), ("contacts", "count(DISTINCT contact_id)", "count(*)"),
        ("satisfaction", MEAN, NOTED), ("csat", CSAT, NOTED), ("first_response_time", REPLY, "count(reply)"),
        ("resolution_rate", SOLVED, "count(resolved)"), ("complaints", COMPLAINTS, NOTED), ("compliments", COMPLIMENTS, NOTED),
        ("unanswered", WAITING, "count(*)"),
    )
)  # fmt: skip


def metric(name: str, *metrics: str, blocks: tuple[str, ...], covers: str = "mo", also: str | None = None, **fields: Any) -> Case:
    plan = Plan(intent="metric", metrics=metrics, **({"period": MONTH} | fields))  # type: ignore[arg-type]
    return Case(name=name, plan=plan, blocks=blocks, covers=covers, also=also)


CASES = [
    metric("conversations", "conversations", blocks=(figure("conversations", "count(*)", "count(*)"),)),
    metric("contacts", "contacts", blocks=(figure("contacts", "count(DISTINCT contact_id)", "count(*)"),)),
    metric("messages", "messages", blocks=(figure("messages", "count(*)", "count(*)", "msg WHERE mo"),)),
    metric("satisfaction", "satisfaction", blocks=(figure("satisfaction", MEAN, NOTED),)),
    metric("csat of last week", "csat", period=LAST_WEEK, covers="lw", blocks=(figure("csat", CSAT, NOTED, "conv WHERE lw"),)),
    metric("dissatisfaction", "dissatisfaction", blocks=(figure("dissatisfaction", LOW, NOTED),)),
    metric("complaints of today", "complaints", period=FRIDAY, covers="day = '2026-11-20'",
           blocks=(figure("complaints", COMPLAINTS, NOTED, "conv WHERE day = '2026-11-20'"),)),
    metric("compliments of an agent", "compliments", filters=Filters(agent=("Ana Souza",)), covers="mo AND agent = 'Ana Souza'",
           blocks=(figure("compliments", COMPLIMENTS, NOTED, "conv WHERE mo AND agent = 'Ana Souza'"),)),
    metric("sentiment", "sentiment", blocks=(figure("sentiment", "sum(score)::float / count(score)", "count(score)", "msg WHERE mo"),)),
    metric("three shares", "positive_share", "neutral_share", "negative_share", blocks=(" UNION ALL ".join(
        figure(f"{word}_share", felt(word), "count(sentiment)", "msg WHERE mo") for word in ("positive", "neutral", "negative")),)),
    metric("first response, left out ones told", "first_response_time", blocks=(figure("first_response_time", REPLY, "count(reply)"),),
           also="SELECT count(*) FROM conv WHERE mo AND reply IS NULL"),
    metric("response time of a channel", "response_time", filters=Filters(channel=("Norte",)), covers="mo AND channel = 'Norte'",
           blocks=(figure("response_time", WAIT, "count(seconds)", "turn WHERE mo AND channel = 'Norte'"),)),
    metric("resolution", "resolution_rate", blocks=(figure("resolution_rate", SOLVED, "count(resolved)"),)),
    metric("unanswered", "unanswered", blocks=(figure("unanswered", WAITING, "count(*)"),)),
    metric("angry customers about a theme", "contacts", filters=Filters(emotion=("anger",), theme=("Atraso na entrega",)),
           blocks=(figure("contacts", "count(DISTINCT contact_id)", "count(*)", """conv WHERE mo AND theme = 'Atraso na entrega'
             AND id IN (SELECT id FROM msg WHERE emotion = 'anger')"""),)),
    metric("negative and urgent messages", "messages", filters=Filters(sentiment=("negative",), tone=("urgent",)),
           blocks=(figure("messages", "count(*)", "count(*)", "msg WHERE mo AND sentiment = 'negative' AND tone = 'urgent'"),)),
    metric("resolved conversations of two agents", "conversations", filters=Filters(agent=("Ana Souza", "Bruno Lima"), status="resolved"),
           covers="mo AND agent IN ('Ana Souza', 'Bruno Lima')",
           blocks=(figure("conversations", "count(*)", "count(*)",
                          "conv WHERE mo AND resolved AND agent IN ('Ana Souza', 'Bruno Lima')"),)),
    metric("conversations with a word", "conversations", search="pix",
           covers="mo AND id IN (SELECT id FROM msg WHERE text ILIKE '%%pix%%')",
           blocks=(figure("conversations", "count(*)", "count(*)",
                          "conv WHERE mo AND id IN (SELECT id FROM msg WHERE text ILIKE '%%pix%%')"),)),
    metric("satisfaction compared", "satisfaction", period=THIS_WEEK, compare_to=LAST_WEEK, covers="tw",
           blocks=(two("satisfaction", MEAN, NOTED),)),
    metric("two counts compared", "conversations", "complaints", period=THIS_WEEK, compare_to=LAST_WEEK, covers="tw", blocks=(
        f"{two('conversations', 'count(*)', 'count(*)')} UNION ALL {two('complaints', COMPLAINTS, NOTED)}",)),
    metric("nothing to compare with", "csat", compare_to=OCTOBER, blocks=(figure("csat", CSAT, NOTED),)),
    metric("nothing at all", "satisfaction", period=OCTOBER, covers="false",
           blocks=("SELECT 'satisfaction' AS metric, NULL AS value, 0 AS base",),
           also="SELECT to_char(min(day), 'DD'), to_char(max(day), 'DD'), '11' FROM conv"),
    metric("satisfaction by agent", "satisfaction", group_by="agent", blocks=(
        figure("satisfaction", MEAN, NOTED), by("agent", f"{MEAN} AS satisfaction, {NOTED} AS base_satisfaction"))),
    metric("the worst agent", "satisfaction", group_by="agent", order="asc", limit=1, blocks=(
        by("agent", f"{MEAN} AS satisfaction, {NOTED} AS base_satisfaction", "conv WHERE mo AND agent IS NOT NULL", order="2 LIMIT 1"),)),
    metric("three customers by csat", "csat", group_by="contact", order="desc", limit=3, blocks=(
        by("contact", f"{CSAT} AS csat, {NOTED} AS base_csat", order="2 DESC LIMIT 3"),)),
    metric("most complaints by weekday", "complaints", group_by="weekday", order="desc", limit=1, blocks=(
        by("weekday", f"{COMPLAINTS} AS complaints, {NOTED} AS base_complaints", order="2 DESC, 1 LIMIT 1"),),
        also=f"SELECT count(*) FROM (SELECT {COMPLAINTS} c FROM conv WHERE mo GROUP BY weekday) x WHERE c = 3"),
    metric("csat by day of last week", "csat", period=LAST_WEEK, group_by="day", covers="lw", blocks=(
        figure("csat", CSAT, NOTED, "conv WHERE lw"), by("day", f"{CSAT} AS csat, {NOTED} AS base_csat", "conv WHERE lw"))),
    metric("conversations by week", "conversations", period=Period(date(2026, 11, 9), date(2026, 11, 20)), group_by="week", blocks=(
        figure("conversations", "count(*)", "count(*)"),
        by("(day - weekday + 1)::date", "count(*) AS conversations, count(*) AS base_conversations"))),
    metric("messages by hour", "messages", group_by="hour", blocks=(
        figure("messages", "count(*)", "count(*)", "msg WHERE mo"),
        """SELECT h AS key, count(msg.hour) AS messages, count(msg.hour) AS base_messages
           FROM generate_series(0, 23) h LEFT JOIN msg ON msg.hour = h AND mo GROUP BY 1""")),
    metric("messages by sentiment", "messages", group_by="sentiment", blocks=(
        figure("messages", "count(*)", "count(*)", "msg WHERE mo"),
        by("sentiment", "count(*) AS messages, count(*) AS base_messages", "msg WHERE mo"))),
    metric("conversations by note", "conversations", group_by="satisfaction", blocks=(
        figure("conversations", "count(*)", "count(*)"),
        by("note", "count(*) AS conversations, count(*) AS base_conversations", "conv WHERE mo AND note IS NOT NULL"))),
    metric("two metrics by channel", "csat", "first_response_time", group_by="channel", blocks=(
        f"{figure('csat', CSAT, NOTED)} UNION ALL {figure('first_response_time', REPLY, 'count(reply)')}",
        by("channel", f"{CSAT} AS csat, {NOTED} AS base_csat, {REPLY} AS first_response_time, count(reply) AS base_first_response_time")),
        also="SELECT count(*) FROM conv WHERE mo AND reply IS NULL"),
    metric("complaints by channel, compared", "complaints", period=THIS_WEEK, compare_to=LAST_WEEK, group_by="channel", covers="tw",
           blocks=(
        two("complaints", COMPLAINTS, NOTED),
        """SELECT channel AS key, count(*) FILTER (WHERE tw AND note <= 2) AS complaints, count(note) FILTER (WHERE tw) AS base_complaints,
             count(*) FILTER (WHERE lw AND note <= 2) AS previous_complaints,
             count(*) FILTER (WHERE tw AND note <= 2) - count(*) FILTER (WHERE lw AND note <= 2) AS change_complaints
           FROM conv GROUP BY 1""")),
    Case(name="why satisfaction fell", covers="tw", blocks=(split("channel"),),
         plan=Plan(intent="explain", metrics=("satisfaction",), period=THIS_WEEK, compare_to=LAST_WEEK),
         also=f"""{two('satisfaction', MEAN, NOTED)} UNION ALL SELECT 'wait', count(*) FILTER (WHERE lw), count(*) FILTER (WHERE tw), 15, 60
           FROM conv WHERE channel = 'Norte' AND reply >= 15 * 60 AND reply < 60 * 60 AND note IS NOT NULL"""),
    Case(name="why satisfaction fell, by theme", covers="tw", blocks=(split("theme"), """SELECT theme AS key, r AS satisfaction,
           n AS base_satisfaction, n / t * (r - (t * m - n * r) / (t - n)) AS change_of_level FROM (SELECT theme, avg(note) AS r,
           count(note)::float AS n, (SELECT avg(note) FROM conv WHERE tw) AS m, (SELECT count(note)::float FROM conv WHERE tw) AS t
           FROM conv WHERE tw AND theme = 'Atraso na entrega' GROUP BY 1) g"""),
         plan=Plan(intent="explain", metrics=("satisfaction",), period=THIS_WEEK, compare_to=LAST_WEEK, group_by="theme"),
         also=BOTH_WEEKS),
    Case(name="themes of this week", covers="tw", blocks=(themes("true", "tw", "lw"),),
         plan=Plan(intent="themes", period=THIS_WEEK), also="SELECT count(note) FROM conv WHERE tw"),
    Case(name="reasons for complaints", covers="mo", blocks=(themes("note <= 2", "mo", "false"),),
         plan=Plan(intent="themes", period=MONTH, filters=Filters(satisfaction_max=2)),
         also="SELECT count(*) FROM conv WHERE mo AND note <= 2"),
    Case(name="angry messages about a theme", covers="mo",
         blocks=(read_messages("mo AND emotion = 'anger' AND theme = 'Atraso na entrega'"),),
         plan=Plan(intent="messages", period=MONTH, filters=Filters(emotion=("anger",), theme=("Atraso na entrega",))),
         also="SELECT count(*) FROM msg WHERE mo AND emotion = 'anger' AND theme = 'Atraso na entrega'"),
    Case(name="unhappy conversations, worst first", covers="mo", blocks=(open_conversations("mo AND note <= 2", "note, local DESC", 4),),
         plan=Plan(intent="conversations", period=MONTH, filters=Filters(satisfaction_max=2), order="asc", limit=4),
         also="SELECT count(*), 4, 2 FROM conv WHERE mo AND note <= 2"),
    Case(name="this week in brief", covers="tw", plan=Plan(intent="summary", period=THIS_WEEK), blocks=(
         SUMMARY_BLOCK, split("channel"), themes("true", "tw", "lw") + " AND theme IS NOT NULL", themes("note <= 2", "tw", "lw"),
         """SELECT id AS key, note AS satisfaction, rating, message_count, reply AS first_response_seconds
            FROM (SELECT DISTINCT ON (contact) * FROM conv WHERE tw AND note <= 2 ORDER BY contact, note, local DESC) one
            ORDER BY note, local DESC LIMIT 5"""),
         also="SELECT count(*), count(DISTINCT contact_id) FROM conv WHERE tw"),
]  # fmt: skip
