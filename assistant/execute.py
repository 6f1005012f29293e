"""Plan → evidence: each intent has one function that knows which rows to ask for. No word is written here."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from assistant.evidence import Evidence
from assistant.explain import execute_explain
from assistant.measure import execute_metric
from assistant.plan import Plan
from assistant.reading import execute_conversations, execute_messages
from assistant.selection import Moment, is_ranked, select
from assistant.summary import execute_summary
from assistant.themes import execute_themes
from assistant.waiting import find_waiting, lacks_what_waits, needs_analysis
from core.holes import find_holes
from core.models import User
from core.search import embed_ahead, find_versions

EXECUTORS: dict[str, Callable[..., Evidence]] = {
    "metric": execute_metric,
    "explain": execute_explain,
    "themes": execute_themes,
    "messages": execute_messages,
    "conversations": execute_conversations,
    "summary": execute_summary,
}


def embed_ahead_of(viewer: User, plan: Plan) -> AbstractContextManager[None]:
    """Embed what a plan's list searches for before the scope opens in which it is executed: a slow model server holds no transaction."""
    is_searched = plan.intent in ("messages", "conversations") and is_ranked(plan)
    return embed_ahead(str(viewer.tenant_id), plan.search if is_searched else None)


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
    versions = tuple(find_versions(viewer, selections)) if needs_analysis(plan) else ()
    waiting = evidence.waiting
    # Where causes are looked for, what waits was asked before.
    if lacks_what_waits(plan) and plan.intent not in ("explain", "summary", "themes"):
        waiting = find_waiting(viewer, selections, covered=evidence.covered)
    return replace(evidence, holes=holes, versions=versions, waiting=waiting)
