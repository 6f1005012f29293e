"""The one seam that runs a turn, for web, API, bots, command line and evals alike: question → plan → evidence → answer.

A turn is a few short scopes, one a step, so that no transaction lasts as long as an answer takes. What is told is stored first:
a replay gives the same events.
"""

import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError

from assistant import audit, threads
from assistant.blocks import Answer, Understood
from assistant.catalog import get_catalog
from assistant.chosen_models import ChosenModels, find_models
from assistant.compose.composed import Composed, compose
from assistant.compose.numbers import Language
from assistant.compose.say_talk import say_guesses, say_left_out
from assistant.compose.suggest import suggest_again
from assistant.compose.understood import describe_plan
from assistant.compose.voice import Voice
from assistant.deeper import restate_deeper
from assistant.definitions import list_definitions
from assistant.events import BlockAdded, ErrorDetail, Event, EventData, EventType, PlanUnderstood, TextAdded, TurnAnswered
from assistant.evidence import Evidence
from assistant.execute import embed_ahead_of, execute
from assistant.models import Turn
from assistant.plan import EMPTY_INTENTS, Plan
from assistant.planner import Catalog, PastTurn, Planned, plan_question
from assistant.revise import Revision
from assistant.selection import Moment
from assistant.talk import describe_talk
from assistant.usage import Usage
from assistant.verified import Match, find_examples, find_match
from core.access import check_allowed, check_still_allowed, get_tenant
from core.errors import VisibleError
from core.models import ApiKey, User
from core.periods import get_today
from core.tenancy import get_current_tenant_id, scope

log = structlog.get_logger(__name__)

Emit = Callable[[Event], None]

MAX_QUESTION = 2000
LONGEST_PROVIDER = 40  # as a turn keeps it; the answer itself tells all of it


class TurnFailedError(VisibleError):
    """A turn that began ended without an answer: its last event has told the error already."""

    def __init__(self, error: ErrorDetail, *, status: int) -> None:
        super().__init__(error.code, field=error.field)
        self.message = error.message
        self.http_status = status

    @property
    def status(self) -> int:
        return self.http_status

    def say(self, language: str) -> str:
        """The sentence as it was told and stored, in the turn's language."""
        return self.message


class _StoppedError(VisibleError):
    """Somebody asked the running turn to end early."""

    def __init__(self) -> None:
        super().__init__("stopped")


def run(
    viewer: User,
    *,
    thread_id: str | uuid.UUID | None = None,
    question: str = "",
    clock: datetime,
    language: Language | None = None,
    revision: Revision | None = None,
    client_id: str | None = None,
    api_key: ApiKey | None = None,
    emit: Emit = lambda _event: None,
    choose_models: Callable[[uuid.UUID], ChosenModels] = find_models,
) -> Answer:
    """Answer one question of a viewer as of `clock` (aware), in a thread of theirs or in a new one, and tell each step to `emit`.

    With a `revision` an earlier turn's question is asked again in its thread, by its own plan where that is changed. `choose_models`
    is asked inside the tenant's scope; by default it gives the models that the tenant chose. The audit names the `api_key` it came by.

    Runs synchronously, outside of any scope. Raises VisibleError before a turn is stored (no right to ask, no such thread, no
    question), and TurnFailedError where a stored turn failed or was stopped, after its `turn.failed` event.
    """
    question = question.strip()
    if (revision is None and not question) or len(question) > MAX_QUESTION:
        raise VisibleError("invalid", field="question", detail=f"1–{MAX_QUESTION}")
    if viewer.tenant_id is None:
        raise VisibleError("no_tenant")
    began = time.monotonic()
    with scope(viewer.tenant_id):
        check_allowed(viewer, action="ask")
        tenant = get_tenant(viewer)
        moment = Moment(clock=clock, time_zone=tenant.time_zone, today=get_today(clock, time_zone=tenant.time_zone))
        revised, edited = threads.read_revision(viewer, revision, today=moment.today) if revision else (None, None)
        if revised is not None:
            thread_id, question, language = revised.thread_id, revised.question, revised.language  # type: ignore[assignment]
        turn, event = threads.begin_turn(
            viewer, thread_id=thread_id, question=question, language=language or viewer.language, clock=clock, client_id=client_id,
            revises=revised.id if revised else None, is_edited=edited is not None, api_key=api_key,
        )  # fmt: skip
    running = _RunningTurn(
        viewer=viewer, turn=turn, moment=moment, emit=emit, began=began, choose_models=choose_models, edited=edited,
        before=revised.number if revised else turn.number,
    )  # fmt: skip
    running.tell([event])
    try:
        return running.answer(language)
    except VisibleError as found:
        error, status = ErrorDetail(code=found.code, message=found.say(running.language), field=found.field), found.status
    except Exception as found:
        # The kind of error and where it happened, never its text: it may hold a customer's words.
        log.error("turn.failed", turn_id=str(turn.id), error=type(found).__name__, at=_find_place(found))
        request_id = str(structlog.contextvars.get_contextvars().get("request_id") or turn.id)
        failed = VisibleError("failed", request_id=request_id)
        error, status = ErrorDetail(code=failed.code, message=failed.say(running.language)), failed.status
    running.fail(error)
    raise TurnFailedError(error, status=status)


@dataclass(slots=True, kw_only=True)
class _RunningTurn:
    """A stored turn on its way to an answer. `edited` is its plan where a person changed it; turns from number `before` on are later."""

    viewer: User
    turn: Turn
    moment: Moment
    emit: Emit
    began: float
    choose_models: Callable[[uuid.UUID], ChosenModels]
    edited: Plan | None
    before: int
    language: Language = field(init=False)
    models: ChosenModels = field(init=False)
    planned: Planned | None = None
    match: Match | None = None
    usage: Usage = field(default_factory=Usage)

    def __post_init__(self) -> None:
        self.language = self.turn.language  # type: ignore[assignment]

    def answer(self, language: Language | None) -> Answer:
        """Plan, execute, compose; store and tell each step."""
        self.planned, catalog = planned, _ = self._plan(language)
        plan, self.language = planned.plan, planned.language
        voice = Voice(plan, language=self.language, moment=self.moment)
        understood = describe_plan(voice, left_out=planned.left_out)
        told = PlanUnderstood(language=self.language, plan=plan.to_dict(), understood=understood)
        self.store([("plan.understood", told)], plan=plan.to_dict(), language=self.language)
        composed, evidence = self._compose(planned, catalog)
        blocks = [BlockAdded(index=index, block=block, coverage=composed.coverage) for index, block in enumerate(composed.blocks)]
        lead = say_left_out(voice, planned.left_out)  # before anything else, and in nobody's words but ours
        self.store([*(("block.added", one) for one in blocks), *(("text.added", TextAdded(text=f"{one} ")) for one in lead)])
        told_by_model: list[str] = []
        sentences = self._phrase(composed, evidence, voice=voice, understood=understood, told_by_model=told_by_model)
        answer = Answer(
            thread_id=str(self.turn.thread_id),
            turn_id=str(self.turn.id),
            language=self.language,
            question=self.turn.question,
            text=" ".join([*lead, *sentences]),
            plan=plan.to_dict(),
            understood=understood,
            blocks=composed.blocks,
            citations=composed.citations,
            coverage=composed.coverage,
            notes=[*say_guesses(voice, planned.guesses), *composed.notes],
            suggestions=suggest_again(composed.suggestions, evidence, question="" if self.edited else self.turn.question),
            provider=self.models.provider,
            took_ms=round(1000 * (time.monotonic() - self.began)),
            as_of=self.moment.clock.isoformat(),
            is_edited=self.edited is not None,
            verified=self.match.mark if self.match else None,
            definitions=list_definitions(plan, composed.blocks, language=self.language),
        )
        self._finish(answer, [] if told_by_model else sentences)
        log.info("turn.answered", turn_id=answer.turn_id, intent=plan.intent, language=self.language, took_ms=answer.took_ms)
        return answer

    def _plan(self, language: Language | None) -> tuple[Planned, Catalog]:
        with self.scope():
            history = threads.find_history(self.turn.thread_id, before=self.before)
            asked = restate_deeper(self.turn.question, thread_id=self.turn.thread_id, before=self.before)
            # An answer to a question back chooses among the names of the question before.
            catalog = get_catalog(self.viewer, question=" ".join([*(words for words, _ in history[-1:]), asked]))
            self.models = self.choose_models(get_current_tenant_id())
        clock, earlier = self.moment.clock, [PastTurn(question, Plan.from_dict(plan)) for question, plan in history]
        builtin = plan_question(asked, history=earlier, catalog=catalog, clock=clock, language=language)
        if self.edited is not None:
            return Planned(plan=self.edited, language=self.language, left_out=builtin.left_out), catalog
        if earlier and earlier[-1].plan.intent == "clarify" and builtin.is_follow_up:
            return builtin, catalog  # chosen from what was offered
        with self.scope():
            self.match = find_match(self.viewer, asked, builtin=builtin, catalog=catalog, clock=clock)
            examples = find_examples(self.viewer, asked, catalog=catalog, clock=clock) if self.models.planners and not self.match else []
        if self.match is not None:
            return Planned(plan=self.match.plan, language=builtin.language, left_out=builtin.left_out), catalog
        return self.models.plan(builtin, asked, history=earlier, catalog=catalog, clock=clock, verified=examples), catalog

    def _compose(self, planned: Planned, catalog: Catalog) -> tuple[Composed, Evidence]:
        if planned.plan.intent in EMPTY_INTENTS:
            evidence: Evidence = describe_talk(planned, catalog=catalog)
        else:
            with embed_ahead_of(self.viewer, planned.plan), self.scope():
                self.check_running()
                with self.usage.count_rows():
                    evidence = execute(self.viewer, planned.plan, moment=self.moment)
            self.usage.conversations = evidence.covered.conversations if evidence.covered else None
        return compose(evidence, language=self.language, moment=self.moment), evidence

    def _phrase(
        self, composed: Composed, evidence: Evidence, *, voice: Voice, understood: list[Understood], told_by_model: list[str]
    ) -> list[str]:
        """The answer's sentences. Those of a model are told as they come, and are then in `told_by_model`."""

        def tell(sentence: str) -> None:
            self.store([("text.added", TextAdded(text=f" {sentence}" if told_by_model else sentence))])
            told_by_model.append(sentence)

        return self.models.phrase(composed, evidence, voice=voice, understood=understood, tell=tell, passes=(VisibleError, DatabaseError))

    def _finish(self, answer: Answer, sentences: Sequence[str]) -> None:
        pieces = [TextAdded(text=sentence + ("" if place == len(sentences) else " ")) for place, sentence in enumerate(sentences, start=1)]
        entries: list[tuple[EventType, EventData]] = [("text.added", piece) for piece in pieces]
        with self.scope():
            self.check_running()
            body = answer.model_dump(mode="json")
            if not threads.finish_turn(
                self.turn, status=Turn.Status.ANSWERED, answer=body, provider=answer.provider[:LONGEST_PROVIDER], took_ms=answer.took_ms
            ):
                raise _StoppedError
            audit.close_entry(self.turn.id, status=Turn.Status.ANSWERED, **self.describe_work(answer.provider, took_ms=answer.took_ms))
            events = threads.add_events(self.turn, [*entries, ("turn.answered", TurnAnswered(answer=answer))])
        self.tell(events)

    def store(self, entries: Sequence[tuple[EventType, EventData]], **fields: object) -> None:
        """Store events, with fields of the turn, and tell them. Raises _StoppedError where the turn was stopped meanwhile."""
        with self.scope():
            self.check_running()
            if fields:
                Turn.objects.filter(id=self.turn.id).update(**fields)
            events = threads.add_events(self.turn, entries) if entries else []
        self.tell(events)

    def check_running(self) -> None:
        """Raise where somebody stopped the turn, or where who asked may not ask any more: they were demoted, or left."""
        if threads.is_stopped(self.turn):
            raise _StoppedError
        check_still_allowed(self.viewer, action="ask")

    def fail(self, error: ErrorDetail) -> None:
        """Store and tell that there will be no answer."""
        took_ms = round(1000 * (time.monotonic() - self.began))
        provider = self.models.provider if hasattr(self, "models") else ""
        with self.scope():
            events = threads.fail_turn(self.turn, error, **self.describe_work(provider, took_ms=took_ms))
            Turn.objects.filter(id=self.turn.id).update(took_ms=took_ms)
        self.tell(events)

    def describe_work(self, provider: str, *, took_ms: int) -> dict[str, Any]:
        """How the turn was answered, as far as it got, for the audit."""
        self.usage.model_tokens = self.models.tokens if hasattr(self, "models") else 0
        return audit.describe_work(self.planned, usage=self.usage, provider=provider, is_verified=self.match is not None, took_ms=took_ms)

    def tell(self, events: Sequence[Event]) -> None:
        """Pass events on. Whoever listens may be gone: the turn goes on, and a replay tells them later."""
        for event in events:
            try:
                self.emit(event)
            except Exception as error:
                log.warning("event.not_told", turn_id=event.turn_id, seq=event.seq, error=type(error).__name__)

    def scope(self) -> AbstractContextManager[None]:
        """The tenant's scope, for one step."""
        return scope(str(self.turn.tenant_id))


def _find_place(error: BaseException) -> str:
    """The innermost file and line of ours where an error was raised."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return place
