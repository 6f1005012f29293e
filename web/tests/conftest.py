"""How a test calls the API as one of the cast."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from core.models import User
from core.sessions import begin_session

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Limits and locks count in the cache: each test begins with none."""
    cache.clear()


@pytest.fixture
def signed_in() -> SignIn:
    """A client that carries the access token of a user."""

    def make(user: User) -> Client:
        return Client(headers={"Authorization": f"Bearer {begin_session(user).access}"})

    return make
