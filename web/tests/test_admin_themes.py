"""The list of themes in Django admin: how its history stands, and having it compared again."""

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from core.models import ConversationAnalysis, Theme, ThemeSearch
from core.tenancy import scope
from ingestion.themes.tests.shop import fill
from tests.cast import Cast

LIST = "/admin/core/theme/"


def sign_in(user: object, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="core.sign_in.EmailBackend")  # type: ignore[arg-type]
    return client


@pytest.fixture
def shop(cast: Cast) -> Cast:
    """Casa Lua, whose customers ask for invoices and about parking, which its list lacks."""
    fill(cast.tenant, now=timezone.now())
    return cast


def count(cast: Cast) -> tuple[int, int]:
    """Conversations that can be compared (all but the one whose theme a person put right), and those that have no theme."""
    with scope(cast.tenant.id):
        rows = ConversationAnalysis.objects.filter(is_current=True)
        return rows.count() - 1, rows.filter(theme__isnull=True).count()


@pytest.mark.parametrize(
    ("language", "button"),
    [
        ("en", "Compare all conversations with this list"),
        ("pt-br", "Comparar todas as conversas com esta lista"),
        ("es", "Comparar todas las conversaciones con esta lista"),
    ],
)
def test_it_says_first_how_many_conversations_it_would_compare(shop: Cast, language: str, button: str) -> None:
    compared, without = count(shop)
    page = sign_in(shop.alice, language).get(LIST).content.decode()
    assert button in page
    assert (f": {without}." in page, f": {compared} (" in page) == (True, True)


def test_a_press_starts_it_the_page_shows_how_far_it_is_and_another_stops_it(shop: Cast) -> None:
    alice = sign_in(shop.alice)
    started = alice.post(f"{LIST}reading/read/", follow=True).content.decode()
    assert "Conversations are compared with your list" in started
    with scope(shop.tenant.id):
        search = ThemeSearch.objects.get()
    assert (search.is_reading, search.is_whole, search.to_read) == (True, True, count(shop)[0])
    stopped = alice.post(f"{LIST}reading/stop/", follow=True).content.decode()
    assert "Stopped. What was compared already keeps its theme." in stopped
    with scope(shop.tenant.id):
        assert ThemeSearch.objects.get().is_reading is False


def test_the_worker_goes_through_and_says_when_it_is_done(shop: Cast) -> None:
    alice = sign_in(shop.alice)
    alice.post(f"{LIST}reading/read/")
    assert current_app.tasks["ingestion.themes.tasks.task_choose_again"](str(shop.tenant.id)) is False
    page = alice.get(LIST).content.decode()
    assert ("Compared last time" in page, "Conversations are compared with your list" in page) == (True, False)


def test_a_link_does_nothing_and_an_empty_list_is_refused(shop: Cast) -> None:
    alice = sign_in(shop.alice)
    assert alice.get(f"{LIST}reading/read/").status_code == 302
    with scope(shop.tenant.id):
        assert not ThemeSearch.objects.filter(is_reading=True).exists()
        Theme.objects.update(is_active=False)
    assert "There is no theme in use. Add one first." in alice.post(f"{LIST}reading/read/", follow=True).content.decode()


def test_a_manager_may_not(shop: Cast) -> None:
    bob = sign_in(shop.bob)
    assert bob.post(f"{LIST}reading/read/").status_code in (302, 403)
    with scope(shop.tenant.id):
        assert not ThemeSearch.objects.filter(is_reading=True).exists()
