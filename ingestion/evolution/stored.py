"""What a row of the gateway's own store tells, beside what we know: whether it is news, and how far a message got."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any, get_args

from core.models import Message, OutgoingMessage, SupervisorMessage
from ingestion.evolution.events_values import find_delivery, find_time
from ingestion.types import Delivery

_RANK: dict[str, int] = {delivery: rank for rank, delivery in enumerate(get_args(Delivery))}


def tells_more(record: dict[str, Any], row: Message) -> bool:
    """Whether the gateway's row knows of an edit, a deletion or a delivery that ours does not."""
    if record.get("message") is None and record.get("messageType"):
        return not row.is_deleted
    states = [str(update.get("status")) for update in record.get("MessageUpdate") or [] if isinstance(update, dict)]
    if "EDITED" in states and not row.is_deleted:
        # An edited row carries the time of its last edit.
        edited_at = find_time(record.get("messageTimestamp"))
        if not row.is_edited or (row.edited_at is not None and edited_at is not None and edited_at > row.edited_at + timedelta(seconds=1)):
            return True
    if row.author != Message.Author.AGENT:
        return False
    return reach(record) > _RANK.get(row.delivery, -1)


def reach(record: dict[str, Any]) -> int:
    """How far a message got, as the gateway's row tells: a rank, −1 where it tells nothing."""
    states = [update.get("status") for update in record.get("MessageUpdate") or [] if isinstance(update, dict)]
    return max((_RANK[delivery] for state in states if (delivery := find_delivery(state))), default=-1)


def find_own(channel_id: uuid.UUID, records: Collection[str]) -> dict[str, int]:
    """Which of these are no customer's talk, as far as we know: questions of the tenant's own people, and what we sent ourselves.

    With the rank of how far it got; of a question there is nothing more to learn.
    """
    asked = SupervisorMessage.objects.filter(channel_id=channel_id, provider_id__in=records)
    sent = OutgoingMessage.objects.filter(channel_id=channel_id, provider_id__in=records).order_by()
    own = dict.fromkeys(asked.values_list("provider_id", flat=True), len(_RANK))
    return own | {provider_id: _RANK.get(state, -1) for provider_id, state in sent.values_list("provider_id", "state")}
