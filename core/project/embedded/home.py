"""Where everything that EvoSense writes lies, and the secrets that this installation made up for itself."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Home:
    """The one folder that commands write to (`.evosense` of the checkout, or `EVOSENSE_HOME`)."""

    path: Path

    @property
    def run(self) -> Path:
        """Locks, addresses and secrets of what is running."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only file."""
        return self.path / "valkey"

    @property
    def environment_file(self) -> Path:
        """The settings that the embedded services give to everything else (`DATABASE_URL` and the like)."""
        return self.run / "env.json"

    def make_folders(self) -> None:
        """Create what has to be there before the first process starts."""
        for folder in (self.path, self.run, self.logs, self.valkey):
            folder.mkdir(parents=True, exist_ok=True)
        self.run.chmod(0o711)

    def get_log(self, name: str) -> Path:
        """The log of a process."""
        return self.logs / f"{name}.log"


def get_home() -> Home:
    """The home of this process: `EVOSENSE_HOME`, else `.evosense` of the checkout."""
    given = os.environ.get("EVOSENSE_HOME")
    return Home(Path(given).resolve() if given else CHECKOUT / ".evosense")


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """Passwords and keys that were made at random on the first start and stay."""

    postgres_password: str
    owner_password: str
    app_password: str
    valkey_password: str
    secret_key: str


def get_secrets(home: Home) -> Secrets:
    """The secrets of this home, made at random where there are none yet; readable by their owner alone."""
    path = home.run / "secrets.json"
    try:
        return Secrets(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        made = {name: secrets.token_urlsafe(48 if name == "secret_key" else 24) for name in Secrets.__dataclass_fields__}
        write_private(path, json.dumps(made, indent=1))
        return Secrets(**made)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)
