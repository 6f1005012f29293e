"""From signing in to reading a conversation without a mouse."""

from playwright.sync_api import Locator, Page, expect

from core.project.demo.accounts import TENANT_ADMIN
from tests.e2e.screen import say, wait_for_answer

QUESTION = "Por que a satisfação caiu na semana passada?"
FURTHEST = 60  # presses of Tab: nobody would go on for longer


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is on the target."""
    for _ in range(FURTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def test_everything_is_reached_by_keyboard_and_the_focus_comes_back(page: Page) -> None:
    page.goto("/")
    tab_to(page, page.get_by_label(say("signIn.email")))
    page.keyboard.type(TENANT_ADMIN.email)
    tab_to(page, page.get_by_label(say("signIn.password"), exact=True))
    page.keyboard.type(TENANT_ADMIN.password)
    page.keyboard.press("Enter")
    composer = page.get_by_label(say("composer.label"))
    expect(composer).to_be_focused()

    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    turn = wait_for_answer(page, QUESTION)
    expect(page.get_by_test_id("announcer")).to_contain_text("Resposta: ")
    expect(composer).to_be_focused()

    page.keyboard.press("Shift+Tab")
    citation = turn.get_by_role("group", name=say("turn.citations")).get_by_role("link").first
    for _ in range(FURTHEST):
        if citation.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(citation).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-cited]")).to_be_in_viewport()
    for _ in range(6):
        page.keyboard.press("Tab")
        # Behind the last control comes the browser's own, where the page has no focus at all.
        assert dialog.evaluate("element => element.contains(document.activeElement) || document.activeElement === document.body")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(citation).to_be_focused()

    page.keyboard.press("/")
    expect(composer).to_be_focused()
