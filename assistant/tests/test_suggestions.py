"""What an answer suggests to ask next is understood by the planner: as a question with an answer, over the same days."""

from datetime import date

import pytest

from assistant.compose.composed import compose
from assistant.compose.numbers import Language
from assistant.evidence import TalkEvidence
from assistant.execute import execute
from assistant.plan import Plan
from assistant.planner import Catalog, PastTurn, plan_question
from assistant.tests.number_cases import CASES, OCTOBER, Case
from assistant.tests.shop import AGENTS, CHANNELS, CONTACTS, MOMENT, THEMES, ZONE, Shop
from assistant.tests.shop import shop as shop
from core.periods import Period
from core.tenancy import scope

LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")
CATALOG = Catalog(
    tenant="Casa Lua",
    time_zone=ZONE,
    agents=tuple(name for name in AGENTS.values() if name),
    channels=tuple(CHANNELS.values()),
    themes=tuple(name for name in THEMES.values() if name),
    contacts=tuple(CONTACTS.values()),
)
# Days that no name of a period covers: the suggestion writes them out.
ODD = Plan(intent="metric", metrics=("csat",), period=Period(date(2026, 11, 3), date(2026, 11, 17)))
OLD = Plan(intent="themes", period=Period(date(2025, 11, 1), date(2025, 11, 30)))
EXTRA = [Case(name="odd days", plan=ODD, blocks=(), covers=""), Case(name="old days", plan=OLD, blocks=(), covers="")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [*CASES, *EXTRA], ids=lambda case: case.name)
def test_suggestions_are_understood(shop: Shop, case: Case, language: Language) -> None:
    with scope(shop.tenant.id):
        composed = compose(execute(shop.manager, case.plan, moment=MOMENT), language=language, moment=MOMENT)
    assert len(composed.suggestions) == 3
    history = [PastTurn("?", case.plan)]
    for suggestion in composed.suggestions:
        planned = plan_question(suggestion, history=history, catalog=CATALOG, clock=MOMENT.clock, language=language)
        assert planned.plan.intent not in ("clarify", "refuse", "help"), suggestion
        assert planned.plan != case.plan, suggestion
        assert planned.language == language
        # Where nothing was found, other days are suggested.
        if case.plan.period not in (OCTOBER, OLD.period):
            assert planned.plan.period == case.plan.period, suggestion


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["help", "clarify", "refuse"])
def test_suggestions_where_nothing_was_asked(intent: str, language: Language) -> None:
    evidence = TalkEvidence(plan=Plan(intent=intent), tenant_name="Casa Lua")  # type: ignore[arg-type]
    composed = compose(evidence, language=language, moment=MOMENT)
    found = [plan_question(text, catalog=CATALOG, clock=MOMENT.clock, language=language).plan.intent for text in composed.suggestions]
    assert found == ["metric", "themes", "conversations"]
