"""Scores the understanding of messages and conversations: what was to be reached first, then every figure, then what fell.

Three sources: what training held out and kept (`held_out.py`), our own lines and the demo, and outside sets that lie in the folder which
EVOSENSE_DATA names (`outside.py`). The messages and conversations here were never trained on. Of the conversations, one half chose the
thresholds (`tuned`), the other only reports (`held`).
"""

import json
import os
import time
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from core.ai.evals.figures import Figure, Tell, list_lines, score_labels, score_share, show_value
from core.ai.evals.held_out import FIGURES_PATH, HeldOut, describe_strangers, read_held_out, train_again
from core.ai.evals.marks import MARKS, Result, find_lost, judge_marks, list_mark_lines, list_reached
from core.ai.evals.misspell import misspell
from core.ai.evals.outside import EMOTION_SETS, SETS, analyse, count_seen, score_emotions, score_set
from core.ai.evals.scores import compute_mean_error
from core.ai.roles import Analyser, ConversationInput, ThemeInput, Turn

DATA = Path(__file__).parent / "data"
BASELINE_PATH = DATA / "baseline.json"
TOLERANCE = 0.02  # a figure this much worse than its baseline is a fall
MAX_ROWS = 1500  # of an outside set that carries no mark; those that do are measured whole
MAX_QUICK_ROWS = 500  # of any outside set, with --quick
WITH_MARK = frozenset(mark.file for mark in MARKS if mark.file)

Row = dict[str, Any]
Labelled = tuple[ConversationInput, Row]  # with "theme", "satisfaction" and "resolved"


def run_eval(
    write: bool,  # noqa: FBT001  as `evosense eval` calls every set
    *,
    told: Sequence[Labelled] = (),
    is_quick: bool = False,
    is_cross_validated: bool = False,
    data: Path | None = None,
    analyser: Analyser | None = None,
) -> list[str]:
    """Print marks and figures as soon as each table is whole, and return what fell; `write` makes the present figures the baseline.

    `told` are the demo's conversations. `data` is the folder that EVOSENSE_DATA names, where it is left out. Progress goes to standard
    error, a line for each figure as it comes.
    """
    if analyser is None:
        from core.ai.analysers import get_analyser

        analyser = get_analyser()
    folder = data or (Path(os.environ["EVOSENSE_DATA"]) if os.environ.get("EVOSENSE_DATA") else None)
    kept = train_again(folder) if is_cross_validated else read_held_out(FIGURES_PATH)
    click.echo(f"{analyser.name} {analyser.version}")
    click.echo(f"held out by {kept.source}: {kept.version}")
    if kept.is_fresh:
        click.echo("of these, other than what ships: " + (", ".join(kept.strangers) or "none, byte by byte"))
    figures = list(kept.figures)
    figures += _follow(_score_outside(analyser, folder, with_mark=True, is_quick=is_quick))
    results = judge_marks(figures, kept, count_seen(folder, sorted(WITH_MARK)) if folder else {})
    click.echo("\n".join(["", *list_mark_lines(results), ""]))
    figures += _follow(_score_own(analyser, told))
    figures += _follow(_score_outside(analyser, folder, with_mark=False, is_quick=is_quick))
    click.echo("\n".join(list_lines(figures)))
    if write:
        write_baseline(figures, results, f"{analyser.name} {analyser.version}")
        return describe_strangers(kept)
    return find_fallen(figures, results, kept)


def write_baseline(figures: Sequence[Figure], results: Sequence[Result], analyser: str, path: Path = BASELINE_PATH) -> None:
    """Keep the figures that need nothing from outside as what later versions are compared with.

    A mark that was reached once stays one that was: no new baseline forgives its loss.
    """
    own = {one.name: round(one.value, 3) for one in figures if one.is_own}
    before = json.loads(path.read_text(encoding="utf-8")).get("marks reached", []) if path.exists() else []
    reached = sorted({*before, *list_reached(results)})
    path.write_text(json.dumps({"analyser": analyser, "marks reached": reached, "figures": own}, indent=2) + "\n", encoding="utf-8")


def find_fallen(figures: Sequence[Figure], results: Sequence[Result], kept: HeldOut, path: Path = BASELINE_PATH) -> list[str]:
    """What is wrong, one sentence each: figures of other weights, marks that were lost, figures that are worse than the baseline.

    Held-out figures change only where somebody trains: they are compared with those of the training before.
    """
    baseline = json.loads(path.read_text(encoding="utf-8"))
    before = baseline["figures"]
    fallen = [
        f"{one.name}: {show_value(one.value, lower_is_better=one.lower_is_better)}, was {before[one.name]:.3f}"
        for one in figures
        if one.name in before and (before[one.name] - one.value) * (-1 if one.lower_is_better else 1) > TOLERANCE
    ]
    return describe_strangers(kept) + find_lost(results, baseline.get("marks reached", [])) + fallen


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _follow(figures: Iterator[Figure]) -> Iterator[Figure]:
    """Tell each figure when it comes, and how long it took."""
    begun = time.monotonic()
    for one in figures:
        value = show_value(one.value, lower_is_better=one.lower_is_better)
        _tell(f"{one.name}: {value} ({one.count:,} rows, {time.monotonic() - begun:.0f} s)")
        begun = time.monotonic()
        yield one


def _score_outside(analyser: Analyser, folder: Path | None, *, with_mark: bool, is_quick: bool, tell: Tell = _tell) -> Iterator[Figure]:
    if folder is None:
        return
    limit = MAX_QUICK_ROWS if is_quick else None if with_mark else MAX_ROWS
    for file in EMOTION_SETS:
        if (file in WITH_MARK) == with_mark:
            yield from score_emotions(analyser, file, folder, limit=limit, tell=tell)
    for one in SETS:
        if (one.file in WITH_MARK) == with_mark:
            figure = score_set(analyser, one, folder, limit=limit, tell=tell)
            if figure is not None:
                yield figure


def _score_own(analyser: Analyser, told: Sequence[Labelled]) -> Iterator[Figure]:
    yield from _score_messages(analyser)
    for half in ("tuned", "held"):
        yield from _score_conversations(analyser, read_conversations(half=half), name=f"own conversations ({half})")
    if told:
        yield from _score_conversations(analyser, told, name="demo conversations")


def _read_lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _score_messages(analyser: Analyser) -> Iterator[Figure]:
    """Our own messages as they are, and as somebody in a hurry would type them."""
    rows = _read_lines(DATA / "messages.jsonl")
    for name, write in (("own messages", str), ("own messages typed in a hurry", misspell)):
        said = list(analyse(analyser, [write(row["text"]) for row in rows], tell=_tell))
        for asked in ("sentiment", "emotion", "tone"):
            yield score_labels(f"{name}: {asked}", [row[asked] for row in rows], [getattr(one, asked) for one in said])


def read_conversations(*, half: str) -> list[Labelled]:
    """Our conversations with what is expected of each; `half` is "tuned" or "held"."""
    rows = [row for row in _read_lines(DATA / "conversations.jsonl") if (zlib.crc32(row["id"].encode()) % 2 == 0) == (half == "tuned")]
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


def _score_conversations(analyser: Analyser, pairs: Sequence[Labelled], *, name: str) -> Iterator[Figure]:
    _tell(f"{name}: {len(pairs)} conversations")
    said = analyser.analyse_conversations([one for one, _ in pairs])
    wanted = [expected for _, expected in pairs]
    notes = [float(expected["satisfaction"]) for expected in wanted]
    middle = sorted(notes)[len(notes) // 2]
    yield Figure(
        name=f"{name}: satisfaction, mean error",
        value=compute_mean_error(notes, [one.score for one in said]),
        count=len(pairs),
        majority=compute_mean_error(notes, [middle] * len(notes)),
        lower_is_better=True,
    )
    yield score_share(f"{name}: theme, share right", [str(row["theme"]) for row in wanted], [str(one.theme) for one in said])
    yield score_share(f"{name}: resolved, share right", [str(row["resolved"]) for row in wanted], [str(one.is_resolved) for one in said])
