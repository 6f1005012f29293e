"""Cuts a chat into conversations, and measures each: who answered, how fast, who waits, what rating was typed. Pure.

A new conversation begins
- after a silence as long as the tenant's gap (12 hours by default), unless the message is the rating that was asked for
  within the last 48 hours;
- with a customer's message half an hour or more after a goodbye, unless it is nothing but courtesy ("👍", "de nada");
- when one has grown to 1,000 messages, as busy groups never fall silent.

What begins a conversation depends on nothing before it but the conversation right before it. So a message that arrives late,
or changes, can be placed by cutting again from the start of the conversation around it to the next start that stays
(`ingestion/placing.py`); the result is the same as cutting the whole chat at once.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ingestion.closings import closes, holds, is_courtesy, says_goodbye
from ingestion.ratings import Scale, find_scale, read_rating
from ingestion.types import Author, Kind

DEFAULT_GAP = timedelta(hours=12)
# A customer's message so long after a goodbye is about something new.
REOPEN_AFTER = timedelta(minutes=30)
# So long after it was asked for, a rating is still the answer.
RATING_REACH = timedelta(hours=48)
# After so many messages that are no rating the customer is talking about something else.
_TRIES_TO_RATE = 3
MAX_MESSAGES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What of a message matters here. `agent` is who of the company wrote, in any form that can be compared; None where unknown."""

    id: Hashable
    author: Author
    sent_at: datetime
    kind: Kind = "text"
    text: str = ""
    agent: Hashable | None = None


@dataclass(slots=True)
class Episode:
    """One conversation. `response_seconds` goes along with `messages`: on a reply that ended a customer's wait, how long it was."""

    messages: list[Utterance] = field(default_factory=list)
    response_seconds: list[int | None] = field(default_factory=list)
    is_closed: bool = False  # by a goodbye, by a later conversation, or by the gap
    customer_message_count: int = 0
    first_response_seconds: int | None = None  # from the customer's first message to the first reply to it
    waiting_since_at: datetime | None = None  # the first customer message without a reply; None where the company spoke last
    rating: int | None = None  # 1–5, as the customer typed it when asked; the last one where there are several
    agent: Hashable | None = None  # who wrote most, the earlier one where two wrote as much

    @property
    def started_at(self) -> datetime:
        return self.messages[0].sent_at

    @property
    def last_message_at(self) -> datetime:
        return self.messages[-1].sent_at

    @property
    def is_awaiting_reply(self) -> bool:
        """Whether the last message is the customer's."""
        return self.waiting_since_at is not None


def find_reach(gap: timedelta) -> timedelta:
    """The longest silence that can lie inside of a conversation."""
    return max(gap, RATING_REACH)


def split_episodes(messages: Iterable[Utterance], *, gap: timedelta = DEFAULT_GAP, as_of: datetime | None = None) -> list[Episode]:
    """Cut one chat's messages, in order, into conversations.

    With `as_of`, the last conversation counts as closed once that moment is a gap or more after its last message.
    """
    episodes: list[Episode] = []
    course: _Course | None = None
    for message in messages:
        if message.author == "system":
            continue
        if course is None or course.is_over_before(message, gap=gap):
            if course is not None:
                course.end(is_closed=True)
            course = _Course()
            episodes.append(course.episode)
        course.take(message)
    if course is not None:
        is_silent = as_of is not None and as_of - course.episode.last_message_at >= gap
        course.end(is_closed=is_silent)
    return episodes


class _Course:
    """One conversation as it goes: what has to be remembered from message to message."""

    def __init__(self) -> None:
        self.episode = Episode()
        self._closed_at: datetime | None = None
        self._scale: Scale | None = None  # on which a rating was asked and not given yet
        self._asked_at: datetime | None = None
        self._tries = 0
        self._has_agent_spoken = False
        self._leaves_open = False  # the agent's last words promised or asked something
        self._first_customer_at: datetime | None = None
        self._agents: Counter[Hashable] = Counter()

    def is_over_before(self, message: Utterance, *, gap: timedelta) -> bool:
        """Whether this message begins the next conversation."""
        if self._read_answer(message) is not None:
            return False
        if message.sent_at - self.episode.last_message_at >= gap:
            return True
        if len(self.episode.messages) >= MAX_MESSAGES and message.sent_at > self.episode.started_at:
            return True
        if self._closed_at is None or message.author != "customer" or message.sent_at - self._closed_at < REOPEN_AFTER:
            return False
        return not _is_courteous(message)

    def take(self, message: Utterance) -> None:
        """Add the next message."""
        episode = self.episode
        waited: int | None = None
        if message.author == "customer":
            episode.customer_message_count += 1
            self._first_customer_at = self._first_customer_at or message.sent_at
            episode.waiting_since_at = episode.waiting_since_at or message.sent_at
            self._hear_customer(message)
        else:
            if episode.waiting_since_at is not None:
                waited = _count_seconds(episode.waiting_since_at, message.sent_at)
                episode.waiting_since_at = None
            if self._first_customer_at is not None and episode.first_response_seconds is None:
                episode.first_response_seconds = _count_seconds(self._first_customer_at, message.sent_at)
            if message.agent is not None:
                self._agents[message.agent] += 1
            self._hear_agent(message)
        episode.messages.append(message)
        episode.response_seconds.append(waited)

    def end(self, *, is_closed: bool) -> None:
        """Fill in what is known only at the end."""
        self.episode.is_closed = is_closed or self._closed_at is not None
        # Counters keep the order of first words, so that the earlier of two equal agents wins.
        self.episode.agent = max(self._agents, key=lambda agent: self._agents[agent], default=None)

    def _hear_customer(self, message: Utterance) -> None:
        rating = self._read_answer(message)
        if rating is not None:
            self.episode.rating = rating
            self._scale, self._closed_at = None, message.sent_at
            return
        if self._scale is not None:
            self._tries += 1
            if self._tries >= _TRIES_TO_RATE:
                self._scale = None
        if says_goodbye(message.text, is_answered=self._has_agent_spoken and not self._leaves_open):
            self._closed_at = self._closed_at or message.sent_at
        elif not _is_courteous(message):
            self._closed_at = None

    def _hear_agent(self, message: Utterance) -> None:
        text = message.text
        scale = find_scale(text) if text else None
        if scale is not None:
            self._scale, self._asked_at, self._tries = scale, message.sent_at, 0
        elif self._scale is not None and not _is_courteous(message) and (self._tries or "?" in text):
            # The talk has gone on to something else: a number that comes now answers another question.
            self._scale = None
        if closes(text, is_underway=self._has_agent_spoken and self._first_customer_at is not None):
            self._closed_at = self._closed_at or message.sent_at
        elif self._closed_at is not None and message.sent_at - self._closed_at >= REOPEN_AFTER and not _is_courteous(message):
            self._closed_at = None
        if text:
            self._leaves_open = scale is None and holds(text)
        self._has_agent_spoken = True

    def _read_answer(self, message: Utterance) -> int | None:
        """The rating that this message gives, if one was asked for and it is a customer's in time."""
        if self._scale is None or self._asked_at is None or message.author != "customer" or not message.text:
            return None
        if message.sent_at - self._asked_at > RATING_REACH:
            return None
        return read_rating(message.text, scale=self._scale)


def _is_courteous(message: Utterance) -> bool:
    return message.kind == "sticker" or (message.kind == "text" and is_courtesy(message.text))


def _count_seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))
