"""Two contacts that turned out to be one customer: merging them, and taking that back."""

from core.models import Channel, Contact, ContactMerge


class MergeRefusedError(ValueError):
    """Two contacts can't be merged, or a merge can't be undone. Its text says why, for the person who asked."""


def merge_contacts(channel: Channel, kept: Contact, merged: Contact, reason: str) -> ContactMerge:
    """Give the identities, messages and conversations that `merged` has on a channel to `kept`, as one chat. Inside the open scope."""
    raise MergeRefusedError("not possible yet")


def undo_merge(merge: ContactMerge) -> None:
    """Give both contacts back what was theirs, and what came since to whose id it carries; the pair is not merged by itself again."""
    raise MergeRefusedError("not possible yet")
