"""A language model as planner: the same question, catalogue and history in, the same `Plan` out, checked as any plan is.

It sees what a manager wrote, the tenant's names and the tenant's verified questions; never a customer's words. What it may choose is a
plan and nothing else, and a plan can only read what its viewer may read. What it gives is checked (schema, contradictions, names, days),
sent back once with its faults, and then the built-in planner's plan stands.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from assistant.plan import EMPTY_INTENTS, Filters, Plan, PlanError, find_contradictions
from assistant.planner.catalogue import Catalog
from assistant.planner.lexicon import Language
from assistant.planner.model_words import EXAMPLES, INSTRUCTIONS, REPAIR
from assistant.planner.question import PastTurn, Planned
from assistant.planner.text import find_words
from core.ai.roles import ChatMessage, ChatModel, ProviderError
from core.periods import Period, get_earlier_unit, get_last_days, get_latest_weekend, get_running_unit, get_today

SCHEMA_PATH = Path(__file__).parent.parent / "plan.schema.json"
MAX_HISTORY, MAX_VERIFIED = 4, 8
# Agents, channels and themes are shown up to so many, contacts only where the question seems to name them.
MAX_NAMES, MAX_CONTACTS = 80, 25
SHORTEST_STEM = 4
_NAME = re.compile(r"[\w .'’-]{2,60}")


@lru_cache(maxsize=1)
def load_schema() -> dict[str, Any]:
    """The contract of a plan as JSON schema."""
    schema: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    return {key: value for key, value in schema.items() if key not in ("$schema", "title", "description")}


def is_for_model(builtin: Planned) -> bool:
    """Whether a model is asked at all, where the built-in planner read it so.

    What it refuses for safety stays refused and never reaches a model; what it knows how to explain, and names that it must ask about
    because they are unknown or could be several, are not for a model to guess.
    """
    if builtin.plan.intent == "refuse":
        return builtin.refusal == "off_topic"
    return builtin.plan.intent != "help" and builtin.missing != "name"


def plan_by_model(
    question: str,
    *,
    model: ChatModel,
    history: Sequence[PastTurn] = (),
    catalog: Catalog,
    clock: datetime,
    language: Language,
    verified: Sequence[PastTurn] = (),
) -> Plan:
    """What a model takes the question to mean. Raises ProviderError ("schema") where not even its second plan is one."""
    today = get_today(clock, time_zone=catalog.time_zone)
    payload = show_question(question, history=history, catalog=catalog, today=today, language=language, verified=verified)
    asked = [
        ChatMessage(role="system", text=INSTRUCTIONS + json.dumps(EXAMPLES, ensure_ascii=False)),
        ChatMessage(role="user", text=json.dumps(payload, ensure_ascii=False)),
    ]
    reply = ""
    try:
        reply = model.complete(asked, schema=load_schema())
        return read_plan(reply, catalog=catalog, today=today)
    except PlanError as error:
        problems = error.problems
    except ProviderError as error:
        if error.reason not in ("garbage", "schema"):
            raise
        problems = [str(error)]
    if reply:
        asked.append(ChatMessage(role="assistant", text=reply))
    asked.append(ChatMessage(role="user", text=REPAIR + json.dumps(problems, ensure_ascii=False)))
    try:
        return read_plan(model.complete(asked, schema=load_schema()), catalog=catalog, today=today)
    except PlanError as error:
        raise ProviderError(f"The plan has {len(error.problems)} faults after its repair.", reason="schema") from None


def merge_plans(builtin: Planned, plan: Plan) -> Planned | None:
    """The model's plan with what is needed to answer by it. None where it gave up and the built-in planner did not."""
    if plan == builtin.plan:
        return builtin
    if plan.intent not in EMPTY_INTENTS:
        # No plan holds such a condition, whoever made it; a word that we did not know the model may have.
        left_out = tuple(left for left in builtin.left_out if left.kind != "unread")
        return Planned(plan=plan, language=builtin.language, guesses=builtin.guesses, left_out=left_out)
    if builtin.plan.intent not in EMPTY_INTENTS:
        return None
    return Planned(
        plan=plan,
        language=builtin.language,
        refusal="off_topic" if plan.intent == "refuse" else None,
        topic="abilities" if plan.intent == "help" else None,
        missing="subject" if plan.intent == "clarify" else None,
    )


def read_plan(reply: str, *, catalog: Catalog, today: date) -> Plan:
    """A plan that can be executed. Raises PlanError with every fault, in words that a model can mend it by."""
    try:
        raw = json.loads(reply)
    except (ValueError, RecursionError):
        raise PlanError(["plan: it is not JSON"]) from None
    plan = Plan.from_dict(raw)
    problems = find_contradictions(plan) + _find_unknown_names(plan.filters, catalog)
    if plan.period is not None and plan.period.end > today:
        problems.append(f"period: it ends after today, {today.isoformat()}")
    if problems:
        raise PlanError(problems)
    return plan


def show_question(
    question: str, *, history: Sequence[PastTurn], catalog: Catalog, today: date, language: Language, verified: Sequence[PastTurn]
) -> dict[str, Any]:
    """What the model reads: the question as data, with what is needed to read it."""
    words = set(find_words(question)) | {word for turn in history[-MAX_HISTORY:] for word in find_words(turn.question)}
    return {
        "today": today.isoformat(),
        "weekday": f"{today:%A}",
        "language": language,
        "periods": list_periods(today),
        "catalogue": {
            "agents": list(catalog.agents[:MAX_NAMES]),
            "channels": list(catalog.channels[:MAX_NAMES]),
            "themes": list(catalog.themes[:MAX_NAMES]),
            "contacts": find_named_contacts(catalog.contacts, words),
        },
        "verified": [_show_turn(turn) for turn in verified[:MAX_VERIFIED]],
        "history": [_show_turn(turn) for turn in history[-MAX_HISTORY:]],
        "question": question,
    }


def find_named_contacts(contacts: Sequence[str], words: set[str]) -> list[str]:
    """The contacts that words of the question could mean, by how their own words begin: no other customer's name is sent.

    Customers choose their names themselves: one that is more than a name is left out.
    """
    stems = {word[:SHORTEST_STEM] for word in words if len(word) >= SHORTEST_STEM} | words
    plain = (name for name in contacts if _NAME.fullmatch(name))
    named = (name for name in plain if any(word in words or word[:SHORTEST_STEM] in stems for word in find_words(name) if len(word) > 2))
    return list(islice(named, MAX_CONTACTS))


def list_periods(today: date) -> dict[str, list[str]]:
    """What the usual words for a time mean today, so that a model counts no days."""
    spans = {
        "hoje": Period(today, today),
        "ontem": get_earlier_unit(today, "day"),
        "esta semana": get_running_unit(today, "week"),
        "semana passada": get_earlier_unit(today, "week"),
        "este mês": get_running_unit(today, "month"),
        "mês passado": get_earlier_unit(today, "month"),
        "este trimestre": get_running_unit(today, "quarter"),
        "trimestre passado": get_earlier_unit(today, "quarter"),
        "este ano": get_running_unit(today, "year"),
        "últimos 7 dias": get_last_days(today, 7),
        "últimos 30 dias": get_last_days(today, 30),
        "fim de semana": get_latest_weekend(today),
    }
    return {name: [span.start.isoformat(), span.end.isoformat()] for name, span in spans.items()}


def _show_turn(turn: PastTurn) -> Mapping[str, Any]:
    return {"question": turn.question, "plan": turn.plan.to_dict()}


def _find_unknown_names(filters: Filters, catalog: Catalog) -> list[str]:
    known = {"agent": catalog.agents, "channel": catalog.channels, "contact": catalog.contacts, "theme": catalog.themes}
    return [
        f"filters.{kind}: {name!r} is no name of the catalogue; spell it as the catalogue does, or clarify"
        for kind, names in known.items()
        for name in getattr(filters, kind)
        if name not in names
    ]
