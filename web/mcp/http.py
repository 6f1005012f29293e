"""The MCP server over streamable HTTP, at /mcp: one POST a message, each with an API key; nothing is kept between two of them."""

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from asgiref.sync import ThreadSensitiveContext
from channels.db import database_sync_to_async
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from core.api_keys import find_key
from core.errors import VisibleError
from core.models import ApiKey
from web.api.door import admit_key, describe_error, find_visible
from web.mcp.caller import set_key
from web.mcp.server import server

log = structlog.get_logger("evosense.http")

PATH = "/mcp"
MOST_BYTES = 256 * 1024


class McpApplication:
    """An ASGI application: who calls is known before the protocol reads a byte."""

    async def __call__(self, asgi_scope: Any, receive: Any, send: Any) -> None:
        structlog.contextvars.clear_contextvars()
        request_id = str(uuid.uuid4())
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = time.monotonic(), 0

        async def send_and_watch(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", []), (b"x-request-id", request_id.encode())]}
            await send(message)

        async with ThreadSensitiveContext():
            await answer(asgi_scope, receive, send_and_watch)
        log.info("request.ended", method=asgi_scope["method"], path=PATH, status=status, took_ms=round(1000 * (time.monotonic() - began)))


async def answer(asgi_scope: Any, receive: Any, send: Any) -> None:
    """One message of the protocol, or why it is not read."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in asgi_scope["headers"]}
    if not is_for_us(headers):
        await reply(send, 403, describe_error(VisibleError("not_allowed"), "en"))
        return
    if asgi_scope["method"] != "POST":
        # Neither a stream that the server begins nor a session to end: the protocol allows for both to be missing.
        await reply(send, 405, {}, allow="POST")
        return
    try:
        key = await database_sync_to_async(admit)(headers.get("authorization", ""))
    except Exception as error:
        visible = find_visible(error)
        more = {"retry-after": str(visible.parameters["seconds"])} if "seconds" in visible.parameters else {}
        more |= {"www-authenticate": "Bearer"} if visible.status == 401 else {}
        await reply(send, visible.status, describe_error(visible, "en"), **more)
        return
    set_key(key)
    manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=MOST_BYTES)
    async with manager.run():
        await manager.handle_request(asgi_scope, receive, send)


def admit(authorization: str) -> ApiKey:
    """The key of a call. Raises VisibleError where there is none that holds, or where it called too often."""
    kind, _, raw = authorization.partition(" ")
    key = find_key(raw.strip()) if kind.lower() == "bearer" else None
    if key is None:
        raise VisibleError("not_signed_in")
    structlog.contextvars.bind_contextvars(user_id=str(key.owner_id), tenant_id=str(key.tenant_id))
    admit_key(key, key_scope=None)
    return key


def is_for_us(headers: Mapping[str, str]) -> bool:
    """Whether the host is one of ours, and the page that calls, where one does, lies on it: no other site uses a browser's reach."""
    host = headers.get("host", "")
    domain, _ = split_domain_port(host)
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS


async def reply(send: Any, status: int, body: Mapping[str, Any], **more: str) -> None:
    """A short answer in JSON."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", "content-length": str(len(raw)), **more}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": raw})
