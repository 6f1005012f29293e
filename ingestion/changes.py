"""Edits, deletions and delivery statuses: applied to the messages they are about, or kept until those come."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from core.models import Channel
from ingestion.pending import Change, apply_change, keep_pending
from ingestion.placing import lock_channel, place_rows, write_placement
from ingestion.recorded import Recorded
from ingestion.rows import load_rows


def apply_changes(channel: Channel, changes: Sequence[Change], *, as_of: datetime | None = None) -> Recorded:
    """Apply changes to a channel's stored messages, in any order; keep those whose message has not come yet. Inside the open scope.

    A deletion wins over edits, the latest edit over earlier ones, and delivery only rises, which changes no conversation. `known`
    counts the changes whose message is stored, `waiting` those that are kept, `updated` the messages that changed. The number of
    queries does not depend on the number of changes. `as_of` is the clock by which silent conversations count as closed.
    """
    if not changes:
        return Recorded()
    gap = lock_channel(channel)
    rows = {row.provider_id: row for row in load_rows(channel=channel, provider_id__in={change.provider_id for change in changes})}
    known = [change for change in changes if change.provider_id in rows]
    for change in known:
        apply_change(rows[change.provider_id], change)
    keep_pending(channel, [change for change in changes if change.provider_id not in rows])
    touched = [row for row in rows.values() if row.is_changed or row.is_noted]
    recorded = Recorded(known=len(known), waiting=len(changes) - len(known), updated=len(touched))
    if touched:
        placement = place_rows(channel, rows=[row for row in touched if row.is_changed], gap=gap, as_of=as_of or timezone.now())
        write_placement(channel, rows=touched, placement=placement)
        recorded.conversation_ids = placement.changed_ids
    return recorded
