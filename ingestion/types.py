"""The typed messages that every source (live gateway, exported chat, demo) turns into, before anything is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Author = Literal["customer", "agent", "system"]
Kind = Literal[
    "text", "image", "video", "audio", "sticker", "gif", "document", "contact", "location", "poll", "reaction", "system", "unsupported"
]
# How far a message of ours got, from least to most; "error" only where it never got anywhere.
Delivery = Literal["error", "pending", "sent", "delivered", "read", "played"]
# Which road a message came by first: an exported chat, the live gateway, or read back from the gateway because it had not come live.
Source = Literal["export", "live", "recovered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """One message as its source told it.

    `provider_id` is unique in a channel and the same whenever the same message is read again; `chat_key` names the
    chat inside the channel (a contact's phone or name, or a group); `sent_at` is aware and UTC.
    """

    provider_id: str
    chat_key: str
    chat_name: str
    is_group: bool = False
    author: Author
    sender_name: str
    sender_phone: str | None = None  # digits with country code, no plus: "5511999990000"
    agent_name: str | None = None  # who signed (`*Ana Souza:*`) or wrote for the company; None where unknown
    sent_at: datetime
    position: int = 0  # order among the chat's messages of the same instant (exports know minutes only)
    kind: Kind = "text"
    text: str = ""  # without the signature; a caption for media; "" where the source left the content out
    attachment: str | None = None  # file name
    is_edited: bool = False
    is_deleted: bool = False
    source: Source = "export"
    chat_lid: str | None = None  # digits of the chat's `@lid`, where WhatsApp gave one
    sender_lid: str | None = None  # in a group: digits of the participant's `@lid`
    quoted_id: str | None = None  # provider id of the message that this one replies or reacts to
    delivery: Delivery | None = None  # of our own messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A line or event that could not be understood: where it stood, why, and a short excerpt, masked."""

    line: int
    reason: str
    excerpt: str = ""
