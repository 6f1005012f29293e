"""The chat over a socket: a turn's events in order, the same again for one who comes back, and errors that say what to mend."""

import asyncio
from typing import Any

import pytest
from channels.db import database_sync_to_async
from pytest_django.fixtures import Settings

from core import live
from core.models import Role, Scope, User
from core.sessions import begin_session
from core.tenancy import scope
from tests.cast import Cast, make_cast
from tests.contract.conftest import make_raw_key
from tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Como está a satisfação em novembro de 2026?"


async def make() -> Cast:
    return await database_sync_to_async(make_cast)()


async def sign_in(user: User, path: str = "/ws/chat/") -> Socket:
    socket = Socket(path)
    await socket.connect()
    await socket.send_json({"type": "auth", "access": (await database_sync_to_async(begin_session)(user)).access})
    assert await socket.receive_json() == {"type": "ready"}
    return socket


async def receive_turn(socket: Socket) -> list[dict[str, Any]]:
    """The events of one turn, to its end."""
    events: list[dict[str, Any]] = []
    while not events or events[-1]["type"] not in ("turn.answered", "turn.failed"):
        events.append(await socket.receive_json())
    return events


async def test_a_turn_comes_in_order_understanding_first_and_is_told_again_to_one_who_comes_back() -> None:
    cast = await make()
    socket = await sign_in(cast.alice)
    await socket.send_json({"type": "ask", "question": QUESTION, "thread_id": None, "client_id": "c-1"})
    events = await receive_turn(socket)
    kinds = [event["type"] for event in events]
    assert kinds[:2] == ["turn.started", "plan.understood"]
    assert kinds[-1] == "turn.answered"
    assert kinds.index("block.added") < kinds.index("text.added")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["data"]["client_id"] == "c-1"
    answer = events[-1]["data"]["answer"]
    assert answer["coverage"]["conversations"] == 1
    assert "".join(event["data"]["text"] for event in events if event["type"] == "text.added").strip() == answer["text"].strip()
    await socket.close()

    back = await sign_in(cast.alice)
    await back.send_json({"type": "resume", "thread_id": events[0]["thread_id"], "after_seq": 2})
    assert await receive_turn(back) == events[2:]
    assert await back.receive_until_quiet(seconds=0.5) == []
    await back.close()


async def test_a_question_that_is_sent_again_is_answered_once() -> None:
    cast = await make()
    socket = await sign_in(cast.alice)
    for _ in range(2):
        await socket.send_json({"type": "ask", "question": QUESTION, "client_id": "c-1"})
    events = [*await receive_turn(socket), *await socket.receive_until_quiet(seconds=1)]
    assert [event["type"] for event in events].count("turn.started") == 1
    await socket.close()


async def test_another_open_screen_of_the_thread_hears_the_turn_too() -> None:
    cast = await make()
    first, second = await sign_in(cast.alice), await sign_in(cast.alice)
    await first.send_json({"type": "ask", "question": QUESTION})
    thread_id = (await receive_turn(first))[0]["thread_id"]
    await second.send_json({"type": "resume", "thread_id": thread_id, "after_seq": 0})
    await receive_turn(second)
    await first.send_json({"type": "ask", "question": "e por canal?", "thread_id": thread_id})
    assert [event["seq"] for event in await receive_turn(second)] == [event["seq"] for event in await receive_turn(first)]
    await first.close()
    await second.close()


async def test_a_socket_that_is_quiet_for_longer_than_the_queues_time_out_stays_open() -> None:
    cast = await make()
    socket = await sign_in(cast.alice, "/ws/live/")
    await asyncio.sleep(6)
    await database_sync_to_async(publish)(cast)
    event = await socket.receive_json()
    assert (event["type"], event["seq"], event["data"]) == ("conversations.analysed", 1, {"conversations": 3})
    await socket.close()

    back = await sign_in(cast.alice, "/ws/live/")
    await back.send_json({"type": "resume", "after_seq": 0})
    assert await back.receive_json() == event
    await back.close()


def publish(cast: Cast) -> None:
    with scope(cast.tenant.id):
        live.publish("conversations.analysed", {"conversations": 3})


WRONG = [
    ({"type": "ask", "question": "  "}, "invalid"),
    ({"type": "ask", "question": "x" * 2001}, "invalid"),
    ({"type": "ask", "question": "satisfação\x00"}, "invalid"),
    ({"type": "ask", "question": QUESTION, "thread_id": "no id"}, "not_found"),
    ({"type": "ask", "revision": {"turn_id": "no id"}}, "not_found"),
    ({"type": "ask", "revision": {"turn_id": "no id", "metrics": ["money"]}}, "invalid"),
    ({"type": "resume", "thread_id": None}, "not_found"),
    ({"type": "dance"}, "invalid"),
    (["not", "an", "object"], "invalid"),
]


async def test_what_cannot_be_understood_is_said_and_the_socket_goes_on() -> None:
    cast = await make()
    socket = await sign_in(cast.alice)
    for content, code in WRONG:
        await socket.send_json(content)
        answer = await socket.receive_json()
        assert (answer["type"], answer["error"]["code"]) == ("error", code), content
    await socket.send_input({"type": "websocket.receive", "text": "{not json"})
    assert (await socket.receive_json())["type"] == "error"
    await socket.send_json({"type": "ping"})
    assert await socket.receive_json() == {"type": "pong"}
    await socket.close()


async def test_an_operator_is_told_that_asking_is_not_theirs() -> None:
    cast = await make()
    socket = Socket("/ws/chat/")
    await socket.connect()
    await socket.send_json({"type": "auth", "access": (await database_sync_to_async(begin_session)(cast.bob)).access})
    assert (await socket.receive_json())["error"]["code"] == "not_allowed"
    closing = await socket.receive_output(timeout=60)
    assert (closing["type"], closing["code"]) == ("websocket.close", 4403)


async def test_a_plan_is_changed_in_place_and_whoever_loses_the_right_to_ask_hears_nothing_more() -> None:
    cast = await make()
    socket = await sign_in(cast.alice)
    await socket.send_json({"type": "ask", "question": QUESTION})
    first = (await receive_turn(socket))[-1]
    revision = {"turn_id": first["turn_id"], "metrics": ["conversations"], "period": {"start": "2026-11-16", "end": "2026-11-16"}}
    await socket.send_json({"type": "ask", "revision": revision, "client_id": "c-2"})
    events = await receive_turn(socket)
    changed = events[-1]["data"]["answer"]
    assert events[0]["data"] == {"question": QUESTION, "client_id": "c-2", "thread_title": QUESTION, "is_edited": True}
    assert (events[0]["thread_id"], changed["is_edited"], changed["plan"]["metrics"]) == (first["thread_id"], True, ["conversations"])
    assert [one["metric"] for one in changed["definitions"]] == ["conversations"]
    await database_sync_to_async(demote)(cast)
    for frame in ({"type": "ask", "question": QUESTION}, {"type": "resume", "thread_id": first["thread_id"]}):
        await socket.send_json(frame)
        assert (await socket.receive_json())["error"]["code"] == "not_allowed"
    await socket.close()


def demote(cast: Cast) -> None:
    with scope(cast.tenant.id):
        User.objects.filter(id=cast.alice.id).update(role=Role.OPERATOR)


async def test_more_questions_than_a_minute_allows_are_refused(settings: Settings) -> None:
    settings.QUESTIONS_PER_MINUTE = 1
    cast = await make()
    socket = await sign_in(cast.alice)
    await socket.send_json({"type": "ask", "question": QUESTION})
    await receive_turn(socket)
    await socket.send_json({"type": "ask", "question": QUESTION, "client_id": "c-2"})
    refused = await socket.receive_json()
    assert (refused["error"]["code"], refused["client_id"]) == ("too_many", "c-2")
    await socket.close()


@pytest.mark.parametrize("path", ["/ws/chat/", "/ws/live/"])
@pytest.mark.parametrize("by_header", [True, False])
async def test_an_api_key_opens_no_socket_and_is_told_what_does(path: str, by_header: bool) -> None:
    """Whatever its scopes: an open socket counts no calls."""
    cast = await make()
    raw = await database_sync_to_async(make_raw_key)(cast.alice, Scope.ADMIN)
    socket = Socket(path, authorization=f"Bearer {raw}" if by_header else "")
    await socket.connect()
    if not by_header:
        await socket.send_json({"type": "auth", "access": raw})
    told = await socket.receive_json()
    assert (told["type"], told["error"]["code"]) == ("error", "key_opens_no_socket")
    assert await socket.receive_output(timeout=60) == {
        "type": "websocket.close",
        "code": 4403,
        "reason": "An API key opens no socket. Use POST /api/v1/ask/stream, which tells the same events.",
    }
