"""The gateway's webhook: stored and acknowledged; refused only where no address of ours is; 503 where we can't store.

The gateway drops an event for good on 400, 401, 403, 404 and 422 and tries again on everything else.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from django.db import OperationalError
from django.test import Client

from core.hook_tokens import make_hook_token
from core.models import Channel, GatewayConnection, Message, RawEvent
from core.tenancy import scope
from ingestion.tasks import task_process_inbox
from tests.cast import Cast
from web import hooks

KEY = "segredo" * 6
SENT_AT = int(datetime(2026, 11, 17, 13, 0, tzinfo=UTC).timestamp())


@pytest.fixture(autouse=True)
def new_keys() -> Iterator[None]:
    hooks.forget_keys()
    yield
    hooks.forget_keys()


def make_address(cast: Cast, *, tenant: str = "tenant", nonce: str = "nonce") -> str:
    owner = getattr(cast, tenant)
    with scope(owner.id):
        channel = Channel.objects.get()
    return f"/hooks/evolution/{make_hook_token(tenant_id=owner.id, channel_id=channel.id, nonce=nonce)}"


def make_event(message_id: str = "3EB0C0FFEE", text: str = "cadê meu pedido?") -> dict[str, Any]:
    key = {"remoteJid": "5511988887777@s.whatsapp.net", "fromMe": False, "id": message_id}
    data = {"key": key, "pushName": "Mariana Alves", "message": {"conversation": text}, "messageType": "conversation"}
    return {
        "event": "messages.upsert", "instance": "loja", "data": {**data, "messageTimestamp": SENT_AT}, "destination": "http://x",
        "date_time": "2026-11-17T10:00:00.000Z", "sender": "5511933221100@s.whatsapp.net", "apikey": "chave-secreta",
    }  # fmt: skip


def post(client: Client, address: str, body: object, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(address, content, content_type="application/json", headers=headers)


def find_events(cast: Cast) -> list[RawEvent]:
    with scope(cast.tenant.id):
        return list(RawEvent.objects.exclude(name="presence.update").order_by("received_at"))


def test_an_event_is_stored_without_keys_and_becomes_a_message(client: Client, cast: Cast) -> None:
    answer = post(client, make_address(cast), make_event())
    assert (answer.status_code, answer.json()) == (200, {"stored": True})
    [event] = find_events(cast)
    assert (event.name, event.road, event.state, event.copies) == ("messages.upsert", "webhook", "waiting", 1)
    assert "chave-secreta" not in json.dumps(event.body)
    task_process_inbox(str(cast.tenant.id), str(event.channel_id))
    with scope(cast.tenant.id):
        message = Message.objects.get(provider_id="3EB0C0FFEE")
        assert (message.text, message.author, message.source) == ("cadê meu pedido?", "customer", "live")
        assert message.sent_at == datetime(2026, 11, 17, 13, 0, tzinfo=UTC)


def test_the_same_event_told_again_is_counted_on_its_row(client: Client, cast: Cast) -> None:
    address = make_address(cast)
    for _ in range(3):
        assert post(client, address, {**make_event(), "date_time": str(time.time())}).status_code == 200
    assert post(client, f"{address}/messages-upsert", make_event()).status_code == 200
    [event] = find_events(cast)
    assert event.copies == 4


def test_an_address_that_is_not_ours_is_not_found(client: Client, cast: Cast) -> None:
    address = make_address(cast)
    assert post(client, address[:-4] + "AAAA", make_event()).status_code == 404
    assert post(client, "/hooks/evolution/loja-1", make_event()).status_code == 404
    assert post(client, make_address(cast, nonce="the one before"), make_event()).status_code == 404
    assert find_events(cast) == []


def test_an_event_reaches_the_tenant_of_its_address_alone(client: Client, cast: Cast) -> None:
    assert post(client, make_address(cast, tenant="other_tenant"), make_event()).status_code == 200
    assert find_events(cast) == []


def test_a_channel_that_was_switched_off_takes_nothing(client: Client, cast: Cast) -> None:
    address = make_address(cast)
    with scope(cast.tenant.id):
        Channel.objects.update(is_active=False)
    assert post(client, address, make_event()).status_code == 404


@pytest.mark.parametrize("body", [b"{not json", b"[1, 2]", b"", b"\xff\xfe"])
def test_what_can_not_be_read_is_kept_and_acknowledged(client: Client, cast: Cast, body: bytes) -> None:
    assert post(client, make_address(cast), body).status_code == 200
    [event] = find_events(cast)
    assert "malformed" in event.body
    task_process_inbox(str(cast.tenant.id), str(event.channel_id))
    assert [(one.state, one.reason) for one in find_events(cast)] == [("failed", "no JSON object")]


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (lambda: jwt.encode({"app": "evolution", "exp": time.time() + 600}, KEY, algorithm="HS256"), 200),
        (lambda: jwt.encode({"app": "evolution", "exp": time.time() - 3600}, KEY, algorithm="HS256"), 200),  # a late retry
        (lambda: jwt.encode({"app": "evolution"}, "outra" * 8, algorithm="HS256"), 401),
        (lambda: jwt.encode({"app": "evolution"}, "", algorithm="none"), 401),
        (lambda: "", 401),
    ],
    ids=["signed", "signed long ago", "another key", "unsigned", "nothing"],
)
def test_a_signature_is_asked_for_where_a_key_is_set(client: Client, cast: Cast, authorization: Any, status: int) -> None:
    with scope(cast.tenant.id):
        connection = GatewayConnection.objects.get()
        connection.webhook_key = KEY
        connection.save()
    assert post(client, make_address(cast), make_event(), Authorization=f"Bearer {authorization()}").status_code == status


def test_a_database_that_is_down_asks_the_gateway_to_try_again(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_named: object) -> bool:
        raise OperationalError("connection refused")

    monkeypatch.setattr(hooks, "store_event", fail)
    answer = post(client, make_address(cast), make_event())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_only_posts_are_taken(client: Client, cast: Cast) -> None:
    assert client.get(make_address(cast)).status_code == 405
