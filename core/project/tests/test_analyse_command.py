"""`evosense analyse`: one line out for each line in, in order, whatever the line holds."""

import json
from typing import Any

from click.testing import CliRunner

from core.project.commands.analyse import command

CONVERSATION = {
    "id": "c1",
    "messages": [
        {"author": "customer", "text": "o abajur chegou quebrado", "at": "2026-01-05T12:00:00-03:00"},
        {"author": "agent", "text": "Já enviei outro. De 1 a 5, que nota você dá?", "at": "2026-01-05T12:05:00-03:00"},
        {"author": "customer", "text": "4", "at": "2026-01-05T12:06:00-03:00"},
    ],
    "themes": ["Produto com defeito", "Pagamento"],
}


def run(*lines: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(command, input="\n".join(lines))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_texts_and_conversations_are_answered_in_order_and_a_typed_rating_wins() -> None:
    rows = run(json.dumps({"id": 1, "text": "ok, meu cpf é 529.982.247-25"}), "", json.dumps(CONVERSATION), json.dumps({"text": "ok"}))
    score = rows[0]["sentiment"].pop("score")
    assert -0.5 < score < 0.5
    assert rows == [
        {"id": 1, "sentiment": {"label": "neutral"}, "emotion": "neutral", "tone": "neutral", "masked": "ok, meu cpf é [CPF]"},
        {"id": "c1", "satisfaction": 4.0, "theme": "Produto com defeito", "resolved": True},
        {"sentiment": {"label": "neutral", "score": 0.0}, "emotion": "neutral", "tone": "neutral", "masked": "ok"},
    ]


def test_a_line_that_can_not_be_read_says_why_and_the_rest_goes_on() -> None:
    rows = run(
        "nope",
        "[]",
        '{"id": 2}',
        '{"id": 3, "text": 5}',
        '{"id": 4, "messages": [{"author": "robot", "text": "x"}]}',
        '{"id": 5, "messages": [{"author": "agent", "text": "x", "at": "yesterday"}]}',
        '{"id": 6, "text": "ok"}',
    )
    assert [row.get("id") for row in rows] == [None, None, 2, 3, 4, 5, 6]
    assert [row.get("error") for row in rows] == [
        "the line is not JSON: Expecting value: line 1 column 1 (char 0)",
        "the line is not a JSON object",
        "text: missing; a line holds {id, text} or {id, messages}",
        "text: 5 is not text",
        "messages[0].author: 'robot' is neither customer nor agent",
        "messages[0].at: 'yesterday' is no ISO 8601 instant, such as 2026-11-20T15:30:00-03:00",
        None,
    ]
