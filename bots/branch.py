"""Going back to an earlier answer: a follow-up means what it meant there, whatever was asked since."""

import uuid

from assistant.models import Thread, Turn
from core.models import User

COPIED = ("number", "question", "language", "asked_at", "as_of", "status", "plan", "answer", "error", "provider", "took_ms")


def find_branch(viewer: User, turn_id: str) -> uuid.UUID | None:
    """The thread in which a follow-up of this turn is asked, inside the open scope; None where the viewer has no such turn.

    It is the turn's own thread while the turn is its last one, else a new one with a copy of all that led to the turn.
    """
    turn = Turn.objects.select_related("thread").filter(id=turn_id, thread__viewer=viewer).first()
    if turn is None:
        return None
    if not Turn.objects.filter(thread=turn.thread, number__gt=turn.number).exists():
        return uuid.UUID(str(turn.thread_id))
    branch = Thread.objects.create(viewer=viewer, title=turn.thread.title)
    earlier = Turn.objects.filter(thread=turn.thread, number__lte=turn.number).order_by("number")
    Turn.objects.bulk_create([Turn(thread=branch, **{name: getattr(one, name) for name in COPIED}) for one in earlier])
    return uuid.UUID(str(branch.id))
