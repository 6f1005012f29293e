"""From customer messages to sentiment, emotion and tone: mask, embed what is new, ask the heads, decide."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.ai.embedded.cues import NAMES
from core.ai.embedded.embedder import EmbeddedEmbedder
from core.ai.embedded.features import clean_text
from core.ai.embedded.formulas import find_typed_rating, is_formula
from core.ai.embedded.heads import EMOTIONS, Heads, compute_inputs
from core.ai.roles import Emotion, MessageInput, Sentiment, Tone, Vector
from core.privacy import mask

POSITIVE_EMOTIONS = frozenset({"joy", "surprise"})
NEGATIVE_EMOTIONS = frozenset({"anger", "disgust", "fear", "sadness", "surprise"})


@dataclass(frozen=True, slots=True)
class Mood:
    """What the heads concluded of one text."""

    sentiment: Sentiment
    score: float  # −1 … 1
    emotion: Emotion
    tone: Tone


NEUTRAL_MOOD = Mood("neutral", 0.0, "neutral", "neutral")


def normalise_masked(text: str) -> str:
    """The form of a masked text that is hashed and embedded: composed characters, no addresses, single spaces."""
    encodable = text.encode("utf-8", "ignore").decode()
    return clean_text(unicodedata.normalize("NFC", encodable))


def hash_masked(text: str) -> str:
    """Hash of a masked text, 32 hexadecimal digits: the same text has the same vector, whoever wrote it."""
    return hashlib.sha256(normalise_masked(text).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Reading:
    """One distinct text, read: everything that does not depend on the conversation around it."""

    masked_text: str
    text_hash: str
    vector: Vector
    mood: Mood


def read_texts(
    texts: Sequence[str], *, heads: Heads, embedder: EmbeddedEmbedder, known_vectors: Mapping[str, Vector]
) -> dict[str, Reading]:
    """Read each distinct text once. Keys are the texts as they came in."""
    masked = {text: mask(text).text for text in dict.fromkeys(texts)}
    hashes = {text: hash_masked(masked_text) for text, masked_text in masked.items()}
    sources: dict[str, str] = {}  # hash → the masked text it is computed from
    for text, text_hash in hashes.items():
        sources.setdefault(text_hash, normalise_masked(masked[text]))
    vectors: dict[str, Vector] = {key: known_vectors[key][: embedder.dimensions] for key in sources if key in known_vectors}
    new = [key for key in sources if key not in vectors]
    vectors.update(zip(new, embedder.embed_passages([sources[key] for key in new]), strict=True))
    keys = list(sources)
    moods = dict(zip(keys, _judge([sources[key] for key in keys], [vectors[key] for key in keys], heads), strict=True))
    return {text: Reading(masked[text], key, vectors[key], moods[key]) for text, key in hashes.items()}


def _judge(texts: Sequence[str], vectors: Sequence[Vector], heads: Heads) -> list[Mood]:
    if not texts:
        return []
    inputs = compute_inputs(texts, vectors=np.stack(vectors))
    probabilities = heads.predict(inputs)
    moods: list[Mood] = []
    for row, text in enumerate(texts):
        cues = frozenset(name for name, holds in zip(NAMES, inputs.dense[row, -len(NAMES) :], strict=True) if holds)
        chances = {name: float(values[row]) for name, values in probabilities.items()}
        moods.append(NEUTRAL_MOOD if is_formula(text) else decide_mood(chances, heads.thresholds, cues=cues))
    return moods


def decide_mood(probabilities: Mapping[str, float], thresholds: Mapping[str, float], *, cues: frozenset[str] = frozenset()) -> Mood:
    """Labels from probabilities: neutral unless an opinion is likelier than not; the emotion fits the sentiment.

    Three cues leave no doubt and overrule the heads: praise that is a reproach, threats and insults, and disgust.
    """
    opinion, positive = probabilities["opinion"], probabilities["positive"]
    if "sarcasm" in cues:
        opinion, positive = max(opinion, 0.8), min(positive, 1.0 - positive)
    sentiment: Sentiment = "neutral"
    if opinion >= thresholds["opinion"]:
        sentiment = "positive" if positive >= 0.5 else "negative"
    return Mood(
        sentiment,
        round(opinion * (2.0 * positive - 1.0), 4),
        "disgust" if sentiment == "negative" and "disgust" in cues else _decide_emotion(probabilities, thresholds, sentiment),
        "aggressive" if sentiment == "negative" and _is_attack(cues) else _decide_tone(probabilities, thresholds, sentiment),
    )


def _is_attack(cues: frozenset[str]) -> bool:
    return "insult" in cues or ("threat" in cues and "please" not in cues)


def _decide_emotion(probabilities: Mapping[str, float], thresholds: Mapping[str, float], sentiment: Sentiment) -> Emotion:
    fitting = {"positive": POSITIVE_EMOTIONS, "negative": NEGATIVE_EMOTIONS, "neutral": frozenset(EMOTIONS)}[sentiment]
    # Each emotion against its own threshold: rare ones speak more quietly.
    margins = {name: probabilities[name] / thresholds[name] for name in EMOTIONS if name in fitting}
    best = max(margins, key=lambda name: margins[name])
    needed = thresholds["emotion_of_neutral"] if sentiment == "neutral" else 1.0
    return best if margins[best] >= needed else "neutral"  # type: ignore[return-value]


def _decide_tone(probabilities: Mapping[str, float], thresholds: Mapping[str, float], sentiment: Sentiment) -> Tone:
    if sentiment != "positive" and probabilities["aggressive"] >= thresholds["aggressive"]:
        return "aggressive"
    if probabilities["urgent"] >= thresholds["urgent"]:
        return "urgent"
    return "friendly" if probabilities["friendly"] >= thresholds["friendly"] else "neutral"


def place_in_talk(mood: Mood, message: MessageInput) -> Mood:
    """The mood of a text where it was said: a bare number that answers a rating question is an opinion."""
    rated = find_typed_rating(message.text, before=message.before)
    if rated is None:
        return mood
    if rated == 0:
        return NEUTRAL_MOOD
    return Mood("positive" if rated > 0 else "negative", rated, "joy" if rated > 0 else "neutral", "neutral")
