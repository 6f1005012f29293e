"""What the test suite runs on: its own PostgreSQL and Valkey below `.evosense/test`, never those of a running demo.

Loaded by pytest before Django's settings are read (`-p core.project.testing` in pyproject.toml), because importing it points this
process's environment at the test services. Nothing is started by the import; `conftest.py` does that when a test needs it.
"""

import hashlib
import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from core.project.embedded.home import CHECKOUT, Home, get_secrets
from core.project.embedded.keeper import wait_until_ready
from core.project.embedded.locks import FileLock
from core.project.embedded.ports import LOOPBACK
from core.project.embedded.postgres import APP_ROLE, OWNER_ROLE, Postgres
from core.project.embedded.services import Lease, open_services
from core.project.embedded.valkey import Valkey

HOME = Home(CHECKOUT / ".evosense" / "test")
RUNS = HOME.path / "runs"
# Several runs may go on at once: each has a database and a Valkey of its own on the shared PostgreSQL.
RUN_HOME = Home(RUNS / str(os.getpid()))
RUN_DATABASE = f"test_{os.getpid()}"
KEPT_TEMPLATES = 4
# What migrations are made of: where none of it changed, a migrated database of an earlier run is copied.
MIGRATION_SOURCES = ("*/migrations/*.py", "core/*.py", "requirements.lock")


def _reserve_port() -> socket.socket:
    reserved = socket.socket()
    reserved.bind((LOOPBACK, 0))
    return reserved


_reserved = _reserve_port()
RUN_HOME.make_folders()
VALKEY = Valkey(home=RUN_HOME, secrets=get_secrets(RUN_HOME), port=_reserved.getsockname()[1], throw_away=True)

os.environ.update(
    {
        "EVOSENSE_HOME": str(HOME.path),
        # Without a host that anybody listens on, until `migrated_database` says where.
        "DATABASE_URL": f"postgresql://{APP_ROLE}@{LOOPBACK}:1/tests_that_use_the_database_ask_for_it",
        "DATABASE_OWNER_URL": f"postgresql://{OWNER_ROLE}@{LOOPBACK}:1/tests_that_use_the_database_ask_for_it",
        "REDIS_URL": VALKEY.get_url(),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(CHECKOUT / ".evosense" / "cache" / "hypothesis"),
    }
)
# The pages are those of the real bundle.
if not (HOME.path / "web-dist").is_symlink():
    (HOME.path / "web-dist").symlink_to(Path("..") / "web-dist")


@contextmanager
def running_valkey() -> Iterator[str]:
    """This run's own Valkey, empty, and its address; gone afterwards."""
    _remove_dead_runs()
    _reserved.close()
    VALKEY.start()
    try:
        wait_until_ready(VALKEY)
        yield VALKEY.get_url()
    finally:
        VALKEY.stop()
        shutil.rmtree(RUN_HOME.path, ignore_errors=True)


@contextmanager
def migrated_database() -> Iterator[tuple[str, str]]:
    """This run's own migrated database: its addresses as the application's role and as its owner. Dropped afterwards."""
    lease = open_services(HOME, throw_away=True, with_valkey=False)
    postgres = Postgres(home=HOME, secrets=get_secrets(HOME), throw_away=True)
    try:
        with psycopg.connect(lease.environment["DATABASE_OWNER_URL"], autocommit=True) as connection:
            with FileLock(HOME.run / "template.lock"):
                _drop_dead_databases(connection)
                template = _make_template(connection, postgres, lease)
                _execute(connection, "CREATE DATABASE {} TEMPLATE {}", RUN_DATABASE, template)
            app_url, owner_url = (_replace_database(lease.environment[name]) for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
            # For the commands that a test starts as processes of their own.
            os.environ.update({"DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url})
            try:
                yield app_url, owner_url
            finally:
                _wait_until_unused(connection, RUN_DATABASE)
                _execute(connection, "DROP DATABASE {}", RUN_DATABASE)
    finally:
        lease.close()


def _make_template(connection: psycopg.Connection, postgres: Postgres, lease: Lease) -> str:
    template = f"template_{compute_migrations_hash()}"
    if template in _find_databases(connection, "template\\_%"):
        return template
    _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "migrating")
    _execute(connection, "CREATE DATABASE {}", "migrating")
    _migrate(_replace_database(lease.environment["DATABASE_OWNER_URL"], database="migrating"))
    _execute(connection, "ALTER DATABASE {} RENAME TO {}", "migrating", template)
    for old in _find_databases(connection, "template\\_%")[:-KEPT_TEMPLATES]:
        _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", old)
    return template


def _migrate(owner_url: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    from core.project.settings import parse_database_url

    owner = connections["owner"]
    owner.settings_dict.update(parse_database_url(owner_url))
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    owner.close()


def compute_migrations_hash() -> str:
    """A short hash of everything that migrations are made of."""
    digest = hashlib.sha256()
    for pattern in MIGRATION_SOURCES:
        for path in sorted(CHECKOUT.glob(pattern)):
            digest.update(f"{path.relative_to(CHECKOUT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def empty_tables(owner_url: str) -> None:
    """Empty every table of a database but those that migrations filled, as its owner: the application may not."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '20s'")
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
            )
        ]
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(map(sql.Identifier, tables))))


def _find_databases(connection: psycopg.Connection, pattern: str) -> list[str]:
    return [name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [pattern])]


def _drop_dead_databases(connection: psycopg.Connection) -> None:
    for name in _find_databases(connection, "test\\_%"):
        if not _is_alive(name.removeprefix("test_")):
            _execute(connection, "DROP DATABASE {} WITH (FORCE)", name)


def _remove_dead_runs() -> None:
    for folder in RUNS.iterdir():
        if not _is_alive(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process_id: str) -> bool:
    try:
        os.kill(int(process_id), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _replace_database(url: str, *, database: str = RUN_DATABASE) -> str:
    address, question_mark, query = url.partition("?")
    return f"{address.rsplit('/', 1)[0]}/{database}{question_mark}{query}"


def _wait_until_unused(connection: psycopg.Connection, database: str) -> None:
    """A closed connection's server process takes a moment to end, and the owner may not end the application's."""
    for _ in range(100):
        [(users,)] = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database])
        if not users:
            return
        time.sleep(0.05)


def _execute(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
