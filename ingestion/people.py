"""Who the people of a batch are: contacts by phone or name, agents by name, found or made in a few queries."""

import uuid
from collections.abc import Iterable
from typing import NamedTuple

from core.models import Agent, Channel, Contact, ContactIdentity
from ingestion.names import find_phone, fold_name
from ingestion.types import IncomingMessage


class Identity(NamedTuple):
    """How a channel names a contact."""

    kind: str
    value: str


class People:
    """Ids of contacts and agents for the messages of a batch."""

    def __init__(self, contacts: dict[Identity, uuid.UUID], agents: dict[str, uuid.UUID]) -> None:
        self._contacts = contacts
        self._agents = agents

    def get_chat_contact_id(self, message: IncomingMessage) -> uuid.UUID:
        """The contact whose chat this is. A group is one contact: who wrote in it stands on its messages."""
        return self._contacts[identify_chat(message)]

    def get_sender_id(self, message: IncomingMessage) -> uuid.UUID | None:
        """The contact who wrote, None for the company."""
        return self._contacts[identify_sender(message)] if message.author == "customer" else None

    def get_agent_id(self, message: IncomingMessage) -> uuid.UUID | None:
        """Who of the company wrote, None where that is unknown."""
        if message.author != "agent" or not message.agent_name:
            return None
        return self._agents[fold_name(message.agent_name)]


def find_people(channel: Channel, *, messages: Iterable[IncomingMessage]) -> People:
    """The people of these messages; those who are not known yet are made. The channel must be locked."""
    names: dict[Identity, str] = {}
    agents: dict[str, str] = {}
    for message in messages:
        chat = identify_chat(message)
        # A better name than the bare number may come with a later message.
        if names.get(chat, chat.value) == chat.value:
            names[chat] = message.chat_name or chat.value
        if message.is_group and message.author == "customer":
            names.setdefault(identify_sender(message), message.sender_name)
        if message.author == "agent" and message.agent_name:
            agents.setdefault(fold_name(message.agent_name), " ".join(message.agent_name.split())[:120])
    return People(_find_contacts(channel, names), _find_agents(agents))


def identify_chat(message: IncomingMessage) -> Identity:
    """The identity of the contact, or group, whose chat a message belongs to."""
    if not message.is_group and message.chat_key.isdigit():
        return Identity(ContactIdentity.Kind.PHONE, message.chat_key)
    return Identity(ContactIdentity.Kind.NAME, message.chat_key)


def identify_sender(message: IncomingMessage) -> Identity:
    """The identity of the customer who wrote a message. In a chat of two that is the chat's contact, whatever the name."""
    if not message.is_group:
        return identify_chat(message)
    if message.sender_phone:
        return Identity(ContactIdentity.Kind.PHONE, message.sender_phone)
    return Identity(ContactIdentity.Kind.NAME, fold_name(message.sender_name)[:200])


def _find_contacts(channel: Channel, names: dict[Identity, str]) -> dict[Identity, uuid.UUID]:
    known = ContactIdentity.objects.filter(channel=channel, value__in=[identity.value for identity in names])
    found: dict[Identity, uuid.UUID] = {}
    unnamed: dict[uuid.UUID, str] = {}
    for kind, value, contact_id, name in known.values_list("kind", "value", "contact_id", "contact__name"):
        identity = Identity(kind, value)
        if identity not in names:
            continue
        found[identity] = contact_id
        if find_phone(name) is not None and find_phone(names[identity]) is None:
            unnamed[contact_id] = names[identity]
    if unnamed:
        # A contact known by its number alone gets the name under which it was saved since.
        contacts = list(Contact.objects.filter(id__in=unnamed))
        for contact in contacts:
            contact.name = unnamed[contact.id][:200]
        Contact.objects.bulk_update(contacts, ["name"])
    missing = {identity: Contact(name=(name or identity.value)[:200]) for identity, name in names.items() if identity not in found}
    if missing:
        Contact.objects.bulk_create(missing.values())
        ContactIdentity.objects.bulk_create(
            ContactIdentity(contact=contact, channel=channel, kind=identity.kind, value=identity.value)
            for identity, contact in missing.items()
        )
    return found | {identity: contact.id for identity, contact in missing.items()}


def _find_agents(names: dict[str, str]) -> dict[str, uuid.UUID]:
    """Agents by folded name. They belong to the tenant, so another channel may be making the same one right now."""
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
