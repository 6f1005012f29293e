"""From the inbox to messages: in order, at once, and no event in the way of another."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries

from core import live
from core.models import (
    Channel,
    ChannelDay,
    ContactIdentity,
    Conversation,
    GatewayConnection,
    Message,
    PendingChange,
    RawEvent,
)
from ingestion import process
from ingestion.inbox import replay, store_event
from ingestion.process import process_batch
from ingestion.record import record_messages
from ingestion.tests.evolution.payloads import GROUP, MARIANA, MARIANA_LID, SECONDS, envelope, jid, key, lid, message, text

SENT_AT = datetime.fromtimestamp(SECONDS, UTC)
DAY = date(2026, 11, 23)
Capture = Callable[..., AbstractContextManager[list[Callable[..., Any]]]]


@pytest.fixture
def connection(channel: Channel) -> GatewayConnection:
    return GatewayConnection.objects.create(channel=channel, base_url="https://evo.example", instance="casa-lua")


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The tasks that would be queued, with their arguments."""
    tasks: list[tuple[str, ...]] = []
    for name in ("queue_once", "queue_task"):
        monkeypatch.setattr(process, name, lambda *named, priority: tasks.append(named))
    return tasks


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(live, "publish", lambda kind, data: told.append((kind, data)))
    return told  # type: ignore[return-value]


def tell(channel: Channel, data: Any, *, event: str = "messages.upsert", road: str = "socket", **more: Any) -> None:
    store_event(channel.id, road=road, name=event, payload=envelope(data, event=event, **more))


def run(channel: Channel, limit: int = 200) -> int:
    return process_batch(str(channel.tenant_id), channel.id, limit)


def read_marks() -> list[tuple[str, str]]:
    return list(RawEvent.objects.order_by("received_at", "id").values_list("state", "reason"))


def read_messages() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("sent_at", "provider_id").values_list("provider_id", "author", "text"))


def read_day(on: date = DAY) -> tuple[int, int, int, int] | None:
    return ChannelDay.objects.filter(on=on).values_list("received", "recovered", "duplicates", "failed").first()


def test_a_talk_is_recorded_with_all_that_came_of_it(channel: Channel, connection: GatewayConnection) -> None:
    tell(channel, text("cadê meu pedido?"))
    tell(channel, text("*Ana Souza:* já vejo", key=key("3EB0B1", ours=True), at=SECONDS + 60, status="PENDING"), event="send.message")
    tell(channel, text("obrigada", key=key("3EB0A2"), at=SECONDS + 120))
    tell(channel, {"keyId": "3EB0B1", "remoteJid": jid(MARIANA), "fromMe": True, "status": "READ"}, event="messages.update")
    edit = {
        "key": key(),
        "type": "MESSAGE_EDIT",
        "editedMessage": {"conversation": "cadê o pedido 12?"},
        "timestampMs": str(1000 * SECONDS),
    }
    tell(channel, edit, event="messages.edited")
    tell(channel, key("3EB0A2"), event="messages.delete")
    tell(channel, {"id": MARIANA}, event="presence.update")
    assert run(channel) == 7
    assert read_messages() == [
        ("3EB0A1", "customer", "cadê o pedido 12?"),
        ("3EB0B1", "agent", "já vejo"),
        ("3EB0A2", "customer", ""),
    ]
    assert Message.objects.get(provider_id="3EB0B1").delivery == "read"
    assert Message.objects.get(provider_id="3EB0A2").is_deleted is True
    [conversation] = Conversation.objects.all()
    assert (conversation.chat_key, conversation.first_response_seconds) == (MARIANA, 60)
    assert read_marks() == [("done", "")] * 6 + [("not_a_message", "presence")]
    assert read_day() == (3, 0, 0, 0)
    assert run(channel) == 0


def test_changes_that_come_before_their_message_wait_for_it(channel: Channel) -> None:
    tell(channel, key("3EB0A1"), event="messages.delete")
    assert (run(channel), PendingChange.objects.count()) == (1, 1)
    tell(channel, text("isto não"))
    assert (run(channel), read_messages(), PendingChange.objects.count()) == (1, [("3EB0A1", "customer", "")], 0)


def test_the_oldest_events_go_first(channel: Channel) -> None:
    for number in range(5):
        tell(channel, text("oi", key=key(f"3EB0A{number}"), at=SECONDS + number))
    assert [run(channel, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert [provider_id for provider_id, *_ in read_messages()] == [f"3EB0A{number}" for number in range(5)]


def test_a_message_by_both_roads_is_one_and_its_second_telling_a_duplicate(channel: Channel) -> None:
    tell(channel, text("oi"))
    tell(channel, text("oi", source="web"), road="webhook")
    assert (run(channel), len(read_messages()), read_day()) == (2, 1, (1, 0, 1, 0))
    tell(channel, text("oi", source="ios"))
    assert (run(channel), len(read_messages()), read_day()) == (1, 1, (1, 0, 2, 0))


def test_what_is_read_back_is_recovered_only_where_it_had_not_come(channel: Channel) -> None:
    tell(channel, text("oi"))
    run(channel)
    for number in (1, 2):
        tell(channel, {**text("oi", key=key(f"3EB0A{number}")), "MessageUpdate": []}, event="messages.stored", road="read_back")
    assert (run(channel), read_day()) == (2, (1, 1, 0, 0))
    assert sorted(Message.objects.values_list("provider_id", "source")) == [("3EB0A1", "live"), ("3EB0A2", "recovered")]


def test_an_edit_that_was_read_back_counts_by_its_own_time(channel: Channel) -> None:
    tell(channel, text("um"))
    first = {"key": key(), "type": 14, "editedMessage": {"conversation": "dois"}, "timestampMs": 1000 * (SECONDS + 60)}
    tell(channel, first, event="messages.edited")
    run(channel)
    row = {"id": "row", **text("três", at=SECONDS + 300), "MessageUpdate": [{"status": "EDITED"}]}
    tell(channel, row, event="messages.stored", road="read_back")
    run(channel)
    told = Message.objects.get()
    assert (told.text, told.sent_at, told.edited_at) == ("três", SENT_AT, SENT_AT + timedelta(seconds=300))


def test_days_are_those_of_the_message_in_the_tenants_zone(channel: Channel) -> None:
    midnight = int(datetime(2026, 11, 24, 3, 0, tzinfo=UTC).timestamp())  # in São Paulo
    for number, at in enumerate((midnight - 1, midnight, midnight + 1)):
        tell(channel, text("oi", key=key(f"3EB0A{number}"), at=at))
    run(channel)
    assert (read_day(DAY), read_day(DAY + timedelta(days=1))) == ((1, 0, 0, 0), (2, 0, 0, 0))


def test_one_event_that_can_not_be_read_holds_up_no_other(channel: Channel) -> None:
    tell(channel, text("um", key=key("3EB0A1")))
    tell(channel, text("sem hora", key=key("3EB0A2"), at=None))
    store_event(channel.id, road="webhook", name="messages.upsert", payload="{broken")
    tell(channel, [text("dois", key=key("3EB0A3")), text("sem hora", key=key("3EB0A4"), at=None)], event="messages.set")
    assert run(channel) == 4
    assert [provider_id for provider_id, *_ in read_messages()] == ["3EB0A1", "3EB0A3"]
    assert read_marks() == [
        ("done", ""),
        ("failed", "no readable messageTimestamp"),
        ("failed", "no JSON object"),
        ("failed", "1 of 2: no readable messageTimestamp"),
    ]


def test_one_event_that_can_not_be_recorded_holds_up_no_other(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = record_messages

    def stumble(channel: Channel, messages: Any) -> Any:
        if any(one.text == "segredo" for one in messages):
            Message.objects.create(provider_id="half")  # what PostgreSQL refuses
        return real(channel, messages)

    monkeypatch.setattr(process, "record_messages", stumble)
    for number, words in enumerate(("um", "segredo", "três")):
        tell(channel, text(words, key=key(f"3EB0A{number}")))
    assert run(channel) == 3
    assert [words for *_, words in read_messages()] == ["um", "três"]
    assert read_marks() == [("done", ""), ("failed", "could not be recorded: IntegrityError"), ("done", "")]
    assert read_day() == (2, 0, 0, 1)
    assert "segredo" not in caplog.text
    monkeypatch.undo()
    assert (replay(channel), run(channel), len(read_messages()), read_day()) == (1, 1, 3, (3, 0, 0, 0))


def test_a_reader_that_breaks_is_put_aside_with_the_events_words_kept_to_the_inbox(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: Any, **__: Any) -> Any:
        raise KeyError("segredo")

    monkeypatch.setattr(process, "understand", stumble)
    tell(channel, text("oi"))
    assert (run(channel), read_marks()) == (1, [("failed", "the reader failed: KeyError")])


def test_a_database_that_fails_leaves_everything_waiting(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: Any, **__: Any) -> Any:
        raise OperationalError("deadlock detected")

    tell(channel, text("oi"))
    monkeypatch.setattr(process, "record_messages", stumble)
    with pytest.raises(OperationalError):
        run(channel)
    assert read_marks() == [("waiting", "")]


def test_statements_do_not_grow_with_events(channel: Channel, django_assert_max_num_queries: Any) -> None:
    def ask(count: int, first: int) -> None:
        for number in range(first, first + count):
            tell(channel, text(f"oi {number}", key=key(f"3EB0{number}"), at=SECONDS + number))

    ask(1, 0)
    run(channel)
    ask(3, 1)
    with django_assert_max_num_queries(40) as few:
        run(channel)
    ask(30, 100)
    with django_assert_max_num_queries(len(few)):
        run(channel)


def test_names_and_links_of_contacts_are_taken_over(channel: Channel) -> None:
    tell(channel, text("oi", name=None, key=key(remote=lid())))
    tell(channel, {"id": lid(), "phoneNumber": jid(MARIANA), "notify": "Mariana Alves"}, event="contacts.upsert")
    run(channel)
    identities = ContactIdentity.objects.order_by("kind").values_list("kind", "value", "contact__name")
    assert list(identities) == [("lid", MARIANA_LID, "Mariana Alves"), ("phone", MARIANA, "Mariana Alves")]


def test_groups_are_read_where_the_channel_says_so(channel: Channel, connection: GatewayConnection) -> None:
    tell(channel, text("oi grupo", key=key("3EB0G1", remote=GROUP, participant=jid(MARIANA))))
    run(channel)
    assert (read_messages(), read_marks()) == ([], [("not_a_message", "group")])
    GatewayConnection.objects.update(reads_groups=True)
    assert (replay(channel, ids=RawEvent.objects.values_list("id", flat=True)), run(channel)) == (1, 1)
    assert read_messages() == [("3EB0G1", "customer", "oi grupo")]


def test_the_last_event_is_the_last_that_came_live(channel: Channel, connection: GatewayConnection) -> None:
    tell(channel, {"id": MARIANA}, event="presence.update")
    run(channel)
    live_at = RawEvent.objects.get().received_at
    tell(channel, text("oi"), event="messages.stored", road="read_back")
    run(channel)
    connection.refresh_from_db()
    assert connection.last_event_at == live_at


def test_screens_and_analysis_hear_of_it_once_it_is_committed(
    channel: Channel,
    queued: list[tuple[str, ...]],
    published: list[tuple[str, dict[str, Any]]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    tell(channel, text("oi"))
    tell(channel, text("alô", key=key("3EB0A2")))
    with django_capture_on_commit_callbacks(execute=True):
        run(channel)
        assert queued == []
    assert queued == [("ingestion.tasks.task_analyse_live", str(channel.tenant_id))]
    assert published == [("messages.recorded", {"channel_id": str(channel.id), "new": 2, "updated": 0, "conversations": 1})]
    # What changes nothing is no news.
    del queued[:], published[:]
    tell(channel, message({"conversation": "oi"}, source="web"))
    tell(channel, {"id": MARIANA}, event="presence.update")
    with django_capture_on_commit_callbacks(execute=True):
        run(channel)
    assert (queued, published) == ([], [])


def test_a_channel_that_is_gone_has_nothing_to_do(channel: Channel, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tell(channel, text("oi"))
    tenant_id, channel_id = str(channel.tenant_id), channel.id
    RawEvent.objects.all().delete()
    channel.delete()
    assert process_batch(tenant_id, channel_id) == 0
