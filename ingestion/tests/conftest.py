"""The shop whose messages the tests record."""

from collections.abc import Iterator

import pytest

from core.models import Channel, Tenant
from core.tenancy import scope, unscoped_directory


@pytest.fixture
def shop(db: None) -> Tenant:
    with unscoped_directory(reason="tests"):
        return Tenant.objects.create(name="Loja Sol", slug="loja-sol")


@pytest.fixture
def channel(shop: Tenant) -> Iterator[Channel]:
    """A channel of the shop, inside its scope."""
    with scope(shop.id):
        yield Channel.objects.create(name="Balcão")
