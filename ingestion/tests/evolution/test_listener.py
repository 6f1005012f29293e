"""The listener against the stand-in gateway, over real Socket.IO: what is told is stored once, what is not told is read back."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import psutil
import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from core.models import GatewayConnection
from core.tenancy import scope
from ingestion import inbox
from ingestion.evolution import channel_listener, event_queue, probe
from ingestion.evolution.listener import make_session
from ingestion.tests.evolution.answers import serving_answers
from ingestion.tests.evolution.channels import INSTANCE, TOKEN, Shop, make_shop
from ingestion.tests.evolution.ears import ListenerProcess, ListenerThread, Relay
from tests.gateway.faults import Faults, Options
from tests.gateway.messages import make_script, text
from tests.gateway.server import Gateway, wait_for
from tests.gateway.steps import Said, now

State = GatewayConnection.State
PATIENCE = 60.0

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(options=Options(tells_contacts=False)) as gateway:
        gateway.create_instance(INSTANCE, token=TOKEN)
        yield gateway


@pytest.fixture
def shop(transactional_db: None, gateway: Gateway) -> Shop:
    return make_shop(gateway.url)


@pytest.fixture(autouse=True)
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GATEWAY_PROBE_SECONDS = 1
    monkeypatch.setattr(channel_listener, "NAMESPACE_DELAY_SECONDS", 0.3)
    monkeypatch.setattr(channel_listener, "LONGEST_DELAY_SECONDS", 1.0)
    monkeypatch.setattr(channel_listener, "BUSY_SECONDS", 0.3)
    monkeypatch.setattr(channel_listener, "SETTLE_SECONDS", 1.0)
    monkeypatch.setattr(event_queue, "LONGEST_DELAY_SECONDS", 0.5)
    monkeypatch.setattr(event_queue, "PRECISION", timedelta(0))


def await_that(condition: Callable[[], bool], what: str) -> None:
    wait_for(condition, seconds=PATIENCE, what=what)


def say(gateway: Gateway, *message_ids: str, at: int | None = None) -> None:
    gateway.deliver(INSTANCE, *(Said(content=text(f"oi {each}"), message_id=each, at=at or now()) for each in message_ids))


def open_namespace(gateway: Gateway) -> None:
    """The first emission makes the namespace."""
    gateway.emit(INSTANCE, "presence.update", {"id": "x", "presences": {}})


def test_what_is_told_is_stored_in_order(gateway: Gateway, shop: Shop) -> None:
    open_namespace(gateway)
    with ListenerThread() as ear:
        await_that(ear.is_connected, "the connection")
        script = make_script(200, seed=3, customers=5)
        gateway.play(INSTANCE, script)
        gateway.wait_until_idle()
        await_that(lambda: len(shop.find_told_ids("socket")) == 200, "200 events")
    assert sorted(shop.find_told_ids("socket")) == sorted(step.message_id for step in script)
    shop.process()
    assert len(shop.find_message_ids()) == 200
    assert shop.connection.last_event_at is not None
    # It gave its lease back.
    assert (shop.connection.listener, shop.connection.listener_until_at) == ("", None)


def test_a_late_namespace_and_the_event_that_makes_it(gateway: Gateway, shop: Shop) -> None:
    """Nobody is in the namespace that the first event makes: that event, and a second one, are lost, and read back."""
    gateway.set_faults(Faults(late_namespace=1))
    with ListenerThread() as ear:
        await_that(lambda: shop.connection.state == State.OPEN, "a probe")
        assert not ear.is_connected()
        say(gateway, "AC1")
        say(gateway, "AC2")
        await_that(ear.is_connected, "the connection")
        await_that(lambda: sorted(shop.find_told_ids("read_back")) == ["AC1", "AC2"], "what was lost")
        say(gateway, "AC3")
        await_that(lambda: shop.find_told_ids("socket") == ["AC3"], "what was told")
        assert gateway.get_tally()["socket"]["lost_to_namespace"] == 2
    shop.process()
    assert sorted(shop.find_message_ids()) == ["AC1", "AC2", "AC3"]


def test_after_a_restart_of_the_gateway_the_gap_is_read_back(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("gateway")
    with Gateway(options=Options(tells_contacts=False, announces_start=True), state=folder) as gateway:
        gateway.create_instance(INSTANCE, token=TOKEN)
        shop = make_shop(gateway.url)
        open_namespace(gateway)
        with ListenerThread() as ear:
            await_that(ear.is_connected, "the connection")
            say(gateway, "AC1")
            await_that(lambda: shop.find_told_ids("socket") == ["AC1"], "the first message")
            gateway.restart()
            # Perhaps before we are back.
            say(gateway, "AC2", "AC3")
            await_that(lambda: ear.count("connects") == 2, "the second connection")
            say(gateway, "AC4")
            await_that(lambda: {"AC1", "AC2", "AC3", "AC4"} <= set(shop.find_told_ids("socket") + shop.find_told_ids("read_back")), "all")
    shop.process()
    assert sorted(shop.find_message_ids()) == ["AC1", "AC2", "AC3", "AC4"]


def test_a_refused_key_and_a_gateway_without_licence_are_told_and_healed(gateway: Gateway, shop: Shop) -> None:
    open_namespace(gateway)
    with scope(shop.tenant_id):
        connection = shop.connection
        connection.token = "falsa"
        connection.save(update_fields=["token_encrypted"])
    with ListenerThread() as ear:
        await_that(lambda: shop.connection.state == State.REFUSED, "the refusal")
        assert shop.connection.state_detail == "The gateway refuses the key."
        assert not ear.is_connected()
        with scope(shop.tenant_id):
            connection.token = TOKEN
            connection.save(update_fields=["token_encrypted"])
        # The new key is noticed without a restart.
        await_that(ear.is_connected, "the connection")
        await_that(lambda: shop.connection.state == State.OPEN, "the health")
        gateway.set_faults(Faults(license_required=True))
        await_that(lambda: shop.connection.state == State.UNLICENSED, "the licence")
        gateway.set_faults(Faults())
        await_that(lambda: shop.connection.state == State.OPEN, "the health")
        gateway.stop()
        await_that(lambda: shop.connection.state == State.UNREACHABLE, "the end")


def test_channels_come_change_and_go_without_a_restart(gateway: Gateway, shop: Shop) -> None:
    gateway.create_instance("loja-2", token="chave-2")
    for instance in (INSTANCE, "loja-2"):
        gateway.emit(instance, "presence.update", {})
    with ListenerThread() as ear:
        await_that(ear.is_connected, "the connection")
        other = make_shop(gateway.url, name="Casa Sol", slug="casa-sol", instance="loja-2")
        await_that(lambda: len(ear.listener.channels) == 2 and ear.is_connected(), "the new channel")
        # A renamed instance is listened to under its new name.
        other.change(instance=INSTANCE)
        await_that(lambda: sorted(c.connection.instance for c in ear.listener.channels.values()) == [INSTANCE, INSTANCE], "the change")
        with scope(other.tenant_id):
            GatewayConnection.objects.all().delete()
        await_that(lambda: len(ear.listener.channels) == 1, "the removal")
        assert ear.is_connected()


def test_without_a_websocket_a_channel_is_only_looked_after(gateway: Gateway, shop: Shop) -> None:
    shop.change(uses_socket=False)
    open_namespace(gateway)
    say(gateway, "AC1")
    with ListenerThread() as ear:
        await_that(lambda: shop.find_told_ids("read_back") == ["AC1"], "reading back")
        await_that(lambda: shop.connection.state == State.OPEN, "a probe")
        assert ear.count("connects") == 0


def test_a_channel_that_went_silent_is_seen_and_read_back(gateway: Gateway, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway says "open" and stores messages, and tells of none of them."""
    monkeypatch.setattr(probe, "SILENT_AFTER", timedelta(seconds=3))
    shop.change(created_at=timezone.now() - timedelta(hours=1))
    open_namespace(gateway)
    with ListenerThread() as ear:
        await_that(ear.is_connected, "the connection")
        say(gateway, "AC1")
        await_that(lambda: shop.find_told_ids("socket") == ["AC1"], "the first message")
        gateway.set_faults(Faults(silent_instances=[INSTANCE]))
        time.sleep(4)
        say(gateway, "AC2")
        await_that(lambda: shop.connection.state == State.SILENT, "the silence to be noticed")
        await_that(lambda: shop.find_told_ids("read_back") == ["AC2"], "what was not told")
        gateway.set_faults(Faults())
        say(gateway, "AC3")
        await_that(lambda: shop.connection.state == State.OPEN, "the health")


def test_of_two_listeners_the_other_takes_over(gateway: Gateway, shop: Shop) -> None:
    open_namespace(gateway)
    with ListenerProcess() as first:
        await_that(lambda: f":{first.process_id}:" in shop.connection.listener, "the first one's lease")
        with ListenerThread(lease_seconds=15) as second:
            say(gateway, "AC1")
            await_that(lambda: "AC1" in shop.find_told_ids("socket") + shop.find_told_ids("read_back"), "the first message")
            assert len(second.listener.channels) == 0
            first.kill()
            # Time passes.
            shop.change(listener_until_at=timezone.now() + timedelta(seconds=1))
            say(gateway, "AC2")
            await_that(second.is_connected, "the second one")
            await_that(lambda: "AC2" in shop.find_told_ids("read_back"), "what nobody heard")
            say(gateway, "AC3")
            await_that(lambda: "AC3" in shop.find_told_ids("socket"), "what the second one heard")


def test_asked_to_end_it_ends_at_once_and_gives_its_leases_back(gateway: Gateway, shop: Shop) -> None:
    open_namespace(gateway)
    with ListenerProcess() as ear:
        await_that(lambda: gateway.get_state()["namespaces"] != [] and shop.connection.listener != "", "the lease")
        await_that(lambda: shop.connection.state == State.OPEN, "a probe")
        say(gateway, "AC1")
        megabytes = psutil.Process(ear.process_id).memory_info().rss / 1e6
        assert ear.terminate() == 0
    assert shop.connection.listener == ""
    assert megabytes < 250


def test_while_the_database_is_down_events_wait(gateway: Gateway, shop: Shop) -> None:
    open_namespace(gateway)
    with Relay(os.environ["DATABASE_URL"]) as relay, ListenerProcess(DATABASE_URL=relay.url, LOG_LEVEL="ERROR") as ear:
        await_that(lambda: shop.connection.state == State.OPEN, "a probe")
        say(gateway, "AC1")
        await_that(lambda: "AC1" in shop.find_told_ids("socket") + shop.find_told_ids("read_back"), "the first message")
        relay.cut()
        script = make_script(300, seed=5)
        gateway.play(INSTANCE, script)
        gateway.wait_until_idle()
        time.sleep(2)
        assert ear.is_running()
        assert len(shop.find_told_ids("socket")) <= 1
        relay.mend()
        await_that(lambda: len(set(shop.find_told_ids("socket")) - {"AC1"}) == 300, "what waited")
    shop.process()
    assert len(shop.find_message_ids()) == 301


def test_what_has_no_room_is_counted_and_read_back(gateway: Gateway, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_queue, "MOST_EVENTS", 10)
    may_store = threading.Event()
    store_batch = event_queue.store_batch
    monkeypatch.setattr(event_queue, "store_batch", lambda *given: may_store.wait(PATIENCE) and store_batch(*given))
    open_namespace(gateway)
    with ListenerThread() as ear:
        await_that(ear.is_connected, "the connection")
        await_that(lambda: shop.connection.read_back_until_at is not None, "the first reading back")
        say(gateway, *(f"AC{number:02}" for number in range(30)))
        await_that(lambda: ear.count("dropped") == 20, "the lack of room")
        may_store.set()
        await_that(lambda: len(set(shop.find_told_ids("socket") + shop.find_told_ids("read_back"))) == 30, "all of them")
        await_that(lambda: ear.count("stored") == 10, "what there was room for")


def test_an_event_that_can_not_be_stored_holds_nothing_up(gateway: Gateway, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(channel_id: object, *, road: str, events: list[tuple[str, object]]) -> int:
        if any(name == "presence.update" for name, _ in events):
            raise ValueError("no")
        return inbox.store_events(channel_id, road=road, events=events)  # type: ignore[arg-type]

    monkeypatch.setattr(event_queue, "store_events", refuse)
    open_namespace(gateway)
    with ListenerThread() as ear:
        await_that(ear.is_connected, "the connection")
        say(gateway, "AC1")
        open_namespace(gateway)
        say(gateway, "AC2")
        await_that(lambda: shop.find_told_ids("socket") == ["AC1", "AC2"], "what can be stored")
        await_that(lambda: ear.count("refused") == 1, "the count")


def test_another_instances_events_are_not_taken(gateway: Gateway, shop: Shop) -> None:
    open_namespace(gateway)
    with ListenerThread() as ear:
        await_that(ear.is_connected, "the connection")
        [channel] = ear.listener.channels.values()
        channel._take("messages.upsert", {"event": "messages.upsert", "instance": "loja-2", "data": {}})
        assert ear.count("refused") == 1
    assert shop.find_events("socket") == []


async def test_the_key_does_not_follow_a_redirect() -> None:
    with serving_answers() as answers, serving_answers() as elsewhere:
        answers.give(302, "", Location=f"{elsewhere.url}/socket.io/")
        async with make_session() as session:
            with pytest.raises(OSError, match="leads to another one"):
                await session.ws_connect(f"{answers.url}/socket.io/", headers={"apikey": TOKEN})
    assert (len(answers.asked), elsewhere.asked) == (1, [])
