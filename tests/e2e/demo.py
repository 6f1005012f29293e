"""Starting `evosense demo` as a person would, in a home of its own, and looking at what it started."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from core.project.embedded.home import CHECKOUT, Home
from core.project.embedded.state import find_state

EVOSENSE = Path(sys.executable).with_name("evosense")
# The demo's tenant is analysed for real the first time.
FIRST_START_SECONDS = 600
# What this run's own settings say must not reach a demo, which makes its own.
OWN_SETTINGS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY")


@dataclass
class Demo:
    """A running demo: `start`, then `stop` or `kill`."""

    home: Home
    port: int
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[str] | None = None
    printed: list[str] = field(default_factory=list)
    processor_seconds: float = 0

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://localhost:{self.port}"

    def start(self) -> "Demo":
        """Start it and wait until it says that it is ready. Raises AssertionError with what it printed otherwise."""
        self.home.make_folders()
        bundle = self.home.path / "web-dist"
        if not bundle.is_symlink():
            bundle.symlink_to(CHECKOUT / ".evosense" / "web-dist")
        began = time.monotonic()
        self.printed.clear()
        self.process = self.spawn()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line.rstrip("\n"))
            if "Ctrl-C stops everything" in line:
                self.processor_seconds = sum(map(count_processor_seconds, self.find_processes().values()))
                return self
            assert time.monotonic() - began < FIRST_START_SECONDS
        raise AssertionError("the demo ended:\n" + "\n".join(self.printed))

    def spawn(self) -> subprocess.Popen[str]:
        """Run the command with this demo's home and port."""
        environment = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
        return subprocess.Popen(
            [EVOSENSE, "demo", "--port", str(self.port), *self.arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=CHECKOUT,
            env={**environment, "EVOSENSE_HOME": str(self.home.path)},
        )

    def find_processes(self) -> dict[str, psutil.Process]:
        """Every process of the demo by its part; a part's children are numbered."""
        assert self.process is not None
        found = {"demo": psutil.Process(self.process.pid)}
        for child in found["demo"].children():
            found[self._name(child)] = child
        state = find_state(self.home)
        assert state is not None
        found["services"] = psutil.Process(state.process_id)
        for name, process_id in (state.processes or {}).items():
            found[name] = psutil.Process(process_id)
        for name, process in list(found.items()):
            if name not in ("demo", "services"):
                found |= {f"{name} {number}": child for number, child in enumerate(process.children(recursive=True), 1)}
        return found

    def send(self, number: signal.Signals) -> int:
        """Send a signal to the command and wait for its end; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        assert self.process.stdout is not None
        self.printed += [line.rstrip("\n") for line in self.process.stdout]
        self.process.stdout.close()
        return self.process.wait()

    def stop(self) -> None:
        """Stop it where it runs."""
        if self.process is not None and self.process.poll() is None:
            self.send(signal.SIGTERM)

    @staticmethod
    def _name(process: psutil.Process) -> str:
        command = " ".join(process.cmdline())
        return next((name for name, word in PARTS.items() if word in command), command)


PARTS = {"web": "core.project.serve", "worker": " worker ", "beat": " beat "}


def find_alive(processes: dict[str, psutil.Process]) -> list[str]:
    """The parts that still run."""
    alive = []
    for name, process in processes.items():
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(name)
    return alive


def wait_until_gone(processes: dict[str, psutil.Process], *, seconds: float = 60) -> list[str]:
    """Wait until none of them runs; returns those that still do."""
    deadline = time.monotonic() + seconds
    while find_alive(processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    return find_alive(processes)


def count_processor_seconds(process: psutil.Process) -> float:
    """Processor time of a process and of those that it started and that ended, in seconds."""
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def measure_memory(processes: dict[str, psutil.Process]) -> dict[str, int]:
    """Bytes of memory by part; what several share is divided among them, so that the sum is what the demo takes."""
    return {name: process.memory_full_info().pss for name, process in processes.items()}
