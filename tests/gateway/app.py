"""The gateway as an ASGI application: who may call, which route answers, and the door of Socket.IO."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import socketio

from tests.gateway import api_chats, api_instances, api_messages, control
from tests.gateway.calls import Answer, Call, CallError, Handler, parse_body
from tests.gateway.roads import SocketServer
from tests.gateway.shapes import write_json
from tests.gateway.steps import load
from tests.gateway.world import World

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ROUTES: dict[tuple[str, str], Handler] = {**api_instances.ROUTES, **api_messages.ROUTES, **api_chats.ROUTES}
_CONTROL = "/__control__/"
_LICENSE: dict[str, Any] = {
    "error": "service not activated",
    "code": "LICENSE_REQUIRED",
    "register_url": "https://license.example/register",
    "instance_id": "00000000-0000-4000-8000-000000000000",
    "docs_url": "https://license.example/docs",
    "message": "This gateway must be activated before it serves.",
}


class App:
    """HTTP of the gateway and of the tests, with Socket.IO at its usual path."""

    def __init__(self, world: World, server: SocketServer) -> None:
        self._world = world
        self._sockets = socketio.ASGIApp(server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if path.startswith("/socket.io"):
            refusal = self._refuse_socket(query, headers)
            if refusal is None:
                await self._sockets(scope, receive, send)
            elif scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})  # before it was accepted: status 403
            else:
                await _write(send, Answer(403, {"code": 4, "message": refusal}))
            return
        if scope["type"] != "http":
            return
        body = await _read(receive)
        call = Call(self._world, scope["method"], path, query, headers, None)
        try:
            answer = await self._answer(call, body)
        except CallError as refused:
            answer = Answer(refused.status, refused.body)
        await _write(send, answer)

    def _refuse_socket(self, query: dict[str, str], headers: dict[str, str]) -> str | None:
        """Why a handshake is refused. Any instance's key opens every namespace; later requests of a session are not asked."""
        if "sid" in query:
            return None
        key = query.get("apikey") or headers.get("apikey")
        if not key:
            return "apiKey is required"
        known = {self._world.options.api_key, *(instance.token for instance in self._world.instances.values())}
        return None if key in known else "Invalid global token"

    async def _answer(self, call: Call, raw: bytes) -> Answer:
        if call.path.startswith(_CONTROL):
            return await _answer_test(call, raw)
        world = self._world
        if world.faults.license_required:
            return Answer(503, _LICENSE)
        handler = self._find_handler(call)
        if world.faults.slow_seconds and world.concerns(call.path):
            await asyncio.sleep(world.faults.slow_seconds)
        if world.take_error(call.path):
            raise CallError(500, "Internal Server Error")
        call.body = parse_body(raw)
        return await handler(call)

    def _find_handler(self, call: Call) -> Handler:
        """The route of a call, with its instance looked up and its key checked."""
        world, key = self._world, call.headers.get("apikey")
        if handler := ROUTES.get((call.method, call.path)):
            tokens = {instance.token for instance in world.instances.values()} if call.path.endswith("fetchInstances") else set()
            if key != world.options.api_key and key not in tokens:
                raise CallError(401, "Unauthorized")
            return handler
        base, _, name = call.path.rpartition("/")
        handler = ROUTES.get((call.method, f"{base}/"))
        if handler is None or not name:
            raise CallError(404, [f"Cannot {call.method} {call.path}"])
        instance = world.instances.get(unquote(name))
        if instance is None:
            raise CallError(404, [f'The "{unquote(name)}" instance does not exist'])
        if key not in (world.options.api_key, instance.token):
            raise CallError(401, "Unauthorized")
        # The real one's hole: once the key was checked, the query may name another instance.
        call.found = world.instances.get(call.query.get("instanceName", instance.name), instance)
        return handler


async def _answer_test(call: Call, raw: bytes) -> Answer:
    handler = control.ROUTES.get((call.method, call.path))
    if handler is None:
        raise CallError(404, [f"Cannot {call.method} {call.path}"])
    call.body = load(raw)
    return await handler(call)


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _write(send: Send, answer: Answer) -> None:
    body = answer.body if isinstance(answer.body, bytes) else write_json(answer.body)
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
