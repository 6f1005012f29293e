"""Finds the earlier or later version of a message that was edited or deleted between two exports of its chat. Pure.

Ids of exported messages come from what was said (`ingestion/fingerprints.py`), so an edited message has another id in the later
export. Within one minute and one side of a chat, what one reading has and the other lacks must be the same messages: the
minute is always read whole, and only an edit or a deletion makes a message vanish from it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from ingestion.types import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One reading of a message that the other side's ids do not account for. `slot` is its chat and minute."""

    ref: Hashable
    slot: Hashable
    author: Author
    content: str  # as `fold_content` gives it
    position: int = 0
    is_edited: bool = False
    is_deleted: bool = False

    @property
    def is_marked(self) -> bool:
        return self.is_edited or self.is_deleted


def match_versions(incoming: Iterable[Version], *, stored: Iterable[Version]) -> dict[Hashable, Hashable]:
    """Which of the incoming messages (by `ref`) is which stored one. Those that are not in the answer are new messages."""
    free: dict[Hashable, list[Version]] = defaultdict(list)
    for version in stored:
        free[version.slot, version.author].append(version)
    waiting: dict[Hashable, list[Version]] = defaultdict(list)
    for version in incoming:
        if free.get((version.slot, version.author)):
            waiting[version.slot, version.author].append(version)
    matched: dict[Hashable, Hashable] = {}
    for key, versions in waiting.items():
        matched |= _match_slot(versions, stored=free[key])
    return matched


def _match_slot(incoming: list[Version], *, stored: list[Version]) -> dict[Hashable, Hashable]:
    matched: dict[Hashable, Hashable] = {}
    left = list(stored)
    # First those that say the same: the stored one was brought up to date by this very version before. Then changed ones
    # find what they were, and at last old ones what they have become.
    for is_possible in (_say_the_same, _may_have_become, _may_have_been):
        for version in incoming:
            if version.ref in matched:
                continue
            candidates = [other for other in left if is_possible(version, other)]
            if candidates:
                best = max(candidates, key=lambda other, version=version: _compute_likeness(version, other))  # type: ignore[misc]
                matched[version.ref] = best.ref
                left.remove(best)
    return matched


def _say_the_same(incoming: Version, stored: Version) -> bool:
    return stored.is_marked and incoming.content == stored.content


def _may_have_become(incoming: Version, stored: Version) -> bool:
    """The incoming version is the later one."""
    return incoming.is_deleted or (incoming.is_edited and not stored.is_deleted)


def _may_have_been(incoming: Version, stored: Version) -> bool:
    """The incoming version is the earlier one."""
    return stored.is_deleted or (stored.is_edited and not incoming.is_deleted)


def _compute_likeness(one: Version, other: Version) -> tuple[float, bool, int]:
    """How much two versions look like one message: by their words, where both have them, else by their place in the minute."""
    words = 0.0 if one.is_deleted or other.is_deleted else ratio(one.content, other.content)
    return words, one.position == other.position, -other.position
