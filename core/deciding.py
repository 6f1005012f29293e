"""From a score's parts to the messages behind them, so that a person can read what decided it. Pure.

An analyser says how many points each part gave; which messages carry a part follows from what the part is: the mood at the end
is that of the customer's last messages that say anything, waiting is the reply that came latest, and so on. Parts that gave
next to nothing point at nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Points below which a part did not decide anything, and how many messages are pointed at in all.
LEAST_POINTS, MOST = 0.1, 5
# A message's sentiment below which it says nothing, and the weights of the last three that do, last first.
TELLING, END_WEIGHTS, LEAST_SHARE = 0.12, (0.6, 0.28, 0.12), 0.2
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message as this looks at it, in its order. `score` is its sentiment, None where it has none."""

    message_id: str
    author: str
    text: str
    score: float | None
    response_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A message that decided a score, and the part by which it did most."""

    message_id: str
    part: str


def list_parts(parts: Mapping[str, float], *, score: float) -> list[tuple[str, float]]:
    """The parts with their points, `base` first and then those that did most; they add up to `score`.

    Where they went beyond 1 or 5, a last part `limit` takes that back. A JSON object as PostgreSQL keeps it has no order of its own.
    """
    listed = sorted(parts.items(), key=lambda part: (part[0] != "base", -abs(part[1]), part[0]))
    rest = round(score - sum(points for _, points in listed), 2)
    return [*listed, ("limit", rest)] if listed and abs(rest) >= 0.005 else listed


def find_deciding(parts: Mapping[str, float], messages: Sequence[Spoken], *, rating: int | None = None) -> list[Deciding]:
    """The messages that decided most, in their order: where the customer typed a rating, that one first of all."""
    found: dict[str, str] = {}
    if rating is not None and (typed := _find_rating(messages)):
        found[typed] = "rating"
    weighty = sorted(((abs(points), name) for name, points in parts.items() if abs(points) >= LEAST_POINTS), reverse=True)
    for _, name in weighty:
        for message_id in _FINDERS.get(name, _find_nothing)(messages):
            if len(found) < MOST:
                found.setdefault(message_id, name)
    return [Deciding(message_id=one.message_id, part=found[one.message_id]) for one in messages if one.message_id in found]


def _find_nothing(_messages: Sequence[Spoken]) -> list[str]:
    return []


def _list_telling(messages: Sequence[Spoken]) -> list[Spoken]:
    return [one for one in messages if one.author == "customer" and abs(one.score or 0.0) >= TELLING]


def _find_end(messages: Sequence[Spoken]) -> list[str]:
    last = list(zip(END_WEIGHTS, _list_telling(messages)[::-1], strict=False))
    total = sum(weight * abs(one.score or 0.0) for weight, one in last)
    return [one.message_id for weight, one in last if weight * abs(one.score or 0.0) >= LEAST_SHARE * total]


def _find_start(messages: Sequence[Spoken]) -> list[str]:
    return [one.message_id for one in _list_telling(messages)[:1]]


def _find_strongest(messages: Sequence[Spoken]) -> list[str]:
    telling = _list_telling(messages)
    return [max(telling, key=lambda one: abs(one.score or 0.0)).message_id] if telling else []


def _find_worst(messages: Sequence[Spoken]) -> list[str]:
    telling = [one for one in _list_telling(messages) if (one.score or 0.0) < 0]
    return [min(telling, key=lambda one: one.score or 0.0).message_id] if telling else []


def _find_complaints(messages: Sequence[Spoken]) -> list[str]:
    return [one.message_id for one in _list_telling(messages) if (one.score or 0.0) < 0][:3]


def _find_wait(messages: Sequence[Spoken]) -> list[str]:
    replies = [one for one in messages if one.response_seconds]
    if replies:
        return [max(replies, key=lambda one: one.response_seconds or 0).message_id]
    return [one.message_id for one in messages[-1:] if one.author == "customer"]


def _find_first_reply(messages: Sequence[Spoken]) -> list[str]:
    return next(([one.message_id] for one in messages if one.author == "agent"), [])


def _find_answer(messages: Sequence[Spoken]) -> list[str]:
    """How it ended: the company's last message, or what the customer wrote last where nobody answered it."""
    spoken = [one for one in messages if one.author in ("customer", "agent")]
    return next(([one.message_id] for one in reversed(spoken) if one.author == "agent"), [one.message_id for one in spoken[-1:]])


def _find_rating(messages: Sequence[Spoken]) -> str | None:
    typed = [one for one in messages if one.author == "customer" and len(one.text) <= 24 and _NUMBER.search(one.text)]
    return typed[-1].message_id if typed else None


_FINDERS = {
    "mood_at_start": _find_start,
    "mood_at_end": _find_end,
    "mood_overall": _find_strongest,
    "mood": _find_strongest,
    "thanks_at_end": _find_end,
    "praise_at_end": _find_end,
    "harsh_words": _find_worst,
    "repeated_complaint": _find_complaints,
    "effort": _find_complaints,
    "waiting": _find_wait,
    "quick_reply": _find_first_reply,
    "resolution": _find_answer,
}
