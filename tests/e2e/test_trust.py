"""An answer that one can trust and change, in a real browser: its reading changed in place, judged, verified, and asked again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.project.demo.accounts import MANAGER
from tests.e2e.conftest import OpenPage
from tests.e2e.ledger import Ledger
from tests.e2e.screen import WIDTHS, ask, find_violations, read_understood, say, sign_in, take_screenshot, wait_for_answer

QUESTION = "Quantas conversas tivemos nos últimos 30 dias no total?"
AGAIN = "quantas conversas tivemos nos ultimos 30 dias no total"


@pytest.fixture(autouse=True)
def forgets(ledger: Ledger) -> Iterator[None]:
    """However a test ends, no verified question of it answers the next."""
    yield
    ledger.forget_threads()


@pytest.mark.parametrize(("screen", "theme"), [("phone", "light"), ("desk", "dark")])
def test_a_reading_is_changed_judged_and_verified(open_page: OpenPage, screen: str, theme: str) -> None:
    page = open_page(screen=screen, theme=theme)
    sign_in(page, MANAGER)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        take_screenshot(page, f"trust-{name}-{WIDTHS[screen]}-{theme}")
        found[name] = find_violations(page)

    turn = ask(page, QUESTION)
    turn.get_by_role("button", name=say("edit.period")).click()
    expect(page.get_by_role("dialog", name=say("edit.period"))).to_be_in_viewport(ratio=1)
    look("period")
    page.get_by_role("button", name=say("edit.periods.last_7_days")).click()
    expect(page.get_by_role("article")).to_have_count(2)
    turn = wait_for_answer(page, QUESTION)
    expect(turn.get_by_role("list", name=say("turn.about"))).to_have_text(say("turn.edited"))
    turn.get_by_role("button", name=say("edit.metrics")).click()
    page.get_by_role("dialog").get_by_label("CSAT", exact=True).check()
    look("measures")
    page.get_by_role("dialog").get_by_role("button", name=say("edit.apply")).click()
    expect(page.get_by_role("article")).to_have_count(3)
    turn = wait_for_answer(page, QUESTION)
    understood = read_understood(turn)
    assert (understood["Medida"], understood["Período"].startswith("Últimos 7 dias")) == ("Conversas e CSAT", True)

    turn.get_by_role("button", name=say("turn.definitions")).click()
    expect(page.get_by_role("dialog")).to_contain_text("Porcentagem das conversas analisadas com satisfação 4 ou 5.")
    page.keyboard.press("Escape")
    turn.get_by_role("button", name=say("feedback.bad")).click()
    page.get_by_label(say("feedback.reasons.number")).check()
    look("feedback")
    page.get_by_role("button", name=say("feedback.send")).click()
    turn.get_by_role("button", name=re.compile(f"{say('verified.title')}|{say('verified.again')}")).click()
    look("verify")
    page.get_by_role("button", name=say("verified.save"), exact=True).click()
    expect(turn.get_by_role("button", name=say("verified.again"))).to_have_attribute("aria-pressed", "true")

    again = ask(page, AGAIN)
    expect(again.get_by_role("list", name=say("turn.about"))).to_contain_text(f"Pergunta verificada por {MANAGER.name}")
    assert read_understood(again)["Medida"] == "Conversas e CSAT"
    look("verified")
    forget_verified(page, screen)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found == {name: [] for name in found}


def forget_verified(page: Page, screen: str) -> None:
    """In the list of the account menu; the demo is then as it was before."""
    page.reload()
    expect(page.get_by_role("article", name=QUESTION, exact=True).nth(2).get_by_role("button", name=say("feedback.bad"))).to_have_attribute(
        "aria-pressed", "true"
    )
    if screen == "phone":
        page.get_by_role("button", name=say("threads.open")).click()
    page.get_by_role("button", name=re.compile(say("account.open"))).click()
    page.get_by_role("menuitem", name=say("verified.menu")).click()
    page.get_by_role("button", name=say("verified.forget").replace("{{question}}", QUESTION)).click()
    expect(page.get_by_text(say("verified.none"))).to_be_visible()
