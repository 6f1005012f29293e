"""The ids by which a channel names its customers, the keys of their chats, and which of two names is the better one. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from core.models import ContactIdentity
from core.phones import canonical_phone, find_variants
from ingestion.names import OWN_WORDS, fold_name
from ingestion.types import IncomingMessage

PHONE, LID, NAME = ContactIdentity.Kind.PHONE, ContactIdentity.Kind.LID, ContactIdentity.Kind.NAME
_LID_PREFIX = "lid:"
_NUMBER = re.compile(r"\+?[\d\s().\u2010\u2011\u2013-]+")


class Identity(NamedTuple):
    """How a channel names a contact. A phone is in its canonical form."""

    kind: str
    value: str

    @property
    def key(self) -> str:
        """The key of a chat that is known by this identity alone."""
        return f"{_LID_PREFIX}{self.value}" if self.kind == LID else self.value

    @property
    def stored_values(self) -> tuple[str, ...]:
        """Every value under which it may be stored."""
        return find_variants(self.value) if self.kind == PHONE else (self.value,)


def make_phone(phone: str) -> Identity:
    return Identity(PHONE, canonical_phone(phone))


def read_stored(identity: ContactIdentity) -> Identity:
    """A stored identity; phones may be stored in either of their forms."""
    return make_phone(identity.value) if identity.kind == PHONE else Identity(identity.kind, identity.value)


def read_key(chat_key: str) -> Identity:
    """The identity that a chat's key stands for."""
    if chat_key.startswith(_LID_PREFIX):
        return Identity(LID, chat_key.removeprefix(_LID_PREFIX))
    return make_phone(chat_key) if chat_key.isascii() and chat_key.isdigit() else Identity(NAME, chat_key)


def identify_chat(message: IncomingMessage) -> tuple[Identity, ...]:
    """The identities of the contact, or group, whose chat a message belongs to; the one by which it was told first."""
    if message.is_group:
        return (Identity(NAME, message.chat_key),)
    told = read_key(message.chat_key)
    also: list[Identity] = []
    if told.kind == LID and message.sender_phone and message.author == "customer":
        also.append(make_phone(message.sender_phone))
    if told.kind == PHONE and message.chat_lid:
        also.append(Identity(LID, message.chat_lid))
    return (told, *also)


def identify_sender(message: IncomingMessage) -> tuple[Identity, ...]:
    """The identities of the customer who wrote a message. In a chat of two that is the chat's contact, whatever the name."""
    if not message.is_group:
        return identify_chat(message)
    phone = [make_phone(message.sender_phone)] if message.sender_phone else []
    lid = [Identity(LID, message.sender_lid)] if message.sender_lid else []
    return (*phone, *lid) or (Identity(NAME, fold_name(message.sender_name)[:200]),)


def find_chat_key(identities: Iterable[ContactIdentity]) -> str:
    """The chat in which a contact's messages on a channel go on, given its identities there; "" where it has none yet."""
    identities = sorted(identities, key=lambda identity: identity.id)
    explicit = next((identity.chat_key for identity in identities if identity.chat_key), "")
    if explicit:
        return explicit
    for kind in (PHONE, NAME):
        for identity in identities:
            if identity.kind == kind:
                return identity.value
    return ""


def find_told_keys(identities: Iterable[ContactIdentity]) -> set[str]:
    """Every key under which a source may tell messages of a contact with these identities."""
    keys: set[str] = set()
    for identity in identities:
        stored = read_stored(identity)
        keys |= {identity.value, *stored.stored_values} if identity.kind == PHONE else {stored.key}
    return keys


def is_better_name(name: str, *, than: str) -> bool:
    """Whether a contact should be called by this name rather than by the one it has: words beat numbers, those beat nothing."""
    return _rank_name(name) > _rank_name(than)


def pick_name(names: Iterable[str], *, identities: Iterable[Identity]) -> str:
    """What to call a contact: the first name in words that was told of it, else its phone, else what it is known by."""
    identities = sorted(identities, key=lambda one: (one.kind != PHONE, one))
    phones = {one.value for one in identities if one.kind == PHONE}
    told = [name for name in names if _rank_name(name) == 2 or (canonical_phone(name) in phones and not name.isdigit())]
    return (max(told, key=_rank_name) if told else next((one.value for one in identities), ""))[:200]


def _rank_name(name: str) -> int:
    """How much a name says: 2 for one, 1 for a phone number, 0 for nothing, an id, or what WhatsApp calls ourselves."""
    name = name.strip()
    if not name or name.startswith(_LID_PREFIX) or name.endswith("@g.us") or fold_name(name) in OWN_WORDS:
        return 0
    return 1 if _NUMBER.fullmatch(name) else 2
