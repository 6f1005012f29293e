"""One conversation, to read what stands behind a number."""

from dataclasses import asdict
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema

from assistant.conversation_summary import ConversationSummary, summarise_conversation
from core.access import get_conversation, is_allowed
from core.conversations import read_conversation
from core.models import Scope, User
from web.api.door import TenantRouter, get_viewer
from web.api.plans import choose_language
from web.api.queries import AnsweredQuery

router = TenantRouter(tags=["conversations"], key_scope=Scope.MESSAGES)


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


class PartOut(Schema):
    """Points that one part of the score gave or took; they add up to `score`. `name` is a word such as mood_at_end."""

    name: str
    points: float


class DecidingOut(Schema):
    """A message that decided the score, and the part by which it did most."""

    message_id: str
    part: str


class MachineOut(Schema):
    """What the analyser said, whatever the customer or a colleague said of it."""

    satisfaction: int
    score: float
    theme: str | None
    is_resolved: bool


class CorrectionOut(Schema):
    """What a person put right; null where they left a thing as it is. `counts`: the company's numbers count it."""

    satisfaction: int | None
    corrects_theme: bool
    theme: str | None
    is_resolved: bool | None
    comment: str
    made_by: str | None
    made_at: datetime
    counts: bool
    is_outdated: bool


class ConversationOut(Schema):
    """`satisfaction`, `theme` and `status` are what numbers count: a correction's where one counts, else the customer's `rating`, else
    the analyser's. `score` is what the analyser said, `parts` what it is made of, `deciding` the messages behind it."""

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
    parts: list[PartOut]
    deciding: list[DecidingOut]
    machine: MachineOut | None
    correction: CorrectionOut | None
    themes: list[str]
    may_correct: bool
    messages: list[MessageOut]


@router.get("/conversations/{conversation_id}", response=ConversationOut)
def conversation(request: HttpRequest, conversation_id: str) -> ConversationOut:
    """A conversation with its messages and what the analyser concluded of them."""
    return show_conversation(get_viewer(request), conversation_id)


@router.get("/conversations/{conversation_id}/summary", response=ConversationSummary)
def conversation_summary(request: HttpRequest, conversation_id: str, query: Query[AnsweredQuery]) -> ConversationSummary:
    """A conversation in brief: who, about what, how content and why, how fast, and where it stands, with what decided its score."""
    viewer = get_viewer(request)
    clock, language = query.as_of or timezone.now(), choose_language(viewer, query.language)
    return summarise_conversation(viewer, conversation_id, clock=clock, language=language)


def show_conversation(viewer: User, conversation_id: str) -> ConversationOut:
    """A conversation as this viewer reads it."""
    found = get_conversation(viewer, conversation_id)
    read = asdict(read_conversation(found, clock=timezone.now()))
    return ConversationOut(**read, may_correct=is_allowed(viewer, action="correct"))
