"""From customer messages to sentiment, emotion and tone: mask, embed what is new, ask the heads, decide where it was said."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.alone import weigh_alone
from core.ai.embedded.calibration import take_sides
from core.ai.embedded.context import TURNS, Said, describe_in_context
from core.ai.embedded.cues import find_cues
from core.ai.embedded.embedder import EmbeddedEmbedder
from core.ai.embedded.episode import Felt
from core.ai.embedded.features import clean_text
from core.ai.embedded.formulas import find_typed_rating, is_formula
from core.ai.embedded.heads import OUTPUTS, Heads, compute_inputs
from core.ai.embedded.talk import EMOTIONS, SENTIMENTS, TONES, Needed, TalkHeads
from core.ai.roles import Emotion, Sentiment, Tone, Turn, Vector
from core.privacy import mask

# An emotion fits a sentiment, or the two would contradict each other.
FITTING: Mapping[Sentiment, frozenset[Emotion]] = {
    "positive": frozenset({"joy", "surprise", "sadness", "neutral"}),
    "negative": frozenset({"anger", "disgust", "fear", "sadness", "surprise", "neutral"}),
    "neutral": frozenset({"fear", "sadness", "surprise", "neutral"}),
}


@dataclass(frozen=True, slots=True)
class Mood:
    """What was concluded of one message. `felt` holds the probabilities behind it."""

    sentiment: Sentiment
    score: float  # −1 … 1
    emotion: Emotion
    tone: Tone
    felt: Felt


@dataclass(frozen=True, slots=True)
class Reading:
    """One distinct text, read: everything that does not depend on the conversation around it."""

    masked_text: str
    text: str  # masked and normalised, as heads and cues read it
    text_hash: str
    vector: Vector
    scores: NDArray[np.float32]  # of the heads, in their order
    # Where it may stand alone: chances of OUTPUTS and what they need (see alone.py).
    alone: NDArray[np.float32] = field(default_factory=lambda: np.zeros((2, len(OUTPUTS)), np.float32))


@dataclass(frozen=True, slots=True)
class Placed:
    """A customer message where it was said. `before` are the turns before it, oldest first."""

    text: str
    at: datetime | None
    before: tuple[Turn, ...]

    @property
    def is_in_talk(self) -> bool:
        """False for a text of which nothing else is known: a review, a post, a line to try."""
        return self.at is not None or bool(self.before)


def place_turns(turns: Sequence[Turn]) -> list[Placed]:
    """The customer's messages of a conversation, each with what was said before it."""
    return [
        Placed(turn.text, turn.at, tuple(turns[max(0, place - TURNS) : place]))
        for place, turn in enumerate(turns)
        if turn.author == "customer"
    ]


def mask_agents(turns: Sequence[Turn], *, known: dict[str, str]) -> tuple[Turn, ...]:
    """The turns with the agents' lines masked: what they promise counts, whose number they spell does not.

    `known` holds what was masked before and takes what is masked now: canned lines come again and again.
    """
    return tuple(
        replace(turn, text=known.get(turn.text) or known.setdefault(turn.text, mask(turn.text).text)) if turn.author == "agent" else turn
        for turn in turns
    )


def normalise_masked(text: str) -> str:
    """The form of a masked text that is hashed and embedded: composed characters, no addresses, single spaces."""
    encodable = text.encode("utf-8", "ignore").decode()
    return clean_text(unicodedata.normalize("NFC", encodable))


def hash_masked(text: str) -> str:
    """Hash of a masked text, 32 hexadecimal digits: the same text has the same vector, whoever wrote it."""
    return hashlib.sha256(normalise_masked(text).encode()).hexdigest()[:32]


def read_texts(
    texts: Sequence[str], *, heads: Heads, alone: Heads | None, embedder: EmbeddedEmbedder, known_vectors: Mapping[str, Vector]
) -> dict[str, Reading]:
    """Read each distinct text once. Keys are the texts as they came in. Without `alone`, none of them may stand alone."""
    masked = {text: mask(text).text for text in dict.fromkeys(texts)}
    hashes = {text: hash_masked(masked_text) for text, masked_text in masked.items()}
    sources: dict[str, str] = {}  # hash → the masked text it is computed from
    for text, text_hash in hashes.items():
        sources.setdefault(text_hash, normalise_masked(masked[text]))
    vectors: dict[str, Vector] = {key: known_vectors[key][: embedder.dimensions] for key in sources if key in known_vectors}
    new = [key for key in sources if key not in vectors]
    vectors.update(zip(new, embedder.embed_passages([sources[key] for key in new]), strict=True))
    keys = list(sources)
    inputs = compute_inputs([sources[key] for key in keys], vectors=np.stack([vectors[key] for key in keys])) if keys else None
    scores: dict[str, tuple[NDArray[np.float32], ...]] = {}
    if inputs:
        scored = [heads.score(inputs)]
        if alone is not None:
            scored.append(weigh_alone(scored[0], alone.score(inputs), heads, alone))
        scores = dict(zip(keys, zip(*scored, strict=True), strict=True))
    return {text: Reading(masked[text], sources[key], key, vectors[key], *scores[key]) for text, key in hashes.items()}


def judge_messages(placed: Sequence[Placed], readings: Mapping[str, Reading], talk: TalkHeads) -> list[Mood]:
    """The mood of each message where it was said. `readings` has every text of a customer in them and before them."""
    if not placed:
        return []
    inputs = np.stack([describe_placed(one, readings) for one in placed])
    chances = {name: talk.predict(name, inputs) for name in ("sentiment", "emotion", "tone")}
    return [
        decide_mood(one, readings[one.text].text, *(chances[name][row] for name in ("sentiment", "emotion", "tone")), needed=talk.needed)
        if one.is_in_talk
        else decide_alone(readings[one.text])
        for row, one in enumerate(placed)
    ]


def describe_placed(placed: Placed, readings: Mapping[str, Reading]) -> NDArray[np.float32]:
    """The numbers of a message in its context."""
    reading = readings[placed.text]
    before = [
        Said(turn.author, readings[turn.text].text, turn.at, readings[turn.text].scores)
        if turn.author == "customer"
        else Said(turn.author, turn.text, turn.at)
        for turn in placed.before
    ]
    return describe_in_context(reading.text, reading.scores, at=placed.at, before=before)


def decide_mood(
    placed: Placed,
    text: str,
    sentiments: NDArray[np.float64],
    emotions: NDArray[np.float64],
    tones: NDArray[np.float64],
    *,
    needed: Needed,
) -> Mood:
    """The mood of a message by the chances of its labels, each of which must have what it needs.

    A typed rating and a bare formula decide for themselves.
    """
    rated = find_typed_rating(placed.text, before=placed.before)
    if rated is not None:
        return _decide_rating(rated, text)
    if is_formula(text):
        return _make_mood("neutral", 0.0, "neutral", "neutral", text, (0.0, 1.0, 0.0))
    if "sarcasm" in find_cues(text):
        # Praise that is a reproach: what looks positive is negative.
        sentiments = np.array([max(sentiments[0], sentiments[2]), sentiments[1], min(sentiments[0], sentiments[2])])
        if sentiments[0] < sentiments[1]:
            sentiments[[0, 1]] = sentiments[[1, 0]]
        sentiment = SENTIMENTS[0]
    else:
        sentiment = SENTIMENTS[int(take_sides(sentiments[None, :])[0])]
    felt = Felt(
        text=text,
        sentiment=(float(sentiments[0]), float(sentiments[1]), float(sentiments[2])),
        emotions=dict(zip(EMOTIONS, map(float, emotions), strict=True)),
        tones=dict(zip(TONES, map(float, tones), strict=True)),
    )
    emotion = max(FITTING[sentiment], key=lambda name: (felt.emotions[name] / needed["emotion"][EMOTIONS.index(name)], name))
    # Whoever is content attacks nobody.
    fitting = [name for name in TONES if name != "aggressive" or sentiment != "positive"]
    tone = max(fitting, key=lambda name: felt.tones[name] / needed["tone"][TONES.index(name)])
    return Mood(sentiment, round(felt.mood, 4), emotion, tone, felt)


def decide_alone(reading: Reading) -> Mood:
    """The mood of a text that nothing is known around, by heads which have read posts and reviews as well as service talk.

    What was learned of conversations would take most of such texts for neutral: there, most messages are.
    """
    text = reading.text
    if is_formula(text):
        return _make_mood("neutral", 0.0, "neutral", "neutral", text, (0.0, 1.0, 0.0))
    chances, needed = (dict(zip(OUTPUTS, row.tolist(), strict=True)) for row in reading.alone)
    opinion, positive = chances["opinion"], chances["positive"]
    cues = find_cues(text)
    if "sarcasm" in cues:
        # Praise that is a reproach: what it praises with is not what it means.
        opinion, positive = max(opinion, 0.8), min(positive, 1.0 - positive)
    elif "praise" in cues and "short" in cues and positive > 0.8:
        opinion = max(opinion, 0.8)  # "nota 10"
    sides = (opinion * (1.0 - positive), 1.0 - opinion, opinion * positive)
    sentiment = SENTIMENTS[int(take_sides(np.array([sides]))[0])]
    emotion: Emotion = max(FITTING[sentiment] - {"neutral"}, key=lambda name: (chances[name] / needed[name], name))
    if chances[emotion] < needed[emotion]:
        emotion = "neutral"
    tone: Tone = "neutral"
    if sentiment != "positive" and chances["aggressive"] >= needed["aggressive"]:
        tone = "aggressive"
    elif chances["urgent"] >= needed["urgent"]:
        tone = "urgent"
    elif chances["friendly"] >= needed["friendly"]:
        tone = "friendly"
    return _make_mood(sentiment, round(sides[2] - sides[0], 4), emotion, tone, text, sides)


def _decide_rating(rated: float, text: str) -> Mood:
    """A bare number that answers a rating question is an opinion, and no more than that."""
    if rated == 0:
        return _make_mood("neutral", 0.0, "neutral", "neutral", text, (0.0, 1.0, 0.0))
    if rated > 0:
        return _make_mood("positive", rated, "joy", "neutral", text, (0.0, 1.0 - rated, rated))
    return _make_mood("negative", rated, "neutral", "neutral", text, (-rated, 1.0 + rated, 0.0))


def _make_mood(sentiment: Sentiment, score: float, emotion: Emotion, tone: Tone, text: str, chances: tuple[float, float, float]) -> Mood:
    felt = Felt(
        text=text,
        sentiment=chances,
        emotions={name: float(name == emotion) for name in EMOTIONS},
        tones={name: float(name == tone) for name in TONES},
    )
    return Mood(sentiment, score, emotion, tone, felt)
