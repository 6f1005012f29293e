"""Which of the tenant's themes a conversation is about, or none: by meaning (vectors) and by words, weighed as learned from other themes.

A tenant's themes are never those that were learned from, so only what holds of any list is learned: how near, how much nearer than the
other themes of the list, how many telling words.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.corrections import STRENGTH, WORDS_STRENGTH, Learned, Seen
from core.ai.embedded.cues import fold_for_cues
from core.ai.embedded.formulas import is_formula
from core.ai.embedded.messages import Reading
from core.ai.embedded.talk import TalkHeads
from core.ai.roles import ThemeInput, Vector

# Of the rule for short lists and for bare names; chosen on the tuning half of the evaluation conversations.
WORDS_SHARE = 0.6
MIN_SCORE = 0.35
SHORT_LIST = 4  # themes
FIRST = 2  # telling messages in which customers say what they come for
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
    """What was said in a conversation, folded: by the customer, by the agents, and by the customer when telling what it is about."""

    customer: str
    agent: str
    first: str


def collect_words(texts: Sequence[str], agents: Sequence[str]) -> TalkWords:
    """The words of a conversation: `texts` are the customer's messages, masked, `agents` those of the agents."""
    telling = [text for text in texts if not is_formula(text)]
    return TalkWords(*(" . ".join(map(fold_for_cues, some)) for some in (texts, agents, telling[:FIRST])))


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
def _read_theme_words(theme: ThemeInput) -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Stems of a theme's name, those of its examples too, and the concepts that its name means."""
    name = fold_for_cues(theme.name)
    stems = _stem(f"{name} {' '.join(fold_for_cues(example) for example in theme.examples)}")
    return _stem(name), stems, tuple(key for key, concept in load_concepts().items() if concept.names.search(name))


def choose_theme(
    themes: Sequence[ThemeInput],
    talk_heads: TalkHeads,
    *,
    talk: TalkWords,
    readings: Sequence[Reading],
    theme_vectors: Mapping[str, Vector],
    centre: Vector,
    learned: Learned | None = None,
) -> str | None:
    """Name of the theme that fits best, or None where none fits well enough. `theme_vectors` holds each name and example.

    `learned` is what people put right before.
    """
    if not themes or not readings:
        return None
    vectors = np.stack([reading.vector for reading in readings])
    inputs = describe_themes(themes, talk=talk, vectors=vectors, theme_vectors=theme_vectors, centre=centre)
    lean = learned.lean(see_talk(talk, vectors, centre)) if learned else np.zeros(len(themes))
    scores = inputs @ talk_heads.theme_weights + STRENGTH * lean
    best = int(scores.argmax())
    if scores[best] > talk_heads.theme_none:
        return themes[best].name
    # What is learned compares the themes of a list with each other; it is unsure of a short one, and of bare names.
    has_little = len(themes) < SHORT_LIST or sum(bool(theme.examples) for theme in themes) <= len(themes) / 2
    return _choose_by_words(themes, talk, inputs, lean) if has_little else None


def see_talk(talk: TalkWords, vectors: Vector, centre: Vector) -> Seen:
    """A conversation as it is compared with those that were corrected. `vectors` are those of the customer's telling messages."""
    mean = _centre(vectors, centre).mean(axis=0)
    return Seen(_stem(talk.customer), mean / max(float(np.linalg.norm(mean)), 1e-6))


def _choose_by_words(themes: Sequence[ThemeInput], talk: TalkWords, inputs: NDArray[np.float64], lean: NDArray[np.float64]) -> str | None:
    """Where nothing is sure of a short list or of bare names: a theme whose own words were used and whose meaning is near."""
    scores = inputs[:, 0] + WORDS_SHARE * np.array([_score_words(theme, talk) for theme in themes]) + WORDS_STRENGTH * lean
    best = int(scores.argmax())
    return themes[best].name if scores[best] >= MIN_SCORE else None


def _score_words(theme: ThemeInput, talk: TalkWords) -> float:
    """0 for no shared word, 1 for two that the customer used, a little more for more; an agent's words count half."""
    _, stems, concepts = _read_theme_words(theme)
    points = len(stems & _stem(talk.customer)) + 0.5 * len(stems & _stem(talk.agent))
    patterns = {pattern for key in concepts for pattern in load_concepts()[key].words}
    points += math.fsum(1.0 if pattern.search(talk.customer) else 0.4 if pattern.search(talk.agent) else 0.0 for pattern in patterns)
    return min(1.6, points / 2)


def describe_themes(
    themes: Sequence[ThemeInput], *, talk: TalkWords, vectors: Vector, theme_vectors: Mapping[str, Vector], centre: Vector
) -> NDArray[np.float64]:
    """The numbers of each theme, shape (themes, numbers). `vectors` are those of the customer's telling messages, in order."""
    # Vectors of this model all point the same way; what sets texts apart is left when their mean is taken off.
    said = _centre(vectors, centre)
    mean = said.mean(axis=0)
    mean = mean / max(float(np.linalg.norm(mean)), 1e-6)
    spoken = [_stem(text) for text in (talk.customer, talk.agent, talk.first)]
    read = [_read_theme_words(theme) for theme in themes]
    listed = Counter(stem for _, stems, _ in read for stem in stems)
    shares = Counter(key for *_, concepts in read for key in concepts)
    told = {key: _count_words(load_concepts()[key], talk) / shares[key] ** 0.5 for key in shares}
    rows = []
    for theme, (names, stems, concepts) in zip(themes, read, strict=True):
        meant = _centre(np.stack([theme_vectors[text] for text in (theme.name, *theme.examples)]), centre)
        near = said @ meant.T
        nearest = near.max(axis=1)
        middle = meant[1:].mean(axis=0) if len(meant) > 1 else meant[0]
        middle = middle / max(float(np.linalg.norm(middle)), 1e-6)
        rows.append(
            [
                float(nearest.max()),
                float(np.sort(nearest)[-2:].mean()),
                float(nearest.mean()),
                float(nearest[:2].max()),
                float(near[:, 0].max()),
                float(near[:, 1:].max()) if near.shape[1] > 1 else 0.0,
                float((said @ middle).max()),
                float((said @ middle).mean()),
                float(mean @ middle),
                # A word that stands in one theme alone tells more than one that stands in all.
                # (Summed exactly: words of a set come in another order in each process.)
                *(math.fsum(np.log1p(len(themes) / listed[stem]) for stem in stems & words) for words in spoken),
                float(len(names & spoken[0])),
                float(len(names & spoken[1])),
                *(sum((told[key] for key in concepts), np.zeros(3)) / max(1, len(concepts)) ** 0.5),
            ]
        )
    own = np.array(rows, dtype=np.float64)
    with_examples = sum(bool(theme.examples) for theme in themes) / len(themes)
    shared = np.tile([float(len(said)), float(len(spoken[0])), with_examples], (len(themes), 1))
    return np.hstack([own, own - own.max(axis=0), own - own.mean(axis=0), shared])


def _count_words(concept: Concept, talk: TalkWords) -> NDArray[np.float64]:
    """How many of a concept's words the customer, the agents, and the customer's first telling messages used."""
    return np.array(
        [sum(pattern.search(text) is not None for pattern in concept.words) for text in (talk.customer, talk.agent, talk.first)]
    )


def _stem(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in text.split() if len(word) >= 4) - _STOPSTEMS


_STOPSTEMS = frozenset(word[:STEM] for word in _STOPWORDS if len(word) >= 4)


def _centre(vectors: NDArray[np.float32], centre: Vector) -> NDArray[np.float32]:
    moved = vectors - centre
    result: NDArray[np.float32] = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
    return result
