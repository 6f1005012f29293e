"""Lists to read: messages, and conversations to open."""

from assistant.evidence import ConversationsEvidence, MessagesEvidence
from assistant.measure import find_known
from assistant.plan import Plan
from assistant.quotes import pick_quotes
from assistant.quoting import find_quotes
from assistant.selection import Moment, is_ranked, select
from core.compute import compute_coverage
from core.models import User
from core.search import ConversationRow, Found, MessageRow, find_conversations, find_messages, search_conversations, search_messages

SHOWN = 20
QUOTES = 5


def execute_messages(viewer: User, plan: Plan, *, moment: Moment) -> MessagesEvidence:
    """The messages that a plan means: newest first unless it says otherwise, or those first that are most about its subject."""
    selection = select(plan, moment=moment)
    found = find_message_page(viewer, plan, moment=moment, limit=plan.limit or SHOWN)
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
    found = find_conversation_page(viewer, plan, moment=moment, limit=plan.limit or SHOWN)
    shown = {row.conversation_id for row in found.rows}
    quotes = find_quotes(viewer, selection, metric="conversations", leaning="any", moment=moment, limit=QUOTES) if shown else ()
    return ConversationsEvidence(
        plan=plan,
        covered=compute_coverage(viewer, selection),
        known=None if found.rows else find_known(moment),
        quotes=quotes,
        found=found,
    )


def find_message_page(viewer: User, plan: Plan, *, moment: Moment, limit: int, offset: int = 0) -> Found[MessageRow]:
    """A page of the messages that a plan means, in the order of its answer."""
    selection = select(plan, moment=moment)
    if plan.search is not None and is_ranked(plan):
        return search_messages(viewer, selection, plan.search, limit=limit, offset=offset)
    return find_messages(viewer, selection, limit=limit, offset=offset, order=plan.order)


def find_conversation_page(viewer: User, plan: Plan, *, moment: Moment, limit: int, offset: int = 0) -> Found[ConversationRow]:
    """A page of the conversations that a plan means, in the order of its answer."""
    selection = select(plan, moment=moment)
    if plan.search is not None and is_ranked(plan):
        return search_conversations(viewer, selection, plan.search, limit=limit, offset=offset)
    return find_conversations(viewer, selection, limit=limit, offset=offset, order=plan.order)
