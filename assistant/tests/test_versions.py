"""Whose conclusions an answer's numbers are, and whose word counts where a person disagreed: on the shop of `shop.py`.

This week (16–20 November) the shop has 16 analysed conversations, the week before 14. Their notes of this week are
1 5 2 4 1 5 2 4 1 5 2 4 1 5 4 2: 48 in all, 3.0 in the mean; 8 of them are resolved.
"""

from datetime import date

import pytest

from assistant.compose.composed import compose
from assistant.compose.numbers import Language
from assistant.execute import execute
from assistant.plan import Filters, Plan
from assistant.tests.shop import CLOCK, MOMENT, Shop
from assistant.tests.shop import shop as shop
from core.compute import Selection, compute_metrics
from core.models import Conversation, ConversationAnalysis, Correction, Tenant, Theme
from core.periods import Period
from core.search import find_conversations
from core.tenancy import scope

LAST_WEEK = Period(date(2026, 11, 9), date(2026, 11, 15))
THIS_WEEK = Period(date(2026, 11, 16), date(2026, 11, 20))
SELECTION = Selection(period=THIS_WEEK, clock=CLOCK)


def list_notes(shop: Shop, plan: Plan, language: Language = "pt") -> list[str]:
    with scope(shop.tenant.id):
        notes = compose(execute(shop.manager, plan, moment=MOMENT), language=language, moment=MOMENT).notes
    return [note for note in notes if "vers" in note]


@pytest.fixture
def mixed(shop: Shop) -> Shop:
    """Of this week, the four conversations of Friday and Thursday that begin at 10 or later are of version 2."""
    with scope(shop.tenant.id):
        newest = list(ConversationAnalysis.objects.order_by("-conversation__started_at").values_list("id", flat=True)[:4])
        ConversationAnalysis.objects.filter(id__in=newest).update(analyser_version="2")
    return shop


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt", "As conclusões vêm de 2 versões do analisador (test 1: 12; test 2: 4): parte da diferença pode vir da troca."),
        (
            "en",
            "The conclusions come from 2 versions of the analyser (test 1: 12; test 2: 4): part of a difference may come from the change.",
        ),
        (
            "es",
            "Las conclusiones vienen de 2 versiones del analizador (test 1: 12; test 2: 4): parte de la diferencia puede venir del cambio.",
        ),
    ],
)
def test_a_period_of_two_versions_says_so(mixed: Shop, language: Language, said: str) -> None:
    assert list_notes(mixed, Plan(intent="metric", metrics=("satisfaction",), period=THIS_WEEK), language) == [said]


def test_two_periods_of_one_version_each_say_so_where_they_are_compared(shop: Shop) -> None:
    plan = Plan(intent="metric", metrics=("satisfaction",), period=THIS_WEEK)
    compared = Plan(intent="metric", metrics=("satisfaction",), period=THIS_WEEK, compare_to=LAST_WEEK)
    assert (list_notes(shop, plan), list_notes(shop, compared)) == ([], [])
    with scope(shop.tenant.id):
        ConversationAnalysis.objects.filter(conversation__started_at__gte="2026-11-16T03:00Z").update(analyser_version="2")
    assert list_notes(shop, plan) == []
    assert list_notes(shop, compared) == [
        "As conclusões vêm de 2 versões do analisador (test 2: 16; test 1: 14): parte da diferença pode vir da troca."
    ]


@pytest.mark.parametrize(
    ("plan", "is_told"),
    [
        (Plan(intent="metric", metrics=("conversations",), period=THIS_WEEK), False),
        (Plan(intent="metric", metrics=("response_time",), period=THIS_WEEK, group_by="agent"), False),
        (Plan(intent="metric", metrics=("conversations",), period=THIS_WEEK, group_by="theme"), True),
        (Plan(intent="metric", metrics=("conversations",), period=THIS_WEEK, filters=Filters(sentiment=("negative",))), True),
        (Plan(intent="metric", metrics=("conversations",), period=THIS_WEEK, filters=Filters(status="resolved")), True),
        (Plan(intent="summary", period=THIS_WEEK), True),
    ],
    ids=["counts", "times", "by theme", "of a feeling", "resolved", "summary"],
)
def test_what_no_analyser_concluded_says_nothing_of_versions(mixed: Shop, plan: Plan, is_told: bool) -> None:
    assert bool(list_notes(mixed, plan)) is is_told


def measure(shop: Shop, selection: Selection = SELECTION) -> tuple[float | None, float | None, float | None]:
    """Satisfaction, resolution rate, and how many conversations there are."""
    with scope(shop.tenant.id):
        [row] = compute_metrics(shop.manager, selection, metrics=["satisfaction", "resolution_rate", "conversations"])
        return row.values["satisfaction"], row.values["resolution_rate"], row.values["conversations"]


@pytest.fixture
def corrected(shop: Shop) -> Shop:
    """Number 14 (16 November, 9:00, note 1, open, Atraso na entrega): a person says 5, resolved, Pagamento e Pix."""
    with scope(shop.tenant.id):
        conversation = Conversation.objects.get(chat_key="0-14")
        Correction.objects.create(
            conversation=conversation, user=shop.manager, made_at=CLOCK, satisfaction=5, is_resolved=True, corrects_theme=True,
            theme=Theme.objects.get(name="Pagamento e Pix"), revision=1, analyser="test", analyser_version="1", machine_score=1.0,
            machine_theme=Theme.objects.get(name="Atraso na entrega"), machine_is_resolved=False,
        )  # fmt: skip
    return shop


def test_what_a_person_corrected_counts(shop: Shop) -> None:
    assert measure(shop) == (48 / 16, 50.0, 18)


def test_a_correction_moves_every_number_that_it_is_in(corrected: Shop) -> None:
    assert measure(corrected) == (52 / 16, 56.25, 18)
    pix = Selection(period=THIS_WEEK, clock=CLOCK, themes=("Pagamento e Pix",))
    late = Selection(period=THIS_WEEK, clock=CLOCK, themes=("Atraso na entrega",))
    assert (measure(corrected, pix)[2], measure(corrected, late)[2]) == (4, 7)
    best = Selection(period=THIS_WEEK, clock=CLOCK, satisfaction_min=5, status="resolved")
    with scope(corrected.tenant.id):
        found = find_conversations(corrected.manager, best, limit=10)
        assert found.total == 5
        assert {row.theme for row in found.rows if row.started_at.day == 16} == {"Pagamento e Pix"}


def test_where_the_tenant_does_not_count_corrections_the_analyser_counts(corrected: Shop) -> None:
    with scope(corrected.tenant.id):
        Tenant.objects.update(counts_corrections=False)
    assert measure(corrected) == (48 / 16, 50.0, 18)


def test_what_was_taken_back_does_not_count(corrected: Shop) -> None:
    with scope(corrected.tenant.id):
        Correction.objects.update(undone_at=CLOCK)
    assert measure(corrected) == (48 / 16, 50.0, 18)
