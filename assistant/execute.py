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
from core.search import find_versions

# What is counted or timed without an analyser, and what only an analyser knows.
CONCLUDED_NOTHING = frozenset({"conversations", "contacts", "messages", "unanswered", "first_response_time", "response_time"})
CONCLUDED = frozenset({"theme", "sentiment", "emotion", "tone", "satisfaction"})

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
    if plan.period is None:
        return evidence
    selections = [select(plan, moment=moment)]
    holes = find_holes(viewer, selections[0])
    compared = plan.compare_to or getattr(evidence, "compared", None)
    if compared is not None:
        selections.append(select(plan, moment=moment, period=compared))
    return replace(evidence, holes=holes, versions=tuple(find_versions(viewer, selections)) if needs_analysis(plan) else ())


def needs_analysis(plan: Plan) -> bool:
    """Whether an answer to this plan shows or selects by anything that an analyser concluded."""
    filters = plan.filters.to_dict()
    selects = not CONCLUDED.isdisjoint(filters) or filters.get("status") in ("open", "resolved")
    measures = plan.intent not in ("metric", "explain") or not CONCLUDED_NOTHING.issuperset(plan.metrics)
    return selects or measures or plan.group_by in CONCLUDED
