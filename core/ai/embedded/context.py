"""A message where it was said: what its text says by itself, and what was said before it, as the numbers that decide its mood.

"ok", "até agora nada" or "resolvido" mean nothing alone. Training and running use this one function.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.cues import NAMES, compile_phrases, find_cues, fold_for_cues
from core.ai.embedded.formulas import is_formula
from core.ai.embedded.heads import OUTPUTS
from core.ai.roles import Author

# How many turns before a message are looked at; whoever stores messages shows as many.
TURNS = 4
_CLIP = 4.0  # scores beyond this say nothing more
_BEFORE = ("opinion", "positive", "anger", "joy", "friendly", "aggressive")
_MEAN = ("opinion", "positive", "anger", "joy")
_PHRASES = {name: compile_phrases(name) for name in ("promised", "done", "refused")}
FEATURES = (
    *(f"says {name}" for name in OUTPUTS),
    *("words", "formula", "first", "after a customer", "in a row", "customer turns before", "minutes since the turn before"),
    *("minutes since an agent", "agent asked", "agent promised", "agent did", "agent refused", "agent words"),
    *(f"before: {name}" for name in _BEFORE),
    *(f"so far: {name}" for name in _MEAN),
    *(f"cue {name}" for name in NAMES),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One turn as this looks at it. `scores` are those of the heads, in the order of OUTPUTS; None for an agent's turn."""

    author: Author
    text: str  # masked
    at: datetime
    scores: NDArray[np.float32] | None = None


def describe_in_context(text: str, scores: NDArray[np.float32], *, at: datetime | None, before: Sequence[Said]) -> NDArray[np.float32]:
    """The numbers of one customer message, in the order of FEATURES. `text` is masked; without `at` no time has passed."""
    before = before[-TURNS:]
    earlier = [np.clip(one.scores, -_CLIP, _CLIP) for one in before if one.scores is not None]
    agent = next((one for one in reversed(before) if one.author == "agent"), None)
    folded = fold_for_cues(agent.text) if agent is not None else ""
    in_a_row = next((place for place, one in enumerate(reversed(before)) if one.author == "agent"), len(before))
    since = before[-1].at if before else at
    since_agent = agent.at if agent is not None else (before[0].at if before else at)
    return np.concatenate(
        [
            np.clip(scores, -_CLIP, _CLIP),
            [
                len(text.split()),
                is_formula(text),
                not before,
                bool(before) and before[-1].author == "customer",
                in_a_row,
                len(earlier),
                _log_minutes(since, at),
                _log_minutes(since_agent, at),
                agent is not None and "?" in agent.text,
                *(_PHRASES[name].search(folded) is not None for name in ("promised", "done", "refused")),
                len(folded.split()),
            ],
            _pick(earlier[-1] if earlier else None, _BEFORE),
            _pick(np.mean(earlier, axis=0) if earlier else None, _MEAN),
            _list_cues(text),
        ]
    ).astype(np.float32)


def _log_minutes(since: datetime | None, at: datetime | None) -> float:
    if since is None or at is None:
        return 0.0
    return float(np.log1p(max(0.0, (at - since).total_seconds() / 60)))


_PLACES: Mapping[str, int] = {name: place for place, name in enumerate(OUTPUTS)}


def _pick(scores: NDArray[np.float32] | None, names: Sequence[str]) -> list[float]:
    return [0.0 if scores is None else float(scores[_PLACES[name]]) for name in names]


def _list_cues(text: str) -> list[float]:
    found = set(find_cues(text))
    return [float(name in found) for name in NAMES]
