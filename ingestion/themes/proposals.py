"""What a person decides about a proposed theme: approve, merge, split, rename, dismiss, bring back. Inside the open scope.

A theme that comes of it takes the conversations of its proposal at once, because a person saw and approved them. What else has no theme
is compared with the longer list afterwards, in the background (ingestion/themes/again.py).
"""

import uuid
from collections.abc import Sequence

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.ai.injection import talks_to_model
from core.discovery import NewGroup, name_group, split_group
from core.models import ConversationAnalysis, Message, Theme, ThemeProposal, User
from core.privacy import mask
from ingestion.promotion import lock_tenant
from ingestion.themes.again import begin_reading
from ingestion.themes.search import update_proposal
from ingestion.themes.unthemed import find_by_ids, find_hidden_words, find_themed, read_told, select_unthemed

log = structlog.get_logger(__name__)

State = ThemeProposal.State
EXAMPLES = 6  # of a new theme, as proposed
EXAMPLE_CHARACTERS = 200  # as Theme.examples holds
MAX_COMPARED = 600  # conversations of one proposal that are read to be named or split


class ProposalRefusedError(Exception):
    """What was asked does not fit. `reason` is a word: gone, state, name, taken, few or whole."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def get_proposal(proposal_id: uuid.UUID | str, *, state: State = State.OPEN) -> ThemeProposal:
    """A proposal in that state, locked. Raises ProposalRefusedError("gone" or "state")."""
    proposal = ThemeProposal.objects.select_for_update().filter(id=proposal_id).first()
    if proposal is None:
        raise ProposalRefusedError("gone")
    if proposal.state != state:
        raise ProposalRefusedError("state")
    return proposal


def find_quotes(proposal: ThemeProposal, *, limit: int) -> list[Message]:
    """Messages that show it, the most typical first, their texts masked; those that were deleted or emptied since are left out."""
    found = Message.objects.filter(is_deleted=False).exclude(text="").in_bulk(proposal.example_ids)
    quotes = [found[one] for one in proposal.example_ids if one in found][:limit]
    for quote in quotes:
        quote.text = mask(quote.text).text
    return quotes


def suggest_examples(proposal: ThemeProposal) -> list[str]:
    """Sentences that a theme of it could have as examples: what customers wrote, masked and cut, none twice.

    What was written for a model is left out: examples are shown to the tenant's model beside what it is asked to do.
    """
    quotes = [quote.text for quote in find_quotes(proposal, limit=2 * EXAMPLES) if not talks_to_model(quote.text)]
    texts = (" ".join(text.split())[:EXAMPLE_CHARACTERS].strip() for text in quotes)
    return list({text.lower(): text for text in texts if text}.values())[:EXAMPLES]


def approve(proposal_id: uuid.UUID | str, *, name: str, examples: Sequence[str], user: User | None) -> tuple[Theme, int]:
    """Make a theme of a proposal. Returns it, and how many conversations have it from now on.

    Raises ProposalRefusedError: gone, state, name where it is empty, taken where a theme has that name.
    """
    name = " ".join(name.split())[:80]
    if not name:
        raise ProposalRefusedError("name")
    lock_tenant()
    proposal = get_proposal(proposal_id)
    if Theme.objects.filter(name__iexact=name).exists():
        raise ProposalRefusedError("taken")
    try:
        with transaction.atomic():
            theme = Theme.objects.create(name=name, examples=_clean(examples))
    except IntegrityError as error:
        raise ProposalRefusedError("taken") from error
    taken = take_conversations(theme, proposal.conversation_ids)
    _decide(proposal, State.APPROVED, user=user, theme=theme)
    begin_reading()
    log.info("themes.approved", proposal_id=str(proposal.id), conversations=taken)
    return theme, taken


def merge_into_theme(
    proposal_ids: Sequence[uuid.UUID | str], theme_id: uuid.UUID | str, *, user: User | None, adds_examples: bool = True
) -> tuple[Theme, int]:
    """Give the conversations of proposals to a theme that there is, and some of their messages as examples. Returns as `approve` does."""
    lock_tenant()
    theme = Theme.objects.select_for_update().filter(id=theme_id, is_active=True).first()
    if theme is None:
        raise ProposalRefusedError("gone")
    taken = 0
    for proposal in [get_proposal(one) for one in dict.fromkeys(map(str, proposal_ids))]:
        if adds_examples:
            theme.examples = _clean([*theme.examples, *suggest_examples(proposal)[: EXAMPLES // 2]])
        taken += take_conversations(theme, proposal.conversation_ids)
        _decide(proposal, State.MERGED, user=user, theme=theme)
    theme.save(update_fields=["examples"])
    begin_reading()
    return theme, taken


def merge(proposal_ids: Sequence[uuid.UUID | str], *, user: User | None) -> ThemeProposal:
    """Make one proposal of several: the largest goes on, with the conversations of all. Raises ProposalRefusedError("few") for one."""
    proposals = [get_proposal(one) for one in dict.fromkeys(map(str, proposal_ids))]
    if len(proposals) < 2:
        raise ProposalRefusedError("few")
    proposals.sort(key=lambda one: (-one.size, one.found_at, str(one.id)))
    kept, *others = proposals
    kept.conversation_ids = list(dict.fromkeys(one for proposal in proposals for one in proposal.conversation_ids))
    kept.first_seen_at = min(one.first_seen_at for one in proposals)
    for other in others:
        _decide(other, State.MERGED, user=user, theme=None)
    _regroup(kept)
    return kept


def find_parts(proposal: ThemeProposal) -> list[NewGroup]:
    """The parts that a proposal falls into when it is looked at more closely; empty where it does not."""
    now = timezone.now()
    talks = read_told(find_by_ids(proposal.conversation_ids[:MAX_COMPARED]))
    rest = read_told(find_themed(now=now), with_vectors=False)
    return split_group(talks, rest=rest, hidden=find_hidden_words())


def split(proposal_id: uuid.UUID | str, *, user: User | None) -> list[ThemeProposal]:
    """Make each part a proposal of its own. Raises ProposalRefusedError("whole") where there are no parts."""
    proposal = get_proposal(proposal_id)
    parts = find_parts(proposal)
    if len(parts) < 2:
        raise ProposalRefusedError("whole")
    now = timezone.now()
    made = []
    for place, part in enumerate(parts):
        # The largest part goes on under the old identity; a name that a person gave the whole is the whole's.
        one = proposal if place == 0 else ThemeProposal(first_seen_at=proposal.first_seen_at, last_seen_at=proposal.last_seen_at)
        one.is_renamed, one.name = False, part.name or proposal.name
        update_proposal(one, part, now=now)
        made.append(one)
    log.info("themes.split", proposal_id=str(proposal.id), parts=len(made), user_id=str(user.id) if user else None)
    return made


def rename(proposal_id: uuid.UUID | str, *, name: str) -> ThemeProposal:
    """Give a proposal a name of a person's own. Raises ProposalRefusedError("name") for an empty one."""
    name = " ".join(name.split())[:80]
    if not name:
        raise ProposalRefusedError("name")
    proposal = get_proposal(proposal_id)
    proposal.name, proposal.is_renamed = name, True
    proposal.save(update_fields=["name", "is_renamed"])
    return proposal


def dismiss(proposal_id: uuid.UUID | str, *, user: User | None) -> ThemeProposal:
    """Never propose it again, nor what is like it."""
    proposal = get_proposal(proposal_id)
    _decide(proposal, State.DISMISSED, user=user, theme=None)
    return proposal


def bring_back(proposal_id: uuid.UUID | str) -> ThemeProposal:
    """Propose a dismissed one again."""
    proposal = get_proposal(proposal_id, state=State.DISMISSED)
    proposal.state, proposal.decided_at, proposal.decided_by = State.OPEN, None, None
    proposal.save(update_fields=["state", "decided_at", "decided_by"])
    return proposal


def take_conversations(theme: Theme, conversation_ids: Sequence[uuid.UUID]) -> int:
    """Give these conversations a theme, where they have none. The tenant must be locked. Returns how many took it."""
    free = select_unthemed().filter(id__in=conversation_ids).values("id")
    return ConversationAnalysis.objects.filter(is_current=True, theme__isnull=True, conversation__in=free).update(theme=theme)


def _regroup(proposal: ThemeProposal) -> None:
    """Name a proposal anew by what it holds."""
    now = timezone.now()
    talks = read_told(find_by_ids(proposal.conversation_ids[:MAX_COMPARED]))
    if not talks:
        proposal.save()
        return
    ids = proposal.conversation_ids
    group = name_group(talks, rest=read_told(find_themed(now=now), with_vectors=False), hidden=find_hidden_words())
    update_proposal(proposal, group, now=now)
    left = [one for one in ids if one not in set(proposal.conversation_ids)]
    proposal.conversation_ids = [*proposal.conversation_ids, *left]
    proposal.size = len(proposal.conversation_ids)
    proposal.save(update_fields=["conversation_ids", "size"])


def _decide(proposal: ThemeProposal, state: State, *, user: User | None, theme: Theme | None) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by, proposal.theme = state, timezone.now(), user, theme
    proposal.save(update_fields=["state", "decided_at", "decided_by", "theme"])


def _clean(examples: Sequence[str]) -> list[str]:
    """Examples as a theme holds them: masked, cut, none twice."""
    texts = (mask(" ".join(text.split())).text[:EXAMPLE_CHARACTERS].strip() for text in examples)
    return list({text.lower(): text for text in texts if text}.values())
