"""Tiny runs of the benches: that they measure what they say and leave nothing behind, never how fast anything is."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.models import Thread, Turn, TurnEvent
from core.models import Tenant
from core.project.bench.analysing import bench_analyse
from core.project.bench.answering import bench_answer
from core.project.bench.chats import write_long_chats, write_short_chats
from core.project.bench.importing import bench_import, import_chats, insert_tables, read_tables
from core.project.bench.memory import bench_memory, name_part
from core.project.bench.report import Bar
from core.project.bench.tenant import find_deletion_order, remove_leftovers, throw_away_tenant
from core.project.commands.bench import command
from core.project.embedded.home import Home
from core.tenancy import scope, unscoped_directory
from ingestion.exports import read_export
from tests.cast import Cast


def list_tenants() -> list[str]:
    with unscoped_directory(reason="tests"):
        return sorted(Tenant.objects.values_list("slug", flat=True))


def count_threads(cast: Cast) -> tuple[int, int, int]:
    """Threads, turns and events of Alice's tenant."""
    with scope(cast.tenant.id):
        return Thread.objects.count(), Turn.objects.count(), TurnEvent.objects.count()


def test_the_chats_that_are_measured_read_back_whole() -> None:
    for chats in (write_short_chats(messages=200), write_long_chats(messages=200)):
        read = [read_export(chat.text, self_names=["Casa Aurora"], time_zone="America/Sao_Paulo", name=chat.file_name) for chat in chats]
        assert [(len(export.messages), export.problem_count) for export in read] == [(chat.messages, 0) for chat in chats]


@pytest.mark.django_db(transaction=True)
def test_a_tiny_import_bench_has_its_figures_and_leaves_no_tenant(cast: Cast) -> None:
    report = bench_import(repetitions=1, messages=10, tell=lambda _text: None)
    assert [(figure.name, figure.unit) for figure in report.figures] == [
        (f"{kind} chats, {what}", unit)
        for kind in ("long", "short")
        for what, unit in (
            ("through the door", "messages/s"),
            ("raw bulk insert", "messages/s"),
            ("door / raw", "×"),
            ("reading the files alone", "messages/s"),
        )
    ]
    assert [set(figure) for figure in report.to_json()["figures"]] == [{"name", "unit", "median", "min", "max"}] * 8  # type: ignore[attr-defined]
    assert list_tenants() == ["casa-lua", "casa-sol"]


@pytest.mark.django_db(transaction=True)
def test_the_raw_insert_writes_the_very_rows_that_the_import_made() -> None:
    chats = write_short_chats(messages=30)
    with throw_away_tenant() as imported, throw_away_tenant() as inserted:
        import_chats(imported.id, chats)
        tables = read_tables(imported.id)
        insert_tables(inserted.id, tables)
        again = read_tables(inserted.id)
    assert [(table.table, table.columns, sorted(table.rows, key=repr)) for table in again] == [
        (table.table, table.columns, sorted(table.rows, key=repr)) for table in tables
    ]
    assert {table.table: len(table.rows) for table in tables}["core_message"] == sum(chat.messages for chat in chats)


@pytest.mark.django_db(transaction=True)
def test_a_tiny_answer_bench_runs_every_statement_again_and_leaves_no_thread(cast: Cast) -> None:
    before = count_threads(cast)
    report = bench_answer(
        cast.alice, repetitions=1, tell=lambda _text: None, questions=["Qual foi o CSAT nos últimos 30 dias?", "Resuma a semana"]
    )
    assert [(figure.name, figure.unit) for figure in report.figures] == [
        ("an answer", "ms"),
        ("its SQL alone", "ms"),
        ("all answers / their SQL", "×"),
        ("planner", "ms"),
    ]
    assert count_threads(cast) == before


def test_a_tiny_analyse_bench_compares_with_the_bare_embedder() -> None:
    report = bench_analyse(repetitions=1, texts=4, messages=6, tell=lambda _text: None)
    assert [(figure.name, figure.unit, figure.bar) for figure in report.figures] == [
        ("analysed, every text different", "messages/s", None),
        ("bare embedder", "messages/s", None),
        ("analysed / bare embedder", "×", Bar(limit=0.85)),
        ("the same in processor time", "×", Bar(limit=0.85)),
        ("analysed, as customers write", "messages/s", None),
        ("as customers write / bare embedder", "×", Bar(limit=1.3)),
        ("whole conversations / bare embedder", "×", Bar(limit=0.8)),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_bench_left_is_removed_and_nobody_elses_rows_are(cast: Cast) -> None:
    context = throw_away_tenant()
    left = context.__enter__()
    import_chats(left.id, write_short_chats(messages=10))
    assert list_tenants() == [left.slug, "casa-lua", "casa-sol"]
    assert remove_leftovers() == 1
    assert list_tenants() == ["casa-lua", "casa-sol"]
    [lua] = [table for table in read_tables(cast.tenant.id) if table.table == "core_message"]
    assert len(lua.rows) == 3


def test_rows_are_deleted_before_those_that_they_point_to() -> None:
    order = find_deletion_order()
    assert len(order) == len(set(order))
    for first, then in (
        ("assistant_turnevent", "assistant_turn"),
        ("core_messageanalysis", "core_message"),
        ("core_message", "core_conversation"),
        ("core_conversation", "core_contact"),
        ("core_contactidentity", "core_channel"),
    ):
        assert order.index(first) < order.index(then)


def test_without_a_demo_it_says_how_to_get_one(tmp_path: Path) -> None:
    report = bench_memory(Home(tmp_path), tell=lambda _text: None)
    assert (report.figures, report.notes) == (
        (),
        ("No demo runs here. Start one in another terminal (`make demo`), then run `evosense bench memory`.",),
    )


@pytest.mark.parametrize(
    ("command_line", "part"),
    [
        ("python -m core.project.serve --host 127.0.0.1", "web"),
        ("python -m celery --app core.project.celery --quiet worker --concurrency 1", "worker"),
        ("python -m celery --app core.project.celery --quiet beat --schedule x", "beat"),
        ("python -m core.project.listen", "listener"),
        ("python -m core.project.embedded.keeper", "keeper of the services"),
        ("/somewhere/bin/postgres -D /somewhere", "PostgreSQL"),
        ("postgres: evosense_app evosense [local] idle", "PostgreSQL"),
        ("/somewhere/valkey-server *:0", "Valkey"),
        ("python evosense demo --port 8000", "supervisor"),
    ],
)
def test_a_process_is_counted_to_its_part(command_line: str, part: str) -> None:
    assert name_part(command_line.split()) == part


def test_the_command_prints_json_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EVOSENSE_HOME", str(tmp_path))
    result = CliRunner().invoke(command, ["memory", "--json"])
    printed = json.loads(result.stdout)
    assert list(printed) == ["machine", "benches"]
    assert list(printed["machine"]) == ["cores", "memory_mb", "load", "python", "system"]
    assert [(bench["name"], bench["figures"]) for bench in printed["benches"]] == [("memory", [])]
