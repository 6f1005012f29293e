"""Reading a span of a gateway's store without gap and without paging: a page of it is no stable thing.

`findMessages` sorts by whole seconds alone, so that messages of one second come in any order, another one for each page, and what
arrives meanwhile moves everything on. A window that fits on one page has none of these troubles, so windows are halved until they do.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingestion.evolution.client import EvolutionClient
from ingestion.evolution.events_values import find_id

PAGE_SIZE = 500
_LONGEST = timedelta(days=1)
_SHORTEST = timedelta(seconds=1)
_MOST_PARTS = 48


@dataclass(frozen=True, slots=True)
class Window:
    """What the gateway has between two instants, both included: one record for each message id, and how many had none."""

    start: datetime
    end: datetime
    records: dict[str, dict[str, Any]]
    nameless: int


def read_windows(client: EvolutionClient, *, since: datetime, until: datetime, page_size: int = PAGE_SIZE) -> Iterator[Window]:
    """Everything from `since` to `until`, in windows, the oldest first. Neighbours share a second. Raises GatewayError."""
    todo = list(reversed(_split(since.replace(microsecond=0), until.replace(microsecond=0), parts=math.ceil((until - since) / _LONGEST))))
    while todo:
        start, end = todo.pop()
        page = client.find_messages(start, end, 1, page_size)
        if page.pages > 1 and end - start > _SHORTEST:
            parts = min(_MOST_PARTS, 2 * math.ceil(page.total / page_size), int((end - start) / _SHORTEST))
            todo += reversed(_split(start, end, parts=max(2, parts)))
            continue
        if page.pages > 1:
            # More in one second than a page holds: there is no limit to a page, so one is made that does.
            page = client.find_messages(start, end, 1, page.total + page_size)
        yield _make_window(start, end, page.records)


def _split(start: datetime, end: datetime, *, parts: int) -> list[tuple[datetime, datetime]]:
    parts = max(1, parts)
    seconds = (end - start).total_seconds()
    edges = [start + timedelta(seconds=round(seconds * number / parts)) for number in range(parts)] + [end]
    return [(low, high) for low, high in itertools.pairwise(edges) if high > low] or [(start, end)]


def _make_window(start: datetime, end: datetime, records: list[dict[str, Any]]) -> Window:
    found: dict[str, dict[str, Any]] = {}
    nameless = 0
    for record in reversed(records):
        key = record.get("key")
        provider_id = find_id(key.get("id")) if isinstance(key, dict) else None
        if provider_id is None:
            nameless += 1
            continue
        known = found.get(provider_id)
        if known is None or _rank(record) >= _rank(known):
            found[provider_id] = record
    return Window(start, end, found, nameless)


def _rank(record: dict[str, Any]) -> tuple[bool, int]:
    """Of two rows of one message the one that was taken back, or went further, says more."""
    return record.get("message") is None, len(record.get("MessageUpdate") or [])
