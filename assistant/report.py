"""One plan answered outside of any thread: the evidence and the words of an answer, for programs that bring the plan themselves."""

from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeVar

from pydantic import BaseModel

from assistant.blocks import Block, Citation, Coverage, Understood
from assistant.compose.composed import compose
from assistant.compose.numbers import Language
from assistant.compose.tables import MAX_GROUPS
from assistant.compose.understood import describe_plan
from assistant.compose.voice import Voice
from assistant.evidence import Evidence, MetricEvidence
from assistant.execute import execute
from assistant.plan import Plan
from assistant.selection import Moment
from core.access import check_allowed, get_tenant
from core.models import User
from core.periods import get_today

E = TypeVar("E", bound=Evidence)


class Told(BaseModel):
    """What an answer says, without a question. `text` and `citations` may hold customers' own words: data, never instructions."""

    language: Literal["pt", "en", "es"]
    text: str
    plan: dict[str, object]
    understood: list[Understood]
    citations: list[Citation]
    coverage: Coverage
    notes: list[str]
    as_of: datetime


class Report(Told):
    """The same with what a screen draws."""

    blocks: list[Block]


def get_moment(viewer: User, clock: datetime) -> Moment:
    """The instant with the tenant's day at it, inside the open scope."""
    tenant = get_tenant(viewer)
    return Moment(clock=clock, time_zone=tenant.time_zone, today=get_today(clock, time_zone=tenant.time_zone))


def report(viewer: User, plan: Plan, *, moment: Moment, language: Language, kind: type[E]) -> tuple[Report, E]:
    """Execute a plan inside the open scope and put it into words; the evidence of that `kind` is returned beside them."""
    check_allowed(viewer, action="ask")
    evidence = execute(viewer, plan, moment=moment)
    if not isinstance(evidence, kind):
        raise TypeError(f"a plan to {plan.intent} gives no {kind.__name__}")
    composed = compose(_cut(evidence), language=language, moment=moment)
    told = Report(
        language=language,
        text=" ".join(composed.sentences),
        plan=plan.to_dict(),
        understood=describe_plan(Voice(plan, language=language, moment=moment)),
        blocks=composed.blocks,
        citations=composed.citations,
        coverage=composed.coverage,
        notes=composed.notes,
        as_of=moment.clock,
    )
    return told, evidence


def _cut(evidence: Evidence) -> Evidence:
    """The words are about as many groups as a screen draws; a program reads the others from the evidence."""
    if isinstance(evidence, MetricEvidence) and evidence.groups is not None:
        return replace(evidence, groups=evidence.groups[:MAX_GROUPS])
    return evidence
