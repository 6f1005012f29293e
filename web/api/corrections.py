"""Disagree with a conversation's score, theme or resolution, and take that back."""

from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import StrictBool, StrictInt

from core.corrections import Disagreement, correct, undo_correction
from web.api.conversations import ConversationOut, show_conversation
from web.api.door import TenantRouter, get_viewer

router = TenantRouter(tags=["conversations"])


class CorrectionIn(Schema):
    """What is put right; what is left out stays as the analyser said. A `theme` of null means that it has none."""

    satisfaction: StrictInt | None = Field(None, ge=1, le=5)
    theme: str | None = Field(None, max_length=80)
    resolved: StrictBool | None = None
    comment: str = Field("", max_length=500)


@router.post("/conversations/{conversation_id}/correction", response=ConversationOut)
def correct_conversation(request: HttpRequest, conversation_id: str, body: CorrectionIn) -> ConversationOut:
    """Say what is right. The analyser's own value is kept beside it; an earlier correction gives way to this one."""
    viewer = get_viewer(request)
    said = Disagreement(
        satisfaction=body.satisfaction,
        corrects_theme="theme" in body.model_fields_set,
        theme=body.theme,
        is_resolved=body.resolved,
        comment=body.comment,
    )
    correct(viewer, conversation_id, said)
    return show_conversation(viewer, conversation_id)


@router.delete("/conversations/{conversation_id}/correction", response=ConversationOut)
def undo(request: HttpRequest, conversation_id: str) -> ConversationOut:
    """Take the correction back: what the analyser said holds again."""
    viewer = get_viewer(request)
    undo_correction(viewer, conversation_id)
    return show_conversation(viewer, conversation_id)
