"""No tool of the MCP server tells one tenant anything of another: tried on every tool that exists."""

import json
from typing import Any

import pytest
from channels.db import database_sync_to_async
from mcp import Client

from assistant.models import Thread
from core.api_keys import find_key
from core.models import ApiKey, Conversation, Scope
from core.tenancy import scope
from tests.cast import OUTSIDER_MARK, Cast, make_cast
from tests.contract.conftest import make_raw_key
from web.mcp.caller import set_key
from web.mcp.server import server
from web.mcp.tools import TOOLS

NOVEMBER = {"start": "2026-11-01", "end": "2026-11-30"}
# What a stranger in the tenant would send to reach the outsider's; `$thread` and `$conversation` are the outsider's.
TRIALS: dict[str, list[dict[str, Any]]] = {
    "ask": [{"question": "como está a satisfação em novembro de 2026?"}, {"question": "e por canal?", "thread_id": "$thread"}],
    "get_metrics": [{**NOVEMBER, "metric": ["conversations", "messages"], "group_by": "contact"}],
    "list_themes": [NOVEMBER],
    "summarise": [NOVEMBER],
    "summarise_conversation": [{"conversation_id": "$conversation"}],
    "search_messages": [NOVEMBER, {**NOVEMBER, "q": "pedido"}],
    "list_conversations": [NOVEMBER, {**NOVEMBER, "q": "pedido"}],
    "list_catalogue": [{"contact": "Mari"}],
}


def prepare() -> tuple[ApiKey, dict[str, str]]:
    """Alice's key, and the outsider's thread and conversation."""
    cast: Cast = make_cast()
    key = find_key(make_raw_key(cast.alice, Scope.ADMIN))
    assert key is not None
    with scope(cast.other_tenant.id):
        return key, {"$thread": str(Thread.objects.get().id), "$conversation": str(Conversation.objects.get().id)}


@pytest.mark.django_db(transaction=True)
async def test_nothing_of_the_outsiders_is_told(tenancy_report: list[str]) -> None:
    key, foreign = await database_sync_to_async(prepare)()
    set_key(key)
    assert sorted(TRIALS) == sorted(TOOLS)
    async with Client(server) as client:
        for name, trials in TRIALS.items():
            for trial in trials:
                filled = {field: foreign.get(value, value) if isinstance(value, str) else value for field, value in trial.items()}
                answered = await client.call_tool(name, filled)
                text = "".join(part.text for part in answered.content)  # type: ignore[union-attr]
                assert OUTSIDER_MARK not in text, f"{name} tells what is the outsider's"
                if filled != trial:
                    assert json.loads(text)["error"]["code"] == "not_found", text
                else:
                    assert not answered.is_error, text
    tenancy_report.append(f"tools of the MCP server tried: {', '.join(TRIALS)}")
