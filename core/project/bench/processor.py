"""Whose processor time it was while something was measured: each part of ours, and everybody else's on the machine."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Processor seconds since the machine's and the processes' starts."""

    at: float
    parts: dict[str, float]
    busy: float  # of all cores, whoever used them


def read_usage(roots: Mapping[str, int]) -> Usage:
    """Read the clocks of processes, given by part and id, each with what it started and is no part of its own."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # A guest's time is counted in the user's already.
    total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return Usage(
        at=time.monotonic(),
        parts={name: _read_family(root, but=set(roots.values()) - {root}) for name, root in roots.items()},
        busy=total - idle,
    )


def write_usage(before: Usage, after: Usage) -> str:
    """The cores that each part used between two readings, the busiest first, and those that others used, in a line."""
    seconds = after.at - before.at
    cores = {name: (used - before.parts.get(name, 0.0)) / seconds for name, used in after.parts.items()}
    others = max(0.0, (after.busy - before.busy) / seconds - sum(cores.values()))
    ours = ", ".join(f"{name} {used:.2f}" for name, used in sorted(cores.items(), key=lambda one: -one[1]) if used >= 0.005)
    return f"Cores in use: {ours}; by others on this machine {others:.2f}."


def _read_family(process_id: int, *, but: set[int]) -> float:
    seconds, waiting = 0.0, [process_id]
    while waiting:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(waiting.pop())
            used = process.cpu_times()
            seconds += used.user + used.system
            waiting += [child.pid for child in process.children() if child.pid not in but]
    return seconds
