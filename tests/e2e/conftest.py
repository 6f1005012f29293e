"""One running demo with its tenant for all browser tests, and a real Chromium."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from core.project.embedded.home import CHECKOUT, Home
from core.project.embedded.ports import find_port
from tests.e2e.demo import Demo
from tests.e2e.ledger import Ledger
from tests.e2e.screen import HEIGHTS, WIDTHS, Listener

# Kept between runs: filling the demo's tenant takes its time, and a second start must work on what the first left.
DEMO_HOME = Home(CHECKOUT / ".evosense" / "test" / "e2e")

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# A machine that is busy with other tests is no reason to fail.
PATIENCE_MS = 30_000
STARTS, START_MS = 3, 60_000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def demo() -> Iterator[Demo]:
    """The demo with its tenant, as `evosense demo` starts it."""
    demo = Demo(home=DEMO_HOME, port=find_port()).start()
    yield demo
    demo.stop()


@pytest.fixture(scope="package")
def ledger(demo: Demo) -> Ledger:
    """The demo's database, everything in it analysed and nothing asked yet."""
    ledger = Ledger(home=demo.home)
    ledger.wait_until_analysed()
    ledger.forget_threads()
    return ledger


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine (`CHROMIUM` names another). Its driver's event loop must be gone before other packages' tests."""
    executable = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert executable is not None, "Browser tests need chromium: `.ci/run` installs it, and CHROMIUM names another one."
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        yield browser
        browser.close()


def launch(playwright: Playwright, executable: str) -> Browser:
    """A Chromium that has started; where the program itself does not come up on a busy machine it is started again, thrice at most."""
    for _ in range(STARTS - 1):
        with contextlib.suppress(PlaywrightError):
            return playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS, timeout=START_MS)
    return playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS, timeout=START_MS)


@pytest.fixture(scope="class")
def open_page(browser: Browser, demo: Demo, ledger: Ledger) -> Iterator[OpenPage]:
    """Opens pages of fresh browser profiles: `open_page(screen="phone", theme="dark")`. What the browser calls an error fails the test."""
    contexts: list[BrowserContext] = []
    listeners: list[Listener] = []

    def open_one(*, screen: str = "desk", theme: Any = "light", locale: str = "pt-BR") -> Page:
        context = browser.new_context(
            base_url=demo.address,
            locale=locale,
            viewport={"width": WIDTHS[screen], "height": HEIGHTS[screen]},
            color_scheme=theme,
            # Nothing that moves is measured half-way.
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        listeners.append(Listener(page))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [error for listener in listeners for error in listener.errors] == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page on a desk, in daylight."""
    return open_page()
