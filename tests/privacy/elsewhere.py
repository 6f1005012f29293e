"""Every way but the plain question to what customers wrote, asked over it as its callers ask."""

import json
from typing import Any

from asgiref.sync import async_to_sync
from django.test import Client

from core.api_keys import make_key
from core.models import Conversation, Scope, User
from core.sessions import begin_session
from core.tenancy import scope
from tests.sockets import Socket
from web.mcp.caller import set_key
from web.mcp.server import run_tool
from web.mcp.tools import ENTRIES


def ask_elsewhere(alice: User, tenant_id: str, question: str) -> dict[str, str]:
    """Every other way to what customers wrote: the streamed answer, the socket, the search, conversations, and MCP's tools."""
    faces: dict[str, str] = {}
    access = begin_session(alice).access
    client = Client(headers={"Authorization": f"Bearer {access}"})
    asked = json.dumps({"question": question})
    streamed: Any = client.post("/api/v1/ask/stream", asked, content_type="application/json")
    faces["stream"] = async_to_sync(read_stream)(streamed)
    faces["socket"] = async_to_sync(ask_by_socket)(access, question)
    for words in ("cpf", "cartão", "cvv", "documento"):
        faces[f"search {words}"] = get(client, f"/api/v1/messages/search?q={words}&limit=100")
    faces["messages"] = get(client, "/api/v1/messages/search?limit=100")
    with scope(tenant_id):
        ids = [str(one) for one in Conversation.objects.values_list("id", flat=True)]
    for place, one in enumerate(ids):
        faces[f"summary {place}"] = get(client, f"/api/v1/conversations/{one}/summary")
    with scope(tenant_id):
        set_key(make_key(owner=alice, name="canary", scopes=tuple(Scope), calls_per_minute=600)[0])
    arguments: dict[str, dict[str, Any]] = {
        "ask": {"question": question}, "get_metrics": {"metric": ["satisfaction"]}, "search_messages": {"q": "cpf"},
        "summarise_conversation": {"conversation_id": ids[0]},
    }  # fmt: skip
    for entry in ENTRIES:
        faces[f"mcp {entry.name}"] = json.dumps(run_tool(entry, arguments.get(entry.name, {})), ensure_ascii=False, default=str)
    return faces


async def read_stream(streamed: Any) -> str:
    return b"".join([part async for part in streamed]).decode()


def get(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered.content
    return answered.content.decode()


async def ask_by_socket(access: str, question: str) -> str:
    socket = Socket("/ws/chat/")
    await socket.connect()
    await socket.send_json({"type": "auth", "access": access})
    await socket.receive_json()
    await socket.send_json({"type": "ask", "question": question, "client_id": "canary"})
    events: list[Any] = []
    while not events or events[-1]["type"] not in ("turn.answered", "turn.failed"):
        events.append(await socket.receive_json(timeout=60))
    await socket.close()
    return json.dumps(events, ensure_ascii=False)
