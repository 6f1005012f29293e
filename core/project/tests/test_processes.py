"""The supervisor, with small programs in place of the real ones: what ends is started again, what is stopped is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from core.project import processes
from core.project.embedded.home import CHECKOUT, Home
from core.project.processes import ProcessError, ProcessPlan, Supervisor, describe_exit

STAYS = "import time; print('here', flush=True); time.sleep(600)"
ENDS = "print('one'); print('two'); raise SystemExit(3)"
# Ends only when it is killed, and has a child that would outlive it.
STUBBORN = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
print(child.pid, flush=True)
time.sleep(600)
"""


def plan(program: str, *, name: str = "part", stop_seconds: float = 5) -> ProcessPlan:
    return ProcessPlan(name=name, arguments=(sys.executable, "-c", program), stop_seconds=stop_seconds)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make_folders()
    return home


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervisor(home: Home, told: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(home, environment={}, tell=told.append)
    yield supervisor
    supervisor.stop()


def check_until(supervisor: Supervisor, condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether a condition comes true while the supervisor checks."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        supervisor.check()
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_gone(process_id: int) -> bool:
    """Whether a process has ended, or does so within half a minute: one that is killed is on its way out for a moment."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_a_process_that_ends_is_told_with_its_log_and_started_again(
    supervisor: Supervisor, told: list[str], home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "RESTART_DELAYS_SECONDS", (0.1, 0.1))
    supervisor.start(plan(STAYS))
    supervisor.is_starting = False
    first = supervisor.running["part"].process
    log = home.get_log("part")
    assert check_until(supervisor, lambda: log.read_text() == "here\n")
    first.kill()
    assert check_until(supervisor, lambda: log.read_text() == "here\nhere\n")
    assert supervisor.running["part"].process.pid != first.pid
    assert told == [f"part ended (signal SIGKILL). The last lines of {log}:\n    here\npart is started again in 0 s (1 of 2)."]


def test_a_process_that_keeps_ending_is_given_up(
    supervisor: Supervisor, told: list[str], home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "RESTART_DELAYS_SECONDS", (0.05, 0.05))
    supervisor.is_starting = False
    supervisor.start(plan(ENDS))
    with pytest.raises(ProcessError) as raised:
        check_until(supervisor, lambda: False)
    log = home.get_log("part")
    tail = "\n".join(["    one", "    two"] * 3)
    assert str(raised.value) == (
        f"part ended (exit code 3). The last lines of {log}:\n{tail}\npart ended 3 times within 300 seconds, so everything stops."
    )
    assert [text.rsplit("\n", 1)[1] for text in told] == [
        "part is started again in 0 s (1 of 2).",
        "part is started again in 0 s (2 of 2).",
    ]


def test_the_same_last_words_are_told_once(supervisor: Supervisor, told: list[str], home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "RESTART_DELAYS_SECONDS", (0.05, 0.05))
    supervisor.is_starting = False
    supervisor.start(plan("import sys; sys.exit(3)"))
    with pytest.raises(ProcessError):
        check_until(supervisor, lambda: False)
    log = home.get_log("part")
    assert told == [
        f"part ended (exit code 3). The last lines of {log}:\n    (empty)\npart is started again in 0 s (1 of 2).",
        "part ended again (exit code 3), for the same reason.\npart is started again in 0 s (2 of 2).",
    ]


def test_while_starting_an_end_is_final(supervisor: Supervisor, told: list[str], home: Home) -> None:
    supervisor.start(plan(ENDS))
    with pytest.raises(ProcessError) as raised:
        check_until(supervisor, lambda: False)
    assert str(raised.value) == f"part ended (exit code 3). The last lines of {home.get_log('part')}:\n    one\n    two"
    assert told == []


def test_a_full_disk_is_told_as_such(supervisor: Supervisor, home: Home) -> None:
    supervisor.start(plan("raise OSError(28, 'No space left on device')"))
    with pytest.raises(ProcessError, match=f"^The disk that holds {home.path} is full"):
        check_until(supervisor, lambda: False)


def test_stopping_kills_what_does_not_listen_and_its_children(supervisor: Supervisor, home: Home) -> None:
    supervisor.start(plan(STUBBORN, stop_seconds=0.3))
    supervisor.start(plan(STAYS, name="other"))
    log = home.get_log("part")
    assert check_until(supervisor, lambda: log.read_text().endswith("\n"))
    process_ids = [int(log.read_text()), *(running.process.pid for running in supervisor.running.values())]
    supervisor.stop()
    assert [is_gone(process_id) for process_id in process_ids] == [True, True, True]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_processes_end_with_their_supervisor(home: Home, number: signal.Signals) -> None:
    program = f"""
import time
from core.project.embedded.home import Home
from core.project.processes import ProcessPlan, Supervisor
from pathlib import Path
supervisor = Supervisor(Home(Path({str(home.path)!r})), environment={{}}, tell=print)
supervisor.start(ProcessPlan(name="part", arguments=({sys.executable!r}, "-c", {STAYS!r})))
print(supervisor.running["part"].process.pid, flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    assert parent.stdout is not None
    child_id = int(parent.stdout.readline())
    os.kill(parent.pid, number)
    parent.wait()
    parent.stdout.close()
    assert is_gone(child_id)


# A worker and the process that does its tasks: the latter follows the former, though it asks for that only when the former is gone.
FOLLOWS = """
import os, signal, sys, time
from core.project.embedded.children import follow_parent
parent = os.getpid()
if os.fork() == 0:
    print(os.getpid(), flush=True)
    while sys.argv[1] == "late" and os.getppid() == parent:
        time.sleep(0.01)
    follow_parent(signal.SIGKILL, parent_id=parent)
    print("follows", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("when", ["early", "late"])
def test_a_process_of_a_process_ends_with_it_whenever_it_was_killed(when: str) -> None:
    parent = subprocess.Popen([sys.executable, "-c", FOLLOWS, when], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    assert parent.stdout is not None
    child_id = int(parent.stdout.readline())
    if when == "early":
        assert parent.stdout.readline() == "follows\n"
    parent.kill()
    parent.wait()
    assert is_gone(child_id)
    assert parent.stdout.read() == ""
    parent.stdout.close()


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit code 0"), (3, "exit code 3"), (-9, "signal SIGKILL"), (-15, "signal SIGTERM"), (-250, "signal 250")]
)
def test_exit_codes_in_words(code: int, words: str) -> None:
    assert describe_exit(code) == words
