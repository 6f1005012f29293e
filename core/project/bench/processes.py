"""EvoSense's own processes on the benches' services, for benches that measure over real HTTP."""

import contextlib
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.project.bench.pairs import Tell
from core.project.embedded.home import Home, get_home
from core.project.embedded.ports import LOOPBACK, find_port
from core.project.embedded.state import find_state
from core.project.processes import ProcessPlan, Supervisor, plan_beat, plan_listener, plan_web, plan_worker

READY_SECONDS = 90
# As the product runs, but for a sign-in that outlives the bench and log lines that nobody reads.
SETTINGS = {"LOG_LEVEL": "ERROR", "ACCESS_TOKEN_MINUTES": "240"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The processes of a bench: where they answer."""

    address: str
    home: Home
    supervisor: Supervisor

    def check(self) -> None:
        """Raise RuntimeError where one of them has ended: what is measured then is not the product."""
        for name, running in self.supervisor.running.items():
            if running.process.poll() is not None:
                raise RuntimeError(f"{name} ended while it was measured; see {self.home.get_log(name)}")

    def find_process_ids(self) -> dict[str, int]:
        """The processes of a bench by part, the services that keep their data among them where they are this home's own."""
        state = find_state(self.home)
        services = (state.processes or {}) if state is not None else {}
        return {name: running.process.pid for name, running in self.supervisor.running.items()} | services


@contextmanager
def running_processes(*, tell: Tell, with_work: bool) -> Iterator[Running]:
    """The web process, and `with_work` the worker, the listener and beat as `evosense demo` starts them; stopped at the end.

    Django's settings and services are those of this process. Raises TimeoutError where the web process does not answer.
    """
    home, port = get_home(), find_port()
    address = f"http://{LOOPBACK}:{port}"
    supervisor = Supervisor(home, environment={**SETTINGS, "PUBLIC_URL": address}, tell=tell)
    try:
        supervisor.start(plan_web(host=LOOPBACK, port=port))
        plans: list[ProcessPlan] = [plan_worker(), plan_listener(), plan_beat(home)] if with_work else []
        for plan in plans:
            supervisor.start(plan)
        running = Running(address=address, home=home, supervisor=supervisor)
        wait_until(lambda: is_up(f"{address}/health/live"), seconds=READY_SECONDS, what="the web process", also=running.check)
        yield running
    finally:
        supervisor.stop()


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str, also: Callable[[], None] = lambda: None) -> None:
    """Ask again and again, and call `also` before each time. Raises TimeoutError where it does not come true in time."""
    deadline = time.monotonic() + seconds
    while True:
        also()
        if condition():
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.1)


def is_up(url: str) -> bool:
    """Whether a server of ours answers there with 200."""
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  (an address of our own)
        return bool(answer.status == 200)
    return False
