"""A tenant whose channel hangs on a stand-in gateway, and a clock that tests turn."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bots import queue
from core.models import Channel, GatewayConnection, OutgoingMessage, Tenant, User
from core.tenancy import scope
from tests.cast import Cast, make_cast
from tests.gateway.faults import Options
from tests.gateway.server import Gateway

_numbers = itertools.count(1)


@dataclass(slots=True)
class Clock:
    """The time as tests turn it."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass(slots=True, kw_only=True)
class Road:
    """Casa Lua's channel on a gateway: Alice's phone is verified, and Charlie of Casa Sol has a gateway of his own."""

    cast: Cast
    gateway: Gateway
    channel: Channel
    instance: str

    @property
    def tenant(self) -> Tenant:
        return self.cast.tenant

    @property
    def alice(self) -> User:
        return self.cast.alice

    def find_sent(self) -> list[tuple[str, str]]:
        """What the gateway was given, the oldest first: to whom, and its words."""
        return [(row["key"]["remoteJid"].partition("@")[0], read_words(row["message"])) for row in self.gateway.find_sent(self.instance)]

    def get_message(self, key: str) -> OutgoingMessage:
        with scope(self.tenant.id):
            return OutgoingMessage.objects.get(key=key)


def read_words(content: dict[str, Any]) -> str:
    return str(content.get("conversation") or content.get("imageMessage", {}).get("caption", ""))


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tasks that were started; tests do their work themselves."""
    names: list[str] = []
    monkeypatch.setattr(queue, "queue_once", lambda name, *_arguments, **_options: names.append(name))
    return names


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway(options=Options(ack_delay_seconds=0.01, delay_scale=0.0)) as gateway:
        yield gateway


@pytest.fixture
def road(gateway: Gateway, db: None) -> Road:
    return make_road(gateway)


def make_road(gateway: Gateway) -> Road:
    cast = make_cast()
    # An instance of its own, so that no test finds what another one sent.
    instance = f"loja-{next(_numbers)}"
    token = gateway.create_instance(instance)
    with scope(cast.tenant.id):
        OutgoingMessage.objects.all().delete()
        connection = GatewayConnection.objects.select_related("channel").get()
        connection.base_url, connection.instance, connection.state = gateway.url, instance, GatewayConnection.State.OPEN
        connection.token = token
        connection.save()
    return Road(cast=cast, gateway=gateway, channel=connection.channel, instance=instance)
