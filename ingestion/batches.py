"""What to analyse next, and how an analyser is shown it: whose turn it is, which conversations, what is known of them already.

A conversation waits while nothing current says what it holds now. Which version of which analyser said so does not matter here:
history is read again by another version as a re-scoring (ingestion/rescore.py), never by the way.

Inside a tenant the backlog is drained oldest first, save for a third of each turn: that goes to conversations of the last day, the
newest first, so that a question about today can be answered while a long history is still being read. Between tenants turns go
round, conversation by conversation: who has three waiting is done in the first round, whoever else has a million.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from core.ai.roles import ConversationInput, CorrectedTheme, MessageInput, ThemeInput, Turn, Vector, VectorAnalyser
from core.models import Conversation, ConversationAnalysis, Message, MessageAnalysis, TextVector, Theme
from ingestion.corrected import read_corrected

# Conversations read at once: enough to fill the embedder's batches, few enough that screens see progress.
BATCH = 48
# Of these, how many may be such as people wrote in within the last hours.
LIVE, LIVE_HOURS = 16, 24
# What was said before a message, as the analyser is shown it.
TURNS_BEFORE = 4

Tenant = TypeVar("Tenant")
Item = TypeVar("Item")


@dataclass(slots=True, kw_only=True)
class Batch:
    """Conversations with their messages in order, and what is known already."""

    conversations: Sequence[Conversation]
    messages: dict[uuid.UUID | None, list[Message]]  # by conversation; what has a text and is not deleted, in order
    new: list[Message]  # the customers' messages that have no analysis of what they say now
    themes: dict[str, Theme]
    known_vectors: dict[str, Vector]
    places: dict[uuid.UUID, int] = field(default_factory=dict)  # message → its place in its conversation
    corrected: Sequence[tuple[uuid.UUID, CorrectedTheme]] = ()  # conversation → what a person put right of its theme

    def show_messages(self) -> list[MessageInput]:
        """The new messages, each with what was said before it."""
        return [self._show_message(message) for message in self.new]

    def show_conversations(self) -> list[ConversationInput]:
        """The conversations, whole."""
        return [self._show_conversation(conversation) for conversation in self.conversations]

    def _show_message(self, message: Message) -> MessageInput:
        ordered, place = self.messages[message.conversation_id], self.places[message.id]
        return MessageInput(text=message.text, before=_show_turns(ordered[max(0, place - TURNS_BEFORE) : place]), at=message.sent_at)

    def _show_conversation(self, conversation: Conversation) -> ConversationInput:
        ordered = self.messages[conversation.id]
        waits = [message.response_seconds for message in ordered if message.response_seconds is not None]
        return ConversationInput(
            messages=_show_turns(ordered),
            themes=tuple(ThemeInput(name=theme.name, examples=tuple(theme.examples)) for theme in self.themes.values()),
            # What was said of a conversation itself is no evidence of how well it is understood.
            corrected=tuple(one for conversation_id, one in self.corrected if conversation_id != conversation.id),
            rating=conversation.rating,
            first_response_seconds=conversation.first_response_seconds,
            longest_wait_seconds=max(waits, default=None),
        )


def deal(waiting: Mapping[Tenant, Sequence[Item]], *, size: int) -> dict[Tenant, list[Item]]:
    """Share out one batch of `size` among those who wait, one each in turn, each one's in their order; who gets none is left out."""
    dealt: dict[Tenant, list[Item]] = {}
    left = {tenant: list(items) for tenant, items in waiting.items()}
    while size > 0 and any(left.values()):
        for tenant, items in left.items():
            if items and size > 0:
                dealt.setdefault(tenant, []).append(items.pop(0))
                size -= 1
    return dealt


def find_waiting(*, limit: int = BATCH, now: datetime | None = None) -> list[uuid.UUID]:
    """Conversations of the open scope that are next: up to a third live ones, newest first, then the oldest of all that wait."""
    waiting = select_waiting()
    since = (now or timezone.now()) - timedelta(hours=LIVE_HOURS)
    live = waiting.filter(last_message_at__gte=since).order_by("-last_message_at", "id").values_list("id", flat=True)
    first = list(live[: max(1, limit * LIVE // BATCH)])
    oldest = waiting.exclude(id__in=first).order_by("last_message_at", "id").values_list("id", flat=True)
    return first + list(oldest[: limit - len(first)])


def select_waiting() -> QuerySet[Conversation]:
    """The conversations of the open scope of which nothing current says what they hold now."""
    current = ConversationAnalysis.objects.filter(conversation=OuterRef("id"), is_current=True, revision=OuterRef("revision"))
    return Conversation.objects.filter(~Exists(current))


def read_batch(conversation_ids: Sequence[uuid.UUID], analyser: VectorAnalyser, *, version: tuple[str, str] | None = None) -> Batch:
    """Read these conversations, in this order, with what is known of them.

    A message is new that has no current analysis of what it says, or none by `version` (analyser, version) where one is given.
    """
    found = Conversation.objects.filter(id__in=conversation_ids).prefetch_related(
        Prefetch("messages", queryset=select_readable(), to_attr="readable")
    )
    by_id = {one.id: one for one in found}
    conversations = [by_id[one] for one in conversation_ids if one in by_id]
    messages: dict[uuid.UUID | None, list[Message]] = {one.id: one.readable for one in conversations}
    customers = [message for ordered in messages.values() for message in ordered if message.author == Message.Author.CUSTOMER]
    themes = {theme.name: theme for theme in Theme.objects.filter(is_active=True)}
    corrected = read_corrected(themes) if themes else []
    # What an agent wrote is read for its conversation, so its vector is worth keeping as well.
    texts = {message.text for ordered in messages.values() for message in ordered} | {text for _, one in corrected for text in one.texts}
    hash_of = {text: analyser.hash_text(text) for text in texts}
    vectors = TextVector.objects.filter(model=analyser.vector_model, text_hash__in=set(hash_of.values()))
    analysed = find_analysed_texts(customers, version=version)
    return Batch(
        conversations=conversations,
        messages=messages,
        new=[message for message in customers if analysed.get(message.id) != hash_of[message.text]],
        themes=themes,
        known_vectors={
            text_hash: np.asarray(vector, dtype=np.float32)[: analyser.dimensions]
            for text_hash, vector in vectors.values_list("text_hash", "vector")
        },
        places={message.id: place for ordered in messages.values() for place, message in enumerate(ordered)},
        corrected=corrected,
    )


def select_readable() -> QuerySet[Message]:
    """The messages that an analyser reads, in their order."""
    return (
        Message.objects.filter(is_deleted=False)
        .exclude(text="")
        .exclude(author=Message.Author.SYSTEM)
        .exclude(kind=Message.Kind.REACTION)  # an emoji under a message says too little to be counted as one
        .order_by("sent_at", "position")
    )


def find_analysed_texts(messages: Sequence[Message], *, version: tuple[str, str] | None = None) -> dict[uuid.UUID, str]:
    """Message → hash of the text that its current analysis read, or its analysis by a version."""
    rows = MessageAnalysis.objects.filter(message__in=[message.id for message in messages])
    rows = rows.filter(is_current=True) if version is None else rows.filter(analyser=version[0], analyser_version=version[1])
    return dict(rows.values_list("message_id", "text_hash"))


def _show_turns(messages: Sequence[Message]) -> tuple[Turn, ...]:
    return tuple(
        Turn(author="customer" if message.author == Message.Author.CUSTOMER else "agent", text=message.text, at=message.sent_at)
        for message in messages
    )
