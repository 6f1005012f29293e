"""A conversation as a person reads it: its messages in order, each with what was concluded of it."""

from dataclasses import dataclass
from datetime import datetime

from core.models import Conversation, ConversationAnalysis, Message, MessageAnalysis, Tenant
from core.search import name_status
from core.tenancy import get_current_tenant_id


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadConversation:
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
    messages: list[ReadMessage]


def read_conversation(conversation: Conversation, *, clock: datetime) -> ReadConversation:
    """Everything that is known of one conversation, in three queries whatever its length."""
    analysis = ConversationAnalysis.objects.select_related("theme").filter(conversation=conversation, is_current=True).first()
    felt = {row.message_id: row for row in MessageAnalysis.objects.filter(message__conversation=conversation, is_current=True)}
    messages = Message.objects.filter(conversation=conversation).select_related("agent", "contact").order_by("sent_at", "position")
    limit = Tenant.objects.get(id=get_current_tenant_id()).reply_limit
    waits = conversation.waiting_since_at is not None and conversation.waiting_since_at <= clock - limit
    return ReadConversation(
        id=str(conversation.id),
        contact=conversation.contact.name,
        agent=conversation.agent.name if conversation.agent else None,
        channel=conversation.channel.name,
        theme=analysis.theme.name if analysis and analysis.theme else None,
        satisfaction=analysis.satisfaction if analysis else None,
        rating=conversation.rating,
        score=analysis.score if analysis else None,
        status=name_status(is_unanswered=waits, is_resolved=analysis.is_resolved if analysis else None),
        started_at=conversation.started_at,
        last_message_at=conversation.last_message_at,
        first_response_seconds=conversation.first_response_seconds,
        analyser=analysis.analyser if analysis else None,
        analyser_version=analysis.analyser_version if analysis else None,
        analysed_at=analysis.analysed_at if analysis else None,
        messages=[_read(message, felt.get(message.id), conversation) for message in messages],
    )


def _read(message: Message, felt: MessageAnalysis | None, conversation: Conversation) -> ReadMessage:
    names = {
        Message.Author.CUSTOMER: message.contact.name if message.contact else conversation.contact.name,
        Message.Author.AGENT: message.agent.name if message.agent else "",
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
        sentiment=felt.sentiment if felt else None,
        sentiment_score=felt.sentiment_score if felt else None,
        emotion=felt.emotion if felt else None,
        tone=felt.tone if felt else None,
    )
