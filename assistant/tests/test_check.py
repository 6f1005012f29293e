"""The check of words against evidence: it passes what is true, and catches a number that was changed, rounded up or made up."""

import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.blocks import Coverage, Figure, NumberBlock
from assistant.compose.check import Facts, add_evidence, collect_facts, find_figures, find_unknown
from assistant.compose.composed import SENTENCES, compose
from assistant.compose.numbers import Language
from assistant.compose.say_metric import say_lead
from assistant.compose.voice import Voice
from assistant.decompose import Cell, split_count
from assistant.evidence import ConversationsEvidence, ExplainEvidence, Explanation, Measured, Pull, SummaryEvidence
from assistant.execute import execute
from assistant.plan import Filters, Plan
from assistant.tests.number_cases import CASES, Case
from assistant.tests.shop import MOMENT, Shop
from assistant.tests.shop import shop as shop
from core.compute import Covered
from core.periods import Period
from core.search import ConversationRow, Found
from core.tenancy import scope

PLAN = Plan(
    intent="metric", metrics=("csat",), period=Period(date(2026, 10, 1), date(2026, 10, 31)), filters=Filters(channel=("Loja 24h",))
)  # fmt: skip


@pytest.fixture
def facts() -> Facts:
    voice = Voice(PLAN, language="pt", moment=MOMENT)
    figures = [
        Figure(metric="csat", label="CSAT", unit="percent", value=87.46, previous=92.0, change=-4.54, base=184),
        Figure(metric="response_time", label="Tempo", unit="seconds", value=250, base=1234),
    ]
    assert PLAN.period is not None
    coverage = Coverage(period=None, conversations=190, analysed=184, pending=6, text="")
    return collect_facts(voice, [NumberBlock(title="", figures=figures)], coverage, periods=[PLAN.period])


@pytest.mark.parametrize(
    ("sentence", "unknown"),
    [
        ("Em outubro, o CSAT foi de 87,5% (184 conversas).", []),
        ("Caiu de 92% para 87,5% (−4,5 p.p.).", []),
        ("O tempo foi de 4\u00a0min\u00a010\u00a0s em 1.234 respostas.", []),
        ("Na Loja 24h, de 01/10 a 31/10, 6 de 190 aguardam.", []),
        ("O CSAT foi de 88%.", ["88%"]),
        ("O CSAT foi de 87,5.", ["87,5"]),  # no percentage: another number
        ("Subiu 4,5 p.p.", ["4,5 p.p."]),  # it fell
        ("O tempo foi de 4 min.", ["4 min"]),
        ("São 185 conversas.", ["185"]),
        ("De 01/10 a 30/10.", ["30/10"]),
        ("Às 14:30 de 3 dias.", ["14:30", "3"]),
    ],
)
def test_figures_of_a_sentence(facts: Facts, sentence: str, unknown: list[str]) -> None:
    assert find_unknown(sentence, facts) == unknown


def test_figures_as_they_stand() -> None:
    text = "Nov 3, 2025 – Nov 10: 87.5%, 1 h 05 min, +12, 14h, 20/11 às 14:30, 45 s e 3 sem nome"
    assert find_figures(text) == ["Nov 3, 2025", "Nov 10", "87.5%", "1 h 05 min", "+12", "14h", "20/11", "14:30", "45 s", "3"]


@pytest.mark.parametrize("language", ["pt", "en", "es"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_sentence_of_forty_answers_passes(shop: Shop, case: Case, language: Language) -> None:
    """Dropping is for mistakes: our own words make none, in any language, and leave no gap or place unfilled."""
    with scope(shop.tenant.id):
        evidence = execute(shop.manager, case.plan, moment=MOMENT)
    composed = compose(evidence, language=language, moment=MOMENT)
    voice = Voice(case.plan, language=language, moment=MOMENT)
    lead = [say_lead(voice, evidence.waiting)] if evidence.waiting else []
    assert composed.sentences == [*lead, *SENTENCES[case.plan.intent](voice, evidence)]
    for sentence in composed.sentences:
        assert re.search(r"  | [,.;:)]|[{}]|\( ", sentence) is None, sentence
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("pt", "O que mais pesou foi o canal Loja Norte: de 5 para 23 (+18), o que explica 78,3% da mudança."),
        ("en", "What weighed most was the Loja Norte channel: from 5 to 23 (+18), which explains 78.3% of the change."),
        ("es", "Lo que más pesó fue el canal Loja Norte: de 5 a 23 (+18), lo que explica 78,3\xa0% del cambio."),
    ],
)
def test_the_cause_of_a_count_is_said_with_its_share(language: Language, sentence: str) -> None:
    """Complaints went from 18 to 41: 5 → 23 in Loja Norte, 13 → 18 elsewhere; 18 of 23 more are 78.3 %."""
    cells = [Cell(key=key, before=a, before_rows=a, now=b, now_rows=b) for key, a, b in (("Loja Norte", 5, 23), ("Loja Sul", 13, 18))]
    split = split_count("channel", cells, change=23)
    split = replace(split, drivers=(replace(split.drivers[0], strength=1.0), *split.drivers[1:]))
    measured = Measured(metric="complaints", value=41, rows=99, previous=18, previous_rows=54)
    week, week_before = Period(date(2026, 11, 23), date(2026, 11, 29)), Period(date(2026, 11, 16), date(2026, 11, 22))
    evidence = ExplainEvidence(
        plan=Plan(intent="explain", metrics=("complaints",), period=week, compare_to=week_before),
        covered=Covered(conversations=99, analysed=99, pending=0),
        explanations=(Explanation(measured=measured, splits=(split,), chosen=split, is_beyond_chance=True),),
    )
    assert sentence in compose(evidence, language=language, moment=MOMENT).sentences


def test_a_theme_that_pulls_may_be_told_though_it_is_not_listed(shop: Shop) -> None:
    plan = Plan(intent="summary", period=Period(date(2026, 11, 16), date(2026, 11, 20)))
    with scope(shop.tenant.id):
        evidence = execute(shop.manager, plan, moment=MOMENT)
    assert isinstance(evidence, SummaryEvidence)
    pull = Pull(key="Loja 24h fechada", value=1.43, rows=6, part=-0.37)
    told = compose(replace(evidence, themes=replace(evidence.themes, pulls=(pull,))), language="pt", moment=MOMENT)
    assert "Loja 24h fechada é o que mais puxa a satisfação para baixo: nota 1,43 (6 conversas), −0,37 no total." in told.sentences


def test_a_sentence_that_says_more_than_the_evidence_is_dropped(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SENTENCES, "metric", lambda voice, evidence: ["Houve 32 conversas.", "Houve 33 conversas."])
    plan = Plan(intent="metric", metrics=("conversations",), period=Period(date(2026, 11, 1), date(2026, 11, 20)))
    with scope(shop.tenant.id):
        evidence = execute(shop.manager, plan, moment=MOMENT)
    assert compose(evidence, language="pt", moment=MOMENT).sentences == ["Houve 32 conversas."]


def test_the_note_of_a_conversation_may_be_named_as_a_whole_number() -> None:
    """Its cell is a rating, which is written with a decimal: 3,0 does not excuse the 3 of a sentence."""
    at = MOMENT.clock
    row = ConversationRow(
        conversation_id="c", contact="Bia 2", agent=None, channel="Suporte", theme=None, satisfaction=3, rating=None, status="open",
        started_at=at, last_message_at=at, message_count=2, first_response_seconds=None, excerpt="",
    )  # fmt: skip
    covered = Covered(conversations=90, analysed=90, pending=0)
    evidence = ConversationsEvidence(plan=Plan(intent="conversations"), covered=covered, found=Found(total=40, rows=[row]))
    facts, voice = Facts(), Voice(evidence.plan, language="pt", moment=MOMENT)
    add_evidence(facts, voice, evidence)
    assert find_unknown("A nota mais baixa é 3, de Bia 2.", facts) == []
    assert find_unknown("A nota mais baixa é 2, de Bia 2.", facts) == ["2"]
    # A name of one digit would else excuse that digit everywhere.
    digit = replace(evidence, found=Found(total=40, rows=[replace(row, contact="7")]))
    facts = Facts()
    add_evidence(facts, voice, digit)
    assert find_unknown("São 7 conversas.", facts) == ["7"]


def test_only_the_largest_part_of_an_unsure_change_is_named_without_figures() -> None:
    cells = [
        Cell(key="Loja 15", before=40, before_rows=40, now=40, now_rows=40),
        Cell(key="Loja 60", before=10, before_rows=10, now=60, now_rows=60),
        Cell(key="Loja 5", before=200, before_rows=200, now=205, now_rows=205),
    ]
    split = split_count("channel", cells, change=55)
    measured = Measured(metric="conversations", value=305, rows=305, previous=250, previous_rows=250)
    explanation = Explanation(measured=measured, splits=(split,), chosen=None, is_beyond_chance=False)
    covered = Covered(conversations=305, analysed=305, pending=0)
    evidence = ExplainEvidence(plan=Plan(intent="explain", metrics=("conversations",)), covered=covered, explanations=(explanation,))
    facts, voice = Facts(), Voice(evidence.plan, language="pt", moment=MOMENT)
    add_evidence(facts, voice, evidence)
    assert find_unknown("O maior pedaço da mudança é o canal Loja 60.", facts) == []
    assert find_unknown("O maior pedaço da mudança é o canal Loja 15.", facts) == ["15"]
