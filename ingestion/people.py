"""Who the people of a batch are, and in which chat each message stands: contacts by their identities, agents by name."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.models import Agent, Channel
from ingestion.identities import Book, Telling
from ingestion.keys import LID, PHONE, Identity, identify_chat, identify_sender, read_key
from ingestion.names import fold_name
from ingestion.rows import Row
from ingestion.types import IncomingMessage


@dataclass(frozen=True, slots=True)
class Told:
    """A message with its people. Its `chat_key` is that of the chat in which it is stored.

    A group is one contact, the chat's: who wrote in it is `sender_id`, None for the company. `agent_id` is None where it is unknown
    who of the company wrote. `told_key` is as `Message` has it.
    """

    message: IncomingMessage
    chat_contact_id: uuid.UUID
    sender_id: uuid.UUID | None
    agent_id: uuid.UUID | None
    told_key: str


@dataclass(frozen=True, slots=True)
class People:
    """The messages of a batch with their people. `changed_ids` are conversations that a merge of two contacts changed."""

    told: list[Told]
    has_merged: bool
    changed_ids: set[uuid.UUID]


def find_people(
    channel: Channel, *, messages: Sequence[IncomingMessage], stored: Mapping[str, Row], gap: timedelta, as_of: datetime
) -> People:
    """The people of these messages; those who are not known yet are made. The channel must be locked.

    `stored` are the rows of those messages that are known already, by provider id.
    """
    book = Book(channel, gap=gap, as_of=as_of)
    book.read(_read_tellings(messages, stored))
    agents = _find_agents(messages)
    told = []
    for message in messages:
        chat, sender = identify_chat(message)[0], identify_sender(message)[0]
        chat_key = book.get_chat_key(chat)
        told_as = chat.key if not message.is_group else (sender.key if message.author == "customer" else "")
        told.append(
            Told(
                message=message if message.chat_key == chat_key else replace(message, chat_key=chat_key),
                chat_contact_id=book.get_contact_id(chat),
                sender_id=book.get_contact_id(sender) if message.author == "customer" else None,
                agent_id=agents.get(fold_name(message.agent_name)) if message.author == "agent" and message.agent_name else None,
                told_key="" if told_as == chat_key else told_as,
            )
        )
    return People(told=told, has_merged=book.has_merged, changed_ids=book.changed_ids)


def _read_tellings(messages: Iterable[IncomingMessage], stored: Mapping[str, Row]) -> Iterable[Telling]:
    """What the messages say of contacts.

    A message has one id, one chat and one author. So where it is told under a phone once and under a `@lid` another time, as some
    versions of the gateway do live and when they are read back, both are one customer's.
    """
    told_under: dict[str, Identity] = {}
    for message in messages:
        if message.is_group:
            yield Telling(identify_chat(message), names=(message.chat_name,), has_chat=True)
            if message.author != "customer":
                continue
        identities, row = identify_sender(message) if message.is_group else identify_chat(message), stored.get(message.provider_id)
        before = told_under.setdefault(message.provider_id, read_key(row.told_key or row.chat_key) if row else identities[0])
        if before not in identities and {before.kind, identities[0].kind} == {PHONE, LID}:
            identities = (*identities, before)
        sender_name = message.sender_name if message.author == "customer" else ""
        yield Telling(identities, names=("" if message.is_group else message.chat_name, sender_name), has_chat=not message.is_group)


def _find_agents(messages: Iterable[IncomingMessage]) -> dict[str, uuid.UUID]:
    """Agents by folded name. They belong to the tenant, so another channel may be making the same one right now."""
    names: dict[str, str] = {}
    for message in messages:
        if message.author == "agent" and message.agent_name:
            names.setdefault(fold_name(message.agent_name), " ".join(message.agent_name.split())[:120])
    if not names:
        return {}
    found = _load_agents()
    missing = [Agent(name=name) for folded, name in names.items() if folded not in found]
    if missing:
        Agent.objects.bulk_create(missing, ignore_conflicts=True)
        found = _load_agents()
    return found


def _load_agents() -> dict[str, uuid.UUID]:
    agents: dict[str, uuid.UUID] = {}
    for agent_id, name in Agent.objects.order_by("created_at", "id").values_list("id", "name"):
        agents.setdefault(fold_name(name), agent_id)
    return agents
