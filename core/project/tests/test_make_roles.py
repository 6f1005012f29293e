"""`deploy/make-roles.sh`, run for real against a new PostgreSQL: the roles that it makes are bound by row-level security.

The server is made by hand, as a person makes one: a superuser with a password and nothing else. Every connection needs its password.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.project.embedded.children import choose_account, run_as, start_child
from core.project.embedded.home import CHECKOUT
from core.project.embedded.postgres import EXTENSIONS, find_bundle

SCRIPT = CHECKOUT / "deploy" / "make-roles.sh"
# What a careless shell or psql would trip over stands in the passwords.
PASSWORDS = {"postgres": "super-geheim", "evosense_owner": 'o\'wner $HOME \\ "x"', "evosense_app": "a'pp; DROP TABLE x --"}
BIN = find_bundle() / "bin"
# Two tenants' rows behind a policy as the migrations write it: forced, so that it binds the owner as well.
TABLE = """
CREATE TABLE note (tenant_id int NOT NULL, text text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (tenant_id = nullif(current_setting('evosense.tenant', true), '')::int);
SELECT set_config('evosense.tenant', '1', false); INSERT INTO note VALUES (1, 'ours');
SELECT set_config('evosense.tenant', '2', false); INSERT INTO note VALUES (2, 'theirs');
"""


@dataclass(frozen=True)
class Server:
    """A running server, reached by its socket alone."""

    folder: Path

    def connect(self, role: str, *, password: str | None = None, database: str = "evosense") -> psycopg.Connection[Any]:
        secret = PASSWORDS[role] if password is None else password
        return psycopg.connect(host=str(self.folder), user=role, password=secret, dbname=database, autocommit=True)

    def make_roles(self) -> subprocess.CompletedProcess[str]:
        """Run the script as docs/operations.md says."""
        environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}", "PGHOST": str(self.folder), "PGPASSWORD": PASSWORDS["postgres"],
            "OWNER_PASSWORD": PASSWORDS["evosense_owner"], "APP_PASSWORD": PASSWORDS["evosense_app"], "HOME": str(self.folder),
        }  # fmt: skip
        return subprocess.run(["bash", str(SCRIPT)], env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="evosense-roles-"))
    account = choose_account([folder, BIN], like_owner_of=CHECKOUT)
    password = folder / "password"
    password.write_text(PASSWORDS["postgres"])
    if account is not None:
        for path in (folder, password):
            os.chown(path, account.user_id, account.group_id)
    made = run_as(
        [BIN / "initdb", "--pgdata", folder / "data", "--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--no-sync"],
        account=account,
    )
    assert made.returncode == 0, made.stdout
    options = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "io_method=sync", "max_connections=20")
    with (folder / "log").open("ab") as log:
        process = start_child(
            [BIN / "postgres", "-D", folder / "data", *(part for option in options for part in ("-c", option))],
            log=log, death_signal=signal.SIGINT, account=account,
        )  # fmt: skip
    try:
        made_server = Server(folder)
        wait_until_it_answers(made_server, process)
        yield made_server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        shutil.rmtree(folder)


def wait_until_it_answers(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            server.connect("postgres", database="postgres").close()
            return
        except psycopg.OperationalError:
            assert process.poll() is None and time.monotonic() < deadline, (server.folder / "log").read_text()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def made(server: Server) -> Server:
    done = server.make_roles()
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    with server.connect("evosense_owner") as owner:
        owner.execute(TABLE)
    return server


def read(connection: psycopg.Connection[Any], statement: str) -> list[Any]:
    return connection.execute(statement.encode()).fetchall()


def test_the_roles_are_what_they_have_to_be(made: Server) -> None:
    with made.connect("postgres") as superuser:
        assert read(superuser, "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles"
                    " WHERE rolname LIKE 'evosense%' ORDER BY 1") == [
            ("evosense_app", False, False, False, True), ("evosense_owner", False, False, False, True),
        ]  # fmt: skip
        assert read(superuser, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'evosense'") == [("evosense_owner",)]
        assert {name for (name,) in read(superuser, "SELECT extname FROM pg_extension")} >= set(EXTENSIONS)
        # Neither is a member of any role through which it would have more.
        assert read(superuser, "SELECT count(*) FROM pg_auth_members WHERE pg_get_userbyid(member) LIKE 'evosense%'") == [(0,)]


@pytest.mark.parametrize("role", ["evosense_app", "evosense_owner"])
def test_a_failed_statement_leaves_no_words_in_the_log(made: Server, role: str) -> None:
    with made.connect(role) as connection:
        assert read(connection, "SHOW log_min_error_statement") == [("panic",)]
        assert read(connection, "SHOW log_error_verbosity") == [("terse",)]


@pytest.mark.parametrize("role", ["evosense_app", "evosense_owner"])
def test_a_role_sees_the_tenant_that_is_named_and_no_other(made: Server, role: str) -> None:
    with made.connect(role) as connection:
        assert read(connection, "SELECT text FROM note") == []
        connection.execute("SELECT set_config('evosense.tenant', '1', false)")
        assert read(connection, "SELECT text FROM note") == [("ours",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO note VALUES (2, 'across')")


@pytest.mark.parametrize(
    "statement",
    [
        "SET row_security = off; SELECT text FROM note",
        "SET ROLE evosense_owner",
        "SET ROLE postgres",
        "ALTER ROLE evosense_app BYPASSRLS",
        "ALTER ROLE evosense_app SUPERUSER",
        "CREATE ROLE other BYPASSRLS",
        "ALTER TABLE note DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE note NO FORCE ROW LEVEL SECURITY",
        "CREATE POLICY everybody ON note USING (true)",
        "DROP POLICY own ON note",
        "TRUNCATE note",
        "DROP TABLE note",
        "ALTER TABLE note OWNER TO evosense_app",
        "CREATE TABLE mine (x int)",
        "COPY note TO PROGRAM 'cat'",
        "SET log_min_error_statement = 'error'",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_can_not_get_around_it(made: Server, statement: str) -> None:
    with made.connect("evosense_app") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_each_role_needs_its_own_password(made: Server) -> None:
    for role, wrong in (("evosense_app", PASSWORDS["evosense_owner"]), ("evosense_owner", ""), ("postgres", PASSWORDS["evosense_app"])):
        with pytest.raises(psycopg.OperationalError):
            made.connect(role, password=wrong)


def test_a_second_run_changes_nothing_and_says_why(made: Server) -> None:
    again = made.make_roles()
    assert again.returncode != 0
    assert 'role "evosense_owner" already exists' in again.stderr
    assert not any(secret in again.stderr + again.stdout for secret in PASSWORDS.values())
    with made.connect("evosense_app") as connection:
        assert read(connection, "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False,)]
