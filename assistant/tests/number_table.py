"""The table of `test_every_number.py`: rows of measure, days, condition, split and language, each with the SQL that answers it.

A row names what is asked; the SQL of each name stands below, written by hand over the plain tables of `sql.py`. A condition has
two readings: of conversations (and their waits), and of messages; `covers` is what of it is known before any analysis.
"""

from dataclasses import dataclass, replace
from typing import Any

from assistant.compose.numbers import Language
from assistant.plan import Filters, Plan
from assistant.tests.number_cases import (
    COMPLAINTS,
    COMPLIMENTS,
    CSAT,
    FRIDAY,
    LAST_WEEK,
    LOW,
    MEAN,
    MONTH,
    NOTED,
    REPLY,
    SOLVED,
    THIS_WEEK,
    WAIT,
    WAITING,
    Case,
    by,
    felt,
    figure,
)  # fmt: skip
from core.periods import Period

# metric → its value, how many rows stand behind it, where they are.
MEASURES: dict[str, tuple[str, str, str]] = {
    "conversations": ("count(*)", "count(*)", "conv"),
    "contacts": ("count(DISTINCT contact_id)", "count(*)", "conv"),
    "messages": ("count(*)", "count(*)", "msg"),
    "satisfaction": (MEAN, NOTED, "conv"),
    "csat": (CSAT, NOTED, "conv"),
    "dissatisfaction": (LOW, NOTED, "conv"),
    "complaints": (f"coalesce({COMPLAINTS}, 0)", NOTED, "conv"),
    "compliments": (f"coalesce({COMPLIMENTS}, 0)", NOTED, "conv"),
    "sentiment": ("sum(score)::float / nullif(count(score), 0)", "count(score)", "msg"),
    "positive_share": (felt("positive"), "count(sentiment)", "msg"),
    "neutral_share": (felt("neutral"), "count(sentiment)", "msg"),
    "negative_share": (felt("negative"), "count(sentiment)", "msg"),
    "first_response_time": (REPLY, "count(reply)", "conv"),
    "response_time": (WAIT, "count(seconds)", "turn"),
    "resolution_rate": (SOLVED, "count(resolved)", "conv"),
    "unanswered": (f"coalesce({WAITING}, 0)", "count(*)", "conv"),
}
DAYS: dict[str, tuple[Period, str]] = {
    "month": (MONTH, "mo"), "this week": (THIS_WEEK, "tw"), "last week": (LAST_WEEK, "lw"), "friday": (FRIDAY, "day = '2026-11-20'"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    filters: Filters
    of_conversations: str
    of_messages: str
    covers: str = "true"
    search: str | None = None


def _holds(condition: str) -> str:
    return f"id IN (SELECT id FROM msg WHERE {condition})"


CONDITIONS: dict[str, Condition] = {
    "any": Condition(Filters(), "true", "true"),
    "Ana": Condition(Filters(agent=("Ana Souza",)), "agent = 'Ana Souza'", "agent = 'Ana Souza'", "agent = 'Ana Souza'"),
    "Norte": Condition(Filters(channel=("Norte",)), "channel = 'Norte'", "channel = 'Norte'", "channel = 'Norte'"),
    "delay": Condition(Filters(theme=("Atraso na entrega",)), "theme = 'Atraso na entrega'", "theme = 'Atraso na entrega'"),
    "Mariana": Condition(
        Filters(contact=("Mariana Alves",)), "contact = 'Mariana Alves'", "contact = 'Mariana Alves'", "contact = 'Mariana Alves'"
    ),
    "low notes": Condition(Filters(satisfaction_max=2), "note <= 2", "note <= 2"),
    "notes of 3 and more": Condition(Filters(satisfaction_min=3), "note >= 3", "note >= 3"),
    "angry": Condition(Filters(emotion=("anger",)), _holds("emotion = 'anger'"), "emotion = 'anger'"),
    "negative": Condition(Filters(sentiment=("negative",)), _holds("sentiment = 'negative'"), "sentiment = 'negative'"),
    "urgent": Condition(Filters(tone=("urgent",)), _holds("tone = 'urgent'"), "tone = 'urgent'"),
    "resolved": Condition(Filters(status="resolved"), "resolved", "resolved"),
    "open": Condition(Filters(status="open"), "resolved IS NOT TRUE", "resolved IS NOT TRUE"),
    "unanswered": Condition(Filters(status="unanswered"), "waits", "waits", "waits"),
    "Bruno or Carla in Suporte": Condition(
        Filters(agent=("Bruno Lima", "Carla Mendes"), channel=("Suporte",)),
        *(3 * ("agent IN ('Bruno Lima', 'Carla Mendes') AND channel = 'Suporte'",)),
    ),
    "Suporte": Condition(Filters(channel=("Suporte",)), *(3 * ("channel = 'Suporte'",))),
    "pix": Condition(Filters(), _holds("text ILIKE '%%pix%%'"), "text ILIKE '%%pix%%'", _holds("text ILIKE '%%pix%%'"), search="pix"),
}
# dimension → its key in SQL.
KEYS = {
    "agent": "agent", "channel": "channel", "theme": "theme", "contact": "contact", "hour": "hour", "weekday": "weekday", "day": "day",
    "satisfaction": "note", "sentiment": "sentiment", "emotion": "emotion", "tone": "tone", "week": "(day - weekday + 1)::date",
    "month": "date_trunc('month', local)::date",
}  # fmt: skip
LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")

# One figure: measure, days, condition. The language goes round.
FIGURES = """
conversations: month Suporte | this week Ana | last week Norte | month delay | friday any | month pix
contacts: month Norte | this week Suporte | this week Mariana | last week low notes | month negative
messages: this week Norte | last week Ana | month angry | month urgent | friday any | month resolved
satisfaction: last week Suporte | friday Norte | this week Ana | last week Norte | month delay | month Mariana | this week resolved
satisfaction: month pix | friday any
csat: this week Suporte | month Ana | this week Norte | last week delay | month Bruno or Carla in Suporte
dissatisfaction: month Norte | this week any | month Mariana
complaints: this week Norte | month Ana | last week any | month urgent | month unanswered
compliments: month Norte | this week Ana | month Mariana | friday any
sentiment: this week Suporte | this week Norte | last week any | month delay | month low notes | month Ana
positive_share: this week any | month Ana | month notes of 3 and more
neutral_share: this week any | month Norte
negative_share: this week Norte | last week any | month delay
first_response_time: this week Norte | last week Ana | month delay | month low notes
response_time: this week any | month Ana | month delay | month notes of 3 and more
resolution_rate: this week Norte | month Ana | month delay | month angry
unanswered: this week any | month Norte | month delay
"""
# Two periods beside each other: this week and last week.
COMPARED = """
conversations: Norte | any
contacts: any
messages: Norte
csat: Ana | any
complaints: any
compliments: any
sentiment: any
negative_share: Norte
first_response_time: any | Norte
response_time: any
resolution_rate: any
unanswered: any
"""
# By the values of a dimension over the month.
SPLIT = """
conversations: agent | theme | weekday | emotion | day
contacts: channel | theme
messages: agent | tone | weekday | channel
satisfaction: channel | theme | contact | weekday | day | hour
csat: agent | theme
dissatisfaction: channel
complaints: agent | theme
compliments: agent
sentiment: channel | agent
positive_share: agent
negative_share: channel | theme
first_response_time: channel | agent
response_time: agent
resolution_rate: agent | theme
unanswered: channel
"""
# Ranked over the month: measure, dimension, order, limit.
RANKED = [
    ("satisfaction", "agent", "desc", 1), ("satisfaction", "contact", "asc", 2), ("complaints", "channel", "desc", 1),
    ("conversations", "agent", "desc", 2), ("messages", "contact", "desc", 1), ("first_response_time", "channel", "desc", 1),
    ("csat", "theme", "asc", 1), ("negative_share", "channel", "desc", 1), ("resolution_rate", "agent", "asc", 2),
]  # fmt: skip


def read_table(table: str) -> list[tuple[str, str]]:
    """Measure and what stands behind its colon, a pair for each part between bars."""
    lines = [line.partition(":") for line in table.strip().splitlines()]
    return [(measure, part.strip()) for measure, _, parts in lines for part in parts.split("|")]


def _read_days(text: str) -> tuple[str, str]:
    days = next(name for name in DAYS if text.startswith(name))
    return days, text[len(days) :].strip()


def _where(measure: str, condition: Condition) -> str:
    return condition.of_messages if MEASURES[measure][2] == "msg" else condition.of_conversations


def _make(name: str, measure: str, period: Period, condition: Condition, **fields: Any) -> Plan:
    return Plan(
        intent="metric", metrics=(measure,), period=period, filters=condition.filters, search=condition.search, **fields  # type: ignore[arg-type]
    )  # fmt: skip


# What the notes tell of waits that are left out, and of the days that are known where nothing was found.
def _tell_left_out(measure: str, days: str, condition: Condition) -> str | None:
    return (
        f"SELECT count(*) FROM conv WHERE {days} AND reply IS NULL AND {condition.of_conversations}"
        if measure == "first_response_time"
        else None
    )


def make_figures() -> list[Case]:
    cases = []
    for measure, text in read_table(FIGURES):
        (name, rest), (value, base, source) = _read_days(text), MEASURES[measure]
        (period, days), condition = DAYS[name], CONDITIONS[rest]
        rows = f"{source} WHERE {days} AND {_where(measure, condition)}"
        cases.append(
            Case(
                name=f"{measure}, {text}", plan=_make(text, measure, period, condition), blocks=(figure(measure, value, base, rows),),
                covers=f"{days} AND {condition.covers}", also=_tell_left_out(measure, days, condition),
            )
        )  # fmt: skip
    return cases


def make_compared() -> list[Case]:
    cases = []
    for measure, text in read_table(COMPARED):
        (value, base, source), condition = MEASURES[measure], CONDITIONS[text]
        where = _where(measure, condition)
        block = (
            f"SELECT '{measure}' AS metric, n.v AS value, n.b AS base, p.v AS previous, n.v - p.v AS change"
            f" FROM (SELECT {value} AS v, {base} AS b FROM {source} WHERE tw AND {where}) n,"
            f" (SELECT {value} AS v FROM {source} WHERE lw AND {where}) p"
        )
        cases.append(
            Case(
                name=f"{measure} compared, {text}", plan=_make(text, measure, THIS_WEEK, condition, compare_to=LAST_WEEK), blocks=(block,),
                covers=f"tw AND {condition.covers}", also=_tell_left_out(measure, "tw", condition),
            )
        )  # fmt: skip
    return cases


def make_split() -> list[Case]:
    cases = []
    for measure, dimension in read_table(SPLIT):
        value, base, source = MEASURES[measure]
        key, rows = KEYS[dimension], f"{source} WHERE mo"
        if dimension == "emotion" and source == "conv":
            rows, key = "conv JOIN (SELECT DISTINCT id AS of, emotion FROM msg) felt ON felt.of = conv.id WHERE mo", "emotion"
        apart = f"{value} AS {measure}, {base} AS base_{measure}"
        cases.append(
            Case(
                name=f"{measure} by {dimension}", plan=_make("any", measure, MONTH, CONDITIONS["any"], group_by=dimension), covers="mo",
                blocks=(figure(measure, value, base, f"{source} WHERE mo"), by(key, apart, rows)),
                also=_tell_left_out(measure, "mo", CONDITIONS["any"]),
            )
        )  # fmt: skip
    return cases


def make_ranked() -> list[Case]:
    cases = []
    for measure, dimension, order, limit in RANKED:
        value, base, source = MEASURES[measure]
        rows = f"{source} WHERE mo AND {KEYS[dimension]} IS NOT NULL"
        ranked = by(KEYS[dimension], f"{value} AS {measure}, {base} AS base_{measure}", rows, order=f"2 {order}, 3 DESC, 1 LIMIT {limit}")
        cases.append(
            Case(
                name=f"{limit} {dimension} by {measure}, {order}", covers="mo", blocks=(ranked,),
                plan=_make("any", measure, MONTH, CONDITIONS["any"], group_by=dimension, order=order, limit=limit),
                also=_tell_left_out(measure, "mo", CONDITIONS["any"]) or f"SELECT a, b FROM ({by('1', f'{value} a, {base} b', rows)}) x",
            )
        )  # fmt: skip
    return cases


CASES = [*make_figures(), *make_compared(), *make_split(), *make_ranked()]
TABLE = [replace(case, language=LANGUAGES[number % 3]) for number, case in enumerate(CASES)]
