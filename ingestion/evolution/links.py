"""Which phone a hidden address stands for, read off the gateway's store: version 2.3.7 tells it in the row of a message alone."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from core.models import ContactIdentity
from ingestion.evolution.events_values import get_part, read_flag
from ingestion.evolution.jids import Person, read_chat
from ingestion.evolution.types import ContactSeen, NotUnderstoodError

_LID, _PHONE = ContactIdentity.Kind.LID, ContactIdentity.Kind.PHONE


def find_unknown_links(
    channel_id: uuid.UUID, records: Iterable[Mapping[str, Any]], *, own_phone: str | None, reads_groups: bool
) -> list[ContactSeen]:
    """The pairs of a phone and a `@lid` in rows of the store that are not one contact's yet. One query, inside the open scope."""
    pairs = {
        (person.phone, person.lid)
        for record in records
        if (person := _find_person(record, own_phone=own_phone, reads_groups=reads_groups)).phone and person.lid
    }
    if not pairs:
        return []
    values = {value for pair in pairs for value in pair}
    known = ContactIdentity.objects.filter(channel_id=channel_id, kind__in=(_LID, _PHONE), value__in=values)
    owners = {(kind, value): contact_id for kind, value, contact_id in known.values_list("kind", "value", "contact_id")}
    return [
        ContactSeen(phone=phone, lid=lid)
        for phone, lid in sorted(pairs, key=str)
        if owners.get((_LID, str(lid))) is None or owners.get((_LID, str(lid))) != owners.get((_PHONE, str(phone)))
    ]


def _find_person(record: Mapping[str, Any], *, own_phone: str | None, reads_groups: bool) -> Person:
    key = get_part(record, "key")
    try:
        return read_chat(key, is_ours=read_flag(key.get("fromMe")), own_phone=own_phone, reads_groups=reads_groups).person
    except NotUnderstoodError:
        return Person()
