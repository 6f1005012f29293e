"""The whole API against its own OpenAPI document: what it describes is accepted, anything else refused as it says, nothing breaks.

schemathesis makes up the calls from the document that the running application serves, bounded and the same in every run
(schemathesis.toml), as an administrator who is signed in and as a program with a key. A route that is added later is found by itself.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker
from schemathesis.cli import schemathesis

from core.models import Scope, Tenant
from core.project import testing
from core.sessions import begin_session
from core.tenancy import scope
from tests.cast import Cast, make_cast
from tests.contract.conftest import make_raw_key
from tests.contract.served import serving

MANY = 100_000  # limits have tests of their own
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture(scope="module")
def committed_cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker, database_urls: tuple[str, str]) -> Iterator[Cast]:
    """The cast, stored once for all calls: what is answered by another thread sees what is committed alone."""
    with django_db_blocker.unblock(), override_settings(QUESTIONS_PER_MINUTE=MANY):
        cast = make_cast()
        with scope(cast.tenant.id):
            Tenant.objects.update(person_minute_limit=MANY, tenant_minute_limit=MANY, person_day_limit=MANY, tenant_day_limit=MANY)
        yield cast
        testing.empty_tables(database_urls[1])


@pytest.mark.parametrize(
    ("caller", "phases"),
    # A key opens the same operations by another door: once every edge, once a few of each.
    [("a signed-in administrator", "coverage,fuzzing"), ("a program with a key", "fuzzing")],
)
def test_the_api_does_what_its_document_says(committed_cast: Cast, caller: str, phases: str) -> None:
    alice = committed_cast.alice
    raw = begin_session(alice).access if "signed-in" in caller else make_raw_key(alice, Scope.ADMIN, calls_per_minute=6000)
    with serving() as address:
        called = ["--config-file", str(CONFIG), "run", f"{address}/api/v1/openapi.json", "--phases", phases, "--no-color"]
        ended = CliRunner().invoke(schemathesis, [*called, "--header", f"Authorization: Bearer {raw}"])
    assert ended.exit_code == 0, ended.output
