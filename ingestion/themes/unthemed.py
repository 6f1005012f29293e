"""The conversations that no theme took, as the search for subjects reads them: masked words and the vectors that are stored already."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from core.ai.embedded.embedder import DIMENSIONS, MODEL
from core.ai.embedded.formulas import is_formula
from core.ai.embedded.messages import hash_masked, normalise_masked
from core.discovery import Told
from core.models import (
    Agent,
    Channel,
    Conversation,
    ConversationAnalysis,
    Correction,
    Message,
    MessageAnalysis,
    Tenant,
    TextVector,
    ThemeProposal,
    VectorSet,
)
from core.privacy import mask
from core.tenancy import get_current_tenant_id
from ingestion.batches import select_readable

WINDOW = timedelta(days=90)
MAX_WAITING = 3000  # of the window's conversations, the newest
MAX_REST = 1500  # conversations with a theme, against which words are weighed
TEXTS, REPLIES = 8, 8  # of one conversation, the first that tell something
CHARACTERS = 600  # of one text
PAGE = 500


def select_unthemed() -> QuerySet[Conversation]:
    """The open scope's conversations whose current analysis found no theme, and for which no person named one."""
    analysed = ConversationAnalysis.objects.filter(conversation=OuterRef("id"), is_current=True, theme__isnull=True)
    named = Correction.objects.filter(conversation=OuterRef("id"), undone_at__isnull=True, corrects_theme=True, theme__isnull=False)
    return Conversation.objects.filter(Exists(analysed), ~Exists(named))


def select_unseen() -> QuerySet[Conversation]:
    """The open scope's conversations with a current analysis of whose theme no person has decided.

    Deciding is to correct it, or to approve a proposal with the conversation in it, as long as that theme is in use.
    """
    analysed = ConversationAnalysis.objects.filter(conversation=OuterRef("id"), is_current=True)
    named = Correction.objects.filter(conversation=OuterRef("id"), undone_at__isnull=True, corrects_theme=True)
    approved = ThemeProposal.objects.filter(theme__is_active=True).values_list("conversation_ids", flat=True)
    seen = {one for ids in approved for one in ids}
    return Conversation.objects.filter(Exists(analysed), ~Exists(named)).exclude(id__in=seen)


def find_unthemed(*, now: datetime) -> list[Conversation]:
    """Those of the window, the newest first, MAX_WAITING at most."""
    return list(select_unthemed().filter(started_at__gte=now - WINDOW).order_by("-started_at", "id")[:MAX_WAITING])


def find_themed(*, now: datetime) -> list[Conversation]:
    """The newest conversations of the window that have a theme, MAX_REST at most."""
    analysed = ConversationAnalysis.objects.filter(conversation=OuterRef("id"), is_current=True, theme__isnull=False)
    window = Conversation.objects.filter(Exists(analysed), started_at__gte=now - WINDOW)
    return list(window.order_by("-started_at", "id")[:MAX_REST])


def find_by_ids(ids: Iterable[uuid.UUID]) -> list[Conversation]:
    """These conversations, as many as there are still, in the order of `ids`."""
    wanted = list(dict.fromkeys(ids))
    found = Conversation.objects.in_bulk(wanted)
    return [found[one] for one in wanted if one in found]


def read_told(conversations: Sequence[Conversation], *, with_vectors: bool = True) -> list[Told]:
    """What these conversations tell, in their order. With vectors: those alone in which a text that tells something has one."""
    told: list[Told] = []
    model, dimensions = get_vector_model()
    for start in range(0, len(conversations), PAGE):
        page = conversations[start : start + PAGE]
        messages: dict[uuid.UUID | None, list[Message]] = {}
        for message in select_readable().filter(conversation__in=[one.id for one in page]):
            messages.setdefault(message.conversation_id, []).append(message)
        vectors = _find_vectors(page, model, dimensions) if with_vectors else None
        told += [one for one in (_tell(conversation, messages.get(conversation.id, []), vectors) for conversation in page) if one]
    return told


def get_vector_model() -> tuple[str, int | None]:
    """The vectors that the open scope's searches use, and how many of their numbers count; None: all that are stored."""
    used = VectorSet.objects.filter(is_used=True).values_list("model", flat=True).first()
    return (used, None) if used else (MODEL, DIMENSIONS)


def find_hidden_words() -> set[str]:
    """Words that never name a subject: the names of the tenant, of its channels and of those who reply for it."""
    names = [Tenant.objects.get(id=get_current_tenant_id()).name]
    names += [*Agent.objects.values_list("name", flat=True), *Channel.objects.values_list("name", flat=True)]
    return {word.lower() for name in names for word in name.split()}


def _find_vectors(page: Sequence[Conversation], model: str, dimensions: int | None) -> dict[str, Any]:
    analysed = MessageAnalysis.objects.filter(is_current=True, message__conversation__in=[one.id for one in page])
    rows = TextVector.objects.filter(model=model, text_hash__in=analysed.values("text_hash"))
    return {
        text_hash: np.asarray(vector.to_numpy() if hasattr(vector, "to_numpy") else vector, dtype=np.float32)[:dimensions]
        for text_hash, vector in rows.values_list("text_hash", "vector")
    }


def _tell(conversation: Conversation, messages: Sequence[Message], vectors: dict[str, Any] | None) -> Told | None:
    texts: list[str] = []
    replies: list[str] = []
    ids: list[uuid.UUID] = []
    rows: list[Any] = []
    for message in messages:
        is_customer = message.author == Message.Author.CUSTOMER
        if len(texts if is_customer else replies) >= (TEXTS if is_customer else REPLIES):
            continue
        masked = mask(message.text[:CHARACTERS]).text if not is_customer else mask(message.text).text
        text = normalise_masked(masked)
        if not is_customer:
            replies.append(text)
        elif not is_formula(text):
            # Found by what the message says now: the vector of an edited one's old text is not its own.
            vector = vectors.get(hash_masked(masked)) if vectors is not None else None
            if vectors is None or vector is not None:
                texts.append(text[:CHARACTERS])
                ids.append(message.id)
                rows.append(vector)
    if not texts:
        return None
    return Told(
        id=conversation.id,
        customer=conversation.contact_id,
        texts=tuple(texts),
        vectors=np.stack(rows) if vectors is not None else np.zeros((0, 0), dtype=np.float32),
        message_ids=tuple(ids),
        replies=tuple(replies),
    )
