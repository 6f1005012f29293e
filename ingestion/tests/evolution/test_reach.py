"""A name that leads to a public address when it is looked at and into our own network when it is connected to: nobody gets there."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest
from pytest_django.fixtures import Settings

from ingestion.evolution.calls import GatewayCalls
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.listener import make_session
from ingestion.tests.evolution.answers import Answers, serving_answers

PUBLIC, OURS = "93.184.215.14", "127.0.0.1"
NAME = "gateway.example"
Lead = Callable[..., list[str]]


@pytest.fixture
def inside() -> Iterator[Answers]:
    """Something in our own network that answers whoever comes."""
    with serving_answers() as answers:
        answers.give(200, {"secret": "ours"})
        yield answers


@pytest.fixture
def lead(monkeypatch: pytest.MonkeyPatch) -> Lead:
    """Have the name lead to one address after the other, and to the last from then on; returns what was given out."""
    asked, look_up = list[str](), socket.getaddrinfo

    def lead(*addresses: str) -> list[str]:
        def answer(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
            if host != NAME:
                return look_up(host, port, *arguments, **named)
            address = addresses[min(len(asked), len(addresses) - 1)]
            asked.append(address)
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, int(port)))]

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        return asked

    return lead


def name_url(inside: Answers) -> str:
    return inside.url.replace(OURS, NAME)


def open_by_session(url: str) -> object:
    async def fetch() -> object:
        async with make_session() as session, session.get(url) as answer:
            return await answer.json(content_type=None)

    return asyncio.run(fetch())


def test_a_call_goes_to_no_other_address_than_the_one_that_was_judged(inside: Answers, lead: Lead, settings: Settings) -> None:
    settings.GATEWAY_PRIVATE_ADDRESSES = False
    asked = lead(PUBLIC, OURS)
    with pytest.raises(GatewayError) as caught:
        GatewayCalls(name_url(inside), "key", timeout_seconds=5).call("GET", "/")
    assert (caught.value.kind, asked, inside.asked) == ("unreachable", [PUBLIC, OURS], [])


def test_a_websocket_goes_to_no_private_address(inside: Answers, lead: Lead, settings: Settings) -> None:
    settings.GATEWAY_PRIVATE_ADDRESSES = False
    asked = lead(OURS)
    with pytest.raises(aiohttp.ClientConnectorError):
        open_by_session(name_url(inside))
    assert (asked, inside.asked) == ([OURS], [])


def test_private_gateways_are_reached_where_they_are_allowed(inside: Answers, lead: Lead, settings: Settings) -> None:
    settings.GATEWAY_PRIVATE_ADDRESSES = True
    lead(OURS)
    assert GatewayCalls(name_url(inside), "key", timeout_seconds=5).call("GET", "/") == {"secret": "ours"}
    assert open_by_session(name_url(inside)) == {"secret": "ours"}
