"""A manager asks about satisfaction: what the page shows is what the database holds, and nothing of it is lost."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from core.project.demo.accounts import MANAGER
from core.project.demo.shop import FAILING_CHANNEL
from tests.e2e.conftest import OpenPage
from tests.e2e.ledger import Ledger
from tests.e2e.screen import ask, fill_sign_in, read_table, read_understood, say, take_screenshot, tidy, wait_for_answer

WHY = "Por que a satisfação caiu na semana passada?"
FOLLOW_UP = "e por canal?"


@pytest.fixture(scope="class")
def desk(open_page: OpenPage, ledger: Ledger) -> Page:
    """One page for a whole class of tests, which go on where the one before ended; whoever asked before left no thread to this person."""
    ledger.forget_threads()
    return open_page()


@pytest.fixture(scope="class")
def period(ledger: Ledger) -> tuple[date, date]:
    """This month so far; the last 30 days in a month that has hardly begun and may hold no conversation yet."""
    today = ledger.read_today()
    return (today.replace(day=1) if today.day > 3 else today - timedelta(days=29)), today


@pytest.fixture(scope="class")
def question(period: tuple[date, date]) -> str:
    when = "este mês" if period[0].day == 1 and period[0].month == period[1].month else "nos últimos 30 dias"
    return f"Como está a satisfação {when}, por atendente?"


def find_satisfaction(turn: Locator) -> tuple[str, str]:
    """The answer's large figure and the small print below it."""
    block = turn.get_by_role("group").filter(has=turn.page.locator(".font-display")).first
    return tidy(block.locator(".font-display").first.inner_text()), tidy(block.locator("p").last.inner_text())


def write(number: str) -> str:
    """A number of SQL as Brazilians write it."""
    return number.replace(".", ",")


class TestAsking:
    """In this order, on one page."""

    def test_a_wrong_password_is_told_and_opens_nothing(self, desk: Page) -> None:
        desk.goto("/")
        expect(desk).to_have_url(re.compile("/sign-in$"))
        fill_sign_in(desk, MANAGER.email, "not this one")
        expect(desk.get_by_role("alert")).to_have_text(say("signIn.wrong"))
        expect(desk).to_have_url(re.compile("/sign-in$"))

    def test_the_right_one_opens_an_empty_page_with_questions_to_begin_with(self, desk: Page) -> None:
        fill_sign_in(desk, MANAGER.email, MANAGER.password)
        expect(desk.get_by_label(say("composer.label"))).to_be_focused()
        expect(desk.get_by_role("navigation", name=say("threads.title"))).to_have_text(say("threads.empty"))
        expect(desk.get_by_role("group", name=say("empty.suggestions")).get_by_role("button")).to_have_count(6)

    def test_the_answer_says_what_it_understood(self, desk: Page, question: str) -> None:
        turn = ask(desk, question)
        understood = read_understood(turn)
        assert list(understood) == ["Período", "Medida", "Dividido"]
        assert (understood["Medida"], understood["Dividido"]) == ("Satisfação", "Por atendente")

    def test_its_figure_is_the_one_of_the_database(self, desk: Page, ledger: Ledger, period: tuple[date, date], question: str) -> None:
        mean, count = ledger.read_satisfaction(*period)
        figure, small_print = find_satisfaction(wait_for_answer(desk, question))
        assert (figure, small_print) == (write(mean), f"{count} conversas")

    def test_every_row_of_its_table_is(self, desk: Page, ledger: Ledger, period: tuple[date, date], question: str) -> None:
        expected = ledger.read_satisfaction_by("agent", *period)
        shown = {row["Atendente"]: (row["Satisfação"], row["Conversas"]) for row in read_table(wait_for_answer(desk, question))}
        assert shown == {"Sem atendente" if agent == "–" else agent: (write(mean), str(count)) for agent, (mean, count) in expected.items()}

    def test_it_says_what_it_stands_on(self, desk: Page, ledger: Ledger, period: tuple[date, date], question: str) -> None:
        conversations, analysed = ledger.count_conversations(*period)
        coverage = wait_for_answer(desk, question).get_by_role("group", name=say("turn.coverage"))
        expect(coverage).to_contain_text(f"{analysed} de {conversations} conversas analisadas")

    def test_a_citation_opens_its_conversation_at_the_message(self, desk: Page, question: str) -> None:
        citation = wait_for_answer(desk, question).get_by_role("group", name=say("turn.citations")).get_by_role("link").first
        text = citation.locator("q").inner_text()
        citation.click()
        dialog = desk.get_by_role("dialog")
        cited = dialog.locator("[data-cited]")
        expect(cited).to_contain_text(text)
        expect(cited).to_be_in_viewport()
        take_screenshot(desk, "conversation-1440-light")
        desk.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    def test_a_reload_shows_the_same_turn(self, desk: Page, question: str) -> None:
        before = tidy(wait_for_answer(desk, question).inner_text())
        desk.reload()
        assert tidy(wait_for_answer(desk, question).inner_text()) == before

    def test_a_follow_up_changes_what_it_says_and_keeps_the_rest(
        self, desk: Page, ledger: Ledger, period: tuple[date, date], question: str
    ) -> None:
        before = read_understood(wait_for_answer(desk, question))
        turn = ask(desk, FOLLOW_UP)
        assert read_understood(turn) == before | {"Dividido": "Por canal"}
        expected = ledger.read_satisfaction_by("channel", *period)
        shown = {row["Canal"]: (row["Satisfação"], row["Conversas"]) for row in read_table(turn)}
        assert shown == {channel: (write(mean), str(count)) for channel, (mean, count) in expected.items()}

    def test_why_names_the_channel_that_failed_first(self, desk: Page, ledger: Ledger) -> None:
        desk.get_by_role("link", name=say("threads.new")).first.click()
        turn = ask(desk, WHY)
        monday = ledger.read_today() - timedelta(days=ledger.read_today().weekday() + 7)
        (before, _), (now, count) = (
            ledger.read_satisfaction(start, start + timedelta(days=6)) for start in (monday - timedelta(days=7), monday)
        )
        drivers = turn.get_by_role("group").filter(has=desk.locator("li")).first
        said = tidy(drivers.locator("p").first.inner_text())
        assert said.startswith(f"{write(before)} → {write(now)} ")
        assert said.endswith(f"Satisfação · {count} conversas")
        expect(drivers.get_by_role("listitem").first).to_contain_text(FAILING_CHANNEL)
        take_screenshot(desk, "why-1440-light")

    def test_both_threads_are_kept_and_open_again(self, desk: Page, question: str) -> None:
        links = desk.get_by_role("navigation", name=say("threads.title")).get_by_role("link")
        expect(links).to_have_text([WHY, question])
        links.nth(1).click()
        wait_for_answer(desk, FOLLOW_UP)
        expect(desk.get_by_role("article")).to_have_count(2)
