"""From which part on conversations that still wait for their analysis change what an answer says, and which answers they touch.

Where messages are read as they come, the newest conversations always wait: one or two of a small shop's week are told by the receipt.
From 15 % on it is no longer a matter of minutes, and it shows: were those that wait a whole grade apart from the others, they would move
a mean grade by 0.15, and CSAT, any other share and any count by up to 15 %, which people call a change. A cause is looked for only
where at least half of each period is analysed: drivers of less are those of whatever was read first.
"""

from collections.abc import Sequence

from assistant.evidence import Waiting
from assistant.plan import Plan
from core.compute import Covered, Selection, compute_coverage
from core.models import User

CONSIDERABLE = 0.15  # the part of a period's conversations that waits, from which on an answer says so first
ENOUGH = 0.5  # the part that has to be analysed for a cause to be looked for

# What is counted or timed without an analyser, and what only an analyser knows.
CONCLUDED_NOTHING = frozenset({"conversations", "contacts", "messages", "unanswered", "first_response_time", "response_time"})
CONCLUDED = frozenset({"theme", "sentiment", "emotion", "tone", "satisfaction"})


def needs_analysis(plan: Plan) -> bool:
    """Whether an answer to this plan shows or selects by anything that an analyser concluded."""
    measures = plan.intent not in ("metric", "explain") or not CONCLUDED_NOTHING.issuperset(plan.metrics)
    return measures or selects_by_analysis(plan) or plan.group_by in CONCLUDED


def selects_by_analysis(plan: Plan) -> bool:
    """Whether the plan's conditions hold only for what is analysed."""
    filters = plan.filters.to_dict()
    return not CONCLUDED.isdisjoint(filters) or filters.get("status") in ("open", "resolved")


def lacks_what_waits(plan: Plan) -> bool:
    """Whether what waits is missing in this plan's answer. A list of the newest holds all, one by note or by subject does not."""
    if plan.intent in ("messages", "conversations"):
        by_note = plan.intent == "conversations" and plan.order is not None and plan.filters.status != "unanswered"
        return selects_by_analysis(plan) or plan.search is not None or by_note
    return needs_analysis(plan)


def find_waiting(viewer: User, selections: Sequence[Selection], *, covered: Covered | None = None) -> tuple[Waiting, ...]:
    """The periods of which a considerable part waits, in the order given. `covered` is the first one's coverage where it is known."""
    found = []
    for place, selection in enumerate(selections):
        counted = covered if covered is not None and place == 0 else compute_coverage(viewer, selection)
        if counted.pending and counted.pending >= CONSIDERABLE * counted.conversations:
            found.append(Waiting(period=selection.period, covered=counted))
    return tuple(found)


def is_minor(waiting: Sequence[Waiting]) -> bool:
    """Whether less than half of a period is analysed: too little to say why anything is so."""
    return any(one.covered.analysed < ENOUGH * one.covered.conversations for one in waiting)
