"""Any version of the gateway's event, by whichever road, as what it means. Pure: the one place that knows the gateway's payloads.

`understand` reads an event, `understand_stored` a message that was asked for afterwards (`findMessages`). What is told is taken with
care, as it was found on running gateways:
- a message's time is `messageTimestamp`, WhatsApp's own. The envelope's `date_time` is local time with a false "Z" and is never read;
- an edit or a deletion is told from the editor's side of the chat, so it is matched by the message's id alone;
- a stored message that was edited carries the time of the edit. The row's own id tells when the gateway first stored it, which is
  taken for the message's time, and the edit is told beside it; where the message had come live, its earlier time stays.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.phones import canonical_phone
from ingestion.evolution.events_changes import understand_delete, understand_protocol, understand_update
from ingestion.evolution.events_messages import understand_message, understand_stored_message
from ingestion.evolution.events_states import understand_connection, understand_contact, understand_qr_code, understand_status
from ingestion.evolution.events_values import Telling, find_items
from ingestion.evolution.jids import find_own_phone
from ingestion.evolution.types import ConnectionChanged, Happening, NotAMessage, NotUnderstoodError
from ingestion.types import Source


class PartlyNotUnderstoodError(NotUnderstoodError):
    """Some of what an event lists can't be read. `understood` is the rest, which need not wait."""

    def __init__(self, reason: str, understood: list[Happening]) -> None:
        super().__init__(reason)
        self.understood = understood


_Reader = Callable[[object, Telling], Happening]
# Events that tell of one thing, or of a list of such things.
_READERS: dict[str, _Reader] = {
    "messages.upsert": understand_message,
    "messages.set": understand_message,
    "send.message": lambda data, telling: understand_message(data, telling, is_sent=True),
    "messages.update": understand_update,
    "messages.edited": understand_protocol,
    "send.message.update": lambda data, telling: understand_protocol(data, telling, is_sent=True),
    "messages.delete": understand_delete,
    "contacts.set": understand_contact,
    "contacts.upsert": understand_contact,
    "contacts.update": understand_contact,
    "connection.update": lambda data, _: understand_connection(data),
    "status.instance": lambda data, _: understand_status(data),
    "qrcode.updated": lambda data, _: understand_qr_code(data),
}
# Events that are all said by their names.
_SAID: dict[str, Happening] = {
    "logout.instance": ConnectionChanged(state="close", reason="logout"),
    "remove.instance": ConnectionChanged(state="close", reason="removed"),
    "instance.delete": ConnectionChanged(state="close", reason="removed"),
    "instance.create": NotAMessage(what="instance created"),
    "application.startup": NotAMessage(what="gateway started"),
    "presence.update": NotAMessage(what="presence"),
    "chats.set": NotAMessage(what="chat list"),
    "chats.upsert": NotAMessage(what="chat list"),
    "chats.update": NotAMessage(what="chat list"),
    "chats.delete": NotAMessage(what="chat list"),
    "groups.upsert": NotAMessage(what="group"),
    "groups.update": NotAMessage(what="group"),
    "group-participants.update": NotAMessage(what="group"),
    "call": NotAMessage(what="call"),
    "labels.edit": NotAMessage(what="label"),
    "labels.association": NotAMessage(what="label"),
    "typebot.start": NotAMessage(what="the gateway's own chatbot"),
    "typebot.change-status": NotAMessage(what="the gateway's own chatbot"),
    "creds.update": NotAMessage(what="credentials"),
    "messaging-history.set": NotAMessage(what="progress of the history"),
}
# Names of events without what the roads write differently: "messages.upsert", "MESSAGES_UPSERT" and "messages-upsert" are one.
_BARE = re.compile(r"[^a-z]")
_NAMES = {_BARE.sub("", name): name for name in [*_READERS, *_SAID]} | {"groupupdate": "groups.update"}
_MAX_NAME = 60


def canonical_name(name: str) -> str:
    """An event's name as Socket.IO writes it, whichever way it was written."""
    lowered = name.strip().lower()
    return _NAMES.get(_BARE.sub("", lowered)) or re.sub(r"[^a-z0-9.-]+", ".", lowered).strip(".-")[:_MAX_NAME]


def understand(
    name: str, payload: Mapping[str, Any], *, self_phone: str | None = None, reads_groups: bool = False, source: Source = "live"
) -> list[Happening]:
    """What an event means. `payload` is the whole envelope, `self_phone` our own number where we know it.

    Raises NotUnderstoodError where something that should mean something can't be read.
    """
    event = canonical_name(name)
    if event in _SAID:
        return [_SAID[event]]
    reader = _READERS.get(event)
    if reader is None:
        return [NotAMessage(what=f"unknown event: {event}")]
    if not isinstance(payload, Mapping) or "data" not in payload:
        raise NotUnderstoodError("no data")
    telling = Telling(own_phone=find_own_phone(payload, self_phone), reads_groups=reads_groups, source=source)
    understood: list[Happening] = []
    problems: list[str] = []
    for item in find_items(payload["data"]):
        try:
            understood.append(reader(item, telling))
        except NotUnderstoodError as problem:
            problems.append(str(problem))
    if problems and understood:
        raise PartlyNotUnderstoodError(f"{len(problems)} of {len(problems) + len(understood)}: {problems[0]}", understood)
    if problems:
        raise NotUnderstoodError(problems[0])
    return understood or [NotAMessage(what="empty list")]


def understand_stored(record: Mapping[str, Any], *, self_phone: str | None = None, reads_groups: bool = False) -> list[Happening]:
    """What a message in the gateway's store (a record of `findMessages`) means.

    Raises NotUnderstoodError where it can't be read.
    """
    own_phone = canonical_phone(self_phone) if self_phone else None
    return understand_stored_message(record, Telling(own_phone=own_phone, reads_groups=reads_groups, source="recovered"))
