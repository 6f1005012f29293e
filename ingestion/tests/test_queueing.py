"""Queueing: one task at a time for one thing, and a queue that is down is in nobody's way."""

from typing import Any

import pytest
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as ValkeyDown

from core.models import Channel, Message, PendingChange, RawEvent
from core.tenancy import scope
from ingestion import queueing, tasks
from ingestion.inbox import store_event
from ingestion.process import process_batch
from ingestion.queueing import SOON, begin, queue_once
from ingestion.tasks import notify, task_process_inbox, task_process_waiting, task_purge_events
from ingestion.tests.evolution.payloads import SECONDS, envelope, key, text

Sent = list[tuple[str, tuple[str, ...], int]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The tasks that were queued: name, arguments, priority."""
    told: Sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, priority, **_: told.append((name, tuple(args), priority)))
    return told


@pytest.fixture(autouse=True)
def forget_what_is_queued() -> None:
    begin("tasks.task_x", "lua", "balcão")


def fail(error: Exception) -> Any:
    def raise_it(*_: Any, **__: Any) -> Any:
        raise error

    return raise_it


def test_the_same_task_waits_once_until_it_begins(sent: Sent) -> None:
    assert [queue_once("tasks.task_x", "lua", "balcão", priority=SOON) for _ in range(3)] == [True, False, False]
    begin("tasks.task_x", "lua", "balcão")
    assert queue_once("tasks.task_x", "lua", "balcão", priority=SOON) is True
    assert sent == [("tasks.task_x", ("lua", "balcão"), 0)] * 2


@pytest.mark.parametrize("error", [OperationalError("down"), ValkeyDown("down"), OSError("down")])
def test_a_queue_that_is_down_raises_nothing_and_is_tried_again(monkeypatch: pytest.MonkeyPatch, sent: Sent, error: Exception) -> None:
    with monkeypatch.context() as down:
        down.setattr(current_app, "send_task", fail(error))
        assert queue_once("tasks.task_x", "lua", "balcão", priority=SOON) is False
    assert queue_once("tasks.task_x", "lua", "balcão", priority=SOON) is True


def test_a_cache_that_is_down_raises_nothing(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    monkeypatch.setattr(queueing, "get_client", fail(ValkeyDown("down")))
    notify("lua", "balcão")
    begin("tasks.task_x", "lua", "balcão")
    assert sent == []


def store(channel: Channel, count: int) -> None:
    for number in range(count):
        payload = envelope(text("oi", key=key(f"3EB0{number}"), at=SECONDS + number))
        store_event(channel.id, road="socket", name="messages.upsert", payload=payload)


def test_what_a_lost_task_left_is_found_again(channel: Channel, sent: Sent) -> None:
    store(channel, 3)
    begin("ingestion.tasks.task_process_inbox", str(channel.tenant_id), str(channel.id))
    assert task_process_waiting() == 1
    assert sent == [("ingestion.tasks.task_process_inbox", (str(channel.tenant_id), str(channel.id)), 0)]
    assert task_process_inbox(str(channel.tenant_id), str(channel.id)) == 3
    assert (Message.objects.count(), task_process_waiting()) == (3, 0)


def test_a_long_inbox_gives_others_their_turn(channel: Channel, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    real = process_batch
    monkeypatch.setattr(tasks, "process_batch", lambda tenant_id, channel_id: real(tenant_id, channel_id, 2))
    monkeypatch.setattr(tasks, "BATCH_EVENTS", 2)
    monkeypatch.setattr(tasks, "INBOX_SECONDS", -1)
    store(channel, 5)
    done = [task_process_inbox(str(channel.tenant_id), str(channel.id)) for _ in range(3)]
    assert done == [2, 2, 1]
    assert [name for name, *_ in sent] == ["ingestion.tasks.task_process_inbox"] * 2


@pytest.mark.parametrize("failures", [1, 2])
def test_two_transactions_in_each_others_way_are_tried_again(
    channel: Channel, sent: Sent, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    from django.db import OperationalError as DatabaseDown

    left = [DatabaseDown("deadlock detected")] * failures
    real = process_batch

    def stumble(*ids: Any) -> int:
        if left:
            raise left.pop()
        return real(*ids)

    monkeypatch.setattr(tasks, "process_batch", stumble)
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    store(channel, 1)
    assert task_process_inbox(str(channel.tenant_id), str(channel.id)) == 1


def test_purging_goes_through_all_tenants(channel: Channel) -> None:
    store(channel, 2)
    old = "2026-01-01T00:00:00Z"
    RawEvent.objects.filter(body__data__key__id="3EB00").update(state="done", received_at=old, processed_at=old)
    for provider_id in ("3EB07", "3EB08"):
        PendingChange.objects.create(channel=channel, provider_id=provider_id, kind="deletion")
    PendingChange.objects.filter(provider_id="3EB07").update(created_at=old)
    assert task_purge_events() == 1
    with scope(str(channel.tenant_id)):
        assert RawEvent.objects.count() == 1
        assert [change.provider_id for change in PendingChange.objects.all()] == ["3EB08"]
