"""Scores the analyser on labelled sets that are not in the repository, where they lie in a folder.

Rows that the weights were trained on are known by the hash of their text (`rows_seen.bin`, written by training) and left out, in whatever
file they stand: what is measured here was never seen, and a set that was trained on as a whole gives no figure.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from core.ai.embedded.heads import EMOTIONS
from core.ai.embedded.sources import read_set
from core.ai.embedded.trained import find_seen
from core.ai.evals.figures import Figure, Tell, score_labels
from core.ai.evals.scores import compute_f1
from core.ai.roles import Analyser, MessageAnalysis, MessageInput, Vector

MAX_TEXT = 600
BATCH = 128
SECONDS_BETWEEN_PROGRESS = 15.0

Row = dict[str, Any]


@runtime_checkable
class TellsEmotions(Protocol):
    """An analyser that can say every emotion of a text that nothing surrounds, where an analysis names one."""

    def list_emotions(self, texts: Sequence[str], *, known_vectors: Mapping[str, Vector] | None = None) -> list[frozenset[str]]:
        """Of each text, the emotions that it shows."""
        ...


@dataclass(frozen=True, slots=True)
class OutsideSet:
    """A file, what is asked of it, how its label reads (None: the row is left out), and how our analysis answers."""

    file: str
    task: str
    read_label: Callable[[Row], str | None]
    say: Callable[[MessageAnalysis], str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that are measured. `seen` were trained on, `unused` are beyond the limit."""

    rows: tuple[Row, ...]
    seen: int = 0
    unused: int = 0


def _read_stars(row: Row) -> str | None:
    return None if row["stars"] == 3 else "positive" if row["stars"] > 3 else "negative"


def _read_single_emotion(row: Row) -> str | None:
    return "neutral" if not row["emotions"] else row["emotions"][0] if len(row["emotions"]) == 1 else None


def _read_sentiment(row: Row) -> str:
    return str(row["sentiment"])


def _read_offence(row: Row) -> str:
    return str(row["offensive"])


def _say_sentiment(one: MessageAnalysis) -> str:
    return one.sentiment


def _say_polarity(one: MessageAnalysis) -> str:
    return "positive" if one.sentiment_score > 0 else "negative"


def _say_offence(one: MessageAnalysis) -> str:
    return str(one.tone == "aggressive")


def _say_emotion(one: MessageAnalysis) -> str:
    return one.emotion


# In the order in which they are measured: what carries a mark first.
SETS: tuple[OutsideSet, ...] = (
    OutsideSet("tweetsentbr_ptbr", "sentiment", _read_sentiment, _say_sentiment),
    OutsideSet("umsab_pt", "sentiment", _read_sentiment, _say_sentiment),
    OutsideSet("olist_reviews_ptbr", "polarity", _read_stars, _say_polarity),
    OutsideSet("repro_b2w_ptbr", "polarity", _read_sentiment, _say_polarity),
    OutsideSet("toldbr_ptbr", "offensive", _read_offence, _say_offence),
    OutsideSet("umsab_es", "sentiment", _read_sentiment, _say_sentiment),
    OutsideSet("umsab_en", "sentiment", _read_sentiment, _say_sentiment),
    OutsideSet("computerbr_ptbr", "sentiment", _read_sentiment, _say_sentiment),
    OutsideSet("nubank_playstore_ptbr", "polarity", _read_stars, _say_polarity),
    OutsideSet("hatebr_ptbr", "offensive", _read_offence, _say_offence),
    OutsideSet("offcombr_ptbr", "offensive", _read_offence, _say_offence),
    OutsideSet("emoevent_es", "emotion", _read_single_emotion, _say_emotion),
)
# Sets whose rows have several emotions at once.
EMOTION_SETS = ("brighter_ptbr", "brighter_ptmz", "brighter_es", "brighter_en")


def read_rows(folder: Path, file: str, *, keep: Callable[[Row], bool], limit: int | None = None) -> Rows | None:
    """The rows of `file`, in `folder` or in a folder of that, by the hash of their texts; None where there is no such file."""
    paths = sorted({*folder.glob(f"{file}.jsonl.gz"), *folder.glob(f"*/{file}.jsonl.gz")})
    if not paths:
        return None
    # A text that stands in two files is one row.
    found = {text: row for path in paths for text, row in read_set(path) if keep(row)}
    seen = find_seen(list(found))
    unseen = [row for row, was_seen in zip(found.values(), seen, strict=True) if not was_seen]
    kept = unseen[:limit]
    return Rows(tuple(kept), seen=sum(seen), unused=len(unseen) - len(kept))


def count_seen(folder: Path, files: Sequence[str]) -> dict[str, int]:
    """How many rows of each file, of those that lie in `folder`, the weights were trained on."""
    found = ((file, read_rows(folder, file, keep=lambda _: True)) for file in files)
    return {file: rows.seen for file, rows in found if rows is not None}


def score_set(analyser: Analyser, one: OutsideSet, folder: Path, *, limit: int | None, tell: Tell) -> Figure | None:
    """Macro-F1 of one set; None where it has no row that the weights have not seen."""
    name = f"{one.file}: {one.task}"
    rows = read_rows(folder, one.file, keep=lambda row: one.read_label(row) is not None, limit=limit)
    if rows is None or not _tell_rows(name, rows, tell):
        return None
    said = [one.say(analysis) for analysis in analyse(analyser, [row["text"] for row in rows.rows], tell=tell)]
    wanted = [str(one.read_label(row)) for row in rows.rows]
    return score_labels(name, wanted, said, is_own=False, seen=rows.seen, unused=rows.unused)


def score_emotions(analyser: Analyser, file: str, folder: Path, *, limit: int | None, tell: Tell) -> list[Figure]:
    """The mean F1 of the six emotions of texts that may show several: by the one that an analysis names, and by all that are told."""
    rows = read_rows(folder, file, keep=lambda row: "emotions" in row, limit=limit)
    if rows is None or not _tell_rows(f"{file}: emotions", rows, tell):
        return []
    texts = [row["text"][:MAX_TEXT] for row in rows.rows]
    analyses = list(analyse(analyser, texts, tell=tell))
    wanted = [frozenset(row["emotions"]) for row in rows.rows]
    answers: dict[str, list[frozenset[str]]] = {"the one that an analysis names": [frozenset[str]({one.emotion}) for one in analyses]}
    if isinstance(analyser, TellsEmotions):
        known = {one.text_hash: one.vector for one in analyses}
        answers = {"several at once": analyser.list_emotions(texts, known_vectors=known)} | answers
    return [
        Figure(
            name=f"{file}: emotions, {name}, macro-F1",
            value=sum(_score_emotion(emotion, wanted, said) for emotion in EMOTIONS) / len(EMOTIONS),
            count=len(texts),
            is_own=False,
            seen=rows.seen,
            unused=rows.unused,
        )
        for name, said in answers.items()
    ]


def analyse(analyser: Analyser, texts: Sequence[str], *, tell: Tell) -> Iterator[MessageAnalysis]:
    """Each text as a message with nothing around it, telling every few seconds how far it is."""
    begun = told = time.monotonic()
    for start in range(0, len(texts), BATCH):
        yield from analyser.analyse_messages([MessageInput(text=text[:MAX_TEXT]) for text in texts[start : start + BATCH]])
        now, done = time.monotonic(), min(start + BATCH, len(texts))
        if now - told >= SECONDS_BETWEEN_PROGRESS or done == len(texts):
            told = now
            tell(f"  {done:,} of {len(texts):,}, {done / max(now - begun, 1e-3):.0f} rows/s")


def _tell_rows(name: str, rows: Rows, tell: Tell) -> bool:
    parts = [f"{len(rows.rows):,} rows", f"{rows.seen:,} that the weights have seen left out" if rows.seen else ""]
    parts += [f"{rows.unused:,} not needed" if rows.unused else ""]
    tell(f"{name}: {', '.join(part for part in parts if part)}")
    return bool(rows.rows)


def _score_emotion(emotion: str, wanted: Sequence[frozenset[str]], said: Sequence[frozenset[str]]) -> float:
    return compute_f1("yes", *(["yes" if emotion in one else "no" for one in answers] for answers in (wanted, said)))
