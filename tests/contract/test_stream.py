"""A turn as server-sent events over real HTTP: each comes when it happens, a wrong question has its status, a client may go."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assistant import answer
from assistant.tests.shop import CLOCK, Shop, make_shop
from core.models import Scope
from tests.contract.conftest import make_raw_key
from tests.contract.served import serving
from web import event_stream

QUESTION = {"question": "satisfação desta semana por canal", "as_of": CLOCK.isoformat()}


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return make_shop()


@pytest.fixture
def client(shop: Shop) -> Iterator[httpx.Client]:
    """A program with a key that may ask."""
    with (
        serving() as address,
        httpx.Client(base_url=address, headers={"Authorization": f"Bearer {make_raw_key(shop.manager, Scope.ASK)}"}, timeout=30) as client,
    ):
        yield client


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Every turn stops once it has begun, until this is set."""
    held = threading.Event()

    def wait_then_run(*args: Any, emit: answer.Emit, **options: Any) -> Any:
        def emit_and_wait(event: Any) -> None:
            emit(event)
            assert held.wait(20)

        return run(*args, emit=emit_and_wait, **options)

    run = answer.run
    monkeypatch.setattr(answer, "run", wait_then_run)
    yield held
    held.set()


def read_events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The events of a stream, as they come; comments are none."""
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_the_first_event_comes_before_the_turn_is_done(client: httpx.Client, held: threading.Event) -> None:
    with client.stream("POST", "/api/v1/ask/stream", json=QUESTION) as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream")
        events = read_events(response.iter_lines())
        first = next(events)
        assert (first["type"], held.is_set()) == ("turn.started", False)
        held.set()
        rest = list(events)
    assert rest[-1]["type"] == "turn.answered"
    assert [event["seq"] for event in [first, *rest]] == list(range(first["seq"], first["seq"] + len(rest) + 1))


def test_a_stream_on_which_nothing_comes_is_kept_open(client: httpx.Client, held: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "QUIET_SECONDS", 0.05)
    with client.stream("POST", "/api/v1/ask/stream", json=QUESTION) as response:
        lines = response.iter_lines()
        assert next(line for line in lines if line.startswith(":")) == ": still working"
        held.set()
        assert list(read_events(lines))[-1]["type"] == "turn.answered"


def test_a_turn_goes_on_when_its_client_goes(client: httpx.Client, held: threading.Event) -> None:
    with client.stream("POST", "/api/v1/ask/stream", json=QUESTION) as response:
        thread_id = next(read_events(response.iter_lines()))["thread_id"]
    held.set()
    deadline = time.monotonic() + 20
    while (turns := client.get(f"/api/v1/threads/{thread_id}").json()["turns"])[0]["status"] == "running" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [(turn["question"], turn["status"]) for turn in turns] == [(QUESTION["question"], "answered")]


def test_what_begins_no_turn_is_an_error_with_its_status(client: httpx.Client) -> None:
    unknown = client.post("/api/v1/ask/stream", json=QUESTION | {"thread_id": "11111111-1111-4111-8111-111111111111"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")
    empty = client.post("/api/v1/ask/stream", json={"question": " "})
    assert (empty.status_code, empty.json()["error"]["code"]) == (422, "invalid")
