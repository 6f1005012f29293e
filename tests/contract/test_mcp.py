"""The MCP server over real HTTP, asked by the official SDK's own client: every tool, with a key's rights and limits."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from channels.db import database_sync_to_async
from jsonschema import Draft202012Validator
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from assistant.tests.shop import CLOCK, Shop, make_shop
from core.api_keys import revoke_key
from core.models import ApiKey, Scope
from core.tenancy import scope
from tests.contract.conftest import make_raw_key
from tests.contract.served import serving
from web.mcp.tools import NOTICE, TOOLS

AS_OF = {"as_of": CLOCK.isoformat(), "language": "en"}
# How each tool is called; one that is not here fails the test.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "ask": {"question": "average satisfaction this week by channel", **AS_OF},
    "get_metrics": {"metric": ["satisfaction", "first_response_time"], "unit": "week", "group_by": "channel", **AS_OF},
    "list_themes": {"unit": "week", "satisfaction_max": 2, **AS_OF},
    "summarise": {"unit": "week", "agent": "Ana Souza", **AS_OF},
    "search_messages": {"q": "pedido", "start": "2026-11-09", "end": "2026-11-20", **AS_OF},
    "list_conversations": {
        "channel": "Norte",
        "order": "asc",
        "limit": 2,
        "offset": 6,
        "start": "2026-11-16",
        "end": "2026-11-20",
        **AS_OF,
    },
    "list_catalogue": {"contact": "mariana"},
    "summarise_conversation": {"conversation_id": "$found", **AS_OF},
}


@asynccontextmanager
async def connected(address: str, raw: str, *, mode: str = "auto") -> AsyncIterator[Client]:
    """The SDK's client with a key."""
    async with (
        create_mcp_http_client(headers={"Authorization": f"Bearer {raw}"}) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


async def make_key_of(shop: Shop, *scopes: Scope, **options: Any) -> str:
    raw: str = await database_sync_to_async(make_raw_key)(shop.manager, *scopes, **options)
    return raw


# The protocol of today, and the one with a handshake that most assistants still speak.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_is_listed_and_called(mode: str) -> None:
    shop = await database_sync_to_async(make_shop)()
    raw = await make_key_of(shop, Scope.ASK, Scope.READ, Scope.MESSAGES)
    with serving() as address:
        async with connected(address, raw, mode=mode) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert sorted(listed) == sorted(TOOLS) == sorted(ARGUMENTS)
            told: dict[str, Any] = {}
            for name, arguments in ARGUMENTS.items():
                if arguments.get("conversation_id") == "$found":
                    arguments = arguments | {"conversation_id": find_conversation(told["search_messages"])}
                result = await client.call_tool(name, arguments)
                assert not result.is_error, result.content
                told[name] = result.structured_content
                # The text for those that read no structure is the same, and the structure is what was promised.
                assert json.loads(result.content[0].text) == told[name]  # type: ignore[union-attr]
                Draft202012Validator(listed[name].output_schema or {}).validate(told[name])
    assert all("coverage" in listed[name].description for name in ("ask", "get_metrics", "list_themes", "summarise"))  # type: ignore[operator]
    assert all("seconds" in listed[name].description for name in ("ask", "get_metrics"))  # type: ignore[operator]
    rows = {row["key"]: row["values"]["satisfaction"]["value"] for row in told["get_metrics"]["items"]}
    assert rows == {"Suporte": 36 / 8, "Norte": 12 / 8}
    assert told["get_metrics"]["coverage"] | {"text": ""} == {
        "period": {"start": "2026-11-16", "end": "2026-11-20"}, "conversations": 18, "analysed": 16, "pending": 2, "holes": [], "text": "",
    }  # fmt: skip
    table = next(block for block in told["ask"]["blocks"] if block["kind"] == "table")
    assert {row["channel"]: row["satisfaction"] for row in table["rows"]} == rows
    assert [(row["theme"], row["conversations"]) for row in told["list_themes"]["items"]] == [
        ("Atraso na entrega", 7), ("Produto com defeito", 1),
    ]  # fmt: skip
    found = [row for row in told["search_messages"]["items"] if row["found_by"] == "words"]
    assert sorted(row["contact"] for row in found) == ["Lívia Ferraz", "Mariana Alves", "Roberto Tanaka"]
    assert told["summarise"]["figures"]["conversations"]["value"] == 8
    assert ([row["satisfaction"] for row in told["list_conversations"]["items"]], told["list_conversations"]["count"]) == ([2, 2], 8)
    assert (told["list_catalogue"]["contacts"], told["list_catalogue"]["time_zone"]) == (["Mariana Alves"], "America/Sao_Paulo")
    assert told["summarise_conversation"]["text"].replace("\u00a0", " ") == (
        "Conversation with Roberto Tanaka on the channel Suporte, begun on Nov 10 at 09:00, handled by Ana Souza: 2 messages. "
        "Subject: Atraso na entrega. Satisfaction: rating 3. The first reply took 3 min. It is open."
    )
    # What customers wrote is marked as data, each message by itself and the whole once.
    assert all(answered["notice"] == NOTICE for answered in told.values())
    quoted = [
        *told["list_themes"]["citations"],
        *told["summarise"]["citations"],
        *told["search_messages"]["items"],
        *told["list_conversations"]["items"],
    ]
    assert quoted
    assert all(citation["untrusted_words"] is True for citation in quoted)


@pytest.mark.django_db(transaction=True)
async def test_a_key_gives_the_same_rights_and_limits_as_over_http() -> None:
    shop = await database_sync_to_async(make_shop)()
    reads, asks = await make_key_of(shop, Scope.READ), await make_key_of(shop, Scope.ASK)
    rival: str = await database_sync_to_async(make_raw_key)(shop.rival_manager, Scope.READ)
    with serving() as address:
        async with connected(address, reads) as client, connected(address, rival) as other, connected(address, asks) as asker:
            assert {tool.name for tool in (await client.list_tools()).tools} == set(TOOLS) - {
                "ask",
                "search_messages",
                "list_conversations",
                "summarise_conversation",
            }
            assert {tool.name for tool in (await asker.list_tools()).tools} == {"ask"}
            refused = await client.call_tool("ask", ARGUMENTS["ask"])
            assert (refused.is_error, read_error(refused)) == (True, ("key_lacks_scope", None))
            # Two tenants at once: each gets its own figures, whoever is answered first.
            week = {"metric": ["conversations"], "unit": "week", **AS_OF}
            both = await asyncio.gather(*(one.call_tool("get_metrics", week) for one in (client, other) * 4))
            counted = [(answered.structured_content or {})["totals"]["conversations"]["value"] for answered in both]
            assert counted == [18, 36] * 4
            wrong: dict[str, tuple[dict[str, Any], tuple[str, str | None]]] = {
                "no such agent": ({"metric": ["csat"], "agent": "Zé"}, ("unknown_name", "agent")),
                "no such metric": ({"metric": ["happiness"]}, ("invalid", "metric.0")),
                "a name that nobody knows": ({"metric": ["csat"], "agente": "Ana Souza"}, ("invalid", "agente")),
                "a text that can't be stored": ({"metric": ["csat"], "theme": ["a\x00b"]}, ("invalid", "arguments")),
                "no such day": ({"metric": ["csat"], "start": "2026-02-30", "end": "2026-03-01"}, ("invalid", "start")),
            }
            for what, (arguments, expected) in wrong.items():
                answered = await client.call_tool("get_metrics", arguments)
                assert (answered.is_error, read_error(answered)) == (True, expected), what
            with pytest.raises(MCPError):
                await client.call_tool("drop_everything", {})
        check_the_door(address, reads)
        limited = await make_key_of(shop, Scope.READ, calls_per_minute=1)
        answers = [httpx.post(f"{address}/mcp", headers=make_headers(limited), json=PING) for _ in range(3)]
        assert answers[-1].status_code == 429
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    await database_sync_to_async(check_uses)(shop)


def find_conversation(searched: Any) -> str:
    """Roberto's, of 10 November."""
    return next(
        str(row["conversation_id"]) for row in searched["items"] if row["contact"] == "Roberto Tanaka" and row["found_by"] == "words"
    )


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def make_headers(raw: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {raw}", "Accept": "application/json, text/event-stream"}


def check_the_door(address: str, raw: str) -> None:
    """Who has no key, comes from another page, or speaks another language gets no further than the door."""
    forged = raw[:-1] + ("A" if raw[-1] != "A" else "B")
    for headers in ({}, make_headers(forged), {"Authorization": "Basic eHg="}):
        refused = httpx.post(f"{address}/mcp", headers=headers, json=PING)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert refused.json()["error"]["code"] == "not_signed_in"
    assert httpx.post(f"{address}/mcp", headers=make_headers(raw) | {"Origin": "https://evil.example"}, json=PING).status_code == 403
    assert httpx.post(f"{address}/mcp", headers=make_headers(raw) | {"Host": "evil.example"}, json=PING).status_code == 403
    assert httpx.get(f"{address}/mcp", headers=make_headers(raw)).status_code == 405
    assert httpx.post(f"{address}/mcp", headers=make_headers(raw), content=b"\xff{").status_code == 400
    assert httpx.post(f"{address}/mcp", headers=make_headers(raw), content=b" " * 300_000).status_code == 413
    assert httpx.post(f"{address}/mcp/", headers=make_headers(raw), json=PING).json() == {"jsonrpc": "2.0", "id": 1, "result": {}}


def check_uses(shop: Shop) -> None:
    with scope(shop.tenant.id):
        assert ApiKey.objects.filter(last_used_at=None).count() == 0


def read_error(result: Any) -> tuple[str, str | None]:
    error = json.loads(result.content[0].text)["error"]
    return error["code"], error.get("field")


@pytest.mark.django_db(transaction=True)
async def test_an_assistant_on_the_same_machine_speaks_over_standard_streams() -> None:
    shop = await database_sync_to_async(make_shop)()
    raw = await make_key_of(shop, Scope.READ)
    command = str(Path(sys.executable).with_name("evosense"))
    started = StdioServerParameters(command=command, args=["mcp"], cwd=Path.cwd(), env={**os.environ, "EVOSENSE_KEY": raw})
    async with Client(started) as client:
        assert "get_metrics" in {tool.name for tool in (await client.list_tools()).tools}
        told = await client.call_tool("get_metrics", {"metric": ["conversations"], "unit": "week", **AS_OF})
        assert (told.structured_content or {})["totals"]["conversations"]["value"] == 18
        await database_sync_to_async(end_keys)(shop)
        refused = await client.call_tool("get_metrics", {"metric": ["conversations"], **AS_OF})
        assert (refused.is_error, read_error(refused)) == (True, ("not_signed_in", None))


def end_keys(shop: Shop) -> None:
    with scope(shop.tenant.id):
        for key in ApiKey.objects.all():
            revoke_key(key)
