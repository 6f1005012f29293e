"""What training leaves beside the weights: the rows that they saw, and whose figures are kept."""

import json
import shutil
from pathlib import Path

from core.ai.embedded.heads import WEIGHTS_PATH
from core.ai.embedded.sources import Example
from core.ai.embedded.train import FIGURES_PATH
from core.ai.embedded.trained import SEEN_PATH, TRAINED, find_seen, find_strangers, hash_trained, write_seen


def test_a_row_of_a_public_set_is_known_again_and_another_is_not(tmp_path: Path) -> None:
    path = tmp_path / "seen"
    write_seen([Example("que decepção, nunca mais", "umsab_pt", {}), Example("chegou ontem, adorei", "own", {})], path)
    assert find_seen(["que  decepção, nunca mais", "que decepção, nunca", "chegou ontem, adorei"], path) == [True, False, False]


def test_no_row_is_kept_twice_or_as_text(tmp_path: Path) -> None:
    path = tmp_path / "seen"
    write_seen([Example("adorei", "umsab_pt", {}), Example("adorei", "toldbr_ptbr", {}), Example("ah não", "brighter_ptbr", {})], path)
    assert path.stat().st_size == 2 * 4


def test_the_rows_of_the_shipped_weights_are_as_many_as_their_sets_have() -> None:
    sets = json.loads(FIGURES_PATH.read_text(encoding="utf-8"))["sets"]
    ours = {"own", "reviews", "talk", "hurried own", "hurried reviews"}
    rows = sum(count for name, count in sets.items() if name.startswith("alone, ") and name.removeprefix("alone, ") not in ours)
    # A post that stands in its set twice, or in two sets, is one.
    assert 0.9 * rows < SEEN_PATH.stat().st_size / 4 <= rows


def test_kept_figures_are_those_of_the_weights_that_ship() -> None:
    assert find_strangers(json.loads(FIGURES_PATH.read_text(encoding="utf-8"))["files"]) == []


def test_other_weights_than_those_measured_are_named(tmp_path: Path) -> None:
    for name in TRAINED:
        shutil.copy(WEIGHTS_PATH.parent / name, tmp_path / name)
    recorded = hash_trained(tmp_path)
    assert find_strangers(recorded, tmp_path) == []
    (tmp_path / "talk.npz").write_bytes(b"other weights")
    assert find_strangers(recorded, tmp_path) == ["talk.npz"]
    assert find_strangers({}, tmp_path) == list(TRAINED)
