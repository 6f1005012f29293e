"""What to analyse, in which batches: conversations whose analysis is missing or older than what they hold.

Those that people last wrote in come first: questions are about what is recent, and a first import need not be read to its
end before they can be answered.

A batch is read in one scope, computed outside of any, and written in another, so that nothing waits for a model. Writing is
idempotent: rows are unique by (message or conversation, analyser, version), and a conversation's analysis names the revision that
it read, so that a worker that dies, or two that meet, cost time and nothing else.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import structlog
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from core import live
from core.ai.roles import (
    ConversationAnalysis as AnalysedConversation,
)
from core.ai.roles import (
    ConversationInput,
    MessageInput,
    ThemeInput,
    Turn,
    Vector,
    VectorAnalyser,
    pad_vector,
)
from core.ai.roles import (
    MessageAnalysis as AnalysedMessage,
)
from core.models import Conversation, ConversationAnalysis, Message, MessageAnalysis, TextVector, Theme
from core.tenancy import scope

log = structlog.get_logger(__name__)

# Conversations read at once: enough to fill the embedder's batches, few enough that screens see progress.
BATCH = 48
# What was said before a message, as the analyser is shown it.
TURNS_BEFORE = 4


@dataclass(slots=True, kw_only=True)
class Batch:
    """Conversations with their messages in order, and what is known already."""

    conversations: Sequence[Conversation]
    messages: dict[uuid.UUID | None, list[Message]]  # by conversation; what has a text and is not deleted, in order
    analysed_texts: dict[uuid.UUID, str]  # message → hash of the text that its current analysis read
    themes: dict[str, Theme]
    known_vectors: dict[str, Vector]


def analyse_waiting(
    tenant_id: uuid.UUID | str, analyser: VectorAnalyser, *, tell_progress: Callable[[int], None] = lambda _done: None
) -> int:
    """Analyse everything that waits in a tenant. Returns how many conversations were analysed; `tell_progress` hears it grow."""
    done = 0
    while (count := analyse_batch(tenant_id, analyser)) > 0:
        done += count
        tell_progress(done)
    return done


def analyse_batch(tenant_id: uuid.UUID | str, analyser: VectorAnalyser) -> int:
    """Analyse the conversations that people last wrote in. Returns how many; 0 where none waits."""
    with scope(tenant_id):
        batch = _read_batch(analyser)
    if not batch.conversations:
        return 0
    new = [message for messages in batch.messages.values() for message in messages if _needs_analysis(message, batch, analyser)]
    found = analyser.analyse_messages([_show_message(message, batch) for message in new], known_vectors=batch.known_vectors)
    vectors = batch.known_vectors | {one.text_hash: one.vector for one in found}
    judged = analyser.analyse_conversations([_show_conversation(one, batch) for one in batch.conversations], known_vectors=vectors)
    with scope(tenant_id):
        _write_vectors(found, batch, analyser)
        _write_messages(new, found, analyser)
        _write_conversations(batch, judged, analyser)
        live.publish("conversations.analysed", {"conversations": len(batch.conversations)})
        log.info("conversations.analysed", conversations=len(batch.conversations), messages=len(new))
    return len(batch.conversations)


def _read_batch(analyser: VectorAnalyser) -> Batch:
    done = ConversationAnalysis.objects.filter(
        conversation=OuterRef("id"),
        is_current=True,
        revision=OuterRef("revision"),
        analyser=analyser.name,
        analyser_version=analyser.version,
    )
    readable = (
        Message.objects.filter(is_deleted=False)
        .exclude(text="")
        .exclude(author=Message.Author.SYSTEM)
        .exclude(kind=Message.Kind.REACTION)  # an emoji under a message says too little to be counted as one
        .order_by("sent_at", "position")
    )
    conversations = list(
        Conversation.objects.filter(~Exists(done))
        .order_by("-last_message_at", "id")
        .prefetch_related(Prefetch("messages", queryset=readable, to_attr="readable"))[:BATCH]
    )
    messages: dict[uuid.UUID | None, list[Message]] = {one.id: one.readable for one in conversations}
    customers = [message for ordered in messages.values() for message in ordered if message.author == Message.Author.CUSTOMER]
    current = MessageAnalysis.objects.filter(
        message__in=customers, is_current=True, analyser=analyser.name, analyser_version=analyser.version
    ).values_list("message_id", "text_hash")
    # What an agent wrote is read for its conversation, so its vector is worth keeping as well.
    hashes = {analyser.hash_text(message.text) for ordered in messages.values() for message in ordered}
    vectors = TextVector.objects.filter(model=analyser.vector_model, text_hash__in=hashes).values_list("text_hash", "vector")
    return Batch(
        conversations=conversations,
        messages=messages,
        analysed_texts=dict(current),
        themes={theme.name: theme for theme in Theme.objects.filter(is_active=True)},
        known_vectors={text_hash: np.asarray(vector, dtype=np.float32)[: analyser.dimensions] for text_hash, vector in vectors},
    )


def _needs_analysis(message: Message, batch: Batch, analyser: VectorAnalyser) -> bool:
    """A customer's message that has no analysis of what it says now: a new one, or one that was edited."""
    return message.author == Message.Author.CUSTOMER and batch.analysed_texts.get(message.id) != analyser.hash_text(message.text)


def _show_message(message: Message, batch: Batch) -> MessageInput:
    ordered = batch.messages[message.conversation_id]
    place = ordered.index(message)
    return MessageInput(text=message.text, before=_show_turns(ordered[max(0, place - TURNS_BEFORE) : place]))


def _show_conversation(conversation: Conversation, batch: Batch) -> ConversationInput:
    ordered = batch.messages[conversation.id]
    waits = [message.response_seconds for message in ordered if message.response_seconds is not None]
    return ConversationInput(
        messages=_show_turns(ordered),
        themes=tuple(ThemeInput(name=theme.name, examples=tuple(theme.examples)) for theme in batch.themes.values()),
        rating=conversation.rating,
        first_response_seconds=conversation.first_response_seconds,
        longest_wait_seconds=max(waits, default=None),
    )


def _show_turns(messages: Sequence[Message]) -> tuple[Turn, ...]:
    return tuple(
        Turn(author="customer" if message.author == Message.Author.CUSTOMER else "agent", text=message.text, at=message.sent_at)
        for message in messages
    )


def _write_vectors(found: Sequence[AnalysedMessage], batch: Batch, analyser: VectorAnalyser) -> None:
    new = {one.text_hash: one.vector for one in found if one.text_hash not in batch.known_vectors}
    TextVector.objects.bulk_create(
        [TextVector(model=analyser.vector_model, text_hash=text_hash, vector=pad_vector(vector)) for text_hash, vector in new.items()],
        ignore_conflicts=True,
    )


def _write_messages(messages: Sequence[Message], found: Sequence[AnalysedMessage], analyser: VectorAnalyser) -> None:
    _retire(MessageAnalysis, analyser, message__in=messages)
    now = timezone.now()
    MessageAnalysis.objects.bulk_create(
        [
            MessageAnalysis(
                message=message,
                analyser=one.analyser,
                analyser_version=one.analyser_version,
                analysed_at=now,
                text_hash=one.text_hash,
                sentiment=one.sentiment,
                sentiment_score=one.sentiment_score,
                emotion=one.emotion,
                tone=one.tone,
            )
            for message, one in zip(messages, found, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["tenant", "message", "analyser", "analyser_version"],
        update_fields=["analysed_at", "is_current", "text_hash", "sentiment", "sentiment_score", "emotion", "tone"],
    )


def _write_conversations(batch: Batch, judged: Sequence[AnalysedConversation], analyser: VectorAnalyser) -> None:
    _retire(ConversationAnalysis, analyser, conversation__in=batch.conversations)
    # A message that was deleted or emptied since says nothing any more.
    gone = MessageAnalysis.objects.filter(message__conversation__in=batch.conversations)
    gone.filter(message__is_deleted=True).delete()
    gone.filter(message__text="").delete()
    now = timezone.now()
    ConversationAnalysis.objects.bulk_create(
        [
            ConversationAnalysis(
                conversation=conversation,
                analyser=one.analyser,
                analyser_version=one.analyser_version,
                analysed_at=now,
                revision=conversation.revision,
                satisfaction=one.satisfaction,
                score=one.score,
                theme=batch.themes[one.theme] if one.theme else None,
                is_resolved=one.is_resolved,
                parts=dict(one.parts),
            )
            for conversation, one in zip(batch.conversations, judged, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["tenant", "conversation", "analyser", "analyser_version"],
        update_fields=["analysed_at", "is_current", "revision", "satisfaction", "score", "theme", "is_resolved", "parts"],
    )


def _retire(model: type[Any], analyser: VectorAnalyser, **of: Any) -> None:
    """What another analyser or version concluded stays, but is current no more."""
    others = model.objects.filter(is_current=True, **of).exclude(analyser=analyser.name, analyser_version=analyser.version)
    others.update(is_current=False)
