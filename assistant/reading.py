"""Lists to read: messages, and conversations to open."""

from assistant.evidence import ConversationsEvidence, MessagesEvidence
from assistant.measure import find_known
from assistant.plan import Plan
from assistant.quotes import pick_quotes
from assistant.quoting import find_quotes
from assistant.selection import Moment, is_ranked, select
from core.compute import Selection, compute_coverage
from core.models import User
from core.search import ConversationRow, Found, MessageRow, find_conversations, find_messages, search_conversations, search_messages

SHOWN = 20
QUOTES = 5


def execute_messages(viewer: User, plan: Plan, *, moment: Moment) -> MessagesEvidence:
    """The messages that a plan means: newest first unless it says otherwise, or those first that are most about its subject."""
    selection = select(plan, moment=moment)
    found = _find_messages(viewer, plan, selection)
    written = [row for row in found.rows if row.author == "customer"]
    return MessagesEvidence(
        plan=plan,
        covered=compute_coverage(viewer, selection),
        known=None if found.rows else find_known(moment),
        quotes=pick_quotes(written, limit=QUOTES),
        found=found,
    )


def execute_conversations(viewer: User, plan: Plan, *, moment: Moment) -> ConversationsEvidence:
    """The conversations that a plan means: newest first, or those that wait longest, by note, or most about its subject."""
    selection = select(plan, moment=moment)
    found = _find_conversations(viewer, plan, selection)
    shown = {row.conversation_id for row in found.rows}
    quotes = find_quotes(viewer, selection, metric="conversations", leaning="any", moment=moment, limit=QUOTES) if shown else ()
    return ConversationsEvidence(
        plan=plan,
        covered=compute_coverage(viewer, selection),
        known=None if found.rows else find_known(moment),
        quotes=quotes,
        found=found,
    )


def _find_messages(viewer: User, plan: Plan, selection: Selection) -> Found[MessageRow]:
    limit = plan.limit or SHOWN
    if plan.search is not None and is_ranked(plan):
        return search_messages(viewer, selection, plan.search, limit=limit)
    return find_messages(viewer, selection, limit=limit, order=plan.order)


def _find_conversations(viewer: User, plan: Plan, selection: Selection) -> Found[ConversationRow]:
    limit = plan.limit or SHOWN
    if plan.search is not None and is_ranked(plan):
        return search_conversations(viewer, selection, plan.search, limit=limit)
    return find_conversations(viewer, selection, limit=limit, order=plan.order)
