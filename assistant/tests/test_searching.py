"""A list about a subject: what has the words is counted, what says it in other words is shown beside it and said to be."""

from datetime import UTC, date, datetime

import pytest

from assistant.compose.composed import compose
from assistant.compose.numbers import Language
from assistant.evidence import MessagesEvidence
from assistant.execute import execute
from assistant.plan import Plan
from assistant.tests.shop import MOMENT, Shop
from assistant.tests.shop import shop as shop
from core.compute import Covered
from core.periods import Period
from core.search import Found, FoundBy, MessageRow
from core.tenancy import scope

WEEKS = Period(date(2026, 11, 9), date(2026, 11, 20))
PLAN = Plan(intent="messages", period=WEEKS, search="freezer quebrado", limit=3)


def make_row(number: int, found_by: FoundBy) -> MessageRow:
    return MessageRow(
        message_id=str(number), conversation_id=str(number), sent_at=datetime(2026, 11, 16, 12, tzinfo=UTC), author="customer",
        author_name="Mariana", contact="Mariana", agent=None, channel="Suporte", text="o freezer quebrou", sentiment=None,
        sentiment_score=None, emotion=None, tone=None, satisfaction=None, theme=None, found_by=found_by,
    )  # fmt: skip


def say(language: Language, *, total: int, words: int, near: int) -> list[str]:
    rows = [make_row(number, "words" if number < words else "meaning") for number in range(words + near)]
    evidence = MessagesEvidence(
        plan=PLAN,
        covered=Covered(conversations=9, analysed=9, pending=0),
        known=None,
        quotes=(),
        found=Found(total=total, rows=rows, near=near),
    )
    # Composing drops a sentence with a figure that the evidence lacks.
    return [sentence.replace("\u00a0", " ") for sentence in compose(evidence, language=language, moment=MOMENT).sentences]


def test_rows_in_other_words_are_said_and_not_counted() -> None:
    assert say("pt", total=5, words=2, near=1)[1:] == [
        "Mostro as 2 que mais falam disso.", "Mostro também 1 mensagem que diz algo parecido com outras palavras.",
    ]  # fmt: skip
    assert say("en", total=2, words=2, near=1)[1:] == ["I also show 1 message that says something similar in different words."]
    assert say("es", total=0, words=0, near=3)[1:] == ["Muestro también 3 mensajes que dicen algo parecido con otras palabras."]


@pytest.mark.django_db
def test_a_subject_without_vectors_is_searched_by_its_words(shop: Shop) -> None:
    plan = Plan(intent="messages", period=WEEKS, search="pix")
    with scope(str(shop.manager.tenant_id)):
        evidence = execute(shop.manager, plan, moment=MOMENT)
    assert isinstance(evidence, MessagesEvidence)
    assert sorted(row.text for row in evidence.found.rows) == [
        "o pix caiu na conta de vocês?", "o pix não aparece aqui", "pix na hora, perfeito",
    ]  # fmt: skip
    assert (evidence.found.total, evidence.found.near) == (3, 0)
    [block] = compose(evidence, language="pt", moment=MOMENT).blocks
    assert block.kind == "messages"
    assert block.total == 3
