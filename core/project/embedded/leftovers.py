"""Finding and stopping what a killed predecessor left running, without ever touching anybody else's process."""

import contextlib
import signal
from collections.abc import Sequence
from pathlib import Path

import psutil

from core.project.embedded.errors import ServiceError


def find_leftover(process_id: int, *, marker: str) -> psutil.Process | None:
    """The running process with this id whose command line names `marker`, or None: an id may be another program's by now."""
    try:
        process = psutil.Process(process_id)
        return process if marker in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return None


def stop_leftover(pid_file: Path, *, marker: str, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Stop the process that a pid file's first line names, where it is ours; each signal gets its seconds.

    Returns whether there was one. A pid file that names nobody of ours is deleted. Raises ServiceError where ours goes on.
    """
    try:
        first_line = pid_file.read_text().split("\n", 1)[0].strip()
    except FileNotFoundError:
        return False
    leftover = find_leftover(int(first_line), marker=marker) if first_line.isdigit() else None
    if leftover is None:
        pid_file.unlink(missing_ok=True)
        return False
    for number, seconds in signals:
        with contextlib.suppress(psutil.NoSuchProcess):
            leftover.send_signal(number)
        with contextlib.suppress(psutil.TimeoutExpired):
            leftover.wait(seconds)
            return True
    raise ServiceError(f"Process {leftover.pid} of an earlier start can't be stopped. Stop it by hand: kill -9 {leftover.pid}")
