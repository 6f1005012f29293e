"""Disagree with what the analyser concluded of a conversation, and take that back. Both values stay; nothing is overwritten."""

import uuid
from dataclasses import dataclass

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import live
from core.access import check_allowed, get_conversation
from core.errors import VisibleError
from core.models import Conversation, ConversationAnalysis, Correction, Theme, User

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """What a person puts right; None leaves a thing as it is. `theme` is a name; "no theme" is `corrects_theme` without one."""

    satisfaction: int | None = None
    corrects_theme: bool = False
    theme: str | None = None
    is_resolved: bool | None = None
    comment: str = ""


def correct(viewer: User, conversation_id: uuid.UUID | str, said: Disagreement) -> Correction:
    """Keep a correction, which takes the place of an earlier one of the same conversation.

    Raises VisibleError: not_found, not_allowed (an operator's own figures are not theirs to correct), not_analysed, or invalid
    where nothing is corrected, the note is none of 1–5, or there is no such theme.
    """
    check_allowed(viewer, action="correct")
    conversation = get_conversation(viewer, conversation_id)
    analysis = ConversationAnalysis.objects.filter(conversation=conversation, is_current=True).first()
    if analysis is None:
        raise VisibleError("not_analysed")
    if said.satisfaction is None and not said.corrects_theme and said.is_resolved is None:
        raise VisibleError("invalid", field="satisfaction", detail="satisfaction, theme, resolved: none of them is given")
    if said.satisfaction is not None and not 1 <= said.satisfaction <= 5:
        raise VisibleError("invalid", field="satisfaction", detail="1–5")
    theme = Theme.objects.filter(name=said.theme).first() if said.corrects_theme and said.theme else None
    if said.corrects_theme and said.theme and theme is None:
        raise VisibleError("invalid", field="theme", detail=said.theme[:80])
    try:
        with transaction.atomic():
            _close(conversation, viewer)
            correction = Correction.objects.create(
                conversation=conversation,
                user=viewer,
                made_at=timezone.now(),
                satisfaction=said.satisfaction,
                corrects_theme=said.corrects_theme,
                theme=theme,
                is_resolved=said.is_resolved,
                comment=said.comment.strip()[:500],
                revision=conversation.revision,
                analyser=analysis.analyser,
                analyser_version=analysis.analyser_version,
                machine_score=analysis.score,
                machine_theme_id=analysis.theme_id,
                machine_is_resolved=analysis.is_resolved,
            )
    except IntegrityError as error:  # another person pressed at the same moment: theirs stands, and is shown when this one looks again
        raise VisibleError("changed_meanwhile") from error
    _tell(conversation)
    return correction


def undo_correction(viewer: User, conversation_id: uuid.UUID | str) -> None:
    """Take the open correction of a conversation back. Raises VisibleError("not_found") where there is none."""
    check_allowed(viewer, action="correct")
    conversation = get_conversation(viewer, conversation_id)
    if not _close(conversation, viewer):
        raise VisibleError("not_found")
    _tell(conversation)


def find_correction(conversation: Conversation) -> Correction | None:
    """The open correction of a conversation, of which there is one at most."""
    found = Correction.objects.select_related("user", "theme").filter(conversation=conversation, undone_at__isnull=True)
    return next(iter(found.order_by()), None)


def _close(conversation: Conversation, viewer: User) -> int:
    return Correction.objects.filter(conversation=conversation, undone_at__isnull=True).update(undone_at=timezone.now(), undone_by=viewer)


def _tell(conversation: Conversation) -> None:
    live.publish("conversation.corrected", {"conversation_id": str(conversation.id)})
