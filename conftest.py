"""How the whole suite reaches its database: connected as the application's role, so that row-level security binds every test.

Migrations run, and tables are emptied after tests that commit, as the role that owns the tables.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase, override_settings
from pytest_django.plugin import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

import core.project.celery  # noqa: F401  (tasks are queued by our application, on this run's Valkey, and not by a nameless one)
from core.project import testing
from core.project.settings import parse_database_url

pytest_plugins = ["tests.cast"]

# What takes longest begins first, so that nobody waits for it at the end.
LONGEST_FIRST = ("tests/e2e/", "ingestion/tests/test_rescore", "tests/drills/", "core/project/")


class FileScheduling(LoadScopeScheduling):
    """Where several processes share the work (`-n`), the tests of a file stay together, because they share what is dear to set up,
    and all browser tests, because they share a running demo."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/e2e/" if nodeid.startswith("tests/e2e/") else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling:
    """How the work is shared out. The plugin's own groups are read from node ids, which pytest 9.2 no longer lets it change."""
    return FileScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, after pytest-django has put those first that leave the database as it was."""
    items.sort(
        key=lambda item: next((place for place, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)), len(LONGEST_FIRST))
    )


@pytest.fixture(scope="session", autouse=True)
def valkey_url() -> Iterator[str]:
    """This run's own Valkey, which settings point at: task queue, live events, cache."""
    with testing.running_valkey() as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Making a password hard to guess is made to be slow, and hundreds of people are made here."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def database_urls(django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, str]]:
    """The run's database as the application's role and as its owner."""
    with django_db_blocker.unblock(), testing.migrated_database() as urls:
        yield urls


@pytest.fixture(scope="session")
def django_db_setup(database_urls: tuple[str, str], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point Django at the run's database: `default` is the application's role, `owner` the owner."""
    for alias, url in zip(("default", "owner"), database_urls, strict=True):
        # A connection that a thread of the application kept open would hold the database when the run drops it.
        connections[alias].settings_dict.update(parse_database_url(url) | {"CONN_MAX_AGE": 0})
    # Django empties tables by TRUNCATE over the test's own connection, which the application's role is not granted.
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda _case: testing.empty_tables(database_urls[1])  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def owner_connection(django_db_setup: None, database_urls: tuple[str, str]) -> Iterator[psycopg.Connection]:
    """A connection as the role that owns the tables, each statement on its own: for tests that change the schema by hand."""
    with psycopg.connect(database_urls[1], autocommit=True) as connection:
        yield connection
