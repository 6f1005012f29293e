"""What a person does on the page and reads from it, found by the names that a screen reader says."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from core.project.demo.accounts import Account
from core.project.embedded.home import CHECKOUT

SCREENSHOTS = CHECKOUT / ".evosense" / "test" / "screenshots"
WORDS = CHECKOUT / "web" / "ui" / "src" / "i18n"
AXE = CHECKOUT / "web" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
ANSWER_TIMEOUT_MS = 60_000
WIDTHS = {"phone": 390, "desk": 1440}
HEIGHTS = {"phone": 844, "desk": 900}


def say(key: str, *, language: str = "pt") -> str:
    """What the page says in a language: `say("composer.label")`."""
    found: Any = json.loads((WORDS / f"{language}.json").read_text())
    for part in key.split("."):
        found = found[part]
    assert isinstance(found, str)
    return found


def sign_in(page: Page, account: Account, *, path: str = "/") -> None:
    """Open the page, sign in and wait for the composer."""
    page.goto(path)
    fill_sign_in(page, account.email, account.password)
    expect(page.get_by_label(say("composer.label"))).to_be_visible()


def fill_sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label(say("signIn.email")).fill(email)
    page.get_by_label(say("signIn.password"), exact=True).fill(password)
    page.get_by_role("button", name=say("signIn.submit"), exact=True).click()


def ask(page: Page, question: str, *, language: str = "pt") -> Locator:
    """Ask in the composer and wait for the whole answer; its part of the page."""
    page.get_by_label(say("composer.label", language=language)).fill(question)
    page.keyboard.press("Enter")
    return wait_for_answer(page, question)


def wait_for_answer(page: Page, question: str) -> Locator:
    """The last turn with this question, once its answer is whole."""
    turn = page.get_by_role("article", name=question, exact=True).last
    expect(turn).to_have_attribute("aria-busy", "false", timeout=ANSWER_TIMEOUT_MS)
    expect(turn.get_by_role("contentinfo").or_(turn.locator("footer"))).to_be_visible()
    return turn


def read_understood(turn: Locator) -> dict[str, str]:
    """Label → value of "how I understood this"."""
    part = turn.get_by_role("group", name=say("turn.understood"))
    labels = [text.strip() for text in part.locator("dt").all_text_contents()]
    values = [text.strip() for text in part.locator("dd").all_text_contents()]
    return dict(zip(labels, values, strict=True))


def read_table(part: Locator) -> list[dict[str, str]]:
    """The first table of a part of the page, a dictionary a row; what is spoken to screen readers alone counts as text."""
    table = part.locator("table").first
    heads = [text.strip() for text in table.locator("thead th").all_text_contents()]
    rows = []
    for row in table.locator("tbody tr").all():
        cells = [tidy(text) for text in row.locator("th, td").all_text_contents()]
        rows.append(dict(zip(heads, cells, strict=True)))
    return rows


def tidy(text: str) -> str:
    """Text with plain spaces."""
    return re.sub(r"\s+", " ", text).strip()


def take_screenshot(page: Page, name: str) -> Path:
    """Keep what the page looks like, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path


def find_violations(page: Page) -> list[str]:
    """What axe-core objects to, a line each: rule, element, what is wrong."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{violation['id']} at {' '.join(map(str, node['target']))}: {tidy(node['failureSummary'])}"
        for violation in found
        for node in violation["nodes"]
    ]


class Listener:
    """Notes every error that the browser tells on its console, and every one that the page did not handle."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        # A browser tells every refused request: asking who is there, and a wrong password, are refused on purpose.
        url = message.location.get("url", "")
        if "status of 401" in message.text and url.endswith(("/api/v1/auth/refresh", "/api/v1/auth/token")):
            return
        self.errors.append(f"{message.text} ({url})")
