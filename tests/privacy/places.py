"""Everywhere that a value could have gone: each column of each table, each key of Valkey, what was logged, what servers were sent."""

import base64
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import redis
import structlog
from psycopg import sql

from tests.privacy.planted import Finder

# Numbers that a model computes, of texts whose every word is looked at where it goes into the model.
NOT_WORDS = ("vector", "halfvec", "sparsevec")


def find_in_database(owner_url: str, finder: Finder) -> dict[str, set[str]]:
    """Column → the planted values in it, of every column of every table and view, all tenants' rows.

    As the tables' owner, with row-level security taken off inside a transaction that is rolled back.
    """
    found: dict[str, set[str]] = {}
    with psycopg.connect(owner_url) as connection:
        for owned in _find_tables(connection):
            connection.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(owned))
        for schema, table, column, data_type in _find_columns(connection):
            rows = connection.execute(_select(schema, table, column, data_type)).fetchall()
            for (cell,) in rows:
                if values := finder.find(bytes(cell).decode("latin-1") if data_type == "bytea" else cell):
                    found.setdefault(f"{table}.{column}", set()).update(values)
        connection.rollback()
    return found


def _find_tables(connection: psycopg.Connection) -> list[sql.Identifier]:
    owned = "SELECT schemaname, tablename FROM pg_tables WHERE tableowner = current_user AND schemaname <> 'pg_catalog'"
    return [sql.Identifier(*names) for names in connection.execute(owned).fetchall()]


def _find_columns(connection: psycopg.Connection) -> list[tuple[str, str, str, str]]:
    return [
        (schema, table, column, data_type)
        for schema, table, column, data_type, kind in connection.execute(
            "SELECT table_schema, table_name, column_name, data_type, udt_name FROM information_schema.columns"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_name, ordinal_position"
        )
        if kind not in NOT_WORDS
    ]


def _select(schema: str, table: str, column: str, data_type: str) -> sql.Composed:
    read = sql.Identifier(column) if data_type == "bytea" else sql.SQL("{}::text").format(sql.Identifier(column))
    return sql.SQL("SELECT {} FROM {} WHERE {} IS NOT NULL").format(read, sql.Identifier(schema, table), sql.Identifier(column))


def read_valkey(url: str) -> dict[str, str]:
    """Database and key → everything under it, with the arguments of tasks that wait as they will be read."""
    kept: dict[str, str] = {}
    for number in range(16):
        client: Any = redis.Redis.from_url(f"{url}/{number}")
        for key in client.scan_iter():
            kept[f"{number}:{key.decode(errors='replace')}"] = " ".join(_read_items(client, key))
    return kept


def _read_items(client: Any, key: bytes) -> Iterator[str]:
    kind = client.type(key).decode()
    read: dict[str, Callable[[], Iterable[bytes]]] = {
        "string": lambda: [client.get(key)],
        "list": lambda: client.lrange(key, 0, -1),
        "set": lambda: client.smembers(key),
        "zset": lambda: client.zrange(key, 0, -1),
        "hash": lambda: [part for pair in client.hgetall(key).items() for part in pair],
        "stream": lambda: [str(entry).encode() for entry in client.xrange(key)],
    }
    for item in read[kind]():
        yield item.decode("latin-1")
        yield item.decode("utf-8", "replace")
        try:
            yield base64.b64decode(json.loads(item)["body"]).decode()  # a task as Celery writes it
        except (ValueError, TypeError, KeyError):
            continue


@contextmanager
def hear_logs() -> Iterator[list[str]]:
    """Everything that is logged by anyone, as the installation's own handlers write it, line by line."""
    lines: list[str] = []
    write = structlog.stdlib.ProcessorFormatter.format

    def note(self: structlog.stdlib.ProcessorFormatter, record: logging.LogRecord) -> str:
        lines.append(write(self, record))
        return lines[-1]

    level = logging.getLogger().level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structlog.stdlib.ProcessorFormatter, "format", note)
        log_everything()
        yield lines
    logging.getLogger().setLevel(level)


def log_everything() -> None:
    """Log at every level from here on; a command that sets Django up puts the level back."""
    logging.getLogger().setLevel(logging.DEBUG)
