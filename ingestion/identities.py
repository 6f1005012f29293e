"""Who is who on a channel: phone, `@lid` and name of one customer lead to one contact and one chat.

A telling is what one message, or one note of the gateway, says of a contact: one identity, or several that belong together. Where
they belong to two contacts so far, these are merged (`ingestion/merges.py`). Gateways mislabel, so nothing is linked by itself that
would give a contact two phones or two `@lid`s, nothing to our own number, and no pair again whose merge a person took back; then
the first identity of the telling decides, and a person may merge the two in Django admin.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from core.models import Channel, Contact, ContactIdentity
from core.models.ids import new_id
from core.phones import canonical_phone
from ingestion.evolution.types import ContactSeen
from ingestion.keys import LID, NAME, PHONE, Identity, is_better_name, make_phone, pick_name, read_stored
from ingestion.merges import find_undone_pairs, merge_locked
from ingestion.placing import lock_channel
from ingestion.recorded import Recorded

LINK_REASON = "the gateway says that the phone and the WhatsApp id are one customer's"


class Telling(NamedTuple):
    """What is said of one contact: its identities, the one by which it was told first; its name; whether a chat with it exists."""

    identities: tuple[Identity, ...]
    names: tuple[str, ...] = ()
    has_chat: bool = False


@dataclass(slots=True, eq=False)
class _Party:
    """A contact while tellings are read. Without `contact_id` it is not stored yet."""

    contact_id: uuid.UUID | None = None
    name: str = ""
    names: list[str] = field(default_factory=list)
    chat_key: str = ""
    identities: set[Identity] = field(default_factory=set)
    stored: list[ContactIdentity] = field(default_factory=list)
    is_chat_new: bool = False  # its chat's key has to be written on the stored identities

    def find_values(self, kind: str) -> set[str]:
        return {identity.value for identity in self.identities if identity.kind == kind}


class Book:
    """The contacts of a channel that a batch speaks of."""

    def __init__(self, channel: Channel, *, gap: timedelta, as_of: datetime) -> None:
        self.channel, self.gap, self.as_of = channel, gap, as_of
        self.changed_ids: set[uuid.UUID] = set()  # conversations that a merge changed
        self.has_merged = False
        self._own = make_phone(channel.phone) if channel.phone else None
        self._owners: dict[Identity, _Party] = {}
        self._undone: set[frozenset[uuid.UUID]] | None = None

    def get_contact_id(self, identity: Identity) -> uuid.UUID:
        """The contact whose identity this is."""
        contact_id = self._owners[identity].contact_id
        assert contact_id is not None, "read before it was written"
        return contact_id

    def get_chat_key(self, identity: Identity) -> str:
        """The chat in which what is told under this identity goes on."""
        return self._owners[identity].chat_key

    def read(self, tellings: Iterable[Telling]) -> None:
        """Find the contacts of these tellings, make those that are not known, link and name them.

        Three queries at most that only read, and as many that write; more for each merge of two contacts.
        """
        distinct = list(dict.fromkeys(self._drop_own(telling) for telling in tellings))
        self._load(distinct)
        for telling in distinct:
            self._link(telling)
        for telling in distinct:
            self._note(telling)
        self._write()

    def _drop_own(self, telling: Telling) -> Telling:
        """Our own number is nobody else's: it comes beside a customer's id by mistake."""
        if self._own is None or self._own not in telling.identities or len(telling.identities) == 1:
            return telling
        others = tuple(identity for identity in telling.identities if identity != self._own)
        return telling._replace(identities=telling.identities[:1] if telling.identities[0] == self._own else others)

    def _load(self, tellings: Sequence[Telling]) -> None:
        wanted = {identity for telling in tellings for identity in telling.identities}
        values = [value for identity in wanted for value in identity.stored_values]
        known = ContactIdentity.objects.filter(channel=self.channel, kind__in=[PHONE, LID, NAME], value__in=values)
        parties: dict[uuid.UUID, _Party] = {}
        twice = self._take(known, parties)
        if twice or any(len({id(self._owners.get(identity)) for identity in telling.identities}) > 1 for telling in tellings):
            # Something is to be linked: what else is known of these contacts decides whether it may be.
            twice += self._take(ContactIdentity.objects.filter(channel=self.channel, contact__in=list(parties)), parties)
        for one, other in twice:
            self._join(one, other)

    def _take(self, known: QuerySet[ContactIdentity], parties: dict[uuid.UUID, _Party]) -> list[tuple[_Party, _Party]]:
        """Take over stored identities. Returns contacts that have the same phone, in one of its forms each."""
        seen = {identity.id for party in parties.values() for identity in party.stored}
        twice = []
        for one in known.exclude(id__in=seen).select_related("contact").order_by("id"):
            party = parties.setdefault(one.contact_id, _Party(contact_id=one.contact_id, name=one.contact.name))
            identity = read_stored(one)
            party.stored.append(one)
            party.identities.add(identity)
            party.chat_key = one.chat_key or party.chat_key or (one.value if one.kind != LID else "")
            if (other := self._owners.setdefault(identity, party)) is not party:
                twice.append((other, party))
        return twice

    def _link(self, telling: Telling) -> None:
        first = telling.identities[0]
        party = self._owners.get(first)
        for identity in telling.identities[1:]:
            party = party or self._owners.get(identity)
        if party is None:
            party = _Party()
        for identity in telling.identities:
            other = self._owners.get(identity)
            if other is None:
                if self._may_join(party, _Party(identities={identity})):
                    self._add(party, identity)
                elif identity == first:
                    party = _Party()
                    self._add(party, identity)
            elif other is not party:
                party = self._join(party, other) or (other if identity == first else party)

    def _add(self, party: _Party, identity: Identity) -> None:
        party.identities.add(identity)
        self._owners[identity] = party

    def _may_join(self, one: _Party, other: _Party) -> bool:
        if any(len(one.find_values(kind) | other.find_values(kind)) > 1 for kind in (PHONE, LID)):
            return False
        if one.contact_id is None or other.contact_id is None:
            return True
        if self._undone is None:
            self._undone = find_undone_pairs({party.contact_id for party in self._owners.values() if party.contact_id is not None})
        return frozenset((one.contact_id, other.contact_id)) not in self._undone

    def _join(self, one: _Party, other: _Party) -> _Party | None:
        """Make two contacts one: the one that is stored, or was first. Returns it, None where they may not be one."""
        if not self._may_join(one, other):
            return None
        kept, gone = one, other
        if other.contact_id is not None and (one.contact_id is None or other.contact_id < one.contact_id):
            kept, gone = other, one
        if gone.contact_id is not None and kept.contact_id is not None:
            merge, changed_ids = merge_locked(
                self.channel, kept.contact_id, gone.contact_id, reason=LINK_REASON, gap=self.gap, as_of=self.as_of
            )
            self.changed_ids |= changed_ids
            self.has_merged = True
            kept.chat_key = merge.moved["kept_chat_key"]
            kept.name = Contact.objects.values_list("name", flat=True).get(id=kept.contact_id)
            for stored in (*kept.stored, *gone.stored):
                stored.contact_id, stored.chat_key = kept.contact_id, kept.chat_key
        kept.stored += gone.stored
        kept.names += gone.names
        for identity in gone.identities:
            self._add(kept, identity)
        return kept

    def _note(self, telling: Telling) -> None:
        """Names, and the key of a chat that begins. A chat that is known by its phone is called by it."""
        party = self._owners[telling.identities[0]]
        party.names += [name for name in telling.names if name not in party.names]
        if telling.has_chat and not party.chat_key:
            known_as = sorted(party.identities, key=lambda identity: (PHONE, NAME, LID).index(identity.kind))
            party.chat_key, party.is_chat_new = known_as[0].key, True

    def _write(self) -> None:
        parties = list({id(party): party for party in self._owners.values()}.values())
        made, named = [], []
        for party in parties:
            phones = [identity for identity in party.identities if identity.kind == PHONE]
            if phones and not party.chat_key:
                party.chat_key, party.is_chat_new = phones[0].key, True
            told = pick_name(party.names, identities=party.identities)
            if party.contact_id is None:
                party.contact_id = new_id()
                made.append(Contact(id=party.contact_id, name=told))
            elif is_better_name(told, than="" if party.name in party.find_values(LID) else party.name):
                named.append(Contact(id=party.contact_id, name=told))
        Contact.objects.bulk_create(made)
        if named:
            Contact.objects.bulk_update(named, ["name"])
        added, changed = [], []
        for party in parties:
            assert party.contact_id is not None
            known = {read_stored(one) for one in party.stored}
            for kind, value in party.identities - known:
                added.append(
                    ContactIdentity(contact_id=party.contact_id, channel=self.channel, kind=kind, value=value, chat_key=party.chat_key)
                )
            if party.is_chat_new:
                for one in party.stored:
                    one.chat_key = party.chat_key
                changed += party.stored
        ContactIdentity.objects.bulk_create(added)
        if changed:
            ContactIdentity.objects.bulk_update(changed, ["chat_key"])


def link_contacts(channel: Channel, seen: Sequence[ContactSeen], *, as_of: datetime | None = None) -> Recorded:
    """Take over names of contacts and links between phones and `@lid`s; two contacts that turn out to be one are merged.

    Inside the open scope. `conversation_ids` of the result are the conversations that a merge changed.
    """
    tellings = [telling for one in seen if (telling := _read_seen(one)) is not None]
    if not tellings:
        return Recorded()
    gap = lock_channel(channel)
    book = Book(channel, gap=gap, as_of=as_of or timezone.now())
    book.read(tellings)
    return Recorded(conversation_ids=book.changed_ids)


def _read_seen(seen: ContactSeen) -> Telling | None:
    """What a note of the gateway says; None where that is nothing: no name and no link."""
    phone = [make_phone(seen.phone)] if seen.phone and canonical_phone(seen.phone) else []
    lid = [Identity(LID, seen.lid)] if seen.lid else []
    identities = (*phone, *lid)
    if len(identities) == 2 or (identities and is_better_name(seen.name, than="0")):
        return Telling(identities=identities, names=(seen.name,))
    return None
