"""Puts new and changed messages into conversations, by cutting again as little of each chat as they can have changed.

What begins a conversation depends on nothing before the conversation in front of it (`ingestion/episodes.py`). So a chat is cut
again from the start of the conversation around its first touched message to the first start behind the last one that stays.

Reactions are no part of this: they open, reopen and end nothing, nobody waits because of one, and they are not counted. Each stands
in the conversation of the message that it reacts to, whenever it was given (`ingestion/reactions.py`).
"""

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.models import Channel, Conversation, Message, MessageAnalysis, Tenant, TenantModel
from core.models.ids import new_id
from core.tenancy import get_current_tenant_id
from ingestion.episodes import Episode, find_reach, split_episodes
from ingestion.reactions import attach_reactions
from ingestion.rows import Row, load_rows, sort_rows

# What an episode says of its conversation, under the same name …
MEASURED = ("started_at", "last_message_at", "is_closed", "customer_message_count", "first_response_seconds", "waiting_since_at", "rating")
# … and every column of a conversation that placing may change.
DERIVED = (*MEASURED, "message_count", "agent_id", "revision")
# What may change of a stored message, and what of it no conversation depends on.
_NOTED_COLUMNS = ("edited_at", "quoted_id", "delivery")
_MESSAGE_COLUMNS = (
    *"author contact_id agent_id kind text attachment sent_at position is_edited is_deleted conversation_id response_seconds".split(),
    *_NOTED_COLUMNS,
)
_LINKS = frozenset({"contact_id", "agent_id", "conversation_id"})
_ROWS_A_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """What the conversations of one chat have in common."""

    contact_id: uuid.UUID
    is_group: bool


@dataclass(slots=True)
class Placement:
    """What placing found out, to be written."""

    created: list[Conversation] = field(default_factory=list)
    updated: list[Conversation] = field(default_factory=list)
    emptied: list[uuid.UUID] = field(default_factory=list)  # their messages have gone into others
    moved: list[Row] = field(default_factory=list)  # stored rows whose conversation or response time differs
    changed_ids: set[uuid.UUID] = field(default_factory=set)  # conversations with other messages than before


@dataclass(slots=True)
class _Region:
    """The part of one chat that is cut again."""

    touched: list[Row]
    since: datetime
    until: datetime
    conversations: list[Conversation] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)


def place_rows(
    channel: Channel, *, rows: Iterable[Row], facts: Mapping[str, ChatFacts] | None = None, gap: timedelta, as_of: datetime
) -> Placement:
    """Decide the conversation of every touched row, new, changed or given another chat, and of all rows whose conversation that changes.

    Rows get their `conversation_id` and `response_seconds`; nothing is written. `facts` has every chat that has no conversation
    yet. Takes two queries, and two more wherever a change reaches beyond the conversations around it; up to two for reactions.
    """
    touched: dict[str, list[Row]] = defaultdict(list)
    reactions: list[Row] = []
    for row in rows:
        if row.is_reaction:
            reactions.append(row)
        if not row.is_reaction or row.conversation_id is not None:  # what turned out to be a reaction leaves its conversation
            touched[row.chat_key].append(row)
    reach = find_reach(gap)
    regions = {key: _make_region(mine, reach=reach) for key, mine in touched.items()}
    waiting = dict(regions)
    while waiting:
        reactions += _load(channel, waiting)
        for region in waiting.values():
            region.episodes = split_episodes((row.to_utterance() for row in region.rows), gap=gap, as_of=as_of)
        waiting = {key: region for key, region in waiting.items() if _reaches_further(region, gap=gap)}
    placement = Placement()
    for key, region in regions.items():
        _assign(placement, region, channel=channel, chat_key=key, facts=(facts or {}).get(key) or _find_facts(region))
    placement.moved += attach_reactions(channel, reactions, to=[row for region in regions.values() for row in region.rows])
    return placement


def write_placement(channel: Channel, *, rows: Iterable[Row], placement: Placement) -> None:
    """Write what placing found out, and the touched `rows` themselves, in a fixed number of statements."""
    rows = list(rows)
    changed = {row.id: row for row in itertools.chain((row for row in rows if row.is_changed), placement.moved) if not row.is_new}
    # Placing reads rows anew that it was not given, so what was only noted of a row that moved is written behind the move.
    noted = [row for row in rows if row.is_noted and not row.is_touched]
    if changed:
        overwrite(Message, [row.to_model(channel.id) for row in changed.values()], columns=_MESSAGE_COLUMNS)
    if noted:
        overwrite(Message, [row.to_model(channel.id) for row in noted], columns=_NOTED_COLUMNS)
    if placement.emptied:
        # Their messages live on in the conversations that they have joined.
        Conversation.objects.filter(id__in=placement.emptied).delete()
    # Conversations that are cut elsewhere now make room before new ones begin where they began.
    if placement.updated:
        overwrite(Conversation, placement.updated, columns=DERIVED)
    Conversation.objects.bulk_create(placement.created)
    Message.objects.bulk_create([row.to_model(channel.id) for row in rows if row.is_new])
    # An analysis of what a customer said has nothing to stand on where the customer took it back, or never said it.
    unsaid = [row.id for row in rows if row.is_changed and not row.is_new and (row.is_deleted or row.author != "customer")]
    if unsaid:
        MessageAnalysis.objects.filter(message_id__in=unsaid).delete()


def overwrite(model: type[TenantModel], rows: Sequence[TenantModel], *, columns: Sequence[str]) -> None:
    """Write columns of stored rows, whose other columns must be as they are stored.

    As an insertion that finds the rows there: Django takes several times as long to write down an update of many rows.
    """
    model._default_manager.bulk_create(
        rows,
        batch_size=_ROWS_A_STATEMENT,
        update_conflicts=True,
        unique_fields=["tenant", "id"],
        update_fields=[column.removesuffix("_id") if column in _LINKS else column for column in columns],
    )


def lock_channel(channel: Channel) -> timedelta:
    """Let one transaction at a time change a channel's messages and contacts; returns the tenant's gap between conversations."""
    Channel.objects.select_for_update(no_key=True).only("id").get(id=channel.id)
    return Tenant.objects.get(id=get_current_tenant_id()).episode_gap


def _make_region(touched: list[Row], *, reach: timedelta) -> _Region:
    """Where a message stands now and where it stood before both lie inside."""
    moments = [moment for row in touched for moment in (row.sent_at, row.was_sent_at) if moment is not None]
    return _Region(touched=touched, since=min(moments) - reach, until=max(moments) + reach)


def _find_facts(region: _Region) -> ChatFacts | None:
    if not region.conversations:
        return None
    return ChatFacts(contact_id=region.conversations[0].contact_id, is_group=region.conversations[0].is_group)


def _load(channel: Channel, regions: Mapping[str, _Region]) -> list[Row]:
    """Load the conversations within reach of each region's touched rows, and their messages. Returns the reactions among these."""
    for region in regions.values():
        region.conversations = []
    around = Conversation.objects.filter(
        channel=channel,
        chat_key__in=list(regions),
        last_message_at__gte=min(region.since for region in regions.values()),
        started_at__lte=max(region.until for region in regions.values()),
    )
    by_id: dict[uuid.UUID, _Region] = {}
    for conversation in around.order_by("started_at"):
        region = regions[conversation.chat_key]
        if conversation.last_message_at >= region.since and conversation.started_at <= region.until:
            region.conversations.append(conversation)
            by_id[conversation.id] = region
    stored: dict[str, list[Row]] = defaultdict(list)
    reactions: list[Row] = []
    for row in load_rows(conversation_id__in=list(by_id)) if by_id else []:
        if row.is_reaction:
            reactions.append(row)
        stored[row.chat_key].append(row)
    for key, region in regions.items():
        ours = {row.id: row for row in stored[key]} | {row.id: row for row in region.touched}
        region.rows = sort_rows(row for row in ours.values() if not row.is_reaction)
    return reactions


def _reaches_further(region: _Region, *, gap: timedelta) -> bool:
    """Whether conversations behind the loaded ones may begin elsewhere now; then looks further for them.

    They stay if one of the loaded ones still begins where it did, behind everything touched, or if silence parts them.
    """
    if not region.rows:
        return False
    last_touched = max((max(row.sent_at, row.was_sent_at or row.sent_at), row.position, row.provider_id) for row in region.touched)
    stored_starts: dict[uuid.UUID | None, Row] = {}
    for row in region.rows:
        if not row.is_new:
            stored_starts.setdefault(row.conversation_id, row)
    begins = {episode.messages[0].id for episode in region.episodes}
    if any(row.id in begins and row.order > last_touched for row in stored_starts.values()):
        return False
    if region.rows[-1].sent_at + gap <= region.until:
        return False
    region.until = region.rows[-1].sent_at + 4 * gap
    return True


def _assign(placement: Placement, region: _Region, *, channel: Channel, chat_key: str, facts: ChatFacts | None) -> None:
    stored = {conversation.id: conversation for conversation in region.conversations}
    sizes = {conversation.id: conversation.message_count for conversation in region.conversations}
    rows = iter(region.rows)
    taken: set[uuid.UUID] = set()
    for episode in region.episodes:
        members = [next(rows) for _ in episode.messages]
        # A conversation goes on in the episode that has its first messages.
        candidates = (row.conversation_id for row in members if row.conversation_id is not None)
        conversation_id = next((one for one in candidates if one not in taken and one in stored), None)
        if conversation_id is None:
            if facts is None:
                raise ValueError(f"a new conversation of chat {chat_key!r} needs its facts")
            conversation = Conversation(
                id=new_id(), channel=channel, contact_id=facts.contact_id, chat_key=chat_key, is_group=facts.is_group
            )
            placement.created.append(conversation)
            is_changed = True
        else:
            conversation = stored[conversation_id]
            taken.add(conversation_id)
            is_changed = sizes[conversation_id] != len(members) or any(
                row.is_touched or row.conversation_id != conversation_id for row in members
            )
        is_updated = _derive(conversation, episode)
        if is_changed:
            placement.changed_ids.add(conversation.id)
        if conversation_id is not None and (is_changed or is_updated):
            conversation.revision += is_changed
            placement.updated.append(conversation)
        for row, waited in zip(members, episode.response_seconds, strict=True):
            if row.conversation_id != conversation.id or row.response_seconds != waited:
                row.conversation_id, row.response_seconds = conversation.id, waited
                if not row.is_new:
                    placement.moved.append(row)
    placement.emptied += [conversation_id for conversation_id in stored if conversation_id not in taken]


def _derive(conversation: Conversation, episode: Episode) -> bool:
    """Write an episode's facts on a conversation; says whether that changed anything."""
    derived = {name: getattr(episode, name) for name in MEASURED} | {"message_count": len(episode.messages), "agent_id": episode.agent}
    is_changed = any(getattr(conversation, name) != value for name, value in derived.items())
    for name, value in derived.items():
        setattr(conversation, name, value)
    return is_changed
