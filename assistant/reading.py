"""Lists to read: messages, and conversations to open."""

from assistant.evidence import ConversationsEvidence, MessagesEvidence
from assistant.measure import find_known
from assistant.plan import Plan
from assistant.quotes import pick_quotes
from assistant.quoting import find_quotes
from assistant.selection import Moment, select
from core.compute import compute_coverage
from core.models import User
from core.search import find_conversations, find_messages

SHOWN = 20
QUOTES = 5


def execute_messages(viewer: User, plan: Plan, *, moment: Moment) -> MessagesEvidence:
    """The messages that a plan means, newest first unless it says otherwise."""
    selection = select(plan, moment=moment)
    found = find_messages(viewer, selection, limit=plan.limit or SHOWN, order=plan.order)
    written = [row for row in found.rows if row.author == "customer"]
    return MessagesEvidence(
        plan=plan,
        covered=compute_coverage(viewer, selection),
        known=None if found.total else find_known(moment),
        quotes=pick_quotes(written, limit=QUOTES),
        found=found,
    )


def execute_conversations(viewer: User, plan: Plan, *, moment: Moment) -> ConversationsEvidence:
    """The conversations that a plan means: newest first, or those that wait longest, or by note."""
    selection = select(plan, moment=moment)
    found = find_conversations(viewer, selection, limit=plan.limit or SHOWN, order=plan.order)
    shown = {row.conversation_id for row in found.rows}
    quotes = find_quotes(viewer, selection, metric="conversations", leaning="any", moment=moment, limit=QUOTES) if shown else ()
    return ConversationsEvidence(
        plan=plan,
        covered=compute_coverage(viewer, selection),
        known=None if found.total else find_known(moment),
        quotes=quotes,
        found=found,
    )
