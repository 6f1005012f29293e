"""The one door into Message: every source's messages come through here, in any order and as often as they like.

A message is the same as a stored one where (channel, provider_id) is the same, or where it is another version of one whose source
gives no ids (`ingestion/versions.py`). What is new is stored in the conversation it belongs to; what is known is left alone or
brought up to date. The number of queries depends on the number of batches, not on the number of messages.
"""

import itertools
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import TruncMinute
from django.utils import timezone

from core.models import Channel, Conversation, Message, MessageAnalysis, Tenant
from core.models.ids import new_id
from core.tenancy import get_current_tenant_id
from ingestion.fingerprints import PREFIX, fold_content
from ingestion.people import People, find_people
from ingestion.placing import DERIVED, ChatFacts, Placement, place_rows
from ingestion.rows import Row, fold_row, load_rows, make_row
from ingestion.types import IncomingMessage
from ingestion.versions import Version, match_versions

BATCH_MESSAGES = 2_000
_UPDATED_COLUMNS = "author contact_id agent_id kind text attachment position is_edited is_deleted conversation_id response_seconds".split()
_ROWS_A_STATEMENT = 500


@dataclass(slots=True)
class Recorded:
    """What became of the messages. `conversation_ids` are the conversations whose messages are other ones than before."""

    new: int = 0
    known: int = 0
    updated: int = 0  # known, and brought up to date
    conversation_ids: set[uuid.UUID] = field(default_factory=set)

    def add(self, other: "Recorded") -> None:
        """Count another batch in."""
        self.new, self.known, self.updated = self.new + other.new, self.known + other.known, self.updated + other.updated
        self.conversation_ids |= other.conversation_ids


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
            gap = _lock(channel)
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


def _lock(channel: Channel) -> timedelta:
    """Let one transaction at a time record into a channel; returns the tenant's gap between conversations."""
    Channel.objects.select_for_update(no_key=True).only("id").get(id=channel.id)
    return Tenant.objects.get(id=get_current_tenant_id()).episode_gap


def _record_batch(channel: Channel, batch: list[IncomingMessage], *, gap: timedelta, as_of: datetime, is_side_sure: bool) -> Recorded:
    told = {message.provider_id: message for message in batch}
    stored = {row.provider_id: row for row in load_rows(channel=channel, provider_id__in=list(told))}
    unknown = [message for provider_id, message in told.items() if provider_id not in stored]
    versions = _find_versions(channel, unknown, stored_ids={row.id for row in stored.values()})
    people = find_people(channel, messages=told.values())
    rows, updated = dict[uuid.UUID, Row](), 0
    for provider_id, message in told.items():
        row = stored.get(provider_id) or versions.get(provider_id)
        if row is None:
            row = make_row(message, id=new_id(), contact_id=people.get_sender_id(message), agent_id=people.get_agent_id(message))
        else:
            updated += row.change(
                message, contact_id=people.get_sender_id(message), agent_id=people.get_agent_id(message), is_side_sure=is_side_sure
            )
        if row.is_touched:
            rows[row.id] = row
    new = sum(row.is_new for row in rows.values())
    recorded = Recorded(new=new, known=len(batch) - new, updated=updated)
    if rows:
        placement = place_rows(channel, rows=rows.values(), facts=_gather_facts(told.values(), people), gap=gap, as_of=as_of)
        _write(channel, list(rows.values()), placement)
        recorded.conversation_ids = placement.changed_ids
    return recorded


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


def _gather_facts(messages: Iterable[IncomingMessage], people: People) -> dict[str, ChatFacts]:
    facts: dict[str, ChatFacts] = {}
    for message in messages:
        if message.chat_key not in facts:
            facts[message.chat_key] = ChatFacts(contact_id=people.get_chat_contact_id(message), is_group=message.is_group)
    return facts


def _write(channel: Channel, rows: list[Row], placement: Placement) -> None:
    Conversation.objects.bulk_create(placement.created)
    Message.objects.bulk_create([row.to_model(channel.id) for row in rows if row.is_new])
    changed = {row.id: row for row in itertools.chain((row for row in rows if row.is_changed), placement.moved)}
    if changed:
        models = [row.to_model(channel.id) for row in changed.values() if not row.is_new]
        Message.objects.bulk_update(models, _UPDATED_COLUMNS, batch_size=_ROWS_A_STATEMENT)
    # An analysis of what a customer said has nothing to stand on where the customer took it back, or never said it.
    unsaid = [row.id for row in rows if row.is_changed and not row.is_new and (row.is_deleted or row.author != "customer")]
    if unsaid:
        MessageAnalysis.objects.filter(message_id__in=unsaid).delete()
    if placement.updated:
        Conversation.objects.bulk_update(placement.updated, DERIVED, batch_size=_ROWS_A_STATEMENT)
    if placement.emptied:
        # Their messages live on in the conversations that they have joined.
        Conversation.objects.filter(id__in=placement.emptied).delete()
