"""docs/api.md, written from the API itself: what each operation is for, which scope it needs, and its example in curl and Python."""

import json
import re
import shlex
from typing import Any

from core.models import Scope

HEAD = """# The API

Programs reach EvoSense over HTTP below `/api/v1`, and other assistants over MCP at `/mcp`. Every figure, word and quote is the same as
in the chat: a call is a plan, executed by the same code. The running installation documents each field at `/api/v1/docs`; the
machine-readable contract is [openapi.json](openapi.json).

## Keys

An administrator of the company makes a key in `/admin/` under *API keys*: for whom it acts, what it may do, how many calls a minute, and
until when. The key is shown once and kept only as a digest; it can be revoked at any time and is never logged. It is sent as a header:

```text
Authorization: Bearer evs_…
```

A key acts as its owner: it sees what that person sees, its threads are theirs, and it ends with their right to sign in.

| scope | what it opens |
| --- | --- |
"""
SCOPES = {
    Scope.ASK: "questions, answers with their quotes, threads, feedback",
    Scope.READ: "figures, themes, summaries and the catalogue, with the few quotes that stand behind them",
    Scope.MESSAGES: "searching messages and reading whole conversations",
    Scope.ADMIN: "everything that the owner may do, the three above included",
}
SOCKETS = """
A key opens no WebSocket: `/ws/chat/` and `/ws/live/` are for people who signed in, since an open socket counts no calls against a key's
rate. They close with code 4403 and say so; `POST /ask/stream` tells a turn's events as they happen, the same ones, and webhooks tell what
is new. Each question that came by a key is audited with the key's name and first letters, which stay when the key is deleted.
"""
RULES = """
## Rules that hold everywhere

- **Errors** are `{"error": {"code", "message", "field"?}}`, the message in the owner's language: 401 no key that holds, 403 not allowed
  (the owner's role, or `key_lacks_scope`), 404 not there or not yours (`unknown_name` where a filter names nobody), 422 wrong input with
  its `field`, 429 too many calls, 503 a service is down and which.
- **Limits**: each key has its calls a minute, each person and company its questions. A 429 carries `Retry-After` in seconds.
- **Lists** are `{"items": […], "count": …}`; `limit` (50 by default, 200 at most) and `offset` take a page.
- **Days** are those of the company's time zone. A period is `start` and `end`, both included, or a calendar `unit` (day, week, month,
  quarter, year) with a day `on` that lies in it; without either it is the 30 days that end today. `compare=previous`, or
  `compare_start` and `compare_end`, sets a second one beside it.
- **Filters** (`agent`, `channel`, `contact`, `theme`, `sentiment`, `emotion`, `tone`, `satisfaction_min`, `satisfaction_max`, `status`,
  `author`) may be given several times: any of the values. Names are spelled as in `/catalogue`; a parameter that does not exist is
  refused, not ignored.
- **Units**: count; rating 1–5; percent 0–100; score −1…1; seconds.
- **Coverage** says how many conversations the figures stand on, how many are analysed, how many wait, and what is missing. `notes` are
  the caveats that a careful person adds.
- **Customers' words** (citations, messages, excerpts, and quotes inside `text`) are data. A program that hands them to a model must tell
  it so: they may hold instructions.

The examples read the address and the key from the environment, and ids from where an earlier answer gave them:

```sh
export EVOSENSE_URL=https://evosense.example.com EVOSENSE_KEY=evs_…
```

```python
import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['EVOSENSE_URL']}/api/v1", headers={"Authorization": f"Bearer {os.environ['EVOSENSE_KEY']}"}
)
```
"""
MCP = """
## Other assistants: MCP

`/mcp` speaks the [Model Context Protocol](https://modelcontextprotocol.io) over streamable HTTP, with the same key, rights and limits.
Most assistants take an address and a header:

```json
{"mcpServers": {"evosense": {"type": "http", "url": "https://evosense.example.com/mcp", "headers": {"Authorization": "Bearer evs_…"}}}}
```

An assistant on the installation's own machine can start `evosense mcp` instead, which speaks the same over standard input and output; it
reads the key from `EVOSENSE_KEY`. A tool is listed only to keys whose scopes cover it.

| tool | scope | what it does |
| --- | --- | --- |
"""
MCP_AFTER = """
Results carry `notice` and mark every message with `untrusted_words`: what customers wrote is data, never an instruction.

With the official Python SDK:

```python
import asyncio
import os

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main() -> None:
    headers = {"Authorization": f"Bearer {os.environ['EVOSENSE_KEY']}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(f"{os.environ['EVOSENSE_URL']}/mcp", http_client=http)) as client,
    ):
        print([tool.name for tool in (await client.list_tools()).tools])
        result = await client.call_tool("get_metrics", {"metric": ["csat"], "unit": "month"})
        print(result.structured_content["totals"])


asyncio.run(main())
```
"""


def write_api() -> str:
    """The whole page. Raises ValueError for an operation that has neither an example nor a reason why it needs none."""
    from web.api.assembly import api
    from web.api.examples import EXAMPLES, FOR_PEOPLE

    described = {
        (method.upper(), path.removeprefix("/api/v1")): operation
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method, operation in operations.items()
    }
    examples = {example.operation for example in EXAMPLES}
    if unknown := examples - described.keys():
        raise ValueError(f"web/api/examples.py has an example of what is not there: {sorted(unknown)}")
    if missing := {key for key in described if key not in examples and key[1] not in FOR_PEOPLE}:
        raise ValueError(f"give an example in web/api/examples.py, or say there why none is needed: {sorted(missing)}")
    lines = [
        HEAD.rstrip("\n"),
        *(f"| `{scope}` | {what} |" for scope, what in SCOPES.items()),
        SOCKETS.rstrip("\n"),
        RULES,
        "## Operations",
    ]
    for example in EXAMPLES:
        method, path = example.operation
        operation = described[example.operation]
        scope = operation.get("x-key-scope")
        needs = f"Scope `{scope}`." if scope else "Any key."
        lines += [
            f"\n### {example.title}\n",
            f"`{method} /api/v1{path}`: {' '.join(operation['description'].split())} {needs}\n",
            f"```sh\n{write_curl(example)}\n```\n",
            f"```python\n{write_python(example)}\n```",
        ]
    for_people = ", ".join(f"`{path}` ({why})" for path, why in FOR_PEOPLE.items())
    lines.append(f"\nThe rest is for the company's own page and its people: {for_people}.")
    return "\n".join(lines) + "\n" + write_tools()


def write_tools() -> str:
    """The part about MCP."""
    from web.mcp.tools import TOOLS

    rows = [f"| `{tool.name}` | `{tool.key_scope}` | {tool.description.split('. ')[0].removesuffix('.')}. |" for tool in TOOLS.values()]
    return MCP.rstrip("\n") + "\n" + "\n".join(rows) + "\n" + MCP_AFTER


def write_curl(example: Any) -> str:
    """The call as a person types it."""
    method, path = example.operation
    for name in example.ids:
        path = re.sub(r"{[a-z_]+}", f"${name}", path, count=1)
    words = ["curl", "-N"] if example.is_stream else ["curl"]
    words += ["-G"] if example.query else ([] if method in ("GET", "POST") else ["-X", method])
    lines = [f'{" ".join(words)} "$EVOSENSE_URL/api/v1{path}" -H "Authorization: Bearer $EVOSENSE_KEY"']
    lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in example.query]
    if example.body is not None:
        raw = json.dumps(example.body, ensure_ascii=False)
        quoted = '"' + re.sub(r"{([A-Z_]+)}", r"$\1", raw.replace('"', '\\"')) + '"' if re.search(r"{[A-Z_]+}", raw) else shlex.quote(raw)
        lines.append(f'-H "Content-Type: application/json" -d {quoted}')
    return " \\\n  ".join(lines)


def write_python(example: Any) -> str:
    """The same call in Python."""
    method, path = example.operation
    for name in example.ids:
        path = re.sub(r"{[a-z_]+}", "{os.environ['" + name + "']}", path, count=1)
    call = f'{"f" if example.ids else ""}"{path}"'
    if example.query:
        values: dict[str, list[str]] = {}
        for name, value in example.query:
            values.setdefault(name, []).append(value)
        call += f", params={_quote({name: given[0] if len(given) == 1 else given for name, given in values.items()})}"
    if example.body is not None:
        call += f", json={_write_body(example.body)}"
    if example.is_stream:
        return f'with api.stream("{method}", {call}) as events:\n    for line in events.iter_lines():\n        print(line)'
    lines = [f"answered = api.{method.lower()}({call}).raise_for_status()"]
    if example.show:
        lines += ["told = answered.json()", example.show]
    return "\n".join(lines)


def _write_body(body: Any) -> str:
    pairs = []
    for name, value in body.items():
        found = re.fullmatch(r"{([A-Z_]+)}", value) if isinstance(value, str) else None
        pairs.append(f'"{name}": ' + (f'os.environ["{found[1]}"]' if found else _quote(value)))
    return "{" + ", ".join(pairs) + "}"


def _quote(value: Any) -> str:
    return repr(value) if isinstance(value, bool | int) else json.dumps(value, ensure_ascii=False)
