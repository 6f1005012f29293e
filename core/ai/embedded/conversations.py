"""From a whole conversation to satisfaction, and to whether what the customer came for was settled: the end weighs most.

Everything here is arithmetic over what a person can see in the talk, so that each score can be taken apart and argued with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

from core.ai.embedded.cues import compile_phrases, find_cues, fold_for_cues
from core.ai.embedded.formulas import is_formula
from core.ai.embedded.messages import Reading
from core.ai.roles import Turn

BASE_SCORE = 3.35  # a talk in which nothing good or bad is said or happens
END_WEIGHTS = (0.6, 0.28, 0.12)  # of the customer's last messages that say anything, last first

_PROMISED = compile_phrases("promised")
_DONE = compile_phrases("done")
_REFUSED = compile_phrases("refused")
_COMPLAINTS = frozenset({"waiting", "failure", "disappointed", "anger", "insult", "threat", "disgust", "quit", "sarcasm"})
_HARSH = frozenset({"insult", "threat", "quit"})


@dataclass(frozen=True, slots=True)
class Said:
    """One customer message in its place."""

    place: int  # among all turns
    mood: float
    cues: frozenset[str]
    is_formula: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a conversation comes to: `score` 1.0–5.0 with the points that make it up."""

    score: float
    is_resolved: bool
    parts: dict[str, float]


def judge_conversation(
    turns: Sequence[Turn],
    readings: Mapping[str, Reading],
    *,
    first_response_seconds: float | None = None,
    longest_wait_seconds: float | None = None,
    rating: int | None = None,
) -> Judgement:
    """Judge one conversation. `readings` holds the reading of each customer text; a rating says how it was settled as well."""
    said = [_read_turn(place, turn, readings) for place, turn in enumerate(turns) if turn.author == "customer"]
    if not said:
        return Judgement(3.0, False, {"base": 3.0})
    settled = _weigh_resolution(turns, said, rating)
    is_resolved = settled > 0.0
    parts = (
        {"base": BASE_SCORE}
        | _weigh_moods(said)
        | _weigh_course(
            turns, said, is_resolved=is_resolved, first_response_seconds=first_response_seconds, longest_wait_seconds=longest_wait_seconds
        )
    )
    parts = {name: round(points, 2) for name, points in parts.items() if name == "base" or abs(points) >= 0.005}
    return Judgement(round(min(5.0, max(1.0, sum(parts.values()))), 2), is_resolved, parts)


def _read_turn(place: int, turn: Turn, readings: Mapping[str, Reading]) -> Said:
    reading = readings[turn.text]
    return Said(place, reading.mood.score, frozenset(find_cues(reading.masked_text)), is_formula(reading.masked_text))


def _weigh_moods(said: Sequence[Said]) -> dict[str, float]:
    telling = [one for one in said if not one.is_formula]
    if not telling:
        return {}
    last = telling[::-1][: len(END_WEIGHTS)]
    weights = END_WEIGHTS[: len(last)]
    end = sum(weight * one.mood for weight, one in zip(weights, last, strict=True)) / sum(weights)
    mean = sum(one.mood for one in telling) / len(telling)
    cues = frozenset().union(*(one.cues for one in telling))
    end_cues = frozenset().union(*(one.cues for one in telling[-2:]))
    return {
        "mood_at_end": 1.15 * end,
        "mood_overall": 0.55 * mean,
        "harsh_words": -0.45 if cues & _HARSH else 0.0,
        "thanks_at_end": 0.2 if "thanks" in end_cues and "sarcasm" not in end_cues and end > -0.2 else 0.0,
        "praise_at_end": 0.25 if "praise" in end_cues and "sarcasm" not in end_cues and end > 0.3 else 0.0,
    }


def _weigh_course(
    turns: Sequence[Turn],
    said: Sequence[Said],
    *,
    is_resolved: bool,
    first_response_seconds: float | None,
    longest_wait_seconds: float | None,
) -> dict[str, float]:
    complained = sum(bool(one.cues & _COMPLAINTS) for one in said)
    points = {"resolution": (0.3 if complained else 0.15) if is_resolved else -0.35}
    if complained > 1 and not is_resolved:
        points["repeated_complaint"] = -0.15 * min(3, complained - 1)
    longest = longest_wait_seconds if longest_wait_seconds is not None else _measure_longest_wait(turns)
    if longest is not None and longest > 3600:
        points["waiting"] = -min(0.5, 0.2 * log10(longest / 360))
    elif first_response_seconds is not None and first_response_seconds <= 300 and is_resolved:
        points["quick_reply"] = 0.1
    return points


def _measure_longest_wait(turns: Sequence[Turn]) -> float | None:
    """Seconds from a customer's first unanswered message to the agent's reply, the longest; None where nobody replied."""
    waits: list[float] = []
    since = None
    for turn in turns:
        if turn.author == "customer":
            since = since or turn.at
        elif since is not None:
            waits.append((turn.at - since).total_seconds())
            since = None
    return max(waits, default=None)


def _weigh_resolution(turns: Sequence[Turn], said: Sequence[Said], rating: int | None) -> float:
    """Above 0 where what the customer came for was settled."""
    last = said[-1]
    telling = [one for one in said if not one.is_formula] or [last]
    end = telling[-1]
    agents = [fold_for_cues(turn.text) for turn in turns if turn.author == "agent"]
    last_answer = max((place for place, turn in enumerate(turns) if turn.author == "agent"), default=-1)
    answer = agents[-1] if agents else ""
    # What was complained of before the answer came weighs half, where the answer says that it was done.
    weight = 0.5 if end.place < last_answer and _DONE.search(answer) else 1.0
    points = 1.5 * end.mood * weight
    if "sarcasm" not in end.cues:
        points += 1.5 * ("resolved" in end.cues) + 1.0 * bool(end.cues & {"thanks", "praise"}) * (end.mood > -0.3)
    points -= 1.4 * weight * bool(end.cues & _COMPLAINTS and end.mood < 0.1)
    if not agents:
        return points - (0.2 if end.mood > 0.3 else 1.6)
    is_left = turns[-1].author == "customer" and not last.is_formula and not last.cues & {"thanks", "resolved", "praise"}
    points -= 0.9 * (is_left and (last.mood < -0.2 or "question" in last.cues))
    if _REFUSED.search(answer):
        points -= 0.7
    elif _PROMISED.search(answer):
        points -= 1.3 if not end.cues & {"resolved", "praise"} else 0.0
    elif _DONE.search(answer):
        points += 0.8
    else:
        points += 0.35
    if rating is not None:
        points += 1.0 * (rating - 3)
    return points
