"""A list that changed is read into the whole history where an administrator wants it: every theme may gain or lose, but what people saw."""

from datetime import timedelta

import pytest

from core.models import Conversation, Correction, Tenant, Theme, ThemeProposal, ThemeSearch
from core.tenancy import scope
from ingestion.analyse import analyse_waiting
from ingestion.tests.quick import BEGIN, QuickAnalyser, fill, make_tenant
from ingestion.themes.again import begin_reading, count_waiting, read_again, stop_reading
from ingestion.themes.tests.test_again import add_theme, count_themes


@pytest.fixture
def tenant(db: None) -> Tenant:
    """Sixty conversations read with the list Entrega, Pix: 20 of a note, 20 of a delivery without its note, 20 of a payment."""
    made = make_tenant("quick")
    fill(made, ["cadê a nota?", "entrega sem nota", "pix não caiu"], times=20)
    analyse_waiting(made.id, QuickAnalyser())
    return made


def find_conversation(tenant: Tenant, theme: str | None) -> Conversation:
    found = Conversation.objects.filter(analyses__is_current=True, analyses__theme__name=theme).first()
    assert found is not None
    return found


def read_whole(tenant: Tenant) -> ThemeSearch:
    with scope(tenant.id):
        begin_reading(is_whole=True)
    assert read_again(tenant.id, QuickAnalyser()) is False
    with scope(tenant.id):
        return ThemeSearch.objects.get()


def test_a_theme_that_was_added_gains_and_one_out_of_use_loses(tenant: Tenant) -> None:
    assert count_themes(tenant) == {"Entrega": 20, "Pix": 20, None: 20}
    with scope(tenant.id):
        Theme.objects.create(name="Nota")
        Theme.objects.filter(name="Entrega").update(is_active=False)
    search = read_whole(tenant)
    assert count_themes(tenant) == {"Nota": 40, "Pix": 20}
    assert (search.to_read, search.read, search.taken, search.is_reading) == (60, 60, 40, False)


def test_a_conversation_that_no_theme_fits_any_more_has_none(tenant: Tenant) -> None:
    with scope(tenant.id):
        Theme.objects.filter(name="Pix").update(is_active=False)
    assert read_whole(tenant).taken == 20
    assert count_themes(tenant) == {"Entrega": 20, None: 40}


def test_read_again_with_the_same_list_nothing_changes(tenant: Tenant) -> None:
    assert read_whole(tenant).taken == 0
    assert count_themes(tenant) == {"Entrega": 20, "Pix": 20, None: 20}


def test_what_a_person_put_right_or_approved_stays(tenant: Tenant) -> None:
    with scope(tenant.id):
        Theme.objects.create(name="Nota")
        corrected, approved = find_conversation(tenant, None), find_conversation(tenant, "Entrega")
        Correction.objects.create(
            conversation=corrected, made_at=BEGIN, corrects_theme=True, theme=None, revision=corrected.revision,
            analyser="quick", analyser_version="1", machine_score=3.0, machine_is_resolved=False,
        )  # fmt: skip
        ThemeProposal.objects.create(
            name="Entrega", state="merged", theme=Theme.objects.get(name="Entrega"), conversation_ids=[approved.id],
            first_seen_at=BEGIN, last_seen_at=BEGIN,
        )  # fmt: skip
        assert count_waiting(is_whole=True) == 58
    assert read_whole(tenant).taken == 19
    assert count_themes(tenant) == {"Entrega": 20, "Nota": 19, "Pix": 20, None: 1}


def test_a_proposal_that_is_approved_meanwhile_does_not_make_it_a_smaller_one(tenant: Tenant) -> None:
    with scope(tenant.id):
        Theme.objects.filter(name="Pix").update(is_active=False)
        begin_reading(is_whole=True)
        add_theme("Nota")
        begin_reading()
        assert ThemeSearch.objects.get().is_whole
    assert read_again(tenant.id, QuickAnalyser()) is False
    assert count_themes(tenant) == {"Entrega": 20, "Nota": 20, None: 20}


def test_stopped_it_leaves_the_rest_as_it_is(tenant: Tenant) -> None:
    fill(tenant, ["nota"], times=60, begin=BEGIN + timedelta(days=30))
    analyse_waiting(tenant.id, QuickAnalyser())
    with scope(tenant.id):
        Theme.objects.create(name="Nota")
        begin_reading(is_whole=True)
    # No time: one batch of 48, the newest.
    assert read_again(tenant.id, QuickAnalyser(), seconds=0.0) is True
    with scope(tenant.id):
        stop_reading()
    assert read_again(tenant.id, QuickAnalyser()) is False
    assert count_themes(tenant) == {"Entrega": 20, "Nota": 48, "Pix": 20, None: 32}
