"""Thumbs on answers: given by whoever asked, listed for those who lead."""

from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status
from pydantic import StrictBool

from assistant import feedback
from assistant.feedback import Given, GivenFeedback, Reason
from core.models import Scope
from web.api.door import TenantRouter, get_viewer

router = TenantRouter(tags=["feedback"], key_scope=Scope.ASK)


class FeedbackIn(Schema):
    """A thumb up or down; a reason and a comment say why."""

    is_good: StrictBool
    reason: Reason | None = None
    comment: str = Field("", max_length=feedback.LONGEST_COMMENT)


class FeedbackQuery(Schema):
    is_good: bool | None = None
    reason: Literal["number", "misunderstood", "incomplete", "unclear", "other"] | None = None
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class FeedbackPage(Schema):
    items: list[GivenFeedback]
    count: int


@router.put("/turns/{turn_id}/feedback", response=Given)
def give_feedback(request: HttpRequest, turn_id: str, given: FeedbackIn) -> Given:
    """Judge an answer of yours; a later judgement takes the place of an earlier one."""
    return feedback.give_feedback(
        get_viewer(request), turn_id, is_good=given.is_good, reason=given.reason, comment=given.comment
    )  # fmt: skip


@router.delete("/turns/{turn_id}/feedback", response={204: None})
def take_back_feedback(request: HttpRequest, turn_id: str) -> Status[None]:
    """Take your judgement of an answer back."""
    feedback.take_back_feedback(get_viewer(request), turn_id)
    return Status(204, None)


@router.get("/feedback", response=FeedbackPage)
def list_feedback(request: HttpRequest, query: Query[FeedbackQuery]) -> FeedbackPage:
    """What people of your company said of answers, newest first, with each question and its plan. For managers and administrators."""
    viewer = get_viewer(request)
    return FeedbackPage(
        items=feedback.find_feedback(viewer, is_good=query.is_good, reason=query.reason, limit=query.limit, offset=query.offset),
        count=feedback.count_feedback(viewer, is_good=query.is_good, reason=query.reason),
    )
