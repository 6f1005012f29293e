"""Kinds of message that took a side though nobody could be sure, or none though it was plain. How many are read right, exactly.

The lines are siblings of what training sees (service_messages.jsonl): the same kinds, other words. None of them is trained on.
"""

from collections.abc import Sequence

import pytest

from core.ai.analysers import get_analyser
from core.ai.embedded.sources import OWN_PATH, REVIEWS_PATH
from core.ai.roles import MessageInput

ASKS_FOR_HELP = [
    "pfv me ajuda", "me ajuda aí por favor", "alguém consegue me ajudar?", "preciso de uma força aqui", "ajuda por gentileza",
    "moça, me ajuda com o login", "can someone help me please", "¿alguien me ayuda?",
]  # fmt: skip
INDIFFERENT = [
    "tanto faz", "pra mim tanto faz", "qualquer cor serve", "você que sabe", "pode escolher aí", "não tenho preferência",
    "me es indiferente", "any of them is fine",
]  # fmt: skip
CURSES = [  # all of them displeased and aggressive
    "vão se ferrar", "vai catar coquinho", "vão se lixar vocês", "bando de imprestáveis", "seus sem noção, vão à merda",
    "vocês são uns porcarias", "tu é muito burro, guri", "oxe, vão pra casa da peste", "váyanse al carajo", "you bunch of useless clowns",
]  # fmt: skip
TAKEN_BACK = [
    "vcs são demais... demais de ruins", "vocês são bons... bons de enrolar", "que agilidade, agilidade de tartaruga",
    "loja excelente, excelente pra passar raiva", "adoro esperar, só que não", "they are great... at wasting my time",
]  # fmt: skip


def test_none_of_these_lines_is_trained_on() -> None:
    trained = OWN_PATH.read_text(encoding="utf-8") + REVIEWS_PATH.read_text(encoding="utf-8")
    assert [text for text in (*ASKS_FOR_HELP, *INDIFFERENT, *CURSES, *TAKEN_BACK) if f'"text": "{text}"' in trained] == []


@pytest.mark.parametrize(
    ("texts", "sentiment", "right"),
    [(ASKS_FOR_HELP, "neutral", 8), (INDIFFERENT, "neutral", 6), (CURSES, "negative", 8), (TAKEN_BACK, "negative", 3)],
    ids=["asks for help", "indifferent", "curses", "praise taken back"],
)
def test_how_many_are_read_right(texts: Sequence[str], sentiment: str, right: int) -> None:
    said = get_analyser().analyse_messages([MessageInput(text=text) for text in texts])
    wrong = [(text, one.sentiment) for text, one in zip(texts, said, strict=True) if one.sentiment != sentiment]
    assert (len(texts) - len(wrong), len(texts)) == (right, len(texts)), wrong


def test_how_many_curses_are_aggressive() -> None:
    said = get_analyser().analyse_messages([MessageInput(text=text) for text in CURSES])
    milder = [(text, one.tone) for text, one in zip(CURSES, said, strict=True) if one.tone != "aggressive"]
    assert (len(CURSES) - len(milder), len(CURSES)) == (9, len(CURSES)), milder
