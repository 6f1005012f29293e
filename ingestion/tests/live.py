"""What the tests of the live road share: messages as the gateway tells them, and everything that is stored, written out."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.models import Channel, Contact, ContactIdentity, ContactMerge, Conversation, Message, PendingChange
from ingestion.changes import apply_changes
from ingestion.evolution.types import ContactSeen, DeliveryChanged, MessageDeleted, MessageEdited
from ingestion.identities import link_contacts
from ingestion.record import record_messages
from ingestion.types import IncomingMessage

NOON = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOON + timedelta(days=365)
Told = IncomingMessage | MessageEdited | MessageDeleted | DeliveryChanged | ContactSeen


def tell(minutes: float, who: str, text: str = "oi", *, chat: str, id: str = "", **more: Any) -> IncomingMessage:  # noqa: A002
    """A live message, so many minutes after noon, by the customer ("c") or by us ("a")."""
    message_id = id or f"{chat}-{minutes}-{who}"
    facts: dict[str, Any] = {"chat_name": "", "sender_name": "", "source": "live"}
    return IncomingMessage(
        provider_id=message_id,
        chat_key=chat,
        author="agent" if who == "a" else "customer",
        sent_at=NOON + timedelta(minutes=minutes),
        text=text,
        **facts | more,
    )


def react(minutes: float, who: str, emoji: str, *, chat: str, to: str, id: str = "", **more: Any) -> IncomingMessage:  # noqa: A002
    """A reaction to the message with the id `to`; an empty emoji takes it back."""
    return tell(minutes, who, emoji, chat=chat, id=id or f"r{minutes}{who}", kind="reaction", quoted_id=to, **more)


def take_in(channel: Channel, told: Iterable[Told]) -> None:
    """Take a batch in as the road does: links, then messages, then changes."""
    batch = list(told)
    link_contacts(channel, [one for one in batch if isinstance(one, ContactSeen)], as_of=LATER)
    record_messages(channel, [one for one in batch if isinstance(one, IncomingMessage)], as_of=LATER)
    apply_changes(channel, [one for one in batch if isinstance(one, (MessageEdited, MessageDeleted, DeliveryChanged))], as_of=LATER)


def write_everything() -> list[str]:
    """Everything that is stored of the scope's channels, but for ids, and for what the order of events decides: a line a row."""
    known_as: dict[Any, str] = {}
    for contact in Contact.objects.prefetch_related("identities"):
        known_as[contact.id] = "+".join(sorted(f"{one.kind}:{one.value}" for one in contact.identities.all()))
    lines = [f"contact {known_as[contact.id]} {contact.name}" for contact in Contact.objects.all() if known_as[contact.id]]
    begins: dict[Any, str] = {}
    chats: dict[str, set[str]] = {}
    for one in Conversation.objects.select_related("agent"):
        begins[one.id] = f"{known_as[one.contact_id]}@{write_time(one.started_at)}"
        chats.setdefault(known_as[one.contact_id], set()).add(one.chat_key)
        lines.append(
            f"conversation {begins[one.id]}–{write_time(one.last_message_at)} {one.message_count}/{one.customer_message_count}"
            f" first {one.first_response_seconds} waits {one.waiting_since_at and write_time(one.waiting_since_at)} rating {one.rating}"
            f" closed {one.is_closed} group {one.is_group} agent {one.agent and one.agent.name}"
        )
    for row in Message.objects.all():
        chats.setdefault(next((name for name in chats if row.chat_key in chats[name]), row.chat_key), set()).add(row.chat_key)
        lines.append(
            f"message {row.provider_id} in {begins.get(row.conversation_id)} {write_time(row.sent_at)} {row.author}"
            f" {known_as.get(row.contact_id)} {row.kind} {row.text!r} [{row.attachment}] edited {row.is_edited} deleted {row.is_deleted}"
            f" {row.delivery or '-'} after {row.response_seconds} quotes {row.quoted_id or '-'}"
        )
    lines += [f"pending {kept.provider_id} {kept.kind} {kept.value}" for kept in PendingChange.objects.all()]
    assert all(len(keys) == 1 for keys in chats.values()), f"one contact has two chats: {chats}"
    return sorted(lines)


def write_time(moment: datetime) -> str:
    return f"{(moment - NOON).total_seconds() / 60:g}"


def write_chats() -> list[str]:
    """One line a chat: its key, whose it is, and its conversations' texts."""
    lines = []
    for key in sorted(set(Conversation.objects.values_list("chat_key", flat=True))):
        conversations = list(Conversation.objects.filter(chat_key=key).order_by("started_at").select_related("contact"))
        talks = []
        for one in conversations:
            rows = Message.objects.filter(conversation=one).order_by("sent_at", "provider_id")
            talks.append(" / ".join(f"{row.author[0]}:{row.text}" for row in rows))
        assert len({one.contact_id for one in conversations}) == 1
        lines.append(f"{key} | {conversations[0].contact.name} | {' || '.join(talks)}")
    return lines


def write_identities() -> list[str]:
    """One line a contact that has identities: its name, and each identity with its chat."""
    lines = []
    for contact in Contact.objects.prefetch_related("identities"):
        known_as = sorted(f"{one.kind} {one.value}" for one in contact.identities.all())
        if known_as:
            lines.append(f"{contact.name}: {', '.join(known_as)}")
    return sorted(lines)


def empty() -> None:
    for model in (ContactMerge, PendingChange, Message, Conversation, ContactIdentity, Contact):
        model.objects.all().delete()
