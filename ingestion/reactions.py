"""Reactions ("👍" under a message): messages of kind "reaction", the emoji as text, that hang on the message which they name.

A reaction stands in the conversation of its message. It stands in none where that message is not known (yet), where it was taken
back, or where the same person gave the message another one later; then it is kept, so that it is known when it is told again.
Nothing is analysed or counted of one.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from core.models import Channel, Message
from ingestion.fingerprints import PREFIX
from ingestion.rows import Row, load_rows


def supersede_reactions(channel: Channel, rows: Iterable[Row]) -> list[Row]:
    """Take back every reaction but the last that the same person gave to the same message. Returns stored rows that `rows` lacks.

    One query, where there are reactions among `rows`.
    """
    reactions = {row.id: row for row in rows if row.is_reaction and row.quoted_id}
    if not reactions:
        return []
    known = load_rows(channel=channel, kind="reaction", quoted_id__in={row.quoted_id for row in reactions.values()})
    given: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in ({row.id: row for row in known} | reactions).values():
        given[row.chat_key, row.author, row.contact_id, row.quoted_id].append(row)
    replaced = [row for one in given.values() for row in sorted(one, key=lambda row: (row.sent_at, row.provider_id))[:-1]]
    return [row for row in replaced if row.delete() and row.id not in reactions]


def attach_reactions(channel: Channel, reactions: Iterable[Row], *, to: Sequence[Row]) -> list[Row]:
    """Put reactions, and those that waited for new rows among `to`, where their messages are. Returns stored rows that moved.

    One query where there are new rows of a source that tells reactions, one where the message of a reaction is not among `to`.
    """
    placed = {row.provider_id: row.conversation_id for row in to}
    given = {row.id: row for row in reversed(list(reactions))}  # touched ones come first, and know more than the same ones loaded
    new = [row.provider_id for row in to if row.is_new and not row.provider_id.startswith(PREFIX)]
    if new:
        waiting = load_rows(channel=channel, kind="reaction", quoted_id__in=new, conversation=None, is_deleted=False)
        given = {row.id: row for row in waiting} | given
    elsewhere = {row.quoted_id for row in given.values() if row.quoted_id not in placed and not row.is_deleted} - {""}
    if elsewhere:
        stored = Message.objects.filter(channel=channel, provider_id__in=elsewhere).exclude(kind="reaction")
        placed |= dict(stored.values_list("provider_id", "conversation_id"))
    moved = []
    for row in given.values():
        conversation_id: uuid.UUID | None = None if row.is_deleted else placed.get(row.quoted_id)
        if row.conversation_id != conversation_id or row.response_seconds is not None:
            row.conversation_id, row.response_seconds = conversation_id, None
            if not row.is_new:
                moved.append(row)
    return moved
