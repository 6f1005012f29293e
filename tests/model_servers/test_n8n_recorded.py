"""What a real n8n sent, with the workflow that we ship in it, is read as it should be; and the stand-in sends the same."""

import json
from typing import Any

import httpx
import pytest

from core.ai.providers import ProviderConfig, make_chat_model, make_model_analyser
from core.ai.roles import ChatMessage, ConversationInput, MessageInput, ProviderError, ThemeInput
from tests.model_servers.n8n import FakeN8n, make_recorded_reply, read_exchanges
from tests.model_servers.ollama import FakeOllama
from tests.model_servers.planning import PLAN, SENTENCE, phrase_small, plan_small, speak_small
from tests.model_servers.server import ModelServer, Reply, Request
from tests.model_servers.talk import make_turn
from tests.model_servers.workflow import CHECKOUT, load_workflow, run_workflow

ASKED = MessageInput(text="cadê meu pedido? cpf 529.982.247-25", before=(make_turn("agent", "Bom dia!"),))


class Replay(ModelServer):
    """Sends one recorded response, whatever is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def answer(self, request: Request) -> Reply:
        return make_recorded_reply(self.name)


def read_table() -> dict[str, tuple[int, str]]:
    """Exchange → its status and what comes of it, as docs/providers.md says."""
    text = (CHECKOUT / "docs" / "providers.md").read_text(encoding="utf-8")
    lines = text[text.index("### What a real n8n sends") : text.index("## The chain")].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0].strip("`"): (int(row[2]), row[4]) for row in rows}


def ask(config: ProviderConfig, task: str) -> object:
    """What is made of the provider's reply to what was asked when it was recorded."""
    if task == "plan":
        return plan_small(make_chat_model(config)).to_dict()
    if task == "phrase":
        return phrase_small(make_chat_model(config))
    if task == "chat":
        return make_chat_model(config).complete([ChatMessage(role="user", text="oi")])
    analyser = make_model_analyser(config)
    if task == "analyse_messages":
        one = analyser.analyse_messages([ASKED])[0]
        return [one.sentiment, one.sentiment_score, one.emotion, one.tone, one.masked_text]
    said = (
        make_turn("customer", "cadê meu pedido?", 0),
        make_turn("agent", "Chega hoje.", 30),
        make_turn("customer", "chegou, obrigada", 90),
    )
    conversation = ConversationInput(messages=said, themes=(ThemeInput(name="Atraso na entrega"),), first_response_seconds=1800.0)
    whole = analyser.analyse_conversations([conversation])[0]
    return [whole.score, whole.theme, whole.is_resolved]


READ = {
    "plan": PLAN.to_dict(),
    "phrase": [SENTENCE],
    "chat": "ok",
    "analyse_messages": ["neutral", 0.0, "neutral", "neutral", "cadê meu pedido? cpf [CPF]"],
    "analyse_conversation": [4.6, None, True],
}


def test_the_table_of_the_documentation_holds_every_recorded_exchange() -> None:
    assert list(read_table()) == list(read_exchanges())
    assert {name: status for name, (status, _) in read_table().items()} == {name: one["status"] for name, one in read_exchanges().items()}


@pytest.mark.parametrize("name", list(read_exchanges()))
def test_what_a_real_n8n_sent_is_read_as_the_documentation_says(name: str) -> None:
    task = read_exchanges()[name]["task"]
    with Replay(name) as server:
        config = ProviderConfig(kind="n8n", base_url=server.url, model="qwen3:4b", secret="segredo", timeout_seconds=10)
        if (expected := read_table()[name][1]) == "answers":
            assert ask(config, task) == READ[task]
        else:
            with pytest.raises(ProviderError) as refused:
                ask(config, task)
            assert refused.value.reason == expected


@pytest.mark.parametrize("name", ["messages", "conversation", "plan", "phrase", "talk"])
def test_the_stand_in_answers_as_a_real_n8n_did(name: str) -> None:
    recorded = read_exchanges()[name]
    with FakeN8n(secret="segredo", mind=speak_small) as server:
        got: list[Any] = []
        answer = server.answer
        server.answer = lambda request: got.append(answer(request)) or got[-1]  # type: ignore[method-assign,func-returns-value]
        ask(ProviderConfig(kind="n8n", base_url=server.hook_url, secret="segredo", timeout_seconds=10), recorded["task"])
    sent, told = got[-1].body, json.loads(recorded["body"])
    assert (got[-1].status, got[-1].content_type) == (recorded["status"], recorded["headers"]["Content-Type"])
    assert {**sent, "output": json.loads(sent["output"])} == {**told, "output": json.loads(told["output"])}


@pytest.mark.parametrize(
    ("name", "method", "path", "secret", "fault"),
    [
        ("wrong_secret", "POST", "/webhook/evosense", "outro", "none"),
        ("wrong_method", "GET", "/webhook/evosense", "segredo", "none"),
        ("not_published", "POST", "/webhook/evosense", "segredo", "none"),
        ("model_fails", "POST", "/webhook/evosense", "segredo", "error_500"),
    ],
)
def test_the_stand_in_fails_as_a_real_n8n_did(name: str, method: str, path: str, secret: str, fault: Any) -> None:
    recorded = read_exchanges()[name]
    with FakeN8n(secret="segredo") as server:
        server.fault = fault
        path = f"{path}-2" if name == "not_published" else path
        got = httpx.request(method, f"{server.url}{path}", headers={"Authorization": f"Bearer {secret}"}, json={"task": "chat"})
    assert (got.status_code, got.text.replace("evosense-2", "evosense")) == (recorded["status"], recorded["body"])
    assert {each: got.headers.get(each) for each in ("Content-Type", "WWW-Authenticate")} == {
        each: recorded["headers"].get(each) for each in ("Content-Type", "WWW-Authenticate")
    }


@pytest.mark.parametrize("words", ["Claro! Aqui está a análise.", '```json\n{"text": "ok"}\n```', "", '{"text": "o'])
def test_the_workflow_gives_a_models_words_back_as_they_are(words: str) -> None:
    """Parsed in n8n, what is no JSON would be in n8n's log, and a model that talks would be told as a workflow that fails."""
    body = {"version": 1, "task": "chat", "model": "qwen3:4b", "instructions": "x", "input": {"messages": []}, "schema": {}}
    with FakeOllama(mind=lambda *_: words) as model:
        body["input"] = {"messages": [{"role": "user", "text": "oi"}]}
        assert run_workflow(body, ollama_url=model.url) == {"output": words, "usage": {"tokens": 150}}


def test_the_workflow_can_be_imported_by_command_and_sends_data_to_no_other_address() -> None:
    workflow = load_workflow()
    assert workflow["id"] == "evosenseWorkflow"  # `n8n import:workflow` refuses a workflow without one
    asks = next(node for node in workflow["nodes"] if node["type"] == "n8n-nodes-base.httpRequest")
    assert asks["parameters"]["options"]["redirect"] == {"redirect": {"followRedirects": False}}
    assert (workflow["settings"]["saveDataSuccessExecution"], workflow["settings"]["saveDataErrorExecution"]) == ("none", "none")


def test_the_recorded_exchanges_hold_no_place_of_the_machine_that_recorded_them() -> None:
    text = json.dumps(read_exchanges())
    assert not [word for word in ("/tmp", "node_modules", "stacktrace", "localhost", "127.0.0.1", "segredo") if word in text]
