"""The table of marks: what counts as reached, what is said where nothing was measured, and what the gate refuses."""

import json
from dataclasses import replace
from pathlib import Path

import click
import pytest

import core.ai.embedded.fit as fit
import core.ai.embedded.train as train
from core.ai.evals.figures import Figure, show_value
from core.ai.evals.held_out import FIGURES_PATH, HeldOut, describe_strangers, name_held_out, read_held_out, train_again
from core.ai.evals.marks import MARKS, Result, find_lost, judge_marks, list_mark_lines, list_reached
from core.ai.evals.outside import SETS
from core.ai.evals.understanding import BASELINE_PATH, find_fallen, write_baseline

TWEETS = "tweetsentbr_ptbr: sentiment, macro-F1"
KEPT = HeldOut(figures=[], files={}, source="the training of these weights")


def judge(*figures: Figure, kept: HeldOut = KEPT, **seen: int) -> dict[str, Result]:
    return {one.label: one for one in judge_marks(figures, kept, seen)}


def measure(name: str, value: float, *, unused: int = 0) -> Figure:
    return Figure(name=name, value=value, count=1650, is_own=False, unused=unused)


def test_every_mark_names_a_figure_that_training_keeps_and_a_set_that_is_measured() -> None:
    held_out = {one.name for one in read_held_out().figures}
    assert [mark.name for mark in MARKS if mark.held_out and name_held_out(mark.held_out) not in held_out] == []
    measured = {f"{one.file}: {one.task}, macro-F1" for one in SETS} | {"brighter_ptbr: emotions, several at once, macro-F1"}
    assert [mark.name for mark in MARKS if mark.measured and mark.measured not in measured] == []


@pytest.mark.parametrize(
    ("value", "shown", "verdict"),
    [(0.7, "0.700", "ok"), (0.729, "0.729", "ok"), (0.6999, "0.699", "missed by 0.001"), (0.651, "0.651", "missed by 0.049")],
)
def test_a_mark_is_missed_by_what_is_lacking_and_never_rounded_to_reached(value: float, shown: str, verdict: str) -> None:
    one = judge(measure(TWEETS, value))["tweetsentbr: three classes, macro-F1"]
    assert (show_value(value), one.verdict, one.is_reached) == (shown, verdict, verdict == "ok")
    assert one.how == "now, no row of the set was trained on"


@pytest.mark.parametrize(("value", "verdict"), [(0.55, "ok"), (0.484, "ok"), (0.5501, "missed by 0.001")])
def test_of_an_error_less_is_better(value: float, verdict: str) -> None:
    held = Figure(name="held out: satisfaction, mean error", value=value, count=512, lower_is_better=True)
    assert judge(held)["own conversations: satisfaction, mean error"].verdict == verdict


def test_without_the_sets_nothing_is_shown_as_measured_and_the_way_to_them_is() -> None:
    one = judge()["tweetsentbr: three classes, macro-F1"]
    assert (one.figure, one.verdict, one.is_reached) == (None, "–", False)
    assert one.how == "not measured: set EVOSENSE_DATA to a folder with tweetsentbr_ptbr.jsonl.gz"


def test_a_set_whose_rows_were_all_trained_on_is_said_to_give_no_figure() -> None:
    one = judge(umsab_pt=2268)["  umsab_pt: rows not trained on"]
    assert (one.figure, one.how) == (None, "not measured: all 2,268 rows in EVOSENSE_DATA were trained on")


def test_rows_not_trained_on_stand_beside_the_held_out_figure_which_decides() -> None:
    results = judge(
        measure("umsab_pt: sentiment, macro-F1", 0.72), Figure(name="held out: alone, umsab_pt: sentiment, macro-F1", value=0.651, count=9)
    )
    held, now = results["umsab_pt: three classes, macro-F1"], results["  umsab_pt: rows not trained on"]
    assert (held.verdict, held.decides, now.verdict, now.decides) == ("missed by 0.049", True, "ok", False)
    assert list_reached([held, now]) == []


def test_a_part_of_the_rows_decides_no_mark() -> None:
    results = judge_marks([measure(TWEETS, 0.75, unused=1150)], KEPT, {})
    assert results[0].how == "now, no row of the set was trained on (1,650 of 2,800: no mark is judged by a part)"
    assert (list_reached(results), find_lost(judge_marks([measure(TWEETS, 0.5, unused=1)], KEPT, {}), [results[0].label])) == ([], [])


def test_the_table_says_how_many_marks_are_reached_and_where_to_read_of_the_others() -> None:
    lines = list_mark_lines(judge_marks([measure(TWEETS, 0.729)], KEPT, {}))
    assert lines[1].split() == [
        *("tweetsentbr:", "three", "classes,", "macro-F1", "≥", "0.70", "0.729", "1,650", "ok"),
        *("now,", "no", "row", "of", "the", "set", "was", "trained", "on"),
    ]
    assert lines[-1].startswith(f"1 of {len(MARKS)} marks are reached.")
    assert lines[-1].endswith('docs/understanding.md, "What each missed mark lacks, and what was tried".')


def test_a_mark_that_was_reached_once_may_not_be_lost_and_one_that_never_was_may_stay_missed(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline([], judge_marks([measure(TWEETS, 0.729)], KEPT, {}), "embedded 6", path)
    worse = judge_marks([measure(TWEETS, 0.69)], KEPT, {})
    lost = ["tweetsentbr: three classes, macro-F1: 0.690, wanted 0.70; this mark was reached before"]
    assert find_fallen([], worse, KEPT, path) == lost
    # A new baseline does not forgive it.
    write_baseline([], worse, "embedded 7", path)
    assert find_fallen([], worse, KEPT, path) == lost


def test_a_figure_that_is_worse_than_its_baseline_is_named_and_a_small_difference_is_not(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline([Figure(name="own messages: tone, macro-F1", value=0.7, count=203)], [], "embedded 6", path)
    assert find_fallen([Figure(name="own messages: tone, macro-F1", value=0.681, count=203)], [], KEPT, path) == []
    assert find_fallen([Figure(name="own messages: tone, macro-F1", value=0.67, count=203)], [], KEPT, path) == [
        "own messages: tone, macro-F1: 0.670, was 0.700"
    ]


def test_figures_of_other_weights_fail_and_decide_nothing(tmp_path: Path) -> None:
    record = json.loads(FIGURES_PATH.read_text(encoding="utf-8"))
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(record | {"files": record["files"] | {"talk.npz": "00000000"}}), encoding="utf-8")
    kept = read_held_out(path)
    assert describe_strangers(kept) == [
        "held out: the figures belong to other files than those that ship (talk.npz); train again, which writes both: make heads DATA=dir"
    ]
    assert list_reached(judge_marks(kept.figures, kept, {})) == []
    assert judge(*kept.figures, kept=kept)["own conversations: tone, macro-F1"].how == (
        "our conversations, held out in turns by a training of OTHER weights"
    )
    # Those of a training that was just done are its own, whatever ships.
    assert describe_strangers(replace(kept, is_fresh=True)) == []


def test_the_figures_that_ship_are_those_of_the_weights_that_ship_and_lose_no_mark() -> None:
    kept = read_held_out()
    results = judge_marks(kept.figures, kept, {})
    assert describe_strangers(kept) == []
    assert find_lost(results, json.loads(BASELINE_PATH.read_text(encoding="utf-8"))["marks reached"]) == []


def test_training_again_shows_its_own_figures_and_what_it_wrote_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "umsab_pt.jsonl.gz").touch()
    record = json.loads(FIGURES_PATH.read_text(encoding="utf-8"))
    other = {"files": record["files"] | {"talk.npz": "00000000"}, "held out": {"tone, macro-F1": 0.731}}
    asked: list[str] = []

    @click.command()
    @click.option("--out")
    @click.option("--data")
    def main(out: str, data: str) -> None:
        asked.append(data)
        click.echo("  tone, macro-F1  0.731")
        (Path(out) / "figures.json").write_text(json.dumps(record | other), encoding="utf-8")

    monkeypatch.setattr(train, "main", main)
    monkeypatch.setattr(fit, "import_training", lambda module: module)
    kept = train_again(tmp_path)
    assert (asked, kept.strangers) == ([str(tmp_path / "train")], ["talk.npz"])
    one = judge(*kept.figures, kept=kept)["own conversations: tone, macro-F1"]
    assert (one.verdict, one.decides, one.how) == ("ok", True, "our conversations, held out in turns by the training just done")
