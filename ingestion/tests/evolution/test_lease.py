"""Which listener has which channel: one of several, another once it is gone, and nobody what is not to be listened to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Channel, GatewayConnection
from core.tenancy import scope
from ingestion.evolution.lease import name_holder, release_leases, take_leases
from ingestion.tests.evolution.channels import Shop, make_shop

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop(NOWHERE)


def take(holder: str, *, lease_seconds: float = 15) -> list[str]:
    """The instances that the holder has then."""
    return sorted(connection.instance for connection in take_leases(holder, lease_seconds=lease_seconds))


def test_one_of_two_has_a_channel(shop: Shop) -> None:
    make_shop(NOWHERE, name="Casa Sol", slug="casa-sol", instance="loja-2")
    assert take("first") == ["loja-1", "loja-2"]
    assert take("second") == []
    assert take("first") == ["loja-1", "loja-2"]
    assert shop.connection.listener == "first"


def test_the_database_says_until_when(shop: Shop) -> None:
    before = timezone.now()
    take("first", lease_seconds=15)
    until_at = shop.connection.listener_until_at
    assert until_at is not None
    assert timedelta(seconds=14) < until_at - before < timedelta(seconds=25)


def test_a_lease_that_ran_out_is_free(shop: Shop) -> None:
    take("first")
    shop.change(listener_until_at=timezone.now() - timedelta(seconds=1))
    assert take("second") == ["loja-1"]
    assert take("first") == []


def test_one_that_ran_out_and_nobody_took_is_still_its_own(shop: Shop) -> None:
    take("first")
    shop.change(listener_until_at=timezone.now() - timedelta(seconds=1))
    assert take("first") == ["loja-1"]


def test_what_is_given_back_is_free_at_once(shop: Shop) -> None:
    take("first")
    assert release_leases("second", [shop.tenant_id]) == 0
    assert release_leases("first", [shop.tenant_id]) == 1
    assert take("second") == ["loja-1"]


def test_an_inactive_channel_is_not_listened_to(shop: Shop) -> None:
    with scope(shop.tenant_id):
        Channel.objects.filter(id=shop.channel_id).update(is_active=False)
    assert take("first") == []
    with scope(shop.tenant_id):
        assert GatewayConnection.objects.get().listener == ""


def test_no_two_holders_have_the_same_name() -> None:
    assert name_holder() != name_holder()
    assert len(name_holder()) <= 80
