"""Who says the same as another: an advertisement sent to many, a form that is filled in, a text that somebody sends again.

A hundred copies of one text are one voice, or the loudest advertiser would name the subjects. Copies are found by the runs of words that
they share, so that another name, product or number in the middle hides nothing.
"""

from collections import Counter
from collections.abc import Sequence

from core.discovery.told import Told
from core.discovery.words import split_folded

RUN = 3  # words in a row
# Shares of the runs of either that both have. Two people may well say the same short sentence: of few runs nearly all must be shared.
SHARE, SHARE_OF_FEW, FEW = 0.4, 0.8, 8
CANDIDATES = 50  # first voices that are compared with, of those that share a run


def find_voices(talks: Sequence[Told]) -> list[int]:
    """For each conversation the place of the first that says the same: its own where it is the first, or says it in its own words."""
    firsts: list[int] = []
    runs_of: list[frozenset[tuple[str, ...]]] = []
    known: dict[tuple[str, ...], list[int]] = {}
    for place, talk in enumerate(talks):
        runs = _find_runs(talk)
        runs_of.append(runs)
        shared = Counter(first for run in runs for first in known.get(run, ()))
        best = min(shared, key=lambda first: (-shared[first], first), default=None)
        if best is not None and shared[best] >= _ask_share(min(len(runs), len(runs_of[best]))):
            firsts.append(best)
            continue
        firsts.append(place)
        for run in runs:
            if len(listed := known.setdefault(run, [])) < CANDIDATES:
                listed.append(place)
    return firsts


def _ask_share(runs: int) -> float:
    """How many of so many runs must be shared."""
    return runs * (SHARE if runs >= FEW else SHARE_OF_FEW)


def _find_runs(talk: Told) -> frozenset[tuple[str, ...]]:
    found = set()
    for text in talk.texts:
        words = split_folded(text)
        found |= {tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1))}
    return frozenset(found)
