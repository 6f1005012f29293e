"""Every screen under axe-core, on a phone and on a desk, by day and by night; a picture of each is kept."""

import pytest
from playwright.sync_api import Page, expect

from core.project.demo.accounts import SUPERVISOR
from tests.e2e.conftest import OpenPage
from tests.e2e.screen import WIDTHS, ask, fill_sign_in, find_violations, say, take_screenshot

QUESTIONS = {
    "figures": "Como está a satisfação nos últimos 30 dias, por atendente?",
    "chart": "Quantas conversas tivemos por dia nos últimos 30 dias?",
    "why": "Por que a satisfação caiu na semana passada?",
    "messages": "Me mostra mensagens de clientes irritados com a entrega nos últimos 60 dias",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", list(WIDTHS))
def test_axe_finds_nothing(open_page: OpenPage, screen: str, theme: str) -> None:
    page = open_page(screen=screen, theme=theme)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        take_screenshot(page, f"{name}-{WIDTHS[screen]}-{theme}")
        found[name] = find_violations(page)

    page.goto("/sign-in")
    expect(page.get_by_role("heading", name=say("signIn.title"))).to_be_visible()
    look("sign-in")
    fill_sign_in(page, SUPERVISOR.email, SUPERVISOR.password)
    expect(page.get_by_role("group", name=say("empty.suggestions"))).to_be_visible()
    look("empty")
    for name, question in QUESTIONS.items():
        turn = ask(page, question)
        if name == "chart":
            expect(turn.locator("figure svg").first).to_be_visible()
        take_screenshot(page, f"{name}-{WIDTHS[screen]}-{theme}")
    check_width(page)
    found["answers"] = find_violations(page)
    page.get_by_role("article").last.get_by_role("link").last.click()
    expect(page.get_by_role("dialog").locator("[data-cited]")).to_be_in_viewport()
    look("conversation")
    assert found == {name: [] for name in found}


def check_width(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
