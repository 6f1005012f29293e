"""Makes the demo tenant "Casa Aurora", and keeps it up to today: its messages come in through the same door as live ones.

Within a week a later start only adds what has been said since. With a new week, or a new version of the scripts, the told days no
longer fit: then the demo's own conversations are told again, ending today. What else was imported into the tenant stays.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from kombu.exceptions import OperationalError

from core.models import (
    Agent,
    Channel,
    Contact,
    ContactIdentity,
    Conversation,
    ConversationAnalysis,
    Message,
    MessageAnalysis,
    Tenant,
    Theme,
)
from core.project.celery import app
from core.project.database import DatabaseError
from core.project.demo import shop
from core.project.demo.accounts import ensure_tenant_accounts
from core.project.demo.people import Person
from core.project.demo.scripts import load_scripts
from core.project.demo.story import DAYS, PROVIDER_PREFIX, StoryConversation, gather_chats, tell_story
from core.tenancy import scope, unscoped_directory
from ingestion.record import record_messages


def create_demo(*, now: datetime | None = None, tell: Callable[[str], None] = print) -> Tenant:
    """Create the demo tenant where it is missing and bring its conversations up to `now` (aware; the clock's time by default).

    Running it again changes nothing that is there already. New messages are analysed in the background. Raises DatabaseError
    where a tenant of somebody's own has the demo's short name.
    """
    clock = now or timezone.now()
    tenant = _ensure_tenant()
    ensure_tenant_accounts(tenant)
    story = tell_story(load_scripts(), today=clock.astimezone(ZoneInfo(shop.TIME_ZONE)).date(), until=clock)
    with scope(tenant.id):
        channels = _ensure_shop()
        if _is_outdated(story, now=clock):
            tell(f"{shop.NAME} was told for other days: its conversations are told again, ending today")
            _remove_told()
        _ensure_contacts(story, channels)
        new = 0
        for name, messages in gather_chats(story).items():
            new += record_messages(channels[name], messages, as_of=clock).new
        conversations = Conversation.objects.count()
    if new:
        _queue_analysis(tenant, tell=tell)
    tell(f"{shop.NAME}: {conversations} conversations, {f'{new} new messages' if new else 'nothing new'}")
    return tenant


def _ensure_tenant() -> Tenant:
    with unscoped_directory(reason="the demo tenant"):
        tenant, _ = Tenant.objects.get_or_create(
            slug=shop.SLUG,
            defaults={"name": shop.NAME, "time_zone": shop.TIME_ZONE, "episode_gap_hours": shop.GAP_HOURS, "is_demo": True},
        )
    if not tenant.is_demo:
        raise DatabaseError(
            f"The short name {shop.SLUG!r} belongs to a tenant of your own ({tenant.name}). "
            "Give it another short name, or start with --no-data."
        )
    return tenant


def _queue_analysis(tenant: Tenant, *, tell: Callable[[str], None]) -> None:
    """Tell the worker. Where the queue is out of reach nothing is lost: what waits is looked for every minute."""
    try:
        app.send_task("ingestion.tasks.task_analyse", args=[str(tenant.id)], retry=False)
    except (OperationalError, OSError) as error:
        tell(f"The task queue is out of reach ({type(error).__name__}); the worker will find the new messages by itself")


def _ensure_shop() -> dict[str, Channel]:
    """Channels by name, agents and themes. What the tenant's people changed is theirs: only an empty shop gets themes."""
    channels = {
        name: Channel.objects.get_or_create(name=name, defaults={"phone": desk.phone, "self_names": [shop.NAME]})[0]
        for name, desk in shop.CHANNELS.items()
    }
    for name in shop.AGENTS:
        Agent.objects.get_or_create(name=name)
    if not Theme.objects.exists():
        Theme.objects.bulk_create(Theme(name=name, examples=list(examples)) for name, examples in shop.THEMES.items())
    return channels


def _is_outdated(story: list[StoryConversation], *, now: datetime) -> bool:
    """Whether messages of the demo are stored that today's story does not know, those of days that it has left behind aside."""
    told = {message.provider_id for conversation in story for message in conversation.messages}
    # A conversation of the day before the first may reach into the window.
    first = now - timedelta(days=DAYS - 10)
    stored = Message.objects.filter(provider_id__startswith=PROVIDER_PREFIX, sent_at__gte=first).values_list("provider_id", flat=True)
    return not told.issuperset(stored)


def _remove_told() -> None:
    """Delete the conversations that the demo told, and contacts who are left with none. Vectors stay: the same texts come again."""
    told = Conversation.objects.filter(id__in=Message.objects.filter(provider_id__startswith=PROVIDER_PREFIX).values("conversation"))
    ids = list(told.values_list("id", flat=True))
    MessageAnalysis.objects.filter(message__conversation__in=ids).delete()
    ConversationAnalysis.objects.filter(conversation__in=ids).delete()
    Message.objects.filter(conversation__in=ids).delete()
    Conversation.objects.filter(id__in=ids).delete()
    lonely = list(Contact.objects.filter(conversations__isnull=True).values_list("id", flat=True))
    ContactIdentity.objects.filter(contact__in=lonely).delete()
    Contact.objects.filter(id__in=lonely).delete()


def _ensure_contacts(story: list[StoryConversation], channels: dict[str, Channel]) -> None:
    """Make one contact of a person who writes to several channels; a gateway would know them by number in each."""
    people: dict[str, Person] = {conversation.person.phone: conversation.person for conversation in story}
    identities = ContactIdentity.objects.filter(kind=ContactIdentity.Kind.PHONE, value__in=people)
    known = {
        (channel_id, value): contact_id for channel_id, value, contact_id in identities.values_list("channel_id", "value", "contact_id")
    }
    contacts = {value: contact_id for (_, value), contact_id in known.items()}
    missing = {phone: Contact(name=person.name) for phone, person in people.items() if phone not in contacts}
    Contact.objects.bulk_create(missing.values())
    contacts |= {phone: contact.id for phone, contact in missing.items()}
    wanted = {(channels[conversation.channel].id, conversation.person.phone) for conversation in story}
    ContactIdentity.objects.bulk_create(
        ContactIdentity(contact_id=contacts[phone], channel_id=channel_id, kind=ContactIdentity.Kind.PHONE, value=phone)
        for channel_id, phone in sorted(wanted - known.keys())
    )
