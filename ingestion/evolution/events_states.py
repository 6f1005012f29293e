"""What the gateway tells about itself and about people rather than messages: its link to WhatsApp, codes to scan, names. Pure."""

from collections.abc import Mapping
from typing import get_args

from ingestion.evolution.events_values import Telling, get_part, read_name, read_text
from ingestion.evolution.jids import find_address, find_unkept, read_person
from ingestion.evolution.types import (
    ConnectionChanged,
    ConnectionState,
    ContactSeen,
    Happening,
    NotAMessage,
    NotUnderstoodError,
    QrCodeShown,
)

_STATES: dict[str, ConnectionState] = {
    **{state: state for state in get_args(ConnectionState)},
    "closed": "close",
    "removed": "close",
    "connected": "open",
}
_IMAGE = "data:image/png;base64,"
_CONTACT_FIELDS = ("remoteJid", "id", "jid", "phoneNumber", "lid", "remoteJidAlt")
_NAME_FIELDS = ("pushName", "name", "notify", "verifiedName")


def understand_connection(data: object) -> Happening:
    """The event `connection.update`."""
    state = _STATES.get(str(get_part({"data": data}, "data").get("state")).lower())
    if state is None or not isinstance(data, Mapping):
        raise NotUnderstoodError("an unknown state of the connection")
    address = find_address(data.get("wuid"))
    phone = address.value if address is not None and address.kind == "phone" else None
    return ConnectionChanged(state=state, reason=_read_reason(data.get("statusReason")), phone=phone)


def understand_status(data: object) -> Happening:
    """The event `status.instance`."""
    if not isinstance(data, Mapping):
        raise NotUnderstoodError("the state of the instance is no object")
    state = _STATES.get(str(data.get("status")).lower())
    if state is None:
        return NotAMessage(what="state of the instance")
    return ConnectionChanged(state=state, reason=_read_reason(data.get("disconnectionReasonCode")))


def understand_qr_code(data: object) -> Happening:
    """The event `qrcode.updated`: a picture and a code to type, or why no more of them are shown."""
    if not isinstance(data, Mapping):
        raise NotUnderstoodError("the code is no object")
    code = get_part(data, "qrcode")
    image = code.get("base64")
    if isinstance(image, str) and image.startswith(_IMAGE):
        return QrCodeShown(image=image, pairing_code=read_text(code.get("pairingCode")))
    if problem := read_text(data.get("message")):
        return QrCodeShown(problem=problem[:200])
    raise NotUnderstoodError("a code without its picture")


def understand_contact(data: object, telling: Telling) -> Happening:
    """One contact of the events `contacts.*`: a name, or that a phone and a `@lid` are one person's."""
    if not isinstance(data, Mapping):
        raise NotUnderstoodError("the contact is no object")
    first = find_address(data.get("remoteJid")) or find_address(data.get("id"))
    if first is not None and first.kind == "group":
        return NotAMessage(what="group")
    if first is not None and (what := find_unkept(data.get("remoteJid", data.get("id")), reads_groups=True)):
        return NotAMessage(what=what)
    if first is not None and first.kind == "phone" and first.value == telling.own_phone:
        return NotAMessage(what="our own contact")
    person = read_person((data.get(field) for field in _CONTACT_FIELDS), own_phone=telling.own_phone)
    name = next((name for field in _NAME_FIELDS if (name := read_name(data.get(field)))), "")
    if not (person.phone or person.lid):
        return NotAMessage(what="contact without a number")
    if not name and not (person.phone and person.lid):
        return NotAMessage(what="contact without a name")
    return ContactSeen(phone=person.phone, lid=person.lid, name=name)


def _read_reason(value: object) -> str:
    """Why, as the gateway's number says; nothing where all is well."""
    return "" if value is None or str(value) == "200" else str(value)[:60]
