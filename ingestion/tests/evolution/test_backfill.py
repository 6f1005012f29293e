"""Reading back from the stand-in gateway's store, with its quirks: what never came live is found, counted and recovered, once.

The tenant's day is São Paulo's: it begins at 03:00 UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from core.models import ChannelDay, GatewayConnection, OutgoingMessage, RawEvent, SupervisorMessage, User
from core.tenancy import scope
from ingestion.evolution import backfill, tasks, windows
from ingestion.evolution.backfill import ReadBack, read_back, run_read_back
from ingestion.evolution.client import EvolutionClient
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.windows import read_windows
from ingestion.inbox import store_event
from ingestion.tests.evolution.channels import INSTANCE, TOKEN, Shop, make_shop
from tests.gateway.faults import Faults, Options
from tests.gateway.messages import reaction_removed, text
from tests.gateway.server import Gateway
from tests.gateway.steps import Json, Said

DAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
EVENING = DAY + timedelta(hours=18)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(options=Options(tells_contacts=False)) as gateway:
        gateway.create_instance(INSTANCE, token=TOKEN)
        yield gateway


@pytest.fixture
def shop(db: None, gateway: Gateway) -> Shop:
    return make_shop(gateway.url)


def say(gateway: Gateway, message_id: str, at: datetime, words: str = "oi", **more: str | bool | None) -> None:
    gateway.deliver(INSTANCE, Said(content=text(words), message_id=message_id, at=int(at.timestamp()), **more))  # type: ignore[arg-type]


def read(shop: Shop, since: datetime = DAY, until: datetime = EVENING) -> ReadBack:
    return read_back(shop.tenant_id, shop.connection, since=since, until=until)


def find_days(shop: Shop) -> list[tuple[date, int | None, int]]:
    """(day, expected, missing) of the ledger."""
    with scope(shop.tenant_id):
        return list(ChannelDay.objects.filter(channel_id=shop.channel_id).order_by("on").values_list("on", "expected", "missing"))


def test_what_never_came_live_is_recovered_once(gateway: Gateway, shop: Shop) -> None:
    for number in range(5):
        say(gateway, f"AC{number}", NOON + timedelta(minutes=number))
    assert read(shop) == ReadBack(seen=5, recovered=5, missing=0)
    shop.process()
    assert shop.find_message_ids() == ["AC0", "AC1", "AC2", "AC3", "AC4"]
    assert shop.get_message("AC0").source == "recovered"
    # Again, and nothing is told a second time.
    assert read(shop) == ReadBack(seen=5, recovered=0, missing=0)
    assert len(shop.find_events("read_back")) == 5
    assert find_days(shop) == [(date(2026, 11, 23), 5, 0)]
    assert shop.connection.read_back_until_at == EVENING


def test_what_came_live_is_only_counted(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON)
    record = EvolutionClient(gateway.url, INSTANCE, TOKEN).find_messages(DAY, EVENING).records[0]
    with scope(shop.tenant_id):
        live = {"event": "messages.upsert", "instance": INSTANCE, "data": record}
        store_event(shop.channel_id, road="socket", name="messages.upsert", payload=live)
    shop.process()
    say(gateway, "AC2", NOON)
    assert read(shop) == ReadBack(seen=2, recovered=1, missing=0)
    assert shop.find_told_ids("read_back") == ["AC2"]


def test_what_waits_to_be_processed_is_neither_recovered_nor_missing(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON)
    record = EvolutionClient(gateway.url, INSTANCE, TOKEN).find_messages(DAY, EVENING).records[0]
    with scope(shop.tenant_id):
        live = {"event": "messages.upsert", "instance": INSTANCE, "data": record}
        store_event(shop.channel_id, road="webhook", name="messages.upsert", payload=live)
    assert read(shop) == ReadBack(seen=1, recovered=0, missing=0)
    assert find_days(shop) == [(date(2026, 11, 23), 1, 0)]


def test_what_waits_is_on_its_way_and_what_can_not_be_read_is_missing(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON)
    assert read(shop) == ReadBack(seen=1, recovered=1, missing=0)
    assert read(shop) == ReadBack(seen=1, recovered=0, missing=0)
    with scope(shop.tenant_id):
        RawEvent.objects.update(state=RawEvent.State.FAILED)
    assert read(shop) == ReadBack(seen=1, recovered=0, missing=1)
    assert find_days(shop) == [(date(2026, 11, 23), 1, 1)]
    with scope(shop.tenant_id):
        RawEvent.objects.update(state=RawEvent.State.WAITING)
    shop.process()
    assert read(shop) == ReadBack(seen=1, recovered=0, missing=0)
    assert find_days(shop) == [(date(2026, 11, 23), 1, 0)]


def test_what_is_no_message_is_not_expected(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON)
    say(gateway, "AC2", NOON, group="120363025246125486@g.us")  # the channel reads no groups
    assert read(shop).recovered == 2
    shop.process()
    assert read(shop) == ReadBack(seen=2, recovered=0, missing=0)
    assert find_days(shop) == [(date(2026, 11, 23), 1, 0)]


def test_what_we_sent_and_what_our_own_people_asked_is_nobodys_talk(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON)
    say(gateway, "AC2", NOON, "como está a satisfação hoje?")
    say(gateway, "3EB0A", NOON, "Satisfação hoje: 4,1", from_me=True)
    with scope(shop.tenant_id):
        user = User.objects.create(email="alice@casa.example", name="Alice", tenant_id=shop.tenant_id)
        asked = {"user": user, "channel_id": shop.channel_id, "chat": "5511990000001", "sent_at": NOON}
        SupervisorMessage.objects.create(provider_id="AC2", **asked)
        answer = OutgoingMessage.objects.create(
            channel_id=shop.channel_id,
            to="5511990000001",
            purpose="answer",
            key="AC2",
            state="sent",
            provider_id="3EB0A",
            not_before_at=NOON,
        )
    assert read(shop) == ReadBack(seen=3, recovered=1, missing=0)
    shop.process()
    assert (shop.find_message_ids(), find_days(shop)) == (["AC1"], [(date(2026, 11, 23), 1, 0)])
    # That the answer was read meanwhile is news, told once, and still no message of a conversation.
    gateway.ack(INSTANCE, "3EB0A", "READ")
    assert read(shop) == ReadBack(seen=3, recovered=0, missing=0)
    shop.process()
    with scope(shop.tenant_id):
        answer.refresh_from_db()
    assert (answer.state, shop.find_message_ids(), find_days(shop)) == ("read", ["AC1"], [(date(2026, 11, 23), 1, 0)])
    told = len(shop.find_events("read_back"))
    read(shop)
    assert len(shop.find_events("read_back")) == told


def test_two_rows_of_one_message_are_one(gateway: Gateway, shop: Shop) -> None:
    gateway.set_faults(Faults(repeat=1.0))
    say(gateway, "AC1", NOON)
    say(gateway, "AC2", NOON, from_me=True)
    assert read(shop) == ReadBack(seen=2, recovered=2, missing=0)
    shop.process()
    assert shop.find_message_ids() == ["AC1", "AC2"]
    assert find_days(shop) == [(date(2026, 11, 23), 2, 0)]


def test_many_messages_of_one_second_are_all_found(gateway: Gateway, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of 7 over 60 messages of three seconds, whose order within a second is another one on each page."""
    monkeypatch.setattr(windows, "PAGE_SIZE", 7)
    monkeypatch.setattr(windows.read_windows, "__kwdefaults__", {"page_size": 7})
    steps = [Said(content=text(f"{number}"), message_id=f"AC{number:02}", at=int(NOON.timestamp()) + number % 3) for number in range(60)]
    gateway.deliver(INSTANCE, *steps)
    assert read(shop) == ReadBack(seen=60, recovered=60, missing=0)
    assert sorted(shop.find_told_ids("read_back")) == [f"AC{number:02}" for number in range(60)]


def test_windows_meet_and_cover_the_span(gateway: Gateway) -> None:
    steps = [Said(content=text("x"), message_id=f"AC{number:03}", at=int(DAY.timestamp()) + 431 * number) for number in range(300)]
    gateway.deliver(INSTANCE, *steps)
    with EvolutionClient(gateway.url, INSTANCE, TOKEN) as client:
        found = list(read_windows(client, since=DAY, until=DAY + timedelta(days=2), page_size=10))
    assert (found[0].start, found[-1].end) == (DAY, DAY + timedelta(days=2))
    assert [left.end for left, _ in pairwise(found)] == [right.start for _, right in pairwise(found)]
    assert sorted({provider_id for window in found for provider_id in window.records}) == [f"AC{number:03}" for number in range(300)]
    assert max(len(window.records) for window in found) <= 10


def test_an_edit_a_deletion_and_a_receipt_that_nobody_heard_of(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON, "cade meu pedio")
    say(gateway, "AC2", NOON, "apague isto")
    say(gateway, "3EB0A", NOON, "vou ver", from_me=True)
    read(shop)
    shop.process()
    gateway.edit(INSTANCE, "AC1", "cadê meu pedido", at=int((NOON + timedelta(minutes=2)).timestamp()))
    gateway.revoke(INSTANCE, "AC2")
    gateway.ack(INSTANCE, "3EB0A", "READ")
    assert read(shop) == ReadBack(seen=3, recovered=0, missing=0)
    shop.process()
    edited, revoked, sent = (shop.get_message(provider_id) for provider_id in ("AC1", "AC2", "3EB0A"))
    assert (edited.text, edited.is_edited, edited.sent_at) == ("cadê meu pedido", True, NOON)
    assert revoked.is_deleted
    assert sent.delivery == "read"
    told = len(shop.find_events("read_back"))
    read(shop)
    assert len(shop.find_events("read_back")) == told
    assert find_days(shop) == [(date(2026, 11, 23), 3, 0)]


def test_an_edit_after_midnight_leaves_the_day_complete(gateway: Gateway, shop: Shop) -> None:
    """The gateway's row moves to the time of the edit; the message stays where it was sent."""
    say(gateway, "AC1", DAY + timedelta(hours=23, minutes=59))
    read(shop, until=DAY + timedelta(hours=24))
    shop.process()
    gateway.edit(INSTANCE, "AC1", "corrigido", at=int((DAY + timedelta(hours=24, minutes=3)).timestamp()))
    read(shop, until=DAY + timedelta(hours=25))
    shop.process()
    read(shop, until=DAY + timedelta(hours=25))
    read(shop, since=DAY, until=DAY + timedelta(hours=24, minutes=1))
    assert find_days(shop)[0] == (date(2026, 11, 23), 1, 0)


def test_rows_under_a_hidden_id_are_found_too(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON, phone=None, lid="123456789012345")
    say(gateway, "AC2", NOON, lid="123456789012345")
    assert read(shop).recovered == 2
    shop.process()
    assert shop.find_message_ids() == ["AC1", "AC2"]


def test_a_reaction_that_was_taken_back_is_settled(gateway: Gateway, shop: Shop) -> None:
    gateway.deliver(INSTANCE, Said(content=reaction_removed("AC9"), message_id="AC1", at=int(NOON.timestamp())))
    assert read(shop).recovered == 1
    shop.process()
    assert read(shop).missing == 0


def test_days_are_counted_where_they_were_read_whole(gateway: Gateway, shop: Shop) -> None:
    for number in range(3):
        say(gateway, f"AC{number}", NOON - timedelta(days=number))
    assert read(shop, since=NOON - timedelta(days=2, hours=1)).seen == 3
    assert find_days(shop) == [(date(2026, 11, 22), 1, 0), (date(2026, 11, 23), 1, 0)]


def test_a_gateway_that_fails_leaves_what_was_read(gateway: Gateway, shop: Shop) -> None:
    say(gateway, "AC1", NOON - timedelta(days=1))
    gateway.set_faults(Faults(errors=1, error_paths=["/chat/findMessages"]))
    with pytest.raises(GatewayError):
        read(shop, since=DAY - timedelta(days=1))
    assert (shop.connection.read_back_problem, shop.connection.read_back_until_at) == ("Internal Server Error", None)
    assert read(shop, since=DAY - timedelta(days=1)).recovered == 1
    assert shop.connection.read_back_problem == ""


def test_while_whatsapp_is_cut_off_the_store_is_not_complete(gateway: Gateway, shop: Shop) -> None:
    """What is sent while the gateway is cut off comes into its store afterwards, with its own earlier time."""
    gateway.set_connection(INSTANCE, "close", reason=500)
    shop.change(state=GatewayConnection.State.CLOSED, state_at=NOON)
    read(shop)
    assert shop.connection.read_back_until_at == NOON
    gateway.set_connection(INSTANCE, "open")
    say(gateway, "AC1", NOON + timedelta(minutes=1))
    read(shop)
    assert (shop.connection.read_back_until_at, shop.find_told_ids("read_back")) == (EVENING, ["AC1"])


def test_one_reader_at_a_time(gateway: Gateway, shop: Shop) -> None:
    with backfill._only_one(shop.channel_id) as is_ours:
        assert is_ours
        assert run_read_back(shop.tenant_id, shop.channel_id) is None
    assert run_read_back(shop.tenant_id, shop.channel_id) == ReadBack(seen=0, recovered=0, missing=0)


def test_who_was_read_back_just_now_is_left_alone(gateway: Gateway, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_shop(gateway.url, name="Casa Sol", slug="casa-sol")
    run_read_back(shop.tenant_id, shop.channel_id)
    started: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.task_read_back, "delay", lambda *given: started.append(given))
    assert tasks.task_read_back_all() == 1
    assert started == [(str(other.tenant_id), str(other.channel_id))]


def test_what_was_recovered_is_counted_again_soon(gateway: Gateway, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    say(gateway, "AC1", datetime.now(UTC) - timedelta(minutes=1))
    again: list[object] = []
    monkeypatch.setattr(tasks.task_read_back, "apply_async", lambda given, countdown: again.append((given, countdown)))
    ids = (str(shop.tenant_id), str(shop.channel_id))
    assert tasks.task_read_back(*ids) == 1
    assert again == [(list(ids), 30)]
    shop.process()
    assert (tasks.task_read_back(*ids), len(again)) == (0, 1)
    gateway.stop()
    assert tasks.task_read_back(*ids) == 0
    assert shop.connection.read_back_problem == "The gateway does not answer (ConnectError)."


def test_another_tenants_channel_is_not_found(gateway: Gateway, shop: Shop) -> None:
    other = make_shop(gateway.url, name="Casa Sol", slug="casa-sol")
    assert run_read_back(shop.tenant_id, other.channel_id) is None


def test_records_without_an_id_are_passed_over() -> None:
    record: Json = {"key": {}, "message": {}}
    assert windows._make_window(DAY, NOON, [record, {"key": {"id": "AC1"}, "message": None}]).nameless == 1
