"""What a question asks beyond a plan is said before the figures: in the text, among what was understood, in three languages.

The shop's week of 9 to 15 November (assistant/tests/shop.py); the question is asked on Friday 20 November 2026.
"""

from datetime import datetime

import pytest

from assistant import answer
from assistant.evals.score import find_cases, load_catalog
from assistant.events import Event, TextAdded
from assistant.plan import Plan
from assistant.planner import Catalog, LeftOut, PastTurn, Planned, plan_question
from assistant.revise import Revision
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop

SHOP = load_catalog("shop")
WEDNESDAY = datetime.fromisoformat("2026-11-18T16:42:00-03:00")


def plan(question: str, language: str = "pt") -> Planned:
    return plan_question(question, catalog=SHOP, clock=WEDNESDAY, language=language)  # type: ignore[arg-type]


LEFT_OUT = [
    ("pt", "csat sem contar a entrega ontem", "exclusion", "sem contar a entrega"),
    ("en", "satisfaction excluding cancellations in October", "exclusion", "excluding cancellations"),
    ("es", "satisfacción sin contar cancelaciones en octubre", "exclusion", "sin contar cancelaciones"),
    ("pt", "nota média entre 14h e 18h ontem", "hours", "entre 14h e 18h"),
    ("en", "messages between 9am and 12pm yesterday", "hours", "between 9am and 12pm"),
    ("es", "mensajes entre las 9 y las 12 ayer", "hours", "entre las 9 y las 12"),
    ("pt", "satisfação aos sábados nos últimos 60 dias", "weekdays", "aos sábados"),
    ("en", "satisfaction on Mondays in October", "weekdays", "on Mondays"),
    ("es", "satisfacción los lunes en octubre", "weekdays", "los lunes"),
    ("pt", "quantos clientes novos este mês", "customer_age", "clientes novos"),
    ("pt", "conversas abertas há mais de 2 dias", "age", "há mais de 2 dias"),
    ("en", "conversations open for more than 2 days", "age", "for more than 2 days"),
    ("pt", "conversas mais longas de ontem", "length", "mais longas"),
    ("pt", "quantas conversas a gente perdeu ontem", "lost", "perdeu"),
    ("pt", "tempo médio de resolução deste mês", "resolution_time", "tempo médio de resolução"),
    ("pt", "média de mensagens por conversa este mês", "average", "média de mensagens por"),
    ("pt", "satisfação no carnaval", "holiday", "carnaval"),
    ("pt", "quais clientes ameaçaram xingling ontem", "unread", "ameaçaram xingling"),
]


@pytest.mark.parametrize(("language", "question", "kind", "heard"), LEFT_OUT)
def test_a_condition_that_no_field_holds_is_told(language: str, question: str, kind: str, heard: str) -> None:
    assert plan(question, language).left_out == (LeftOut(kind, heard),)


@pytest.mark.parametrize(
    "question",
    [
        "satisfação no sábado",
        "nota média por atendente em outubro",
        "mensagens sobre a black friday",
        "por que os clientes novos estão insatisfeitos",
        "csat no feriado de 7 de setembro",
        "quem teve menos reclamações ontem",
    ],
)
def test_what_is_considered_is_not_told_as_left_out(question: str) -> None:
    assert plan(question).left_out == ()


def test_leaving_a_channel_out_leaves_all_the_others() -> None:
    planned = plan("csat sem contar o suporte ontem")
    assert (planned.plan.filters.channel, planned.left_out) == (("Vendas", "Loja Centro", "Loja Norte"), ())


def test_channels_are_left_out_one_after_the_other_and_of_those_named() -> None:
    said = ["csat sem o suporte e sem vendas ontem", "conversas das lojas menos a norte", "todos os canais menos vendas, nota de ontem"]
    left = [plan(one).plan.filters.channel for one in said]
    assert left == [("Loja Centro", "Loja Norte"), ("Loja Centro",), ("Suporte", "Loja Centro", "Loja Norte")]


def test_days_that_customers_speak_of_are_searched_for() -> None:
    said = ["mensagens sobre entrega amanhã", "quantas pessoas perguntaram do natal"]
    assert [plan(one).plan.search for one in said] == ["entrega amanhã", "natal"]


def test_our_questions_tell_what_they_leave_out_and_the_exact_ones_nothing() -> None:
    wrong: list[tuple[str, list[str]]] = []
    catalogs: dict[str, Catalog] = {}
    for case in find_cases():
        row = case.row
        planned = plan_question(
            row["question"],
            history=[PastTurn(turn["question"], Plan.from_dict(turn["plan"])) for turn in row["history"]],
            catalog=catalogs.setdefault(case.catalog, load_catalog(case.catalog)),
            clock=datetime.fromisoformat(row["as_of"]),
            language=row["lang"],
        )
        told = [left.kind for left in planned.left_out]
        if told != row.get("left_out", []):
            wrong.append((row["id"], told))
    # One exact question holds a condition that its plan does not.
    assert wrong == [("shop-3116", ["customer_age"])]


@pytest.mark.parametrize(
    ("language", "question", "kind", "heard"),
    [
        ("pt", "satisfação em 31/02/2026", "no_day", "31/02/2026"),
        ("pt", "conversas de 30 de fevereiro", "no_day", "30 de fevereiro"),
        ("en", "csat on February 30", "no_day", "February 30"),
        ("pt", "satisfação amanhã", "not_begun", "amanhã"),
        ("pt", "qual vai ser a nota do mês que vem", "not_begun", "mês que vem"),
        ("en", "complaints next week", "not_begun", "next week"),
        ("es", "satisfacción de mañana", "not_begun", "mañana"),
        ("pt", "reclamações de 2030", "not_begun", "2030"),
    ],
)
def test_days_that_are_not_are_asked_back(language: str, question: str, kind: str, heard: str) -> None:
    planned = plan(question, language)
    assert planned.doubt is not None
    assert (planned.plan.intent, planned.missing, planned.doubt.kind, planned.doubt.heard) == ("clarify", "day", kind, heard)


TOLD = [
    (
        "quantas conversas entre 14h e 18h na semana passada?",
        "Não considerei “entre 14h e 18h”: não filtro por hora do dia, mas mostro as horas lado a lado. Na semana passada",
        ["left_out", "Não considerado", "“entre 14h e 18h”"],
    ),
    (
        "how many conversations last week excluding payment?",
        "I did not consider “excluding payment”: I can't take a part out of the count, so the result includes everything. Last week",
        ["left_out", "Not considered", "“excluding payment”"],
    ),
    (
        "¿satisfacción los lunes de noviembre por agente?",
        "No consideré “los lunes”: no filtro por día de la semana. ",
        ["left_out", "No considerado", "“los lunes”"],
    ),
]


@pytest.mark.parametrize(("question", "text", "chip"), TOLD)
def test_an_answer_says_first_what_it_does_not_consider(shop: Shop, question: str, text: str, chip: list[str]) -> None:
    pieces: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event.data, TextAdded):
            pieces.append(event.data.text)

    told = answer.run(shop.manager, question=question, clock=CLOCK, emit=hear)
    assert told.text.startswith(text)
    assert [told.understood[-1].field, told.understood[-1].label, told.understood[-1].value] == chip
    assert "".join(pieces) == told.text


def test_days_that_are_not_are_asked_back_in_words(shop: Shop) -> None:
    told = answer.run(shop.manager, question="satisfação em 31/02/2026", clock=CLOCK)
    assert told.text == "“31/02/2026” não existe no calendário: de que dia se trata?"
    told = answer.run(shop.manager, question="how many conversations tomorrow?", clock=CLOCK)
    assert told.text == "“tomorrow” has not begun, and I only look at what has happened: which period do you mean?"


def test_a_plan_that_is_changed_by_hand_still_leaves_out_what_the_question_says(shop: Shop) -> None:
    first = answer.run(shop.manager, question="satisfação sem contar entrega na semana passada", clock=CLOCK)
    again = answer.run(shop.manager, clock=CLOCK, revision=Revision(turn_id=first.turn_id, group_by="agent"))
    assert again.text.startswith("Não considerei “sem contar entrega”: ")
    assert again.plan["group_by"] == "agent"
