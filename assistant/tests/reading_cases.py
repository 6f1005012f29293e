"""Questions of `test_every_number.py` that explain, list, sum up or read, each with the SQL that answers it."""

from dataclasses import replace

from assistant.compose.numbers import Language
from assistant.plan import Plan
from assistant.tests.number_cases import (
    LAST_WEEK,
    THIS_WEEK,
    Case,
    open_conversations,
    read_messages,
    split,
    themes,
    two,
)  # fmt: skip
from assistant.tests.number_table import CONDITIONS, DAYS, MEASURES

LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")
SHARES = {
    "satisfaction": "note", "csat": "(CASE WHEN note >= 4 THEN 100.0 WHEN note < 4 THEN 0.0 END)",
    "dissatisfaction": "(CASE WHEN note <= 2 THEN 100.0 WHEN note > 2 THEN 0.0 END)",
    "resolution_rate": "(CASE WHEN resolved THEN 100.0 WHEN NOT resolved THEN 0.0 END)",
}  # fmt: skip
FIRST = "min(last_message_at AT TIME ZONE 'America/Sao_Paulo')"
COUNTS = {"conversations": "true", "complaints": "note <= 2", "compliments": "note = 5"}
# Why a mean or a count moved, by one dimension.
EXPLAINED = [
    ("satisfaction", "agent"), ("satisfaction", "customer"), ("csat", "channel"), ("csat", "agent"), ("dissatisfaction", "channel"),
    ("resolution_rate", "agent"), ("conversations", "channel"), ("complaints", "agent"), ("conversations", "theme"),
]  # fmt: skip
METRICS_OF_SUMMARY = (
    "conversations", "contacts", "satisfaction", "csat", "first_response_time", "resolution_rate",
    "complaints", "compliments", "unanswered",
)  # fmt: skip
# Lists: intent, days, condition.
READ_LISTS = """
messages: month Norte | this week Ana | month delay | month angry | month pix | last week any | month Mariana | month low notes
conversations: month Norte | this week Ana | month low notes | month unanswered | month open | last week any | friday any
themes: month Norte | last week any | month Ana | month low notes | this week Norte
"""


def _difference(dimension: str, condition: str) -> str:
    return f"""
    , g AS (SELECT {dimension} AS key, count(*) FILTER (WHERE lw AND {condition}) AS previous,
            count(*) FILTER (WHERE tw AND {condition}) AS value
            FROM conv GROUP BY 1)
    SELECT key, previous, value, value - previous AS change, value - previous AS rate, 0 AS mix, previous AS previous_base, value AS base,
      100.0 * (value - previous) / nullif(sum(value - previous) OVER (), 0) AS share FROM g WHERE previous + value > 0"""


def make_explained() -> list[Case]:
    cases = []
    for metric, dimension in EXPLAINED:
        plan = Plan(intent="explain", metrics=(metric,), period=THIS_WEEK, compare_to=LAST_WEEK, group_by=dimension)  # type: ignore[arg-type]
        block = split(dimension, SHARES[metric]) if metric in SHARES else _difference(dimension, COUNTS[metric])
        part, counted = SHARES.get(metric, "note"), COUNTS.get(metric)
        also = (
            f"SELECT *, a - b AS e FROM (SELECT count(*) FILTER (WHERE tw AND {counted}) AS a,"
            f" count(*) FILTER (WHERE lw AND {counted}) AS b,"
            " count(note) FILTER (WHERE tw) AS c, count(note) FILTER (WHERE lw) AS d FROM conv) x"
            if counted
            else f"SELECT avg({part}) FILTER (WHERE tw), avg({part}) FILTER (WHERE lw) AS b, count({part}) FILTER (WHERE tw) AS c,"
            f" avg({part}) FILTER (WHERE tw) - avg({part}) FILTER (WHERE lw) AS d, count({part}) FILTER (WHERE lw) AS e FROM conv"
        )
        cases.append(Case(name=f"why {metric} moved, by {dimension}", plan=plan, blocks=(block,), covers="tw", also=also))
    return cases


def make_lists() -> list[Case]:
    cases = []
    for line in READ_LISTS.strip().splitlines():
        intent, _, parts = line.partition(":")
        for text in map(str.strip, parts.split("|")):
            name = next(name for name in DAYS if text.startswith(name))
            (period, days), condition = DAYS[name], CONDITIONS[text[len(name) :].strip()]
            plan = Plan(intent=intent, period=period, filters=condition.filters, search=condition.search)  # type: ignore[arg-type]
            where = f"{days} AND {condition.of_messages if intent == 'messages' else condition.of_conversations}"
            total = f"SELECT count(*) AS total, 20 AS shown FROM {'msg' if intent == 'messages' else 'conv'} WHERE {where}"
            if intent == "messages":
                block = read_messages(where)
            elif intent == "conversations":
                total = f"{total} UNION ALL SELECT to_char({FIRST}, 'DD')::int, to_char({FIRST}, 'HH24')::int FROM conv WHERE {where}"
                block = open_conversations(where, "last_message_at" if "waits" in where else "local DESC")
            else:
                before = {"mo": "false", "tw": "lw", "lw": "false"}[days]
                block = themes(condition.of_conversations, days, before)
                total = f"SELECT count(note) AS total FROM conv WHERE {where}"
            cases.append(
                Case(name=f"list of {intent}, {text}", plan=plan, blocks=(block,), covers=f"{days} AND {condition.covers}", also=total)
            )
    return cases


def make_summaries() -> list[Case]:
    """This week of an agent and of a channel: numbers, themes, complaints where there are three, and whom to call."""
    cases = []
    for name in ("Ana", "Suporte"):
        condition = CONDITIONS[name].of_conversations
        numbers = " UNION ALL ".join(
            f"SELECT * FROM ({two(metric, *MEASURES[metric][:2], f'conv WHERE {condition}')}) m" for metric in METRICS_OF_SUMMARY
        )
        worst = f"""SELECT id AS key, note AS satisfaction, rating, message_count, reply AS first_response_seconds
            FROM (SELECT DISTINCT ON (contact) * FROM conv WHERE tw AND note <= 2 AND {condition} ORDER BY contact, note, local DESC) one
            ORDER BY note, local DESC LIMIT 5"""
        blocks = (
            numbers,
            themes(condition, "tw", "lw") + " AND theme IS NOT NULL",
            *((themes(f"note <= 2 AND {condition}", "tw", "lw"), worst) if name == "Ana" else ()),
        )
        cases.append(
            Case(
                name=f"this week of {name} in brief", plan=Plan(intent="summary", period=THIS_WEEK, filters=CONDITIONS[name].filters),
                blocks=blocks, covers=f"tw AND {condition}",
                also=f"SELECT count(DISTINCT contact_id), 5 FROM conv WHERE tw AND {condition}",
            )
        )  # fmt: skip
    return cases


READ = [replace(case, language=LANGUAGES[number % 3]) for number, case in enumerate([*make_explained(), *make_lists(), *make_summaries()])]
