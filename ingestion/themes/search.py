"""The search for subjects that customers talk about and the list of themes lacks: read, group, and keep as proposals, tenant by tenant.

Rows are read in one scope, compared outside of any, and written in another. Whatever a person decided meanwhile stands: then it is read
and compared anew. Running it twice changes nothing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from core.discovery import Known, NewGroup, Subjects, Told, find_subjects
from core.models import Conversation, ThemeProposal, ThemeSearch
from core.tenancy import scope
from ingestion.themes.unthemed import find_by_ids, find_hidden_words, find_themed, find_unthemed, read_told

log = structlog.get_logger(__name__)

State = ThemeProposal.State
# So many dismissed subjects, the latest, are kept away from the list, each by so many of its conversations.
MAX_DISMISSED, ANCHORS, KEPT = 200, 30, 120
GROWTH = timedelta(weeks=4)
ATTEMPTS = 3

Snapshot = list[tuple[uuid.UUID, str, list[uuid.UUID]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one search compares. `snapshot` says how proposals stood when it was read."""

    waiting: list[Told]
    anchors: list[Told]
    rest: list[Told]
    known: list[Known]
    hidden: set[str]
    snapshot: Snapshot


def discover(tenant_id: uuid.UUID | str, *, now: datetime | None = None) -> int:
    """Search a tenant's conversations without a theme, and bring its proposals up to date. Returns how many are open."""
    now = now or timezone.now()
    with scope(tenant_id):
        search = get_search()
        search.started_at, search.asked_at = now, None
        search.save(update_fields=["started_at", "asked_at"])
    for _attempt in range(ATTEMPTS):
        with scope(tenant_id):
            read = _read(now)
        subjects = find_subjects(read.waiting, anchors=read.anchors, rest=read.rest, known=read.known, hidden=read.hidden)
        with scope(tenant_id):
            if _take_snapshot() == read.snapshot:
                return _write(subjects, read, now=now)
    # Somebody decides faster than we compare: the next search sees what they left.
    with scope(tenant_id):
        ThemeSearch.objects.update(finished_at=timezone.now())
        return ThemeProposal.objects.filter(state=State.OPEN).count()


def get_search() -> ThemeSearch:
    """How the search stands in the open scope; made where there is no row yet."""
    found, _ = ThemeSearch.objects.get_or_create()
    return found


def describe_group(group: NewGroup, *, now: datetime) -> dict[str, object]:
    """The fields of a proposal that say what a group holds. Its conversations are read for their times."""
    ids = [talk.id for talk in group.talks]
    times = list(Conversation.objects.filter(id__in=ids).values_list("started_at", flat=True))
    return {
        "words": list(group.words),
        "conversation_ids": ids,
        "example_ids": list(group.example_ids),
        "size": len(ids),
        "customers": len({talk.customer for talk in group.talks}),
        "recent": sum(at > now - GROWTH for at in times),
        "before": sum(now - 2 * GROWTH < at <= now - GROWTH for at in times),
        "first_seen_at": min(times, default=now),
        "last_seen_at": max(times, default=now),
    }


def update_proposal(proposal: ThemeProposal, group: NewGroup, *, now: datetime) -> None:
    """Bring an open proposal up to what its group holds now. The name that a person gave stays, and so does the earliest time seen."""
    first_seen_at = proposal.first_seen_at
    for field, value in describe_group(group, now=now).items():
        setattr(proposal, field, value)
    if first_seen_at is not None:
        proposal.first_seen_at = min(first_seen_at, proposal.first_seen_at)
    if group.name and not proposal.is_renamed:
        proposal.name = group.name
    proposal.save()


def _read(now: datetime) -> _Read:
    waiting = read_told(find_unthemed(now=now))
    here = {talk.id for talk in waiting}
    proposals = [*ThemeProposal.objects.filter(state=State.OPEN).order_by("found_at", "id"), *_find_dismissed()]
    gone = [one for proposal in proposals for one in [one for one in proposal.conversation_ids if one not in here][:ANCHORS]]
    return _Read(
        waiting=waiting,
        anchors=read_told(find_by_ids(gone)),
        rest=read_told(find_themed(now=now), with_vectors=False),
        known=[Known(id=proposal.id, talk_ids=frozenset(proposal.conversation_ids)) for proposal in proposals],
        hidden=find_hidden_words(),
        snapshot=_take_snapshot(),
    )


def _find_dismissed() -> list[ThemeProposal]:
    return list(ThemeProposal.objects.filter(state=State.DISMISSED).order_by("-decided_at", "id")[:MAX_DISMISSED])


def _take_snapshot() -> Snapshot:
    """How proposals stand. Locks them, so that nobody decides while what was found is written."""
    rows = ThemeProposal.objects.filter(state__in=[State.OPEN, State.DISMISSED]).select_for_update().order_by("id")
    return [(row.id, row.state, row.conversation_ids) for row in rows]


def _write(subjects: Subjects, read: _Read, *, now: datetime) -> int:
    proposals = {row.id: row for row in ThemeProposal.objects.filter(state__in=[State.OPEN, State.DISMISSED])}
    seen = set()
    grouped = 0
    for one in subjects.known:
        proposal = proposals[one.id]
        seen.add(proposal.id)
        if proposal.state == State.OPEN:
            update_proposal(proposal, one.group, now=now)
            grouped += len(one.group.talks)
        else:
            _extend_dismissed(proposal, one.group.talks)
    # Nobody decided about it, and nobody talks about it any more, or a theme took what it held.
    for proposal in proposals.values():
        if proposal.state == State.OPEN and proposal.id not in seen:
            proposal.delete()
    for group in subjects.new:
        ThemeProposal.objects.create(name=group.name, **describe_group(group, now=now))
        grouped += len(group.talks)
    ThemeSearch.objects.update(finished_at=timezone.now(), waiting=len(read.waiting), grouped=grouped)
    count = ThemeProposal.objects.filter(state=State.OPEN).count()
    log.info("themes.searched", conversations=len(read.waiting), grouped=grouped, new=len(subjects.new), open=count)
    return count


def _extend_dismissed(proposal: ThemeProposal, talks: Sequence[Told]) -> None:
    ids = list(dict.fromkeys([*proposal.conversation_ids[: KEPT - ANCHORS], *(talk.id for talk in talks)]))[:KEPT]
    if ids != proposal.conversation_ids:
        proposal.conversation_ids = ids
        proposal.save(update_fields=["conversation_ids"])
