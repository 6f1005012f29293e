"""Questions that are asked again and again: each occurrence once, as the person who scheduled it, its answer sent where they said.

A worker that dies in between leaves a row that is due again after a while; what was sent by then is not sent again, since messages
and events are stored once under the occurrence's key.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import Q
from django.utils import timezone

from assistant import answer
from assistant.blocks import Answer
from bots import rhythm
from bots.email import can_send_email, send_answer
from bots.models import ScheduledQuestion
from bots.outbox import enqueue
from bots.recipients import find_way
from bots.shape import LONGEST, shape_answer
from bots.talk import draw_chart, read_language
from bots.words import say
from core.access import ASK, get_tenant
from core.domain_events import Happened, find_listeners, record
from core.errors import VisibleError
from core.models import EventKind, OutgoingMessage, User
from core.tenancy import scope

log = structlog.get_logger(__name__)

Road = ScheduledQuestion.Road
# An occurrence that could not be asked within this time, because nothing ran, is left for the next one.
ASKED_WITHIN = timedelta(hours=6)
SENT_WITHIN = timedelta(hours=12)
CLAIMED = timedelta(minutes=10)
# Blocks with figures; lists of messages and conversations are for those who may open them.
FIGURES = ("number", "table", "series", "drivers", "themes")


def schedule(row: ScheduledQuestion, *, now: datetime) -> None:
    """Set when a new or changed row is asked next; the caller saves it."""
    row.next_at = rhythm.find_next(row, after=now, zone=get_tenant(row.user).zone)


def ask_due(tenant_id: UUID | str, *, now: Callable[[], datetime] = timezone.now) -> int:
    """Ask what is due in a tenant; returns how many questions were answered. Opens scopes of its own."""
    asked = 0
    while True:
        with scope(tenant_id):
            row = _claim(now())
        if row is None:
            return asked
        with scope(tenant_id):
            zone = get_tenant(row.user).zone
        at = now()
        due_at = rhythm.find_latest(row, until=at, zone=zone)
        # The answer's figures are those of the hour that was asked for, whenever a worker came to it.
        problem = "late" if at - due_at > ASKED_WITHIN else _ask(tenant_id, row, due_at=due_at, now=at)
        asked += problem == ""
        next_at = rhythm.find_next(row, after=max(at, due_at), zone=zone)
        with scope(tenant_id):
            ScheduledQuestion.objects.filter(id=row.id).update(
                next_at=next_at,
                asked_at=due_at,
                problem=problem[:40],
                thread_id=row.thread_id,
            )


def is_any_due(now: datetime) -> bool:
    """Whether the open scope's tenant has a question to be asked."""
    return ScheduledQuestion.objects.filter(Q(next_at__lte=now), is_active=True).exists()


def _claim(now: datetime) -> ScheduledQuestion | None:
    due = ScheduledQuestion.objects.filter(is_active=True, next_at__lte=now).select_related("user").order_by("next_at", "id")
    row = due.select_for_update(skip_locked=True, of=("self",)).first()
    if row is not None:
        ScheduledQuestion.objects.filter(id=row.id).update(next_at=now + CLAIMED)
    return row


def _ask(tenant_id: UUID | str, row: ScheduledQuestion, *, due_at: datetime, now: datetime) -> str:
    """Ask and send; returns why it went nowhere, as a word, "" where all went well."""
    user = row.user
    if not user.is_active or user.role not in ASK:
        return "not_allowed"
    try:
        answered = answer.run(user, question=row.question, clock=due_at, language=read_language(user))
    except VisibleError as error:
        return error.code
    row.thread_id = UUID(answered.thread_id)
    problems = []
    for road, send in ROADS.items():
        if road in row.roads:
            with scope(tenant_id):
                problems.append(send(row, answered, f"scheduled:{row.id}:{due_at:%Y-%m-%dT%H%z}", now))
    return next((problem for problem in problems if problem), "")


def _send_whatsapp(row: ScheduledQuestion, answered: Answer, key: str, now: datetime) -> str:
    way = find_way(row.user)
    if way is None:
        return "no_phone"
    picture, block = draw_chart(answered)
    shaped = shape_answer(answered, charted=block)
    title = say("scheduled", answered.language, question=row.question)
    enqueue(
        way.connection.channel,
        to=way.to,
        purpose=OutgoingMessage.Purpose.REPORT,
        key=key,
        text=f"{title}\n\n{shaped.text}"[: LONGEST + 600],
        picture=picture,
        user=row.user,
        not_before_at=now,
        expires_at=now + SENT_WITHIN,
        replies=shaped.choices,
    )
    return ""


def _send_email(row: ScheduledQuestion, answered: Answer, key: str, now: datetime) -> str:
    if not can_send_email():
        return "no_email"
    return send_answer(row.user, row.question, answered, key=key)


def _send_webhook(row: ScheduledQuestion, answered: Answer, key: str, now: datetime) -> str:
    endpoints = find_listeners(EventKind.REPORT)
    if not endpoints:
        return "no_webhook"
    told = answered.model_dump(mode="json", include={"thread_id", "turn_id", "language", "text", "plan", "coverage", "notes", "provider"})
    blocks = [block.model_dump(mode="json") for block in answered.blocks if block.kind in FIGURES]
    asked = {"scheduled_question_id": str(row.id), "question": row.question, "asked_as": _name(row.user)}
    record(EventKind.REPORT, [Happened(key, asked | told | {"blocks": blocks})], endpoints=endpoints)
    return ""


def _name(user: User) -> str:
    return user.name or user.email


ROADS: dict[str, Callable[[ScheduledQuestion, Answer, str, datetime], str]] = {
    Road.WHATSAPP: _send_whatsapp,
    Road.EMAIL: _send_email,
    Road.WEBHOOK: _send_webhook,
}
