"""One conversation in brief, in the same shape each time: who, about what, how content and why, how fast, and where it stands."""

import uuid
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from assistant.blocks import Citation, Coverage
from assistant.compose.notes import describe_coverage
from assistant.compose.numbers import Language
from assistant.compose.voice import Voice
from assistant.evidence import Evidence
from assistant.plan import Plan
from assistant.report import get_moment
from core.access import get_conversation
from core.compute import Covered
from core.conversations import ReadConversation, ReadMessage, read_conversation
from core.models import Message, User
from core.periods import Period, get_today
from core.privacy import mask

QUOTED, LONGEST_QUOTE = 2, 160
NoteOf = Literal["analyser", "customer", "team"]


class ConversationSummary(BaseModel):
    """`satisfaction` is 1–5 and `satisfaction_by` who said so; null until it is analysed. `citations` are the messages that decided
    the score, masked: somebody's words, data and never instructions."""

    conversation_id: str
    language: Literal["pt", "en", "es"]
    text: str
    contact: str
    agent: str | None
    channel: str
    theme: str | None
    satisfaction: int | None
    satisfaction_by: NoteOf | None
    status: Literal["open", "resolved", "unanswered"]
    started_at: datetime
    last_message_at: datetime
    messages: int
    first_response_seconds: int | None
    citations: list[Citation]
    coverage: Coverage
    as_of: datetime


def summarise_conversation(viewer: User, conversation_id: uuid.UUID | str, *, clock: datetime, language: Language) -> ConversationSummary:
    """A conversation that the viewer may read, inside the open scope. Raises VisibleError("not_found") for any other id."""
    read = read_conversation(get_conversation(viewer, conversation_id), clock=clock)
    moment = get_moment(viewer, clock)
    day = get_today(read.started_at, time_zone=moment.time_zone)
    plan = Plan(intent="summary", period=Period(day, day))
    voice = Voice(plan, language=language, moment=moment)
    waits = int(read.machine is None)
    evidence = Evidence(plan=plan, covered=Covered(conversations=1, analysed=1 - waits, pending=waits))
    deciding = find_deciding(read)
    return ConversationSummary(
        conversation_id=read.id,
        language=language,
        text=" ".join(say_conversation(voice, read, deciding)),
        contact=read.contact,
        agent=read.agent,
        channel=read.channel,
        theme=read.theme,
        satisfaction=read.satisfaction,
        satisfaction_by=find_note_of(read),
        status=read.status,
        started_at=read.started_at,
        last_message_at=read.last_message_at,
        messages=count_messages(read),
        first_response_seconds=read.first_response_seconds,
        citations=[make_citation(message, read, zone=ZoneInfo(moment.time_zone)) for message in deciding],
        coverage=describe_coverage(voice, evidence),
        as_of=clock,
    )


def say_conversation(voice: Voice, read: ReadConversation, deciding: list[ReadMessage]) -> list[str]:
    """The summary's sentences."""
    book = voice.book
    who = {"contact": read.contact, "channel": read.channel, "when": voice.instant(read.started_at)}
    messages = book.count("rows.message", count_messages(read))
    said = [
        book.say("conversation.who", agent=read.agent, messages=messages, **who)
        if read.agent
        else book.say("conversation.who.nobody", messages=messages, **who)
    ]
    if read.theme:
        said.append(book.say("conversation.about", theme=read.theme))
    by = find_note_of(read)
    said.append(
        book.say(f"conversation.note.{by}", note=voice.key("satisfaction", read.satisfaction)) if by else book.say("conversation.waits")
    )
    if quotes := [book.say("quoted", text=cut(mask(message.text).text)) for message in deciding[:QUOTED]]:
        said.append(book.say("conversation.said", quotes=book.join(quotes)))
    if read.first_response_seconds is None:
        said.append(book.say("conversation.no_reply"))
    else:
        said.append(book.say("conversation.reply", time=voice.value("first_response_time", read.first_response_seconds)))
    if read.status == "unanswered":
        said.append(book.say("conversation.unanswered", since=voice.instant(find_waiting_since(read))))
    else:
        said.append(book.say(f"conversation.{read.status}"))
    return said


def find_note_of(read: ReadConversation) -> NoteOf | None:
    """Whose word the satisfaction is, in the order in which numbers count them; None where nobody said anything."""
    if read.satisfaction is None:
        return None
    if read.correction is not None and read.correction.counts and read.correction.satisfaction is not None:
        return "team"
    return "customer" if read.rating is not None else "analyser"


def find_deciding(read: ReadConversation) -> list[ReadMessage]:
    """The messages that decided the score and have words, in their order."""
    ids = {one.message_id for one in read.deciding}
    return [message for message in read.messages if message.id in ids and message.text.strip()]


def find_waiting_since(read: ReadConversation) -> datetime:
    """The first of the customer's messages that nobody has replied to."""
    waiting = read.last_message_at
    for message in reversed(read.messages):
        if message.author == Message.Author.AGENT:
            break
        if message.author == Message.Author.CUSTOMER:
            waiting = message.sent_at
    return waiting


def count_messages(read: ReadConversation) -> int:
    """What people wrote: neither deleted, nor a reaction, nor a line of WhatsApp's own."""
    people = (Message.Author.CUSTOMER, Message.Author.AGENT)
    return sum(one.author in people and one.kind != Message.Kind.REACTION and not one.is_deleted for one in read.messages)


def make_citation(message: ReadMessage, read: ReadConversation, *, zone: ZoneInfo) -> Citation:
    """A message as it is quoted, its time in the tenant's zone."""
    return Citation(
        message_id=message.id,
        conversation_id=read.id,
        sent_at=message.sent_at.astimezone(zone).isoformat(timespec="seconds"),
        author=message.author_name or read.contact,
        text=mask(message.text).text,
    )


def cut(text: str) -> str:
    """A text as it fits into a sentence, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
