"""One running demo with its tenant for all browser tests, and a real Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from core.project.embedded.home import CHECKOUT, Home
from core.project.embedded.ports import find_port
from tests.e2e.demo import Demo

# Kept between runs: filling the demo's tenant takes its time, and a second start must work on what the first left.
DEMO_HOME = Home(CHECKOUT / ".evosense" / "test" / "e2e")

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo with its tenant, as `evosense demo` starts it."""
    demo = Demo(home=DEMO_HOME, port=find_port()).start()
    yield demo
    demo.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine (`CHROMIUM` names another)."""
    executable = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert executable is not None, "Browser tests need chromium: `.ci/run` installs it, and CHROMIUM names another one."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A page of a fresh browser profile, which fails the test on an error that the page did not handle."""
    context = browser.new_context(base_url=demo.address, locale="pt-BR", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
