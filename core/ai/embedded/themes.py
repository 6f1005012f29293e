"""Which of the tenant's themes a conversation is about, or none: by meaning (vectors) and by words, with nothing to train."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.cues import fold_for_cues
from core.ai.embedded.messages import Reading
from core.ai.roles import ThemeInput, Vector

# Chosen on the tuning half of the evaluation conversations.
MEANING_SHARE = 1.0
WORDS_SHARE = 0.6
MIN_SCORE = 0.35
STEM = 5  # letters that two words must share at their beginning to be the same word

_PATH = Path(__file__).parent / "data" / "concepts.toml"
_STOPWORDS = frozenset(
    "para pela pelo como mais muito minha meus minhas esse essa este esta isso aqui voce voces quando qual quais onde ainda"
    " sobre todo toda todos todas meu com sem que por uma uns dos das nos nas foi ser tem ter the and for with your from this that"
    " donde cual cuando esta este para como pedido produto atendimento servico duvida outros geral".split()
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A subject that companies share: by which theme names it is meant, by which words customers speak of it."""

    names: re.Pattern[str]
    words: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class TalkWords:
    """What was said in a conversation, folded: by the customer, and by the agents."""

    customer: str
    agent: str


@lru_cache(maxsize=1)
def load_concepts() -> dict[str, Concept]:
    """The concepts of data/concepts.toml."""
    raw = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    return {
        name: Concept(
            re.compile(rf"(?<!\w)(?:{'|'.join(entry['names'])})"),
            tuple(re.compile(rf"(?<!\w)(?:{word})") for word in entry["words"]),
        )
        for name, entry in raw.items()
    }


@lru_cache(maxsize=2048)
def _read_theme_words(theme: ThemeInput) -> tuple[frozenset[str], tuple[str, ...]]:
    """Stems of a theme's own words, and the concepts that its name means."""
    name = fold_for_cues(theme.name)
    words = f"{name} {' '.join(fold_for_cues(example) for example in theme.examples)}".split()
    stems = frozenset(word[:STEM] for word in words if len(word) >= 4 and word not in _STOPWORDS)
    return stems, tuple(key for key, concept in load_concepts().items() if concept.names.search(name))


def choose_theme(
    themes: Sequence[ThemeInput], *, talk: TalkWords, readings: Sequence[Reading], theme_vectors: Mapping[str, Vector], centre: Vector
) -> str | None:
    """Name of the theme that fits best, or None where none fits well enough. `theme_vectors` holds each name and example."""
    if not themes or not readings:
        return None
    # Vectors of this model all point the same way; what sets texts apart is left when their mean is taken off.
    said = _centre(np.stack([reading.vector for reading in readings]), centre)
    scores = {
        theme.name: MEANING_SHARE * _score_meaning(theme, said, theme_vectors, centre) + WORDS_SHARE * _score_words(theme, talk)
        for theme in themes
    }
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= MIN_SCORE else None


def _score_meaning(theme: ThemeInput, said: NDArray[np.float32], theme_vectors: Mapping[str, Vector], centre: Vector) -> float:
    meant = _centre(np.stack([theme_vectors[text] for text in (theme.name, *theme.examples)]), centre)
    return float((said @ meant.T).max())


def _score_words(theme: ThemeInput, talk: TalkWords) -> float:
    """0 for no shared word, 1 for two that the customer used, a little more for more; an agent's words count half."""
    stems, concepts = _read_theme_words(theme)
    points = _count_stems(stems, talk.customer) + 0.5 * _count_stems(stems, talk.agent)
    patterns = {pattern for key in concepts for pattern in load_concepts()[key].words}
    points += sum(1.0 if pattern.search(talk.customer) else 0.4 if pattern.search(talk.agent) else 0.0 for pattern in patterns)
    return min(1.6, points / 2)


def _count_stems(stems: frozenset[str], text: str) -> int:
    return len(stems & {word[:STEM] for word in text.split() if len(word) >= 4})


def _centre(vectors: NDArray[np.float32], centre: Vector) -> NDArray[np.float32]:
    moved = vectors - centre
    result: NDArray[np.float32] = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
    return result
