"""Keeps apart what the tenant's own people and we ourselves write over a channel: it is no conversation with a customer.

Messages from a verified phone of one of the tenant's people are questions to us (SupervisorMessage). Answers, codes, briefings and
alerts that we sent (OutgoingMessage) are followed until they are delivered. Neither becomes a message of a conversation.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from core.models import Channel, OutgoingMessage, SupervisorMessage, UserPhone
from core.phones import LID_PREFIX, canonical_phone, find_verified_users
from ingestion.evolution.types import DeliveryChanged, MessageDeleted, MessageEdited
from ingestion.signatures import split_signature
from ingestion.types import Delivery, IncomingMessage

Change = MessageEdited | MessageDeleted | DeliveryChanged
State = OutgoingMessage.State
# Where a delivery leaves a message of ours, and from which states. What was read is not delivered any more.
_REACHED: dict[Delivery, State] = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "played": State.READ,
    "error": State.FAILED,
}
_ON_ITS_WAY = (State.WAITING, State.SENDING, State.UNCERTAIN)
_UNDER_WAY = (State.SENDING, State.UNCERTAIN, State.SENT)
_FROM: dict[State, tuple[State, ...]] = {
    State.SENT: _UNDER_WAY,
    State.DELIVERED: (*_UNDER_WAY, State.FAILED),
    State.READ: (*_UNDER_WAY, State.FAILED, State.DELIVERED),
    State.FAILED: _UNDER_WAY,
}
_NOT_DELIVERED = "WhatsApp refused to deliver it."


@dataclass(slots=True)
class OwnPeople:
    """What is left for conversations, and the questions that were new."""

    messages: list[IncomingMessage] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    asked_ids: list[uuid.UUID] = field(default_factory=list)


def set_own_people_aside(channel: Channel, *, messages: Sequence[IncomingMessage], changes: Sequence[Change], answers: bool) -> OwnPeople:
    """Store what our own people ask, follow what we sent, and leave the rest. Without `answers` the channel hears no questions."""
    users = find_verified_users({key for message in messages if not message.is_group for key in _list_keys(message)})
    rest: list[IncomingMessage] = []
    asked: list[tuple[uuid.UUID, IncomingMessage]] = []
    for message in messages:
        user_id = None if message.is_group else next((users[key] for key in _list_keys(message) if key in users), None)
        if user_id is None:
            rest.append(message)
        elif message.author == "customer" and answers:
            asked.append((user_id, message))
    if users:
        _learn_lids(messages, users)
    own = OwnPeople(messages=_drop_sent_by_us(channel, rest), asked_ids=_store_questions(channel, asked))
    # What is read back from the gateway's store tells of a message and of how far it got in one.
    reached = [DeliveryChanged(provider_id=one.provider_id, delivery=one.delivery) for one in rest if one.delivery is not None]
    _follow(channel, [change for change in [*reached, *changes] if isinstance(change, DeliveryChanged)])
    own.changes = _drop_changes(channel, changes)
    return own


def _list_keys(message: IncomingMessage) -> list[str]:
    return [message.chat_key, *([LID_PREFIX + message.chat_lid] if message.chat_lid else [])]


def _learn_lids(messages: Iterable[IncomingMessage], users: dict[str, uuid.UUID]) -> None:
    """A phone's WhatsApp id, from the first message that names both: later ones may name the id alone."""
    pairs = {message.chat_key: message.chat_lid for message in messages if message.chat_lid and message.chat_key in users}
    for phone, lid in pairs.items():
        if LID_PREFIX + lid not in users:
            UserPhone.objects.filter(phone=phone, verified_at__isnull=False, lid="").update(lid=lid[:40])


def _store_questions(channel: Channel, asked: Sequence[tuple[uuid.UUID, IncomingMessage]]) -> list[uuid.UUID]:
    """The ids of those that are new, in the order in which they were asked."""
    if not asked:
        return []
    known = SupervisorMessage.objects.filter(channel=channel, provider_id__in=[message.provider_id for _, message in asked])
    known_ids = set(known.values_list("provider_id", flat=True))
    new = {
        message.provider_id: SupervisorMessage(
            user_id=user_id,
            channel=channel,
            provider_id=message.provider_id,
            chat=message.chat_key,
            kind=message.kind,
            text=message.text,
            quoted_id=message.quoted_id or "",
            sent_at=message.sent_at,
        )
        for user_id, message in asked
        if message.provider_id not in known_ids
    }
    SupervisorMessage.objects.bulk_create(new.values())
    return [question.id for question in sorted(new.values(), key=lambda question: (question.sent_at, question.provider_id))]


def _drop_sent_by_us(channel: Channel, messages: list[IncomingMessage]) -> list[IncomingMessage]:
    """Without what we sent ourselves: known by the gateway's id, or, before we know that, by its words on their way to this chat."""
    ours = [message for message in messages if message.author == "agent"]
    if not ours:
        return messages
    sent = OutgoingMessage.objects.filter(
        Q(provider_id__in=[message.provider_id for message in ours]) | Q(provider_id="", state__in=_ON_ITS_WAY), channel=channel
    )
    ids, on_their_way = set[str](), set[tuple[str, str]]()
    for provider_id, to, text in sent.values_list("provider_id", "to", "text"):
        if provider_id:
            ids.add(provider_id)
        elif text:
            on_their_way |= {(_fold(text), canonical_phone(to.partition("@")[0])), (_fold(text), to)}
    unnamed = {text for text, _ in on_their_way}

    def is_ours(message: IncomingMessage) -> bool:
        if message.author != "agent" or message.provider_id in ids:
            return message.author == "agent"
        text = _fold(message.text)
        # Who stands behind a WhatsApp id is perhaps not known yet.
        return text in unnamed if message.chat_key.startswith(LID_PREFIX) else (text, message.chat_key) in on_their_way

    return [message for message in messages if not is_ours(message)]


def _fold(text: str) -> str:
    return " ".join(split_signature(text)[1].split())


def _follow(channel: Channel, reached: Sequence[DeliveryChanged]) -> None:
    """Note how far messages that we sent got."""
    if not reached:
        return
    known = OutgoingMessage.objects.filter(channel=channel, provider_id__in={one.provider_id for one in reached})
    sent = dict(known.values_list("provider_id", "id"))
    for one in reached:
        if one.provider_id in sent and one.delivery in _REACHED:
            state = _REACHED[one.delivery]
            error = _NOT_DELIVERED if state == State.FAILED else ""
            moved = OutgoingMessage.objects.filter(id=sent[one.provider_id], state__in=_FROM[state])
            moved.update(state=state, error=error, settled_at=timezone.now())


def _drop_changes(channel: Channel, changes: Sequence[Change]) -> list[Change]:
    """Without changes of questions to us and of what we sent."""
    if not changes:
        return []
    ids = {change.provider_id for change in changes}
    sent = OutgoingMessage.objects.filter(channel=channel, provider_id__in=ids).values_list("provider_id", flat=True)
    asked = SupervisorMessage.objects.filter(channel=channel, provider_id__in=ids).values_list("provider_id", flat=True)
    own = {*sent, *asked}
    return [change for change in changes if change.provider_id not in own]
