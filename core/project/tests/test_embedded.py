"""The embedded services, started for real: who may do what in them, and what a kill at any point leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from core.project.embedded import Home, Lease, ServiceError, errors, open_services
from core.project.embedded.home import CHECKOUT, get_secrets
from core.project.embedded.state import keeper_lock

WAIT_SECONDS = 60

# Takes a lease, says so, and holds on until it is killed.
HOLD_A_LEASE = """
import time
from core.project.embedded import open_services
open_services(throw_away=True)
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def empty_home() -> Iterator[Home]:
    """A home below a folder that only its owner may enter, as mkdtemp makes it; its path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="evosense-"))
    home = Home(folder / "home")
    yield home
    assert wait_for(lambda: keeper_lock(home).is_free() if home.run.exists() else True)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def made_home() -> Iterator[Home]:
    """A home that was started once and stopped, to be copied: making a database takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="evosense-made-"))
    home = Home(folder / "home")
    assert open_services(home, throw_away=True).close(wait_seconds=WAIT_SECONDS) is True
    yield home
    shutil.rmtree(folder)


@pytest.fixture
def home(empty_home: Home, made_home: Home) -> Home:
    """A home that was started before."""
    subprocess.run(["cp", "-a", made_home.path, empty_home.path], check=True)
    return empty_home


def wait_for(condition: Callable[[], bool]) -> bool:
    """Whether a condition comes true within WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def find_process_ids(lease: Lease) -> dict[str, int]:
    state = lease.get_state()
    return {"keeper": state.process_id, **(state.processes or {})}


def count_alive(process_ids: dict[str, int]) -> list[str]:
    return [name for name, process_id in process_ids.items() if is_alive(process_id)]


def is_alive(process_id: int) -> bool:
    """Whether a process runs; it may be gone at any moment of asking."""
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_roles_and_privileges_are_the_least_that_work(home: Home) -> None:
    lease = open_services(home, throw_away=True)
    with psycopg.connect(lease.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        assert owner.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolcanlogin ORDER BY rolname"
        ).fetchall() == [
            ("evosense_app", False, False, False, False),
            ("evosense_owner", False, False, True, False),
            ("postgres", True, True, True, True),
        ]
        assert owner.execute(
            "SELECT current_database(), pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datlocprovider, datlocale "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchall() == [("evosense", "evosense_owner", "UTF8", "b", "PG_UNICODE_FAST")]
        assert owner.execute("SELECT extname FROM pg_extension ORDER BY extname").fetchall() == [
            ("btree_gin",),
            ("pg_trgm",),
            ("plpgsql",),
            ("unaccent",),
            ("vector",),
        ]
        owner.execute("CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, body text)")
        assert owner.execute(
            "SELECT privilege_type FROM information_schema.table_privileges WHERE grantee = 'evosense_app' ORDER BY 1"
        ).fetchall() == [("DELETE",), ("INSERT",), ("SELECT",), ("UPDATE",)]
    with psycopg.connect(lease.environment["DATABASE_URL"], autocommit=True) as app:
        app.execute("INSERT INTO notes (body) VALUES ('olá')")
        assert app.execute("SELECT id, body FROM notes").fetchall() == [(1, "olá")]
        for statement in ("TRUNCATE notes", "DROP TABLE notes", "CREATE TABLE mine (id int)", "SET ROLE evosense_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
    assert lease.close(wait_seconds=WAIT_SECONDS) is True


def test_both_services_ask_for_their_password_and_only_their_owner_reads_it(home: Home) -> None:
    lease = open_services(home, throw_away=True)
    for role in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        user, _, rest = lease.environment[role].removeprefix("postgresql://").partition(":")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgresql://{user}:guess@{rest.split('@', 1)[1]}")
    port = lease.environment["REDIS_URL"].rsplit(":", 1)[1]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(port)).ping()
    valkey = redis.Redis.from_url(lease.environment["REDIS_URL"])
    assert valkey.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert valkey.config_get("bind") == {"bind": "127.0.0.1"}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in home.run.glob("*.json")} == {
        "env.json": "0o600",
        "keeper.json": "0o600",
        "secrets.json": "0o600",
    }
    assert json.loads(home.environment_file.read_text()) == lease.environment
    lease.close()


def test_a_second_lease_uses_the_same_services_and_the_last_one_stops_them(home: Home) -> None:
    first = open_services(home, throw_away=True)
    second = open_services(home, throw_away=True)
    process_ids = find_process_ids(first)
    assert find_process_ids(second) == process_ids
    assert first.close(wait_seconds=3) is False
    assert count_alive(process_ids) == ["keeper", "postgres", "valkey"]
    assert second.close(wait_seconds=WAIT_SECONDS) is True
    assert wait_for(lambda: count_alive(process_ids) == [])


def test_a_killed_user_leaves_nothing_running(home: Home) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_LEASE], stdout=subprocess.PIPE, cwd=CHECKOUT, env={**os.environ, "EVOSENSE_HOME": str(home.path)}
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    lease = open_services(home)
    process_ids = find_process_ids(lease)
    lease.close()
    assert count_alive(process_ids) == ["keeper", "postgres", "valkey"]
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert wait_for(lambda: count_alive(process_ids) == [])


@pytest.mark.parametrize("victim", ["keeper", "postgres", "valkey"])
def test_a_kill_loses_nothing_that_was_committed(home: Home, victim: str) -> None:
    lease = open_services(home)
    process_ids = find_process_ids(lease)
    with psycopg.connect(lease.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(lease.environment["REDIS_URL"], single_connection_client=True) as valkey:
        valkey.set("kept", "42")
        # Valkey forces its file to disk once a second: until what this connection wrote is there.
        assert valkey.execute_command("WAITAOF", 1, 0, 1000 * WAIT_SECONDS) == [1, 0]
    os.kill(process_ids[victim], signal.SIGKILL)
    if victim == "keeper":
        assert wait_for(lambda: count_alive(process_ids) == [])
        lease.close()
        lease = open_services(home)
    else:
        assert wait_for(lambda: find_process_ids(lease).get(victim) != process_ids[victim])
        assert wait_for(lambda: lease.get_state().phase == "ready")
    with psycopg.connect(lease.environment["DATABASE_URL"]) as app:
        assert app.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    assert redis.Redis.from_url(lease.environment["REDIS_URL"]).get("kept") == b"42"
    lease.close()


def test_a_pid_file_that_names_another_program_does_not_stop_the_start(home: Home) -> None:
    open_services(home, throw_away=True).close(wait_seconds=WAIT_SECONDS)
    stranger = subprocess.Popen(["sleep", "600"])
    (home.postgres / "postmaster.pid").write_text(f"{stranger.pid}\n{home.postgres}\n")
    (home.run / "valkey.pid").write_text(f"{stranger.pid}\n")
    lease = open_services(home, throw_away=True)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    lease.close()


def test_a_first_start_that_was_cut_off_begins_anew(empty_home: Home) -> None:
    empty_home.make_folders()
    (empty_home.path / "postgres.new").mkdir()
    (empty_home.path / "postgres.new" / "PG_VERSION").write_text("18\n")
    lease = open_services(empty_home, throw_away=True)
    assert not (empty_home.path / "postgres.new").exists()
    lease.close()


def test_lost_secrets_are_made_anew_and_the_data_stays(home: Home) -> None:
    lease = open_services(home, throw_away=True)
    with psycopg.connect(lease.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    lease.close(wait_seconds=WAIT_SECONDS)
    lost = get_secrets(home)
    shutil.rmtree(home.run)
    lease = open_services(home, throw_away=True)
    assert get_secrets(home) != lost
    with psycopg.connect(lease.environment["DATABASE_URL"]) as app:
        assert app.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    lease.close()


def test_a_path_too_long_for_a_socket_is_served_over_loopback(empty_home: Home) -> None:
    deep = Home(empty_home.path / ("d" * 90))
    lease = open_services(deep, throw_away=True)
    assert "@127.0.0.1:" in lease.environment["DATABASE_URL"]
    with psycopg.connect(lease.environment["DATABASE_URL"]) as app:
        assert app.execute("SELECT current_user").fetchall() == [("evosense_app",)]
    assert lease.close(wait_seconds=WAIT_SECONDS) is True


def test_data_of_another_major_version_is_left_alone_and_named(empty_home: Home) -> None:
    empty_home.make_folders()
    empty_home.postgres.mkdir()
    (empty_home.postgres / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServiceError) as raised:
        open_services(empty_home, throw_away=True)
    assert str(raised.value) == (
        f"{empty_home.postgres} was written by PostgreSQL 17, and this is PostgreSQL 18. "
        "Move that folder away (or run `make clean`, which deletes its data) and start again."
    )


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ('initdb: error: could not write file "x": No space left on device', ["No space left on device"]),
        ("npm error code ENOSPC", ["ENOSPC"]),
        ("FATAL:  could not extend file: Disk quota exceeded", ["Disk quota exceeded"]),
        ("LOG:  database system is ready to accept connections", []),
    ],
)
def test_a_full_disk_is_recognised_in_what_programs_print(printed: str, words: list[str]) -> None:
    assert errors.find_disk_full_words(printed) == words


def test_a_nearly_full_disk_is_told_before_anything_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "count_free_bytes", lambda _folder: 12_000_000)
    with pytest.raises(ServiceError) as raised:
        errors.check_free_disk(home.path)
    assert str(raised.value) == (
        f"The disk that holds {home.path} is nearly full: 12 MB free, 150 MB needed. Make room there and start again."
    )


@pytest.mark.parametrize(
    ("free_bytes", "printed", "told"),
    [
        (5_000_000_000, "FATAL: wrong", "it ended"),
        (5_000_000_000, "No space left on device", "The disk that holds {folder} is full (5000 MB free). Make room there and start again."),
        (0, "", "The disk that holds {folder} is full (0 MB free). Make room there and start again."),
    ],
)
def test_a_failure_is_put_down_to_the_disk_where_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_bytes: int, printed: str, told: str
) -> None:
    monkeypatch.setattr(errors, "count_free_bytes", lambda _folder: free_bytes)
    assert errors.describe_failure(tmp_path, printed=printed, otherwise="it ended") == told.format(folder=tmp_path)
