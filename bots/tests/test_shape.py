"""Answers as WhatsApp messages: short, marked by us alone, in three languages."""

from typing import Any

import pytest

from assistant import answer
from assistant.blocks import Answer, Citation, Column, Coverage, CoverageHole, CoveredPeriod, TableBlock, Understood, VerifiedMark
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop
from assistant.tests.test_waiting import THIS_WEEK, leave
from bots.markup import cut, find_first_name, neutralise
from bots.shape import LONGEST, find_today, list_conversation_steps, shape_answer, shape_messages

PERIOD = CoveredPeriod(start="2026-11-16", end="2026-11-20")


def make_answer(text: str = "A satisfação está em 4,2.", **fields: Any) -> Answer:
    values: dict[str, Any] = {
        "thread_id": "t", "turn_id": "turn-1", "language": "pt", "question": "?", "text": text, "plan": {"intent": "metric"},
        "understood": [Understood(field="period", label="Período", value="Esta semana")], "blocks": [], "citations": [],
        "coverage": Coverage(period=PERIOD, conversations=3, analysed=3, pending=0, text="3 de 3 conversas analisadas"),
        "notes": [], "suggestions": [], "provider": "embedded", "took_ms": 1, "as_of": CLOCK.isoformat(),
    }  # fmt: skip
    return Answer(**(values | fields))


def make_citation(text: str = "cadê meu pedido?", author: str = "Mariana Alves", number: int = 1) -> Citation:
    return Citation(
        message_id=f"m{number}", conversation_id=f"00000000-0000-7000-8000-00000000000{number}",
        sent_at="2026-11-20T10:05:00-03:00", author=author, text=text,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("*grátis* _hoje_ ~ontem~ `x` ```y```", "∗grátis∗ ˍhojeˍ ∼ontem∼ ˋxˋ ˋˋˋyˋˋˋ"),
        ("duas\nlinhas\t e  espaços", "duas linhas e espaços"),
        ("> não é citação", "› não é citação"),
        ("- não é lista", "– não é lista"),
        ("1. não é lista", "1) não é lista"),
        ("3.5 é um número", "3.5 é um número"),
    ],
)
def test_what_comes_from_data_marks_nothing(said: str, written: str) -> None:
    assert neutralise(said) == written


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [("curto", 10, "curto"), ("uma frase bem comprida", 12, "uma frase…"), ("palavracomprida", 6, "palav…"), ("fim, de", 6, "fim…")],
)
def test_what_is_long_is_cut_at_a_word(text: str, longest: int, short: str) -> None:
    assert cut(text, longest) == short


@pytest.mark.parametrize(
    ("name", "first"), [("Mariana Alves", "Mariana"), ("*Zé*", "∗Zé∗"), ("5511988887777", "cliente"), ("", "cliente"), ("~", "cliente")]
)
def test_first_names(name: str, first: str) -> None:
    assert find_first_name(name, "pt") == first


def test_the_messages_of_an_answer_are_the_second_step_and_a_suggestion_to_show_them_is_them() -> None:
    plain = shape_answer(make_answer(suggestions=["Por quê?", "E por canal?", "E por dia?"], citations=[make_citation()]))
    assert plain.text.splitlines()[-4:] == ["Responda com o número:", "*1* Por quê?", "*2* Ver as mensagens", "*3* E por canal?"]
    assert plain.choices == {
        "1": {"do": "ask", "question": "Por quê?", "language": "pt", "turn_id": "turn-1"},
        "2": {"do": "messages", "turn_id": "turn-1", "language": "pt"},
        "3": {"do": "ask", "question": "E por canal?", "language": "pt", "turn_id": "turn-1"},
    }
    suggested = shape_answer(make_answer(suggestions=["E por canal?", "Mostra as mensagens"], citations=[make_citation()]))
    assert [plan["do"] for plan in suggested.choices.values()] == ["ask", "messages"]
    assert shape_answer(make_answer()).choices == {}


def test_what_to_mind_is_told_below_what_the_numbers_stand_on_as_on_the_page() -> None:
    coverage = make_answer().coverage.model_copy(update={"holes": [CoverageHole(channel="Norte", missing=7)]})
    hole, few = "7 mensagens do canal Norte ainda não chegaram até nós.", "Com menos de 5 conversas, uma só muda muito o resultado."
    told = shape_answer(make_answer(coverage=coverage, notes=["Entendi “noorte” como Norte.", hole, few, "Uma quarta."]))
    assert told.text.split("\n\n")[1] == (f"_Esta semana · 3 de 3 conversas analisadas_\n⚠ Entendi “noorte” como Norte.\n⚠ {hole}\n⚠ {few}")


def test_who_vouches_for_a_question_is_told_there_too() -> None:
    mark = VerifiedMark(id="v", by="Bia", on="2026-11-01", timing="planner", text="Pergunta verificada por *Bia* em 01/11/2026.")
    told = shape_answer(make_answer(verified=mark)).text
    assert told.split("\n\n")[1] == "_Esta semana · 3 de 3 conversas analisadas_\n✓ Pergunta verificada por ∗Bia∗ em 01/11/2026."


def test_names_with_marks_are_bold_by_our_marks_alone() -> None:
    table = TableBlock(
        title="Satisfação por atendente",
        columns=[Column(key="agent", label="Atendente", unit="text"), Column(key="satisfaction", label="Satisfação", unit="rating")],
        rows=[{"agent": "*Ana* _S_", "satisfaction": 4.2}, {"agent": "Bia", "satisfaction": None}],
    )
    said = shape_answer(make_answer("Melhor: *Ana* _S_, 4,2 em 14,2 dias de 4,2.", blocks=[table])).text.split("\n\n")
    assert said[:2] == ["Melhor: *∗Ana∗ ˍSˍ*, *4,2* em 14,2 dias de *4,2*.", "• ∗Ana∗ ˍSˍ: *4,2*"]


def test_however_much_there_is_it_fits_a_message() -> None:
    table = TableBlock(
        title="x", columns=[Column(key="agent", label="Atendente", unit="text"), Column(key="n", label="Conversas", unit="count")],
        rows=[{"agent": f"Pessoa {'muito ' * 9}{n}", "n": n} for n in range(40)],
    )  # fmt: skip
    long = make_answer(
        "Uma frase de muitas palavras que vai longe demais para um telefone pequeno, e mais. " * 12,
        plan={"intent": "explain"}, blocks=[table], citations=[make_citation("lamento " * 60)], suggestions=["Pergunta " * 20] * 3,
    )  # fmt: skip
    shaped = shape_answer(long)
    assert len(shaped.text) <= LONGEST
    assert shaped.text.splitlines()[-1].startswith("*3* Pergunta")
    drilled = shape_messages(
        [make_citation("reclamo " * 90, number=n) for n in range(1, 8)],
        language="pt",
        today=find_today(long),
        public_url="https://e.example",
    )
    assert len(drilled.text) <= LONGEST
    assert drilled.text.startswith("*Mensagens* (5 de 7)")


def test_messages_lead_to_their_conversations() -> None:
    cited = [make_citation("a", number=1), make_citation("b", number=1), make_citation("c", "Roberto Tanaka", number=2)]
    steps = list_conversation_steps(cited, language="en")
    shaped = shape_messages(cited, language="en", today=CLOCK.date(), steps=steps)
    assert shaped.text == (
        "*Messages* (3 of 3)\n\n> *Mariana* · Nov 20 at 10:05\n> “a”\n\n> *Mariana* · Nov 20 at 10:05\n> “b”\n\n"
        "> *Roberto* · Nov 20 at 10:05\n> “c”\n\n"
        "Reply with the number:\n*1* See the conversation with Mariana\n*2* See the conversation with Roberto"
    )
    assert [plan["conversation_id"][-1] for plan in shaped.choices.values()] == ["1", "2"]


SHAPES = [
    (
        "pt",
        "como está a satisfação por atendente esta semana?",
        "Esta semana, até hoje, a satisfação está em *3,0* (16 conversas).\nMelhor: *Ana Souza*, *3,43*; pior: *Bruno Lima*, *3,0*.\n\n"
        "• Ana Souza: *3,43* · 7 conversas\n• Bruno Lima: *3,0* · 5 conversas\n• Carla Mendes: *2,25* · 4 conversas\n\n"
        "_Esta semana, até hoje (16/11 a 20/11) · 16 de 18 conversas analisadas, 2 aguardando_\n\n"
        "Responda com o número:\n*1* Por quê?\n*2* E por canal?\n*3* Ver as mensagens",
    ),
    (
        "en",
        "why did satisfaction drop this week?",
        "Satisfaction fell from 3.79 last week to *3.0* this week so far (*−0.79*), a change for the worse.\n"
        "What weighed most was the *Norte* channel: satisfaction there went from 4.2 (5 conversations) to 1.5 (8 conversations).\n"
        "Certainty that this is no chance, counting everything that was compared: 99.9%.\n"
        "Within that, what weighed most was those who waited 15 min to 1 h: from 0 conversations to 6 conversations.\n\n"
        "• Norte: *−1.23* · 8 conversations\n• Suporte: *+0.45* · 8 conversations\n\n"
        "> “terceira vez que atrasa” — Roberto\n> “continuo sem resposta e sem pedido” — Lívia\n\n"
        "_This week so far (Nov 16 – Nov 20) · 16 of 18 conversations analysed, 2 waiting_\n\n"
        "Reply with the number:\n*1* Drill into Norte\n*2* See the messages\n*3* Satisfaction by channel this week",
    ),
    (
        "es",
        "¿qué conversaciones están sin respuesta?",
        "Hay 2 conversaciones sin respuesta en los últimos 30 días.\n"
        "Quien espera hace más tiempo es *Sérgio Barros*: último mensaje el 13/11 a las 18:00.\n\n"
        "• *Sérgio Barros*: nota 3, sin respuesta\n• *Lívia Ferraz*: nota 1, Atraso na entrega, sin respuesta\n\n"
        "_Últimos 30 días (22/10 al 20/11) · 2 de 2 conversaciones analizadas_\n\n"
        "Responde con el número:\n*1* Ver los mensajes\n*2* ¿Cuáles son los temas principales en los últimos 30 días?\n"
        "*3* Satisfacción por agente en los últimos 30 días",
    ),
]


@pytest.mark.parametrize(("language", "question", "shape"), SHAPES)
def test_whole_answers(shop: Shop, language: str, question: str, shape: str) -> None:
    answered = answer.run(shop.manager, question=question, clock=CLOCK)
    assert answered.language == language
    assert shape_answer(answered).text == shape


def test_what_still_waits_for_its_analysis_is_told_first(shop: Shop) -> None:
    leave(shop, THIS_WEEK, analysed=3)
    question = "por que a satisfação caiu esta semana?"
    lines = shape_answer(answer.run(shop.manager, question=question, clock=CLOCK)).text.splitlines()
    assert lines[:2] == [
        "Ainda falta analisar 15 das 18 conversas esta semana, até hoje: o que segue é só o que já se sabe.",
        "Pergunte de novo em instantes para ter a resposta completa.",
    ]
    assert lines[3] == "Ainda é cedo para dizer o porquê: a maior parte das conversas ainda não foi analisada."
    assert f"*1* {question}" in lines
