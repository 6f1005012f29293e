"""What was to be reached, what is, how that was measured, and by how much it is missed: the table that comes before all figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.ai.evals.figures import Figure, show_value
from core.ai.evals.held_out import HeldOut, name_held_out

WHERE_TO_READ = 'docs/understanding.md, "What each missed mark lacks, and what was tried"'
SET_DATA = "not measured: set EVOSENSE_DATA to a folder with {file}.jsonl.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A figure with what it should reach.

    `held_out` is the figure's name among those of training: for what weights were trained on, which no later run can measure. `file` and
    `measured` are the outside set and the figure that is measured now, on rows that the weights have not seen.
    """

    name: str
    wanted: float
    held_out: str | None = None
    file: str | None = None
    measured: str | None = None
    lower_is_better: bool = False


MARKS: tuple[Mark, ...] = (
    Mark(
        name="tweetsentbr: three classes, macro-F1", wanted=0.70,
        file="tweetsentbr_ptbr", measured="tweetsentbr_ptbr: sentiment, macro-F1",
    ),
    Mark(
        name="umsab_pt: three classes, macro-F1", wanted=0.70, held_out="alone, umsab_pt: sentiment, macro-F1",
        file="umsab_pt", measured="umsab_pt: sentiment, macro-F1",
    ),
    Mark(
        name="Olist: polarity, macro-F1", wanted=0.90,
        file="olist_reviews_ptbr", measured="olist_reviews_ptbr: polarity, macro-F1",
    ),
    Mark(
        name="repro_b2w: polarity, macro-F1", wanted=0.88,
        file="repro_b2w_ptbr", measured="repro_b2w_ptbr: polarity, macro-F1",
    ),
    Mark(
        name="brighter_ptbr: six emotions, macro-F1", wanted=0.50, held_out="alone, brighter_ptbr: emotions, macro-F1",
        file="brighter_ptbr", measured="brighter_ptbr: emotions, several at once, macro-F1",
    ),
    Mark(
        name="told-br: offensive, macro-F1", wanted=0.74, held_out="alone, toldbr_ptbr: offensive, macro-F1",
        file="toldbr_ptbr", measured="toldbr_ptbr: offensive, macro-F1",
    ),
    Mark(name="own conversations: sentiment, macro-F1", wanted=0.80, held_out="sentiment, macro-F1"),
    Mark(name="own conversations: tone, macro-F1", wanted=0.70, held_out="tone, macro-F1"),
    Mark(
        name="own conversations: satisfaction, mean error", wanted=0.55, held_out="satisfaction, mean error", lower_is_better=True,
    ),
    Mark(name="own conversations: theme, share right", wanted=0.85, held_out="theme of lists seen, share right"),
    Mark(name="own conversations: resolved, share right", wanted=0.85, held_out="resolved, share right"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A mark and what is known of it. `figure` is None where it was not measured, and `how` says why. `decides`: the gate counts it."""

    mark: Mark
    label: str
    figure: Figure | None
    how: str
    decides: bool

    @property
    def is_reached(self) -> bool:
        """Whether the figure, as it is and not rounded, is at least as good as what is wanted."""
        if self.figure is None:
            return False
        return self.figure.value <= self.mark.wanted if self.mark.lower_is_better else self.figure.value >= self.mark.wanted

    @property
    def verdict(self) -> str:
        """ "ok", "missed by" how much, or a stroke where nothing was measured."""
        if self.figure is None:
            return "–"
        return "ok" if self.is_reached else f"missed by {show_value(abs(self.figure.value - self.mark.wanted), lower_is_better=True)}"


def judge_marks(figures: Sequence[Figure], kept: HeldOut, rows_seen: Mapping[str, int]) -> list[Result]:
    """Every mark, in order. `rows_seen` counts, of each outside file that was found, the rows that the weights were trained on."""
    by_name = {one.name: one for one in figures}
    results = []
    for mark in MARKS:
        if mark.held_out:
            results.append(_judge_held_out(mark, by_name.get(name_held_out(mark.held_out)), kept))
        if mark.measured:
            results.append(_judge_measured(mark, by_name.get(mark.measured), rows_seen))
    return results


def find_lost(results: Sequence[Result], reached_once: Sequence[str]) -> list[str]:
    """Marks that were reached once and are not now, one sentence each. What was not measured, or in part, says nothing."""
    return [
        f"{one.label}: {_show(one)}, wanted {one.mark.wanted:.2f}; this mark was reached before"
        for one in results
        if one.label in reached_once and one.decides and one.figure is not None and not one.is_reached
    ]


def list_reached(results: Sequence[Result]) -> list[str]:
    """The marks that are reached now, by figures that decide."""
    return [one.label for one in results if one.decides and one.is_reached]


def list_mark_lines(results: Sequence[Result]) -> list[str]:
    """The table of marks as text."""
    lines = [f"{'mark':48} {'wanted':>7} {'reached':>8} {'n':>7}  {'':16} how it was measured"]
    for one in results:
        count = f"{one.figure.count:,}" if one.figure else "–"
        sign = "≤" if one.mark.lower_is_better else "≥"
        lines.append(f"{one.label:48} {sign} {one.mark.wanted:.2f}{'':1} {_show(one):>8} {count:>7}  {one.verdict:16} {one.how}")
    lines.append(
        "Held out in turns: five folds, each row and each conversation judged by weights that had not seen it, nor its conversation."
    )
    reached = sum(one.is_reached for one in results if one.decides)
    lines.append(
        f"{reached} of {len(MARKS)} marks are reached. What was tried where one is missed, and what would reach it: {WHERE_TO_READ}."
    )
    return lines


def _judge_held_out(mark: Mark, figure: Figure | None, kept: HeldOut) -> Result:
    if figure is None:
        how = "not measured: that training had no such rows; train with the set: make heads DATA=dir"
    else:
        how = f"{'its train rows' if mark.file else 'our conversations'}, held out in turns by {kept.source}"
    return Result(mark=mark, label=mark.name, figure=figure, how=how, decides=not kept.is_stale)


def _judge_measured(mark: Mark, figure: Figure | None, rows_seen: Mapping[str, int]) -> Result:
    """What was measured now. Of a set that is trained on, it stands beside the held-out figure, which decides."""
    is_trained_on = mark.held_out is not None
    label = f"  {mark.file}: rows not trained on" if is_trained_on else mark.name
    if figure is not None:
        how = "now, rows of the set that were not trained on" if is_trained_on else "now, no row of the set was trained on"
        how += f" ({figure.count:,} of {figure.count + figure.unused:,}: no mark is judged by a part)" if figure.unused else ""
    elif mark.file is not None and mark.file in rows_seen:
        how = f"not measured: all {rows_seen[mark.file]:,} rows in EVOSENSE_DATA were trained on"
    else:
        how = SET_DATA.format(file=mark.file)
    decides = not is_trained_on and (figure is None or figure.has_every_row)
    return Result(mark=mark, label=label, figure=figure, how=how, decides=decides)


def _show(one: Result) -> str:
    return show_value(one.figure.value, lower_is_better=one.mark.lower_is_better) if one.figure else "–"
