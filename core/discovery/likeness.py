"""How much two conversations are about the same: the meaning of what the customer says, its words, and the common subjects they name.

Each says something that the others do not. Vectors of a small model know that two ways to put it are the same, but are near for manner
as much as for matter; words are exact and rare; the words of common subjects (core/ai/embedded/data/concepts.toml) tie rare words
together. The weights, and the cut that groups are made at, were chosen on what `evosense eval discovery` measures; docs/understanding.md
has the figures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.cues import fold_for_cues
from core.ai.embedded.themes import load_concepts
from core.discovery.told import Told
from core.discovery.words import get_stems

MEANING, WORDS, SUBJECTS = 0.5, 0.25, 0.25  # they add up to 1
LATER = 0.8  # how much less each next message of the customer weighs: first they say what they come for
REPLIES, REPLIED_SUBJECTS = 0.5, 0.4  # what the tenant's side says, beside what the customer says
MAX_WORDS = 2000  # different ones, the most telling of them
COMMON = 0.4  # a word that more conversations have than this share tells nothing

Array = NDArray[np.float32]


def describe(talks: Sequence[Told]) -> Array:
    """Each conversation as a row, so that the product of two rows is how alike they are: 1 at most. Shape (talks, numbers)."""
    if not talks:
        return np.zeros((0, 1), dtype=np.float32)
    parts = ((MEANING, _describe_meaning(talks)), (WORDS, _describe_words(talks)), (SUBJECTS, _describe_subjects(talks)))
    return np.hstack([np.sqrt(weight) * _unit(rows) for weight, rows in parts]).astype(np.float32)


def _describe_meaning(talks: Sequence[Told]) -> Array:
    """The weighted mean of a conversation's vectors, after what all texts of this tenant have in common was taken off."""
    every = np.concatenate([talk.vectors for talk in talks]).astype(np.float32)
    every -= every.mean(axis=0)
    every = _unit(every)
    rows, start = [], 0
    for talk in talks:
        count = len(talk.vectors)
        rows.append(LATER ** np.arange(count) @ every[start : start + count])
        start += count
    return np.stack(rows).astype(np.float32)


def _describe_words(talks: Sequence[Told]) -> Array:
    """TF-IDF over word stems; a word counts once a conversation, by where it comes first."""
    counted: list[dict[str, float]] = []
    for talk in talks:
        found: dict[str, float] = {}
        for place, text in enumerate(talk.texts):
            for stem in get_stems(text):
                found.setdefault(stem, LATER**place)
        for reply in talk.replies:
            for stem in get_stems(reply):
                found[stem] = max(found.get(stem, 0.0), REPLIES)
        counted.append(found)
    frequency = Counter(stem for found in counted for stem in found)
    return _weigh(counted, {stem: count for stem, count in frequency.items() if 2 <= count <= max(2, COMMON * len(talks))})


def _describe_subjects(talks: Sequence[Told]) -> Array:
    """How many of the words of each common subject the customer used, and the tenant's side, weighed as words are."""
    counted: list[dict[str, float]] = []
    for talk in talks:
        said, replied = _fold(talk.texts), _fold(talk.replies)
        points = {
            name: sum(word.search(said) is not None for word in concept.words)
            + REPLIED_SUBJECTS * sum(word.search(replied) is not None for word in concept.words)
            for name, concept in load_concepts().items()
        }
        counted.append({name: float(np.log1p(value)) for name, value in points.items() if value})
    return _weigh(counted, Counter(name for found in counted for name in found))


def _weigh(counted: Sequence[Mapping[str, float]], frequency: Mapping[str, int]) -> Array:
    kept = sorted(frequency, key=lambda name: (-frequency[name], name))[:MAX_WORDS]
    columns = {name: column for column, name in enumerate(kept)}
    rarity = {name: float(np.log((1 + len(counted)) / (1 + frequency[name]))) for name in kept}
    rows = np.zeros((len(counted), max(1, len(kept))), dtype=np.float32)
    for row, found in enumerate(counted):
        for name, value in found.items():
            if name in columns:
                rows[row, columns[name]] = value * rarity[name]
    return rows


def _fold(texts: Iterable[str]) -> str:
    return " . ".join(map(fold_for_cues, texts))


def _unit(rows: Array) -> Array:
    result: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return result
