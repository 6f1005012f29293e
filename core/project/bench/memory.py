"""How much memory the running demo takes: each process's proportional share, so that what they share counts once."""

import json
from collections.abc import Iterable

import psutil

from core.project.bench.pairs import Tell, describe
from core.project.bench.report import Bar, Figure, Report
from core.project.embedded.home import Home
from core.project.embedded.state import find_state

MOST_MB = 1000
TITLE = "memory of the running demo, in all its processes"


def bench_memory(home: Home, *, tell: Tell) -> Report:
    """Measure the demo of this home, where one runs."""
    roots = find_roots(home)
    if "demo" not in roots:
        return Report(
            name="memory",
            title=TITLE,
            notes=("No demo runs here. Start one in another terminal (`make demo`), then run `evosense bench memory`.",),
        )
    tell(f"processes {', '.join(str(process.pid) for process in roots.values())} and theirs")
    sizes: dict[str, float] = {}
    notes = []
    for name, process in find_processes(roots.values()):
        size, is_share = measure_process(process)
        sizes[name] = sizes.get(name, 0) + size
        if not is_share:
            notes.append(f"{name} ({process.pid}): resident memory, shared pages counted in full; its share can't be read by this user.")
    figures: list[Figure] = [describe(name, [size], unit="MB") for name, size in sorted(sizes.items(), key=lambda one: -one[1])]
    total = describe("everything", [sum(sizes.values())], unit="MB", bar=Bar(limit=MOST_MB, is_upper=True))
    return Report(name="memory", title=TITLE, figures=(*figures, total), notes=tuple(notes))


def find_roots(home: Home) -> dict[str, psutil.Process]:
    """The processes that a running demo's others come from: the demo itself and the keeper of its services."""
    ids: dict[str, int] = {}
    try:
        ids["demo"] = json.loads((home.run / "demo.json").read_text())["process_id"]
    except (OSError, ValueError, KeyError):
        return {}
    state = find_state(home)
    if state is not None:
        ids["services"] = state.process_id
    roots = {}
    for name, process_id in ids.items():
        try:
            roots[name] = psutil.Process(process_id)
        except psutil.NoSuchProcess:
            continue
    return roots


def find_processes(roots: Iterable[psutil.Process]) -> list[tuple[str, psutil.Process]]:
    """Every process below some, with the name of its part."""
    found: dict[int, tuple[str, psutil.Process]] = {}
    for root in roots:
        for process in (root, *root.children(recursive=True)):
            try:
                found[process.pid] = (name_part(process.cmdline()), process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
    return list(found.values())


def name_part(command_line: list[str]) -> str:
    """Which part of the demo a command line belongs to."""
    line = " ".join(command_line)
    for word, part in (
        ("core.project.serve", "web"),
        (" worker ", "worker"),
        (" beat ", "beat"),
        ("core.project.listen", "listener"),
        ("core.project.embedded.keeper", "keeper of the services"),
        ("postgres", "PostgreSQL"),
        ("valkey", "Valkey"),
    ):
        if word in line:
            return part
    return "supervisor"


def measure_process(process: psutil.Process) -> tuple[float, bool]:
    """MB of a process, and whether it is its proportional share (Linux, and a process that we may look into)."""
    try:
        with process.oneshot():
            full = process.memory_full_info()
            share = getattr(full, "pss", None)
            return ((share if share is not None else full.rss) / 1e6, share is not None)
    except psutil.AccessDenied:
        return process.memory_info().rss / 1e6, False
    except psutil.NoSuchProcess:
        return 0.0, True
