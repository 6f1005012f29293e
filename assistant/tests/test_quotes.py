"""Which messages are quoted together: of different conversations, and none that says what another says."""

from datetime import UTC, datetime

import pytest

from assistant.quotes import pick_quotes
from core.search import MessageRow


def make_message(number: int, text: str, *, conversation: int | None = None) -> MessageRow:
    return MessageRow(
        message_id=str(number), conversation_id=str(number if conversation is None else conversation), author="customer",
        sent_at=datetime(2026, 11, 20, tzinfo=UTC), author_name="Ana", contact="Ana", agent=None, channel="Norte", text=text,
        sentiment=None, sentiment_score=None, emotion=None, tone=None, satisfaction=None, theme=None,
    )  # fmt: skip


def pick(*texts: str, limit: int = 5) -> list[str]:
    return [quote.text for quote in pick_quotes([make_message(number, text) for number, text in enumerate(texts)], limit=limit)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cadê meu pedido 1234??", "cade o meu pedido 77"),
        ("meu pedido está atrasado de novo", "o pedido está atrasado de novo!!!"),
        ("a entrega atrasou cinco dias", "atrasou cinco dias a entrega e ninguém avisa"),
        ("quero meu dinheiro de volta", "QUERO MEU DINHEIRO DE VOLTA"),
    ],
)
def test_the_same_said_twice_is_quoted_once(one: str, other: str) -> None:
    assert pick(one, other) == [one]


def test_different_things_are_quoted_side_by_side() -> None:
    texts = ["cobraram duas vezes no cartão", "a geladeira chegou amassada", "ninguém responde desde ontem", "o entregador foi grosso"]
    assert pick(*texts) == texts


def test_one_message_a_conversation() -> None:
    first, second = make_message(1, "cobraram duas vezes", conversation=9), make_message(2, "e ninguém responde nada", conversation=9)
    assert pick_quotes([first, second], limit=2) == (first,)


def test_short_ones_only_fill_up() -> None:
    assert pick("oi", "a geladeira chegou amassada", "???", limit=2) == ["a geladeira chegou amassada", "oi"]
