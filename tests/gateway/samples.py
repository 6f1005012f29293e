"""What we make of recorded events: `python -m tests.gateway.samples FOLDER` reads every recording of a folder and prints kind → count.

A recording is a JSON file: events as a Socket.IO client heard them ([{"event", "args"}], {"socketio_events": [{"event", "payload"}]}), or
a webhook ({"body": {"event", "data"}}). Files of another shape (answers over HTTP) are counted as such. Ends with status 1 where an event
is not understood.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion.evolution.cleaning import clean
from ingestion.evolution.events import understand
from ingestion.evolution.types import Happening, MessageSeen, NotAMessage, NotUnderstoodError

NO_EVENTS = "file without events"


@dataclass(slots=True)
class Table:
    """How many events of each kind there are, and which were not understood: file, event, and why."""

    kinds: Counter[str] = field(default_factory=Counter)
    not_understood: list[tuple[str, str, str]] = field(default_factory=list)


def count_kinds(folder: Path) -> Table:
    """Understand every event of a folder's recordings, groups included. Raises ValueError for a file that is no JSON."""
    table = Table()
    for path in sorted(folder.rglob("*.json")):
        events = list(find_events(json.loads(path.read_text(encoding="utf-8"))))
        table.kinds[NO_EVENTS] += not events
        for name, payload in events:
            try:
                table.kinds.update(name_kind(happening) for happening in understand(name, clean(payload), reads_groups=True))
            except NotUnderstoodError as error:
                table.not_understood.append((path.name, name, str(error)))
    return table


def find_events(recording: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a recording with their envelopes, whichever of the shapes it has."""
    heard: Any = recording
    if isinstance(recording, dict):
        body = recording.get("body")
        is_webhook = isinstance(body, dict) and "event" in body and "data" in body
        heard = [{"event": body["event"], "payload": body}] if is_webhook and body else recording.get("socketio_events")
    for one in heard if isinstance(heard, list) else []:
        if isinstance(one, dict) and isinstance(one.get("event"), str):
            payload = one.get("payload") or next(iter(one.get("args") or []), None)
            if isinstance(payload, dict):
                yield one["event"], payload


def name_kind(happening: Happening) -> str:
    """What a reader of the table calls it: "message: audio", "no message: presence", "delivery changed"."""
    if isinstance(happening, MessageSeen):
        return f"message: {happening.message.kind}"
    if isinstance(happening, NotAMessage):
        return f"no message: {happening.what}"
    name = type(happening).__name__
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def main(words: list[str]) -> int:
    """Print the table of the folder that is named."""
    if len(words) != 1 or not Path(words[0]).is_dir():
        print(__doc__)
        return 2
    table = count_kinds(Path(words[0]))
    for kind, count in sorted(table.kinds.items()):
        print(f"{count:6} {kind}")
    for name, event, why in table.not_understood:
        print(f"not understood: {name}: {event}: {why}")
    print(f"{len(table.not_understood):6} not understood")
    return 1 if table.not_understood else 0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
    os.environ.setdefault("SECRET_KEY", "nothing is signed here" * 3)
    django.setup()
    sys.exit(main(sys.argv[1:]))
