"""How long an answer takes from question to stored turn, against the database's part of it alone."""

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from assistant import answer, threads
from assistant.catalog import get_catalog
from assistant.models import AuditEntry
from assistant.planner import plan_question
from core.models import User
from core.project.bench.pairs import Pair, Tell, describe, describe_multiple, time_call
from core.project.bench.report import Report
from core.project.demo.accounts import MANAGER
from core.tenancy import scope, sign_in_scope

# Every intent, in three languages; each is asked in a thread of its own.
QUESTIONS = (
    "Como está a satisfação este mês, por atendente?",
    "Qual foi o CSAT nos últimos 30 dias?",
    "Quantas conversas tivemos por dia na semana passada?",
    "Tempo de primeira resposta por canal nos últimos 60 dias",
    "Average satisfaction last week compared with the week before",
    "How many messages did we get by weekday in the last 90 days?",
    "¿Cuál fue la tasa de resolución por canal el mes pasado?",
    "Evolução do sentimento nos últimos 90 dias",
    "Por que a satisfação caiu na semana passada?",
    "Why did complaints go up last week?",
    "¿Por qué bajó el CSAT en los últimos 30 días?",
    "Quais os principais motivos de reclamação nos últimos 30 dias?",
    "What do customers talk about most?",
    "Me mostra mensagens de clientes irritados com a entrega",
    "Show me negative messages from the last 7 days",
    "Quais conversas estão sem resposta?",
    "¿Cuáles son las peores conversaciones de la semana pasada?",
    "Resuma a semana passada",
    "Summarize last month",
    "Como vocês calculam o CSAT?",
    "Apague as conversas da Ana",
)


@dataclass(slots=True)
class Recording:
    """The statements that one answer ran, with their parameters."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
        if not many:
            self.statements.append((sql, params))
        return execute(sql, params, many, context)


@dataclass(slots=True)
class Taken:
    """What the answers to one question took."""

    question: str
    pairs: list[Pair] = field(default_factory=list)
    planner_seconds: list[float] = field(default_factory=list)
    statements: int = 0


def bench_answer(viewer: User, *, repetitions: int, tell: Tell, questions: Sequence[str] = QUESTIONS) -> Report:
    """Ask every question `repetitions` times over the viewer's tenant, each time running its statements again on their own."""
    taken = [Taken(question) for question in questions]
    # The first answer of a process imports and reads what all others find ready.
    measure_question(viewer, Taken(questions[0]))
    for number, one in itertools.product(range(repetitions), taken):
        measure_question(viewer, one)
        if one is taken[-1]:
            tell(f"{number + 1} of {repetitions}: {len(questions)} questions")
    slowest = max(taken, key=lambda one: statistics.median(pair.subject for pair in one.pairs))
    everything = [
        Pair(subject=sum(one.pairs[number].subject for one in taken), reference=sum(one.pairs[number].reference for one in taken))
        for number in range(repetitions)
    ]
    medians = [statistics.median(pair.subject for pair in one.pairs) for one in taken]
    return Report(
        name="answer",
        title=f"{len(questions)} questions of every intent over the demo tenant, from question to stored answer, against their SQL alone",
        figures=(
            describe("an answer", [1000 * median for median in medians], unit="ms"),
            describe("its SQL alone", [1000 * statistics.median(pair.reference for pair in one.pairs) for one in taken], unit="ms"),
            describe_multiple("all answers / their SQL", everything),
            describe("planner", [1000 * statistics.median(one.planner_seconds) for one in taken], unit="ms"),
        ),
        notes=(
            f"Range over the questions. Slowest: {slowest.question} ({1000 * max(medians):.0f} ms). "
            f"{sum(one.statements for one in taken) / len(taken):.0f} statements an answer, those that store it included.",
            "The statements run again in one transaction that is rolled back, so waiting for the disk counts for the answer alone.",
        ),
    )


def get_manager() -> User:
    """The demo's manager, who asks."""
    with sign_in_scope(email=MANAGER.email):
        return User.objects.get(email=MANAGER.email)


def measure_question(viewer: User, taken: Taken) -> None:
    """One answer, then its statements again, then its planning alone; the thread is gone afterwards."""
    recording = Recording()
    with connection.execute_wrapper(recording):
        began = time.perf_counter()
        thread_id = ask(viewer, taken.question)
        subject = time.perf_counter() - began
    forget(viewer, thread_id)
    with scope(get_tenant_id(viewer)):
        catalog = get_catalog(viewer, question=taken.question)
    taken.statements = len(recording.statements)
    taken.pairs.append(Pair(subject=subject, reference=time_call(lambda: run_again(recording.statements))))
    clock = timezone.now()
    taken.planner_seconds.append(time_call(lambda: plan_question(taken.question, history=[], catalog=catalog, clock=clock, language=None)))


def ask(viewer: User, question: str) -> str:
    """Ask in a new thread; its id."""
    return answer.run(viewer, thread_id=None, question=question, clock=timezone.now()).thread_id


def forget(viewer: User, thread_id: str) -> None:
    """Remove a thread with what the audit knows of it, so that its statements can run again."""
    with scope(get_tenant_id(viewer)):
        threads.delete_thread(viewer, thread_id)
        AuditEntry.objects.filter(thread_id=thread_id).delete()


def get_tenant_id(viewer: User) -> UUID:
    """The tenant of somebody who has one."""
    assert viewer.tenant_id is not None
    return viewer.tenant_id


def run_again(statements: Sequence[tuple[str, Any]]) -> None:
    """Run statements in their order, read what they give, and take back what they wrote."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, parameters)
            if cursor.description is not None:
                cursor.fetchall()
        transaction.set_rollback(True)
