"""Plan → evidence: each intent has one function that knows which rows to ask for. No word is written here."""

from collections.abc import Callable
from dataclasses import replace

from assistant.evidence import Evidence
from assistant.explain import execute_explain
from assistant.measure import execute_metric
from assistant.plan import Plan
from assistant.reading import execute_conversations, execute_messages
from assistant.selection import Moment, select
from assistant.summary import execute_summary
from assistant.themes import execute_themes
from core.holes import find_holes
from core.models import User

EXECUTORS: dict[str, Callable[..., Evidence]] = {
    "metric": execute_metric,
    "explain": execute_explain,
    "themes": execute_themes,
    "messages": execute_messages,
    "conversations": execute_conversations,
    "summary": execute_summary,
}


def execute(viewer: User, plan: Plan, *, moment: Moment) -> Evidence:
    """What the viewer's tenant knows about a plan, inside its open scope. Help, clarify and refuse look at no row: see talk.py."""
    evidence = EXECUTORS[plan.intent](viewer, plan, moment=moment)
    return evidence if plan.period is None else replace(evidence, holes=find_holes(viewer, select(plan, moment=moment)))
