"""Pure: how the gateway shapes what WhatsApp hands it, by version; and how each of its three faces writes bytes."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.gateway.steps import Json, Said

OWN_NAME = "Você"
PICTURE = "https://pictures.example/v/perfil.jpg"
EVENTS = (
    "APPLICATION_STARTUP QRCODE_UPDATED MESSAGES_SET MESSAGES_UPSERT MESSAGES_EDITED MESSAGES_UPDATE MESSAGES_DELETE SEND_MESSAGE "
    "SEND_MESSAGE_UPDATE CONTACTS_SET CONTACTS_UPSERT CONTACTS_UPDATE PRESENCE_UPDATE CHATS_SET CHATS_UPSERT CHATS_UPDATE CHATS_DELETE "
    "GROUPS_UPSERT GROUP_UPDATE GROUP_PARTICIPANTS_UPDATE CONNECTION_UPDATE LABELS_EDIT LABELS_ASSOCIATION CALL TYPEBOT_START "
    "TYPEBOT_CHANGE_STATUS REMOVE_INSTANCE LOGOUT_INSTANCE INSTANCE_CREATE INSTANCE_DELETE STATUS_INSTANCE"
).split()
MEDIA_TYPES = ("imageMessage", "videoMessage", "ptvMessage", "audioMessage", "documentMessage", "stickerMessage")
# Protobuf gives these no `contextInfo` of their own; every other kind has one, null where it is empty.
_WITHOUT_CONTEXT = ("reactionMessage", "pollUpdateMessage", "ephemeralMessage", "viewOnceMessageV2", "documentWithCaptionMessage")
_BRAZILIAN = re.compile(r"^55(\d{2})\d(\d{8})$")


def parse_version(version: str) -> tuple[int, ...]:
    """ "2.3.7" → (2, 3, 7), whatever is appended."""
    return tuple(int(part) for part in version.split("-")[0].split(".")[:3])


def get_config_name(event: str) -> str:
    """The name of an event in settings: "messages.upsert" → "MESSAGES_UPSERT"."""
    return event.replace(".", "_").replace("-", "_").upper()


def make_jid(number: str) -> str:
    """The address of a number as senders write it; Brazil's ninth digit goes where WhatsApp has none."""
    if "@" in number:
        return number
    digits = re.sub(r"\D", "", number)
    brazilian = _BRAZILIAN.match(digits)
    if brazilian and int(brazilian[1]) >= 31 and int(brazilian[2][0]) >= 7:
        digits = f"55{brazilian[1]}{brazilian[2]}"
    return f"{digits}@s.whatsapp.net"


def get_content_type(content: Json) -> str | None:
    """The first key that names a message."""
    return next((key for key in content if key == "conversation" or "Message" in key), None)


def get_source(message_id: str) -> str:
    """The device, read off the form of an id."""
    if re.fullmatch(r"3A.{18}", message_id):
        return "ios"
    if re.fullmatch(r"3E.{20}", message_id):
        return "web"
    if re.fullmatch(r".{21}|.{32}", message_id):
        return "android"
    return "desktop" if re.fullmatch(r"3F.*|.{18}", message_id) else "unknown"


def normalise(content: Json) -> tuple[Json, str, Json]:
    """(message, messageType, {"contextInfo": …} or nothing): plain texts and captioned documents only are unwrapped."""
    kind = get_content_type(content)
    assert kind is not None
    inner = content[kind]
    more: Json = {}
    if kind not in _WITHOUT_CONTEXT and not isinstance(inner, str):
        more["contextInfo"] = inner.get("contextInfo")
    if kind == "extendedTextMessage":
        rest = {key: value for key, value in content.items() if key != kind}
        return {**rest, "conversation": inner["text"]}, "conversation", more
    if kind == "documentWithCaptionMessage":
        return dict(inner["message"]), "documentMessage", more
    return dict(content), kind, more


def make_keys(said: Said, *, version: str) -> tuple[Json, Json]:
    """(key in the event, key in the gateway's database): they differ for customers with a hidden id."""
    phone = f"{said.phone}@s.whatsapp.net" if said.phone else None
    lid = f"{said.lid}@lid" if said.lid else None
    base: Json = {"fromMe": said.from_me, "id": said.message_id}
    if said.group is not None:
        key: Json = {"remoteJid": said.group, **base, "addressingMode": "lid" if lid else "pn"}
        if not said.from_me:
            key["participant"] = lid or phone
            if lid and phone:
                key["participantAlt"] = phone
        return key, key
    if lid is None:
        key = {"remoteJid": phone, **base, "addressingMode": "pn"}
        return key, key
    row: Json = {"remoteJid": lid, **base}
    numbers = parse_version(version)
    if numbers <= (2, 3, 0):
        return row, row
    if numbers <= (2, 3, 4):
        row |= {"senderPn": phone} if phone else {}
        return row, row
    row |= {"addressingMode": "lid"} | ({"remoteJidAlt": phone} if phone else {})
    if phone is None or numbers <= (2, 3, 6):
        return row, row
    if numbers <= (2, 3, 7):
        return row | {"remoteJid": phone}, row  # the phone overwrites the hidden id, in the event alone
    return row | {"remoteJid": phone, "remoteJidAlt": lid, "addressingMode": "pn"}, row


def make_message(said: Said, *, version: str, instance_id: str) -> tuple[Json, Json]:
    """(data of messages.upsert, key of its row)."""
    key, row_key = make_keys(said, version=version)
    message, kind, more = normalise(said.content)
    if parse_version(version) >= (2, 3, 7) and kind == "pollUpdateMessage" and "selectedOptions" in message[kind]["vote"]:
        voter = key.get("participant") or key["remoteJid"]
        more["pollUpdates"] = [{"name": option, "voters": [voter]} for option in message[kind]["vote"]["selectedOptions"]]
    name = said.name or (said.phone or said.lid or "")
    data = {
        "key": key,
        "pushName": OWN_NAME if said.from_me else name,
        "status": "SERVER_ACK" if said.from_me else "DELIVERY_ACK",
        "message": message,
        **more,
        "messageType": kind,
        "messageTimestamp": said.at,
        "instanceId": instance_id,
        "source": get_source(said.message_id),
    }
    return data, row_key


def make_date_time(now: datetime, *, utc_offset_hours: int, error_seconds: int = 0) -> str:
    """The local time with a false Z."""
    local = now.astimezone(UTC) + timedelta(hours=utc_offset_hours, seconds=error_seconds)
    return local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03d}Z"


def format_instant(seconds: float) -> str:
    """A database's column: true UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def parse_instant(text: str) -> int:
    """Unix seconds of an ISO date. Raise ValueError for anything else."""
    instant = datetime.fromisoformat(text)
    return int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp())


def write_json(value: Any) -> bytes:
    """JSON as webhooks and answers to sends carry it: bytes are objects of numbered numbers."""
    return json.dumps(value, default=_number_bytes, ensure_ascii=False, separators=(",", ":")).encode()


def write_row_json(value: Any) -> bytes:
    """JSON as findMessages answers it: bytes are base64."""
    return json.dumps(value, default=_encode_bytes, ensure_ascii=False, separators=(",", ":")).encode()


def _number_bytes(value: Any) -> Json:
    assert isinstance(value, bytes), value
    return {str(position): number for position, number in enumerate(value)}


def _encode_bytes(value: Any) -> str:
    assert isinstance(value, bytes), value
    return base64.b64encode(value).decode()
