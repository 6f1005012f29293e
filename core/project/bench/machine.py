"""Which machine the figures belong to."""

import os
import platform

import psutil

from core.project.bench.report import Report


def describe_machine() -> dict[str, object]:
    """Cores that we may use, memory in MB, Python and system."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mb": round(psutil.virtual_memory().total / 1e6),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def write_machine() -> str:
    """The same in a line."""
    facts = describe_machine()
    return (
        f"{facts['cores']} cores, {facts['memory_mb']} MB, Python {facts['python']}, {facts['system']}; "
        f"load {facts['load']} before we began"
    )


def to_json(reports: list[Report], machine: dict[str, object]) -> dict[str, object]:
    """Everything that a run found."""
    return {"machine": machine, "benches": [report.to_json() for report in reports]}
