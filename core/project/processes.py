"""The processes of a running EvoSense and their supervisor: started together, watched, started again, stopped together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.project.embedded.children import start_child
from core.project.embedded.errors import FULL_BYTES, count_free_bytes, describe_full_disk, find_disk_full_words, read_tail
from core.project.embedded.home import CHECKOUT, Home
from core.project.embedded.keeper import rotate_log

POLL_SECONDS = 0.2
# A process that ends is started again, a little later each time; one that ends more often than this in a row is given up.
RESTART_DELAYS_SECONDS = (1.0, 2.0, 5.0, 10.0)
# Checks are for `make lint`: in a worker they would import every page and route.
# The embedder's threads wait for each other a thousand times a text: spinning, they would take the very core that the other one, or
# the web process, waits for.
PROCESS_ENVIRONMENT = {"CELERY_SKIP_CHECKS": "1", "PYTHONUNBUFFERED": "1", "OMP_WAIT_POLICY": "passive"}
# After this long without an end it counts from the beginning again.
CALM_SECONDS = 300


class ProcessError(RuntimeError):
    """A process can't be kept running. The message is for the person at the terminal."""


@dataclass(frozen=True, kw_only=True)
class ProcessPlan:
    """How a process is started and stopped."""

    name: str
    arguments: tuple[str, ...]
    # Sent by the kernel when the supervisor is killed: it must end the process at once, whatever work is in hand.
    death_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10


def plan_web(*, host: str, port: int, workers: int = 1) -> ProcessPlan:
    """The web process."""
    arguments = ("-m", "core.project.serve", "--host", host, "--port", str(port), "--workers", str(workers))
    return ProcessPlan(name="web", arguments=(sys.executable, *arguments))


def plan_worker(*, concurrency: int = 1) -> ProcessPlan:
    """The Celery worker. A task that is cut off is done again: what it left waiting is found by the next one."""
    arguments = ("-m", "celery", "--app", "core.project.celery", "--quiet", "worker", "--concurrency", str(concurrency))
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")
    return ProcessPlan(name="worker", arguments=(sys.executable, *arguments, *quiet), death_signal=signal.SIGKILL)


def plan_listener() -> ProcessPlan:
    """The listener, which hears every channel. Of several, each channel is heard by exactly one."""
    return ProcessPlan(name="listener", arguments=(sys.executable, "-m", "core.project.listen"), stop_seconds=5)


def plan_beat(home: Home) -> ProcessPlan:
    """Celery beat, which queues what is due. It may run once in an installation."""
    schedule = str(home.run / "beat-schedule")
    arguments = (
        "-m",
        "celery",
        "--app",
        "core.project.celery",
        "--quiet",
        "beat",
        "--schedule",
        schedule,
        "--pidfile",
        "",
        "--loglevel",
        "INFO",
    )
    return ProcessPlan(name="beat", arguments=(sys.executable, *arguments), stop_seconds=5)


@dataclass
class Running:
    """A process that was started: when, and when its predecessors ended."""

    plan: ProcessPlan
    process: subprocess.Popen[bytes]
    ended_at: list[float] = field(default_factory=list)
    # The last lines of its log at its last end: the same ones are not told twice.
    last_words: str = ""
    start_again_at: float | None = None


class Supervisor:
    """Starts processes, watches them and stops them; what happens is told through `tell`, in words.

    Each process writes to its own log, or, without `log_to_files`, to our standard output.
    """

    def __init__(self, home: Home, *, environment: dict[str, str], tell: Callable[[str], None], log_to_files: bool = True) -> None:
        self.home = home
        self.log_to_files = log_to_files
        self.environment = {**os.environ, "EVOSENSE_HOME": str(home.path), **PROCESS_ENVIRONMENT, **environment}
        self.tell = tell
        self.running: dict[str, Running] = {}
        # Until everything ran once, an end is a mistake that a second try would only repeat.
        self.is_starting = True

    def start(self, plan: ProcessPlan) -> None:
        """Start a process; its output goes to its log."""
        if self.log_to_files:
            rotate_log(self.home, plan.name)
        self.running[plan.name] = Running(plan=plan, process=self._spawn(plan))

    def check(self) -> None:
        """Notice what ended and start it again. Raises ProcessError where something keeps ending."""
        now = time.monotonic()
        for running in self.running.values():
            if running.start_again_at is not None:
                if now >= running.start_again_at:
                    running.start_again_at = None
                    running.process = self._spawn(running.plan)
            elif running.process.poll() is not None:
                self._note_end(running, now)

    def stop(self) -> None:
        """Stop everything: first by asking, then by force. Work in hand gets each process's `stop_seconds`."""
        for running in self.running.values():
            if running.process.poll() is None:
                running.process.terminate()
        deadlines = [(running, time.monotonic() + running.plan.stop_seconds) for running in self.running.values()]
        for running, deadline in deadlines:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(max(0.0, deadline - time.monotonic()))
            kill_group(running.process)
        self.running.clear()

    def _spawn(self, plan: ProcessPlan) -> subprocess.Popen[bytes]:
        if not self.log_to_files:
            return start_child(
                plan.arguments, log=sys.stdout.fileno(), death_signal=plan.death_signal, environment=self.environment, folder=CHECKOUT
            )
        with self.home.get_log(plan.name).open("ab") as log:
            return start_child(plan.arguments, log=log, death_signal=plan.death_signal, environment=self.environment, folder=CHECKOUT)

    def _note_end(self, running: Running, now: float) -> None:
        name = running.plan.name
        kill_group(running.process)
        log = self.home.get_log(name)
        text = read_tail(log) if self.log_to_files else ""
        if find_disk_full_words(text) or count_free_bytes(self.home.path) < FULL_BYTES:
            raise ProcessError(describe_full_disk(self.home.path))
        running.ended_at = [at for at in running.ended_at if now - at < CALM_SECONDS] + [now]
        attempt = len(running.ended_at)
        what = f"{name} ended ({describe_exit(running.process.returncode)})."
        if self.log_to_files:
            what += f" The last lines of {log}:\n{indent(text)}"
        if self.is_starting:
            raise ProcessError(what)
        if attempt > len(RESTART_DELAYS_SECONDS):
            raise ProcessError(f"{what}\n{name} ended {attempt} times within {CALM_SECONDS} seconds, so everything stops.")
        delay = RESTART_DELAYS_SECONDS[attempt - 1]
        running.start_again_at = now + delay
        if text == running.last_words != "":
            what = f"{name} ended again ({describe_exit(running.process.returncode)}), for the same reason."
        running.last_words = text
        self.tell(f"{what}\n{name} is started again in {delay:.0f} s ({attempt} of {len(RESTART_DELAYS_SECONDS)}).")


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process and of those that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run_step(
    home: Home, arguments: Sequence[str], *, environment: dict[str, str], on_start: Callable[[subprocess.Popen[bytes]], None]
) -> int:
    """Run a Python module of ours to its end, its output on our own; it dies with us. Returns its exit code."""
    process = start_child(
        [sys.executable, "-m", *arguments],
        log=sys.stdout.fileno(),
        death_signal=signal.SIGKILL,
        environment={**os.environ, "EVOSENSE_HOME": str(home.path), **environment},
        folder=CHECKOUT,
    )
    on_start(process)
    try:
        return process.wait()
    finally:
        kill_group(process)


def describe_exit(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def indent(text: str) -> str:
    """Text set off from what surrounds it."""
    return "\n".join(f"    {line}" for line in text.splitlines())
