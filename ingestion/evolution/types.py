"""What a gateway event means, in our own types, whichever version of the gateway sent it and by which road. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ingestion.types import Delivery, IncomingMessage

ConnectionState = Literal["open", "connecting", "close", "refused"]


class NotUnderstoodError(ValueError):
    """An event that should mean something and can't be read: kept, shown and replayed after a fix. Its text names what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSeen:
    """A message, sent by either side, told live or read back.

    Its `chat_key` is the phone of the other side in its canonical form (`core/phones.py`), `lid:<digits>` where only a `@lid` is
    known, or the group's id (`…@g.us`). A reaction is a message of kind "reaction" whose `quoted_id` is what it reacts to.
    """

    message: IncomingMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """New words for a message, which may not have come yet."""

    provider_id: str
    text: str
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    """A message taken back for everybody, which may not have come yet."""

    provider_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanged:
    """How far one of our own messages got. Only ever rises, whatever order the news come in."""

    provider_id: str
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionChanged:
    """The gateway's link to WhatsApp. `phone` is our own number once it is known."""

    state: ConnectionState
    reason: str = ""
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCodeShown:
    """A code to link the phone with, as a data URL of a PNG; `problem` instead where the gateway gave up showing codes."""

    image: str = ""
    pairing_code: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSeen:
    """A name for a contact, or the link between a phone and a `@lid`, both as digits. Says nothing about a message."""

    phone: str | None = None
    lid: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAMessage:
    """Understood, and nothing to keep: `what` names it for the reader of the inbox ("presence", "chat list", "status post", …)."""

    what: str


Happening = MessageSeen | MessageEdited | MessageDeleted | DeliveryChanged | ConnectionChanged | QrCodeShown | ContactSeen | NotAMessage
