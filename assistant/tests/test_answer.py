"""A turn from question to stored answer: its events in order, replayed as they were sent, ended whatever happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assistant import answer, threads
from assistant.answer import TurnFailedError
from assistant.blocks import ConversationsBlock, NumberBlock
from assistant.compose.numbers import Language
from assistant.events import Event
from assistant.models import Turn, TurnEvent
from assistant.plan import Filters, Plan
from assistant.planner import Doubt, PastTurn, Planned
from assistant.tests.shop import CLOCK, Shop
from assistant.tests.shop import shop as shop
from core.errors import VisibleError
from core.models import Role, User
from core.periods import Period
from core.tenancy import scope, unscoped_directory

MONTH = Period(date(2026, 11, 1), date(2026, 11, 20))
STEPS = ("turn.started", "plan.understood", "block.added")
SATISFACTION = Plan(intent="metric", metrics=("satisfaction",), period=MONTH)


def understand(plan: Plan, *, language: Language = "pt", **found: Any) -> Planned:
    """What a planner gives."""
    return Planned(plan=plan, language=language, **found)


@dataclass
class FakePlanner:
    """Understands every question as it is told to, and remembers what it was asked."""

    found: Planned = field(default_factory=lambda: understand(SATISFACTION))
    asked: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def __call__(self, question: str, **given: Any) -> Planned:
        self.asked.append({"question": question} | given)
        self.before()
        return self.found


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> FakePlanner:
    fake = FakePlanner()
    monkeypatch.setattr(answer, "plan_question", fake)
    return fake


def run(shop: Shop, question: str = "como está a satisfação?", **given: Any) -> tuple[Any, list[Event]]:
    """The answer and the events that were told."""
    told: list[Event] = []
    arguments: dict[str, Any] = {"emit": told.append, "clock": CLOCK} | given
    return answer.run(shop.manager, question=question, **arguments), told


def count_turns(shop: Shop) -> int:
    with scope(shop.tenant.id):
        return Turn.objects.count()


def test_a_turn_tells_its_steps_in_order(shop: Shop, planner: FakePlanner) -> None:
    answered, told = run(shop, client_id="c-1")
    assert [(event.seq, event.type) for event in told] == [
        (1, "turn.started"), (2, "plan.understood"), (3, "block.added"), (4, "text.added"), (5, "turn.answered"),
    ]  # fmt: skip
    assert told[0].data.model_dump() == {
        "question": "como está a satisfação?",
        "client_id": "c-1",
        "thread_title": "como está a satisfação?",
        "is_edited": False,
    }
    assert told[-1].data.answer == answered  # type: ignore[union-attr]
    assert answered.text == "Este mês, até hoje, a satisfação está em 3,37 (30 conversas)."
    assert "".join(event.data.text for event in told if event.type == "text.added") == answered.text  # type: ignore[union-attr]
    assert answered.coverage.text == "30 de 32 conversas analisadas, 2 aguardando"
    assert [(chip.field, chip.value) for chip in answered.understood] == [
        ("period", "Este mês, até hoje (01/11 a 20/11)"), ("metrics", "Satisfação"),
    ]  # fmt: skip
    assert len({citation.conversation_id for citation in answered.citations}) == len(answered.citations) == 5


def test_a_replay_gives_the_same_events(shop: Shop, planner: FakePlanner) -> None:
    first, told = run(shop)
    _, more = run(shop, thread_id=first.thread_id)
    told += more
    assert [event.seq for event in told] == list(range(1, 11))
    with scope(shop.tenant.id):
        for seen in (0, 3, 10):
            replayed = threads.find_events(shop.manager, first.thread_id, after_seq=seen)
            assert [event.model_dump() for event in replayed] == [event.model_dump() for event in told[seen:]]
        detail = threads.get_thread(shop.manager, first.thread_id)
    assert (detail.last_seq, [turn.status for turn in detail.turns]) == (10, ["answered", "answered"])
    assert detail.turns[0].answer == first


def test_the_planner_gets_the_threads_earlier_questions(shop: Shop, planner: FakePlanner) -> None:
    first, _ = run(shop, "qual a satisfação?")
    run(shop, "e por quê?", thread_id=first.thread_id, language="es")
    assert [asked["history"] for asked in planner.asked] == [[], [PastTurn("qual a satisfação?", SATISFACTION)]]
    assert [asked["language"] for asked in planner.asked] == [None, "es"]
    catalog = planner.asked[0]["catalog"]
    assert (catalog.tenant, catalog.time_zone) == ("Casa Lua", "America/Sao_Paulo")
    assert catalog.agents == ("Ana Souza", "Bruno Lima", "Carla Mendes")
    assert catalog.channels == ("Norte", "Suporte")
    assert sorted(catalog.contacts) == [
        "João Pedro Castro", "Lívia Ferraz", "Mariana Alves", "Patrícia Gomes", "Roberto Tanaka", "Sérgio Barros",
    ]  # fmt: skip


def test_a_thread_is_its_viewers_alone(shop: Shop, planner: FakePlanner) -> None:
    first, _ = run(shop)
    with unscoped_directory(reason="tests"):
        colleague = User.objects.create_user("bia@casalua.example", tenant=shop.tenant, name="Bia", role=Role.ADMIN)
    for viewer in (colleague, shop.rival_manager):
        for thread_id in (first.thread_id, "00000000-0000-7000-8000-000000000000", "nothing"):
            with pytest.raises(VisibleError, match="not_found"):
                answer.run(viewer, thread_id=thread_id, question="e ontem?", clock=CLOCK)
            with scope(str(viewer.tenant_id)), pytest.raises(VisibleError, match="not_found"):
                threads.find_events(viewer, thread_id)
        with scope(str(viewer.tenant_id)), pytest.raises(VisibleError, match="not_found"):
            threads.stop_turn(viewer, first.turn_id)
    assert count_turns(shop) == 1


@pytest.mark.parametrize("question", ["", "   ", "a" * 2001])
def test_no_question_is_no_turn(shop: Shop, planner: FakePlanner, question: str) -> None:
    with pytest.raises(VisibleError, match="invalid"):
        run(shop, question)
    assert count_turns(shop) == 0


def test_an_operator_may_not_ask(shop: Shop, planner: FakePlanner) -> None:
    with unscoped_directory(reason="tests"):
        operator = User.objects.create_user("bob@casalua.example", tenant=shop.tenant, name="Bob", role=Role.OPERATOR)
    with pytest.raises(VisibleError, match="not_allowed"):
        answer.run(operator, question="como está a satisfação?", clock=CLOCK)
    assert count_turns(shop) == 0


@pytest.mark.parametrize(("when", "seen"), [("turn.started", 2), ("plan.understood", 3), ("block.added", 4)])
def test_a_stopped_turn_ends_at_its_next_step(shop: Shop, planner: FakePlanner, when: str, seen: int) -> None:
    told: list[Event] = []

    def listen(event: Event) -> None:
        told.append(event)
        if event.type == when:
            with scope(shop.tenant.id):
                threads.stop_turn(shop.manager, event.turn_id)

    with pytest.raises(TurnFailedError) as failed:
        run(shop, emit=listen)
    assert (failed.value.code, failed.value.say("pt")) == ("stopped", "Interrompido a seu pedido.")
    assert [event.type for event in told] == [*STEPS[: seen - 1], "turn.failed"]
    with scope(shop.tenant.id):
        assert Turn.objects.get().status == Turn.Status.STOPPED
        turn = threads.get_thread(shop.manager, told[0].thread_id).turns[0]
    assert (turn.status, turn.error and turn.error.code, turn.answer) == ("failed", "stopped", None)


def test_what_breaks_is_told_stored_and_logged_without_anybodys_words(
    shop: Shop, planner: FakePlanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[Any] = []
    monkeypatch.setattr(answer.log, "error", lambda *given, **named: logged.append((given, named)), raising=False)

    def break_down() -> None:
        raise RuntimeError("o pix não aparece aqui, diz Sérgio")

    planner.before = break_down
    told: list[Event] = []
    with pytest.raises(TurnFailedError) as failed:
        run(shop, emit=told.append)
    assert (failed.value.code, failed.value.status) == ("failed", 500)
    assert [event.type for event in told] == ["turn.started", "turn.failed"]
    ((given, named),) = logged
    assert (given, named["error"], named["at"].endswith("break_down")) == (("turn.failed",), "RuntimeError", True)
    assert "Sérgio" not in str(named)
    with scope(shop.tenant.id):
        turn = Turn.objects.get()
    assert (turn.status, turn.error and turn.error["code"]) == (Turn.Status.FAILED, "failed")


def test_a_listener_that_is_gone_does_not_end_a_turn(shop: Shop, planner: FakePlanner) -> None:
    def listen(event: Event) -> None:
        raise ConnectionError("the screen went away")

    answered, _ = run(shop, emit=listen)
    with scope(shop.tenant.id):
        assert [event.type for event in threads.find_events(shop.manager, answered.thread_id)][-1] == "turn.answered"


def test_a_turn_whose_process_died_is_closed(shop: Shop, planner: FakePlanner) -> None:
    with scope(shop.tenant.id):
        turn, _ = threads.begin_turn(shop.manager, thread_id=None, question="e aí?", language="pt", clock=CLOCK, client_id=None)
        assert threads.get_thread(shop.manager, turn.thread_id).turns[0].status == "running"
        Turn.objects.filter(id=turn.id).update(asked_at=timezone.now() - timedelta(hours=1))
        detail = threads.get_thread(shop.manager, turn.thread_id)
        assert (detail.turns[0].status, detail.last_seq) == ("failed", 2)
        assert [event.type for event in threads.find_events(shop.manager, turn.thread_id)] == ["turn.started", "turn.failed"]


def test_threads_are_listed_renamed_and_removed(shop: Shop, planner: FakePlanner) -> None:
    first, _ = run(shop, "primeira pergunta")
    second, _ = run(shop, "uma pergunta tão comprida que o título dela não cabe inteiro na lista e precisa ser cortado numa palavra")
    run(shop, "de novo", thread_id=first.thread_id)
    with scope(shop.tenant.id):
        rows = [(row.id, row.title, row.turns) for row in threads.find_threads(shop.manager)]
        assert rows == [
            (first.thread_id, "primeira pergunta", 2),
            (second.thread_id, "uma pergunta tão comprida que o título dela não cabe inteiro na lista e…", 1),
        ]
        assert [row.id for row in threads.find_threads(shop.manager, limit=1, offset=1)] == [second.thread_id]
        threads.rename_thread(shop.manager, second.thread_id, title="  Outro   nome ")
        assert [row.title for row in threads.find_threads(shop.manager)] == ["primeira pergunta", "Outro nome"]
        with pytest.raises(VisibleError, match="invalid"):
            threads.rename_thread(shop.manager, second.thread_id, title=" ")
        threads.delete_thread(shop.manager, first.thread_id)
        assert threads.count_threads(shop.manager) == 1
        assert (Turn.objects.count(), TurnEvent.objects.count()) == (1, 5)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (understand(Plan(intent="help"), topic="csat"), "CSAT: Porcentagem das conversas analisadas com satisfação 4 ou 5."),
        (
            understand(Plan(intent="clarify"), missing="name", doubt=Doubt("agent", "ana", ("Ana Souza", "Ana Lima"))),
            "Quem é “ana”: Ana Souza ou Ana Lima?",
        ),
        (
            understand(Plan(intent="clarify"), missing="name", doubt=Doubt("channel", "loja", ("Loja Norte", "Loja Sul"))),
            "Que canal é “loja”: Loja Norte ou Loja Sul?",
        ),
        (
            understand(Plan(intent="refuse"), language="en", refusal="change_data"),
            "I change and delete nothing: I only read the conversations and answer about them. "
            "I can answer about satisfaction, response times, themes, messages and conversations of your company.",
        ),
    ],
)
def test_answers_that_look_at_no_row(shop: Shop, planner: FakePlanner, found: Planned, text: str) -> None:
    planner.found = found
    answered, told = run(shop, "?!")
    assert (answered.text, answered.blocks, answered.citations, answered.coverage.period) == (text, [], [], None)
    offered = [*found.doubt.choices] if found.doubt else answered.suggestions[:3]
    assert answered.suggestions == offered
    assert told[-1].type == "turn.answered"


@pytest.mark.parametrize("reply", ["Mariana Alves", "sim", "1"])
def test_a_choice_after_a_question_back_answers_the_question_before(shop: Shop, reply: str) -> None:
    asked, _ = run(shop, "satisfação da Marina este mês")
    assert (asked.plan["intent"], asked.suggestions) == ("clarify", ["Mariana Alves"])
    answered, _ = run(shop, reply, thread_id=asked.thread_id)
    assert (answered.plan["metrics"], answered.plan["filters"]) == (["satisfaction"], {"contact": ["Mariana Alves"]})


def test_nothing_of_the_rival_is_ever_told(shop: Shop, planner: FakePlanner) -> None:
    planner.found = understand(Plan(intent="summary", period=MONTH, filters=Filters(agent=("Ana Souza",))))
    ours, _ = run(shop)
    theirs = answer.run(shop.rival_manager, question="resumo da Ana", clock=CLOCK)
    numbers = [[block.figures[0].value for block in side.blocks if isinstance(block, NumberBlock)] for side in (ours, theirs)]
    assert numbers == [[14], [28]]
    opened = [
        {row["conversation_id"] for block in side.blocks if isinstance(block, ConversationsBlock) for row in block.rows}
        for side in (ours, theirs)
    ]
    assert (len(opened[0]), opened[0] & opened[1]) == (2, set())
