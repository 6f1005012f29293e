"""The protocol's side of the tools: listed for who may call them, called in a thread, answered as data or as an error to act on."""

import json
from importlib.metadata import version
from typing import Any

import structlog
from channels.db import database_sync_to_async
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import ValidationError

from core.api_keys import check_key_may
from core.errors import VisibleError
from core.faults import describe_fault
from web.api.contract import check_text
from web.api.door import describe_error, find_visible
from web.mcp.caller import check_key, get_key
from web.mcp.tools import NOTICE, TOOLS, UNITS, ToolEntry

log = structlog.get_logger(__name__)

INSTRUCTIONS = f"EvoSense knows how satisfied a company's customers are in their WhatsApp conversations. {UNITS} {NOTICE}"
# What marks a row with somebody's words, wherever it lies in a result.
WORDS, IDS = ("text", "excerpt"), ("message_id", "conversation_id")


async def list_tools(context: Any, params: PaginatedRequestParams | None) -> ListToolsResult:
    """The tools that the key's scopes cover."""
    key = get_key()
    return ListToolsResult(tools=[describe_tool(entry) for entry in TOOLS.values() if key.may(entry.key_scope)])


async def call_tool(context: Any, params: CallToolRequestParams) -> CallToolResult:
    """Call one tool. What is wrong with a call is told in its result, so that the caller can mend it."""
    entry = TOOLS.get(params.name)
    if entry is None:
        raise MCPError(INVALID_PARAMS, f"there is no tool {params.name[:80]!r}")
    try:
        told = await database_sync_to_async(run_tool)(entry, params.arguments or {})
    except Exception as error:
        visible = find_visible(error)
        log.info("mcp.tool_refused", tool=entry.name, code=visible.code)
        body = describe_error(visible, get_key().owner.language)
        return CallToolResult(content=[TextContent(type="text", text=json.dumps(body, ensure_ascii=False))], is_error=True)
    log.info("mcp.tool_called", tool=entry.name)
    return CallToolResult(
        content=[TextContent(type="text", text=json.dumps(told, ensure_ascii=False))], structured_content=told, is_error=False
    )


def run_tool(entry: ToolEntry, raw: dict[str, Any]) -> dict[str, Any]:
    """Check the key and the arguments, run the tool, and mark in what it gives the words that customers wrote."""
    key = check_key()
    check_key_may(key, entry.key_scope)
    check_text(raw, field="arguments")
    try:
        arguments = entry.arguments.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "arguments"
        raise VisibleError("invalid", field=field, detail=describe_fault(first)) from None
    told = entry.run(key.owner, arguments).model_dump(mode="json")
    mark_words(told)
    return {"notice": NOTICE, **told}


def mark_words(value: Any) -> None:
    """Say beside each message and excerpt, however deep it lies, that it is somebody's words and no instruction."""
    if isinstance(value, list):
        for inner in value:
            mark_words(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            mark_words(inner)
        if any(name in value for name in IDS) and any(name in value for name in WORDS):
            value["untrusted_words"] = True


def describe_tool(entry: ToolEntry) -> Tool:
    """A tool as the protocol lists it."""
    output = entry.result.model_json_schema(mode="serialization")
    output["properties"] = {"notice": {"type": "string", "const": NOTICE}, **output["properties"]}
    output["required"] = ["notice", *output.get("required", [])]
    return Tool(
        name=entry.name,
        title=entry.title,
        description=entry.description,
        input_schema=entry.arguments.model_json_schema(),
        output_schema=output,
        annotations=ToolAnnotations(
            read_only_hint=entry.is_read_only, destructive_hint=False, idempotent_hint=entry.is_read_only, open_world_hint=False
        ),
    )


server: Server[Any] = Server(
    "evosense",
    version=version("evosense"),
    title="EvoSense",
    instructions=INSTRUCTIONS,
    on_list_tools=list_tools,
    on_call_tool=call_tool,
)


async def serve_standard_streams() -> None:
    """Answer over standard input and output until the other side closes them."""
    async with stdio_server() as (reads, writes):
        await server.run(reads, writes, server.create_initialization_options())
