"""Copies of our own texts as a thumb types them, to train on: other writing than the one that the evaluation measures with."""

import json
from pathlib import Path

from core.ai.embedded.hurried import copy_hurried, hurry
from core.ai.embedded.sources import OWN_PATH, Example
from core.ai.evals.misspell import misspell

MEASURED = Path(__file__).parents[2] / "evals" / "data" / "messages.jsonl"


def read_texts(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_a_text_is_always_hurried_the_same_way() -> None:
    assert [hurry("não gostei do atendimento, você também não?") for _ in range(2)] == ["num gostei do atendimento, voce tambem nao?"] * 2


def test_a_copy_has_the_labels_at_its_share_and_stays_in_the_fold_of_its_original() -> None:
    one = Example("não gostei do atendimento, você também não?", "own", {"opinion": (True, 2.0)}, fold=3)
    (copy,) = copy_hurried([one], share=0.5)
    assert (copy.source, copy.targets, copy.fold, copy.label) == ("hurried own", {"opinion": (True, 1.0)}, 3, None)
    (dealt,) = copy_hurried([Example("não gostei do atendimento, você também não?", "own", {})], share=0.5)
    assert dealt.fold is not None


def test_what_no_hurry_changes_has_no_copy() -> None:
    assert copy_hurried([Example("ok", "own", {})], share=0.5) == []


def test_no_copy_that_is_trained_on_is_a_line_that_is_measured_on() -> None:
    copies = {hurry(text) for text in read_texts(OWN_PATH)} - set(read_texts(OWN_PATH))
    assert copies & {misspell(text) for text in read_texts(MEASURED)} == set()
