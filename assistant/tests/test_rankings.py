"""A ranking of one: who is asked for after "quem tem o melhor?" is told their own number, best and worst of nothing.

Ana's notes from 9 to 20 November (assistant/tests/shop.py): 5 4 3 5 5 4 1 5 5 2 5 1 5, nine of thirteen of 4 or more.
"""

import pytest

from assistant import answer
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop

TALKS = [
    ("qual atendente tem o melhor csat?", "e a Ana?", "Nos últimos 30 dias, o CSAT de Ana Souza está em 69,2% (13 conversas)."),
    ("which agent has the best csat?", "and Ana?", "In the last 30 days, CSAT for Ana Souza is 69.2% (13 conversations)."),
    ("¿qué agente tiene el mejor csat?", "¿y Ana?", "En los últimos 30 días, el CSAT de Ana Souza está en 69,2\xa0% (13 conversaciones)."),
]


@pytest.mark.parametrize(("first", "then", "said"), TALKS)
def test_one_name_is_no_ranking(shop: Shop, first: str, then: str, said: str) -> None:
    ranked = answer.run(shop.manager, question=first, clock=CLOCK)
    assert [block.kind for block in ranked.blocks] == ["table"]
    told = answer.run(shop.manager, question=then, clock=CLOCK, thread_id=ranked.thread_id)
    assert told.text.startswith(said)
    assert [block.kind for block in told.blocks] == ["number", "table"]
