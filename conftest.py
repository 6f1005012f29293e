"""How the whole suite reaches its database: connected as the application's role, so that row-level security binds every test.

Migrations run, and tables are emptied after tests that commit, as the role that owns the tables.
"""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase, override_settings
from pytest_django.plugin import DjangoDbBlocker

import core.project.celery  # noqa: F401  (tasks are queued by our application, on this run's Valkey, and not by a nameless one)
from core.project import testing
from core.project.settings import parse_database_url

pytest_plugins = ["tests.cast"]

# Side by side, the tests of a file stay together, because they share what is dear to set up, and all browser tests, because they share
# a running demo. What takes longest begins first, so that nobody waits for it at the end.
SHARED = ("tests/e2e/",)
LONGEST_FIRST = ("tests/e2e/", "ingestion/tests/test_rescore", "tests/drills/", "core/project/")


# First, because the plugin that shares the work out reads the marks in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay together where several processes share the work (`-n`), and put the longest first."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(next((folder for folder in SHARED if file.startswith(folder)), file)))
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
