"""While a considerable part of a period waits for its analysis, an answer says so first and names no cause from a minor part.

By hand from `shop.py`: last week (9–15) has 14 conversations, this week (16–20) 18, of which two wait anyway. `leave` takes the analyses
of a week away but for those of its first conversations, as an import in its first minutes has them.
"""

import uuid
from datetime import date
from typing import Any

import pytest

from assistant import answer
from assistant.chosen_models import ChosenModels
from assistant.compose.composed import Composed, compose
from assistant.compose.numbers import Language
from assistant.evidence import Evidence, ExplainEvidence, SummaryEvidence, ThemesEvidence
from assistant.execute import execute
from assistant.plan import Filters, Plan
from assistant.report import report
from assistant.tests.shop import CLOCK, MOMENT, Shop
from assistant.tests.shop import shop as shop
from assistant.waiting import lacks_what_waits
from core.ai.providers import ProviderConfig
from core.models import Conversation, ConversationAnalysis, MessageAnalysis
from core.periods import Period
from core.tenancy import scope

LAST_WEEK, THIS_WEEK = Period(date(2026, 11, 9), date(2026, 11, 15)), Period(date(2026, 11, 16), date(2026, 11, 20))
WHY = Plan(intent="explain", metrics=("satisfaction",), period=THIS_WEEK, compare_to=LAST_WEEK)
WHY_PT = "por que a satisfação caiu esta semana?"
LEAD_PT = "Ainda falta analisar 15 das 18 conversas esta semana, até hoje: o que segue é só o que já se sabe. "
AGAIN_PT = "Pergunte de novo em instantes para ter a resposta completa."


def leave(shop: Shop, period: Period, *, analysed: int) -> None:
    """Take the analyses of a week away but for those of its first conversations."""
    with scope(shop.tenant.id):
        rows = Conversation.objects.filter(started_at__date__range=(period.start, period.end)).order_by("started_at")
        waiting = [row.id for row in rows][analysed:]
        ConversationAnalysis.objects.filter(conversation_id__in=waiting).delete()
        MessageAnalysis.objects.filter(message__conversation_id__in=waiting).delete()


def tell(shop: Shop, plan: Plan, *, language: Language = "pt") -> tuple[Composed, Any]:
    with scope(shop.tenant.id):
        evidence: Evidence = execute(shop.manager, plan, moment=MOMENT)
        return compose(evidence, language=language, moment=MOMENT), evidence


@pytest.mark.parametrize(
    ("language", "lead", "early"),
    [
        ("pt", LEAD_PT + AGAIN_PT, "Ainda é cedo para dizer o porquê: a maior parte das conversas ainda não foi analisada."),
        (
            "en",
            "15 of the 18 conversations this week so far still have to be analysed: what follows is only what is known so far. "
            "Ask again in a moment for the whole answer.",
            "It is too early to say why: most of the conversations are not analysed yet.",
        ),
        (
            "es",
            "Todavía falta analizar 15 de las 18 conversaciones esta semana, hasta hoy: lo que sigue es solo lo que ya se sabe. "
            "Pregunta de nuevo en un momento para tener la respuesta completa.",
            "Todavía es pronto para decir por qué: la mayor parte de las conversaciones aún no fue analizada.",
        ),
    ],
)
def test_no_cause_is_named_from_a_minor_part(shop: Shop, language: Language, lead: str, early: str) -> None:
    leave(shop, THIS_WEEK, analysed=3)
    told, evidence = tell(shop, WHY, language=language)
    assert [told.sentences[0], told.sentences[-1], len(told.sentences)] == [lead, early, 3]
    assert isinstance(evidence, ExplainEvidence)
    assert [(one.chosen, one.splits, one.pulls) for one in evidence.explanations] == [(None, (), ())]
    assert [block.kind for block in told.blocks] == ["number"]


def test_the_compared_period_counts_as_well(shop: Shop) -> None:
    leave(shop, LAST_WEEK, analysed=4)
    told, _ = tell(shop, WHY)
    assert told.sentences[0] == (
        "Ainda falta analisar 10 das 14 conversas na semana passada: o que segue é só o que já se sabe. " + AGAIN_PT
    )
    assert told.sentences[-1] == "Ainda é cedo para dizer o porquê: a maior parte das conversas ainda não foi analisada."


def test_both_periods_are_named_together(shop: Shop) -> None:
    leave(shop, THIS_WEEK, analysed=3)
    leave(shop, LAST_WEEK, analysed=4)
    told, _ = tell(shop, WHY)
    assert told.sentences[0].startswith(
        "Ainda falta analisar 15 das 18 conversas esta semana, até hoje e 10 das 14 conversas na semana passada: "
    )


def test_a_cause_in_a_major_part_is_told_without_certainty(shop: Shop) -> None:
    whole, _ = tell(shop, WHY)
    assert any(sentence.startswith("Certeza") for sentence in whole.sentences)
    leave(shop, THIS_WEEK, analysed=13)  # through the 19th at 10:00: 5 of 18 wait
    told, _ = tell(shop, WHY)
    assert told.sentences[0].startswith("Ainda falta analisar 5 das 18 conversas")
    assert not any(sentence.startswith(("Certeza", "Nada se destaca", "Ainda é cedo")) for sentence in told.sentences)


def test_what_does_not_stand_out_so_far_is_said_so(shop: Shop) -> None:
    leave(shop, THIS_WEEK, analysed=13)
    told, _ = tell(shop, Plan(intent="explain", metrics=("complaints",), period=Period(date(2026, 11, 16), date(2026, 11, 20)),
                              compare_to=LAST_WEEK, filters=Filters(channel=("Suporte",))))  # fmt: skip
    assert not any(sentence.startswith("Nada se destaca") for sentence in told.sentences)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(intent="metric", metrics=("csat",), period=THIS_WEEK),
        Plan(intent="metric", metrics=("conversations", "complaints"), period=THIS_WEEK, compare_to=LAST_WEEK),
        Plan(intent="metric", metrics=("conversations",), period=THIS_WEEK, group_by="theme"),
        Plan(intent="metric", metrics=("conversations",), period=THIS_WEEK, filters=Filters(sentiment=("positive",))),
        Plan(intent="themes", period=THIS_WEEK),
        Plan(intent="summary", period=THIS_WEEK),
        Plan(intent="messages", period=THIS_WEEK, filters=Filters(sentiment=("negative",))),
        Plan(intent="conversations", period=THIS_WEEK, order="asc"),
    ],
    ids=lambda plan: f"{plan.intent} {plan.metrics} {plan.group_by}",
)
def test_whatever_depends_on_analysis_says_it_first(shop: Shop, plan: Plan) -> None:
    leave(shop, THIS_WEEK, analysed=3)
    told, evidence = tell(shop, plan)
    assert told.sentences[0] == LEAD_PT + AGAIN_PT
    assert len(told.sentences) > 1
    if isinstance(evidence, SummaryEvidence):
        assert (evidence.explanation, evidence.themes.pulls) == (None, ())
    if isinstance(evidence, ThemesEvidence):
        assert {size.mark for size in evidence.themes} == {None}


@pytest.mark.parametrize(
    "plan",
    [
        Plan(intent="metric", metrics=("conversations", "first_response_time"), period=THIS_WEEK, group_by="agent"),
        Plan(intent="messages", period=THIS_WEEK),
        Plan(intent="conversations", period=THIS_WEEK),
        Plan(intent="conversations", period=THIS_WEEK, filters=Filters(status="unanswered")),
    ],
    ids=lambda plan: f"{plan.intent} {plan.filters.status}",
)
def test_what_needs_no_analysis_does_not_wait_for_it(shop: Shop, plan: Plan) -> None:
    leave(shop, THIS_WEEK, analysed=3)
    told, evidence = tell(shop, plan)
    assert (lacks_what_waits(plan), evidence.waiting) == (False, ())
    assert "Ainda falta" not in " ".join(told.sentences)


def test_waiting_conversations_are_not_taken_for_a_theme(shop: Shop) -> None:
    """More conversations than last week are not more conversations "without a theme" because nobody has read them yet."""
    leave(shop, THIS_WEEK, analysed=3)
    _, evidence = tell(shop, Plan(intent="explain", metrics=("conversations",), period=THIS_WEEK, compare_to=LAST_WEEK))
    (explanation,) = evidence.explanations
    assert [split.dimension for split in explanation.splits] == ["channel", "agent", "customer", "wait", "hour", "weekday"]


@pytest.mark.parametrize(("analysed", "is_said"), [(16, False), (15, True)])
def test_a_few_that_wait_are_told_by_the_receipt_alone(shop: Shop, analysed: int, is_said: bool) -> None:
    """2 of 18 is 11 %, 3 of 18 is 17 %: the line lies at 15 %."""
    leave(shop, THIS_WEEK, analysed=analysed)
    told, _ = tell(shop, Plan(intent="metric", metrics=("csat",), period=THIS_WEEK))
    assert told.coverage.pending == 18 - analysed
    assert told.sentences[0].startswith("Ainda falta analisar") is is_said


def test_asking_again_is_the_first_next_step_and_reports_say_it_too(shop: Shop) -> None:
    leave(shop, THIS_WEEK, analysed=3)
    told = answer.run(shop.manager, question=WHY_PT, clock=CLOCK)
    assert told.text.startswith(LEAD_PT + AGAIN_PT)
    assert told.suggestions[0] == WHY_PT
    assert len(told.suggestions) == 3
    with scope(shop.tenant.id):
        summed, _ = report(shop.manager, Plan(intent="summary", period=THIS_WEEK), moment=MOMENT, language="pt", kind=SummaryEvidence)
    assert summed.text.startswith(LEAD_PT + AGAIN_PT)


def test_a_model_phrases_no_answer_that_has_to_begin_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("assistant.chosen_models.run_chain", lambda *given, **named: asked.append(given))

    def choose(tenant_id: uuid.UUID) -> ChosenModels:
        return ChosenModels(tenant_id=tenant_id, phrasers=[ProviderConfig(kind="ollama", base_url="http://127.0.0.1:9", model="any")])

    leave(shop, THIS_WEEK, analysed=3)
    told = answer.run(shop.manager, question=WHY_PT, clock=CLOCK, choose_models=choose)
    assert (asked, told.text.startswith(LEAD_PT), told.provider) == ([], True, "embedded")
