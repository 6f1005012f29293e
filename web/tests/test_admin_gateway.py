"""Connecting and caring for a WhatsApp number in Django admin, against the stand-in gateway over real HTTP."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from core.models import Channel, GatewayConnection, OutgoingMessage, User
from core.tenancy import scope
from ingestion.evolution.webhooks import EVENTS
from tests.cast import Cast
from tests.gateway.faults import Faults
from tests.gateway.server import Gateway

LIST = "/admin/core/gatewayconnection/"
State = GatewayConnection.State


@pytest.fixture(scope="module")
def shared_gateway() -> Iterator[Gateway]:
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(shared_gateway: Gateway) -> Iterator[Gateway]:
    yield shared_gateway
    shared_gateway.set_faults(Faults())


@pytest.fixture
def alice(cast: Cast) -> Client:
    """The administrator of Casa Lua, whose page speaks English."""
    return open_admin(cast.alice)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The tasks that would have been queued."""
    names: list[tuple[str, ...]] = []
    monkeypatch.setattr("web.admin.gateway_deeds.queue_task", lambda name, *arguments, priority: names.append((name, *arguments)))
    return names


def open_admin(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="core.sign_in.EmailBackend")
    return client


def fill(gateway: Gateway, **more: Any) -> dict[str, Any]:
    """A form as the page sends it."""
    asked = {"name": "Vendas", "base_url": gateway.url, "way": "new", "key": gateway.api_key, "uses_webhook": "on", "uses_socket": "on"}
    return {**asked, **more}


def connect(client: Client, gateway: Gateway, **more: Any) -> str:
    """The address of the page of a number that was just connected."""
    response = client.post(f"{LIST}add/", fill(gateway, **more))
    assert response.status_code == 302, re.findall(r"(?s)errorlist.*?</ul>|text-red.*?</", response.content.decode())
    page: str = response["Location"]
    return page


def read_errors(response: Any) -> dict[str, list[str]]:
    return {name: [str(error) for error in errors] for name, errors in response.context["form"].errors.items()}


def call(gateway: Gateway, path: str) -> Any:
    import httpx

    return httpx.get(f"{gateway.url}{path}", headers={"apikey": gateway.api_key}, trust_env=False).json()


class TestConnecting:
    def test_a_new_number_is_made_at_the_gateway_and_its_global_key_is_not_kept(
        self, cast: Cast, alice: Client, gateway: Gateway, settings: LazySettings
    ) -> None:
        settings.PUBLIC_URL = "https://evosense.example"
        page = connect(alice, gateway, name="Loja São João")
        with scope(cast.tenant.id):
            connection = GatewayConnection.objects.select_related("channel").get(instance="loja-sao-joao")
            assert (connection.channel.name, connection.channel.kind) == ("Loja São João", Channel.Kind.EVOLUTION)
            assert connection.state == State.CONNECTING
            assert connection.qr_image.startswith("data:image/png;base64,")
            token, webhook_key, stored = connection.token, connection.webhook_key, connection.token_encrypted
        assert gateway.api_key not in (token, stored)
        assert token not in stored
        webhook = call(gateway, "/webhook/find/loja-sao-joao")
        assert webhook["url"].startswith("https://evosense.example/hooks/evolution/")
        assert webhook["headers"] == {"jwt_key": webhook_key}
        assert (sorted(webhook["events"]), webhook["webhookBase64"], webhook["webhookByEvents"]) == (sorted(EVENTS), False, False)
        assert call(gateway, "/websocket/find/loja-sao-joao")["enabled"] is True
        shown = alice.get(page).content.decode()
        assert connection.qr_image in shown
        assert all(secret not in shown for secret in (token, webhook_key, gateway.api_key, webhook["url"]))

    def test_one_that_exists_is_taken_over_by_its_key(self, cast: Cast, alice: Client, gateway: Gateway) -> None:
        token = gateway.create_instance("loja-7", has_socket=False, owner="5511900000003")
        connect(alice, gateway, way="existing", instance="loja-7", key=token)
        with scope(cast.tenant.id):
            connection = GatewayConnection.objects.select_related("channel").get(instance="loja-7")
            assert (connection.token, connection.state, connection.channel.phone) == (token, State.OPEN, "5511900000003")
        assert call(gateway, "/webhook/find/loja-7")["url"].startswith("http://testserver/hooks/evolution/")

    def test_a_webhook_of_somebody_else_is_left_alone_unless_told_otherwise(self, cast: Cast, alice: Client, gateway: Gateway) -> None:
        url = "https://n8n.example/webhook/1"
        token = gateway.create_instance("loja-8", webhook_url=url)
        asked = {"way": "existing", "instance": "loja-8", "key": token}
        response = alice.post(f"{LIST}add/", fill(gateway, **asked))
        assert list(read_errors(response)) == ["replaces_webhook"]
        assert "n8n.example" in read_errors(response)["replaces_webhook"][0]
        assert call(gateway, "/webhook/find/loja-8")["url"] == url
        connect(alice, gateway, **asked, uses_webhook="")
        assert call(gateway, "/webhook/find/loja-8")["url"] == url
        with scope(cast.tenant.id):
            Channel.objects.get(name="Vendas").delete()
        connect(alice, gateway, **asked, replaces_webhook="on")
        assert call(gateway, "/webhook/find/loja-8")["url"].startswith("http://testserver/hooks/")

    @pytest.mark.parametrize(
        ("asked", "faults", "field", "words"),
        [
            ({"base_url": "http://127.0.0.1:9"}, Faults(), "base_url", "does not answer at http://127.0.0.1:9"),
            ({"key": "errada"}, Faults(), "key", "AUTHENTICATION_API_KEY"),
            ({"instance": "ocupada"}, Faults(), "instance", "has an instance named ocupada already"),
            ({"way": "existing", "instance": "nenhuma"}, Faults(), "instance", "no instance named nenhuma"),
            ({"way": "existing", "instance": "ocupada", "key": "errada"}, Faults(), "key", "key of the instance ocupada"),
            ({}, Faults(license_required=True), "base_url", "before its licence is activated"),
            ({}, Faults(errors=1), "__all__", "trouble of its own"),
            ({"base_url": "ftp://x"}, Faults(), "base_url", "such as https://evolution.example.com"),
            ({"name": "Suporte"}, Faults(), "name", "already"),
            ({"name": "ção", "instance": "loja do joão"}, Faults(), "instance", "without accents"),
            ({"uses_webhook": "", "uses_socket": ""}, Faults(), "uses_webhook", "nothing arrives without"),
        ],
    )
    def test_what_is_wrong_is_said_with_the_way_to_mend_it_and_nothing_is_left_behind(
        self, cast: Cast, alice: Client, gateway: Gateway, asked: dict[str, str], faults: Faults, field: str, words: str
    ) -> None:
        gateway.create_instance("ocupada")
        before = [instance["name"] for instance in call(gateway, "/instance/fetchInstances")]
        gateway.set_faults(faults)
        response = alice.post(f"{LIST}add/", fill(gateway, **asked))
        gateway.set_faults(Faults())
        assert response.status_code == 200
        errors = read_errors(response)
        assert list(errors) == [field]
        assert words in errors[field][0]
        assert gateway.api_key not in response.content.decode()
        assert [instance["name"] for instance in call(gateway, "/instance/fetchInstances")] == before
        with scope(cast.tenant.id):
            assert [channel.name for channel in Channel.objects.all()] == ["Suporte"]
            assert GatewayConnection.objects.count() == 1


class TestTheNumbersPage:
    def test_it_notices_that_the_phone_was_linked(self, cast: Cast, alice: Client, gateway: Gateway) -> None:
        page = connect(alice, gateway, name="Fone", instance="fone")
        live = page.replace("change/", "live/")
        news = alice.get(live).json()
        assert (news["state"], news["label"], news["code"][:10]) == ("connecting", "Connecting", "data:image")
        gateway.set_connection("fone", "open", owner="5511900000044")
        cache.delete(f"gateway-look:{page.split('/')[-3]}")
        news = alice.get(live).json()
        assert (news["state"], news["tone"], news["code"]) == ("open", "good", "")
        assert "+55 11 90000-0044" in alice.get(page).content.decode()

    def test_a_closed_number_is_not_linked_anew_by_a_page_that_is_only_open(self, alice: Client, gateway: Gateway) -> None:
        page = connect(alice, gateway, name="Calmo", instance="calmo")
        gateway.set_connection("calmo", "close", reason=401)
        cache.delete(f"gateway-look:{page.split('/')[-3]}")
        assert alice.get(page.replace("change/", "live/")).json()["state"] == "closed"
        assert call(gateway, "/instance/connectionState/calmo")["instance"]["state"] == "close"
        alice.post(page.replace("change/", "do/show-code/"))
        assert alice.get(page.replace("change/", "live/")).json()["code"].startswith("data:image/png")

    def test_the_test_names_what_is_wrong_and_set_up_again_mends_it(self, cast: Cast, alice: Client, gateway: Gateway) -> None:
        page = connect(alice, gateway, name="Teste", instance="teste")
        gateway.set_connection("teste", "open", owner="5511900000045")
        self.spoil_webhook(gateway, "teste")
        alice.post(page.replace("change/", "do/test/"))
        assert self.read_outcomes(alice, page)["The webhook leads here"] == ("bad", "Press “Set up again”.")
        alice.post(page.replace("change/", "do/set-up-again/"))
        outcomes = self.read_outcomes(alice, page)
        assert outcomes["The webhook leads here"] == ("good", "")
        assert outcomes["The phone is linked"] == ("good", "")
        assert outcomes["We listen over WebSocket"][0] == "bad"  # no listener runs here
        gateway.set_faults(Faults(license_required=True))
        alice.post(page.replace("change/", "do/test/"))
        assert "licence" in self.read_outcomes(alice, page)["The gateway answers"][1]
        with scope(cast.tenant.id):
            assert GatewayConnection.objects.get(instance="teste").state == State.UNLICENSED

    def test_a_new_address_makes_the_old_one_worthless(self, cast: Cast, alice: Client, gateway: Gateway) -> None:
        page = connect(alice, gateway, name="Novo", instance="novo")
        before = call(gateway, "/webhook/find/novo")
        alice.post(page.replace("change/", "do/new-address/"))
        after = call(gateway, "/webhook/find/novo")
        assert before["url"] != after["url"]
        assert before["headers"] != after["headers"]
        with scope(cast.tenant.id):
            assert GatewayConnection.objects.get(instance="novo").webhook_key == after["headers"]["jwt_key"]

    def test_where_the_gateway_does_not_answer_the_address_stays(self, cast: Cast, alice: Client, gateway: Gateway) -> None:
        page = connect(alice, gateway, name="Firme", instance="firme")
        with scope(cast.tenant.id):
            before = GatewayConnection.objects.get(instance="firme").hook_nonce
        gateway.set_faults(Faults(errors=9))
        said = alice.post(page.replace("change/", "do/new-address/"), follow=True).content.decode()
        assert "trouble of its own" in said
        with scope(cast.tenant.id):
            assert GatewayConnection.objects.get(instance="firme").hook_nonce == before

    def test_unlinking_and_restarting(self, alice: Client, gateway: Gateway) -> None:
        page = connect(alice, gateway, name="Ligar", instance="ligar")
        gateway.set_connection("ligar", "open", owner="5511900000046")
        assert "restarted" in alice.post(page.replace("change/", "do/restart/"), follow=True).content.decode()
        assert "unlinked" in alice.post(page.replace("change/", "do/log-out/"), follow=True).content.decode()
        assert call(gateway, "/instance/connectionState/ligar")["instance"]["state"] == "close"

    @pytest.mark.django_db(transaction=True)
    def test_a_test_message_waits_in_the_outbox_and_reading_back_is_queued(self, gateway: Gateway, queued: list[tuple[str, ...]]) -> None:
        from tests.cast import make_cast

        cast = make_cast()
        alice = open_admin(cast.alice)
        page = connect(alice, gateway, name="Envio", instance="envio")
        alice.post(page.replace("change/", "do/send-test/"), {"number": "+55 11 8888-7777"})
        refused = alice.post(page.replace("change/", "do/send-test/"), {"number": "12"}, follow=True).content.decode()
        alice.post(page.replace("change/", "do/read-back/"))
        with scope(cast.tenant.id):
            connection = GatewayConnection.objects.get(instance="envio")
            message = OutgoingMessage.objects.get(channel=connection.channel_id)
        assert (message.to, message.purpose, message.state, message.user_id) == ("5511988887777", "test", "waiting", cast.alice.id)
        assert "whole number with country and area code" in refused
        tenant_id = str(cast.tenant.id)
        assert queued == [
            ("bots.tasks.task_send", tenant_id),
            ("ingestion.evolution.tasks.task_read_back", tenant_id, str(connection.channel_id)),
        ]

    def test_a_stored_key_goes_to_no_new_address_and_is_only_replaced(self, cast: Cast, alice: Client, gateway: Gateway) -> None:
        page = connect(alice, gateway, name="Chave", instance="chave")
        same = {"name": "Chave 2", "base_url": gateway.url, "uses_webhook": "on", "uses_socket": "on", "messages_per_minute": "5"}
        moved = alice.post(page, {**same, "base_url": "https://attacker.example"})
        assert list(read_errors(moved)) == ["key"]
        wrong = alice.post(page, {**same, "key": "errada"})
        assert list(read_errors(wrong)) == ["key"]
        assert alice.post(page, same).status_code == 302
        with scope(cast.tenant.id):
            connection = GatewayConnection.objects.select_related("channel").get(instance="chave")
        assert (connection.channel.name, connection.messages_per_minute, connection.base_url) == ("Chave 2", 5, gateway.url)
        assert connection.token != "errada"

    @staticmethod
    def spoil_webhook(gateway: Gateway, instance: str) -> None:
        import httpx

        body = {"webhook": {"enabled": True, "url": "https://other.example/hook", "events": ["CALL"]}}
        httpx.post(
            f"{gateway.url}/webhook/set/{instance}", json=body, headers={"apikey": gateway.api_key}, trust_env=False
        ).raise_for_status()

    @staticmethod
    def read_outcomes(client: Client, page: str) -> dict[str, tuple[str, str]]:
        checks = client.get(page).context["checks"]["checks"]
        return {check["name"]: (check["outcome"], check["mend"]) for check in checks}
