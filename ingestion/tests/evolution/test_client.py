"""The client of a gateway, over real HTTP: against the stand-in what works, against scripted answers what goes wrong."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from ingestion.evolution.addresses import clean_base_url
from ingestion.evolution.client import EvolutionClient, Qr
from ingestion.evolution.errors import GatewayError, read_sentence
from ingestion.tests.evolution.answers import Answers, serving_answers
from tests.gateway.faults import Faults, Options
from tests.gateway.messages import text
from tests.gateway.server import Gateway
from tests.gateway.steps import Said

TOKEN = "chave-secreta-1"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway(options=Options(tells_contacts=False)) as gateway:
        gateway.create_instance("loja-1", token=TOKEN)
        yield gateway


@pytest.fixture(autouse=True)
def no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "gateway" in request.fixturenames:
        request.getfixturevalue("gateway").set_faults(Faults())


@pytest.fixture
def client(gateway: Gateway) -> Iterator[EvolutionClient]:
    with EvolutionClient(gateway.url, "loja-1", TOKEN) as client:
        yield client


@pytest.fixture
def answers() -> Iterator[Answers]:
    with serving_answers() as answers:
        yield answers


@pytest.fixture
def scripted(answers: Answers) -> Iterator[EvolutionClient]:
    with EvolutionClient(answers.url, "loja-1", TOKEN, timeout_seconds=5) as client:
        yield client


def fail(work: Callable[[], object]) -> tuple[str, str]:
    """The kind and the sentence of the error that is raised."""
    with pytest.raises(GatewayError) as raised:
        work()
    assert TOKEN not in str(raised.value)
    assert TOKEN not in repr(raised.value)
    return raised.value.kind, str(raised.value)


# -- what works ---------------------------------------------------------------------------------------------------------


def test_a_text_is_sent_and_its_id_told(gateway: Gateway, client: EvolutionClient) -> None:
    provider_id = client.send_text("5511988887777", "bom dia")
    row = gateway.find_sent("loja-1")[-1]
    assert (row["key"]["id"], row["key"]["remoteJid"], row["message"]) == (
        provider_id,
        "5511988887777@s.whatsapp.net",
        {"conversation": "bom dia"},
    )


def test_a_picture_goes_with_its_words_to_a_hidden_id(gateway: Gateway, client: EvolutionClient) -> None:
    provider_id = client.send_picture("lid:123456789012345", b"\x89PNG", "satisfação em novembro")
    row = gateway.find_sent("loja-1")[-1]
    content = row["message"]["imageMessage"]
    assert (row["key"]["id"], row["key"]["remoteJid"], content["caption"], content["mimetype"]) == (
        provider_id,
        "123456789012345@lid",
        "satisfação em novembro",
        "image/png",
    )


def test_the_instance_is_made_and_linked(gateway: Gateway) -> None:
    with EvolutionClient(gateway.url, "loja nova", "") as client:
        made = client.create_instance(gateway.api_key, webhook_url="http://127.0.0.1:1/hook", webhook_key="s3gr3do" * 6)
        assert made.token
        assert made.token not in repr(made)
        qr = client.connect()
        assert (qr.is_open, qr.image.startswith("data:image/png;base64,")) == (False, True)
        assert client.get_state() in ("close", "connecting")
        gateway.set_connection("loja nova", "open", owner="5511900000009")
        assert client.connect() == Qr(is_open=True)
        info = client.fetch_instance()
        assert (info.name, info.state, info.phone, info.message_count) == ("loja nova", "open", "5511900000009", 0)
        client.set_webhook("http://127.0.0.1:1/other", "s3gr3do" * 6)
        client.set_websocket()
        client.restart()
        client.logout()
        assert client.get_state() == "close"


def test_the_store_is_read_inside_a_closed_window(gateway: Gateway, client: EvolutionClient) -> None:
    at = int(NOW.timestamp())
    gateway.deliver("loja-1", *(Said(content=text(f"{number}"), message_id=f"AC{number}", at=at + number) for number in range(6)))
    page = client.find_messages(NOW + timedelta(seconds=1), NOW + timedelta(seconds=4), 1, 3)
    assert ([record["key"]["id"] for record in page.records], page.pages, page.total) == (["AC4", "AC3", "AC2"], 2, 4)
    assert client.count_messages() == 6 + len(gateway.find_sent("loja-1"))


def test_presence_and_read_marks(gateway: Gateway, client: EvolutionClient) -> None:
    client.send_presence("5511988887777", seconds=0.05)
    client.mark_read("5511988887777", ["AC1", "AC2"])
    assert gateway.get_tally()["marked_read"] == ["AC1", "AC2"]


# -- what goes wrong at the gateway --------------------------------------------------------------------------------------


def test_the_stand_ins_refusals(gateway: Gateway, client: EvolutionClient) -> None:
    assert fail(EvolutionClient(gateway.url, "loja-1", "outra").get_state) == ("refused_key", "The gateway refuses the key.")
    assert fail(EvolutionClient(gateway.url, "zzz", TOKEN).get_state) == ("not_found", 'The "zzz" instance does not exist')
    assert fail(lambda: client.send_text("550011112222", "oi")) == ("number_unknown", "This number is not on WhatsApp.")
    assert fail(lambda: client.send_text("5511988887777", " ")) == ("rejected", "Text is required")
    assert fail(lambda: EvolutionClient(gateway.url, "loja-1", TOKEN).create_instance(gateway.api_key))[0] == "rejected"
    gateway.set_faults(Faults(license_required=True))
    assert fail(client.get_state)[0] == "unlicensed"
    gateway.set_faults(Faults(errors=2))
    assert fail(client.get_state) == ("server", "Internal Server Error")
    assert fail(lambda: client.send_text("5511988887777", "oi")) == ("uncertain", "Internal Server Error")


def test_a_send_that_breaks_off_is_uncertain(gateway: Gateway, client: EvolutionClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.evolution.client._SEND_SECONDS", 0.3)
    gateway.set_faults(Faults(send_timeouts=1, hang_seconds=5))
    before = len(gateway.find_sent("loja-1"))
    kind, sentence = fail(lambda: client.send_text("5511988887777", "foi?"))
    assert (kind, sentence) == ("uncertain", "The gateway did not finish its answer (ReadTimeout after 0 s).")
    assert len(gateway.find_sent("loja-1")) == before + 1


def test_a_delay_does_not_count_as_silence(client: EvolutionClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.evolution.client._SEND_SECONDS", 0.5)
    assert client.send_text("5511988887777", "já te respondo", delay_seconds=0.8)


# -- answers of every shape ----------------------------------------------------------------------------------------------

NESTED: list[tuple[int, Any, str, str]] = [
    (400, [["instance requires property \"text\""]], "rejected", 'instance requires property "text"'),
    (400, ["a", "b", "a"], "rejected", "a; b"),
    (400, "Error: Connection Closed", "server", "Error: Connection Closed"),
    (400, [{"jid": "55@s.whatsapp.net", "exists": False, "number": "55"}], "number_unknown", "This number is not on WhatsApp."),
    (403, ['This name "evoA" is already in use.'], "rejected", 'This name "evoA" is already in use.'),
    (404, ["Cannot GET /nope"], "not_found", "Cannot GET /nope"),
    (500, f"invalid key {TOKEN}", "server", "invalid key …"),
    (429, "slow down", "server", "slow down"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "message", "kind", "sentence"), NESTED)
def test_nested_messages_become_one_sentence(
    answers: Answers, scripted: EvolutionClient, status: int, message: Any, kind: str, sentence: str
) -> None:
    answers.give(status, {"status": status, "error": "Bad Request", "response": {"message": message}})
    assert fail(scripted.get_state) == (kind, sentence)


SENDS: list[tuple[int, Any, str]] = [
    (201, {"message": "(#131030) Recipient not in allowed list", "type": "OAuthException", "code": 131030}, "rejected"),
    (201, {"error": {"message": "Rate limit hit", "type": "OAuthException", "code": 130429}}, "server"),
    (201, {"message": "Message undeliverable", "type": "OAuthException", "code": 131026}, "number_unknown"),
    (201, {"status": "PENDING"}, "uncertain"),
    (201, None, "uncertain"),
    (201, "<html>", "uncertain"),
    (502, "<html>Bad Gateway</html>", "uncertain"),
    (503, "<html>no server available</html>", "server"),
    (400, {"response": {"message": ["Error: Timed Out"]}}, "uncertain"),
]


@pytest.mark.parametrize(("status", "body", "kind"), SENDS)
def test_only_an_id_means_that_a_message_was_sent(answers: Answers, scripted: EvolutionClient, status: int, body: Any, kind: str) -> None:
    answers.give(status, body)
    assert fail(lambda: scripted.send_text("5511988887777", "oi"))[0] == kind


def test_failures_that_are_told_as_successes(answers: Answers, scripted: EvolutionClient) -> None:
    answers.give(200, {"error": True, "message": "instance is connecting"})
    assert fail(scripted.connect) == ("server", "instance is connecting")
    answers.give(201, None)
    assert fail(scripted.set_websocket) == ("rejected", "The gateway's WebSocket is switched off: it needs WEBSOCKET_ENABLED=true.")
    answers.give(200, "<html>Welcome</html>")
    assert fail(scripted.get_state) == ("not_found", "This address answers with something else than Evolution API.")


def test_a_redirect_is_not_followed(answers: Answers, scripted: EvolutionClient) -> None:
    answers.give(302, "", Location=f"{answers.url}/elsewhere")
    assert fail(scripted.get_state)[0] == "rejected"
    assert [path for _, path, _, _ in answers.asked] == ["/instance/connectionState/loja-1"]


def test_a_broken_connection(answers: Answers, scripted: EvolutionClient) -> None:
    answers.hangs_up = True
    assert fail(lambda: scripted.send_text("5511988887777", "oi"))[0] == "uncertain"
    assert fail(scripted.get_state)[0] == "unreachable"
    assert fail(EvolutionClient("http://127.0.0.1:1", "loja-1", TOKEN).get_state) == (
        "unreachable",
        "The gateway does not answer (ConnectError).",
    )


def test_what_is_asked(answers: Answers, scripted: EvolutionClient) -> None:
    answers.give(201, {"key": {"id": "3EB0"}})
    assert scripted.send_text("5511988887777", "sim", "AC1", delay_seconds=0.01) == "3EB0"
    method, path, headers, body = answers.asked[0]
    assert (method, path, headers["apikey"]) == ("POST", "/message/sendText/loja-1", TOKEN)
    assert body == {"number": "5511988887777", "text": "sim", "linkPreview": False, "quoted": {"key": {"id": "AC1"}}, "delay": 10}


# -- addresses -----------------------------------------------------------------------------------------------------------


def test_addresses_are_built_from_the_base_alone(answers: Answers) -> None:
    answers.give(200, {"instance": {"state": "open"}})
    with EvolutionClient(f"{answers.url}/evo/?instanceName=b#x", "a?instanceName=b/../c", TOKEN) as client:
        assert client.get_state() == "open"
    assert answers.asked[0][1] == "/evo/instance/connectionState/a%3FinstanceName%3Db%2F..%2Fc"


@pytest.mark.parametrize(
    "address", ["ftp://evo.example", "evo.example", "https://", "file:///etc/passwd", "http://u:p@evo.example", "http://[::1"]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(GatewayError, match="address"):
        clean_base_url(address)


@pytest.mark.parametrize("name", ["", " ", "..", "."])
def test_other_instances_are_refused(name: str) -> None:
    assert fail(lambda: EvolutionClient("https://evo.example", name, TOKEN))[0] == "rejected"


def test_private_networks_can_be_forbidden(answers: Answers, scripted: EvolutionClient, settings: Settings) -> None:
    settings.GATEWAY_PRIVATE_ADDRESSES = False
    assert fail(scripted.get_state)[0] == "rejected"
    assert fail(EvolutionClient("http://localhost:1", "loja-1", TOKEN).get_state)[0] == "rejected"
    assert answers.asked == []


def test_no_key_is_shown() -> None:
    client = EvolutionClient("https://evo.example", "loja-1", TOKEN)
    assert repr(client) == "EvolutionClient('https://evo.example', 'loja-1')"
    assert fail(EvolutionClient("http://127.0.0.1:1", "loja-1", f"{TOKEN}\r\nx: y").get_state)[0] in ("rejected", "unreachable")


def test_sentences_of_samples() -> None:
    body = json.loads('{"status":401,"error":"Unauthorized","response":{"message":"Unauthorized"}}')
    assert read_sentence(body) == "Unauthorized"
    assert read_sentence({"error": "service not activated"}) == "service not activated"
    assert read_sentence([1]) == ""
