"""Reads the texts that no conversation surrounds, of which the heads of `alone.npz` learn: our own, and posts of public sets.

Two kinds of head look at such a text: those of service (reviews, messages to a shop) and those of posts ("post …"), which learn
from what strangers wrote to nobody in particular. "post" itself tells how much a text is one.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.ai.embedded.heads import EMOTIONS
from core.ai.embedded.hurried import copy_hurried
from core.ai.embedded.messages import hash_masked
from core.ai.embedded.sources import (
    LABELS_PATH,
    REVIEWS_PATH,
    Example,
    Row,
    Targets,
    read_emotions,
    read_own,
    read_set,
    read_talk,
    tell_sentiment,
)

# Set → most rows taken of it for the heads of service; of toldbr_ptbr, all that we labelled.
SERVICE_SETS: dict[str, int] = {"umsab_pt": 3000, "umsab_es": 400, "umsab_en": 400, "brighter_ptbr": 1200}
SERVICE_WEIGHTS: dict[str, float] = {"reviews": 2.0, "brighter_ptbr": 0.5}
# Set → what its sentiments count among posts. Of brighter_ptbr and toldbr_ptbr, only those that we labelled
# (where two readers did, alike): the emotions of
# brighter_ptbr, read as sentiments, took three points from umsab_pt.
POST_SENTIMENTS: dict[str, float] = {
    "umsab_pt": 1.0, "umsab_es": 0.4, "umsab_en": 0.4, "brighter_ptbr": 0.4, "toldbr_ptbr": 0.3, "own": 0.2, "reviews": 0.2,
}  # fmt: skip
# Emotion → sets beside brighter_ptbr that it is learned from, and what they count: where it is rare there.
POST_EMOTIONS: dict[str, dict[str, float]] = {
    "fear": {"brighter_ptmz": 0.5, "brighter_es": 0.3, "goemotions_en": 0.3},
    "disgust": {"own": 0.5, "reviews": 0.5, "goemotions_en": 0.3},
    "surprise": {"goemotions_en": 0.1},
}
# Of goemotions_en, which is long: every row of these emotions, and the first of the others.
RARE = frozenset({"fear", "disgust"})
OTHERS_OF_RARE = 4200
HURRIED = 0.5  # what a copy typed in a hurry counts of its original
# Set → most rows taken of it.
POST_SETS: dict[str, int] = {
    "umsab_pt": 3000, "umsab_es": 3000, "umsab_en": 3000, "brighter_ptbr": 4000, "brighter_ptmz": 3000, "brighter_es": 3100,
    "toldbr_ptbr": 17000, "goemotions_en": 50000,
}  # fmt: skip
IN_PORTUGUESE = frozenset({"umsab_pt", "brighter_ptbr", "toldbr_ptbr"})
EMOTIONS_IN_PORTUGUESE = frozenset({"brighter_ptbr", "umsab_pt"})  # the latter's 400 are ours

Labels = dict[tuple[str, str], Row]


def read_alone(folder: Path | None) -> list[Example]:
    """Every such text with what the heads of ALONE_OUTPUTS should say of it: our own, and what of POST_SETS lies in `folder`."""
    own = read_own() + [replace(one, source="reviews") for one in read_own(REVIEWS_PATH)]
    examples = [replace(one, targets=_tell_own(one)) for one in own]
    examples += copy_hurried(examples, share=HURRIED)
    examples += [Example(one.text, "talk", {"post": (False, 1.0)}) for one in read_talk()]
    labels = _read_added_labels()
    for name, limit in POST_SETS.items():
        path = folder / f"{name}.jsonl.gz" if folder else None
        if path and path.exists():
            rows = read_set(path)[:limit]
            examples += _read_posts(name, _thin_out(rows) if name == "goemotions_en" else rows, labels)
    return list(_balance([one for one in examples if one.targets]))


def _thin_out(rows: Sequence[tuple[str, Row]]) -> list[tuple[str, Row]]:
    rare = [pair for pair in rows if RARE & set(pair[1]["emotions"])]
    return rare + [pair for pair in rows if not RARE & set(pair[1]["emotions"])][:OTHERS_OF_RARE]


def _read_posts(name: str, rows: Sequence[tuple[str, Row]], labels: Labels) -> Iterator[Example]:
    for place, (text, row) in enumerate(rows):
        added = labels.get((name, hash_masked(text)), {})
        first, second = added.get("sentiment"), added.get("second", added.get("sentiment"))
        service = _tell_service(name, row, first) if place < SERVICE_SETS.get(name, len(rows)) else {}
        told = row if "emotions" in row or "emotions" not in added else row | {"emotions": added["emotions"]}
        yield Example(text, name, service | _tell_post(name, told, first if first == second else None))


def _tell_own(one: Example) -> Targets:
    emotion = one.label.emotion if one.label else "neutral"
    sentiment = {name: says for name, (says, _) in one.targets.items() if name in ("opinion", "positive")}
    return {
        **{name: (says, SERVICE_WEIGHTS.get(one.source, 1.0)) for name, says in sentiment.items()},
        **{f"post {name}": (says, POST_SENTIMENTS[one.source]) for name, says in sentiment.items()},
        **{f"post {name}": (emotion == name, sets[one.source]) for name, sets in POST_EMOTIONS.items() if one.source in sets},
        "post": (False, 1.0),
    }


def _tell_service(name: str, row: Row, added: str | None) -> Targets:
    """The sentiment by the set's own label, by the emotions that leave no doubt of it, or, of toldbr_ptbr, by the label that we added."""
    if "sentiment" in row and name in SERVICE_SETS:
        told = tell_sentiment(row["sentiment"], weight=1.0)
    elif "emotions" in row and name in SERVICE_SETS:
        told = read_emotions(row)
    else:
        told = tell_sentiment(added, weight=1.0) if added and name == "toldbr_ptbr" else {}
    weight = SERVICE_WEIGHTS.get(name, 1.0)
    return {output: (says, weight) for output, (says, _) in told.items() if output in ("opinion", "positive")}


def _tell_post(name: str, row: Row, added: str | None) -> Targets:
    targets: Targets = {"post": (True, 1.0)} if name in IN_PORTUGUESE else {}
    sentiment = row.get("sentiment") or added
    if sentiment is not None:
        targets |= {f"post {output}": told for output, told in tell_sentiment(sentiment, weight=POST_SENTIMENTS[name]).items()}
    if "emotions" in row:
        for emotion in EMOTIONS:
            weight = 1.0 if name in EMOTIONS_IN_PORTUGUESE else POST_EMOTIONS.get(emotion, {}).get(name)
            if weight is not None:
                targets[f"post {emotion}"] = (emotion in row["emotions"], weight)
    if "offensive" in row:
        targets["post aggressive"] = (row["offensive"], 1.0 if row["strong"] or not row["offensive"] else 0.6)
    return targets


def _balance(examples: Sequence[Example]) -> Iterator[Example]:
    """In each set every sentiment of a post counts the same in all, and the set what its rows count together."""
    counts = Counter((one.source, _name(one)) for one in examples if "post opinion" in one.targets)
    totals = Counter(one.source for one in examples if "post opinion" in one.targets)
    for one in examples:
        if "post opinion" not in one.targets:
            yield one
            continue
        factor = totals[one.source] / 3 / counts[one.source, _name(one)]
        told = {
            output: (says, weight * factor) for output, (says, weight) in one.targets.items() if output in ("post opinion", "post positive")
        }
        yield replace(one, targets=one.targets | told)


def _name(one: Example) -> str:
    return name_sentiment(one.targets, "post ")


def name_sentiment(targets: Targets, kind: str = "") -> str:
    """The sentiment that the targets of opinion and polarity come from."""
    return "neutral" if not targets[f"{kind}opinion"][0] else "positive" if targets[f"{kind}positive"][0] else "negative"


def _read_added_labels() -> Labels:
    """(set, hash of the text) → what readers added where the set has none. Texts themselves do not ship."""
    rows = [json.loads(line) for line in LABELS_PATH.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {(row["set"], row["hash"]): row for row in rows}
