"""A message as the gateway tells it, live or read back from its store, as one of ours. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

from ingestion.evolution.contents import Content, Protocol, read_content
from ingestion.evolution.events_changes import understand_protocol
from ingestion.evolution.events_values import Telling, find_delivery, find_time, get_id, get_part, read_flag, read_name
from ingestion.evolution.jids import Chat, read_chat
from ingestion.evolution.types import Happening, MessageDeleted, MessageEdited, MessageSeen, NotAMessage, NotUnderstoodError
from ingestion.signatures import split_signature
from ingestion.types import Delivery, IncomingMessage

_STUB_REVOKED, _STUB_UNDECRYPTABLE = 1, 2
_DELIVERY_ORDER: tuple[Delivery, ...] = get_args(Delivery)


def understand_message(data: object, telling: Telling, *, is_sent: bool = False) -> Happening:
    """A message from an event. `is_sent`: the gateway sent it for us, so it is ours whatever its key says."""
    if not isinstance(data, Mapping):
        raise NotUnderstoodError("the message is no object")
    key = get_part(data, "key")
    is_ours = is_sent or read_flag(key.get("fromMe"))
    chat = read_chat(key, is_ours=is_ours, own_phone=telling.own_phone, reads_groups=telling.reads_groups)
    if chat.what:
        return NotAMessage(what=chat.what)
    provider_id = get_id(key.get("id"))
    content: Content | Protocol | NotAMessage
    if isinstance(data.get("message"), Mapping):
        content = read_content(
            data["message"], context=data.get("contextInfo"), type_name=data.get("messageType"), votes=data.get("pollUpdates")
        )
    elif data.get("messageStubType") == _STUB_REVOKED:
        return MessageDeleted(provider_id=provider_id)
    elif data.get("messageStubType") == _STUB_UNDECRYPTABLE:
        # WhatsApp may send it again under the same id once the phones have agreed on keys; then its words are filled in.
        content = Content(kind="unsupported", is_written=False)
    else:
        content = NotAMessage(what="message without content")
    if isinstance(content, Protocol):
        return understand_protocol(content.fields, telling)
    if isinstance(content, NotAMessage):
        return content
    sent_at = find_time(data.get("messageTimestamp"))
    if sent_at is None:
        raise NotUnderstoodError("no readable messageTimestamp")
    name = "" if is_ours else read_name(data.get("pushName"))
    return MessageSeen(
        message=_make_message(
            content,
            chat=chat,
            is_ours=is_ours,
            provider_id=provider_id,
            sent_at=sent_at,
            name=name,
            delivery=find_delivery(data.get("status")),
            telling=telling,
        )
    )


def understand_stored_message(record: object, telling: Telling) -> list[Happening]:
    """A message from the gateway's store: in the event's shape, with the list of its later states, without content where revoked.

    An edited one is told as two: the message where it was first stored, and the edit with its time. A revoked one was a message all
    the same: it is told as one that was deleted, so that the days on which we heard nothing of it are complete.
    """
    if isinstance(record, Mapping) and record.get("message") is None and record.get("messageType"):
        return [_understand_revoked(record, telling)]
    happening = understand_message(record, telling)
    if not isinstance(record, Mapping) or not isinstance(happening, MessageSeen):
        return [happening]
    message, states, changes = happening.message, _read_states(record), list[Happening]()
    if "EDITED" in states or message.is_edited:
        changes = [MessageEdited(provider_id=message.provider_id, text=message.text, edited_at=message.sent_at)]
        message = replace(message, is_edited=True, sent_at=_find_first_stored(record, before=message.sent_at))
    if message.author == "agent":
        reached = [delivery for state in states if (delivery := find_delivery(state))]
        reached += [message.delivery] if message.delivery else []
        message = replace(message, delivery=max(reached, key=_DELIVERY_ORDER.index, default=None))
    return [MessageSeen(message=message), *changes]


def _understand_revoked(record: Mapping[str, Any], telling: Telling) -> Happening:
    # A message without words is none; the words that stand in for those that were taken back are dropped again.
    emptied = {**record, "message": {"conversation": "-"}, "messageType": "conversation", "contextInfo": None}
    try:
        happening = understand_message(emptied, telling)
    except NotUnderstoodError:
        return MessageDeleted(provider_id=get_id(get_part(record, "key").get("id")))
    return MessageSeen(message=replace(happening.message, is_deleted=True, text="")) if isinstance(happening, MessageSeen) else happening


def _make_message(
    content: Content,
    *,
    chat: Chat,
    is_ours: bool,
    provider_id: str,
    sent_at: datetime,
    name: str,
    delivery: Delivery | None,
    telling: Telling,
) -> IncomingMessage:
    agent, text = split_signature(content.text) if is_ours and content.is_written else (None, content.text)
    person = chat.person
    return IncomingMessage(
        provider_id=provider_id,
        chat_key=chat.key,
        # Only the other side's own name names a chat of two; a group's messages carry the names of those who write in it.
        chat_name="" if chat.is_group else name,
        is_group=chat.is_group,
        author="agent" if is_ours else "customer",
        sender_name=(agent or "") if is_ours else name or person.phone or person.lid or "",
        sender_phone=None if is_ours else person.phone,
        agent_name=agent,
        sent_at=sent_at,
        kind=content.kind,
        text=text,
        attachment=content.attachment,
        is_edited=content.is_edited,
        source=telling.source,
        chat_lid=None if chat.is_group else person.lid,
        sender_lid=person.lid if chat.is_group and not is_ours else None,
        quoted_id=content.quoted_id,
        delivery=delivery if is_ours else None,
    )


def _read_states(record: Mapping[str, Any]) -> list[str]:
    updates = record.get("MessageUpdate")
    return [str(update.get("status")) for update in updates if isinstance(update, Mapping)] if isinstance(updates, list) else []


def _find_first_stored(record: Mapping[str, Any], *, before: datetime) -> datetime:
    """When the gateway first stored an edited message, or `before`, the time of the edit, where that can't be told.

    The row's id is a cuid: a "c", then milliseconds since 1970 in base 36.
    """
    row_id = record.get("id")
    if not isinstance(row_id, str) or len(row_id) != 25 or row_id[0] != "c" or not (row_id.isascii() and row_id.isalnum()):
        return before
    stored_at = datetime.fromtimestamp(int(row_id[1:9], 36) / 1000, UTC).replace(microsecond=0)
    # Far earlier is no row of this message: WhatsApp lets nobody edit for longer than some minutes.
    return stored_at if (before - stored_at).days == 0 else before
