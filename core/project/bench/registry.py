"""Every bench by its name, with what it needs before it can run."""

from collections.abc import Callable
from dataclasses import dataclass

from core.project.bench.pairs import Tell
from core.project.bench.report import Report
from core.project.embedded.home import Home

Run = Callable[["Size", Home, Tell], Report]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured, and how often."""

    repetitions: int = 3
    messages: int = 2000
    texts: int = 256
    sizes: tuple[int, ...] = (10_000, 50_000)
    vectors: int = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`home` is the one whose demo runs. What a bench imports is imported when it runs."""

    name: str
    needs_database: bool
    run: Run


def _run_import(size: Size, home: Home, tell: Tell) -> Report:
    from core.project.bench.importing import bench_import

    return bench_import(repetitions=size.repetitions, messages=size.messages, tell=tell)


def _run_analyse(size: Size, home: Home, tell: Tell) -> Report:
    from core.project.bench.analysing import bench_analyse

    return bench_analyse(repetitions=size.repetitions, texts=size.texts, tell=tell)


def _run_answer(size: Size, home: Home, tell: Tell) -> Report:
    from core.ai.analysers import get_analyser
    from core.project.bench.answering import bench_answer, get_manager
    from core.project.demo.create import create_demo
    from ingestion.analyse import analyse_waiting

    tenant = create_demo(tell=tell)
    analyse_waiting(tenant.id, get_analyser(), tell_progress=lambda done: tell(f"{done} conversations analysed"))
    return bench_answer(get_manager(), repetitions=size.repetitions, tell=tell)


def _run_ask(size: Size, home: Home, tell: Tell) -> Report:
    from core.project.bench.ask import bench_ask

    return bench_ask(sizes=size.sizes, vectors=size.vectors, repetitions=size.repetitions, tell=tell)


def _run_memory(size: Size, home: Home, tell: Tell) -> Report:
    from core.project.bench.memory import bench_memory

    return bench_memory(home, tell=tell)


def _run_hooks(size: Size, home: Home, tell: Tell) -> Report:
    from core.project.bench.hooks import bench_hooks

    # A turn is short, and the machine's mood changes: twice as many.
    return bench_hooks(repetitions=2 * size.repetitions, tell=tell)


def _run_live(size: Size, home: Home, tell: Tell) -> Report:
    from core.project.bench.live import bench_live

    return bench_live(tell=tell)


BENCHES = {
    bench.name: bench
    for bench in (
        Bench(name="import", needs_database=True, run=_run_import),
        Bench(name="analyse", needs_database=False, run=_run_analyse),
        Bench(name="answer", needs_database=True, run=_run_answer),
        Bench(name="ask", needs_database=True, run=_run_ask),
        Bench(name="hooks", needs_database=True, run=_run_hooks),
        Bench(name="live", needs_database=True, run=_run_live),
        Bench(name="memory", needs_database=False, run=_run_memory),
    )
}
