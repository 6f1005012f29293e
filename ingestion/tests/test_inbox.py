"""The inbox: every event once, copies counted, order kept; replayed after a fix, purged when it is old."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from core.models import Channel, ChannelDay, RawEvent, Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.inbox import find_waiting, mark, purge_processed, replay, store_event, store_events, write_marks
from ingestion.tests.evolution.payloads import SECONDS, envelope, key, over_webhook, text

State = RawEvent.State
Capture = Callable[..., AbstractContextManager[list[Callable[..., Any]]]]


def store(channel: Channel, data: Any, *, event: str = "messages.upsert", road: str = "socket", **more: Any) -> bool:
    return store_event(channel.id, road=road, name=event, payload=envelope(data, event=event, **more))


def read_rows() -> list[tuple[str, str, str, int]]:
    return list(RawEvent.objects.order_by("received_at", "id").values_list("name", "road", "state", "copies"))


def read_days() -> list[tuple[date, int, int, int, int]]:
    days = ChannelDay.objects.order_by("on")
    return list(days.values_list("on", "received", "recovered", "duplicates", "failed"))


def test_an_event_is_kept_once_by_whichever_road_and_name_it_comes(channel: Channel, django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert store(channel, text("oi")) is True
        again = over_webhook(envelope(text("oi"), at="2026-11-24T00:00:00.000Z"))
        assert store_event(channel.id, road="webhook", name="MESSAGES_UPSERT", payload=again) is False
        assert store_event(channel.id, road="webhook", name="messages-upsert", payload=again) is False
        assert store(channel, text("oi", key=key("3EB0A2"))) is True
    assert read_rows() == [("messages.upsert", "socket", "waiting", 3), ("messages.upsert", "socket", "waiting", 1)]
    # The day of the message in the tenant's zone: 11:00 of the 23rd in São Paulo.
    assert read_days() == [(date(2026, 11, 23), 0, 0, 2, 0)]


def test_many_events_cost_as_many_statements_as_one(channel: Channel, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        assert store(channel, text("oi")) is True
    many = [("messages.upsert", envelope(text("oi", key=key(f"3EB0{number}")))) for number in range(50)]
    with django_assert_num_queries(2):
        assert store_events(channel.id, road="socket", events=many) == 50
    assert store_events(channel.id, road="socket", events=[]) == 0


def test_copies_within_one_batch_are_counted_too(channel: Channel, django_capture_on_commit_callbacks: Capture) -> None:
    store(channel, text("um", key=key("3EB0A1")))
    one, two = (("messages.upsert", envelope(text(words, key=key(f"3EB0A{number}")))) for number, words in ((1, "um"), (2, "dois")))
    with django_capture_on_commit_callbacks(execute=True):
        assert store_events(channel.id, road="socket", events=[one, two, two, two]) == 1
    assert [copies for *_, copies in read_rows()] == [2, 3]
    assert read_days() == [(date(2026, 11, 23), 0, 0, 3, 0)]


def test_a_contact_told_twice_is_no_message_told_twice(channel: Channel, django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            store(channel, {"remoteJid": "5511988887777@s.whatsapp.net", "pushName": "Mariana"}, event="contacts.update")
    assert (read_rows(), read_days()) == ([("contacts.update", "socket", "waiting", 2)], [])


@pytest.mark.parametrize("payload", ["{not json", None, [1], b"\x00", {"data": {"a": "x\0y", "b": "\ud83d", "c": float("nan")}}])
def test_whatever_comes_is_kept(channel: Channel, payload: Any) -> None:
    assert store_event(channel.id, road="webhook", name="", payload=payload) is True
    assert read_rows() == [("unknown", "webhook", "waiting", 1)]


def test_what_can_not_be_read_is_kept_without_its_keys(channel: Channel) -> None:
    broken = '{"event":"messages.upsert","apikey":"chave-secreta","data":{"jwt_key" : "outra", "destination":"https://x/segredo'
    store_event(channel.id, road="webhook", name="", payload={"malformed": broken})
    store_event(channel.id, road="webhook", name="", payload=broken + " ")
    for body in RawEvent.objects.values_list("body", flat=True):
        assert body["malformed"].startswith('{"event":"messages.upsert","apikey":"…"')
        assert [word for word in ("chave-secreta", "outra", "segredo") if word in body["malformed"]] == []


def test_what_waits_comes_in_order_and_is_marked_in_a_statement_for_each_outcome(
    channel: Channel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        store(channel, text(f"{number}", key=key(f"3EB0{number}")))
    events = find_waiting(channel.id, limit=4)
    assert [event.body["data"]["message"]["conversation"] for event in events] == ["0", "1", "2", "3"]
    mark(events[0], State.DONE)
    mark(events[1], State.NOT_A_MESSAGE, reason="presence")
    mark(events[2], State.FAILED, reason="x" * 400)
    mark(events[3], State.DONE)
    with django_assert_num_queries(3):
        write_marks(events)
    assert [event.body["data"]["message"]["conversation"] for event in find_waiting(channel.id, limit=9)] == ["4"]
    assert list(RawEvent.objects.exclude(state=State.WAITING).order_by("id").values_list("state", "reason")) == [
        ("done", ""),
        ("not_a_message", "presence"),
        ("failed", "x" * 300),
        ("done", ""),
    ]
    assert RawEvent.objects.filter(processed_at__isnull=False).count() == 4


def test_what_was_not_understood_waits_again_and_no_longer_counts_as_that(channel: Channel) -> None:
    for number, state in enumerate((State.FAILED, State.FAILED, State.DONE, State.WAITING)):
        store(channel, text("oi", key=key(f"3EB0{number}")))
        RawEvent.objects.filter(state=State.WAITING).update(state=state, reason="?" if state == State.FAILED else "")
    ChannelDay.objects.create(channel=channel, on=date(2026, 11, 23), failed=2)
    assert replay(channel) == 2
    assert [state for _, _, state, _ in read_rows()] == ["waiting", "waiting", "done", "waiting"]
    assert read_days() == [(date(2026, 11, 23), 0, 0, 0, 0)]
    done = RawEvent.objects.get(state=State.DONE)
    assert replay(channel, ids=[done.id]) == 1
    assert replay(channel, ids=[done.id]) == 0
    assert {state for _, _, state, _ in read_rows()} == {"waiting"}
    assert set(RawEvent.objects.values_list("reason", "processed_at")) == {("", None)}


def test_only_what_was_processed_long_ago_is_purged(channel: Channel) -> None:
    now = datetime(2026, 12, 24, tzinfo=UTC)
    for number, state in enumerate((State.DONE, State.NOT_A_MESSAGE, State.FAILED, State.WAITING, State.DONE)):
        store(channel, text("oi", key=key(f"3EB0{number}")))
        age = timedelta(days=1 if number == 4 else 15)
        RawEvent.objects.filter(processed_at__isnull=True).update(state=state, received_at=now - age, processed_at=now)
    before = now - timedelta(days=14)
    assert (purge_processed(before, limit=1), purge_processed(before), purge_processed(before)) == (1, 1, 0)
    assert sorted(state for _, _, state, _ in read_rows()) == ["done", "failed", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_that_store_the_same_at_once_make_one_row_and_count_both(database_urls: tuple[str, str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with unscoped_directory(reason="tests"):
        tenant = Tenant.objects.create(name="Casa Lua", slug="casa-lua")
    with scope(tenant.id):
        channel = Channel.objects.create(name="Balcão")

    def tell(number: int) -> bool:
        try:
            with scope(tenant.id):
                return store(channel, text("oi", at=SECONDS, key=key(f"3EB0{number % 3}")))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert sum(pool.map(tell, range(30))) == 3
    with scope(tenant.id):
        assert [copies for *_, copies in read_rows()] == [10, 10, 10]
        assert [day[3] for day in read_days()] == [27]
