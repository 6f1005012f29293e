"""From a whole conversation to satisfaction, and to whether what the customer came for was settled: the end weighs most.

The score is a sum of points, learned from labelled conversations, each of which belongs to a part that a person can see in the talk:
so each score can be taken apart and argued with.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.ai.embedded.episode import PARTS, Felt, describe_episode
from core.ai.embedded.talk import TalkHeads
from core.ai.roles import Turn

UNKNOWN_SCORE = 3.0  # a talk in which no customer says anything


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a conversation comes to: `score` 1.0–5.0 with the points that make it up."""

    score: float
    is_resolved: bool
    parts: dict[str, float]


def judge_conversation(
    turns: Sequence[Turn],
    felt: Sequence[Felt],
    talk: TalkHeads,
    *,
    first_response_seconds: float | None = None,
    longest_wait_seconds: float | None = None,
    rating: int | None = None,
) -> Judgement:
    """Judge one conversation. `felt` holds what the customer's messages showed, in order; a rating says how it was settled as well."""
    if not felt:
        return Judgement(UNKNOWN_SCORE, False, {"base": UNKNOWN_SCORE})
    row = describe_episode(turns, felt, first_response_seconds=first_response_seconds, longest_wait_seconds=longest_wait_seconds)
    usual, points = talk.satisfaction.explain(row[None, :])
    parts: dict[str, float] = defaultdict(float)
    for name, added in zip(PARTS.values(), points[0], strict=True):
        parts[name] += float(added)
    told = {"base": round(usual, 2)} | {name: round(added, 2) for name, added in parts.items() if abs(added) >= 0.005}
    score = round(float(np.clip(sum(told.values()), 1.0, 5.0)), 2)
    settled = float(talk.resolved.score(row[None, :])[0, 0])
    if rating is not None:
        settled += float(rating - 3)
    return Judgement(score, settled > 0.0, told)
