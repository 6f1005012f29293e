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


MOVED = [
    ("qual canal piorou mais esta semana?", "satisfaction", "channel"),
    ("qual atendente teve a maior queda de csat esta semana em relação à semana passada", "csat", "agent"),
    ("which channel improved the most this week", "satisfaction", "channel"),
    ("¿cuál agente empeoró más esta semana?", "satisfaction", "agent"),
    ("qual canal mais cresceu esta semana", "conversations", "channel"),
]


@pytest.mark.parametrize(("question", "metric", "dimension"), MOVED)
def test_who_moved_most_is_no_ranking_of_levels(shop: Shop, question: str, metric: str, dimension: str) -> None:
    told = answer.run(shop.manager, question=question, clock=CLOCK)
    plan = told.plan
    assert (plan["metrics"], plan["group_by"], plan["order"], plan["limit"]) == ([metric], dimension, None, None)
    assert plan["compare_to"] == {"start": "2026-11-09", "end": "2026-11-15"}


def test_the_largest_change_is_told_first(shop: Shop) -> None:
    told = answer.run(shop.manager, question="qual canal piorou mais esta semana?", clock=CLOCK)
    assert told.text.startswith(
        "Maior alta: Suporte (+0,94); maior queda: Norte (−2,70). A satisfação caiu de 3,79 na semana passada para 3,0"
    )
    told = answer.run(shop.manager, question="qual tema mais cresceu esta semana?", clock=CLOCK)
    assert told.text.startswith(
        "O que mais cresceu foi Atraso na entrega: de 5 na semana passada para 8 conversas. Esta semana, até hoje, "
    )


def test_details_are_the_step_that_was_offered(shop: Shop) -> None:
    why = answer.run(shop.manager, question="por que a satisfação caiu esta semana?", clock=CLOCK)
    deeper = answer.run(shop.manager, question="me dá mais detalhes", clock=CLOCK, thread_id=why.thread_id)
    assert why.suggestions[0] == "Detalhar Norte"
    assert (deeper.plan["intent"], deeper.plan["filters"]) == ("explain", {"channel": ["Norte"]})


def test_the_conversations_after_their_messages_are_a_list(shop: Shop) -> None:
    messages = answer.run(shop.manager, question="me mostra as mensagens negativas desta semana", clock=CLOCK)
    told = answer.run(shop.manager, question="e as conversas?", clock=CLOCK, thread_id=messages.thread_id)
    assert (told.plan["intent"], told.plan["filters"], told.plan["metrics"]) == ("conversations", {"sentiment": ["negative"]}, [])
