"""The page in three languages and two lights, as one person chooses them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from core.project.demo.accounts import SUPERVISOR
from tests.e2e.ledger import Ledger
from tests.e2e.screen import ask, say, sign_in

QUESTIONS = {
    "pt": ("Qual foi a satisfação nos últimos 30 dias?", "Satisfação"),
    "en": ("What was satisfaction in the last 30 days?", "Satisfaction"),
    "es": ("¿Cuál fue la satisfacción en los últimos 30 días?", "Satisfacción"),
}


@pytest.fixture(autouse=True)
def speaks_portuguese_again(ledger: Ledger) -> Iterator[None]:
    """However a test ends, the next one that signs this person in finds the page in Portuguese."""
    yield
    ledger.speak_portuguese()


def choose_language(page: Page, name: str, *, spoken: str) -> None:
    """Choose a language, and wait until the server knows of it: a page that closes before takes the choice with it."""

    def is_kept(response: Response) -> bool:
        return response.request.method == "PATCH" and response.url.endswith("/api/v1/me") and response.ok

    with page.expect_response(is_kept):
        choose(page, "languages", name, language=spoken)


def choose(page: Page, key: str, name: str, *, language: str = "pt") -> None:
    """Choose something in the account's menu, which is left open and closed with Esc."""
    page.get_by_role("button", name=say("account.open", language=language)).click()
    page.get_by_role("menuitemradio", name=say(f"account.{key}.{name}", language=language), exact=True).click()
    page.keyboard.press("Escape")


def test_the_page_and_its_answers_speak_the_language_that_is_chosen(page: Page) -> None:
    sign_in(page, SUPERVISOR)
    spoken = "pt"
    for language, (question, metric) in QUESTIONS.items():
        if language != spoken:
            choose_language(page, language, spoken=spoken)
            spoken = language
        expect(page.locator("html")).to_have_attribute("lang", {"pt": "pt-BR"}.get(language, language))
        page.get_by_role("link", name=say("threads.new", language=language)).first.click()
        turn = ask(page, question, language=language)
        chips = turn.get_by_role("group", name=say("turn.understood", language=language)).locator("dd")
        assert metric in [text.strip() for text in chips.all_text_contents()]
        expect(turn.get_by_role("button", name=say("turn.copy", language=language))).to_be_visible()
    page.reload()
    expect(page.get_by_label(say("composer.label", language="es"))).to_be_visible()
    choose_language(page, "pt", spoken="es")
    expect(page.get_by_label(say("composer.label"))).to_be_visible()


def read_background(page: Page) -> str:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert isinstance(colour, str)
    return colour


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_light_that_is_chosen_stays(page: Page, theme: str) -> None:
    sign_in(page, SUPERVISOR)
    choose(page, "themes", theme)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    colour = read_background(page)
    page.reload()
    expect(page.get_by_label(say("composer.label"))).to_be_visible()
    assert (page.locator("html").get_attribute("data-theme"), read_background(page)) == (theme, colour)
