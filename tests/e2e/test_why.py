"""A score that one can argue with, in a real browser: what it is made of, what decided it, a correction and its way back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.project.demo.accounts import MANAGER
from tests.e2e.conftest import OpenPage
from tests.e2e.ledger import Ledger
from tests.e2e.screen import WIDTHS, ask, find_violations, say, sign_in, take_screenshot

QUESTION = "Me mostra mensagens de clientes irritados com a entrega nos últimos 60 dias"


@pytest.fixture(autouse=True)
def forgets(ledger: Ledger) -> Iterator[None]:
    """However a test ends, no correction of it is in the next one's figures."""
    yield
    ledger.forget_threads()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", list(WIDTHS))
def test_a_person_asks_why_disagrees_and_takes_it_back(open_page: OpenPage, screen: str, theme: str) -> None:
    page = open_page(screen=screen, theme=theme)
    sign_in(page, MANAGER)
    ask(page, QUESTION).get_by_role("link").last.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name=say("conversation.why.open")).click()
    panel = sheet.get_by_role("region", name=say("conversation.why.title"))
    expect(panel.get_by_text(say("conversation.why.parts.base"))).to_be_visible()
    found = {"why": look(page, f"why-{WIDTHS[screen]}-{theme}")}
    decided = say("conversation.why.decided").partition("{{")[0].strip()
    expect(sheet.get_by_role("log").get_by_text(decided).first).to_be_attached()
    panel.get_by_role("list").nth(1).get_by_role("button").first.click()
    expect(sheet.get_by_role("log").get_by_text(decided).first).to_be_in_viewport()

    panel.get_by_role("button", name=say("conversation.correction.disagree")).click()
    form = panel.get_by_role("form", name=say("conversation.correction.title"))
    notes = [form.get_by_role("radio", name=say("value.satisfaction").replace("{{value}}", str(note))) for note in (2, 4)]
    next(note for note in notes if not note.is_checked()).check()
    form.get_by_label(say("conversation.correction.comment")).fill("A cliente agradeceu por telefone.")
    form.scroll_into_view_if_needed()
    found["form"] = look(page, f"disagree-{WIDTHS[screen]}-{theme}")
    form.get_by_role("button", name=say("conversation.correction.save")).click()
    expect(panel.get_by_text(say("conversation.correction.counts"))).to_be_visible()
    found["corrected"] = look(page, f"corrected-{WIDTHS[screen]}-{theme}")
    panel.get_by_role("button", name=say("conversation.correction.undo")).click()
    expect(panel.get_by_text(say("conversation.correction.counts"))).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found == {name: [] for name in found}


def look(page: Page, name: str) -> list[str]:
    """Keep what the page looks like; what axe-core objects to."""
    take_screenshot(page, name)
    return find_violations(page)
