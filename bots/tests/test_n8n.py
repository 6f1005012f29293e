"""The gateway's n8n integration: its own JSON in, one answer out; nothing for strangers, nothing twice."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assistant.models import Turn
from bots import hear
from bots.n8n import make_address, neutralise_links, read_said
from bots.outbox import send_due
from bots.tests.conftest import Clock, Road
from core.hook_tokens import make_hook_token
from core.models import GatewayConnection, OutgoingMessage, SupervisorMessage
from core.tenancy import scope

ALICE = "551177776666@s.whatsapp.net"  # as WhatsApp may spell it


def ask(
    road: Road, said: str = "quantas conversas houve em novembro de 2026?", *, path: str = "", **more: Any
) -> tuple[int, dict[str, Any]]:
    with scope(road.tenant.id):
        connection = GatewayConnection.objects.get()
        body = {
            "chatInput": said, "sessionId": ALICE, "remoteJid": ALICE, "pushName": "Alice", "keyId": "N8N1", "fromMe": False,
            "instanceName": connection.instance, "serverUrl": road.gateway.url, "apiKey": connection.token,
        }  # fmt: skip
        path = path or make_address(connection, origin="")
    response = Client().post(path, json.dumps(body | more), content_type="application/json")
    return response.status_code, response.json()


def test_a_question_is_answered_in_the_same_call(road: Road) -> None:
    status, said = ask(road)
    assert (status, list(said)) == (200, ["output"])
    # The year is told once it is another one.
    assert said["output"].splitlines()[0] in ("Em novembro, houve 1 conversa.", "Em novembro de 2026, houve 1 conversa.")
    with scope(road.tenant.id):
        kept = OutgoingMessage.objects.get(key__startswith="answer:")
        assert (kept.state, kept.attempts, kept.settled_at is not None) == ("sent", 0, True)
    assert send_due(str(road.tenant.id), now=Clock(timezone.now())) == 0


def test_the_same_message_gets_the_same_answer_and_one_turn(road: Road) -> None:
    first, second = ask(road), ask(road)
    assert first == second
    with scope(road.tenant.id):
        assert Turn.objects.exclude(thread__title__startswith="Satisfação").count() == 1


def test_numbers_and_words_work_as_in_the_talk(road: Road) -> None:
    ask(road, "como está a satisfação em novembro de 2026?")
    assert ask(road, "1", keyId="N8N2")[1]["output"] != ask(road, "9", keyId="N8N3")[1]["output"]
    assert ask(road, "parar", keyId="N8N4")[1]["output"].startswith("Pronto: não envio mais nada")


@pytest.mark.parametrize("first", ["the webhook", "n8n"])
def test_a_message_that_comes_by_both_roads_is_answered_once(road: Road, first: str) -> None:
    def come_by_webhook() -> None:
        with scope(road.tenant.id):
            if not SupervisorMessage.objects.filter(provider_id="N8N1").exists():
                SupervisorMessage.objects.create(
                    user=road.alice, channel=road.channel, provider_id="N8N1", chat="5511977776666", text="oi", sent_at=timezone.now()
                )
        hear.hear_waiting(str(road.tenant.id))

    if first == "the webhook":
        come_by_webhook()
        assert ask(road, "oi") == (200, {"output": ""})
    else:
        assert ask(road, "oi")[1]["output"].startswith("Oi, *Alice*!")
        come_by_webhook()
    with scope(road.tenant.id):
        assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"remoteJid": "5511955554444@s.whatsapp.net"},
        {"remoteJid": "120363025246125486@g.us"},
        {"remoteJid": "123456@lid"},
        {"remoteJid": None},
        {"fromMe": True},
        {"keyId": ""},
    ],
)
def test_strangers_and_groups_get_nothing(road: Road, more: dict[str, Any]) -> None:
    assert ask(road, **more) == (200, {"output": ""})
    with scope(road.tenant.id):
        assert not OutgoingMessage.objects.exists()


def test_a_hidden_id_that_is_known_is_the_person(road: Road) -> None:
    with scope(road.tenant.id):
        road.alice.phones.update(lid="123456")
    assert ask(road, "oi", remoteJid="123456@lid")[1]["output"].startswith("Oi, *Alice*!")


def test_a_forged_call_gets_nothing(road: Road) -> None:
    with scope(road.tenant.id):
        connection = GatewayConnection.objects.get()
        webhook = make_hook_token(tenant_id=road.tenant.id, channel_id=road.channel.id, nonce=connection.hook_nonce)
    for path in (f"/hooks/n8n/{webhook}", "/hooks/n8n/nothing", "/hooks/n8n/" + "A" * 64):
        assert ask(road, path=path) == (404, {"output": ""})
    for key in ("", "another", None):
        assert ask(road, apiKey=key) == (404, {"output": ""})
    with scope(road.tenant.id):
        GatewayConnection.objects.update(answers_people=False)
    assert ask(road) == (200, {"output": ""})


def test_the_other_tenants_phone_is_a_stranger_here(road: Road) -> None:
    """Charlie's phone is verified in Casa Sol, under the same number as Alice's here."""
    with scope(road.tenant.id):
        road.alice.phones.all().delete()
    assert ask(road) == (200, {"output": ""})


@pytest.mark.parametrize("body", ["", "[]", "{", '"oi"'])
def test_what_is_no_question_is_nothing(road: Road, body: str) -> None:
    with scope(road.tenant.id):
        path = make_address(GatewayConnection.objects.get(), origin="")
    response = Client().post(path, body, content_type="application/json")
    assert (response.status_code, response.json()) == (404, {"output": ""})


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        ("como estamos?", "text", "como estamos?"),
        ("[audio] como estamos?", "audio", "[audio] como estamos?"),
        ("audioMessage|3EB0AB", "audio", ""),
        ("imageMessage|https://m.example/a.jpg|quem é este cliente?", "image", "quem é este cliente?"),
        ("documentMessage|3EB0|a|b", "document", "a|b"),
        ("a | b", "text", "a | b"),
    ],
)
def test_how_the_integration_writes_what_was_said(said: str, kind: str, text: str) -> None:
    assert read_said(said) == (kind, text)


def test_no_file_is_made_of_what_somebody_wrote() -> None:
    assert neutralise_links("veja ![x](https://evil.example/a.png)") == "veja ![x] (https://evil.example/a.png)"
