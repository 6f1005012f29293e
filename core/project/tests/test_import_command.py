"""Importing files: what is kept of it, and the `evosense import` command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.models import Channel, Conversation, ConversationAnalysis, ImportRun, Message, Tenant
from core.project.cli import main
from core.project.commands import import_
from core.tenancy import scope, unscoped_directory
from ingestion.tests.chats import EXPORTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed_shop() -> Tenant:
    with unscoped_directory(reason="tests"):
        Tenant.objects.create(name="Casa Lua", slug="casa-lua")
        return Tenant.objects.create(name="Loja Sol", slug="loja-sol")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def test_files_are_imported_once_and_what_was_skipped_is_told(committed_shop: Tenant) -> None:
    files = [EXPORTS / name for name in ("android_pt.txt", "broken_pt.txt", "web_pt.txt")]
    first = run(*files, "--tenant", "loja-sol", "--channel", "Balcão", "--self", "Loja Sol", "--no-wait")
    assert first.stdout.splitlines() == [
        "android_pt.txt: 9 novas, 0 já conhecidas, 2 ignoradas (avisos do WhatsApp: 2)",
        "broken_pt.txt: 2 novas, 0 já conhecidas, 4 ignoradas (linha 1: vem antes da primeira mensagem; "
        "linha 2: vem antes da primeira mensagem; linha 4: essa data não existe; linha 6: essa hora não existe)",
        "web_pt.txt: 2 novas, 0 já conhecidas, 0 ignoradas",
        "A análise acontece em segundo plano.",
    ]
    again = run(*files, "--tenant", "loja-sol", "--channel", "Balcão", "--self", "Loja Sol", "--no-wait", "--language", "en")
    assert again.stdout.splitlines() == [
        "android_pt.txt: 0 new, 9 known, 2 skipped (notices of WhatsApp's: 2)",
        "broken_pt.txt: 0 new, 2 known, 4 skipped (line 1: stands before the first message; "
        "line 2: stands before the first message; line 4: there is no such date; line 6: there is no such time)",
        "web_pt.txt: 0 new, 2 known, 0 skipped",
    ]
    assert (first.exit_code, again.exit_code) == (0, 0)
    with scope(committed_shop.id):
        runs = ImportRun.objects.filter(file_name="broken_pt.txt").order_by("started_at")
        assert [(one.messages_new, one.messages_known, one.problem_count, one.variant) for one in runs] == [
            (2, 0, 4, "android pt dmy 24h"),
            (0, 2, 4, "android pt dmy 24h"),
        ]
        assert runs[0].problems[2] == {"line": 4, "reason": "impossible_date", "excerpt": "31 2 2026 9:03 Davi Reis: este dia não existe"}
        assert len(runs[0].sha256) == 64
        assert Message.objects.count() == 13


def test_a_refused_file_does_not_stop_the_others(committed_shop: Tenant, tmp_path: Path) -> None:
    note = tmp_path / "nota.txt"
    note.write_text("oi\nsem datas")
    result = run(
        note, EXPORTS / "web_pt.txt", tmp_path / "nada.txt", "--tenant", "loja-sol", "--channel", "B", "--self", "Loja Sol", "--no-wait"
    )
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("Recusado: nota.txt: não parece uma conversa exportada do WhatsApp")
    assert lines[1] == "web_pt.txt: 2 novas, 0 já conhecidas, 0 ignoradas"
    assert lines[2] == f"Recusado: {tmp_path / 'nada.txt'}: arquivo não encontrado. Confira o caminho."


def test_several_own_names_may_follow_one_option_and_the_channel_remembers_them(committed_shop: Tenant) -> None:
    files = EXPORTS / "ios_en_group.txt", EXPORTS / "web_pt.txt"
    run("--tenant", "loja-sol", "--channel", "B", "--self", "Sun Shop", "Loja Sol", *files, "--no-wait")
    with scope(committed_shop.id):
        assert Channel.objects.get().self_names == ["Sun Shop", "Loja Sol"]
        assert Message.objects.filter(author="agent").count() == 2
        assert Conversation.objects.count() == 3
    assert (
        run(files[1], "--tenant", "loja-sol", "--channel", "B", "--no-wait").stdout == "web_pt.txt: 0 novas, 2 já conhecidas, 0 ignoradas\n"
    )


def test_without_our_names_the_authors_are_listed_and_importing_again_mends_it(committed_shop: Tenant) -> None:
    first = run(EXPORTS / "web_pt.txt", "--tenant", "loja-sol", "--channel", "B", "--chat", "Davi Reis", "--no-wait", "--language", "en")
    assert first.stdout.splitlines()[1] == (
        "  no author is your side, so all were read as customers. Authors: Davi Reis, Loja Sol. Name yours with --self and import again."
    )
    again = run(EXPORTS / "web_pt.txt", "--tenant", "loja-sol", "--channel", "B", "--self", "Loja Sol", "--no-wait", "--language", "en")
    assert again.stdout.splitlines()[0] == "web_pt.txt: 0 new, 2 known, 0 skipped; 1 of the known updated"


def test_the_time_zone_is_the_tenants_unless_it_is_told(committed_shop: Tenant) -> None:
    run(EXPORTS / "web_pt.txt", "--tenant", "loja-sol", "--channel", "A", "--no-wait")
    run(EXPORTS / "web_pt.txt", "--tenant", "loja-sol", "--channel", "B", "--time-zone", "Europe/Lisbon", "--no-wait")
    with scope(committed_shop.id):
        first = {row.channel.name: f"{row.sent_at:%H:%M}" for row in Message.objects.order_by("-sent_at").select_related("channel")}
        assert first == {"A": "17:32", "B": "13:32"}


def test_what_does_not_exist_is_named_with_what_does(committed_shop: Tenant) -> None:
    tenant = run(EXPORTS / "web_pt.txt", "--tenant", "sol", "--channel", "B", "--no-wait")
    assert (tenant.exit_code, tenant.output) == (1, "Error: There is no tenant 'sol'. There are: casa-lua, loja-sol.\n")
    zone = run(EXPORTS / "web_pt.txt", "--tenant", "loja-sol", "--channel", "B", "--time-zone", "Brasil", "--no-wait")
    assert zone.output == "Error: There is no time zone 'Brasil'. Give one like America/Sao_Paulo or Europe/Lisbon.\n"


def analyse_one(tenant_id: str) -> None:
    """Stands in for the analysis: one conversation a call."""
    with scope(tenant_id):
        waiting = Conversation.objects.exclude(analyses__is_current=True).order_by("started_at").first()
        if waiting is not None:
            ConversationAnalysis.objects.create(
                conversation=waiting, revision=waiting.revision, analyser="x", analyser_version="1", analysed_at=waiting.started_at,
                satisfaction=3, score=3.0, is_resolved=False,
            )  # fmt: skip


def fail(tenant_id: str) -> None:
    raise OSError("no model")


def run_and_wait(monkeypatch: pytest.MonkeyPatch, analyse: Callable[[str], None]) -> Result:
    monkeypatch.setattr(import_, "_SECONDS_BETWEEN_PROGRESS", 0.05)
    monkeypatch.setattr(import_, "_SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(import_, "_SECONDS_WITHOUT_MOVE", 0.3)
    monkeypatch.setattr(import_, "get_analysis", lambda: analyse)
    return run(EXPORTS / "android_pt.txt", "--tenant", "loja-sol", "--channel", "B", "--self", "Loja Sol", "--language", "en")


def test_it_ends_when_everything_is_analysed(committed_shop: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_and_wait(monkeypatch, analyse_one)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Everything is analysed.")
    with scope(committed_shop.id):
        assert ConversationAnalysis.objects.count() == Conversation.objects.count() == 2


def test_it_says_so_when_the_analysis_does_not_move(committed_shop: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_and_wait(monkeypatch, lambda tenant_id: None)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        "Error: The analysis has stopped with 2 conversations to go. The messages are stored; see the worker's log."
    )


def test_a_failure_of_the_analysis_is_the_commands(committed_shop: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_and_wait(monkeypatch, fail)
    assert (result.exit_code, str(result.exception)) == (1, "no model")
