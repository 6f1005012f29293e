"""A gateway with one instance that tells on both roads."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.gateway.faults import Options
from tests.gateway.receiver import WebhookReceiver
from tests.gateway.server import Gateway

Call = Callable[..., httpx.Response]


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture
def gateway(receiver: WebhookReceiver) -> Iterator[Gateway]:
    """The instance "loja-1", subscribed to messages and to nothing that only comes along with them."""
    with Gateway(options=Options(tells_contacts=False, webhook_first_delay_seconds=0.02, webhook_attempts=4)) as gateway:
        gateway.create_instance("loja-1", webhook_url=receiver.url)
        yield gateway


@pytest.fixture
def call(gateway: Gateway) -> Call:
    """An API call with the global key: call("POST", "/chat/findMessages/loja-1", {...})."""
    return gateway.request
