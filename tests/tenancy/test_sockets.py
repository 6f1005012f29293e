"""No socket tells one tenant anything of another: tried on every socket that exists."""

import json
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from assistant.models import Thread
from core import live
from core.project.asgi import SOCKETS
from core.sessions import begin_session
from core.tenancy import scope
from tests.cast import OUTSIDER_MARK, Cast, make_cast
from tests.sockets import Socket

# What a stranger in the tenant would send to each socket to reach the outsider's; `$thread` is the outsider's thread.
TRIALS: dict[str, list[dict[str, Any]]] = {
    "ws/chat/": [
        {"type": "resume", "thread_id": "$thread", "after_seq": 0},
        {"type": "ask", "question": "como está a satisfação?", "thread_id": "$thread"},
        {"type": "stop", "turn_id": "$thread"},
    ],
    "ws/live/": [{"type": "resume", "after_seq": 0}],
}


def find_foreign_thread(cast: Cast) -> str:
    with scope(cast.other_tenant.id):
        return str(Thread.objects.get().id)


def test_every_socket_has_its_trials() -> None:
    assert sorted(str(route.pattern) for route in SOCKETS) == sorted(TRIALS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [str(route.pattern) for route in SOCKETS])
async def test_a_stranger_hears_nothing(path: str) -> None:
    for first in ({"type": "resume", "after_seq": 0}, {"type": "auth", "access": "x.y.z"}):
        socket = Socket(f"/{path}")
        await socket.connect()
        await socket.send_json(first)
        closing = await socket.receive_output(timeout=60)
        assert (closing["type"], closing["code"]) == ("websocket.close", 4401)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [str(route.pattern) for route in SOCKETS])
async def test_nothing_of_the_outsiders_is_heard(path: str, tenancy_report: list[str]) -> None:
    cast = await database_sync_to_async(make_cast)()
    access = (await database_sync_to_async(begin_session)(cast.alice)).access
    thread_id = await database_sync_to_async(find_foreign_thread)(cast)
    await database_sync_to_async(publish)(cast)
    socket = Socket(f"/{path}")
    await socket.connect()
    await socket.send_json({"type": "auth", "access": access})
    assert await socket.receive_json() == {"type": "ready"}
    heard = []
    for trial in TRIALS[path]:
        await socket.send_json(json.loads(json.dumps(trial).replace("$thread", thread_id)))
        is_refused = "thread_id" in trial or "turn_id" in trial
        answers = [*([await socket.receive_json()] if is_refused else []), *await socket.receive_until_quiet()]
        assert OUTSIDER_MARK not in json.dumps(answers), f"{path} {trial['type']} tells what is the outsider's"
        if is_refused:
            assert [answer["error"]["code"] for answer in answers] == ["not_found"], f"{path} {trial['type']}: {answers}"
        heard.append(f"{trial['type']}: {[answer['type'] for answer in answers]}")
    # The outsider's thread goes on: whoever got in by a trial would hear it now.
    told = {"type": "turn.event", "from": "elsewhere", "event": {"type": "text.added", "data": {"text": OUTSIDER_MARK}}}
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(f"thread.{thread_id}", told)
    await database_sync_to_async(publish)(cast)
    if path == "ws/live/":
        assert (await socket.receive_json())["data"] == {"mark": "ours"}
    assert await socket.receive_until_quiet() == []
    await socket.close()
    tenancy_report.append(f"socket /{path}: stranger refused; tried {'; '.join(heard)}")


def publish(cast: Cast) -> None:
    """Something new in both tenants."""
    with scope(cast.other_tenant.id):
        live.publish("conversations.analysed", {"mark": OUTSIDER_MARK})
    with scope(cast.tenant.id):
        live.publish("conversations.analysed", {"mark": "ours"})
