"""Parts that add up, and the messages that they point at."""

import pytest

from core.deciding import Deciding, Spoken, find_deciding, list_parts

# id, author, sentiment score, seconds of wait that the reply ended, text
TALK = [
    ("a", "customer", -0.8, None, "já faz 20 dias, um absurdo"),
    ("b", "agent", None, 7200, "vou verificar"),
    ("c", "customer", 0.0, None, "ok"),
    ("d", "agent", None, 60, "prontinho, chega hoje"),
    ("e", "customer", 0.7, None, "obrigada!"),
    ("f", "customer", 0.0, None, "4"),
]
SPOKEN = [Spoken(message_id=key, author=author, score=score, response_seconds=wait, text=text) for key, author, score, wait, text in TALK]


@pytest.mark.parametrize(
    ("parts", "rating", "expected"),
    [
        # The end's share of e is 0.6 · 0.7 = 0.42, of a 0.28 · 0.8 = 0.224: both say more than a fifth of the whole.
        ({"base": 3.35, "mood_at_end": 0.3}, None, {"a": "mood_at_end", "e": "mood_at_end"}),
        ({"base": 3.35, "waiting": -0.26}, None, {"b": "waiting"}),
        ({"base": 3.35, "resolution": 0.3, "harsh_words": -0.45}, None, {"a": "harsh_words", "d": "resolution"}),
        ({"base": 3.35, "resolution": 0.3}, 4, {"d": "resolution", "f": "rating"}),
        # Next to nothing decides nothing, and what nobody knows points at nothing.
        ({"base": 3.35, "quick_reply": 0.05, "weather": 1.0}, None, {}),
        ({}, None, {}),
    ],
)
def test_each_part_points_at_its_messages(parts: dict[str, float], rating: int | None, expected: dict[str, str]) -> None:
    assert find_deciding(parts, SPOKEN, rating=rating) == [Deciding(message_id=key, part=part) for key, part in expected.items()]


def test_a_conversation_that_nobody_answered_points_at_its_last_message() -> None:
    assert find_deciding({"waiting": -0.5}, SPOKEN[:1]) == [Deciding(message_id="a", part="waiting")]


@pytest.mark.parametrize(
    ("parts", "score", "listed"),
    [
        ({"resolution": -0.35, "base": 3.35}, 3.0, [("base", 3.35), ("resolution", -0.35)]),
        ({"praise_at_end": 0.75, "mood_at_end": 1.15, "base": 3.35}, 5.0,
         [("base", 3.35), ("mood_at_end", 1.15), ("praise_at_end", 0.75), ("limit", -0.25)]),
        ({}, 4.0, []),
    ],
)  # fmt: skip
def test_parts_add_up_to_the_score(parts: dict[str, float], score: float, listed: list[tuple[str, float]]) -> None:
    assert list_parts(parts, score=score) == listed
    assert not listed or sum(points for _, points in listed) == pytest.approx(score)
