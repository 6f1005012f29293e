"""A whole conversation as the numbers that decide its satisfaction and resolution, and the parts that each number belongs to.

Training and running use this one function. Each number belongs to one part, so that the points of a score can be told in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.cues import compile_phrases, find_cues, fold_for_cues
from core.ai.embedded.formulas import is_formula
from core.ai.roles import Turn

END_WEIGHTS = (0.6, 0.28, 0.12)  # of the customer's last messages that say anything, last first
_MOST_TURNS = 15
_PHRASES = {name: compile_phrases(name) for name in ("promised", "done", "refused")}

# Feature → the part of the score that its points belong to.
PARTS: dict[str, str] = {
    "mood of the first": "mood_at_start",
    "mood gained": "mood_at_start",
    "mood of the end": "mood_at_end",
    "mood of the last telling": "mood_at_end",
    "mood of the last": "mood_at_end",
    "last is positive": "mood_at_end",
    "last is negative": "mood_at_end",
    "anger at the end": "mood_at_end",
    "joy at the end": "mood_at_end",
    "sadness at the end": "mood_at_end",
    "friendly at the end": "mood_at_end",
    "aggressive at the end": "mood_at_end",
    "mean mood": "mood_overall",
    "worst mood": "mood_overall",
    "best mood": "mood_overall",
    "share of negative": "mood_overall",
    "share of neutral": "mood_overall",
    "most aggressive": "harsh_words",
    "most anger": "harsh_words",
    "most urgent": "harsh_words",
    "sarcasm": "harsh_words",
    "threat": "harsh_words",
    "quit": "harsh_words",
    "thanks": "thanks_at_end",
    "praise": "praise_at_end",
    "says resolved": "resolution",
    "says waiting": "resolution",
    "says failure": "resolution",
    "ends with a question": "resolution",
    "agent promised": "resolution",
    "agent did": "resolution",
    "agent refused": "resolution",
    "agent refused at all": "resolution",
    "agent did at all": "resolution",
    "customer wrote last": "resolution",
    "nobody answered": "resolution",
    "longest wait": "waiting",
    "first wait": "waiting",
    "customer messages": "effort",
    "agent messages": "effort",
    "minutes": "effort",
}


@dataclass(frozen=True, slots=True)
class Felt:
    """One customer message with its probabilities: sentiment (negative, neutral, positive), emotions and tones by name."""

    text: str  # masked
    sentiment: tuple[float, float, float]
    emotions: dict[str, float]
    tones: dict[str, float]

    @property
    def mood(self) -> float:
        return self.sentiment[2] - self.sentiment[0]


def describe_episode(
    turns: Sequence[Turn], felt: Sequence[Felt], *, first_response_seconds: float | None, longest_wait_seconds: float | None
) -> NDArray[np.float32]:
    """The numbers of one conversation, in the order of PARTS. `felt` holds the customer's messages in order, one at least."""
    telling = [one for one in felt if not is_formula(one.text)] or list(felt)
    moods = [one.mood for one in telling]
    last = felt[-1]
    weights = END_WEIGHTS[: len(moods)]
    end = float(np.average(moods[::-1][: len(weights)], weights=weights))
    cues = [set(find_cues(one.text)) for one in telling]
    ever, at_end = set().union(*cues), set().union(*cues[-2:])
    agents = [fold_for_cues(turn.text) for turn in turns if turn.author == "agent"]
    answer = agents[-1] if agents else ""
    waits = _measure_waits(turns)
    longest = longest_wait_seconds / 60 if longest_wait_seconds is not None else max(waits, default=0.0)
    first = first_response_seconds / 60 if first_response_seconds is not None else (waits[0] if waits else 0.0)
    minutes = (turns[-1].at - turns[0].at).total_seconds() / 60
    values = {
        "mood of the first": moods[0],
        "mood gained": moods[-1] - moods[0],
        "mood of the end": end,
        "mood of the last telling": moods[-1],
        "mood of the last": last.mood,
        "last is positive": last.sentiment[2],
        "last is negative": last.sentiment[0],
        "anger at the end": last.emotions["anger"],
        "joy at the end": max(one.emotions["joy"] for one in felt[-2:]),
        "sadness at the end": last.emotions["sadness"],
        "friendly at the end": max(one.tones["friendly"] for one in felt[-2:]),
        "aggressive at the end": last.tones["aggressive"],
        "mean mood": float(np.mean(moods)),
        "worst mood": min(moods),
        "best mood": max(moods),
        "share of negative": float(np.mean([one.sentiment[0] > 0.5 for one in telling])),
        "share of neutral": float(np.mean([one.sentiment[1] for one in felt])),
        "most aggressive": max(one.tones["aggressive"] for one in telling),
        "most anger": max(one.emotions["anger"] for one in telling),
        "most urgent": max(one.tones["urgent"] for one in telling),
        "sarcasm": "sarcasm" in ever,
        "threat": "threat" in ever,
        "quit": "quit" in ever,
        "thanks": "thanks" in at_end,
        "praise": "praise" in at_end,
        "says resolved": "resolved" in at_end,
        "says waiting": "waiting" in at_end,
        "says failure": "failure" in at_end,
        "ends with a question": "question" in cues[-1],
        "agent promised": _PHRASES["promised"].search(answer) is not None,
        "agent did": _PHRASES["done"].search(answer) is not None,
        "agent refused": _PHRASES["refused"].search(answer) is not None,
        "agent refused at all": any(_PHRASES["refused"].search(one) for one in agents),
        "agent did at all": any(_PHRASES["done"].search(one) for one in agents),
        "customer wrote last": turns[-1].author == "customer",
        "nobody answered": not agents,
        "longest wait": float(np.log1p(longest)),
        "first wait": float(np.log1p(first)),
        "customer messages": min(len(felt), _MOST_TURNS),
        "agent messages": min(len(agents), _MOST_TURNS),
        "minutes": float(np.log1p(max(0.0, minutes))),
    }
    return np.array([float(values[name]) for name in PARTS], dtype=np.float32)


def _measure_waits(turns: Sequence[Turn]) -> list[float]:
    """Minutes from each first unanswered message of the customer to the agent's reply."""
    waits: list[float] = []
    since = None
    for turn in turns:
        if turn.author == "customer":
            since = since or turn.at
        elif since is not None:
            waits.append((turn.at - since).total_seconds() / 60)
            since = None
    return waits
