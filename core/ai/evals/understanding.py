"""Scores the understanding of messages and conversations: our own sets against the committed baseline, outside sets beside them.

The messages and conversations here were never trained on. Of the conversations, one half chose the thresholds (`tuned`), the
other only reports (`held`).
"""

import gzip
import json
import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from core.ai.evals.misspell import misspell
from core.ai.evals.scores import compute_accuracy, compute_macro_f1, compute_mean_error
from core.ai.roles import Analyser, ConversationInput, MessageAnalysis, MessageInput, ThemeInput, Turn

DATA = Path(__file__).parent / "data"
BASELINE_PATH = DATA / "baseline.json"
# Written by training; a path, so that measuring loads no weights of an analyser that is not measured.
FIGURES_PATH = Path(__file__).parents[1] / "embedded" / "data" / "figures.json"
TOLERANCE = 0.02  # a figure this much worse than its baseline is a fall
MAX_ROWS = 1500  # of one outside set
MAX_TEXT = 600
BATCH = 128

Row = dict[str, Any]
Labelled = tuple[ConversationInput, Row]  # with "theme", "satisfaction" and "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number. `majority` is what always answering the commonest label gives; None where that makes no sense."""

    name: str
    value: float
    count: int
    majority: float | None = None
    lower_is_better: bool = False
    is_own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every figure, and those that fell below the committed baseline."""

    figures: list[Figure]
    analyser: str
    fallen: list[str] = field(default_factory=list)

    @property
    def has_passed(self) -> bool:
        """True where no figure fell."""
        return not self.fallen

    def to_lines(self) -> list[str]:
        """The report as a table of text."""
        lines = [f"{self.analyser}", f"{'set':58} {'n':>6} {'value':>7} {'majority':>9}"]
        for one in self.figures:
            majority = f"{one.majority:9.3f}" if one.majority is not None else " " * 9
            lines.append(f"{one.name:58} {one.count:6d} {one.value:7.3f} {majority}")
        return lines


def run(*, data: Path | None = None, analyser: Analyser | None = None, told: Sequence[Labelled] = ()) -> Report:
    """Score our own sets, the demo's conversations (`told`), and the outside sets in `data` (or the folder that EVOSENSE_DATA names)."""
    if analyser is None:
        from core.ai.analysers import get_analyser

        analyser = get_analyser()
    folder = data or (Path(os.environ["EVOSENSE_DATA"]) if os.environ.get("EVOSENSE_DATA") else None)
    figures = _read_held_out() + _score_messages(analyser)
    for half in ("tuned", "held"):
        figures += _score_conversations(analyser, read_conversations(half=half), name=f"own conversations ({half})")
    if told:
        figures += _score_conversations(analyser, told, name="demo conversations")
    if folder:
        figures += _score_outside(analyser, folder)
    return Report(figures=figures, analyser=f"{analyser.name} {analyser.version}", fallen=_find_fallen(figures))


def run_eval(write: bool, *, told: Sequence[Labelled] = ()) -> list[str]:  # noqa: FBT001  as `evosense eval` calls every set
    """Print the figures and return what fell; `write` makes the present figures of our own sets the baseline."""
    report = run(told=told)
    click.echo("\n".join(report.to_lines()))
    if write:
        write_baseline(report)
        return []
    return report.fallen


def write_baseline(report: Report, path: Path = BASELINE_PATH) -> None:
    """Keep the figures of our own sets as what later versions are compared with."""
    own = {one.name: round(one.value, 3) for one in report.figures if one.is_own}
    path.write_text(json.dumps({"analyser": report.analyser, "figures": own}, indent=2) + "\n", encoding="utf-8")


def _find_fallen(figures: Sequence[Figure]) -> list[str]:
    if not BASELINE_PATH.exists():
        return []
    baseline = json.loads(BASELINE_PATH.read_text(encoding="utf-8"))["figures"]
    return [
        f"{one.name}: {one.value:.3f}, was {baseline[one.name]:.3f}"
        for one in figures
        if one.name in baseline and (baseline[one.name] - one.value) * (-1 if one.lower_is_better else 1) > TOLERANCE
    ]


def _read_rows(path: Path) -> list[Row]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines() if line.strip()]


def _analyse(analyser: Analyser, texts: Sequence[str]) -> list[MessageAnalysis]:
    messages = [MessageInput(text=text[:MAX_TEXT]) for text in texts]
    return [one for start in range(0, len(messages), BATCH) for one in analyser.analyse_messages(messages[start : start + BATCH])]


def _label(name: str, wanted: Sequence[str], said: Sequence[str], *, is_own: bool = True) -> Figure:
    commonest = max(set(wanted), key=list(wanted).count)
    return Figure(
        name=f"{name}, macro-F1",
        value=compute_macro_f1(wanted, said),
        count=len(wanted),
        majority=compute_macro_f1(wanted, [commonest] * len(wanted)),
        is_own=is_own,
    )


def _read_held_out() -> list[Figure]:
    """What training measured on conversations and public rows that were held out in turns, and kept beside the weights.

    The weights themselves have seen all of them, so that no later run can measure it again without training.
    """
    kept = json.loads(FIGURES_PATH.read_text(encoding="utf-8"))
    return [
        Figure(
            name=f"held out: {name}",
            value=value,
            count=kept["sets"].get(name.split(":")[0], kept["sets"]["talk"]),
            lower_is_better="error" in name,
        )
        for name, value in kept["held out"].items()
    ]


def _score_messages(analyser: Analyser) -> list[Figure]:
    """Our own messages as they are, and as somebody in a hurry would type them."""
    rows = _read_rows(DATA / "messages.jsonl")
    figures = []
    for name, write in (("own messages", str), ("own messages typed in a hurry", misspell)):
        said = _analyse(analyser, [write(row["text"]) for row in rows])
        figures += [
            _label(f"{name}: sentiment", [row["sentiment"] for row in rows], [one.sentiment for one in said]),
            _label(f"{name}: emotion", [row["emotion"] for row in rows], [one.emotion for one in said]),
            _label(f"{name}: tone", [row["tone"] for row in rows], [one.tone for one in said]),
        ]
    return figures


def read_conversations(*, half: str) -> list[Labelled]:
    """Our conversations with what is expected of each; `half` is "tuned" or "held"."""
    rows = [row for row in _read_rows(DATA / "conversations.jsonl") if (zlib.crc32(row["id"].encode()) % 2 == 0) == (half == "tuned")]
    return [
        (
            ConversationInput(
                messages=tuple(
                    Turn(author=message["author"], text=message["text"], at=datetime.fromisoformat(message["at"]))
                    for message in row["messages"]
                ),
                themes=tuple(ThemeInput(name=name) for name in row["themes"]),
                rating=row.get("rating"),
            ),
            row["expected"],
        )
        for row in rows
    ]


def _score_conversations(analyser: Analyser, pairs: Sequence[Labelled], *, name: str) -> list[Figure]:
    said = analyser.analyse_conversations([one for one, _ in pairs])
    wanted = [expected for _, expected in pairs]
    notes = [float(expected["satisfaction"]) for expected in wanted]
    middle = sorted(notes)[len(notes) // 2]
    return [
        Figure(
            name=f"{name}: satisfaction, mean error",
            value=compute_mean_error(notes, [one.score for one in said]),
            count=len(pairs),
            majority=compute_mean_error(notes, [middle] * len(notes)),
            lower_is_better=True,
        ),
        _share(f"{name}: theme, share right", [str(row["theme"]) for row in wanted], [str(one.theme) for one in said]),
        _share(f"{name}: resolved, share right", [str(row["resolved"]) for row in wanted], [str(one.is_resolved) for one in said]),
    ]


def _share(name: str, wanted: Sequence[str], said: Sequence[str]) -> Figure:
    commonest = max(set(wanted), key=list(wanted).count)
    majority = compute_accuracy(wanted, [commonest] * len(wanted))
    return Figure(name=name, value=compute_accuracy(wanted, said), count=len(wanted), majority=majority)


# Outside sets: file, what is asked of it, how its label reads (None: the row is left out), how our analysis answers.
def _read_stars(row: Row) -> str | None:
    return None if row["stars"] == 3 else "positive" if row["stars"] > 3 else "negative"


def _read_single_emotion(row: Row) -> str | None:
    return "neutral" if not row["emotions"] else row["emotions"][0] if len(row["emotions"]) == 1 else None


def _say_polarity(one: MessageAnalysis) -> str:
    return "positive" if one.sentiment_score > 0 else "negative"


OUTSIDE: tuple[tuple[str, str, Callable[[Row], str | None], Callable[[MessageAnalysis], str]], ...] = (
    ("tweetsentbr_ptbr", "sentiment", lambda row: str(row["sentiment"]), lambda one: one.sentiment),
    ("computerbr_ptbr", "sentiment", lambda row: str(row["sentiment"]), lambda one: one.sentiment),
    ("olist_reviews_ptbr", "polarity", _read_stars, _say_polarity),
    ("repro_b2w_ptbr", "polarity", lambda row: str(row["sentiment"]), _say_polarity),
    ("nubank_playstore_ptbr", "polarity", _read_stars, _say_polarity),
    ("hatebr_ptbr", "aggressive", lambda row: str(row["offensive"]), lambda one: str(one.tone == "aggressive")),
    ("offcombr_ptbr", "aggressive", lambda row: str(row["offensive"]), lambda one: str(one.tone == "aggressive")),
    ("emoevent_es", "emotion", _read_single_emotion, lambda one: one.emotion),
)


def _score_outside(analyser: Analyser, folder: Path) -> list[Figure]:
    figures = []
    for name, task, read_label, say in OUTSIDE:
        path = next((found for found in (folder / f"{name}.jsonl.gz", folder / "tune" / f"{name}.jsonl.gz") if found.exists()), None)
        if path is None:
            continue
        labelled = [(row["text"], label) for row in _read_rows(path) if (label := read_label(row)) is not None]
        kept = sorted(labelled, key=lambda pair: zlib.crc32(pair[0].encode()))[:MAX_ROWS]
        said = [say(one) for one in _analyse(analyser, [text for text, _ in kept])]
        figures.append(_label(f"{name}: {task}", [label for _, label in kept], said, is_own=False))
    return figures
