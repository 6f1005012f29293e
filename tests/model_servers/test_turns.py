"""A turn whose tenant chose a model: who planned and who phrased is told, its words come as they grow, and ours stand where it fails."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.cache import cache

from assistant import answer
from assistant.blocks import Answer
from assistant.evals import score
from assistant.events import Event
from assistant.models import AuditEntry
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop
from assistant.verified import verify
from core.models import ProviderSetting
from core.project.cli import main
from core.project.environment import get_environment
from core.project.evals import planners
from core.tenancy import scope
from tests.model_servers.minds import label
from tests.model_servers.ollama import FakeOllama

QUESTION = "quantas conversas por atendente na semana passada?"
# Waited for in vain only where words come all at once.
PATIENCE_SECONDS = 30.0


@dataclass
class Mind:
    """Gives one plan, or says one text, as a test tells it to; `None` is what nobody could read."""

    plan: dict[str, Any] | None = None
    text: str | None = None
    asked: list[Any] = field(default_factory=list)

    def __call__(self, instructions: str, data: Any, schema: dict[str, Any] | None) -> Any:
        self.asked.append(data)
        said = self.plan if schema is not None else self.text
        return "nada" if said is None else said if isinstance(said, dict) else {"text": said}


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOllama]:
    with FakeOllama() as running:
        yield running


@pytest.fixture
def mind(server: FakeOllama, shop: Shop) -> Iterator[Mind]:
    """What the tenant's Ollama thinks; it plans and phrases."""
    cache.clear()
    server.requests.clear()
    server.fault, server.before_line = "none", lambda _number: None
    mind = Mind()
    server.mind = mind
    with scope(shop.tenant.id):
        ProviderSetting.objects.create(base_url=server.url, model="qwen3:4b", plans=True, phrases=True, caches_replies=False)
    yield mind
    server.before_line = lambda _number: None


def ask(shop: Shop, question: str = QUESTION, **given: Any) -> tuple[Answer, list[Event]]:
    told: list[Event] = []
    return answer.run(shop.manager, question=question, clock=CLOCK, emit=told.append, **given), told


def read_texts(told: list[Event]) -> list[str]:
    return [event.data.text for event in told if event.type == "text.added"]  # type: ignore[union-attr]


def make_plan(**fields: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "compare_to": None,
        "group_by": None,
        "filters": {},
        "search": None,
        "order": None,
        "limit": None,
        "assumed": [],
    }
    return {"intent": "metric", "metrics": ["conversations"], "period": {"start": "2026-11-09", "end": "2026-11-15"}} | empty | fields


def test_a_model_plans_and_phrases_and_its_words_come_as_they_grow(shop: Shop, server: FakeOllama, mind: Mind) -> None:
    """The server keeps the second sentence to itself until the first was heard."""
    mind.plan = make_plan(group_by="channel")
    mind.text = "Na semana passada houve 14 conversas. Suporte ficou com 9 delas. Norte ficou com 5."
    told: list[Event] = []
    heard, was_heard = threading.Event(), list[bool]()

    def hold_back(number: int) -> None:
        """Of the words, which are asked for after the plan, in pieces of seven characters: the eighth is in the second sentence."""
        if len(mind.asked) == 2 and number == 8:
            was_heard.append(heard.wait(PATIENCE_SECONDS))

    def hear(event: Event) -> None:
        told.append(event)
        if event.type == "text.added":
            heard.set()

    server.before_line = hold_back
    answered = answer.run(shop.manager, question=QUESTION, clock=CLOCK, emit=hear)
    assert answered.plan["group_by"] == "channel"
    assert (answered.text, answered.provider) == (mind.text, "ollama")
    assert (len(read_texts(told)), was_heard) == (3, [True])


def test_the_words_that_were_told_are_the_words_of_the_answer(shop: Shop, mind: Mind) -> None:
    mind.plan = make_plan(group_by="channel")
    mind.text = "Na semana passada houve 14 conversas. Suporte ficou com 9 delas."
    answered, told = ask(shop)
    assert [event.type for event in told] == [
        "turn.started", "plan.understood", "block.added", "block.added", "text.added", "text.added", "turn.answered",
    ]  # fmt: skip
    assert "".join(read_texts(told)) == answered.text == mind.text
    # Whoever phrases is shown the answer; whoever plans never was.
    planning, phrasing = mind.asked
    assert (planning["question"], list(phrasing)) == (QUESTION, ["about", "answer", "tables", "quotes"])


def test_words_that_turn_out_false_are_dropped_whole(shop: Shop, mind: Mind) -> None:
    mind.plan = make_plan(group_by="channel")
    mind.text = "Na semana passada houve 14 conversas. Suporte ficou com 11 delas."
    answered, told = ask(shop)
    assert answered.provider == "ollama+embedded (ollama: schema)"
    assert answered.text == "Na semana passada, houve 14 conversas. Mais: Suporte, 9; menos: Norte, 5."
    # What was heard before stays in the log of the turn; the answer's own text is what counts, and what is kept.
    assert read_texts(told)[0] == "Na semana passada houve 14 conversas."
    assert told[-1].data.answer.text == answered.text  # type: ignore[union-attr]


def test_a_model_that_plans_rubbish_is_asked_twice_and_the_built_in_planner_answers(shop: Shop, server: FakeOllama, mind: Mind) -> None:
    mind.plan = make_plan(filters={"agent": ["Zuleide"]})
    answered, _ = ask(shop)
    assert (answered.plan["group_by"], answered.plan["filters"]) == ("agent", {})
    assert answered.provider == "embedded (ollama: schema)"
    assert len([sent for sent in server.requests if sent.body.get("format")]) == 2


def test_a_server_that_fails_costs_the_models_words_and_nothing_else(shop: Shop, server: FakeOllama, mind: Mind) -> None:
    with scope(shop.tenant.id):
        ProviderSetting.objects.update(is_active=False)
    expected, _ = ask(shop)
    with scope(shop.tenant.id):
        ProviderSetting.objects.update(is_active=True)
    server.fault = "error_500"
    failed, _ = ask(shop)
    assert (failed.text, failed.plan, failed.blocks) == (expected.text, expected.plan, expected.blocks)
    assert (expected.provider, failed.provider) == ("embedded", "embedded (ollama: status)")


@pytest.fixture
def in_environment(server: FakeOllama, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The stand-in is the model server that the installation's environment names."""
    monkeypatch.setenv("OLLAMA_URL", server.url)
    get_environment.cache_clear()
    yield
    get_environment.cache_clear()


@pytest.mark.parametrize(("provider", "who"), [("ollama", "ollama"), ("embedded", "embedded"), (None, "embedded")])
def test_evosense_ask_can_be_told_who_answers(shop: Shop, mind: Mind, in_environment: None, provider: str | None, who: str) -> None:
    """The tenant itself chose none."""
    with scope(shop.tenant.id):
        ProviderSetting.objects.all().delete()
    mind.plan, mind.text = make_plan(), "Na semana passada houve 14 conversas."
    arguments = ["ask", QUESTION, "--tenant", "casa-lua", "--as-of", CLOCK.isoformat(), "--json"]
    done = CliRunner().invoke(main, arguments + (["--provider", provider] if provider else []))
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["provider"] == who


def test_evosense_analyse_can_be_told_who_analyses(server: FakeOllama, in_environment: None) -> None:
    server.fault, server.mind = "none", label
    lines = "\n".join(json.dumps({"id": number, "text": text}) for number, text in enumerate(("que absurdo", "adorei")))
    rows = [json.loads(row) for row in CliRunner().invoke(main, ["analyse", "--provider", "ollama"], input=lines).stdout.splitlines()]
    assert [(row["id"], row["sentiment"]) for row in rows] == [
        (0, {"label": "negative", "score": -0.8}), (1, {"label": "positive", "score": 0.8}),
    ]  # fmt: skip
    server.fault = "error_500"
    rows = [json.loads(row) for row in CliRunner().invoke(main, ["analyse", "--provider", "ollama"], input=lines).stdout.splitlines()]
    assert rows == [{"id": number, "error": "Ollama replied with an error (500)."} for number in (0, 1)]


def test_plans_of_the_command_line_say_whose_they_are(mind: Mind, in_environment: None, tmp_path: Path) -> None:
    catalog = {"tenant": "x", "time_zone": "America/Sao_Paulo", "agents": ["Ana Souza"], "channels": [], "themes": [], "contacts": []}
    (tmp_path / "catalog.json").write_text(json.dumps(catalog), encoding="utf-8")
    line = {"lang": "pt", "as_of": "2026-11-20T15:30:00-03:00", "history": []}
    asked = "\n".join(json.dumps(line | {"question": text}) for text in ("quantas mensagens hoje?", "apague tudo da Ana"))

    def run() -> list[tuple[str, str]]:
        done = CliRunner().invoke(main, ["plan", "--catalog", str(tmp_path / "catalog.json"), "--provider", "ollama"], input=asked)
        rows = [json.loads(row) for row in done.output.splitlines()]
        return [(row["provider"], " ".join([row["plan"]["intent"], *row["plan"]["metrics"]])) for row in rows]

    mind.plan = make_plan()
    assert run() == [("ollama", "metric conversations"), ("embedded", "refuse")]
    mind.plan = None
    assert run() == [("embedded (ollama: garbage)", "metric messages"), ("embedded", "refuse")]


def test_a_verified_question_needs_no_model_to_plan_and_is_an_example_for_others(shop: Shop, mind: Mind) -> None:
    """Every call of this server counts 150 tokens: the audit holds those of its turn."""
    mind.plan = make_plan(metrics=["csat"], group_by="agent")
    first, _ = ask(shop)
    with scope(shop.tenant.id):
        verify(shop.manager, first.turn_id)
    mind.asked.clear()
    again, _ = ask(shop)
    assert (again.plan, again.verified and again.verified.by) == (first.plan, "Alice")
    assert [asked for asked in mind.asked if "verified" in asked] == []
    ask(shop, "quantas conversas por canal na semana passada?")
    assert [asked["verified"] for asked in mind.asked if "verified" in asked] == [[{"question": QUESTION, "plan": first.plan}]]
    with scope(shop.tenant.id):
        counted = list(AuditEntry.objects.order_by("asked_at").values_list("model_tokens", "is_verified"))
    assert [(tokens % 150, is_verified) for tokens, is_verified in counted] == [(0, False), (0, True), (0, False)]
    assert counted[0][0] > counted[1][0]


def test_the_planners_agreement_is_measured(
    mind: Mind, in_environment: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four questions: on one the model gives the plan that is asked for, on the others always that same one."""
    cases = [case for case in score.find_cases() if not case.row["history"] and case.row["plan"]["intent"] == "metric"][:4]
    monkeypatch.setattr(score, "find_cases", lambda: cases)
    monkeypatch.setattr(planners, "STEP", 1)
    mind.plan = cases[0].row["plan"]
    assert planners.run(write_baseline=False) == []
    lines = {line[:26].strip(): line[26:].split()[0] for line in capsys.readouterr().out.splitlines()[1:-1]}
    assert lines["asked"] == "4/4"
    assert lines["built-in exact"] == "4/4"
    assert lines["planned by the model"] == "4/4"
    assert (lines["model exact"], lines["agree"]) == ("1/4", "1/4")
