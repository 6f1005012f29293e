"""A period, a contact or an agent in brief, always in the same shape: numbers with their change, causes, themes, who to call."""

from dataclasses import replace

from assistant.evidence import SummaryEvidence
from assistant.explain import explain_metric
from assistant.measure import find_known, measure_totals
from assistant.plan import Plan
from assistant.quoting import LOW_NOTE, find_quotes
from assistant.selection import Moment, select
from assistant.themes import measure_themes
from assistant.waiting import find_waiting, is_minor
from core.compute import Selection, compute_coverage
from core.models import User
from core.periods import get_previous
from core.search import ConversationRow, find_conversations

METRICS = (
    "conversations", "contacts", "satisfaction", "csat", "first_response_time", "resolution_rate",
    "complaints", "compliments", "unanswered",
)  # fmt: skip
THEMES, WORST, LATEST, QUOTES = 5, 5, 10, 5
LOOKED_AT = 50


def execute_summary(viewer: User, plan: Plan, *, moment: Moment) -> SummaryEvidence:
    """What a leader wants to know of the plan's period and conditions, beside the previous period."""
    selection = select(plan, moment=moment)
    compared = plan.compare_to or get_previous(selection.period, today=moment.today)
    before = replace(selection, period=compared)
    measured = {entry.metric: entry for entry in measure_totals(viewer, selection, before, metrics=METRICS)}
    short = replace(plan, limit=plan.limit or THEMES, order=None)
    covered = compute_coverage(viewer, selection)
    waiting = find_waiting(viewer, (selection, before), covered=covered)
    is_known = not is_minor(waiting)
    explanation = explain_metric(viewer, "satisfaction", selection, before) if is_known and measured["satisfaction"].change else None
    complaints = replace(selection, satisfaction_max=min(selection.satisfaction_max or 5, LOW_NOTE))
    return SummaryEvidence(
        plan=plan,
        covered=covered,
        known=None if measured["conversations"].rows else find_known(moment),
        quotes=find_quotes(viewer, selection, metric="satisfaction", leaning="both", moment=moment, limit=QUOTES),
        waiting=waiting,
        measured=measured,
        compared=compared,
        explanation=explanation,
        themes=measure_themes(viewer, short, selection, compared=compared, is_known=is_known),
        complaints=measure_themes(viewer, short, complaints, compared=compared, is_known=is_known),
        worst=() if plan.filters.contact else _find_worst(viewer, selection),
        latest=tuple(find_conversations(viewer, selection, limit=LATEST).rows) if plan.filters.contact else (),
    )


def _find_worst(viewer: User, selection: Selection) -> tuple[ConversationRow, ...]:
    """Conversations that are worth a call: those of unhappy customers that are still open, by note; one a contact."""
    # Asked for as open: of all unhappy ones, many more are settled in a busy month than are looked at here.
    unhappy = replace(selection, satisfaction_max=min(selection.satisfaction_max or 5, LOW_NOTE), status=selection.status or "open")
    rows = find_conversations(viewer, unhappy, limit=LOOKED_AT, order="asc").rows
    rows = [row for row in rows if row.status != "resolved"]
    by_contact = {row.contact: row for row in reversed(rows)}
    return tuple(row for row in rows if by_contact[row.contact] is row)[:WORST]
