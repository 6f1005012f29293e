"""Model providers in Django admin: a person sets up Ollama or n8n, tests it, sees how it is doing, and its secret never comes out."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.test import Client

from core.ai.guard import FAILURES_TO_REST, Guard
from core.ai.tenants import find_configs, make_config
from core.models import ProviderSetting, VectorSet
from core.tenancy import scope
from tests.cast import Cast
from tests.model_servers.minds import saying
from tests.model_servers.n8n import FakeN8n
from tests.model_servers.ollama import FakeOllama

LIST = "/admin/core/providersetting/"
FORM = {"order": "1", "timeout_seconds": "5", "daily_calls": "0", "daily_tokens": "0", "is_active": "on"}


@pytest.fixture(scope="module")
def ollama() -> Iterator[FakeOllama]:
    with FakeOllama(mind=saying({"sentiment": "positive"})) as server:
        yield server


@pytest.fixture
def alice(cast: Cast, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The administrator of Casa Lua, who has no provider yet."""
    ollama.fault = "none"
    ollama.requests.clear()
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)
    with scope(cast.tenant.id):
        ProviderSetting.objects.all().delete()
        VectorSet.objects.all().delete()
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.alice, backend="core.sign_in.EmailBackend")
    return client


def add(client: Client, **fields: str) -> str:
    """The page after the form was sent: the list with what went well, or the form with what did not."""
    return str(client.post(f"{LIST}add/", FORM | fields, follow=True).content.decode())


def get_only(cast: Cast) -> ProviderSetting:
    with scope(cast.tenant.id):
        return ProviderSetting.objects.get()


def run_test(client: Client, cast: Cast) -> str:
    """What the page says after "Test the selected providers"."""
    with scope(cast.tenant.id):
        ids = [str(row.id) for row in ProviderSetting.objects.all()]
    page = client.post(LIST, {"action": "test", "_selected_action": ids}, follow=True).content.decode()
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_ollama_is_set_up_tested_and_used(cast: Cast, alice: Client, ollama: FakeOllama) -> None:
    assert 'value="qwen3:4b"' in alice.get(f"{LIST}add/").content.decode()
    add(alice, kind="ollama", base_url=f"{ollama.url}/", model="qwen3:4b", plans="on", phrases="on", caches_replies="on")
    row = get_only(cast)
    assert (row.base_url, row.plans, row.phrases, row.analyses, row.timeout_seconds) == (ollama.url, True, True, False, 5)
    with scope(cast.tenant.id):
        assert [config.model for config in find_configs("plans")] == ["qwen3:4b"]
        assert find_configs("analyses") == []
    listed = alice.get(LIST).content.decode()
    assert ("questions, phrased answers" in listed, "not asked yet" in listed) == (True, True)
    told = run_test(alice, cast)
    assert re.search(r'Ollama qwen3:4b answers as it should, in \d+\.\d s: \{"sentiment', told)
    # A test is not counted and no trace of the breaker's.
    assert "0 calls, 0 tokens" in told


def test_n8n_is_set_up_with_a_secret_that_never_comes_out(cast: Cast, alice: Client) -> None:
    with FakeN8n(secret="muito-secreto", mind=saying({"sentiment": "positive"})) as server:
        add(alice, kind="n8n", base_url=server.hook_url, model="fluxo-1", analyses="on", new_secret="muito-secreto")
        row = get_only(cast)
        with scope(cast.tenant.id):
            assert (row.secret, "muito-secreto" in row.secret_encrypted) == ("muito-secreto", False)
        assert "answers as it should" in run_test(alice, cast)
        assert server.requests[-1].headers["authorization"] == "Bearer muito-secreto"
        change = f"{LIST}{row.id}/change/"
        for page in (change, LIST, f"{LIST}{row.id}/history/"):
            assert "muito-secreto" not in alice.get(page).content.decode()
        fields: dict[str, Any] = FORM | {"kind": "n8n", "base_url": server.hook_url, "model": "fluxo-1", "analyses": "on"}
        alice.post(change, fields)  # left empty: kept
        with scope(cast.tenant.id):
            assert get_only(cast).secret == "muito-secreto"
        alice.post(change, fields | {"forgets_secret": "on"})
        with scope(cast.tenant.id):
            assert get_only(cast).secret == ""
        assert "it answered with an error: look at the model's name, the address and the secret" in run_test(alice, cast)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "ollama", "base_url": "ftp://x", "model": "m"}, "Enter an address that begins with http:// or https://"),
        ({"kind": "ollama", "base_url": "http://user:pass@x", "model": "m"}, "without user and password"),
        ({"kind": "ollama", "base_url": "http://x", "model": ""}, "Ollama needs the name of a model."),
        ({"kind": "n8n", "base_url": "http://x", "model": "", "embeds": "on"}, "Only Ollama embeds."),
        ({"kind": "ollama", "base_url": "http://x", "model": "m", "embeds": "on", "plans": "on"}, "A model that embeds does nothing else"),
        ({"kind": "ollama", "base_url": "http://x", "model": "m", "timeout_seconds": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_can_not_work_is_said_at_the_form(cast: Cast, alice: Client, fields: dict[str, str], said: str) -> None:
    assert said in add(alice, **fields)
    with scope(cast.tenant.id):
        assert not ProviderSetting.objects.exists()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("refused", "nobody answers at its address"),
        ("error_500", "it answered with an error"),
        ("garbage", "its answer can't be read"),
        ("wrong_schema", "its answer is not what was asked for"),
    ],
)
def test_a_test_says_in_words_what_is_wrong(cast: Cast, alice: Client, ollama: FakeOllama, fault: Any, said: str) -> None:
    ollama.fault = fault
    add(alice, kind="ollama", base_url=ollama.url, model="qwen3:4b", plans="on")
    assert f"Ollama qwen3:4b: {said}" in run_test(alice, cast)


def test_the_breaker_and_the_budget_are_seen(cast: Cast, alice: Client, ollama: FakeOllama) -> None:
    add(alice, kind="ollama", base_url=ollama.url, model="qwen3:4b", plans="on", daily_calls="50", daily_tokens="9000")
    with scope(cast.tenant.id):
        guard = Guard(cast.tenant.id, make_config(get_only(cast)))
    guard.begin_call()
    guard.count_tokens(150)
    guard.note_answer()
    assert ("answers" in alice.get(LIST).content.decode(), "1/50 calls, 150/9000 tokens" in alice.get(LIST).content.decode()) == (
        True,
        True,
    )
    guard.note_failure("timeout")
    assert "failed 1 times: it did not answer in time" in alice.get(LIST).content.decode()
    for _ in range(FAILURES_TO_REST - 1):
        guard.note_failure("timeout")
    assert "rests for 1 min: it did not answer in time" in alice.get(LIST).content.decode()


def test_an_embedder_is_tested_by_a_vector_and_its_set_is_seen(cast: Cast, alice: Client, ollama: FakeOllama) -> None:
    add(alice, kind="ollama", base_url=ollama.url, model="qwen3-embedding:0.6b", embeds="on")
    assert "768 dimensions" in run_test(alice, cast)
    with scope(cast.tenant.id):
        VectorSet.objects.create(model="ollama:qwen3-embedding:0.6b", done=30, total=40, problem="timeout")
    page = alice.get("/admin/core/vectorset/").content.decode()
    assert ("30 / 40 (75 %)" in page, "it did not answer in time" in page, "Being filled" in page) == (True, True, True)


def test_an_operator_does_not_see_providers(cast: Cast, alice: Client) -> None:
    client = Client()
    client.force_login(cast.bob, backend="core.sign_in.EmailBackend")
    assert client.get(LIST).status_code in (302, 403)
