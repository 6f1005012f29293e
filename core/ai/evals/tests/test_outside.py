"""Outside sets: which rows are measured, which are left out, and what is made of the answers."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import core.ai.evals.outside as outside
from core.ai.analysers import get_analyser
from core.ai.embedded.sources import Example
from core.ai.embedded.trained import find_seen, write_seen
from core.ai.evals.outside import SETS, TellsEmotions, count_seen, read_rows, score_emotions, score_set
from core.ai.roles import ConversationAnalysis, ConversationInput, Emotion, MessageAnalysis, MessageInput, Vector

UMSAB = next(one for one in SETS if one.file == "umsab_pt")


class Reader:
    """Finds good what says "bom" and joyful what says "oba"; neutral otherwise. Tells every emotion whose sign stands in a text."""

    name, version = "reader", "1"

    def analyse_messages(
        self, messages: Sequence[MessageInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[MessageAnalysis]:
        return [self._read(one.text) for one in messages]

    def analyse_conversations(
        self, conversations: Sequence[ConversationInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[ConversationAnalysis]:
        raise NotImplementedError

    def hash_text(self, text: str) -> str:
        return text

    def list_emotions(self, texts: Sequence[str], *, known_vectors: Mapping[str, Vector] | None = None) -> list[frozenset[str]]:
        assert known_vectors is not None
        assert set(texts) == set(known_vectors)  # nothing is computed twice
        return [frozenset({"joy"} if "oba" in text else ()) | frozenset({"fear"} if "socorro" in text else ()) for text in texts]

    def _read(self, text: str) -> MessageAnalysis:
        emotion: Emotion = "joy" if "oba" in text else "neutral"
        return MessageAnalysis(
            sentiment="positive" if "bom" in text else "neutral", sentiment_score=0.5, emotion=emotion, tone="neutral", masked_text=text,
            text_hash=text, vector=np.zeros(1, np.float32), analyser=self.name, analyser_version=self.version,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def weights_that_saw_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_seen([Example("já vi isso, bom", "umsab_pt", {})], tmp_path / "seen")
    monkeypatch.setattr(outside, "find_seen", lambda texts: find_seen(texts, tmp_path / "seen"))


def write(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_rows_that_the_weights_have_seen_are_left_out_whatever_else_stands_in_the_file(tmp_path: Path) -> None:
    write(
        tmp_path / "umsab_pt.jsonl.gz",
        {"text": "já  vi isso, bom @user", "sentiment": "negative"},
        {"text": "muito bom", "sentiment": "positive"},
        {"text": "que horas abre", "sentiment": "neutral"},
    )
    told: list[str] = []
    figure = score_set(Reader(), UMSAB, tmp_path, limit=None, tell=told.append)
    assert figure is not None
    assert (figure.name, figure.value, figure.count, figure.seen, figure.unused) == ("umsab_pt: sentiment, macro-F1", 1.0, 2, 1, 0)
    assert told[0] == "umsab_pt: sentiment: 2 rows, 1 that the weights have seen left out"
    assert told[1].startswith("  2 of 2, ")
    assert told[1].endswith(" rows/s")


def test_a_set_of_which_every_row_was_trained_on_gives_no_figure(tmp_path: Path) -> None:
    write(tmp_path / "train" / "umsab_pt.jsonl.gz", {"text": "já vi isso, bom", "sentiment": "positive"})
    assert score_set(Reader(), UMSAB, tmp_path, limit=None, tell=lambda _: None) is None
    assert count_seen(tmp_path, ["umsab_pt", "toldbr_ptbr"]) == {"umsab_pt": 1}


def test_files_of_one_name_in_the_folder_and_in_its_folders_are_one_set_and_no_row_counts_twice(tmp_path: Path) -> None:
    write(tmp_path / "umsab_pt.jsonl.gz", {"text": "muito bom", "sentiment": "positive"})
    write(tmp_path / "hidden" / "umsab_pt.jsonl.gz", {"text": "muito bom", "sentiment": "positive"}, {"text": "oi", "sentiment": "neutral"})
    rows = read_rows(tmp_path, "umsab_pt", keep=lambda _: True)
    assert rows is not None
    assert sorted(row["text"] for row in rows.rows) == ["muito bom", "oi"]
    assert read_rows(tmp_path, "umsab_es", keep=lambda _: True) is None


def test_a_part_of_a_set_is_the_same_part_each_time_and_says_what_it_left(tmp_path: Path) -> None:
    write(tmp_path / "umsab_pt.jsonl.gz", *({"text": f"frase {'abcdefghij'[place]}", "sentiment": "neutral"} for place in range(10)))
    first, again = (read_rows(tmp_path, "umsab_pt", keep=lambda _: True, limit=3) for _ in range(2))
    assert first == again
    assert first is not None
    assert (len(first.rows), first.unused) == (3, 7)


def test_emotions_are_scored_all_at_once_and_by_the_one_that_an_analysis_names(tmp_path: Path) -> None:
    write(
        tmp_path / "brighter_ptbr.jsonl.gz",
        {"text": "oba", "emotions": ["joy"]},
        {"text": "oba, socorro", "emotions": ["joy", "fear"]},
        {"text": "segunda-feira", "emotions": []},
    )
    figures = score_emotions(Reader(), "brighter_ptbr", tmp_path, limit=None, tell=lambda _: None)
    # Joy and fear are found where they are, four of the six stand nowhere: 2 / 6. By the one that is named, fear is missed: 1 / 6.
    assert {one.name: one.value for one in figures} == {
        "brighter_ptbr: emotions, several at once, macro-F1": pytest.approx(2 / 6),
        "brighter_ptbr: emotions, the one that an analysis names, macro-F1": pytest.approx(1 / 6),
    }


def test_the_embedded_analyser_tells_several_emotions() -> None:
    analyser = get_analyser()
    assert isinstance(analyser, TellsEmotions)
    (glad,) = analyser.list_emotions(["que alegria, passei no vestibular, to muito feliz"])
    assert "joy" in glad
