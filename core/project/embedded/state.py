"""What the keeper of the embedded services and their users agree on: files, locks and the keeper's state."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from core.project.embedded.home import Home, write_private
from core.project.embedded.locks import FileLock

Phase = Literal["starting", "ready", "failed", "stopping", "stopped"]


@dataclass(frozen=True, kw_only=True)
class KeeperState:
    """How far the keeper is; `message` says what went wrong where it failed, `processes` the ids of its services."""

    phase: Phase
    process_id: int
    message: str = ""
    processes: dict[str, int] | None = None


def users_lock(home: Home) -> FileLock:
    """Held shared by whoever uses the services; the keeper takes it alone when it stops them."""
    return FileLock(home.run / "users.lock")


def keeper_lock(home: Home) -> FileLock:
    """Held by the keeper for as long as it lives."""
    return FileLock(home.run / "keeper.lock")


def spawn_lock(home: Home) -> FileLock:
    """Held while somebody finds out whether a keeper has to be started."""
    return FileLock(home.run / "spawn.lock")


def write_state(home: Home, state: KeeperState) -> None:
    """Tell the users how far the keeper is."""
    write_private(home.run / "keeper.json", json.dumps(asdict(state)))


def find_state(home: Home) -> KeeperState | None:
    """The keeper's last word, or None where there never was a keeper."""
    try:
        return KeeperState(**json.loads((home.run / "keeper.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
