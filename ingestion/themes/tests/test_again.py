"""A list that has grown takes what had no theme, and nothing else; whoever analysed decides."""

from datetime import timedelta

import pytest

from core.models import Conversation, ConversationAnalysis, Tenant, Theme, ThemeProposal, ThemeSearch
from core.tenancy import scope
from ingestion.analyse import analyse_waiting
from ingestion.tests.quick import BEGIN, QuickAnalyser, fill, make_tenant
from ingestion.themes.again import begin_reading, read_again
from ingestion.themes.proposals import approve
from ingestion.themes.tests.shop import EVERYTHING
from ingestion.themes.tests.shop import fill as fill_shop


@pytest.fixture
def tenant(db: None) -> Tenant:
    """Sixty conversations, analysed by the quick rule: its theme is the first whose name a customer said."""
    made = make_tenant("quick")
    fill(made, ["cadê a nota?", "entrega sem nota", "pix não caiu"], times=20)
    analyse_waiting(made.id, QuickAnalyser())
    return made


def add_theme(name: str) -> None:
    """A theme that a proposal became."""
    theme = Theme.objects.create(name=name)
    ThemeProposal.objects.create(name=name, state="approved", theme=theme, first_seen_at=BEGIN, last_seen_at=BEGIN)


def count_themes(tenant: Tenant) -> dict[str | None, int]:
    with scope(tenant.id):
        names = list(ConversationAnalysis.objects.filter(is_current=True).values_list("theme__name", flat=True))
    return {name: names.count(name) for name in sorted(set(names), key=str)}


def test_a_new_theme_takes_what_had_none(tenant: Tenant) -> None:
    assert count_themes(tenant) == {"Entrega": 20, "Pix": 20, None: 20}
    with scope(tenant.id):
        add_theme("Nota")
        begin_reading()
    analyser = QuickAnalyser()
    assert read_again(tenant.id, analyser) is False
    # "Entrega" keeps what it had, though a note is named there too.
    assert count_themes(tenant) == {"Entrega": 20, "Nota": 20, "Pix": 20}
    assert analyser.judged == 20
    with scope(tenant.id):
        search = ThemeSearch.objects.get()
    assert (search.is_reading, search.to_read, search.read, search.taken) == (False, 20, 20, 20)
    assert read_again(tenant.id, analyser) is False


def test_a_theme_that_nobody_approved_gains_nothing(tenant: Tenant) -> None:
    with scope(tenant.id):
        Theme.objects.create(name="Nota")
        begin_reading()
    assert read_again(tenant.id, QuickAnalyser()) is False
    assert count_themes(tenant) == {"Entrega": 20, "Pix": 20, None: 20}


def test_it_goes_on_where_a_dead_worker_left(tenant: Tenant) -> None:
    fill(tenant, ["nota"], times=60, begin=BEGIN + timedelta(days=30))
    analyse_waiting(tenant.id, QuickAnalyser())
    with scope(tenant.id):
        add_theme("Nota")
        begin_reading()
    analyser = QuickAnalyser()
    # No time: one batch of 48, and then the next turn.
    assert read_again(tenant.id, analyser, seconds=0.0) is True
    with scope(tenant.id):
        assert (ThemeSearch.objects.get().read, ThemeSearch.objects.get().to_read) == (48, 80)
    assert read_again(tenant.id, analyser) is False
    assert analyser.judged == 80
    assert count_themes(tenant)["Nota"] == 80


def test_what_another_provider_analysed_is_passed_over(tenant: Tenant) -> None:
    with scope(tenant.id):
        add_theme("Nota")
        ConversationAnalysis.objects.filter(theme__isnull=True).update(analyser="ollama")
        begin_reading()
    analyser = QuickAnalyser()
    assert read_again(tenant.id, analyser) is False
    assert (analyser.judged, count_themes(tenant)) == (0, {"Entrega": 20, "Pix": 20, None: 20})


def test_what_a_person_approved_has_the_theme_whoever_analysed_it(tenant: Tenant) -> None:
    conversations = fill_shop(tenant, EVERYTHING[:6], analyser="ollama")
    with scope(tenant.id):
        at = conversations[0].started_at
        proposal = ThemeProposal.objects.create(
            name="Nota fiscal", conversation_ids=[one.id for one in conversations], size=6, first_seen_at=at, last_seen_at=at
        )
        theme, taken = approve(proposal.id, name="Nota fiscal", examples=[], user=None)
        assert taken == 6
        assert Conversation.objects.filter(analyses__theme=theme, analyses__analyser="ollama").count() == 6
