"""The tests' own routes, under /__control__/: make things happen on WhatsApp, set faults, and read the tally."""

import asyncio
from dataclasses import asdict
from typing import Any

from tests.gateway.calls import Answer, Call, CallError, Handler
from tests.gateway.faults import Faults, Tally
from tests.gateway.instances import Instance
from tests.gateway.steps import Said, decode_steps
from tests.gateway.world import World

_running: set[asyncio.Task[None]] = set()


async def deliver(call: Call) -> Answer:
    """{instance, steps}: answered once all have happened and left on the socket; webhooks are on their way."""
    for step in decode_steps(call.body["steps"]):
        await call.world.perform(_get(call), step)
    return Answer(200, {})


async def play(call: Call) -> Answer:
    """{instance, steps, rate}: answered at once; `playing` of the state says how many steps are still to happen."""
    task = asyncio.create_task(call.world.play(_get(call), decode_steps(call.body["steps"]), rate=call.body.get("rate")))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return Answer(202, {})


async def sync_history(call: Call) -> Answer:
    said = [step for step in decode_steps(call.body["steps"]) if isinstance(step, Said)]
    await call.world.sync_history(_get(call), said, progress=call.body["progress"], is_latest=call.body["is_latest"])
    return Answer(200, {})


async def emit(call: Call) -> Answer:
    """{instance, event, data}: any event, as it is."""
    await call.world.roads.emit(_get(call), call.body["event"], call.body["data"], ref=call.body.get("ref", ""))
    return Answer(200, {})


async def create_instance(call: Call) -> Answer:
    """{name, token, owner, webhook, websocket}: a number that was paired long ago; nothing is told of it."""
    body = call.body
    instance = Instance(name=body["name"], token=body["token"], owner=body["owner"], state="open", profile_name="Casa Lua")
    if body.get("webhook"):
        instance.set_webhook(body["webhook"])
    if body.get("websocket"):
        instance.set_websocket(body["websocket"])
    call.world.save(instance)
    return Answer(200, {"id": instance.id, "token": instance.token})


async def set_connection(call: Call) -> Answer:
    await call.world.set_connection(_get(call), call.body["state"], reason=call.body["reason"], owner=call.body.get("owner"))
    return Answer(200, {})


async def show_qr(call: Call) -> Answer:
    await call.world.show_qr(_get(call), limit=call.body.get("limit", 30))
    return Answer(200, {})


async def set_faults(call: Call) -> Answer:
    call.world.set_faults(Faults.from_json(call.body))
    return Answer(200, {})


async def set_version(call: Call) -> Answer:
    call.world.options.version = call.body["version"]
    return Answer(200, {})


async def cut_sockets(call: Call) -> Answer:
    await call.world.roads.cut_sockets()
    return Answer(200, {})


async def reset_tally(call: Call) -> Answer:
    call.world.roads.tally = Tally()
    return Answer(200, {})


async def show_state(call: Call) -> Answer:
    """{tally, faults, pending, playing, namespaces}"""
    world = call.world
    state = {"pending": world.roads.pending, "playing": world.playing, "namespaces": world.roads.namespaces}
    return Answer(200, {**state, "tally": asdict(world.tally), "faults": world.faults.to_json()})


async def show_sent(call: Call) -> Answer:
    """{instance}: what was sent through the API, the oldest first."""
    rows = call.world.store.find_sent(call.body["instance"])
    statuses = call.world.store.find_statuses(row.id for row in rows)
    return Answer(200, [row.to_record(statuses[row.id]) for row in rows])


def _get(call: Call) -> Instance:
    try:
        return _find(call.world, call.body["instance"])
    except KeyError:
        raise CallError(404, [f"no instance {call.body.get('instance')!r}"]) from None


def _find(world: World, name: Any) -> Instance:
    return world.instances[name]


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", f"/__control__/{handler.__name__}"): handler
    for handler in (
        deliver,
        play,
        sync_history,
        emit,
        create_instance,
        set_connection,
        show_qr,
        set_faults,
        set_version,
        cut_sockets,
        reset_tally,
        show_state,
        show_sent,
    )
}
