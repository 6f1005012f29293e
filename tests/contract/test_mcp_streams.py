"""`evosense mcp` over its standard streams: the protocol alone on standard output, one line that it started on standard error."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.models import Scope
from tests.cast import make_cast
from tests.contract.conftest import make_raw_key

COMMAND = [str(Path(sys.executable).with_name("evosense")), "mcp"]
HELLO: dict[str, Any] = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}  # fmt: skip
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def ask(name: str, arguments: dict[str, Any], *, number: int) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": name, "arguments": arguments}}


@pytest.mark.django_db(transaction=True)
def test_standard_output_holds_the_protocol_and_standard_error_one_line() -> None:
    cast = make_cast()
    raw = make_raw_key(cast.alice, Scope.ADMIN)
    calls = [
        ask("ask", {"question": "Como está a satisfação este mês?"}, number=2),
        ask("search_messages", {"q": "pedido"}, number=3),
        ask("get_metrics", {"metric": ["csat"], "unit": "nothing"}, number=4),
    ]
    given = "".join(json.dumps(message) + "\n" for message in (HELLO, READY, *calls))
    environment = {name: value for name, value in os.environ.items() if name != "LOG_LEVEL"} | {"EVOSENSE_KEY": raw}
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(given)
    process.stdin.flush()
    heard = [json.loads(process.stdout.readline()) for _ in range(1 + len(calls))]
    out, err = process.communicate(timeout=60)
    assert {message["id"] for message in heard} == {1, 2, 3, 4}
    assert all(message["jsonrpc"] == "2.0" and "result" in message for message in heard)
    assert out == ""
    assert err == f"EvoSense speaks MCP on standard input and output, as Alice (teste ({raw[:12]}…)).\n"
    assert process.returncode == 0
