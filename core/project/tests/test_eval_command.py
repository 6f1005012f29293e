"""`evosense eval`: options of one set are for that set alone, and reach it."""

import pytest
from click.testing import CliRunner

from core.project.commands.eval import command
from core.project.evals import understanding


def test_options_of_understanding_are_refused_for_another_set() -> None:
    result = CliRunner().invoke(command, ["masking", "--quick"])
    assert result.exit_code == 2
    assert "--quick and --cross-validate are for `evosense eval understanding`." in result.output


def test_what_fell_is_told_and_fails_and_options_reach_their_set(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def run(write_baseline: bool, **options: bool) -> list[str]:
        asked.append((write_baseline, options))
        return ["tone: 0.600, was 0.700"]

    monkeypatch.setattr(understanding, "run", run)
    result = CliRunner().invoke(command, ["understanding", "--quick"])
    assert asked == [(False, {"is_quick": True, "is_cross_validated": False})]
    assert result.exit_code == 1
    assert "understanding: tone: 0.600, was 0.700\nError: 1 figures are below the baseline" in result.output
