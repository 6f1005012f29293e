"""The process that keeps PostgreSQL and Valkey for as long as anybody uses them, and stops them after the last one left.

Started by `embedded.open_services` as `python -m core.project.embedded.keeper`. The demo, an import and a question may overlap in
any order, and any of them may be killed: each holds a shared lock, and the kernel tells the keeper when the last is gone.
"""

import argparse
import json
import os
import signal
import sys
import time
from datetime import UTC, datetime

from core.project.embedded.errors import ServiceError, describe_full_disk, is_disk_full
from core.project.embedded.home import Home, get_home, get_secrets, write_private
from core.project.embedded.postgres import APP_ROLE, OWNER_ROLE, START_SECONDS, Postgres
from core.project.embedded.state import KeeperState, keeper_lock, users_lock, write_state
from core.project.embedded.valkey import Valkey

POLL_SECONDS = 0.2
# A service that ends is started again, a little later each time; one that ends this often in a row is given up.
RESTART_DELAYS_SECONDS = (0.5, 1.0, 2.0, 4.0)
# After this long without an end it counts from the beginning again.
CALM_SECONDS = 300

Service = Postgres | Valkey


class Keeper:
    """Starts the services, watches them, starts them again, stops them."""

    def __init__(self, home: Home, *, throw_away: bool, with_valkey: bool) -> None:
        self.home = home
        secrets = get_secrets(home)
        self.secrets = secrets
        self.postgres = Postgres(home=home, secrets=secrets, throw_away=throw_away)
        self.valkey = Valkey(home=home, secrets=secrets, throw_away=throw_away, port=self._find_last_valkey_port()) if with_valkey else None
        self.services: dict[str, Service] = {"postgres": self.postgres} | ({"valkey": self.valkey} if self.valkey else {})
        self.ends: dict[str, list[float]] = {name: [] for name in self.services}
        self.told_to_stop = False

    def start(self) -> None:
        """Start everything and write down the addresses. Raises ServiceError."""
        rotate_log(self.home, "postgres")
        rotate_log(self.home, "valkey")
        self.postgres.prepare()
        for service in self.services.values():
            service.start()
        for service in self.services.values():
            wait_until_ready(service)
        environment = {
            "DATABASE_URL": self.postgres.get_url(APP_ROLE),
            "DATABASE_OWNER_URL": self.postgres.get_url(OWNER_ROLE),
            "SECRET_KEY": self.secrets.secret_key,
        }
        if self.valkey is not None:
            environment["REDIS_URL"] = self.valkey.get_url()
        write_private(self.home.environment_file, json.dumps(environment, indent=1))

    def watch(self) -> None:
        """Return when nobody uses the services any more or a signal came. Raises ServiceError where one can't be kept."""
        users = users_lock(self.home)
        while not self.told_to_stop and not users.take(wait=False):
            for name, service in self.services.items():
                if service.process is not None and service.process.poll() is not None:
                    self._start_again(name, service)
            time.sleep(POLL_SECONDS)
        # The lock stays taken until this process is gone: a newcomer waits and then starts a keeper of its own.
        self._users = users

    def stop(self) -> None:
        """Stop everything, the data's keeper last."""
        for service in reversed(self.services.values()):
            service.stop()

    def write_state(self, state: KeeperState) -> None:
        """Tell the users how far we are."""
        write_state(self.home, state)

    def get_processes(self) -> dict[str, int]:
        """The process id of each service."""
        return {name: service.process.pid for name, service in self.services.items() if service.process is not None}

    def _start_again(self, name: str, service: Service) -> None:
        now = time.monotonic()
        self.ends[name] = [at for at in self.ends[name] if now - at < CALM_SECONDS] + [now]
        attempt = len(self.ends[name])
        say(f"{name} ended (attempt {attempt}). {service.describe_end()}")
        if attempt > len(RESTART_DELAYS_SECONDS):
            raise ServiceError(f"{name} ended {attempt} times within {CALM_SECONDS} seconds. {service.describe_end()}")
        time.sleep(RESTART_DELAYS_SECONDS[attempt - 1])
        port = service.port
        service.start()
        if service.port != port:
            raise ServiceError(f"{name} can't start again: its port {port} was taken by another program.")
        wait_until_ready(service)
        self.write_state(KeeperState(phase="ready", process_id=os.getpid(), processes=self.get_processes()))
        say(f"{name} runs again")

    def _find_last_valkey_port(self) -> int | None:
        try:
            address: str = json.loads(self.home.environment_file.read_text())["REDIS_URL"]
            return int(address.rsplit(":", 1)[1])
        except (FileNotFoundError, ValueError, KeyError):
            return None


def wait_until_ready(service: Service) -> None:
    """Wait for a service that was started. Raises ServiceError where it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not service.is_ready():
        if time.monotonic() > deadline:
            raise ServiceError(f"{type(service).__name__} did not start within {START_SECONDS} seconds: see {service.log}")
        time.sleep(0.02)


def rotate_log(home: Home, name: str, *, largest_bytes: int = 5_000_000) -> None:
    """Set a log that has grown aside, over the one set aside before."""
    log = home.get_log(name)
    if log.exists() and log.stat().st_size > largest_bytes:
        log.replace(log.with_suffix(".old.log"))


def say(text: str) -> None:
    """A line in the keeper's log."""
    print(datetime.now(UTC).isoformat(timespec="milliseconds"), text, flush=True)


def run(home: Home, *, throw_away: bool, with_valkey: bool) -> int:
    """Keep the services until nobody uses them. Returns the exit code."""
    lock = keeper_lock(home)
    for _ in range(40):
        # Whoever looks whether there is a keeper holds this lock for an instant.
        if lock.take(wait=False):
            break
        time.sleep(0.05)
    else:
        say("another keeper is there already")
        return 0
    process_id = os.getpid()
    write_state(home, KeeperState(phase="starting", process_id=process_id))
    keeper = Keeper(home, throw_away=throw_away, with_valkey=with_valkey)

    def take_signal(_number: int, _frame: object) -> None:
        keeper.told_to_stop = True

    signal.signal(signal.SIGTERM, take_signal)
    signal.signal(signal.SIGINT, take_signal)
    final = KeeperState(phase="stopped", process_id=process_id)
    try:
        keeper.start()
        say(f"services are ready: {keeper.get_processes()}")
        write_state(home, KeeperState(phase="ready", process_id=process_id, processes=keeper.get_processes()))
        keeper.watch()
        write_state(home, KeeperState(phase="stopping", process_id=process_id))
    except ServiceError as error:
        say(str(error))
        final = KeeperState(phase="failed", process_id=process_id, message=str(error))
    except OSError as error:
        message = describe_full_disk(home.path) if is_disk_full(error) else f"The embedded services can't run: {error}"
        say(message)
        final = KeeperState(phase="failed", process_id=process_id, message=message)
    finally:
        keeper.stop()
    say(f"services are stopped ({final.phase})")
    write_state(home, final)
    lock.release()
    return 0 if final.phase == "stopped" else 1


def main() -> int:
    """The command line of the keeper."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--throw-away", action="store_true", help="data that nobody will miss: nothing is forced to disk")
    parser.add_argument("--without-valkey", action="store_true", help="PostgreSQL alone")
    arguments = parser.parse_args()
    home = get_home()
    home.make_folders()
    return run(home, throw_away=arguments.throw_away, with_valkey=not arguments.without_valkey)


if __name__ == "__main__":
    sys.exit(main())
