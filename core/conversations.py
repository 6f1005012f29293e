"""A conversation as a person reads it: its messages in order, each with what was concluded of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import FilteredRelation, Q

from core.corrections import find_correction
from core.deciding import Deciding, Spoken, find_deciding, list_parts
from core.models import Conversation, ConversationAnalysis, Correction, Message, Theme
from core.search import name_status


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    id: str
    author: str
    author_name: str
    kind: str
    text: str
    attachment: str
    sent_at: datetime
    is_edited: bool
    is_deleted: bool
    sentiment: str | None
    sentiment_score: float | None
    emotion: str | None
    tone: str | None


class _Row(NamedTuple):
    """A message as it is stored, with what is concluded of it now. In the order of _COLUMNS."""

    id: uuid.UUID
    author: str
    contact_name: str | None
    agent_name: str | None
    kind: str
    text: str
    attachment: str
    sent_at: datetime
    is_edited: bool
    is_deleted: bool
    response_seconds: int | None
    sentiment: str | None
    sentiment_score: float | None
    emotion: str | None
    tone: str | None


_COLUMNS = (
    *"id author contact__name agent__name kind text attachment sent_at is_edited is_deleted response_seconds".split(),
    *"felt__sentiment felt__sentiment_score felt__emotion felt__tone".split(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Points that one part of a score gave or took."""

    name: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the analyser said, whatever people said of it. `satisfaction` is its score as a note."""

    satisfaction: int
    score: float
    theme: str | None
    is_resolved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCorrection:
    """What a person put right; None where they left a thing as it is. `is_outdated`: the conversation went on since."""

    satisfaction: int | None
    corrects_theme: bool
    theme: str | None
    is_resolved: bool | None
    comment: str
    made_by: str | None
    made_at: datetime
    counts: bool
    is_outdated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadConversation:
    """`satisfaction`, `theme` and `status` are what numbers count; `machine` and `correction` say whose they are."""

    id: str
    contact: str
    agent: str | None
    channel: str
    theme: str | None
    satisfaction: int | None
    rating: int | None
    score: float | None
    status: str
    started_at: datetime
    last_message_at: datetime
    first_response_seconds: int | None
    analyser: str | None
    analyser_version: str | None
    analysed_at: datetime | None
    parts: list[Part]
    deciding: list[Deciding]
    machine: Machine | None
    correction: ReadCorrection | None
    themes: list[str]
    messages: list[ReadMessage]


def read_conversation(conversation: Conversation, *, clock: datetime) -> ReadConversation:
    """Everything that is known of one conversation, in four queries whatever its length, where it came with its tenant and people."""
    analyses = ConversationAnalysis.objects.select_related("theme").filter(conversation=conversation, is_current=True)
    # There is one at most: asked for without an order, which the query would have to be written and sorted for.
    analysis = next(iter(analyses), None)
    messages = _load_messages(conversation)
    tenant = conversation.tenant
    waits = conversation.waiting_since_at is not None and conversation.waiting_since_at <= clock - tenant.reply_limit
    correction = find_correction(conversation) if analysis else None
    counted = correction if tenant.counts_corrections else None
    return ReadConversation(
        id=str(conversation.id),
        contact=conversation.contact.name,
        agent=conversation.agent.name if conversation.agent else None,
        channel=conversation.channel.name,
        theme=_name_theme(analysis, counted),
        satisfaction=counted.satisfaction if counted and counted.satisfaction else analysis.satisfaction if analysis else None,
        rating=conversation.rating,
        score=analysis.score if analysis else None,
        status=name_status(is_unanswered=waits, is_resolved=_find_resolved(analysis, counted)),
        started_at=conversation.started_at,
        last_message_at=conversation.last_message_at,
        first_response_seconds=conversation.first_response_seconds,
        analyser=analysis.analyser if analysis else None,
        analyser_version=analysis.analyser_version if analysis else None,
        analysed_at=analysis.analysed_at if analysis else None,
        parts=[Part(name=name, points=points) for name, points in list_parts(analysis.parts, score=analysis.score)] if analysis else [],
        deciding=_find_deciding(analysis, messages, rating=conversation.rating) if analysis else [],
        machine=_read_machine(analysis) if analysis else None,
        correction=_read_correction(correction, conversation, counts=tenant.counts_corrections) if correction else None,
        themes=list(Theme.objects.filter(is_active=True).values_list("name", flat=True)),
        messages=[_read(message, conversation) for message in messages],
    )


def _load_messages(conversation: Conversation) -> list[_Row]:
    felt = FilteredRelation("analyses", condition=Q(analyses__is_current=True))
    rows = Message.objects.filter(conversation=conversation).annotate(felt=felt).order_by("sent_at", "position")
    return [_Row(*row) for row in rows.values_list(*_COLUMNS)]


def _name_theme(analysis: ConversationAnalysis | None, counted: Correction | None) -> str | None:
    theme = counted.theme if counted and counted.corrects_theme else analysis.theme if analysis else None
    return theme.name if theme else None


def _find_resolved(analysis: ConversationAnalysis | None, counted: Correction | None) -> bool | None:
    if counted and counted.is_resolved is not None:
        return counted.is_resolved
    return analysis.is_resolved if analysis else None


def _find_deciding(analysis: ConversationAnalysis, messages: list[_Row], *, rating: int | None) -> list[Deciding]:
    spoken = [
        Spoken(
            message_id=str(message.id),
            author=message.author,
            text=message.text,
            score=message.sentiment_score,
            response_seconds=message.response_seconds,
        )
        for message in messages
        if not message.is_deleted and message.kind != Message.Kind.REACTION
    ]
    return find_deciding(analysis.parts, spoken, rating=rating)


def _read_machine(analysis: ConversationAnalysis) -> Machine:
    return Machine(
        satisfaction=int(analysis.score + 0.5),
        score=analysis.score,
        theme=analysis.theme.name if analysis.theme else None,
        is_resolved=analysis.is_resolved,
    )


def _read_correction(correction: Correction, conversation: Conversation, *, counts: bool) -> ReadCorrection:
    return ReadCorrection(
        satisfaction=correction.satisfaction,
        corrects_theme=correction.corrects_theme,
        theme=correction.theme.name if correction.theme else None,
        is_resolved=correction.is_resolved,
        comment=correction.comment,
        made_by=correction.user.name if correction.user else None,
        made_at=correction.made_at,
        counts=counts,
        is_outdated=conversation.revision > correction.revision,
    )


def _read(message: _Row, conversation: Conversation) -> ReadMessage:
    names = {
        Message.Author.CUSTOMER: conversation.contact.name if message.contact_name is None else message.contact_name,
        Message.Author.AGENT: message.agent_name or "",
    }
    return ReadMessage(
        id=str(message.id),
        author=message.author,
        author_name=names.get(Message.Author(message.author), ""),
        kind=message.kind,
        text="" if message.is_deleted else message.text,
        attachment=message.attachment,
        sent_at=message.sent_at,
        is_edited=message.is_edited,
        is_deleted=message.is_deleted,
        sentiment=message.sentiment,
        sentiment_score=message.sentiment_score,
        emotion=message.emotion,
        tone=message.tone,
    )
