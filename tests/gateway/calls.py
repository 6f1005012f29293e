"""A call of the gateway's HTTP API, its answer, and the ways in which it refuses: in the real one's nested bodies."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.gateway.instances import Instance
from tests.gateway.shapes import EVENTS
from tests.gateway.steps import Json
from tests.gateway.world import World

_ERRORS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error"}


@dataclass(slots=True)
class Call:
    """One request. `instance` is the one it is about, where its path names one."""

    world: World
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: Any
    found: Instance | None = None

    @property
    def instance(self) -> Instance:
        assert self.found is not None
        return self.found


@dataclass(slots=True)
class Answer:
    """A status with what is written as JSON, or with bytes that are JSON already."""

    status: int
    body: Any


Handler = Callable[[Call], Awaitable[Answer]]


class CallError(Exception):
    """An answer of 400 and above; `message` is a text, a list, a list of lists or a list of objects, as in the real gateway."""

    def __init__(self, status: int, message: Any, *, error: str | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.body: Json = {"status": status, "error": error or _ERRORS[status], "response": {"message": message}}


def parse_body(raw: bytes) -> Any:
    """The body of a call, {} where there is none."""
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except ValueError as error:
        raise CallError(400, str(error), error="Internal Server Error") from None


def require(body: Any, *names: str, inside: str | None = None) -> Json:
    """The object that a body is (or holds under `inside`), with all of these properties."""
    outer = body if isinstance(body, dict) else {}
    if inside is not None:
        if not isinstance(outer.get(inside), dict):
            raise CallError(400, [[f'instance requires property "{inside}"']])
        outer = outer[inside]
    missing = [name for name in names if name not in outer]
    if missing:
        raise CallError(400, [[f'{inside or "instance"} requires property "{name}"' for name in missing]])
    return outer


def require_events(wanted: Json, *, inside: str) -> None:
    """The list of events must be there, and hold names that the gateway's own list knows."""
    if wanted.get("enabled") and "events" not in wanted:
        raise CallError(500, "Cannot read properties of undefined (reading 'length')")
    for number, name in enumerate(wanted.setdefault("events", [])):
        if name not in EVENTS:
            raise CallError(400, [[f"{inside}.events[{number}] is not one of enum values: {','.join(EVENTS)}"]])
