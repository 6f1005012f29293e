"""What finding gives: a message or a conversation as one row of a list, and how many there are in all.

Texts are masked here: what is found becomes quotes of answers, which are kept and sent on. Whoever may read the conversation itself
sees there what was written.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from core.privacy import mask

T = TypeVar("T")
# By which road a search found a row: it has the words, or it says something near.
FoundBy = Literal["words", "meaning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """The first rows of what was found, and how many there are in all.

    A search counts in `total` what has its words, nothing else. `near` of the `rows` have them not and mean something near.
    """

    total: int
    rows: list[T]
    near: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The message right before or right after another one in its conversation."""

    message_id: str
    sent_at: datetime
    author: str  # customer or agent
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message to read. What a search found says by which road, and comes with its neighbours."""

    message_id: str
    conversation_id: str
    sent_at: datetime
    author: str  # customer or agent
    author_name: str
    contact: str
    agent: str | None
    channel: str
    text: str
    sentiment: str | None
    sentiment_score: float | None
    emotion: str | None
    tone: str | None
    satisfaction: int | None
    theme: str | None
    found_by: FoundBy | None = None
    before: Neighbour | None = None
    after: Neighbour | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """`excerpt` is the customer's last text, or the one that a search found; `status` is open, resolved or unanswered."""

    conversation_id: str
    contact: str
    agent: str | None
    channel: str
    theme: str | None
    satisfaction: int | None
    rating: int | None
    status: str
    started_at: datetime
    last_message_at: datetime
    message_count: int
    first_response_seconds: int | None
    excerpt: str
    found_by: FoundBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCount:
    """How many conversations one version of an analyser concluded on."""

    analyser: str
    version: str
    conversations: int


def name_status(*, is_unanswered: bool, is_resolved: bool | None) -> str:
    """The one word for where a conversation stands."""
    if is_unanswered:
        return "unanswered"
    return "resolved" if is_resolved else "open"


def read_message(row: dict[str, Any]) -> MessageRow:
    """A row of SQL as a message."""
    return MessageRow(
        message_id=str(row["message_id"]),
        conversation_id=str(row["conversation_id"]),
        sent_at=row["sent_at"],
        author=row["author"],
        author_name=row["author_name"],
        contact=row["contact_name"],
        agent=row["agent_name"],
        channel=row["channel_name"],
        text=mask(row["text"]).text,
        sentiment=row["sentiment"],
        sentiment_score=row["sentiment_score"],
        emotion=row["emotion"],
        tone=row["tone"],
        satisfaction=row["satisfaction"],
        theme=row["theme_name"],
        found_by=read_found_by(row),
        before=_read_neighbour(row, "before"),
        after=_read_neighbour(row, "after"),
    )


def read_conversation(row: dict[str, Any]) -> ConversationRow:
    """A row of SQL as a conversation."""
    return ConversationRow(
        conversation_id=str(row["conversation_id"]),
        contact=row["contact_name"],
        agent=row["agent_name"],
        channel=row["channel_name"],
        theme=row["theme_name"],
        satisfaction=row["satisfaction"],
        rating=row["rating"],
        status=name_status(is_unanswered=row["is_unanswered"], is_resolved=row["is_resolved"]),
        started_at=row["started_at"],
        last_message_at=row["last_message_at"],
        message_count=row["message_count"],
        first_response_seconds=row["first_response_seconds"],
        excerpt=mask(row["excerpt"] or "").text,
        found_by=read_found_by(row),
    )


def read_found_by(row: dict[str, Any]) -> FoundBy | None:
    """By which road a search found a row; None where nothing was searched for."""
    if "has_words" not in row:
        return None
    return "words" if row["has_words"] else "meaning"


def _read_neighbour(row: dict[str, Any], side: str) -> Neighbour | None:
    if row.get(f"{side}_id") is None:
        return None
    return Neighbour(
        message_id=str(row[f"{side}_id"]),
        sent_at=row[f"{side}_sent_at"],
        author=row[f"{side}_author"],
        text=mask(row[f"{side}_text"]).text,
    )
