"""One conversation, to read what stands behind a number."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema

from core.access import get_conversation
from core.conversations import read_conversation
from web.api.door import TenantRouter, get_viewer

router = TenantRouter(tags=["conversations"])


class MessageOut(Schema):
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


class ConversationOut(Schema):
    """`satisfaction` is the note that metrics count; `rating` what the customer typed; `score` what the analyser said."""

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
    messages: list[MessageOut]


@router.get("/conversations/{conversation_id}", response=ConversationOut)
def conversation(request: HttpRequest, conversation_id: str) -> ConversationOut:
    """A conversation with its messages and what the analyser concluded of them."""
    found = get_conversation(get_viewer(request), conversation_id)
    return ConversationOut.model_validate(read_conversation(found, clock=timezone.now()), from_attributes=True)
