"""The outbox: each message once, in order, at a rate, at a civil hour, and never doubled whatever breaks on the way."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone

from bots import sending
from bots.holding import find_quiet_end, make_alert_key
from bots.models import Alert, BotTalk, Subscription
from bots.outbox import enqueue, send_due, take_delivery
from bots.tests.conftest import Clock, Road, make_road
from core.models import GatewayConnection, OutgoingMessage, PendingChange, RawEvent
from core.tenancy import scope
from ingestion.evolution import client as client_module
from tests.gateway.faults import Faults
from tests.gateway.server import Gateway

ALICE = "5511977776666"
State = OutgoingMessage.State


@pytest.fixture
def clock() -> Clock:
    return Clock(timezone.now())


@pytest.fixture(autouse=True)
def faultless(gateway: Gateway) -> Iterator[None]:
    gateway.set_faults(Faults())
    yield
    gateway.wait_until_idle()


def write(road: Road, key: str, text: str = "3 conversas", **more: object) -> OutgoingMessage | None:
    with scope(road.tenant.id):
        return enqueue(road.channel, **{"to": ALICE, "purpose": "answer", "key": key, "text": text, "user": road.alice} | more)  # type: ignore[arg-type]


def look(road: Road, key: str) -> tuple[str, int, str]:
    message = road.get_message(key)
    return message.state, message.attempts, message.error


def get_new(road: Road, before: int) -> list[tuple[str, str]]:
    return road.find_sent()[before:]


def test_a_message_is_sent_once_however_often_it_is_written_and_sent(road: Road, clock: Clock) -> None:
    before = len(road.find_sent())
    assert write(road, "answer:1") is not None
    assert write(road, "answer:1", "outra coisa") is None
    clock.pass_by(seconds=1)
    assert [send_due(str(road.tenant.id), now=clock) for _ in range(2)] == [1, 0]
    assert get_new(road, before) == [(ALICE, "3 conversas")]
    assert look(road, "answer:1") == (State.SENT, 1, "")
    assert road.get_message("answer:1").provider_id == road.gateway.find_sent(road.instance)[-1]["key"]["id"]


def test_messages_keep_their_order_and_those_that_somebody_waits_for_come_first(road: Road, clock: Clock) -> None:
    before = len(road.find_sent())
    for number, purpose in enumerate(("briefing", "answer", "code", "answer")):
        write(road, f"{purpose}:{number}", f"{purpose} {number}", purpose=purpose)
    with scope(road.tenant.id):
        Subscription.objects.update(quiet_from=0, quiet_until=0)
    clock.pass_by(seconds=1)
    assert send_due(str(road.tenant.id), now=clock) == 4
    assert [text for _, text in get_new(road, before)] == ["answer 1", "code 2", "answer 3", "briefing 0"]
    assert road.get_message("code:2").text == ""


def test_a_number_sends_no_more_a_minute_than_it_may(road: Road, clock: Clock) -> None:
    with scope(road.tenant.id):
        GatewayConnection.objects.update(messages_per_minute=3)
    for number in range(5):
        write(road, f"answer:{number}")
    sent = []
    for seconds in (1, 30, 31, 1, 60):
        clock.pass_by(seconds=seconds)
        sent.append(send_due(str(road.tenant.id), now=clock))
    assert sent == [3, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("local", "quiet", "ends"),
    [
        ("2026-11-16 20:59", (21, 7), None),
        ("2026-11-16 21:00", (21, 7), "2026-11-17 07:00"),
        ("2026-11-17 03:15", (21, 7), "2026-11-17 07:00"),
        ("2026-11-17 07:00", (21, 7), None),
        ("2026-11-17 12:30", (12, 14), "2026-11-17 14:00"),
        ("2026-11-17 14:00", (12, 14), None),
        ("2026-11-17 23:59", (8, 8), None),
        ("2026-11-17 00:10", (0, 6), "2026-11-17 06:00"),
    ],
)
def test_quiet_hours(local: str, quiet: tuple[int, int], ends: str | None) -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    now = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    end = find_quiet_end(now, zone=zone, quiet_from=quiet[0], quiet_until=quiet[1])
    assert (None if end is None else f"{end.astimezone(zone):%Y-%m-%d %H:%M}") == ends


def test_an_alert_waits_for_the_morning_and_an_answer_does_not(road: Road) -> None:
    """22:30 in São Paulo."""
    night = Clock(datetime(2030, 1, 8, 1, 30, tzinfo=UTC))
    with scope(road.tenant.id):
        Subscription.objects.create(user=road.alice, kind="satisfaction")
        alerts = [Alert.objects.create(kind="satisfaction", key=f"satisfaction:day:{n}") for n in (1, 2)]
    keys = [make_alert_key("satisfaction", alert.id, road.alice.id) for alert in alerts]
    for key in keys:
        write(road, key, "A satisfação caiu", purpose="alert", replies={"1": {"do": "ask", "question": "por quê?"}})
    write(road, "answer:1")
    before = len(road.find_sent())
    assert send_due(str(road.tenant.id), now=night) == 1
    assert [text for _, text in get_new(road, before)] == ["3 conversas"]
    assert road.get_message(keys[0]).not_before_at == datetime(2030, 1, 8, 10, 0, tzinfo=UTC)
    with scope(road.tenant.id):
        Alert.objects.filter(id=alerts[1].id).update(ended_at=night())
    night.pass_by(hours=9)
    assert send_due(str(road.tenant.id), now=night) == 1
    assert [text for _, text in get_new(road, before)] == ["3 conversas", "A satisfação caiu"]
    assert look(road, keys[1]) == (State.FAILED, 0, "It was over before it could be sent.")
    with scope(road.tenant.id):
        assert BotTalk.objects.get(user=road.alice).choices == {"1": {"do": "ask", "question": "por quê?"}}


def test_who_said_stop_is_told_nothing_unasked(road: Road, clock: Clock) -> None:
    with scope(road.tenant.id):
        BotTalk.objects.update(is_stopped=True)
    write(road, f"briefing:{road.alice.id}:2026-11-16", purpose="briefing")
    clock.pass_by(seconds=1)
    assert send_due(str(road.tenant.id), now=clock) == 0
    assert road.get_message(f"briefing:{road.alice.id}:2026-11-16").error == "The person asked to be told nothing unasked."


def test_it_backs_off_and_gives_up_with_the_error_told(road: Road, clock: Clock) -> None:
    road.gateway.set_faults(Faults(license_required=True))
    write(road, "answer:1")
    write(road, "answer:2", "depois", to="5511966665555")
    waited = []
    for _ in range(8):
        clock.at = road.get_message("answer:1").not_before_at + timedelta(seconds=1)
        send_due(str(road.tenant.id), now=clock)
        waited.append(round((road.get_message("answer:1").not_before_at - clock.at).total_seconds()))
    assert waited[:7] == [5, 15, 60, 300, 900, 900, 900]
    licence = "The gateway's licence is not activated yet; its operator has to do so."
    assert look(road, "answer:1") == (State.FAILED, 8, licence)


def test_what_is_refused_is_not_asked_again_and_what_is_late_is_not_sent(road: Road, clock: Clock) -> None:
    road.gateway.set_faults(Faults(unknown_numbers=[ALICE]))
    write(road, "answer:1")
    write(road, "code:1", purpose="code", not_before_at=clock() + timedelta(minutes=9), expires_at=clock() + timedelta(minutes=10))
    clock.pass_by(seconds=1)
    assert send_due(str(road.tenant.id), now=clock) == 1
    assert look(road, "answer:1") == (State.FAILED, 1, "This number is not on WhatsApp.")
    clock.pass_by(minutes=10)
    assert send_due(str(road.tenant.id), now=clock) == 0
    assert look(road, "code:1") == (State.FAILED, 0, "It was too late to send it.")


@pytest.mark.parametrize("picture", [None, b"\x89PNG"])
def test_a_send_that_timed_out_and_went_out_is_found_and_not_sent_again(
    road: Road, clock: Clock, picture: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_SEND_SECONDS", 0.4)
    road.gateway.set_faults(Faults(send_timeouts=1, hang_seconds=1))
    before = len(road.find_sent())
    write(road, "answer:1", picture=picture)
    write(road, "answer:2", "depois")
    clock.pass_by(seconds=1)
    # The second message to the same person waits until it is known what became of the first.
    assert send_due(str(road.tenant.id), now=clock) == 1
    assert look(road, "answer:1")[:2] == (State.UNCERTAIN, 1)
    clock.pass_by(seconds=6)
    assert send_due(str(road.tenant.id), now=clock) == 2
    assert get_new(road, before) == [(ALICE, "3 conversas"), (ALICE, "depois")]
    assert look(road, "answer:1") == (State.SENT, 2, "")


def test_a_send_that_timed_out_and_did_not_go_out_is_sent_after_a_minute(road: Road, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_SEND_SECONDS", 0.2)
    road.gateway.set_faults(Faults(errors=1, error_paths=["/message/"]))
    before = len(road.find_sent())
    write(road, "answer:1")
    tried = []
    for seconds in (1, 6, 16, 61):
        clock.pass_by(seconds=seconds)
        send_due(str(road.tenant.id), now=clock)
        tried.append((road.get_message("answer:1").state, len(get_new(road, before))))
    assert tried == [(State.UNCERTAIN, 0), (State.UNCERTAIN, 0), (State.UNCERTAIN, 0), (State.SENT, 1)]


def test_an_event_tells_what_the_gateway_can_not_be_asked(road: Road, clock: Clock) -> None:
    message = write(road, "answer:1")
    assert message is not None
    with scope(road.tenant.id):
        OutgoingMessage.objects.update(state=State.UNCERTAIN, sent_at=clock(), attempts=1)
        body = {"data": {"key": {"id": "3EB0X", "remoteJid": "551177776666@s.whatsapp.net", "fromMe": True},
                         "message": {"conversation": "3 conversas"}, "messageTimestamp": 1}}  # fmt: skip
        RawEvent.objects.create(channel=road.channel, road="webhook", name="send.message", digest="1" * 32, body=body)
    road.gateway.set_faults(Faults(errors=9))
    clock.pass_by(seconds=1)
    assert send_due(str(road.tenant.id), now=clock) == 1
    assert road.get_message("answer:1").provider_id == "3EB0X"


@pytest.mark.parametrize("went_out", [True, False])
def test_a_worker_that_died_in_between_doubles_nothing(road: Road, clock: Clock, went_out: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    before = len(road.find_sent())
    write(road, "answer:1")
    clock.pass_by(seconds=1)
    with monkeypatch.context() as dying:
        dying.setattr(sending, "_settle_sent" if went_out else "_send", die)
        with pytest.raises(Killed):
            send_due(str(road.tenant.id), now=clock)
    assert look(road, "answer:1")[0] == State.SENDING
    clock.pass_by(seconds=60)
    assert send_due(str(road.tenant.id), now=clock) == 0, "another worker may still be at it"
    clock.pass_by(seconds=61)
    assert send_due(str(road.tenant.id), now=clock) == 1
    assert look(road, "answer:1")[0] == State.SENT
    assert get_new(road, before) == [(ALICE, "3 conversas")]


def test_acknowledgements_only_rise_and_may_come_before_we_know_the_id(road: Road, clock: Clock) -> None:
    write(road, "answer:1")
    clock.pass_by(seconds=1)
    send_due(str(road.tenant.id), now=clock)
    provider_id = road.get_message("answer:1").provider_id
    with scope(road.tenant.id):
        steps = [
            (take_delivery(road.channel, provider_id, delivery), road.get_message("answer:1").state)
            for delivery in ("pending", "sent", "read", "delivered", "error")
        ]
        assert take_delivery(road.channel, "of nobody", "read") is False
        PendingChange.objects.create(channel=road.channel, provider_id="3EB0EARLY", kind="delivery", value="delivered")
    assert steps == [(False, "sent"), (True, "sent"), (True, "read"), (False, "read"), (False, "read")]
    write(road, "answer:2")
    with scope(road.tenant.id):
        OutgoingMessage.objects.filter(key="answer:2").update(state=State.SENT, provider_id="3EB0EARLY", sent_at=clock())
    send_due(str(road.tenant.id), now=clock)
    assert look(road, "answer:2") == (State.DELIVERED, 0, "")


def test_what_nobody_acknowledged_is_shown_and_never_sent_again(road: Road, clock: Clock) -> None:
    before = len(road.find_sent())
    write(road, "answer:1")
    for seconds in (1, 61, 300):
        clock.pass_by(seconds=seconds)
        send_due(str(road.tenant.id), now=clock)
    assert look(road, "answer:1") == (State.UNCERTAIN, 1, "WhatsApp has not acknowledged it within 60 s.")
    assert len(get_new(road, before)) == 1
    with scope(road.tenant.id):
        take_delivery(road.channel, road.get_message("answer:1").provider_id, "error")
    assert look(road, "answer:1") == (State.FAILED, 1, "WhatsApp refused to deliver it.")


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_send_each_message_once_and_in_order(gateway: Gateway) -> None:
    road = make_road(gateway)
    before = len(road.find_sent())
    for number in range(12):
        write(road, f"answer:{number}", f"mensagem {number}")

    def work() -> None:
        try:
            for _ in range(6):
                send_due(str(road.tenant.id))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    send_due(str(road.tenant.id))
    assert get_new(road, before) == [(ALICE, f"mensagem {number}") for number in range(12)]
