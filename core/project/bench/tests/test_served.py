"""Tiny runs of the benches that start processes of their own: that they measure what they say, never how fast anything is."""

import json

import pytest

from core.models import Tenant
from core.project.bench.hooks import bench_hooks, write_event
from core.project.bench.report import Bar
from core.tenancy import unscoped_directory
from ingestion.evolution.cleaning import clean, digest
from ingestion.evolution.events import understand
from ingestion.evolution.types import MessageSeen


@pytest.fixture
def processes_find_the_database(transactional_db: None, database_urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What a bench starts reads its services from the environment, as it does where `evosense bench` prepared them."""
    monkeypatch.setenv("DATABASE_URL", database_urls[0])


def list_tenants() -> list[str]:
    with unscoped_directory(reason="tests"):
        return sorted(Tenant.objects.values_list("slug", flat=True))


def test_each_event_is_another_message_in_the_gateways_shape() -> None:
    events = [write_event(number, "cadê meu pedido?", at=1_795_442_400, destination="http://x") for number in range(50)]
    assert len({digest("messages.upsert", clean(event)) for event in events}) == 50
    [seen] = understand("messages.upsert", events[7], self_phone=None)
    assert isinstance(seen, MessageSeen)
    assert (seen.message.text, seen.message.sender_name) == ("cadê meu pedido?", "Cliente 7")
    assert "messageSecret" not in json.dumps(clean(events[7]))


def test_a_tiny_hooks_bench_counts_what_it_was_acknowledged_and_leaves_no_tenant(processes_find_the_database: None) -> None:
    told: list[str] = []
    report = bench_hooks(repetitions=1, turn_seconds=0.3, connections=2, tell=told.append)
    assert [(figure.name, figure.unit, figure.bar) for figure in report.figures] == [
        ("events acknowledged", "requests/s", None),
        ("empty operation", "requests/s", None),
        ("acknowledged / empty", "×", Bar(limit=0.6)),
    ]
    [note] = report.notes
    events, stored = note.split(" different events acknowledged, and ")
    assert (int(events) > 0, stored) == (True, "as many stored.")
    assert [line.partition(":")[0] for line in told] == ["turn 1"]
    assert list_tenants() == []
