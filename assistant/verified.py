"""Verified questions: a question whose plan somebody who leads vouches for, tried first whenever it is asked again.

Everything here runs inside the tenant's open scope. What the plan's days become at another clock is `assistant/timing.py`.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.contrib.postgres.search import TrigramSimilarity
from django.db import IntegrityError, transaction
from pydantic import BaseModel

from assistant.blocks import Answer, VerifiedMark
from assistant.catalog import get_catalog
from assistant.compose.numbers import Language
from assistant.feedback import get_answered_turn
from assistant.models import Turn, VerifiedQuestion
from assistant.plan import EMPTY_INTENTS, Plan, find_contradictions
from assistant.planner import Catalog, PastTurn, Planned, find_asked_words, plan_question
from assistant.planner.text import find_words, squash
from assistant.timing import Timing, find_timing, get_shape, move_plan
from assistant.verified_figures import keep_figures
from assistant.verified_words import say_problem, say_timing, say_verified
from core.access import check_allowed, get_tenant, is_allowed, parse_id
from core.errors import VisibleError
from core.models import Contact, User
from core.periods import get_today

LONGEST_QUESTION = 300
MOST = 200  # of a tenant
# Questions whose letters are this much alike are looked at word by word.
ALIKE, MOST_ALIKE = 0.55, 5
MOST_EXAMPLES = 8
ASTRAY = (VerifiedQuestion.State.BROKEN, VerifiedQuestion.State.REREAD, VerifiedQuestion.State.DRIFTED)


class Drift(BaseModel):
    """A figure of days that are over, as it was when it was vouched for and as it is now; null where it is not there."""

    what: str
    before: float | None
    after: float | None


class Problem(BaseModel):
    """What its last check found: `code` for programs, `text` for people."""

    code: Literal["gone", "no_period", "contradiction", "empty", "reread", "drifted", "failed"]
    text: str
    figures: list[Drift] = []


class Verified(BaseModel):
    """A verified question as those who lead see it. `days` says how the plan's days follow the clock."""

    id: str
    question: str
    language: Language
    plan: dict[str, Any]
    as_of: datetime
    timing: Literal["planner", "shifted", "fixed"]
    days: str
    made_by: str | None
    made_at: datetime
    state: Literal["unchecked", "sound", "empty", "reread", "drifted", "broken"]
    problems: list[Problem]
    checked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A verified question that was asked again: its plan as of now, and how to say so."""

    plan: Plan
    mark: VerifiedMark


def make_key(question: str) -> str:
    """A question as it is compared: folded words, letters held down cut, marks and spaces gone."""
    return " ".join(squash(word) for word in find_words(question))


def verify(viewer: User, turn_id: uuid.UUID | str, *, question: str | None = None) -> Verified:
    """Vouch for the plan of an answered turn of one's own, under its own question or one that says the same in full.

    Verifying a question that is verified already puts the new plan in its place. Raises VisibleError: "not_alone" for a question
    that can't be understood without those before it, "invalid" for an answer that looked at nothing.
    """
    check_allowed(viewer, action="verify")
    turn = get_answered_turn(viewer, turn_id)
    question = " ".join((question if question is not None else turn.question).split())
    key = make_key(question)
    # A letter that is folded may become several.
    if not key or max(len(question), len(key)) > LONGEST_QUESTION:
        raise VisibleError("invalid", field="question", detail=f"1–{LONGEST_QUESTION}")
    plan = Plan.from_dict(turn.plan)
    catalog = get_catalog(viewer, question=question)
    planned = _read_alone(question, turn, plan, catalog=catalog)
    today = get_today(turn.as_of, time_zone=catalog.time_zone)
    timing = find_timing(plan, planned, today=today)
    fields: dict[str, Any] = {
        "figures": keep_figures(plan, Answer.model_validate(turn.answer).blocks, today=today),
        "question": question, "language": turn.language, "plan": plan.to_dict(), "as_of": turn.as_of, "timing": timing.kind,
        "rule": timing.rule, "made_by": viewer, "state": VerifiedQuestion.State.UNCHECKED, "problems": [], "checked_at": None,
    }  # fmt: skip
    if not VerifiedQuestion.objects.filter(key=key).exists() and VerifiedQuestion.objects.count() >= MOST:
        raise VisibleError("too_many_verified", most=MOST)
    try:
        with transaction.atomic():
            row, _ = VerifiedQuestion.objects.update_or_create(key=key, defaults=fields)
    except IntegrityError as error:
        raise VisibleError("changed_meanwhile") from error
    return show_verified(row, language=read_language(viewer))


def find_all(viewer: User, *, state: str | None = None, limit: int, offset: int) -> list[Verified]:
    """The tenant's verified questions, newest first."""
    rows = _select(viewer, state).select_related("made_by").order_by("-made_at", "id")[offset : offset + limit]
    return [show_verified(row, language=read_language(viewer)) for row in rows]


def count_all(viewer: User, *, state: str | None = None) -> int:
    return int(_select(viewer, state).count())


def count_astray(viewer: User) -> int:
    """How many questions need somebody who leads: their plan does not hold, their words or their figures drifted. 0 for anybody else."""
    if not is_allowed(viewer, action="verify"):
        return 0
    return int(VerifiedQuestion.objects.filter(state__in=ASTRAY).count())


def forget(viewer: User, verified_id: uuid.UUID | str) -> None:
    """Vouch for a question no longer. Raises VisibleError("not_found") for any other id."""
    check_allowed(viewer, action="verify")
    deleted, _ = VerifiedQuestion.objects.filter(id=parse_id(verified_id)).delete()
    if not deleted:
        raise VisibleError("not_found")


def find_match(viewer: User, question: str, *, builtin: Planned, catalog: Catalog, clock: datetime) -> Match | None:
    """The verified question that this one is, whatever its accents, slips and politeness; None where its plan does not hold any more.

    `builtin` is what the built-in planner makes of the question: what it refuses for safety stays refused.
    """
    key = make_key(question)
    if not key or builtin.refusal not in (None, "off_topic"):
        return None
    row = _find_same(question, key, catalog=catalog)
    if row is None:
        return None
    plan, planned = resolve(row, catalog=catalog, clock=clock)
    has_no_days = planned is not None and planned.plan.period is None
    if has_no_days or find_gone_names(plan, catalog) or find_contradictions(plan):
        return None
    language = builtin.language
    tenant = get_tenant(viewer)
    return Match(
        plan=plan,
        mark=VerifiedMark(
            id=str(row.id),
            by=row.made_by.name if row.made_by else None,
            on=row.made_at.astimezone(tenant.zone).date().isoformat(),
            timing=row.timing,
            text=say_verified(row, language=language, zone=tenant.zone),
        ),
    )


def find_examples(viewer: User, question: str, *, catalog: Catalog, clock: datetime, limit: int = MOST_EXAMPLES) -> list[PastTurn]:
    """Verified questions with their plans as of now, those most like this one first: examples for a model that plans."""
    check_allowed(viewer, action="ask")
    rows = VerifiedQuestion.objects.annotate(likeness=TrigramSimilarity("key", make_key(question))).order_by("-likeness", "id")[:limit]
    found = [(row, resolve(row, catalog=catalog, clock=clock)[0]) for row in rows]
    return [PastTurn(row.question, plan) for row, plan in found if not find_contradictions(plan)]


def resolve(row: VerifiedQuestion, *, catalog: Catalog, clock: datetime) -> tuple[Plan, Planned | None]:
    """A verified question's plan as of `clock`, and what the built-in planner makes of it now, where that was asked."""
    language: Any = row.language
    timing: Any = row.timing
    plan, given = Plan.from_dict(row.plan), Timing(kind=timing, rule=row.rule)
    return move_plan(plan, given, question=row.question, catalog=catalog, clock=clock, language=language)


def find_gone_names(plan: Plan, catalog: Catalog) -> list[str]:
    """The names of a plan's conditions that the tenant has no more."""
    filters = plan.filters
    # A catalogue holds only the contacts that a question may mean.
    contacts = set(Contact.objects.filter(name__in=filters.contact).values_list("name", flat=True)) if filters.contact else set()
    known = {"agent": catalog.agents, "channel": catalog.channels, "theme": catalog.themes, "contact": contacts}
    return [name for kind, names in known.items() for name in getattr(filters, kind) if name not in names]


def show_verified(row: VerifiedQuestion, *, language: Language) -> Verified:
    """A row for those who lead, in their language."""
    return Verified.model_validate(
        {
            "id": str(row.id),
            "question": row.question,
            "language": row.language,
            "plan": row.plan,
            "as_of": row.as_of,
            "timing": row.timing,
            "days": say_timing(row, language=language),
            "made_by": row.made_by.name if row.made_by else None,
            "made_at": row.made_at,
            "state": row.state,
            "problems": [one | {"text": say_problem(one, language=language)} for one in row.problems],
            "checked_at": row.checked_at,
        }
    )


def find_verified_ids(questions: list[str]) -> dict[str, str]:
    """Question → id of the verified question of the same words, for those that are verified."""
    keys = {make_key(question): question for question in questions}
    rows = VerifiedQuestion.objects.filter(key__in=keys).values_list("key", "id")
    ids = {key: str(row_id) for key, row_id in rows}
    return {question: ids[key] for question in questions if (key := make_key(question)) in ids}


def read_language(viewer: User) -> Language:
    return {"en": "en", "es": "es"}.get(viewer.language, "pt")  # type: ignore[return-value]


def _read_alone(question: str, turn: Turn, plan: Plan, *, catalog: Catalog) -> Planned:
    """What the built-in planner makes of the question by itself. Raises VisibleError where it means nothing, or nothing safe, alone."""
    if plan.intent in EMPTY_INTENTS or plan.period is None:
        raise VisibleError("invalid", field="turn_id", detail=f"intent: {plan.intent}")
    language: Any = turn.language
    planned = plan_question(question, catalog=catalog, clock=turn.as_of, language=language)
    if planned.refusal not in (None, "off_topic"):
        raise VisibleError("invalid", field="question", detail=f"refused: {planned.refusal}")
    if get_shape(planned.plan) == get_shape(plan):
        return planned
    before = Turn.objects.filter(thread_id=turn.thread_id, number__lt=turn.number, plan__isnull=False).order_by("number")
    history = [PastTurn(one.question, Plan.from_dict(one.plan)) for one in before]
    if question != turn.question:
        history.append(PastTurn(turn.question, plan))
    if history and plan_question(question, history=history, catalog=catalog, clock=turn.as_of, language=language).is_follow_up:
        raise VisibleError("not_alone", field="question")
    return planned


def _find_same(question: str, key: str, *, catalog: Catalog) -> VerifiedQuestion | None:
    """The question of the same words, as they are or once slips are corrected. Letters alone would take one name for another."""
    rows = VerifiedQuestion.objects.select_related("made_by").annotate(likeness=TrigramSimilarity("key", key))
    for row in rows.filter(likeness__gte=ALIKE).order_by("-likeness", "id")[:MOST_ALIKE]:
        language: Any = row.language
        if row.key == key:
            return row
        asked, kept = (find_asked_words(text, catalog=catalog, language=language) for text in (question, row.question))
        if asked == kept:
            return row
    return None


def _select(viewer: User, state: str | None) -> Any:
    check_allowed(viewer, action="verify")
    rows = VerifiedQuestion.objects.all()
    return rows.filter(state=state) if state is not None else rows
