"""Two contacts that turned out to be one customer: merging them, and taking that back.

A merge gives one contact everything that the other has on a channel, and makes their two chats one. Each message keeps under which
id it was told (`told_key`), so undoing finds back what was whose, also of messages that came after the merge.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.models import Channel, Contact, ContactIdentity, ContactMerge, Conversation, Message
from ingestion.keys import find_chat_key, find_told_keys, is_better_name
from ingestion.placing import ChatFacts, Placement, lock_channel, overwrite, place_rows, write_placement
from ingestion.reactions import supersede_reactions
from ingestion.rows import Row, load_rows


class MergeRefusedError(ValueError):
    """Two contacts can't be merged, or a merge can't be undone. `reason` is same, group, nothing, undone or later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def merge_contacts(channel: Channel, kept: Contact, merged: Contact, reason: str, *, as_of: datetime | None = None) -> ContactMerge:
    """Give `kept` the identities, messages and conversations that `merged` has on a channel, as one chat. Inside the open scope.

    `merged` stays as a contact with nothing on the channel. Raises MergeRefusedError where the two are the same contact ("same"),
    one is a group ("group"), or `merged` has nothing on the channel ("nothing").
    """
    gap = lock_channel(channel)
    return merge_locked(channel, kept.id, merged.id, reason=reason, gap=gap, as_of=as_of or timezone.now())[0]


def merge_locked(
    channel: Channel, kept_id: uuid.UUID, merged_id: uuid.UUID, *, reason: str, gap: timedelta, as_of: datetime
) -> tuple[ContactMerge, set[uuid.UUID]]:
    """`merge_contacts` on a channel that is locked already. Also returns the conversations whose messages are other ones now."""
    if kept_id == merged_id:
        raise MergeRefusedError("same")
    theirs = list(ContactIdentity.objects.filter(channel=channel, contact_id=merged_id))
    if not theirs:
        raise MergeRefusedError("nothing")
    if Conversation.objects.filter(channel=channel, contact_id__in=[kept_id, merged_id], is_group=True).exists():
        raise MergeRefusedError("group")
    ours = list(ContactIdentity.objects.filter(channel=channel, contact_id=kept_id))
    old_key = find_chat_key(theirs)
    chat_key = find_chat_key(ours) or old_key
    moved = list(Conversation.objects.filter(channel=channel, contact_id=merged_id).values_list("id", flat=True))
    rows = load_rows(channel=channel, chat_key=old_key) if old_key else []
    _move_conversations(channel, merged_id, kept_id, chat_key=chat_key)
    for row in rows:
        _give_row(row, chat_key=chat_key, contact_id=kept_id)
    _write_owners(channel, rows)
    _move_group_messages(channel, merged_id, kept_id)
    for identity in (*theirs, *ours):
        identity.contact_id, identity.chat_key = kept_id, chat_key
    ContactIdentity.objects.bulk_update([*theirs, *ours], ["contact", "chat_key"])
    merge = ContactMerge.objects.create(
        channel=channel,
        kept_id=kept_id,
        merged_id=merged_id,
        reason=reason[:200],
        moved={
            "chat_key": old_key,
            "kept_chat_key": chat_key,
            "identities": [str(identity.id) for identity in theirs],
            "conversations": [str(one) for one in moved],
            "messages": len(rows),
            "kept_name": _take_better_name(kept_id, merged_id),
        },
    )
    return merge, _cut_again(channel, rows, gap=gap, as_of=as_of)


def undo_merge(merge: ContactMerge, *, as_of: datetime | None = None) -> set[uuid.UUID]:
    """Give both contacts back what was theirs; what came since goes to whose id it carries. Inside the open scope.

    The two are not merged by themselves again. Returns the conversations whose messages are other ones now. Raises
    MergeRefusedError where that was done before ("undone"), or the contact that was kept has itself been merged since ("later").
    """
    channel = merge.channel
    gap = lock_channel(channel)
    merge.refresh_from_db()
    if merge.undone_at is not None:
        raise MergeRefusedError("undone")
    if ContactMerge.objects.filter(channel=channel, merged_id=merge.kept_id, undone_at=None).exists():
        raise MergeRefusedError("later")
    all_of_kept = list(ContactIdentity.objects.filter(channel=channel, contact_id=merge.kept_id))
    given_back = {uuid.UUID(one) for one in merge.moved["identities"]}
    theirs = [identity for identity in all_of_kept if identity.id in given_back]
    ours = [identity for identity in all_of_kept if identity.id not in given_back]
    told_keys = find_told_keys(theirs)
    chat_key = find_chat_key(all_of_kept)
    for identity in theirs:
        identity.contact_id, identity.chat_key = merge.merged_id, merge.moved["chat_key"]
    old_key = find_chat_key(theirs) or next(iter(told_keys), "")
    own_key = chat_key
    if own_key == old_key:
        # The contact that was kept had no chat of its own before; what it has got since needs one.
        for identity in ours:
            identity.chat_key = ""
        own_key = find_chat_key(ours) or next(iter(find_told_keys(ours)), "")
    for identity in (*theirs, *ours):
        identity.chat_key = old_key if identity in theirs else own_key
    ContactIdentity.objects.bulk_update([*theirs, *ours], ["contact", "chat_key"])
    changed_ids = _part(channel, merge, chat_key=chat_key, own_key=own_key, old_key=old_key, told_keys=told_keys, gap=gap, as_of=as_of)
    if merge.moved["kept_name"]:
        Contact.objects.filter(id=merge.kept_id, name=merge.merged.name).update(name=merge.moved["kept_name"])
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    return changed_ids


def find_undone_pairs(contact_ids: Iterable[uuid.UUID]) -> set[frozenset[uuid.UUID]]:
    """Pairs among these contacts whose merge was taken back: they are two people, whatever a gateway says."""
    ids = list(contact_ids)
    undone = ContactMerge.objects.filter(kept_id__in=ids, merged_id__in=ids, undone_at__isnull=False)
    return {frozenset(pair) for pair in undone.values_list("kept_id", "merged_id")}


def _part(
    channel: Channel,
    merge: ContactMerge,
    *,
    chat_key: str,
    own_key: str,
    old_key: str,
    told_keys: set[str],
    gap: timedelta,
    as_of: datetime | None,
) -> set[uuid.UUID]:
    """Give the messages and conversations of one chat to the two contacts."""
    rows = load_rows(channel=channel, chat_key=chat_key)
    back = {row.id for row in rows if not own_key or (row.told_key or row.chat_key) in told_keys}
    were_theirs = {uuid.UUID(one) for one in merge.moved["conversations"]}
    told_back = {row.conversation_id for row in rows if row.id in back and not row.is_reaction}
    stay = {row.conversation_id for row in rows if row.id not in back and not row.is_reaction}
    go = {one for one in told_back if one is not None and (one in were_theirs or one not in stay)}
    for row in rows:
        key, contact_id = (old_key, merge.merged_id) if row.id in back else (own_key, merge.kept_id)
        _give_row(row, chat_key=key, contact_id=contact_id)
    _write_owners(channel, rows)
    of_chat = Conversation.objects.filter(channel=channel, chat_key=chat_key)
    if own_key != chat_key:
        of_chat.exclude(id__in=go).update(chat_key=own_key)
    Conversation.objects.filter(id__in=go).update(contact_id=merge.merged_id, chat_key=old_key)
    in_groups = Message.objects.filter(channel=channel, contact_id=merge.kept_id, told_key__in=told_keys)
    in_groups.exclude(chat_key__in=[own_key, old_key]).update(contact_id=merge.merged_id)
    facts = {
        own_key: ChatFacts(contact_id=merge.kept_id, is_group=False),
        old_key: ChatFacts(contact_id=merge.merged_id, is_group=False),
    }
    return _cut_again(channel, rows, gap=gap, as_of=as_of or timezone.now(), facts=facts)


def _give_row(row: Row, *, chat_key: str, contact_id: uuid.UUID) -> None:
    """Put a message into another chat; it keeps under which id it was told."""
    told_key = row.told_key or row.chat_key
    row.chat_key, row.told_key = chat_key, "" if told_key == chat_key else told_key
    row.contact_id = contact_id if row.author == "customer" else None


def _write_owners(channel: Channel, rows: list[Row]) -> None:
    overwrite(Message, [row.to_model(channel.id) for row in rows], columns=("chat_key", "told_key", "contact_id"))


def _move_conversations(channel: Channel, merged_id: uuid.UUID, kept_id: uuid.UUID, *, chat_key: str) -> None:
    """Give a contact's conversations on a channel to another. Where both have one that began at the same instant, it is one."""
    theirs = Conversation.objects.filter(channel=channel, contact_id=merged_id)
    starts = dict(theirs.values_list("started_at", "id"))
    same = Conversation.objects.filter(channel=channel, chat_key=chat_key, started_at__in=list(starts)).exclude(contact_id=merged_id)
    for started_at, conversation_id in same.values_list("started_at", "id"):
        Message.objects.filter(conversation_id=starts[started_at]).update(conversation_id=conversation_id)
        theirs.filter(id=starts[started_at]).delete()
    theirs.update(contact_id=kept_id, chat_key=chat_key)


def _move_group_messages(channel: Channel, merged_id: uuid.UUID, kept_id: uuid.UUID) -> None:
    """What a contact wrote in groups stays where it is, and is the other's. Looked for only where the channel has groups."""
    if not Conversation.objects.filter(channel=channel, is_group=True).exists():
        return
    Message.objects.filter(channel=channel, contact_id=merged_id).update(contact_id=kept_id)
    # Of two reactions that the two gave to one message the later one counts.
    given = load_rows(channel=channel, kind="reaction", contact_id=kept_id, is_deleted=False)
    replaced = supersede_reactions(channel, given)
    gone = [row for row in (*given, *replaced) if row.is_changed]
    if gone:
        for row in gone:
            row.conversation_id = None
        write_placement(channel, rows=gone, placement=Placement())


def _take_better_name(kept_id: uuid.UUID, merged_id: uuid.UUID) -> str:
    """Let the contact that is kept have the other's name if that is the better one; returns its name before, "" if it has it still."""
    names = dict(Contact.objects.filter(id__in=[kept_id, merged_id]).values_list("id", "name"))
    if not is_better_name(names[merged_id], than=names[kept_id]):
        return ""
    Contact.objects.filter(id=kept_id).update(name=names[merged_id])
    return names[kept_id]


def _cut_again(channel: Channel, rows: list[Row], *, gap: timedelta, as_of: datetime, facts: Any = None) -> set[uuid.UUID]:
    """Cut the chats of these rows again, whose chat in the database is the one that they say."""
    # Read anew, as conversations may have joined since.
    rows = load_rows(id__in=[row.id for row in rows]) if rows else []
    replaced = supersede_reactions(channel, rows)
    placement = place_rows(channel, rows=[*rows, *replaced], facts=facts, gap=gap, as_of=as_of)
    write_placement(channel, rows=[*rows, *replaced], placement=placement)
    return placement.changed_ids
