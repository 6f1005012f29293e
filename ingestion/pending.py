"""Changes that came before their message: kept as PendingChange, and applied when the message comes."""

from collections.abc import Iterable
from datetime import UTC, datetime

from core.models import Channel, PendingChange
from ingestion.evolution.types import DeliveryChanged, MessageDeleted, MessageEdited
from ingestion.fingerprints import PREFIX
from ingestion.rows import Row, clean_text, measure_delivery
from ingestion.signatures import split_signature

Change = MessageEdited | MessageDeleted | DeliveryChanged
_NEVER = datetime.min.replace(tzinfo=UTC)


def apply_change(row: Row, change: Change) -> bool:
    """Take a change over into its message; says whether it changed anything."""
    if isinstance(change, MessageDeleted):
        return row.delete()
    if isinstance(change, DeliveryChanged):
        return row.raise_delivery(change.delivery)
    text = clean_text(change.text)
    # Our own messages are stored without the signature of who wrote them.
    return row.edit(split_signature(text)[1] if row.author == "agent" else text, edited_at=change.edited_at)


def apply_pending(channel: Channel, rows: Iterable[Row]) -> None:
    """Apply what waited for these new rows, and wait for them no more. One query, and one more where something did wait."""
    new = {row.provider_id: row for row in rows if not row.provider_id.startswith(PREFIX)}
    if not new:
        return
    waited = list(PendingChange.objects.filter(channel=channel, provider_id__in=list(new)))
    for one in waited:
        apply_change(new[one.provider_id], _read(one))
    if waited:
        PendingChange.objects.filter(id__in=[one.id for one in waited]).delete()


def keep_pending(channel: Channel, changes: Iterable[Change]) -> None:
    """Keep changes until their messages come: of each kind the one that counts. Two queries."""
    kept: dict[tuple[str, str], PendingChange] = {}
    made = [_make(channel, change) for change in changes]
    if not made:
        return
    for one in PendingChange.objects.filter(channel=channel, provider_id__in={one.provider_id for one in made}):
        kept[one.provider_id, one.kind] = one
    for one in made:
        known = kept.get((one.provider_id, one.kind))
        if known is None:
            kept[one.provider_id, one.kind] = one
        elif _outdoes(one, known):
            known.value, known.changed_at = one.value, one.changed_at
    PendingChange.objects.bulk_create(
        kept.values(),
        update_conflicts=True,
        unique_fields=["tenant", "channel", "provider_id", "kind"],
        update_fields=["value", "changed_at"],
    )


def purge_pending(before: datetime) -> int:
    """Give up changes whose message did not come until an instant. Returns how many."""
    return PendingChange.objects.filter(created_at__lt=before).delete()[0]


def _outdoes(one: PendingChange, known: PendingChange) -> bool:
    if one.kind == PendingChange.Kind.EDIT:
        if one.changed_at is None:
            return known.changed_at is None
        return (one.changed_at, one.value) > (known.changed_at or _NEVER, known.value)
    return one.kind == PendingChange.Kind.DELIVERY and measure_delivery(one.value) > measure_delivery(known.value)


def _make(channel: Channel, change: Change) -> PendingChange:
    if isinstance(change, MessageDeleted):
        return PendingChange(channel=channel, provider_id=change.provider_id, kind=PendingChange.Kind.DELETION)
    if isinstance(change, DeliveryChanged):
        return PendingChange(channel=channel, provider_id=change.provider_id, kind=PendingChange.Kind.DELIVERY, value=change.delivery)
    return PendingChange(
        channel=channel,
        provider_id=change.provider_id,
        kind=PendingChange.Kind.EDIT,
        value=clean_text(change.text),
        changed_at=change.edited_at,
    )


def _read(one: PendingChange) -> Change:
    if one.kind == PendingChange.Kind.DELETION:
        return MessageDeleted(provider_id=one.provider_id)
    if one.kind == PendingChange.Kind.DELIVERY:
        return DeliveryChanged(provider_id=one.provider_id, delivery=one.value)  # type: ignore[arg-type]  # written from a Delivery
    return MessageEdited(provider_id=one.provider_id, text=one.value, edited_at=one.changed_at)
