"""`evosense plan` from the outside: lines in, lines out, in order; a line that can not be read harms no other."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from core.project.commands.plan import command

CATALOG = {"tenant": "Casa", "time_zone": "America/Sao_Paulo", "agents": ["Ana Souza"], "channels": [], "themes": [], "contacts": []}
ASKED = {"id": "a", "lang": "pt", "as_of": "2026-11-18T16:42:00-03:00", "history": [], "question": "csat da ana ontem"}


def run_lines(tmp_path: Path, *lines: str) -> list[dict[str, Any]]:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(CATALOG), encoding="utf-8")
    result = CliRunner().invoke(command, ["--catalog", str(path)], input="\n".join(lines))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_a_plan_for_every_line_in_order(tmp_path: Path) -> None:
    rows = run_lines(tmp_path, json.dumps(ASKED), "", json.dumps(ASKED | {"id": "b", "question": "ajuda"}))
    assert rows == [
        {
            "id": "a",
            "plan": {
                "intent": "metric",
                "metrics": ["csat"],
                "period": {"start": "2026-11-17", "end": "2026-11-17"},
                "compare_to": None,
                "group_by": None,
                "filters": {"agent": ["Ana Souza"]},
                "search": None,
                "order": None,
                "limit": None,
                "assumed": [],
            },
        },
        {"id": "b", "plan": rows[1]["plan"]},
    ]
    assert rows[1]["plan"]["intent"] == "help"


def test_a_line_that_can_not_be_read_says_why_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = run_lines(
        tmp_path,
        "[]",
        json.dumps(ASKED | {"as_of": "yesterday"}),
        json.dumps(ASKED | {"lang": "fr"}),
        json.dumps({"id": 7}),
        json.dumps(ASKED | {"history": [{"question": "csat", "plan": {}}]}),
        json.dumps(ASKED),
    )
    assert rows[:4] == [
        {"error": "the line is not a JSON object"},
        {"id": "a", "error": "as_of: 'yesterday' is no ISO 8601 instant with an offset, such as 2026-11-20T15:30:00-03:00"},
        {"id": "a", "error": "lang: 'fr' is not one of pt, en, es"},
        {"id": 7, "error": "question: None is not text"},
    ]
    assert rows[4]["error"].startswith("history: plan: 'intent' is missing")
    assert rows[5]["plan"]["metrics"] == ["csat"]
