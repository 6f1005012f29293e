"""Tiny runs of the benches that start processes of their own: that they measure what they say, never how fast anything is."""

import itertools
import json

import pytest

from core.models import Tenant
from core.project.bench import live
from core.project.bench.hooks import bench_hooks, write_event
from core.project.bench.live import bench_live, describe_spread, write_texts
from core.project.bench.processor import Usage, write_usage
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


def test_no_two_texts_of_customers_are_alike() -> None:
    texts = list(itertools.islice(write_texts(), 6000))
    assert len(set(texts)) == 6000


def test_the_spread_of_some_seconds() -> None:
    median, p95 = describe_spread("seen", [float(second) for second in range(21)], bar=Bar(limit=3, is_upper=True))
    assert (median.name, median.median, median.low, median.high, median.bar) == ("seen, median", 10, 0, 20, None)
    assert (p95.name, p95.median, p95.is_well) == ("seen, p95", 19, False)


def test_processor_time_is_told_by_part_and_the_rest_is_the_others() -> None:
    before = Usage(at=100, parts={"web": 3.0, "worker": 1.0, "beat": 1.0}, busy=50)
    after = Usage(at=110, parts={"web": 5.0, "worker": 8.0, "beat": 1.0}, busy=64)
    assert write_usage(before, after) == "Cores in use: worker 0.70, web 0.20; by others on this machine 0.50."


def test_a_tiny_live_bench_sees_every_message_on_both_roads_and_leaves_no_tenant(processes_find_the_database: None) -> None:
    report = bench_live(rate=4, seconds=1, warm_up_messages=2, tell=lambda _text: None)
    assert [(figure.name, figure.unit, figure.bar) for figure in report.figures] == [
        (f"until {what}, {which}", "s", Bar(limit=3, is_upper=True) if (what, which) == ("a page shows it", "p95") else None)
        for what in ("it is stored", "it is analysed", "a page shows it")
        for which in ("median", "p95")
    ]
    assert report.notes[0].startswith("4 messages with different texts, all of them seen.")
    assert list_tenants() == []


def test_without_the_tests_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "is_here", lambda: False)
    assert bench_live(tell=lambda _text: None).notes == ("This checkout has no tests, and so no stand-in gateway to send messages.",)
