"""An installation of its own below `.evosense/drill`: services, web, worker, beat and listener, each of which a drill may kill."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from core.project.embedded import Home, get_home, open_services
from core.project.embedded.locks import FileLock
from core.project.embedded.ports import find_port
from core.project.embedded.services import Lease
from core.project.embedded.state import find_state
from core.project.foreground import ask_ready
from core.project.processes import Supervisor, plan_beat, plan_listener, plan_web, plan_worker

HOST = "127.0.0.1"
READY_SECONDS = 90


@dataclass
class Installation:
    """A running installation. Everything in it is started again when it dies, as `evosense up` does."""

    home: Home
    lease: Lease
    port: int
    supervisor: Supervisor
    told: list[str] = field(default_factory=list)
    is_watched: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def kill(self, name: str) -> None:
        """kill -9 a part and what it started: "web", "worker", "listener", "valkey" or "postgres"."""
        process = psutil.Process(self.find_process_id(name))
        for one in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()

    @contextmanager
    def without_postgres(self) -> Iterator[None]:
        """PostgreSQL stopped as an administrator stops it, and started again afterwards."""
        keeper = self._get_state_process_id()
        postgres = self.find_process_id("postgres")
        # Its keeper would start it again at once.
        os.kill(keeper, signal.SIGSTOP)
        try:
            os.kill(postgres, signal.SIGINT)
            wait_until(lambda: not _is_running(postgres), seconds=30, what="PostgreSQL's end")
            yield
        finally:
            os.kill(keeper, signal.SIGCONT)

    def find_process_id(self, name: str) -> int:
        if name in self.supervisor.running:
            return self.supervisor.running[name].process.pid
        state = find_state(self.home)
        assert state is not None
        return (state.processes or {})[name]

    def watch(self) -> None:
        """Start again what ended, until told to stop."""
        while self.is_watched:
            with self.lock:
                self.supervisor.check()
            time.sleep(0.1)

    def _get_state_process_id(self) -> int:
        state = find_state(self.home)
        assert state is not None
        return state.process_id


@contextmanager
def running_installation(*, settings: dict[str, str], name: str = "drill") -> Iterator[Installation]:
    """Start everything on an empty database, set Django of this process up for it, and stop everything afterwards."""
    home = Home(get_home().path / name)
    home.make_folders()
    with ExitStack() as stack:
        # What one drill kills another would miss.
        stack.enter_context(FileLock(home.run / "drill.lock"))
        lease = open_services(home)
        stack.callback(lease.close, wait_seconds=30)
        port = find_port()
        environment = {**lease.environment, **settings, "EVOSENSE_HOME": str(home.path), "PUBLIC_URL": f"http://{HOST}:{port}"}
        os.environ.update(environment)
        bundle = home.path / "web-dist"
        if not bundle.is_symlink():
            bundle.symlink_to(Path("..") / "web-dist")
        _prepare_database()
        told: list[str] = []
        supervisor = Supervisor(home, environment=environment, tell=told.append)
        installation = Installation(home=home, lease=lease, port=port, supervisor=supervisor, told=told)
        stack.callback(supervisor.stop)
        supervisor.start(plan_web(host=HOST, port=port))
        wait_until(lambda: ask_ready(HOST, port) == "ok", seconds=READY_SECONDS, what="the web process")
        for plan in (plan_worker(), plan_listener(), plan_beat(home)):
            supervisor.start(plan)
        supervisor.is_starting = False
        watcher = threading.Thread(target=installation.watch, daemon=True)
        watcher.start()
        try:
            yield installation
        finally:
            installation.is_watched = False
            watcher.join(timeout=10)


def wait_until(condition: object, *, seconds: float, what: str) -> None:
    """Ask again and again; an error of the asking counts as no. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(Exception):
            if condition():  # type: ignore[operator]
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.2)


def _prepare_database() -> None:
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    from core.project.boot import boot_django

    boot_django()
    from core.project.database import migrate

    migrate(tell=lambda _migration: None)


def _is_running(process_id: int) -> bool:
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
