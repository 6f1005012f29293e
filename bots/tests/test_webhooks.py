"""Webhooks out, to a real server: signed as Standard Webhooks says, tried again on its schedule, ended by 410, told once.

The receiver gets the same `webhook-id` however often a message comes.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from bots.alerts import raise_alert
from bots.tests.conftest import Clock
from bots.tests.receiver import Receiver
from bots.webhooks.deliver import WAITS, deliver_due, send_again
from bots.webhooks.signing import SECRET_OVERLAP, make_secret, read_secret, sign
from core.domain_events import Happened, purge_events, record
from core.models import Conversation, ConversationAnalysis, DomainEvent, EventKind, Tenant, WebhookDelivery, WebhookEndpoint
from core.tenancy import scope
from ingestion.announce import announce_analysed
from tests.cast import Cast

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
State = WebhookDelivery.State


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def clock() -> Clock:
    return Clock(at=NOW)


@pytest.fixture
def tenant(cast: Cast) -> Tenant:
    with scope(cast.tenant.id):
        WebhookDelivery.objects.all().delete()
        DomainEvent.objects.all().delete()
        WebhookEndpoint.objects.all().delete()
    return cast.tenant


def listen(tenant: Tenant, receiver: Receiver, *kinds: EventKind) -> WebhookEndpoint:
    with scope(tenant.id):
        endpoint = WebhookEndpoint(url=receiver.url, kinds=list(kinds))
        endpoint.secret = make_secret()
        endpoint.save()
    return endpoint


def tell(tenant: Tenant, *keys: str, at: datetime = NOW) -> int:
    with scope(tenant.id):
        count = record(EventKind.FELL, [Happened(key, {"value": 3.1, "usual": 4.2, "count": 30}) for key in keys])
        DomainEvent.objects.update(happened_at=at)
        WebhookDelivery.objects.filter(attempts=0).update(next_at=at, created_at=at)
    return count


def read_deliveries(tenant: Tenant) -> list[tuple[str, int, int | None, str]]:
    with scope(tenant.id):
        return list(WebhookDelivery.objects.order_by("created_at", "event__key").values_list("state", "attempts", "status", "problem"))


def test_the_standards_own_example() -> None:
    """The vector that the standard's reference libraries are tested with."""
    headers = sign(
        b'{"test": 2432232314}',
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_documented_check_takes_ours_and_nothing_else() -> None:
    code = re.search(r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(), re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)
    secret, body = make_secret(), b'{"type": "webhook.tested"}'
    headers = sign(body, message_id="msg_1", at=datetime.now(UTC), secrets=[secret])
    old = sign(body, message_id="msg_1", at=datetime.now(UTC) - timedelta(minutes=6), secrets=[secret])
    checked = [names["is_genuine"](*given) for given in ((headers, body, secret), (headers, body + b" ", secret), (old, body, secret))]
    assert checked == [True, False, False]
    # While a secret is changed either of the two proves a message.
    newer = make_secret()
    both = sign(body, message_id="msg_1", at=datetime.now(UTC), secrets=[newer, secret])
    assert [names["is_genuine"](both, body, one) for one in (newer, secret, make_secret())] == [True, True, False]


def test_secrets() -> None:
    assert len(read_secret(make_secret())) == 32
    for wrong in ("whsec_abc", "whsec_" + base64.b64encode(b"short").decode(), "é"):
        with pytest.raises(ValueError, match="a webhook's secret"):
            read_secret(wrong)


def test_a_secret_that_was_replaced_signs_for_a_day_more(tenant: Tenant, receiver: Receiver, clock: Clock) -> None:
    endpoint = listen(tenant, receiver, EventKind.FELL)
    old, new = endpoint.secret, make_secret()
    with scope(tenant.id):
        endpoint.renew_secret(new, until=clock.at + SECRET_OVERLAP)
        endpoint.save()
    for key, wait in (("a", timedelta(0)), ("b", SECRET_OVERLAP)):
        clock.at += wait
        tell(tenant, key)
        deliver_due(tenant.id, now=clock)
    proven = []
    for headers, body in receiver.came:
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        signatures = headers["webhook-signature"].split()
        own = {name: sign(body, message_id=headers["webhook-id"], at=at, secrets=[secret]) for name, secret in (("new", new), ("old", old))}
        proven.append([name for name, made in own.items() if made["webhook-signature"] in signatures])
    assert proven == [["new", "old"], ["new"]]


def test_what_the_receiver_gets(tenant: Tenant, receiver: Receiver, clock: Clock) -> None:
    endpoint = listen(tenant, receiver, EventKind.FELL)
    assert tell(tenant, "2026-11-16:day") == 1
    assert deliver_due(tenant.id, now=clock) == (1, False)
    [(headers, body)] = receiver.came
    assert json.loads(body) == {
        "type": "satisfaction.fell",
        "timestamp": "2026-11-16T15:00:00Z",
        "data": {"value": 3.1, "usual": 4.2, "count": 30},
    }
    # As a receiver checks it.
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(base64.b64decode(endpoint.secret.removeprefix("whsec_")), signed, hashlib.sha256).digest())
    assert headers["webhook-signature"] == f"v1,{expected.decode()}"
    assert (headers["webhook-timestamp"], headers["content-type"]) == (str(int(NOW.timestamp())), "application/json")
    assert read_deliveries(tenant) == [("delivered", 1, 200, "")]
    assert deliver_due(tenant.id, now=clock) == (0, False)


def test_it_is_tried_again_on_the_schedule_and_then_given_up(tenant: Tenant, receiver: Receiver, clock: Clock) -> None:
    listen(tenant, receiver, EventKind.FELL)
    tell(tenant, "a")
    receiver.answers = [(500, {})] * 10
    attempts = []
    for wait in (timedelta(0), *WAITS):
        clock.at += wait - timedelta(seconds=1) if wait else wait
        if wait:
            assert deliver_due(tenant.id, now=clock) == (0, False)
            clock.at += timedelta(seconds=1)
        deliver_due(tenant.id, now=clock)
        attempts.append(read_deliveries(tenant)[0])
    assert attempts == [*[("waiting", number, 500, "") for number in range(1, 10)], ("failed", 10, 500, "")]
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert clock.at - NOW == timedelta(hours=75, minutes=35, seconds=5)
    # Asked for once more by hand, however late, it comes as the same message and has as many attempts as a new one.
    clock.at += timedelta(days=5)
    receiver.answers = [(500, {})]
    with scope(tenant.id):
        assert send_again(list(WebhookDelivery.objects.values_list("id", flat=True)), clock.at) == 1
    deliver_due(tenant.id, now=clock)
    assert read_deliveries(tenant) == [("waiting", 1, 500, "")]
    clock.at += WAITS[0]
    deliver_due(tenant.id, now=clock)
    assert read_deliveries(tenant) == [("delivered", 2, 200, "")]
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1


def test_who_does_not_take_one_is_left_alone_with_the_others(tenant: Tenant, receiver: Receiver, clock: Clock) -> None:
    listen(tenant, receiver, EventKind.FELL)
    with Receiver() as other:
        listen(tenant, other, EventKind.FELL)
        tell(tenant, "a", "b", "c")
        receiver.answers = [(503, {"Retry-After": "120"})]
        deliver_due(tenant.id, now=clock)
        assert (len(receiver.came), len(other.came)) == (1, 3)
        clock.pass_by(seconds=119)
        assert deliver_due(tenant.id, now=clock) == (0, False)
        clock.pass_by(seconds=1)
        assert deliver_due(tenant.id, now=clock) == (3, False)
    assert sorted(read_deliveries(tenant)) == [("delivered", 1, 200, "")] * 5 + [("delivered", 2, 200, "")]


def test_gone_is_gone(tenant: Tenant, receiver: Receiver, clock: Clock) -> None:
    endpoint = listen(tenant, receiver, EventKind.FELL)
    tell(tenant, "a")
    receiver.answers = [(410, {})]
    deliver_due(tenant.id, now=clock)
    with scope(tenant.id):
        endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.problem, read_deliveries(tenant)) == (False, "gone", [("failed", 1, 410, "")])
    assert tell(tenant, "b") == 0


def test_where_nobody_answers(tenant: Tenant, receiver: Receiver, clock: Clock) -> None:
    endpoint = listen(tenant, receiver, EventKind.FELL)
    tell(tenant, "a")
    with scope(tenant.id):
        WebhookEndpoint.objects.filter(id=endpoint.id).update(url="http://127.0.0.1:1/hook")
    deliver_due(tenant.id, now=clock)
    assert read_deliveries(tenant) == [("waiting", 1, None, "unreachable")]
    with scope(tenant.id):
        WebhookEndpoint.objects.filter(id=endpoint.id).update(url=receiver.url, secret_encrypted="not ours")
    clock.pass_by(seconds=5)
    deliver_due(tenant.id, now=clock)
    assert (read_deliveries(tenant), receiver.came) == ([("waiting", 2, None, "secret")], [])


def test_private_addresses_can_be_forbidden(tenant: Tenant, receiver: Receiver, clock: Clock, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = False
    listen(tenant, receiver, EventKind.FELL)
    tell(tenant, "a")
    deliver_due(tenant.id, now=clock)
    assert (read_deliveries(tenant), receiver.came) == ([("waiting", 1, None, "unreachable")], [])


def test_a_worker_that_dies_leaves_a_claim_that_runs_out(
    tenant: Tenant, receiver: Receiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(tenant, receiver, EventKind.FELL)
    tell(tenant, "a")

    def die(*_arguments: object, **_options: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("bots.webhooks.deliver.settle", die)
        with pytest.raises(SystemExit):
            deliver_due(tenant.id, now=clock)
    assert deliver_due(tenant.id, now=clock) == (0, False)
    clock.pass_by(minutes=2)
    assert deliver_due(tenant.id, now=clock) == (1, False)
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1


class TestWhatIsTold:
    def test_each_thing_once_and_only_to_who_asked(self, tenant: Tenant, receiver: Receiver) -> None:
        assert tell(tenant, "a") == 0  # nobody listens
        listen(tenant, receiver, EventKind.SILENT)
        assert tell(tenant, "a") == 0
        listen(tenant, receiver, EventKind.FELL)
        assert (tell(tenant, "a", "b"), tell(tenant, "b", "c")) == (2, 1)
        assert len(read_deliveries(tenant)) == 3

    def test_an_alert(self, tenant: Tenant, receiver: Receiver) -> None:
        listen(tenant, receiver, EventKind.FELL)
        with scope(tenant.id):
            assert raise_alert("satisfaction", "2026-11-20:day", {"span": "day", "value": 3.1, "usual": 4.2, "count": 30}, now=NOW) == 1
            event = DomainEvent.objects.get()
        assert (event.kind, event.data["value"], event.data["usual"]) == ("satisfaction.fell", 3.1, 4.2)

    def test_a_conversation_once_a_revision_and_none_that_is_history(self, tenant: Tenant, receiver: Receiver) -> None:
        listen(tenant, receiver, EventKind.ANALYSED)
        with scope(tenant.id):
            conversation = Conversation.objects.get()
            assert announce_analysed([conversation.id]) == 0  # of last Monday
            Conversation.objects.update(last_message_at=datetime.now(UTC) - timedelta(hours=1))
            assert (announce_analysed([conversation.id]), announce_analysed([conversation.id])) == (1, 0)
            ConversationAnalysis.objects.update(revision=2)
            assert announce_analysed([conversation.id]) == 1
            told = DomainEvent.objects.order_by("-key").first()
        assert told is not None
        for name in ("started_at", "last_message_at", "analyser", "analyser_version"):
            assert told.data.pop(name)
        assert told.data == {
            "conversation_id": str(conversation.id), "revision": 2, "channel": "Suporte", "agent": "Ana Souza", "satisfaction": 2,
            "theme": "Atraso na entrega", "is_resolved": False,
        }  # fmt: skip
        # None of the customer's words.
        assert "pedido" not in json.dumps(told.data)

    def test_what_is_old_goes_and_what_waits_stays(self, tenant: Tenant, receiver: Receiver, clock: Clock) -> None:
        listen(tenant, receiver, EventKind.FELL)
        tell(tenant, "a")
        deliver_due(tenant.id, now=clock)
        tell(tenant, "b")
        with scope(tenant.id):
            assert (purge_events(NOW), purge_events(NOW + timedelta(seconds=1))) == (0, 1)
            assert DomainEvent.objects.get().key == "b"
