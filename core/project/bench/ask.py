"""How answers without a model grow with a tenant: questions over large tenants that share a database, against their SQL alone.

Each size is a tenant of its own, all of them in one database, so that every one is among others. The searches of questions go
through the same vectors and indexes as anybody's.
"""

import itertools
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from assistant import answer
from core.models import User
from core.project.bench.answering import Recording, forget, run_again
from core.project.bench.large_tenants import fill_large_tenant, find_hashes
from core.project.bench.pairs import Pair, Tell, describe, describe_multiple, time_call
from core.project.bench.report import Bar, Figure, Report
from core.project.bench.searching import measure_search
from core.project.bench.tenant import throw_away_tenant
from core.project.bench.vectors import Mixture, drop_indexes, make_indexes, store_vectors

# One of each kind of answer.
QUESTIONS = (
    "Como está a satisfação este mês, por atendente?",
    "Quantas mensagens recebemos por dia na semana passada?",
    "Por que a satisfação caiu na semana passada?",
    "Quais os principais motivos de reclamação nos últimos 30 dias?",
    "Me mostra as mensagens que falam de senha do app",
    "Quais conversas falam de geladeira com defeito?",
    "Resuma a semana passada",
)
FIRST_EVENT = Bar(limit=0.1, is_upper=True)


@dataclass(slots=True)
class Asked:
    """What the answers over one tenant took, question by question."""

    messages: int
    pairs: list[list[Pair]] = field(default_factory=list)
    first_shares: list[float] = field(default_factory=list)  # first event / whole

    def get_medians(self) -> list[float]:
        """Seconds of each question's answer."""
        return [statistics.median(pair.subject for pair in one) for one in self.pairs]

    def get_sql_medians(self) -> list[float]:
        """Seconds of each question's SQL."""
        return [statistics.median(pair.reference for pair in one) for one in self.pairs]


def bench_ask(*, sizes: Sequence[int], vectors: int, repetitions: int, tell: Tell, questions: Sequence[str] = QUESTIONS) -> Report:
    """Answer questions over a tenant of each size; then search tenants that own 0.1 %, 1 % and 30 % of `vectors` texts."""
    with ExitStack() as stack:
        asked = _ask_all(stack, sizes=sizes, repetitions=repetitions, tell=tell, questions=questions)
    figures: list[Figure] = []
    for one in asked:
        name = f"{one.messages:,} messages"
        ratios = [Pair(subject=subject, reference=sql) for subject, sql in zip(one.get_medians(), one.get_sql_medians(), strict=True)]
        figures += [
            describe(f"{name}: an answer", [1000 * value for value in one.get_medians()], unit="ms"),
            describe(f"{name}: its SQL alone", [1000 * value for value in one.get_sql_medians()], unit="ms"),
            describe_multiple(f"{name}: answer / SQL", ratios),
            describe(f"{name}: first event / answer", one.first_shares, unit="×", bar=FIRST_EVENT),
        ]
    figures += [_describe_growth(before, after) for before, after in itertools.pairwise(asked)]
    search = measure_search(vectors=vectors, tell=tell)
    slowest = max(zip(asked[-1].get_medians(), questions, strict=True)) if asked else (0.0, "")
    return Report(
        name="ask",
        title=f"{len(questions)} questions without a model over tenants of {', '.join(f'{size:,}' for size in sizes)} messages",
        figures=(*figures, *search.figures),
        notes=(
            f"Ranges are over the questions. Slowest at the largest: {slowest[1]} ({1000 * slowest[0]:.0f} ms).",
            "Growth: how many times longer answers take than at the size before, over how many times longer their SQL does; 1 is alike.",
            "Texts are made up of few phrases, a third of them with a number; their vectors are drawn, clustered like real ones.",
            *search.notes,
        ),
    )


def _ask_all(stack: ExitStack, *, sizes: Sequence[int], repetitions: int, tell: Tell, questions: Sequence[str]) -> list[Asked]:
    drop_indexes()
    viewers = []
    for size in sizes:
        tenant = stack.enter_context(throw_away_tenant())
        viewers.append((size, fill_large_tenant(tenant, messages=size, tell=tell)))
        hashes = find_hashes(tenant)
        store_vectors(tenant.id, hashes, Mixture(texts=len(hashes)))
    tell("building the index over all vectors")
    make_indexes()
    asked = []
    for size, viewer in viewers:
        one = Asked(messages=size)
        measure_answer(viewer, questions[0])  # the first one reads what all others find ready
        for question in questions:
            measured = [measure_answer(viewer, question) for _ in range(repetitions)]
            one.pairs.append([pair for pair, _ in measured])
            one.first_shares.append(statistics.median(share for _, share in measured))
        asked.append(one)
        tell(f"{size} messages: {len(questions)} questions, {repetitions} times")
    return asked


def measure_answer(viewer: User, question: str) -> tuple[Pair, float]:
    """One answer and its statements again; and which part of the answer's time passed before its first event was told."""
    recording, told = Recording(), list[float]()
    with connection.execute_wrapper(recording):
        began = time.perf_counter()
        answered = answer.run(viewer, question=question, clock=timezone.now(), emit=lambda _event: told.append(time.perf_counter()))
        whole = time.perf_counter() - began
    forget(viewer, answered.thread_id)
    return Pair(subject=whole, reference=time_call(lambda: run_again(recording.statements))), (told[0] - began) / whole


def _describe_growth(before: Asked, after: Asked) -> Figure:
    """How the answers' growth from one size to the next compares with that of their SQL."""
    grown = [
        Pair(subject=now / was, reference=sql_now / sql_was)
        for was, now, sql_was, sql_now in zip(
            before.get_medians(), after.get_medians(), before.get_sql_medians(), after.get_sql_medians(), strict=True
        )
    ]
    return describe_multiple(f"growth from {before.messages:,} to {after.messages:,}, answer / SQL", grown)
