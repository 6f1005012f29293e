"""Thumbs on answers, with the reason: given by whoever asked, read by those who lead.

Everything here runs inside the tenant's open scope.
"""

import uuid
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from pydantic import BaseModel

from assistant.audit import get_entry
from assistant.models import Feedback, Turn
from core.access import check_allowed, parse_id
from core.errors import VisibleError
from core.models import User

Reason = Literal["number", "misunderstood", "incomplete", "unclear", "other"]
LONGEST_COMMENT = 500


class Given(BaseModel):
    """A thumb with its reason; `reason` is null where none was chosen."""

    is_good: bool
    reason: Reason | None
    comment: str


class GivenFeedback(Given):
    """The same with what it is about, for those who lead."""

    id: str
    given_at: datetime
    given_by: str
    turn_id: str
    question: str
    plan: dict[str, Any] | None
    provider: str


def give_feedback(viewer: User, turn_id: uuid.UUID | str, *, is_good: bool, reason: Reason | None = None, comment: str = "") -> Given:
    """Judge an answered turn of one's own; a later judgement takes the place of an earlier one."""
    turn = get_answered_turn(viewer, turn_id)
    comment = comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise VisibleError("invalid", field="comment", detail=f"0–{LONGEST_COMMENT}")
    judged = {"is_good": is_good, "reason": reason or "", "comment": comment, "given_at": timezone.now()}
    feedback, _ = Feedback.objects.update_or_create(entry=get_entry(viewer, turn), defaults=judged)
    return show_given(feedback)


def take_back_feedback(viewer: User, turn_id: uuid.UUID | str) -> None:
    """No judgement any more; nothing happens where there was none."""
    Feedback.objects.filter(entry__turn_id=get_answered_turn(viewer, turn_id).id).delete()


def find_feedback(
    viewer: User, *, is_good: bool | None = None, reason: Reason | None = None, limit: int, offset: int
) -> list[GivenFeedback]:
    """What was judged in the tenant, newest first."""
    rows = _select(viewer, is_good=is_good, reason=reason).select_related("entry").order_by("-given_at", "id")[offset : offset + limit]
    return [
        GivenFeedback(
            **show_given(row).model_dump(),
            id=str(row.id),
            given_at=row.given_at,
            given_by=row.entry.user_name,
            turn_id=str(row.entry.turn_id),
            question=row.entry.question,
            plan=row.entry.plan,
            provider=row.entry.provider,
        )
        for row in rows
    ]


def count_feedback(viewer: User, *, is_good: bool | None = None, reason: Reason | None = None) -> int:
    return int(_select(viewer, is_good=is_good, reason=reason).count())


def find_given(turn_ids: list[uuid.UUID]) -> dict[uuid.UUID, Given]:
    """What was judged of these turns."""
    return {row.entry.turn_id: show_given(row) for row in Feedback.objects.filter(entry__turn_id__in=turn_ids).select_related("entry")}


def show_given(row: Feedback) -> Given:
    return Given.model_validate({"is_good": row.is_good, "reason": row.reason or None, "comment": row.comment})


def get_answered_turn(viewer: User, turn_id: uuid.UUID | str) -> Turn:
    """An answered turn of the viewer's. Raises VisibleError("not_found") for any other id."""
    check_allowed(viewer, action="ask")
    turn = Turn.objects.filter(id=parse_id(turn_id), thread__viewer=viewer, status=Turn.Status.ANSWERED).first()
    if turn is None:
        raise VisibleError("not_found")
    return turn


def _select(viewer: User, *, is_good: bool | None, reason: Reason | None) -> Any:
    check_allowed(viewer, action="verify")
    rows = Feedback.objects.all()
    if is_good is not None:
        rows = rows.filter(is_good=is_good)
    return rows.filter(reason=reason) if reason is not None else rows
