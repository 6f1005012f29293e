"""The gateway's routes about instances and their settings."""

import asyncio
import uuid

from tests.gateway.calls import Answer, Call, CallError, Handler, require, require_events
from tests.gateway.instances import SETTINGS, Instance
from tests.gateway.world import QR_CODE, QR_IMAGE


async def create(call: Call) -> Answer:
    body = require(call.body, "instanceName")
    if "integration" not in body:
        raise CallError(400, ["Invalid integration"])
    name = body["instanceName"]
    if name in call.world.instances:
        raise CallError(403, [f'This name "{name}" is already in use.'])
    token = body.get("token") or str(uuid.uuid4()).upper()
    instance = Instance(name=name, token=token, integration=body["integration"], number=body.get("number"))
    instance.settings |= {key: body[key] for key in SETTINGS if key in body}
    for kind in ("webhook", "websocket"):
        if kind in body and "events" not in body[kind]:
            raise CallError(400, ["Cannot read properties of undefined (reading 'length')"])
    if "webhook" in body:
        instance.set_webhook({"enabled": True, **body["webhook"]})
    if "websocket" in body:
        instance.set_websocket({"enabled": True, **body["websocket"]})
    call.world.save(instance)
    await call.world.roads.emit(instance, "instance.create", {"instanceName": name, "instanceId": instance.id})
    created = instance.show_created()
    if body.get("qrcode"):
        created["qrcode"] = await _show_code(call, instance)
        created["instance"]["status"] = instance.state
    return Answer(201, created)


async def connect(call: Call) -> Answer:
    """Start pairing. Failures are told with status 200."""
    instance = call.instance
    if instance.state == "open":
        return Answer(200, {"instance": {"instanceName": instance.name, "state": "open"}})
    return Answer(200, await _show_code(call, instance))


async def _show_code(call: Call, instance: Instance) -> dict[str, object]:
    await call.world.set_connection(instance, "connecting")
    await asyncio.sleep(call.world.options.connect_wait_seconds)
    await call.world.show_qr(instance)
    return {"pairingCode": None, "code": QR_CODE, "base64": QR_IMAGE, "count": instance.qr_count}


async def show_state(call: Call) -> Answer:
    return Answer(200, {"instance": {"instanceName": call.instance.name, "state": call.instance.state}})


async def fetch(call: Call) -> Answer:
    world = call.world
    wanted = [call.query.get(name) for name in ("instanceName", "instanceId", "number")]
    key = call.headers.get("apikey")
    shown = [
        instance.show(world.store.count(instance.name))
        for instance in world.instances.values()
        if all(wish in (None, has) for wish, has in zip(wanted, (instance.name, instance.id, instance.number), strict=True))
        and key in (world.options.api_key, instance.token)
    ]
    if not shown and wanted[0]:
        raise CallError(404, [f'Instance "{wanted[0]}" not found'])
    return Answer(200, shown)


async def restart(call: Call) -> Answer:
    """Connect anew, which heals an instance that had fallen silent. Failures are told with status 200."""
    instance, world = call.instance, call.world
    if instance.state == "close":
        return Answer(200, {"error": True, "message": f'Error: The "{instance.name}" instance is not connected'})
    world.faults.silent_instances = [name for name in world.faults.silent_instances if name != instance.name]
    await world.set_connection(instance, "connecting")
    await world.set_connection(instance, "open")
    return Answer(200, {"instance": {"instanceName": instance.name, "status": "open"}})


async def logout(call: Call) -> Answer:
    instance, world = call.instance, call.world
    if instance.state == "close":
        raise CallError(400, [f'The "{instance.name}" instance is not connected'])
    await world.roads.emit(instance, "logout.instance", None)
    await world.set_connection(instance, "close", reason=401)
    return Answer(200, {"status": "SUCCESS", "error": False, "response": {"message": "Instance logged out"}})


async def delete(call: Call) -> Answer:
    """Remove an instance with everything that was stored of it."""
    instance, world = call.instance, call.world
    await world.roads.emit(instance, "remove.instance", None)
    await world.roads.emit(instance, "instance.delete", {"instanceName": instance.name, "instanceId": instance.id})
    world.remove(instance)
    return Answer(200, {"status": "SUCCESS", "error": False, "response": {"message": "Instance deleted"}})


async def set_webhook(call: Call) -> Answer:
    wanted = require(call.body, "enabled", "url", inside="webhook")
    require_events(wanted, inside="webhook")
    row = call.instance.set_webhook(wanted)
    call.world.save(call.instance)
    return Answer(201, row)


async def find_webhook(call: Call) -> Answer:
    """The webhook, its secret key in clear."""
    return Answer(200, call.instance.webhook)


async def set_websocket(call: Call) -> Answer:
    wanted = require(call.body, "enabled", inside="websocket")
    require_events(wanted, inside="websocket")
    row = call.instance.set_websocket(wanted)
    call.world.save(call.instance)
    return Answer(201, row)


async def find_websocket(call: Call) -> Answer:
    return Answer(200, call.instance.websocket)


async def set_settings(call: Call) -> Answer:
    required = "rejectCall groupsIgnore alwaysOnline readMessages readStatus syncFullHistory".split()
    body = require(call.body, *required)
    call.instance.settings |= {key: body[key] for key in SETTINGS if key in body}
    call.world.save(call.instance)
    return Answer(201, {"settings": {"instanceName": call.instance.name, "settings": call.instance.settings}})


async def find_settings(call: Call) -> Answer:
    return Answer(200, call.instance.settings)


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/instance/create"): create,
    ("GET", "/instance/fetchInstances"): fetch,
    ("GET", "/instance/connect/"): connect,
    ("GET", "/instance/connectionState/"): show_state,
    ("POST", "/instance/restart/"): restart,
    ("DELETE", "/instance/logout/"): logout,
    ("DELETE", "/instance/delete/"): delete,
    ("POST", "/webhook/set/"): set_webhook,
    ("GET", "/webhook/find/"): find_webhook,
    ("POST", "/websocket/set/"): set_websocket,
    ("GET", "/websocket/find/"): find_websocket,
    ("POST", "/settings/set/"): set_settings,
    ("GET", "/settings/find/"): find_settings,
}
