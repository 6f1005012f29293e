"""Reads the labelled texts that the heads are trained on: our own messages, and public sets that stay outside the repository.

Only sets whose terms let weights that were trained on them be shipped are read here; NOTICE names each.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.ai.embedded.features import clean_text
from core.ai.embedded.heads import EMOTIONS
from core.ai.embedded.messages import normalise_masked
from core.ai.embedded.service_talk import Label, read_service_talk
from core.privacy import mask

OWN_PATH = Path(__file__).parent / "data" / "service_messages.jsonl"
REVIEWS_PATH = OWN_PATH.with_name("service_reviews.jsonl")
LABELS_PATH = OWN_PATH.with_name("added_labels.jsonl")
MAX_CHARACTERS = 600  # of a training text: they are posts, not letters
_SET_TOKENS = re.compile(r"<url>|@<\w+>|@user\b", re.IGNORECASE)
_NEGATIVE = frozenset({"anger", "disgust", "fear", "sadness"})

Row = dict[str, Any]
Targets = dict[str, tuple[bool, float]]  # output → (what it should say, how much that counts)


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what some of the heads should say of it. `source` is the set's name."""

    text: str
    source: str
    targets: Targets
    label: Label | None = None  # of our own messages
    fold: int | None = None  # the fold that it is held out in, where the hash of its text does not say


def read_own(path: Path = OWN_PATH) -> list[Example]:
    """Our own service messages: every head learns from them, and they count double."""
    return [
        Example(
            normalise_masked(mask(row["text"]).text),
            "own",
            _read_own_labels(row),
            Label(row["sentiment"], row["emotion"], row["tone"]),
        )
        for row in _read_lines(path.read_text(encoding="utf-8").splitlines())
    ]


def read_talk() -> list[Example]:
    """The customers' messages of our own conversations, each once for every time that it was said; they count most."""
    return [
        Example(
            normalise_masked(mask(turn.text).text),
            f"talk {talk.fold}",
            _read_label(label.sentiment, label.emotion, label.tone, weight=4.0),
            fold=talk.fold,
        )
        for talk in read_service_talk()
        for turn, label in zip((turn for turn in talk.turns if turn.author == "customer"), talk.labels, strict=True)
    ]


def read_public(folder: Path) -> list[Example]:
    """What of the public sets lies in `folder`, each with its share. A set that is not there is left out."""
    examples: list[Example] = []
    for name, (limit, read_labels) in PUBLIC_SETS.items():
        path = folder / f"{name}.jsonl.gz"
        if path.exists():
            kept = [(text, targets) for text, row in read_set(path) if (targets := read_labels(row))]
            examples += [Example(text, name, targets) for text, targets in kept[:limit]]
    return examples


def read_set(path: Path) -> list[tuple[str, Row]]:
    """Each row with its cleaned text, by the hash of that: the first of them are the same choice on every machine."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [(_clean(row["text"]), row) for row in _read_lines(lines)]
    return sorted(((text, row) for text, row in texts if text), key=lambda pair: hashlib.sha256(pair[0].encode()).digest())


def _read_lines(lines: Any) -> Iterator[Row]:
    for line in lines:
        if line.strip():
            yield json.loads(line)


def _clean(text: str) -> str:
    return clean_text(_SET_TOKENS.sub(" ", text))[:MAX_CHARACTERS]


def _read_own_labels(row: Row) -> Targets:
    return _read_label(row["sentiment"], row["emotion"], row["tone"], weight=2.0)


def _read_label(sentiment: str, emotion: str, tone: str, *, weight: float) -> Targets:
    return {
        **tell_sentiment(sentiment, weight=weight),
        **{name: (emotion == name, weight) for name in EMOTIONS},
        **{name: (tone == name, weight) for name in ("friendly", "urgent", "aggressive")},
    }


def tell_sentiment(label: str, *, weight: float) -> Targets:
    """Opinion, and which where there is one."""
    targets: Targets = {"opinion": (label != "neutral", weight)}
    if label != "neutral":
        targets["positive"] = (label == "positive", weight)
    return targets


def _read_sentiment(row: Row) -> Targets:
    return tell_sentiment(row["sentiment"], weight=1.0)


def read_emotions(row: Row) -> Targets:
    """Emotions, and the sentiment that they leave no doubt of."""
    emotions = set(row["emotions"])
    targets: Targets = {name: (name in emotions, 1.0) for name in EMOTIONS}
    if not emotions:
        return {**targets, **tell_sentiment("neutral", weight=0.4)}
    if "joy" in emotions and not emotions & _NEGATIVE:
        return {**targets, **tell_sentiment("positive", weight=0.4)}
    if emotions & _NEGATIVE and "joy" not in emotions:
        return {**targets, **tell_sentiment("negative", weight=0.4)}
    return targets


def _read_offence(row: Row) -> Targets:
    """Two of three annotators make an offence; one alone counts little."""
    return {"aggressive": (row["offensive"], 1.0 if row["strong"] or not row["offensive"] else 0.3)}


# Set → most rows taken of it, how its labels are read.
PUBLIC_SETS: dict[str, tuple[int, Callable[[Row], Targets]]] = {
    "umsab_pt": (3000, _read_sentiment),
    "umsab_es": (1500, _read_sentiment),
    "umsab_en": (1500, _read_sentiment),
    "brighter_ptbr": (4000, read_emotions),
    "brighter_es": (1500, read_emotions),
    "toldbr_ptbr": (3000, _read_offence),
}
