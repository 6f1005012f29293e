"""What the tests of the contract share: limits that begin anew, and keys of the cast."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from core.api_keys import make_key
from core.models import Scope, User
from core.tenancy import scope

KeyClient = Callable[..., Client]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Limits and locks count in the cache: each test begins with none."""
    cache.clear()


def make_raw_key(owner: User, *scopes: Scope, calls_per_minute: int = 600) -> str:
    """A new key of somebody's, as its carrier knows it."""
    assert owner.tenant_id is not None
    with scope(owner.tenant_id):
        return make_key(owner=owner, name="teste", scopes=scopes, calls_per_minute=calls_per_minute)[1]


@pytest.fixture
def with_key() -> KeyClient:
    """A client that carries a new API key of a user, with these scopes."""

    def make(owner: User, *scopes: Scope, calls_per_minute: int = 600) -> Client:
        return Client(headers={"Authorization": f"Bearer {make_raw_key(owner, *scopes, calls_per_minute=calls_per_minute)}"})

    return make
