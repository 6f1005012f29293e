"""Who a message is with: WhatsApp's addresses, of which one person may have two, a phone's and a hidden one. Pure.

Which field holds which of the two changed with almost every version of the gateway, so every field is looked at and each address
is known by its ending alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.phones import canonical_phone
from ingestion.evolution.types import NotUnderstoodError

AddressKind = Literal["phone", "lid", "group", "status", "broadcast", "newsletter", "bot", "service"]

_KIND_OF_SERVER: dict[str, AddressKind] = {
    "s.whatsapp.net": "phone",
    "c.us": "phone",
    "hosted": "phone",
    "lid": "lid",
    "hosted.lid": "lid",
    "g.us": "group",
    "broadcast": "broadcast",
    "newsletter": "newsletter",
    "bot": "bot",
}
_CHAT_FIELDS = ("remoteJid", "remoteJidAlt", "previousRemoteJid")
# Who sent, in a chat of two. On our own messages that is ourselves, if the gateway's version fills it in at all.
_SENDER_FIELDS = ("senderPn", "senderLid")
_PARTICIPANT_FIELDS = ("participant", "participantAlt", "participantPn", "participantLid")
_MAX_DIGITS = 20
# What is nothing to keep, in words for the reader of the inbox.
_NOT_A_CHAT: dict[AddressKind, str] = {
    "status": "status post",
    "broadcast": "broadcast list",
    "newsletter": "newsletter",
    "bot": "chat with WhatsApp's own assistant",
    "service": "notice from WhatsApp",
}


@dataclass(frozen=True, slots=True)
class Address:
    """One address: what it is of, and its digits, or its whole text where it is of a group."""

    kind: AddressKind
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """The addresses known of one person, as digits."""

    phone: str | None = None
    lid: str | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a message belongs: a person, or a group with the person who wrote. `what` names a chat that is nothing to keep."""

    key: str = ""
    is_group: bool = False
    person: Person = Person()
    what: str = ""


def find_address(value: object) -> Address | None:
    """An address from its text, in its canonical form: phones with the ninth digit, without the number of a device."""
    if not isinstance(value, str) or not value:
        return None
    user, at, server = value.strip().lower().rpartition("@")
    if not at:
        user, server = server, "s.whatsapp.net"  # the gateway's test channel writes bare numbers
    if user == "status":
        return Address("status", "")
    kind = _KIND_OF_SERVER.get(server)
    if kind is None:
        return None
    if kind in ("phone", "lid"):
        digits = user.partition(":")[0].partition("_")[0].removeprefix("+")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > _MAX_DIGITS:
            return None
        if not digits.strip("0"):
            return Address("service", "")
        return Address(kind, canonical_phone(digits) if kind == "phone" else digits)
    return Address(kind, f"{user}@{server}")


def find_own_phone(payload: Mapping[str, Any], self_phone: str | None) -> str | None:
    """Our number in its canonical form, as the envelope tells it, or else as we were told by a person, who may have mistyped it."""
    address = find_address(payload.get("sender"))
    if address is not None and address.kind == "phone":
        return address.value
    return canonical_phone(self_phone) or None if self_phone else None


def read_chat(key: Mapping[str, Any], *, is_ours: bool, own_phone: str | None, reads_groups: bool) -> Chat:
    """The chat that a message's key tells. Raises NotUnderstoodError where it tells none."""
    first = find_address(key.get("remoteJid")) or find_address(key.get("remoteJidAlt"))
    if first is None:
        raise NotUnderstoodError("no chat: remoteJid is missing or of an unknown kind")
    if first.kind in _NOT_A_CHAT:
        return Chat(what=_NOT_A_CHAT[first.kind])
    if first.kind == "group":
        if not reads_groups:
            return Chat(what="group", is_group=True)
        return Chat(key=first.value, is_group=True, person=_find_person(key, _PARTICIPANT_FIELDS, own_phone=own_phone))
    if first.kind == "phone" and first.value == own_phone:
        return Chat(what="note to oneself")
    # Whose number stands beside our own messages is only sure once we know our own.
    fields = _CHAT_FIELDS if is_ours and own_phone is None else (*_CHAT_FIELDS, *_SENDER_FIELDS)
    person = _find_person(key, fields, own_phone=own_phone)
    return Chat(key=person.phone or f"lid:{person.lid}", person=person)


def find_unkept(value: object, *, reads_groups: bool) -> str | None:
    """What a chat is, where nothing of it is kept: a change of one of its messages is nothing to keep either."""
    address = find_address(value)
    if address is None:
        return None
    return "group" if address.kind == "group" and not reads_groups else _NOT_A_CHAT.get(address.kind)


def read_person(fields: Iterable[object], *, own_phone: str | None = None) -> Person:
    """The phone and the hidden address among some addresses, our own phone left out."""
    found: dict[str, str] = {}
    for field in fields:
        address = find_address(field)
        if address is not None and not (address.kind == "phone" and address.value == own_phone):
            found.setdefault(address.kind, address.value)
    return Person(phone=found.get("phone"), lid=found.get("lid"))


def _find_person(key: Mapping[str, Any], fields: Iterable[str], *, own_phone: str | None) -> Person:
    return read_person((key.get(field) for field in fields), own_phone=own_phone)


def to_number(chat: str) -> str:
    """A chat as the gateway's `number`: `lid:<digits>` becomes `<digits>@lid`, all else stays."""
    return f"{chat.removeprefix('lid:')}@lid" if chat.startswith("lid:") else chat
