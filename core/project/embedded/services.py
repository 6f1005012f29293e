"""The users' side of the embedded services: a lease on them for as long as a command runs."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.project.embedded.errors import ServiceError, describe_failure, describe_full_disk, is_disk_full, read_tail
from core.project.embedded.home import CHECKOUT, Home, get_home
from core.project.embedded.locks import FileLock
from core.project.embedded.state import KeeperState, find_state, keeper_lock, spawn_lock, users_lock

# The first start makes the data folder; a start after a crash replays the log.
READY_SECONDS = 120
CONFIGURED_BY = ("DATABASE_URL", "REDIS_URL")

_lease: "Lease | None" = None


@dataclass
class Lease:
    """The right to use the services: they run until the last lease is closed, or its process ends."""

    home: Home
    lock: FileLock
    environment: dict[str, str]

    def is_kept(self) -> bool:
        """Whether the keeper still keeps the services."""
        return not keeper_lock(self.home).is_free()

    def get_state(self) -> KeeperState:
        """The keeper's last word."""
        state = find_state(self.home)
        if state is None:
            raise ServiceError(f"The state of the embedded services is gone from {self.home.run}. Start again.")
        return state

    def close(self, *, wait_seconds: float = 0) -> bool:
        """Give the services back; wait until they are stopped, where nobody else uses them. Returns whether they are."""
        self.lock.release()
        began = time.monotonic()
        while time.monotonic() - began < wait_seconds:
            if keeper_lock(self.home).is_free():
                return True
            state = find_state(self.home)
            # The keeper looks every fifth of a second; where it goes on after a second, somebody else needs it.
            if state is not None and state.phase == "ready" and time.monotonic() - began > 1:
                return False
            time.sleep(0.05)
        return keeper_lock(self.home).is_free()


def open_services(
    home: Home | None = None, *, throw_away: bool = False, with_valkey: bool = True, on_wait: Callable[[str], None] | None = None
) -> Lease:
    """Start the embedded services where they don't run and take a lease on them. Raises ServiceError with what is wrong.

    `on_wait` is told once, in words, when a start takes longer than an instant.
    """
    home = home or get_home()
    try:
        home.make_folders()
        lock = users_lock(home)
        # Waits here while a keeper is stopping.
        lock.take(shared=True)
        with spawn_lock(home):
            if keeper_lock(home).is_free():
                _spawn_keeper(home, throw_away=throw_away, with_valkey=with_valkey)
            _wait_until_ready(home, on_wait)
        environment = json.loads(home.environment_file.read_text())
    except OSError as error:
        if is_disk_full(error):
            raise ServiceError(describe_full_disk(home.path)) from error
        raise ServiceError(f"{home.path} can't be used: {error}") from error
    return Lease(home=home, lock=lock, environment=environment)


def environment(*, on_wait: Callable[[str], None] | None = None) -> dict[str, str]:
    """The settings that Django needs: the configured ones where both services are configured, else the embedded services'.

    Embedded services are started where they don't run, and stay for as long as this process lives. Raises ServiceError.
    """
    global _lease
    configured = {name: os.environ[name] for name in CONFIGURED_BY if os.environ.get(name)}
    if len(configured) == len(CONFIGURED_BY):
        return configured
    if _lease is None:
        _lease = open_services(on_wait=on_wait)
    return {**_lease.environment, **configured}


def _spawn_keeper(home: Home, *, throw_away: bool, with_valkey: bool) -> None:
    state_file = home.run / "keeper.json"
    state_file.unlink(missing_ok=True)
    arguments = [*(["--throw-away"] if throw_away else []), *([] if with_valkey else ["--without-valkey"])]
    with home.get_log("services").open("ab") as log:
        # A session of its own: Ctrl-C at the terminal is for whoever uses the services, not for them.
        process = subprocess.Popen(
            [sys.executable, "-m", "core.project.embedded.keeper", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
            env={**os.environ, "EVOSENSE_HOME": str(home.path)},
            start_new_session=True,
        )
    deadline = time.monotonic() + 20
    while not state_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise _describe_keeper_end(home)
        time.sleep(0.01)


def _wait_until_ready(home: Home, on_wait: Callable[[str], None] | None) -> None:
    began = time.monotonic()
    told = on_wait is None
    while True:
        state = find_state(home)
        if state is not None and state.phase == "ready" and not keeper_lock(home).is_free():
            return
        if state is not None and state.phase == "failed":
            raise ServiceError(state.message)
        seconds = time.monotonic() - began
        if seconds > 3 and keeper_lock(home).is_free():
            raise _describe_keeper_end(home)
        if seconds > READY_SECONDS:
            raise ServiceError(f"The embedded services did not start within {READY_SECONDS} seconds: see {home.logs}")
        if seconds > 0.5 and not told and on_wait is not None:
            told = True
            first = not home.postgres.exists()
            on_wait("making the database (first start)" if first else "starting PostgreSQL and Valkey")
        time.sleep(0.02)


def _describe_keeper_end(home: Home) -> ServiceError:
    printed = read_tail(home.get_log("services"))
    otherwise = f"The keeper of the embedded services ended:\n{printed}"
    return ServiceError(describe_failure(home.path, printed=printed, otherwise=otherwise))
