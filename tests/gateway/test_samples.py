"""A folder of recordings, in each of the shapes in which they are kept, with our own words in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.tests.evolution.payloads import envelope, jid, key, text
from tests.gateway.samples import count_kinds, main


def keep(folder: Path, **recordings: Any) -> None:
    for name, recording in recordings.items():
        (folder / f"{name}.json").write_text(json.dumps(recording))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep(
        tmp_path,
        heard=[
            {"event": "messages.upsert", "args": [envelope(text("bom dia"))]},
            {"event": "presence.update", "args": [envelope({"id": jid("5511988887777"), "presences": {}}, event="presence.update")]},
        ],
        told={
            "socketio_events": [
                {"event": "messages.upsert", "payload": envelope(text("e o pedido?", key=key("3EB0A2")))},
                {"event": "connection.update", "payload": envelope({"state": "open"}, event="connection.update")},
            ]
        },
        posted={"headers": {}, "body": envelope(text("chegou", key=key("3EB0A3")))},
        answered={"status": 200, "body": {"instance": {"state": "open"}}},
    )
    return tmp_path


def test_kinds_are_counted_over_all_shapes(folder: Path) -> None:
    table = count_kinds(folder)
    assert table.kinds == {"message: text": 3, "no message: presence": 1, "connection changed": 1, "file without events": 1}
    assert table.not_understood == []


def test_the_table_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "     1 connection changed", "     1 file without events", "     3 message: text", "     1 no message: presence",
        "     0 not understood",
    ]  # fmt: skip


def test_what_is_not_understood_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, broken=[{"event": "messages.upsert", "args": [envelope({"key": 7})]}])
    assert main([str(folder)]) == 1
    assert "not understood: broken.json: messages.upsert: " in capsys.readouterr().out


def test_without_a_folder_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "python -m tests.gateway.samples FOLDER" in capsys.readouterr().out
