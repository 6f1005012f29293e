"""What people put right of themes, as evidence for the next choice: for the theme that they named, and against the one that was wrong.

Kernel ridge regression (Saunders, Gammerman and Vovk 1998) on what the choice missed: each corrected conversation is a row with +1 at the
right theme and −1 at the wrong one, and a conversation leans as those that are like it do. The ridge keeps a single correction small
but for what is nearly the same, lets several that agree add up, and lets those that contradict each other cancel out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ai.roles import CorrectedTheme, ThemeInput, Vector

# Chosen on our own conversations among strengths of 2 to 20, ridges of 0.3 to 3, and likeness by vectors, by words or by both, as what
# never costs a list of bare names anything (see `measure_corrections.py`). One correction has a third of the strength on what is the
# same as it, two that agree half, four two thirds.
STRENGTH = 12.0  # of a full lean, in the units of the choice's scores
WORDS_STRENGTH = 0.8  # the same for the choice by words, whose scores go from 0 to about 2.6
RIDGE = 2.0
WORDS_SHARE = 0.6
POWER = 6  # of the cosine of two conversations' vectors: what is merely of the same shop is like nothing


@dataclass(frozen=True, slots=True)
class Seen:
    """A conversation as it is compared: the stems of what its customer wrote, and the mean of its telling messages' centred vectors."""

    stems: frozenset[str]
    vector: Vector


@dataclass(frozen=True, slots=True)
class Learned:
    """Corrected conversations with how each leans, shape (corrections, themes)."""

    seen: Sequence[Seen]
    leans: NDArray[np.float64]

    def lean(self, seen: Seen) -> NDArray[np.float64]:
        """How much a conversation leans to each theme, about −1…1; zeros where it is like none that was corrected."""
        result: NDArray[np.float64] = np.array([compare(seen, other) for other in self.seen]) @ self.leans
        return result


def learn(themes: Sequence[ThemeInput], corrected: Sequence[CorrectedTheme], seen: Mapping[CorrectedTheme, Seen]) -> Learned | None:
    """What corrections say of the themes of a list; None where they say nothing of it."""
    places = {theme.name: place for place, theme in enumerate(themes)}
    kept = [one for one in corrected if one in seen and one.right != one.wrong and (one.right in places or one.wrong in places)]
    if not kept:
        return None
    missed = np.zeros((len(kept), len(themes)))
    for row, one in zip(missed, kept, strict=True):
        if one.right in places:
            row[places[one.right]] += 1.0
        if one.wrong in places:
            row[places[one.wrong]] -= 1.0
    rows = [seen[one] for one in kept]
    alike = np.array([[compare(one, other) for other in rows] for one in rows])
    leans: NDArray[np.float64] = np.linalg.solve(alike + RIDGE * np.eye(len(rows)), missed).astype(np.float64)
    return Learned(rows, leans)


def compare(one: Seen, other: Seen) -> float:
    """How alike two conversations are, 0…1, by their words and by their meaning."""
    shared = len(one.stems & other.stems)
    words = shared / (len(one.stems) * len(other.stems)) ** 0.5 if shared else 0.0
    meaning = max(0.0, float(one.vector @ other.vector)) ** POWER
    return WORDS_SHARE * words + (1.0 - WORDS_SHARE) * meaning
