"""The chain: order, shares of one deadline, breaker, budget, and that what one began no other one ends."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from core.ai.chain import ChainAnalyser, Skipped, analyse_batch, run_chain
from core.ai.deadline import deadline, get_remaining
from core.ai.guard import FAILURES_TO_REST, FIRST_REST_SECONDS, Guard, Spent
from core.ai.providers import ProviderConfig, make_chat_model, make_model_embedder
from core.ai.reply_cache import make_reply_cache
from core.ai.roles import ChatMessage, ConversationInput, MessageInput, ProviderError
from core.ai.showing import make_messages_schema
from ingestion.tests.quick import QuickAnalyser
from tests.logs import collecting_logs
from tests.model_servers.minds import label
from tests.model_servers.n8n import FakeN8n
from tests.model_servers.ollama import FakeOllama
from tests.model_servers.talk import make_turn

TENANT = "11111111-1111-7111-8111-111111111111"
MESSAGES = (MessageInput(text="que absurdo"), MessageInput(text="obrigada"))
# Seconds for a call where nothing is slow but, at times, the machine.
PATIENT = 20.0
CONVERSATIONS = (ConversationInput(messages=(make_turn("customer", "que absurdo"),)),)


@pytest.fixture(autouse=True)
def empty_cache(valkey_url: str) -> None:
    cache.clear()


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    with FakeOllama() as server:
        yield server


@pytest.fixture
def n8n() -> Iterator[FakeN8n]:
    with FakeN8n() as server:
        yield server


def make_configs(ollama: FakeOllama, n8n: FakeN8n, **more: Any) -> list[ProviderConfig]:
    return [
        ProviderConfig(kind="ollama", id="o", base_url=ollama.url, model="qwen3:4b", **{"timeout_seconds": PATIENT, **more}),
        ProviderConfig(kind="n8n", id="n", base_url=n8n.hook_url, model="fluxo", timeout_seconds=PATIENT),
    ]


def make_chain(configs: list[ProviderConfig], *, seconds: float = 6 * PATIENT) -> ChainAnalyser:
    return ChainAnalyser(TENANT, configs, embedded=QuickAnalyser(), seconds=seconds)


def analyse(chain: ChainAnalyser) -> list[str]:
    """Who drew each analysis of the batch."""
    found, judged = analyse_batch(chain, MESSAGES, CONVERSATIONS, known_vectors={})
    return [one.analyser for one in found] + [one.analyser for one in judged]


def test_the_first_that_answers_draws_the_whole_batch(ollama: FakeOllama, n8n: FakeN8n) -> None:
    chain = make_chain(make_configs(ollama, n8n))
    assert (chain.name, chain.version, analyse(chain), chain.skipped) == ("ollama", "1-qwen3:4b", ["ollama"] * 3, ())
    ollama.fault = "error_500"
    with collecting_logs() as logs:
        assert analyse(chain) == ["n8n"] * 3
    assert chain.skipped == (Skipped("ollama", "status"),)
    told = [(each["role"], each["provider"], each["reason"]) for each in logs if each["event"] == "provider.skipped"]
    assert told == [("analyser", "ollama", "status")]
    n8n.fault = "garbage"
    assert analyse(chain) == ["quick"] * 3
    assert list(chain.skipped) == [Skipped("ollama", "status"), Skipped("n8n", "garbage")]


def test_a_batch_is_never_of_two_though_its_first_half_was_answered(ollama: FakeOllama, n8n: FakeN8n) -> None:
    """Ollama labels the messages and fails at the conversation: the messages are labelled anew by n8n."""

    def speak(instructions: str, data: Any, schema: dict[str, Any] | None) -> Any:
        return "nope" if "themes" in data else label(instructions, data, schema)

    ollama.mind = speak
    assert analyse(make_chain(make_configs(ollama, n8n))) == ["n8n"] * 3
    assert [sent.body["task"] for sent in n8n.requests] == ["analyse_messages", "analyse_conversation"]


def test_one_that_hangs_leaves_the_next_its_share_of_the_time(ollama: FakeOllama, n8n: FakeN8n) -> None:
    """Six seconds for two: whoever hangs has half of them, though one call of it might take a minute; nobody answers in no time."""

    def talk(config: ProviderConfig, guard: Guard) -> str:
        return make_chat_model(config, meter=guard).complete([ChatMessage(role="user", text="oi")])

    configs = make_configs(ollama, n8n, timeout_seconds=60.0)
    assert run_chain(TENANT, configs, talk, role="test", seconds=60.0).provider == "ollama"  # LangChain is imported now
    ollama.fault = "hangs"
    outcome = run_chain(TENANT, configs, talk, role="test", seconds=6.0)
    assert (outcome.value, outcome.provider, outcome.skipped) == ("ok", "n8n", (Skipped("ollama", "timeout"),))


def test_a_batch_that_is_too_long_for_its_time_goes_to_the_next(ollama: FakeOllama, n8n: FakeN8n) -> None:
    """Each call is in time, all of them are not."""
    ollama.delay_seconds = 0.4
    many = [ConversationInput(messages=(make_turn("customer", f"absurdo {number}"),)) for number in range(9)]
    chain = make_chain(make_configs(ollama, n8n), seconds=6.0)
    _, judged = chain.analyse_batch((), many)
    assert {one.analyser for one in judged} == {"n8n"}
    assert chain.skipped == (Skipped("ollama", "timeout"),)


def test_after_three_failures_it_rests_then_one_tries_and_a_good_answer_forgives(
    ollama: FakeOllama, n8n: FakeN8n, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.time()]
    monkeypatch.setattr("core.ai.guard.time.time", lambda: now[0])
    configs = make_configs(ollama, n8n)
    guard, chain = Guard(TENANT, configs[0]), make_chain(configs)
    ollama.fault = "error_500"
    for _ in range(FAILURES_TO_REST):
        analyse(chain)
    calls = len(ollama.requests)
    assert (guard.get_health().failures, guard.get_health().reason, guard.get_health().is_resting) == (3, "status", True)
    assert analyse(chain) == ["n8n"] * 3
    assert chain.skipped == (Skipped("ollama", "resting"),)
    assert len(ollama.requests) == calls
    # Its rest is over: one call tries it, and while that is under way others do without.
    now[0] += FIRST_REST_SECONDS + 1
    guard.check()
    with pytest.raises(ProviderError, match="being tried"):
        Guard(TENANT, configs[0]).check()
    guard.note_failure("timeout")
    assert round(guard.get_health().rests_until - now[0]) == 2 * FIRST_REST_SECONDS
    now[0] += 2 * FIRST_REST_SECONDS + 1
    ollama.fault = "none"
    assert analyse(chain) == ["ollama"] * 3
    assert (guard.get_health().failures, guard.get_health().is_resting) == (0, False)
    # Another tenant's breaker never knew.
    assert Guard("22222222-2222-7222-8222-222222222222", configs[0]).get_health().answered_at == 0


@pytest.mark.parametrize(("budget", "answered"), [({"daily_calls": 4}, 2), ({"daily_tokens": 600}, 2), ({}, 4)])
def test_a_budget_ends_at_its_number_and_is_no_failure(ollama: FakeOllama, n8n: FakeN8n, budget: dict[str, int], answered: int) -> None:
    """A batch is two calls of 150 tokens each: four calls, or 600 tokens, are two batches."""
    configs = make_configs(ollama, n8n, **budget)
    chain = make_chain(configs)
    assert [analyse(chain)[0] for _ in range(4)] == ["ollama"] * answered + ["n8n"] * (4 - answered)
    spent = Guard(TENANT, configs[0]).get_spent()
    assert (spent.calls, spent.tokens) == (2 * answered, 300 * answered)
    assert Guard(TENANT, configs[0]).get_health().failures == 0
    assert chain.skipped == ((Skipped("ollama", "budget"),) if budget else ())


def test_a_call_in_the_middle_of_a_batch_is_not_made_beyond_the_budget(ollama: FakeOllama, n8n: FakeN8n) -> None:
    assert analyse(make_chain(make_configs(ollama, n8n, daily_calls=1))) == ["n8n"] * 3
    assert len(ollama.requests) == 1


def test_where_the_cache_is_out_of_reach_nothing_is_spent(ollama: FakeOllama, n8n: FakeN8n, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RedisConnectionError

    for name in ("get", "add", "set", "incr", "get_many", "delete"):
        monkeypatch.setattr(f"core.ai.guard.cache.{name}", fail)
    chain = make_chain(make_configs(ollama, n8n))
    assert analyse(chain) == ["quick"] * 3
    assert {one.reason for one in chain.skipped} == {"budget"}
    assert ollama.requests == n8n.requests == []


def test_what_fails_otherwise_is_skipped_too_and_its_words_are_in_no_log(ollama: FakeOllama, n8n: FakeN8n) -> None:
    def work(config: ProviderConfig, guard: Guard) -> str:
        if config.kind == "ollama":
            raise RuntimeError("o cliente escreveu 529.982.247-25")
        return "done"

    with collecting_logs() as logs:
        outcome = run_chain(TENANT, make_configs(ollama, n8n), work, role="test", seconds=5)
    assert (outcome.value, outcome.provider, outcome.skipped) == ("done", "n8n", (Skipped("ollama", "failed"),))
    assert (len(logs), "529" in str(logs)) == (1, False)


def test_deadlines_nest_and_the_nearer_one_holds() -> None:
    assert get_remaining() is None
    with deadline(5), deadline(60):
        assert 4 < (get_remaining() or 0) <= 5
    assert get_remaining() is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "http://localhost:{port}", "http://[::ffff:127.0.0.1]:{port}"])
def test_private_networks_are_closed_where_the_installation_says_so(ollama: FakeOllama, url: str) -> None:
    config = ProviderConfig(kind="ollama", base_url=url.format(port=ollama.port), model="qwen3:4b", allows_private=False)
    with pytest.raises(ProviderError) as refused:
        make_chat_model(config).complete([ChatMessage(role="user", text="oi")])
    assert (refused.value.reason, ollama.requests) == ("unreachable", [])


def test_a_prompt_that_would_be_cut_is_not_sent(ollama: FakeOllama) -> None:
    chat = make_chat_model(ProviderConfig(kind="ollama", base_url=ollama.url, model="qwen3:4b"))
    with pytest.raises(ProviderError, match="too long"):
        chat.complete([ChatMessage(role="user", text="a" * 30_000)])
    assert ollama.requests == []


def test_no_key_of_the_environment_goes_to_an_address_that_a_tenant_entered(ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "installation-secret")
    chat = make_chat_model(ProviderConfig(kind="ollama", base_url=ollama.url, model="qwen3:4b"))
    chat.complete([ChatMessage(role="user", text="oi")])
    assert "installation-secret" not in str(ollama.requests[-1].headers)


def test_replies_are_kept_for_a_tenant_and_a_model_and_for_no_other(ollama: FakeOllama) -> None:
    """Who asks the same of the same model is answered from the cache, which costs no call."""
    config = ProviderConfig(kind="ollama", id="o", base_url=ollama.url, model="qwen3:4b", caches_replies=True, daily_calls=9)
    asked = [ChatMessage(role="user", text='{"messages": [{"id": 1, "before": [], "text": "que absurdo"}]}')]
    schema = make_messages_schema(1)

    def ask(tenant: str, config: ProviderConfig = config, **more: Any) -> str:
        chat = make_chat_model(config, meter=Guard(tenant, config), cache=make_reply_cache(tenant, config))
        return chat.complete(asked, **{"schema": schema, **more})

    assert len({ask("t1"), ask("t1"), ask("t2")}) == 1
    assert (len(ollama.requests), Guard("t1", config).get_spent(), Guard("t2", config).get_spent()) == (2, Spent(1, 150), Spent(1, 150))
    ask("t1", replace(config, model="qwen3-embedding:0.6b"))
    ask("t1", schema={"type": "object"})
    assert len(ollama.requests) == 4
    connection = make_reply_cache("t1", config).redis
    keys = sorted(connection.scan_iter("evosense:replies:*"))
    assert [key.split(":")[2] for key in keys] == ["t1", "t1", "t1", "t2"]
    assert all(0 < connection.ttl(key) <= 86_400 for key in keys)
    assert "absurdo" not in str([connection.hgetall(key) for key in keys])


def test_a_reply_that_is_none_is_not_kept(ollama: FakeOllama) -> None:
    config = ProviderConfig(kind="ollama", id="o", base_url=ollama.url, model="qwen3:4b")
    ollama.fault = "wrong_schema"
    for _ in range(2):
        chat = make_chat_model(config, cache=make_reply_cache("t1", config))
        with pytest.raises(ProviderError):
            chat.complete([ChatMessage(role="user", text="oi")], schema=make_messages_schema(1))
    assert len(ollama.requests) == 2


def test_vectors_have_length_one_and_at_most_the_stored_dimensions(ollama: FakeOllama) -> None:
    embedder = make_model_embedder(ProviderConfig(kind="ollama", base_url=ollama.url, model="qwen3-embedding:0.6b"))
    vectors = embedder.embed_passages([f"texto {number}" for number in range(70)] + ["cpf 529.982.247-25"])
    assert (vectors.shape, embedder.model) == ((71, 768), "ollama:qwen3-embedding:0.6b")
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert [len(sent.body["input"]) for sent in ollama.requests] == [64, 7]
    assert ollama.requests[-1].body["input"][-1] == "cpf [CPF]"
    assert embedder.embed_query("atraso").shape == (768,)
    assert ollama.requests[-1].body["input"][0].startswith("Instruct: ")
    ollama.embedding_dimensions = 1024
    with pytest.raises(ProviderError) as refused:
        embedder.embed_query("atraso")
    assert refused.value.reason == "schema"
