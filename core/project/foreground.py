"""What `evosense demo` and `evosense up` share: a supervisor in the foreground that stops everything, however it is asked to."""

import http.client
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType

import click

from core.project.embedded.home import Home
from core.project.embedded.ports import is_port_free
from core.project.processes import POLL_SECONDS, ProcessError, ProcessPlan, Supervisor, kill_group, run_step

READY_SECONDS = 90
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartError(RuntimeError):
    """EvoSense can't start or go on. The message is for the person at the terminal."""


class StopAsked(BaseException):
    """A signal asked us to stop. Not an Exception, so that nothing on the way takes it for an error."""


class Foreground:
    """A context in which processes run until a signal comes; leaving it stops all of them.

    `also_check` is called a few times a second and may raise StartError.
    """

    def __init__(
        self, home: Home, *, environment: dict[str, str], also_check: Callable[[], None] | None = None, log_to_files: bool = True
    ) -> None:
        self.home = home
        self.environment = environment
        self.also_check = also_check
        self.supervisor = Supervisor(home, environment=environment, tell=click.echo, log_to_files=log_to_files)
        self.began = time.monotonic()
        self._step: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Foreground":
        self.home.make_folders()
        for number in STOP_SIGNALS:
            signal.signal(number, self._take_signal)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> bool:
        for number in STOP_SIGNALS:
            # A second Ctrl-C must not leave half of it running.
            signal.signal(number, signal.SIG_IGN)
        if self._step is not None:
            kill_group(self._step)
        if self.supervisor.running:
            click.echo("Stopping …")
        self.supervisor.stop()
        return kind is StopAsked

    def use_environment(self, environment: dict[str, str]) -> None:
        """Add settings for the processes that are started from now on."""
        self.environment.update(environment)
        self.supervisor.environment.update(environment)

    def check_port(self, host: str, port: int) -> None:
        """Raise StartError where somebody else listens on the port."""
        if not is_port_free(port, host=host):
            raise StartError(f"Port {port} is in use by another program. Stop that one, or choose another: --port {port + 1}")

    def run_step(self, name: str, arguments: Sequence[str]) -> None:
        """Run a module of ours to its end, and say how long it took. Raises StartError where it fails."""
        began = time.monotonic()
        code = run_step(self.home, arguments, environment=self.environment, on_start=self._remember)
        self._step = None
        if code != 0:
            raise StartError(f"{name} failed (exit code {code}); what is wrong stands above.")
        self.tell_step(name, began)

    def start(self, plan: ProcessPlan) -> None:
        """Start a process that stays."""
        self.supervisor.start(plan)

    def wait_until_ready(self, host: str, port: int) -> None:
        """Wait until the web process says that it can do its work. Raises StartError."""
        began = time.monotonic()
        answer = "no answer"
        while time.monotonic() - began < READY_SECONDS:
            self._check()
            answer = ask_ready(host, port)
            if answer == "ok":
                self.supervisor.is_starting = False
                self.tell_step("web", began)
                return
            time.sleep(POLL_SECONDS / 2)
        raise StartError(f"The web process was not ready within {READY_SECONDS} seconds ({answer}). Its log: {self.home.get_log('web')}")

    def watch(self) -> None:
        """Watch until a signal comes. Raises StartError where something can't be kept running."""
        self.supervisor.is_starting = False
        while True:
            self._check()
            time.sleep(POLL_SECONDS)

    def tell_step(self, name: str, began: float) -> None:
        """A line for a step that is done, with its seconds."""
        click.echo(f"  {name:<28} {time.monotonic() - began:5.1f} s")

    def _check(self) -> None:
        try:
            self.supervisor.check()
        except ProcessError as error:
            raise StartError(str(error)) from error
        if self.also_check is not None:
            self.also_check()

    def _remember(self, process: subprocess.Popen[bytes]) -> None:
        self._step = process

    @staticmethod
    def _take_signal(_number: int, _frame: FrameType | None) -> None:
        raise StopAsked


def ask_ready(host: str, port: int) -> str:
    """What /health/ready says: "ok", or why not."""
    connection = http.client.HTTPConnection("127.0.0.1" if host in ("0.0.0.0", "") else host, port, timeout=5)  # noqa: S104
    try:
        connection.request("GET", "/health/ready", headers={"Host": "localhost"})
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        return "ok" if response.status == 200 else f"HTTP {response.status} {body[:300] if body.startswith('{') else ''}"
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
