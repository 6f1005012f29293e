"""Says that conversations were analysed, for the webhooks that asked to be told: figures and ids, none of the customer's words."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from core.domain_events import Happened, find_listeners, record
from core.models import ConversationAnalysis, EventKind

# What is read of an older conversation is history (an import, a new version of the analyser) and no news.
NEWS_FOR = timedelta(days=2)


def announce_analysed(conversation_ids: Sequence[uuid.UUID]) -> int:
    """Record what was concluded of these conversations, once for each of their revisions. Returns how many were news.

    Inside the open scope and the transaction of the analyses. One query where nobody listens.
    """
    endpoints = find_listeners(EventKind.ANALYSED)
    if not endpoints:
        return 0
    rows = ConversationAnalysis.objects.filter(
        is_current=True, conversation__in=conversation_ids, conversation__last_message_at__gt=timezone.now() - NEWS_FOR
    ).select_related("conversation__channel", "conversation__agent", "theme")
    return record(
        EventKind.ANALYSED, [Happened(f"{row.conversation_id}:{row.revision}", _describe(row)) for row in rows], endpoints=endpoints
    )


def _describe(row: ConversationAnalysis) -> dict[str, object]:
    conversation = row.conversation
    return {
        "conversation_id": str(conversation.id),
        "revision": row.revision,
        "channel": conversation.channel.name,
        "agent": conversation.agent.name if conversation.agent else None,
        "started_at": conversation.started_at.isoformat(),
        "last_message_at": conversation.last_message_at.isoformat(),
        "satisfaction": row.satisfaction,
        "theme": row.theme.name if row.theme else None,
        "is_resolved": row.is_resolved,
        "analyser": row.analyser,
        "analyser_version": row.analyser_version,
    }
