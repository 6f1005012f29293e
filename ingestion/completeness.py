"""What is still missing: conversations that wait for their analysis."""

from django.db.models import Exists, OuterRef

from core.models import Conversation, ConversationAnalysis


def count_waiting() -> int:
    """How many conversations of the open scope have no analysis of what they hold now."""
    current = ConversationAnalysis.objects.filter(conversation=OuterRef("id"), is_current=True, revision=OuterRef("revision"))
    return Conversation.objects.filter(~Exists(current)).count()
