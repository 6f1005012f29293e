"""Threads of a viewer with the assistant: their turns, and each turn's events, stored as they are sent and replayed the same.

Everything here runs inside the tenant's open scope. A thread belongs to its viewer: anybody else's is not there.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from pydantic import BaseModel

from assistant import audit
from assistant.blocks import Answer
from assistant.events import ErrorDetail, Event, EventData, EventType, TurnFailed, TurnStarted
from assistant.feedback import Given, find_given
from assistant.kept import Kept, look_up
from assistant.models import Thread, Turn, TurnEvent
from assistant.plan import Plan
from assistant.revise import Revision, revise_plan
from assistant.verified import find_verified_ids
from core.access import check_allowed, parse_id
from core.errors import VisibleError
from core.models import ApiKey, User

TITLE_LENGTH = 80
# A turn takes well under a second; one that still runs after this long lost its process.
ABANDONED_AFTER = timedelta(minutes=10)
HISTORY = 12


class ThreadSummary(BaseModel):
    id: str
    title: str
    updated_at: datetime
    turns: int


class StoredTurn(BaseModel):
    """A turn as a screen shows it again; one that was stopped is a failed one whose error says so."""

    id: str
    question: str
    asked_at: datetime
    status: Literal["running", "answered", "failed"]
    answer: Answer | None
    error: ErrorDetail | None
    is_edited: bool = False
    feedback: Given | None = None
    verified_id: str | None = None  # of the verified question in the same words


class ThreadDetail(BaseModel):
    id: str
    title: str
    last_seq: int
    turns: list[StoredTurn]


def find_threads(viewer: User, *, limit: int = 50, offset: int = 0) -> list[ThreadSummary]:
    """The viewer's threads, latest first."""
    # In a sub-query: rows are keyed by tenant and id, so PostgreSQL would not group a thread's other columns by its id alone.
    counted = Turn.objects.filter(thread=OuterRef("id")).order_by().values("thread").annotate(number=Count("id")).values("number")
    rows = _own(viewer).annotate(turn_count=Coalesce(Subquery(counted), 0)).order_by("-updated_at", "id")[offset : offset + limit]
    return [ThreadSummary(id=str(row.id), title=row.title, updated_at=row.updated_at, turns=row.turn_count) for row in rows]


def count_threads(viewer: User) -> int:
    """How many threads the viewer has."""
    return int(_own(viewer).count())


def get_thread(viewer: User, thread_id: uuid.UUID | str) -> ThreadDetail:
    """A thread of the viewer's with its turns. Raises VisibleError("not_found") for any other id."""
    thread = _get_own(viewer, thread_id)
    close_abandoned(thread)
    rows = list(Turn.objects.filter(thread=thread).order_by("number"))
    kept, given = look_up(viewer, rows), find_given([row.id for row in rows])
    verified = find_verified_ids([row.question for row in rows])
    turns = [
        StoredTurn(
            id=str(turn.id),
            question=turn.question,
            asked_at=turn.asked_at,
            status="failed" if turn.status == Turn.Status.STOPPED else turn.status,
            answer=kept.show_answer(turn),
            error=turn.error,
            is_edited=turn.is_edited,
            feedback=given.get(turn.id),
            verified_id=verified.get(turn.question),
        )
        for turn in rows
    ]
    return ThreadDetail(id=str(thread.id), title=thread.title, last_seq=thread.last_seq, turns=turns)


def rename_thread(viewer: User, thread_id: uuid.UUID | str, *, title: str) -> None:
    """Give a thread another title, 1 to 80 characters."""
    title = " ".join(title.split())
    if not title or len(title) > TITLE_LENGTH:
        raise VisibleError("invalid", field="title", detail=f"1–{TITLE_LENGTH}")
    thread = _get_own(viewer, thread_id)
    # Not by save(): a new title is no new turn, and the list stays in its order.
    Thread.objects.filter(id=thread.id).update(title=title)


def delete_thread(viewer: User, thread_id: uuid.UUID | str) -> None:
    """Remove a thread with its turns and events."""
    _get_own(viewer, thread_id).delete()


def find_events(viewer: User, thread_id: uuid.UUID | str, *, after_seq: int = 0) -> list[Event]:
    """The events of a viewer's thread after the last one that was seen, as they were sent, without what may not be shown any more."""
    thread = _get_own(viewer, thread_id)
    close_abandoned(thread)
    rows = list(TurnEvent.objects.filter(thread=thread, seq__gt=after_seq).order_by("seq"))
    if not rows:
        return []
    kept = look_up(viewer, Turn.objects.filter(id__in={row.turn_id for row in rows}))
    return [_read_event(row, kept=kept) for row in rows]


def find_history(thread_id: uuid.UUID, *, before: int) -> list[tuple[str, dict[str, Any]]]:
    """The questions of a thread before its turn of number `before`, with their plans, oldest first, the last dozen."""
    earlier = Turn.objects.filter(thread_id=thread_id, number__lt=before, plan__isnull=False).order_by("-number")
    rows = earlier.values_list("question", "plan")[:HISTORY]
    return [(question, plan) for question, plan in reversed(list(rows)) if plan is not None]


def read_revision(viewer: User, revision: Revision, *, today: date) -> tuple[Turn, Plan | None]:
    """A turn of the viewer's that has ended and is asked again, and its plan where that is, or was, changed by hand.

    Raises VisibleError: "not_found" for any other turn, "invalid" where the change gives no plan.
    """
    check_allowed(viewer, action="ask")
    turn = Turn.objects.filter(id=parse_id(revision.turn_id), thread__viewer=viewer).exclude(status=Turn.Status.RUNNING).first()
    if turn is None:
        raise VisibleError("not_found")
    plan = Plan.from_dict(turn.plan) if turn.plan is not None else None
    if not revision.changes_plan:
        # What was changed by hand stays so when it is asked again.
        return turn, plan if turn.is_edited else None
    if plan is None:
        raise VisibleError("invalid", field="revision.turn_id", detail="plan")
    return turn, revise_plan(plan, revision, today=today)


def stop_turn(viewer: User, turn_id: uuid.UUID | str) -> None:
    """Ask a running turn to end early; one that has ended stays as it is."""
    check_allowed(viewer, action="ask")
    turns = Turn.objects.filter(id=parse_id(turn_id), thread__viewer=viewer)
    if not turns.exists():
        raise VisibleError("not_found")
    turns.filter(status=Turn.Status.RUNNING).update(status=Turn.Status.STOPPED)


# --- what a running turn writes -----------------------------------------------------------------------------------------


def begin_turn(
    viewer: User,
    *,
    thread_id: uuid.UUID | str | None,
    question: str,
    language: str,
    clock: datetime,
    client_id: str | None,
    revises: uuid.UUID | None = None,
    is_edited: bool = False,
    api_key: ApiKey | None = None,
) -> tuple[Turn, Event]:
    """Store a new turn, in a new thread where `thread_id` is None, with its first event. The audit names the key that it came by.

    The thread's row is locked until the scope ends, so that two questions at once get two numbers.
    """
    if thread_id is None:
        thread = Thread.objects.create(viewer=viewer, title=make_title(question))
    else:
        thread = _get_own(viewer, thread_id, is_locked=True)
        close_abandoned(thread)
    last = Turn.objects.filter(thread=thread).aggregate(number=Max("number"))["number"] or 0
    turn = Turn.objects.create(
        thread=thread, number=last + 1, question=question, language=language, asked_at=timezone.now(), as_of=clock, revises=revises,
        is_edited=is_edited,
    )  # fmt: skip
    audit.open_entry(viewer, turn, api_key=api_key)
    started = TurnStarted(question=question, client_id=client_id, thread_title=thread.title, is_edited=is_edited)
    (event,) = add_events(turn, [("turn.started", started)])
    return turn, event


def add_events(turn: Turn, entries: Sequence[tuple[EventType, EventData]]) -> list[Event]:
    """Store events of a turn under the thread's next numbers."""
    thread = Thread.objects.select_for_update().get(id=turn.thread_id)
    at = timezone.now()
    rows = [
        TurnEvent(thread=thread, turn=turn, seq=thread.last_seq + place, type=kind, data=data.model_dump(mode="json"), at=at)
        for place, (kind, data) in enumerate(entries, start=1)
    ]
    TurnEvent.objects.bulk_create(rows)
    thread.last_seq += len(rows)
    thread.save(update_fields=["last_seq", "updated_at"])
    return [_read_event(row) for row in rows]


def is_stopped(turn: Turn) -> bool:
    """Whether somebody asked this turn to end early."""
    return not Turn.objects.filter(id=turn.id, status=Turn.Status.RUNNING).exists()


def finish_turn(turn: Turn, *, status: Turn.Status, **fields: Any) -> bool:
    """Write how a running turn ended; False where it was stopped meanwhile."""
    return Turn.objects.filter(id=turn.id, status=Turn.Status.RUNNING).update(status=status, **fields) == 1


def fail_turn(turn: Turn, error: ErrorDetail, **work: Any) -> list[Event]:
    """End a turn without an answer; a stopped one stays stopped. Nothing is told of one that ended before. `work` goes to the audit."""
    body, status = error.model_dump(mode="json"), Turn.Status.FAILED
    if not finish_turn(turn, status=status, error=body):
        stopped = Turn.objects.filter(id=turn.id, status=Turn.Status.STOPPED, error__isnull=True).update(error=body)
        if not stopped:
            return []
        status = Turn.Status.STOPPED
    audit.close_entry(turn.id, status=status, error=error.code, **work)
    return add_events(turn, [("turn.failed", TurnFailed(error=error))])


def close_abandoned(thread: Thread) -> None:
    """Fail the turns of a thread whose process died, so that no screen waits for them for ever."""
    limit = timezone.now() - ABANDONED_AFTER
    for turn in Turn.objects.filter(thread=thread, status=Turn.Status.RUNNING, asked_at__lt=limit):
        error = VisibleError("failed", request_id=str(turn.id))
        fail_turn(turn, ErrorDetail(code=error.code, message=error.say(turn.language)))
    thread.refresh_from_db(fields=["last_seq"])


def make_title(question: str) -> str:
    """A question as the title of its thread, cut at a word."""
    title = " ".join(question.split())
    if len(title) <= TITLE_LENGTH:
        return title
    cut = title[: TITLE_LENGTH - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[TITLE_LENGTH // 2 :] else cut) + "…"


def _own(viewer: User) -> Any:
    check_allowed(viewer, action="ask")
    return Thread.objects.filter(viewer=viewer)


def _get_own(viewer: User, thread_id: uuid.UUID | str, *, is_locked: bool = False) -> Thread:
    threads = _own(viewer).select_for_update() if is_locked else _own(viewer)
    thread: Thread | None = threads.filter(id=parse_id(thread_id)).first()
    if thread is None:
        raise VisibleError("not_found")
    return thread


def _read_event(row: TurnEvent, *, kept: Kept | None = None) -> Event:
    return Event.model_validate(
        {
            "type": row.type,
            "seq": row.seq,
            "thread_id": str(row.thread_id),
            "turn_id": str(row.turn_id),
            "at": row.at.isoformat(),
            "data": kept.show_event(row) if kept else row.data,
        }
    )
