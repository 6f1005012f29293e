"""Verified questions: those whose plan a manager or administrator vouches for."""

from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from assistant import verified
from assistant.verified import Verified
from web.api.door import TenantRouter, get_viewer

router = TenantRouter(tags=["verified questions"])


class VerifiedIn(Schema):
    """The answer to vouch for, one of yours; `question` where its own words need those before it to be understood."""

    turn_id: str
    question: str | None = Field(None, min_length=1, max_length=verified.LONGEST_QUESTION)


class VerifiedQuery(Schema):
    state: Literal["unchecked", "sound", "empty", "reread", "drifted", "broken"] | None = None
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class VerifiedPage(Schema):
    items: list[Verified]
    count: int


@router.get("/verified-questions", response=VerifiedPage)
def list_verified(request: HttpRequest, query: Query[VerifiedQuery]) -> VerifiedPage:
    """Your company's verified questions, newest first, with what the nightly check found. For managers and administrators."""
    viewer = get_viewer(request)
    return VerifiedPage(
        items=verified.find_all(viewer, state=query.state, limit=query.limit, offset=query.offset),
        count=verified.count_all(viewer, state=query.state),
    )


@router.post("/verified-questions", response=Verified)
def verify(request: HttpRequest, given: VerifiedIn) -> Verified:
    """Vouch for the plan of an answer: whoever asks the same question from now on is answered by it. For managers and administrators."""
    return verified.verify(get_viewer(request), given.turn_id, question=given.question)


@router.delete("/verified-questions/{verified_id}", response={204: None})
def forget(request: HttpRequest, verified_id: str) -> Status[None]:
    """Vouch for a question no longer. For managers and administrators."""
    verified.forget(get_viewer(request), verified_id)
    return Status(204, None)
