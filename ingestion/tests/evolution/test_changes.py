"""What the gateway tells of earlier messages, of itself and of contacts: event by event, as versions write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingestion.evolution.events import canonical_name, understand
from ingestion.evolution.types import (
    ConnectionChanged,
    ContactSeen,
    DeliveryChanged,
    Happening,
    MessageDeleted,
    MessageEdited,
    NotAMessage,
    NotUnderstoodError,
    QrCodeShown,
)
from ingestion.tests.evolution.payloads import GROUP, MARIANA, MARIANA_LID, MARIANA_SHORT, OWN, SENT_AT, envelope, jid, key, lid, tell

MILLISECONDS = int(SENT_AT.timestamp() * 1000)
NEW_WORDS = {"conversation": "oi, tudo certo?"}
EDITED = MessageEdited(provider_id="3EB0A1", text="oi, tudo certo?", edited_at=SENT_AT)
UNDATED = MessageEdited(provider_id="3EB0A1", text="oi, tudo certo?")
DELETED = MessageDeleted(provider_id="3EB0A1")
IMAGE = "data:image/png;base64,iVBORw0KGgo="


def edit(new: dict[str, Any] = NEW_WORDS, *, type: Any = "MESSAGE_EDIT", at: Any = str(MILLISECONDS), **of: Any) -> dict[str, Any]:  # noqa: A002
    return {"key": key(**of), "type": type, "editedMessage": new, "timestampMs": at}


def ack(status: Any, *, ours: bool = True, id: str = "3EB0A1", **more: Any) -> dict[str, Any]:  # noqa: A002
    return {"keyId": id, "remoteJid": jid(MARIANA), "fromMe": ours, "status": status, "messageId": "cmb0000000000000000000000", **more}


def person(**fields: Any) -> dict[str, Any]:
    return {"remoteJid": jid(MARIANA), "profilePicUrl": None, "instanceId": "x", **fields}


# (event, data) → what it means.
TOLD: dict[str, tuple[str, Any, list[Happening]]] = {
    "edit": ("messages.edited", edit(), [EDITED]),
    "edit of a link": ("messages.edited", edit({"extendedTextMessage": {"text": "oi, tudo certo?"}}), [EDITED]),
    "edit of a caption": ("messages.edited", edit({"imageMessage": {"caption": "oi, tudo certo?"}}), [EDITED]),
    "edit in a wrapper": ("messages.edited", edit({"message": NEW_WORDS}), [EDITED]),
    "edit by number": ("messages.edited", edit(type=14, at=MILLISECONDS), [EDITED]),
    "edit without a type": ("messages.edited", edit(type=None), [EDITED]),
    "edit from the customer's side": ("messages.edited", edit(remote=jid(OWN), ours=True), [EDITED]),
    "edit through the API": ("send.message.update", edit(type=14, at=MILLISECONDS, ours=True), [EDITED]),
    "our edit, signed": ("messages.edited", edit({"conversation": "*Ana Souza:* oi, tudo certo?"}, ours=True), [EDITED]),
    "edit in a group": ("messages.edited", edit(remote=GROUP), [NotAMessage(what="group")]),
    "deletion": ("messages.edited", {"key": key(), "type": "REVOKE"}, [DELETED]),
    "deletion by number": ("messages.edited", {"key": key(), "type": 0}, [DELETED]),
    "setting": ("messages.edited", {"key": key(), "type": "EPHEMERAL_SETTING"}, [NotAMessage(what="setting: ephemeral_setting")]),
    "deletion with a flat key": ("messages.delete", {**key(), "status": "DELETED"}, [DELETED]),
    "deletion with a hidden address": ("messages.delete", key(remote=lid(), remoteJidAlt=jid(MARIANA)), [DELETED]),
    "deletion with a row": (
        "messages.delete",
        {"id": "cmb0000000000000000000000", "key": key(), "message": {"conversation": "oi"}},
        [DELETED],
    ),
    "deletions": ("messages.delete", [key("3EB0A1"), key("3EB0A2")], [DELETED, MessageDeleted(provider_id="3EB0A2")]),
    "deletion of a status post": ("messages.delete", key(remote="status@broadcast"), [NotAMessage(what="status post")]),
    "chat cleared": ("messages.delete", {"jid": jid(MARIANA), "all": True}, [NotAMessage(what="chat cleared on the phone")]),
    "edit as an update": ("messages.update", ack("SERVER_ACK", ours=False, message={"editedMessage": {"message": NEW_WORDS}}), [UNDATED]),
    "edit as an update, 2.3.6": (
        "messages.update",
        ack("DELETED", ours=False, message={"editedMessage": {"message": NEW_WORDS}}),
        [UNDATED],
    ),
    "unclear state": ("messages.update", ack("DELETED"), [NotAMessage(what="state of a message")]),
    "votes as an update": ("messages.update", ack(None, pollUpdates=[]), [NotAMessage(what="state of a message")]),
    "receipt of theirs": ("messages.update", ack("READ", ours=False), [NotAMessage(what="receipt for a customer's message")]),
    "receipt in a group": ("messages.update", ack("READ", remoteJid=GROUP), [NotAMessage(what="group")]),
    "Cloud API, read": (
        "messages.update",
        ack("READ", ours=False, id="wamid.A"),
        [DeliveryChanged(provider_id="wamid.A", delivery="read")],
    ),
    "several updates": (
        "messages.update",
        [ack("DELIVERED"), ack("READ", id="3EB0A2")],
        [DeliveryChanged(provider_id="3EB0A1", delivery="delivered"), DeliveryChanged(provider_id="3EB0A2", delivery="read")],
    ),
    "update as WhatsApp Web writes it": (
        "messages.update",
        {"key": key(ours=True), "update": {"status": 3}},
        [DeliveryChanged(provider_id="3EB0A1", delivery="delivered")],
    ),
    "open": (
        "connection.update",
        {"state": "open", "statusReason": 200, "wuid": jid("551199990000")},
        [ConnectionChanged(state="open", phone="5511999990000")],
    ),
    "connecting": ("connection.update", {"state": "connecting", "statusReason": 200}, [ConnectionChanged(state="connecting")]),
    "closed": ("connection.update", {"state": "close", "statusReason": 401}, [ConnectionChanged(state="close", reason="401")]),
    "refused": ("connection.update", {"state": "refused", "statusReason": 500}, [ConnectionChanged(state="refused", reason="500")]),
    "instance closed": (
        "status.instance",
        {"status": "closed", "disconnectionReasonCode": 401},
        [ConnectionChanged(state="close", reason="401")],
    ),
    "instance made": ("status.instance", {"status": "created"}, [NotAMessage(what="state of the instance")]),
    "logged out": ("logout.instance", None, [ConnectionChanged(state="close", reason="logout")]),
    "removed": ("remove.instance", None, [ConnectionChanged(state="close", reason="removed")]),
    "deleted": ("instance.delete", {"instanceName": "x"}, [ConnectionChanged(state="close", reason="removed")]),
    "code": ("qrcode.updated", {"qrcode": {"code": "2@x", "base64": IMAGE, "pairingCode": None}}, [QrCodeShown(image=IMAGE)]),
    "code to type": (
        "qrcode.updated",
        {"qrcode": {"base64": IMAGE, "pairingCode": "ABCD1234"}},
        [QrCodeShown(image=IMAGE, pairing_code="ABCD1234")],
    ),
    "no more codes": (
        "qrcode.updated",
        {"message": "QR code limit reached", "statusCode": 500},
        [QrCodeShown(problem="QR code limit reached")],
    ),
    "contact": ("contacts.update", person(pushName="Mariana A."), [ContactSeen(phone=MARIANA, name="Mariana A.")]),
    "contacts": (
        "contacts.upsert",
        [person(remoteJid=jid(MARIANA_SHORT), pushName="Mariana"), person(remoteJid=lid(), pushName=MARIANA_LID)],
        [ContactSeen(phone=MARIANA, name="Mariana"), NotAMessage(what="contact without a name")],
    ),
    "contact with both addresses": (
        "contacts.upsert",
        {"id": lid(), "phoneNumber": jid(MARIANA), "notify": "Mariana"},
        [ContactSeen(phone=MARIANA, lid=MARIANA_LID, name="Mariana")],
    ),
    "link without a name": ("contacts.update", person(lid=lid(), pushName=""), [ContactSeen(phone=MARIANA, lid=MARIANA_LID)]),
    "contact of the Cloud API": ("contacts.upsert", {"pushName": "Mariana"}, [NotAMessage(what="contact without a number")]),
    "contact that is a group": ("contacts.upsert", person(remoteJid=GROUP, pushName="João"), [NotAMessage(what="group")]),
    "ourselves": ("contacts.update", person(remoteJid=jid(OWN), pushName="Casa Lua"), [NotAMessage(what="our own contact")]),
    "presence": ("presence.update", {"id": jid(MARIANA)}, [NotAMessage(what="presence")]),
    "chats": ("chats.upsert", [{"remoteJid": jid(MARIANA)}], [NotAMessage(what="chat list")]),
    "groups": ("group-participants.update", {"id": GROUP}, [NotAMessage(what="group")]),
    "event of tomorrow": ("hologram.shown", {}, [NotAMessage(what="unknown event: hologram.shown")]),
}


@pytest.mark.parametrize("what", TOLD)
def test_event(what: str) -> None:
    event, data, expected = TOLD[what]
    assert tell(data, event=event) == expected


# Both vocabularies of how far a message got, and WhatsApp Web's numbers.
STATES: dict[Any, str] = {
    "ERROR": "error", "FAILED": "error", 0: "error", "PENDING": "pending", 1: "pending", "SERVER_ACK": "sent", "SENT": "sent", 2: "sent",
    "DELIVERY_ACK": "delivered", "DELIVERED": "delivered", 3: "delivered", "READ": "read", 4: "read", "PLAYED": "played", 5: "played",
    "read": "read",
}  # fmt: skip


@pytest.mark.parametrize("status", STATES)
def test_how_far_a_message_got(status: Any) -> None:
    [happening] = tell(ack(status), event="messages.update")
    assert happening == DeliveryChanged(provider_id="3EB0A1", delivery=STATES[status])  # type: ignore[arg-type]


def test_an_edit_keeps_a_customers_words_even_where_they_look_signed() -> None:
    words = {"conversation": "*Ana Souza:* disse que vinha"}
    for told in (edit(words), edit(words, remote=jid(OWN), ours=True)):
        [happening] = tell(told, event="messages.edited")
        assert isinstance(happening, MessageEdited)
        assert happening.text == "*Ana Souza:* disse que vinha"


@pytest.mark.parametrize(
    ("event", "data", "reason"),
    [
        ("messages.edited", {"key": key()}, "a change of a message without its type"),
        ("messages.edited", edit({}), "an edit without new words"),
        ("messages.edited", edit(type=14) | {"editedMessage": None}, "an edit without new words"),
        ("messages.edited", edit() | {"key": {}}, "no message id"),
        ("messages.edited", "x", "the change is no object"),
        ("messages.delete", {}, "no message id"),
        ("messages.update", {"status": "READ"}, "no message id"),
        ("connection.update", {"state": "dancing"}, "an unknown state of the connection"),
        ("connection.update", 7, "an unknown state of the connection"),
        ("qrcode.updated", {"qrcode": {"base64": "javascript:x"}}, "a code without its picture"),
    ],
)
def test_what_can_not_be_read_says_why(event: str, data: Any, reason: str) -> None:
    with pytest.raises(NotUnderstoodError, match=f"^{reason}$"):
        tell(data, event=event)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("messages.upsert", "messages.upsert"),
        ("MESSAGES_UPSERT", "messages.upsert"),
        ("messages-upsert", "messages.upsert"),
        ("send-message-update", "send.message.update"),
        ("GROUP_PARTICIPANTS_UPDATE", "group-participants.update"),
        ("TYPEBOT_CHANGE_STATUS", "typebot.change-status"),
        ("GROUP_UPDATE", "groups.update"),
        ("Hologram Shown/../", "hologram.shown"),
        ("", ""),
        ("x" * 99, "x" * 60),
    ],
)
def test_the_ways_in_which_names_are_written(written: str, name: str) -> None:
    assert canonical_name(written) == name


def test_every_name_of_the_gateway_is_known() -> None:
    names = """
        application.startup instance.create instance.delete qrcode.updated connection.update status.instance messages.set messages.upsert
        messages.edited messages.update messages.delete send.message send.message.update contacts.set contacts.upsert contacts.update
        presence.update chats.set chats.update chats.upsert chats.delete groups.upsert groups.update group-participants.update call
        typebot.start typebot.change-status labels.edit labels.association creds.update messaging-history.set remove.instance
        logout.instance
    """.split()
    unknown = [name for name in names if understand(name, envelope([])) == [NotAMessage(what=f"unknown event: {name}")]]
    assert unknown == []


def test_times_of_edits_are_utc() -> None:
    [happening] = tell(edit(), event="messages.edited")
    assert isinstance(happening, MessageEdited)
    assert happening.edited_at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
