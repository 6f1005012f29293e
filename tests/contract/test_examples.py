"""The page about the API can't rot: every example that stands on it, in curl and in Python, is run as it stands against real HTTP."""

import contextlib
import io
import os
import re
import shlex
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.models import Conversation, Scope
from core.project.environment import CHECKOUT
from core.tenancy import scope
from tests.cast import Cast, make_cast
from tests.contract.conftest import make_raw_key
from tests.contract.served import serving
from web.api.examples import EXAMPLES

PAGE = Path(CHECKOUT / "docs" / "api.md")


def find_blocks(language: str) -> list[str]:
    """The blocks of code in one language, in their order."""
    return re.findall(rf"```{language}\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def run_curl(command: str) -> httpx.Response:
    """Send what a curl command would send, read as a shell and curl would read it."""
    words = shlex.split(re.sub(r"(?<!\\)\$([A-Z_]+)", lambda found: os.environ[found[1]], command.replace("\\\n", " ")))
    assert words.pop(0) == "curl"
    method, url, body = "", "", None
    headers: dict[str, str] = {}
    query: list[tuple[str, str | int | float | bool | None]] = []
    while words:
        word = words.pop(0)
        if word in ("-G", "-N"):
            method = "GET" if word == "-G" else method
        elif word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "--data-urlencode":
            name, _, value = words.pop(0).partition("=")
            query.append((name, value))
        elif word == "-d":
            body = words.pop(0)
        else:
            assert not url and word.startswith("http"), f"{word} in {command}"
            url = word
    method = method or ("GET" if body is None else "POST")
    return httpx.request(method, url, headers=headers, params=query or None, content=body, timeout=30)


@pytest.mark.django_db(transaction=True)
def test_every_example_works_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    cast: Cast = make_cast()
    with scope(cast.tenant.id):
        conversation_id = str(Conversation.objects.get().id)
    exports, *curls = find_blocks("sh")
    preamble, *snippets, mcp = find_blocks("python")
    assert len(curls) == len(snippets) == len(EXAMPLES)
    raw = make_raw_key(cast.alice, Scope.ADMIN)
    with serving() as address, contextlib.redirect_stdout(io.StringIO()) as printed:
        assert re.findall(r"[A-Z_]+(?==)", exports) == ["EVOSENSE_URL", "EVOSENSE_KEY"]
        given = {"EVOSENSE_URL": address, "EVOSENSE_KEY": raw, "CONVERSATION_ID": conversation_id}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        names: dict[str, Any] = {}
        exec(preamble, names)
        names["api"].timeout = 30
        for example, curl, snippet in zip(EXAMPLES, curls, snippets, strict=True):
            # What is there once can be taken away once: curl takes it, or its own.
            exec(snippet, names)
            if example.operation == ("POST", "/ask"):
                monkeypatch.setenv("THREAD_ID", names["told"]["thread_id"])
                monkeypatch.setenv("TURN_ID", names["told"]["turn_id"])
            if example.operation == ("POST", "/verified-questions"):
                monkeypatch.setenv("VERIFIED_ID", names["told"]["id"])
            answered = run_curl(curl)
            assert answered.status_code in ((200, 204, 404) if example.operation[0] == "DELETE" else (200,)), (curl, answered.text)
        exec(mcp, {"__name__": "__main__"})
    assert "csat" in printed.getvalue().splitlines()[-1]
    assert "event: turn.answered" in printed.getvalue()
