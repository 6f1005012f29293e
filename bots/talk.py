"""What one message of a tenant's own person means, and what is replied: a number, a word such as "parar", or a question."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from assistant import answer
from assistant.blocks import Answer, Block
from assistant.compose.numbers import Language
from assistant.kept import look_up
from assistant.models import Turn
from assistant.starters import find_starters
from bots.branch import find_branch
from bots.chart import choose_block, draw_answer
from bots.drill import show_channel, show_conversation
from bots.lists import show_more
from bots.markup import find_first_name, neutralise
from bots.models import BotTalk
from bots.shape import Shaped, Step, find_today, list_conversation_steps, shape_answer, shape_messages, write_steps
from bots.words import COMMANDS, say
from core.access import ASK, get_tenant
from core.errors import VisibleError
from core.limits import check_question_rate
from core.models import OutgoingMessage, SupervisorMessage, User

log = structlog.get_logger(__name__)

# After so long a silence a question begins another subject.
SUBJECT_LASTS = timedelta(hours=12)
STARTERS = 3
LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")
_SPOKEN = re.compile(r"^\[audio\]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back. `choices` are what numbers mean from now on; None: what they meant before."""

    text: str
    choices: dict[str, dict[str, Any]] | None = None
    picture: bytes | None = None


def reply_to(message: SupervisorMessage, talk: BotTalk, viewer: User, *, now: datetime, has_pictures: bool) -> Reply | None:
    """The reply to a message, None where none is due. Inside the open scope; changes `talk`, which the caller locked and saves.

    `has_pictures` says whether a chart can be sent. Never raises VisibleError: such an error is the reply.
    """
    language = read_language(viewer)
    if message.kind == "reaction":
        return None
    if viewer.role not in ASK:
        return Reply(say("greeting.operator", language, name=find_first_name(viewer.name, language)))
    text = _SPOKEN.sub("", message.text).strip()
    if not text:
        return Reply(say("write_please" if message.kind == "audio" else "only_text", language))
    folded = fold(text)
    if re.fullmatch(r"[1-9]", folded):
        plan = _find_choice(message, talk, folded)
        if plan is None:
            return Reply(say("no_choice", language, number=folded))
        return _try(lambda: _do(plan, talk, viewer, now=now, has_pictures=has_pictures), language)
    command = next((name for name, words in COMMANDS.items() if folded in words), None)
    if command is not None:
        return _obey(command, talk, viewer, language)
    return _try(lambda: _ask(text, talk, viewer, now=now, has_pictures=has_pictures), language)


def greet(viewer: User) -> Reply:
    """What can be asked, by number. Inside the open scope."""
    language = read_language(viewer)
    name, tenant = find_first_name(viewer.name, language), neutralise(get_tenant(viewer).name)
    if viewer.role not in ASK:
        return Reply(say("greeting.operator", language, name=name))
    steps = [Step(question, {"do": "ask", "question": question, "language": language}) for question in find_starters(viewer)[:STARTERS]]
    shaped = write_steps(steps, language=language)
    parts = [say("greeting", language, name=name, tenant=tenant), shaped.text, say("commands", language)]
    return Reply("\n\n".join(part for part in parts if part), shaped.choices)


def fold(text: str) -> str:
    """Words as commands are compared: lower case, without accents, punctuation and pictures."""
    plain = "".join(character for character in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(character))
    return " ".join("".join(character if character.isalnum() else " " for character in plain).split())


def read_language(viewer: User) -> Language:
    """The language in which a person is spoken to."""
    return viewer.language if viewer.language in ("en", "es") else "pt"  # type: ignore[return-value]


def _obey(command: str, talk: BotTalk, viewer: User, language: Language) -> Reply:
    if command == "greet":
        return greet(viewer)
    if command == "new_thread":
        talk.thread_id = None
        return Reply(say("new_thread", language), {})
    if command in ("stop", "resume"):
        # Unasked messages may come by any channel.
        talk.is_stopped = command == "stop"
        BotTalk.objects.filter(user=viewer).update(is_stopped=talk.is_stopped)
        return Reply(say("stopped" if talk.is_stopped else "resumed", language))
    return Reply(say(command, language))


def _find_choice(message: SupervisorMessage, talk: BotTalk, number: str) -> dict[str, Any] | None:
    """What a number means: in the message that it replies to, where it does, else in the latest one."""
    if message.quoted_id:
        quoted = OutgoingMessage.objects.filter(channel_id=message.channel_id, provider_id=message.quoted_id, user_id=message.user_id)
        replies = quoted.values_list("replies", flat=True).first()
        if isinstance(replies, dict) and number in replies:
            return dict(replies[number])
    plan = talk.choices.get(number)
    return dict(plan) if isinstance(plan, dict) else None


def _try(act: Any, language: Language) -> Reply:
    try:
        reply: Reply = act()
    except VisibleError as error:
        return Reply(error.say(language))
    return reply


def _do(plan: dict[str, Any], talk: BotTalk, viewer: User, *, now: datetime, has_pictures: bool) -> Reply:
    language = read_language(viewer)
    did = plan.get("do")
    if did == "ask":
        spoken = next((one for one in LANGUAGES if one == plan.get("language")), None)
        if plan.get("turn_id"):
            talk.thread_id, talk.last_heard_at = find_branch(viewer, str(plan["turn_id"])), now
        return _ask(str(plan["question"]), talk, viewer, now=now, has_pictures=has_pictures, language=spoken)
    if did == "messages":
        return _show_messages(str(plan["turn_id"]), viewer, language)
    if did == "more":
        return _from_shaped(show_more(viewer, str(plan["turn_id"]), offset=int(plan["offset"])))
    if did == "conversation":
        return _from_shaped(show_conversation(viewer, str(plan["conversation_id"]), language=language, public_url=settings.PUBLIC_URL))
    if did == "channel":
        return _from_shaped(show_channel(viewer, str(plan["channel_id"]), language=language, now=now))
    return Reply(say("not_there", language))


def _ask(question: str, talk: BotTalk, viewer: User, *, now: datetime, has_pictures: bool, language: Language | None = None) -> Reply:
    try:
        check_question_rate(viewer)
    except RedisError as error:
        log.warning("questions.not_counted", error=type(error).__name__)
    is_going_on = talk.last_heard_at is not None and now - talk.last_heard_at < SUBJECT_LASTS
    thread_id = talk.thread_id if is_going_on else None
    answered = answer.run(viewer, thread_id=thread_id, question=question, clock=now, language=language)
    talk.thread_id = answered.thread_id
    picture, block = draw_chart(answered) if has_pictures else (None, None)
    shaped = shape_answer(answered, charted=block)
    return Reply(shaped.text, shaped.choices, picture)


def draw_chart(answered: Answer) -> tuple[bytes | None, Block | None]:
    """The chart of an answer that has one, and the block that it shows; a chart that fails costs the picture, never the answer."""
    block = choose_block(answered)
    if block is None:
        return None, None
    try:
        return draw_answer(answered, block), block
    except Exception as error:
        log.error("chart.failed", turn_id=answered.turn_id, error=type(error).__name__)
        return None, None


def _show_messages(turn_id: str, viewer: User, language: Language) -> Reply:
    turn = Turn.objects.filter(id=turn_id, thread__viewer=viewer, answer__isnull=False).first()
    if turn is None:
        return Reply(say("not_there", language))
    answered = Answer.model_validate(look_up(viewer, [turn]).show_answer(turn))
    steps = list_conversation_steps(answered.citations, language=answered.language)
    shaped = shape_messages(
        answered.citations, language=answered.language, today=find_today(answered), public_url=settings.PUBLIC_URL, steps=steps
    )
    return _from_shaped(shaped)


def _from_shaped(shaped: Shaped) -> Reply:
    return Reply(shaped.text, shaped.choices or None)
