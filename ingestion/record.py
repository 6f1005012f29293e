"""The one door into Message: every source's messages come through here, in any order and as often as they like.

A message is the same as a stored one where (channel, provider_id) is the same, or where it is another version of one whose source
gives no ids (`ingestion/versions.py`). What is new is stored in the conversation it belongs to, with what came of it before it
(`ingestion/pending.py`); what is known is left alone or brought up to date. The number of queries depends on the number of batches,
not on the number of messages.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import TruncMinute
from django.utils import timezone

from core.models import Channel, Message
from core.models.ids import new_id
from ingestion.fingerprints import PREFIX, fold_content
from ingestion.pending import apply_pending
from ingestion.people import Told, find_people
from ingestion.placing import ChatFacts, lock_channel, place_rows, write_placement
from ingestion.reactions import supersede_reactions
from ingestion.recorded import Recorded
from ingestion.rows import Row, fold_row, load_rows, make_row
from ingestion.types import IncomingMessage
from ingestion.versions import Version, match_versions

__all__ = ["Recorded", "record_messages", "split_batches"]

BATCH_MESSAGES = 2_000


def record_messages(
    channel: Channel, messages: Iterable[IncomingMessage], *, is_side_sure: bool = True, as_of: datetime | None = None
) -> Recorded:
    """Store messages of a channel inside the open tenant scope; each is stored once, however often and in whatever order it comes.

    Lines that nobody sent (author "system") are left out. With `is_side_sure` false the telling only guesses who of a chat is the
    company, and known messages keep their side. `as_of` is the clock by which silent conversations count as closed.
    Other recorders of the same channel wait for this transaction to end.
    """
    recorded = Recorded()
    clock = as_of or timezone.now()
    people_said = (message for message in messages if message.author != "system")
    gap: timedelta | None = None
    for batch in split_batches(people_said, size=BATCH_MESSAGES):
        if gap is None:
            gap = lock_channel(channel)
        recorded.add(_record_batch(channel, batch, gap=gap, as_of=clock, is_side_sure=is_side_sure))
    return recorded


def split_batches(messages: Iterable[IncomingMessage], *, size: int) -> Iterator[list[IncomingMessage]]:
    """Batches of about `size` messages that keep each minute of a chat whole, as versions are told apart minute by minute."""
    batch: list[IncomingMessage] = []
    for message in messages:
        if len(batch) >= size and _get_slot(batch[-1]) != _get_slot(message):
            yield batch
            batch = []
        batch.append(message)
    if batch:
        yield batch


def _record_batch(channel: Channel, batch: list[IncomingMessage], *, gap: timedelta, as_of: datetime, is_side_sure: bool) -> Recorded:
    ids = list({message.provider_id for message in batch})
    stored = {row.provider_id: row for row in load_rows(channel=channel, provider_id__in=ids)}
    people = find_people(channel, messages=batch, stored=stored, gap=gap, as_of=as_of)
    if people.has_merged:
        stored = {row.provider_id: row for row in load_rows(channel=channel, provider_id__in=ids)}
    unknown = {told.message.provider_id: told.message for told in people.told if told.message.provider_id not in stored}
    versions = _find_versions(channel, list(unknown.values()), stored_ids={row.id for row in stored.values()})
    found, updated = _tell(people.told, rows=stored | versions, is_side_sure=is_side_sure)
    new = [row for row in found if row.is_new]
    recorded = Recorded(new=len(new), known=len(batch) - len(new), updated=updated, conversation_ids=people.changed_ids)
    apply_pending(channel, new)
    replaced = supersede_reactions(channel, [row for row in found if row.is_touched])
    rows = [row for row in (*found, *replaced) if row.is_touched or row.is_noted]
    if rows:
        touched = [row for row in rows if row.is_touched]
        placement = place_rows(channel, rows=touched, facts=_gather_facts(people.told), gap=gap, as_of=as_of)
        write_placement(channel, rows=rows, placement=placement)
        recorded.conversation_ids |= placement.changed_ids
    return recorded


def _tell(told: Iterable[Told], *, rows: dict[str, Row], is_side_sure: bool) -> tuple[list[Row], int]:
    """The rows of these messages, new ones made, known ones brought up to date, and how many that were stored changed.

    A batch may tell a message more than once.
    """
    rows = dict(rows)
    found: dict[uuid.UUID, Row] = {}
    updated: set[uuid.UUID] = set()
    for one in told:
        row = rows.get(one.message.provider_id)
        if row is None:
            row = make_row(one.message, id=new_id(), contact_id=one.sender_id, agent_id=one.agent_id, told_key=one.told_key)
            rows[one.message.provider_id] = row
        elif row.change(one.message, contact_id=one.sender_id, agent_id=one.agent_id, is_side_sure=is_side_sure) and not row.is_new:
            updated.add(row.id)
        found[row.id] = row
    return list(found.values()), len(updated)


def _find_versions(channel: Channel, unknown: list[IncomingMessage], *, stored_ids: set[uuid.UUID]) -> dict[str, Row]:
    """Stored rows that are other versions of messages whose ids are not known, by those ids."""
    nameless = [message for message in unknown if message.provider_id.startswith(PREFIX)]
    if not nameless:
        return {}
    minutes = [message.sent_at.replace(second=0, microsecond=0) for message in nameless]
    marked = {minute for minute, message in zip(minutes, nameless, strict=True) if message.is_edited or message.is_deleted}
    candidates = Message.objects.annotate(minute=TruncMinute("sent_at")).filter(
        Q(is_edited=True) | Q(is_deleted=True) | Q(minute__in=sorted(marked)),
        channel=channel,
        chat_key__in={message.chat_key for message in nameless},
        sent_at__gte=min(minutes),
        sent_at__lt=max(minutes) + timedelta(minutes=1),
        provider_id__startswith=PREFIX,
    )
    ids = [row_id for row_id in candidates.order_by().values_list("id", flat=True) if row_id not in stored_ids]
    if not ids:
        return {}
    rows = {row.id: row for row in load_rows(id__in=ids)}
    matched = match_versions(map(_make_version, nameless), stored=[_make_stored_version(row) for row in rows.values()])
    return {str(provider_id): rows[row_id] for provider_id, row_id in matched.items() if isinstance(row_id, uuid.UUID)}


def _make_version(message: IncomingMessage) -> Version:
    return Version(
        ref=message.provider_id,
        slot=_get_slot(message),
        author=message.author,
        content=fold_content(kind=message.kind, text=message.text, is_deleted=message.is_deleted),
        position=message.position,
        is_edited=message.is_edited,
        is_deleted=message.is_deleted,
    )


def _make_stored_version(row: Row) -> Version:
    return Version(
        ref=row.id,
        slot=(row.chat_key, row.sent_at.replace(second=0, microsecond=0)),
        author=row.author,
        content=fold_row(row),
        position=row.position,
        is_edited=row.is_edited,
        is_deleted=row.is_deleted,
    )


def _get_slot(message: IncomingMessage) -> tuple[str, datetime]:
    return message.chat_key, message.sent_at.replace(second=0, microsecond=0)


def _gather_facts(told: Iterable[Told]) -> dict[str, ChatFacts]:
    facts: dict[str, ChatFacts] = {}
    for one in told:
        if one.message.chat_key not in facts:
            facts[one.message.chat_key] = ChatFacts(contact_id=one.chat_contact_id, is_group=one.message.is_group)
    return facts
