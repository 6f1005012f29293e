"""What the tenancy tests found by themselves and tried is listed when they end."""

import pytest

_told: list[str] = []


@pytest.fixture
def tenancy_report() -> list[str]:
    """Lines that are printed below the tests' results."""
    return _told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _told:
        terminalreporter.section("tenancy: what was found and tried")
        for line in _told:
            terminalreporter.write_line(line)
