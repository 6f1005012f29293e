"""Comparing conversations with a list of themes that has changed, in the background, from the newest on.

Nothing but the theme is written. After a proposal was approved, only conversations that have no theme are compared, and only a theme
that a proposal became or went into gains, so that no trend moves behind anybody's back. Where an administrator wants the whole history
read with today's list (a list made after an import, other examples, a theme out of use), all conversations are, and any theme may gain
or lose; what a person saw and named stays. Vectors are there already, so that a conversation costs milliseconds. Who analysed decides:
where that was a model behind Ollama or n8n, or a version that this installation cannot run, conversations are passed over, for no
provider speaks in another's name.
"""

import time
import uuid

import structlog
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core import live
from core.ai.roles import VectorAnalyser
from core.models import Conversation, ConversationAnalysis, Theme, ThemeProposal, ThemeSearch
from core.tenancy import scope
from ingestion.batches import BATCH, read_batch
from ingestion.promotion import lock_tenant
from ingestion.themes.unthemed import select_unseen, select_unthemed

log = structlog.get_logger(__name__)

STEP_SECONDS = 15.0


def begin_reading(*, is_whole: bool = False) -> None:
    """Have the open scope's conversations without a theme compared again, or all of them, from the newest on.

    One that reads all and is under way begins anew as one that reads all. Whoever calls queues the task.
    """
    search, _ = ThemeSearch.objects.get_or_create()
    is_whole = is_whole or (search.is_reading and search.is_whole)
    waiting = count_waiting(is_whole=is_whole)
    ThemeSearch.objects.update(is_reading=True, is_whole=is_whole, marker_at=None, marker_id=None, to_read=waiting, read=0, taken=0)


def stop_reading() -> None:
    """Leave the open scope's conversations that were not compared yet as they are."""
    ThemeSearch.objects.update(is_reading=False)


def count_waiting(*, is_whole: bool) -> int:
    """How many conversations of the open scope would be compared."""
    return (select_unseen() if is_whole else select_unthemed()).count()


def read_again(tenant_id: uuid.UUID | str, analyser: VectorAnalyser, *, seconds: float = STEP_SECONDS) -> bool:
    """Go on for so many seconds. Returns whether more is left."""
    ends_at = time.monotonic() + seconds
    while True:
        if not _read_batch(tenant_id, analyser):
            return False
        if time.monotonic() > ends_at:
            return True


def _read_batch(tenant_id: uuid.UUID | str, analyser: VectorAnalyser) -> bool:
    with scope(tenant_id):
        search = ThemeSearch.objects.filter(is_reading=True).first()
        if search is None:
            return False
        ids = list(_select_next(search, analyser).values_list("id", flat=True)[:BATCH])
        if not ids:
            ThemeSearch.objects.update(is_reading=False, read=F("to_read"))
            log.info("themes.read_again", read=search.read, taken=search.taken)
            return False
        batch = read_batch(ids, analyser)
    judged = analyser.analyse_conversations(batch.show_conversations(), known_vectors=batch.known_vectors)
    with scope(tenant_id):
        lock_tenant()
        # Somebody approved another theme meanwhile: then it begins anew, with that one in the list.
        now = ThemeSearch.objects.select_for_update().get()
        if (now.marker_at, now.marker_id, now.is_whole, now.is_reading) != (search.marker_at, search.marker_id, search.is_whole, True):
            return now.is_reading
        taken, gaining = 0, _find_gaining(is_whole=now.is_whole)
        for conversation, one in zip(batch.conversations, judged, strict=True):
            if one.theme in gaining:
                theme = gaining[one.theme]
                taken += _select_other(conversation, analyser, theme, is_whole=now.is_whole).update(theme=theme)
        last = batch.conversations[-1]
        now.marker_at, now.marker_id = last.started_at, last.id
        now.read, now.taken = min(now.to_read, now.read + len(ids)), now.taken + taken
        now.save(update_fields=["marker_at", "marker_id", "read", "taken"])
        if taken:
            live.publish("conversations.analysed", {"conversations": taken, "conversation_ids": [str(one) for one in ids]})
    return True


def _find_gaining(*, is_whole: bool) -> dict[str | None, Theme | None]:
    """The themes that may gain, by name; "none" is one of them where all conversations are compared.

    Else only those that proposals became or went into: a choice among others was made when they were as they are.
    """
    themes = Theme.objects.filter(is_active=True)
    if is_whole:
        return {None: None, **{theme.name: theme for theme in themes}}
    grown = ThemeProposal.objects.filter(theme__isnull=False).values("theme")
    return {theme.name: theme for theme in themes.filter(id__in=grown)}


def _select_next(search: ThemeSearch, analyser: VectorAnalyser) -> QuerySet[Conversation]:
    """The conversations behind the marker that this analyser read as they are now, the newest first."""
    own = ConversationAnalysis.objects.filter(
        conversation=OuterRef("id"),
        is_current=True,
        analyser=analyser.name,
        analyser_version=analyser.version,
        revision=OuterRef("revision"),
    )
    waiting = select_unseen() if search.is_whole else select_unthemed()
    found = waiting.filter(Exists(own)).order_by("-started_at", "-id")
    if search.marker_at is not None:
        found = found.filter(Q(started_at__lt=search.marker_at) | Q(started_at=search.marker_at, id__lt=search.marker_id))
    return found


def _select_other(
    conversation: Conversation, analyser: VectorAnalyser, theme: Theme | None, *, is_whole: bool
) -> QuerySet[ConversationAnalysis]:
    """Its current analysis, where that still stands on what was read, and says something else than `theme`."""
    found = ConversationAnalysis.objects.filter(
        conversation=conversation,
        is_current=True,
        analyser=analyser.name,
        analyser_version=analyser.version,
        revision=conversation.revision,
    )
    if not is_whole:
        return found.filter(theme__isnull=True)
    return found.filter(theme__isnull=False) if theme is None else found.exclude(theme=theme)
