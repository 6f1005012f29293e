"""From events that wait in a channel's inbox to what they mean: messages, changes, names, states of the link, questions to us.

A batch is one transaction with the channel locked, so that whatever happens to the worker, an event is either waiting or wholly done.
Where a batch fails, its events are taken one by one, and the one that can't be recorded is put aside with the reason.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction

from core import live
from core.models import Channel, GatewayConnection, Message, RawEvent
from core.tenancy import scope
from ingestion.changes import apply_changes
from ingestion.evolution.events import PartlyNotUnderstoodError, understand, understand_stored
from ingestion.evolution.events_values import find_items
from ingestion.evolution.types import (
    ConnectionChanged,
    ContactSeen,
    DeliveryChanged,
    Happening,
    MessageDeleted,
    MessageEdited,
    MessageSeen,
    NotAMessage,
    NotUnderstoodError,
    QrCodeShown,
)
from ingestion.identities import link_contacts
from ingestion.inbox import find_waiting, mark, write_marks
from ingestion.ledger import Tally, find_message_times
from ingestion.own_people import OwnPeople, set_own_people_aside
from ingestion.queueing import SOON, queue_once, queue_task
from ingestion.record import record_messages
from ingestion.recorded import Recorded
from ingestion.states import note_states
from ingestion.types import IncomingMessage

log = structlog.get_logger(__name__)

BATCH_EVENTS = 200
TASK_ANALYSE_LIVE, TASK_HEAR = "ingestion.tasks.task_analyse_live", "bots.tasks.task_hear"
_STORED = "messages.stored"


@dataclass(slots=True)
class _Told:
    """An event with what it means. `problem`: why it, or a part of it, can't be read or recorded."""

    event: RawEvent
    happenings: list[Happening] = field(default_factory=list)
    problem: str = ""


@dataclass(slots=True)
class _Outcome:
    """What became of some events."""

    recorded: Recorded = field(default_factory=Recorded)
    new: list[IncomingMessage] = field(default_factory=list)
    told_before: list[IncomingMessage] = field(default_factory=list)
    own: OwnPeople = field(default_factory=OwnPeople)

    def add(self, other: "_Outcome") -> None:
        self.recorded.add(other.recorded)
        self.new += other.new
        self.told_before += other.told_before
        self.own.asked_ids += other.own.asked_ids


def process_batch(tenant_id: uuid.UUID | str, channel_id: uuid.UUID | str, limit: int = BATCH_EVENTS) -> int:
    """Process the events that wait longest in a channel, at most `limit`; returns how many. Waits for others at work on the channel.

    Raises OperationalError or InterfaceError where the database fails; then nothing was done, and the events go on waiting.
    """
    with scope(tenant_id):
        channel = Channel.objects.select_for_update(no_key=True).filter(id=channel_id).first()
        events = find_waiting(channel.id, limit=limit) if channel is not None else []
        if channel is None or not events:
            return 0
        connection = GatewayConnection.objects.filter(channel=channel).first()
        told = [_understand(event, channel, connection) for event in events]
        outcome = _apply_all(channel, connection, told)
        for one in told:
            _mark(one)
        write_marks(events)
        _tell(str(tenant_id), channel, outcome)
        # Last of all: who counts the same day waits for the end of this transaction.
        _count(channel, told, outcome)
    return len(events)


def _understand(event: RawEvent, channel: Channel, connection: GatewayConnection | None) -> _Told:
    told = _Told(event)
    body: Mapping[str, Any] = event.body if isinstance(event.body, Mapping) else {}
    reads_groups = connection is not None and connection.reads_groups
    try:
        if "malformed" in body:
            raise NotUnderstoodError("no JSON object")
        if event.name == _STORED:
            for record in find_items(body.get("data")):
                told.happenings += understand_stored(record, self_phone=channel.phone or None, reads_groups=reads_groups)  # type: ignore[arg-type]
        else:
            told.happenings = understand(event.name, body, self_phone=channel.phone or None, reads_groups=reads_groups)
    except PartlyNotUnderstoodError as problem:
        told.happenings, told.problem = problem.understood, str(problem)
    except NotUnderstoodError as problem:
        told.problem = str(problem)
    except Exception as error:
        # A fault of ours must not hold up what comes behind. Its text may hold a customer's words, so it stays here.
        log.exception("inbox.reader_failed", event_id=str(event.id), name=event.name)
        told.problem = f"the reader failed: {type(error).__name__}"
    return told


def _apply_all(channel: Channel, connection: GatewayConnection | None, told: Sequence[_Told]) -> _Outcome:
    """Apply everything at once, or, where that fails, event by event."""
    try:
        with transaction.atomic():
            return _apply(channel, connection, told)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.warning("inbox.batch_failed", channel_id=str(channel.id), events=len(told), error=type(error).__name__)
    outcome = _Outcome()
    for one in told:
        try:
            with transaction.atomic():
                outcome.add(_apply(channel, connection, [one]))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.warning("inbox.event_failed", event_id=str(one.event.id), name=one.event.name, error=type(error).__name__)
            one.happenings, one.problem = [], f"could not be recorded: {type(error).__name__}"
    return outcome


def _apply(channel: Channel, connection: GatewayConnection | None, told: Sequence[_Told]) -> _Outcome:
    happenings = [happening for one in told for happening in one.happenings]
    messages = [happening.message for happening in happenings if isinstance(happening, MessageSeen)]
    changes = [happening for happening in happenings if isinstance(happening, MessageEdited | MessageDeleted | DeliveryChanged)]
    contacts = [happening for happening in happenings if isinstance(happening, ContactSeen)]
    answers = connection is None or connection.answers_people
    own = set_own_people_aside(channel, messages=messages, changes=changes, answers=answers)
    outcome = _Outcome(own=own)
    known_ids = _find_known_ids(channel, own.messages)
    for message in own.messages:
        # Of several tellings in one batch the first counts as the message.
        (outcome.told_before if message.provider_id in known_ids else outcome.new).append(message)
        known_ids.add(message.provider_id)
    if own.messages:
        outcome.recorded.add(record_messages(channel, own.messages))
    if contacts:
        outcome.recorded.add(link_contacts(channel, contacts))
    if own.changes:
        outcome.recorded.add(apply_changes(channel, own.changes))
    if connection is not None:
        states = [(one.event, happening) for one in told for happening in one.happenings if _is_state(happening)]
        note_states(channel, connection, [one.event for one in told], states)
    return outcome


def _is_state(happening: Happening) -> bool:
    return isinstance(happening, ConnectionChanged | QrCodeShown)


def _find_known_ids(channel: Channel, messages: Iterable[IncomingMessage]) -> set[str]:
    ids = {message.provider_id for message in messages}
    if not ids:
        return set()
    return set(Message.objects.filter(channel=channel, provider_id__in=ids).order_by().values_list("provider_id", flat=True))


def _mark(told: _Told) -> None:
    if told.problem:
        mark(told.event, RawEvent.State.FAILED, reason=told.problem)
    elif all(isinstance(happening, NotAMessage) for happening in told.happenings):
        whats = dict.fromkeys(happening.what for happening in told.happenings if isinstance(happening, NotAMessage))
        mark(told.event, RawEvent.State.NOT_A_MESSAGE, reason=", ".join(whats))
    else:
        mark(told.event, RawEvent.State.DONE)


def _count(channel: Channel, told: Sequence[_Told], outcome: _Outcome) -> None:
    tally = Tally()
    for message in outcome.new:
        tally.add("recovered" if message.source == "recovered" else "received", message.sent_at)
    for message in outcome.told_before:
        # Who reads back is bound to be told what came live.
        if message.source == "live":
            tally.add("duplicates", message.sent_at)
    for one in told:
        if one.problem:
            for at in find_message_times(one.event.name, one.event.body) or []:
                tally.add("failed", at or one.event.received_at)
    tally.write(channel.id)


def _tell(tenant_id: str, channel: Channel, outcome: _Outcome) -> None:
    """Open screens, and the tasks that go on from here, hear of it once it is committed."""
    recorded = outcome.recorded
    if recorded.new or recorded.updated or recorded.conversation_ids:
        counts = {"new": recorded.new, "updated": recorded.updated, "conversations": len(recorded.conversation_ids)}
        live.publish("messages.recorded", {"channel_id": str(channel.id), **counts})
        log.info("messages.recorded", channel_id=str(channel.id), **counts)
    if recorded.conversation_ids:
        transaction.on_commit(partial(queue_once, TASK_ANALYSE_LIVE, tenant_id, priority=SOON))
    for asked_id in outcome.own.asked_ids:
        transaction.on_commit(partial(queue_task, TASK_HEAR, tenant_id, str(asked_id), priority=SOON))
