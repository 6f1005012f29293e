"""What the gateway tells of a message that was sent before: new words, taken back, how far it got. Pure.

Such news may come before the message itself, and tell the chat from the other side's view: only the message's id is relied on.
"""

from collections.abc import Mapping
from typing import Any

from ingestion.evolution.contents import Content, read_content
from ingestion.evolution.events_values import Telling, find_delivery, find_time, get_id, get_part, read_flag
from ingestion.evolution.jids import find_address, find_unkept
from ingestion.evolution.types import DeliveryChanged, Happening, MessageDeleted, MessageEdited, NotAMessage, NotUnderstoodError
from ingestion.signatures import split_signature

# The types of WhatsApp's protocol messages that matter here: by name over one road, by number over another.
_REVOKE = frozenset({"REVOKE", "0"})
_EDIT = frozenset({"MESSAGE_EDIT", "14"})
# How the Cloud API calls the states that WhatsApp Web calls otherwise, and how its ids of messages begin.
_CLOUD_STATES = frozenset({"SENT", "DELIVERED", "FAILED"})
_CLOUD_ID = "wamid."


def understand_protocol(fields: object, telling: Telling, *, is_sent: bool = False) -> Happening:
    """WhatsApp's protocol message: an edit, a deletion, or a setting. The event `messages.edited` tells of all of them."""
    if not isinstance(fields, Mapping):
        raise NotUnderstoodError("the change is no object")
    key = get_part(fields, "key")
    if what := find_unkept(key.get("remoteJid"), reads_groups=telling.reads_groups):
        return NotAMessage(what=what)
    kind = fields.get("type")
    edited = fields.get("editedMessage")
    name = str(kind).upper()
    if name in _EDIT or (kind is None and isinstance(edited, Mapping)):
        return _read_edit(
            get_id(key.get("id")),
            edited,
            is_ours=is_sent or _is_ours(key, telling),
            edited_at=fields.get("timestampMs"),
        )
    if name in _REVOKE:
        return MessageDeleted(provider_id=get_id(key.get("id")))
    if kind is None:
        raise NotUnderstoodError("a change of a message without its type")
    return NotAMessage(what=f"setting: {name.lower()[:40]}")


def understand_update(data: object, telling: Telling) -> Happening:
    """The event `messages.update`: how far a message got, and on some versions the new words of an edited one."""
    if not isinstance(data, Mapping):
        raise NotUnderstoodError("the update is no object")
    key = get_part(data, "key")
    remote = data.get("remoteJid", key.get("remoteJid"))
    if what := find_unkept(remote, reads_groups=telling.reads_groups):
        return NotAMessage(what=what)
    provider_id = get_id(data.get("keyId") or key.get("id"))
    is_ours = read_flag(data.get("fromMe", key.get("fromMe")))
    if isinstance(edited := get_part(data, "message").get("editedMessage"), Mapping):
        return _read_edit(provider_id, edited, is_ours=is_ours and _is_theirs(remote, telling), edited_at=data.get("messageTimestamp"))
    status = data.get("status", get_part(data, "update").get("status"))
    delivery = find_delivery(status)
    if delivery is None:
        # "DELETED" too: older versions write it for whatever they don't know, and tell real deletions by an event of their own.
        return NotAMessage(what="state of a message")
    # The Cloud API tells of our messages alone, under a false "fromMe".
    if not is_ours and not provider_id.startswith(_CLOUD_ID) and str(status).upper() not in _CLOUD_STATES:
        return NotAMessage(what="receipt for a customer's message")
    return DeliveryChanged(provider_id=provider_id, delivery=delivery)


def understand_delete(data: object, telling: Telling) -> Happening:
    """The event `messages.delete`: the key of what was taken back, flat, or with a row of the gateway's around it."""
    if not isinstance(data, Mapping):
        raise NotUnderstoodError("the deletion is no object")
    if data.get("all") is True:
        return NotAMessage(what="chat cleared on the phone")
    # A row has an `id` of its own beside the key.
    key = get_part(data, "key") or data
    if what := find_unkept(key.get("remoteJid"), reads_groups=telling.reads_groups):
        return NotAMessage(what=what)
    return MessageDeleted(provider_id=get_id(key.get("id")))


def _read_edit(provider_id: str, edited: object, *, is_ours: bool, edited_at: object) -> MessageEdited:
    # The new words stand there by themselves, or in a wrapper once more.
    content = read_content({"editedMessage": edited} if "message" in edited else edited) if isinstance(edited, Mapping) else None
    if isinstance(content, Content) and content.kind != "unsupported":
        text = split_signature(content.text)[1] if is_ours and content.is_written else content.text
        return MessageEdited(provider_id=provider_id, text=text, edited_at=find_time(edited_at))
    raise NotUnderstoodError("an edit without new words")


def _is_ours(key: Mapping[str, Any], telling: Telling) -> bool:
    """Whether we wrote what is edited. An editing customer's key says "from me", but with our number as the chat's."""
    return read_flag(key.get("fromMe")) and _is_theirs(key.get("remoteJid"), telling)


def _is_theirs(remote: object, telling: Telling) -> bool:
    address = find_address(remote)
    return address is None or address.kind != "phone" or address.value != telling.own_phone
