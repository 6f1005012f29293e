"""What stands behind a figure or an alert, shown on a phone: a conversation's last messages, a channel's state."""

from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.compose.dates import format_day
from assistant.compose.numbers import Language
from assistant.compose.words import get_book
from bots.markup import cut, find_first_name, neutralise
from bots.shape import LONGEST, Shaped
from bots.words import say
from core.access import check_allowed, get_conversation, get_tenant, parse_id
from core.errors import VisibleError
from core.models import GatewayConnection, Message, User
from core.privacy import mask

SHOWN = 8


def show_conversation(viewer: User, conversation_id: str, *, language: Language, public_url: str) -> Shaped:
    """The last messages of a conversation, the oldest first, masked: they leave the house.

    Raises VisibleError("not_found") for any that the viewer may not read.
    """
    conversation = get_conversation(viewer, conversation_id)
    zone = get_tenant(viewer).zone
    texts = Message.objects.filter(conversation=conversation, is_deleted=False).exclude(text="").exclude(author=Message.Author.SYSTEM)
    latest = list(texts.select_related("agent").order_by("-sent_at", "-position")[:SHOWN])[::-1]
    name = find_first_name(conversation.contact.name, language)
    head = say("conversation", language, name=name, channel=neutralise(conversation.channel.name))
    link = f"\n\n{public_url}/c/{conversation.id}" if public_url else ""
    longest = max(50, min(180, (LONGEST - len(head) - len(link) - 40 * len(latest)) // max(1, len(latest))))
    lines = []
    for message in latest:
        if message.author == Message.Author.CUSTOMER:
            who = name
        else:
            who = find_first_name(message.agent.name, language) if message.agent else say("us", language)
        lines.append(f"> *{who}* {message.sent_at.astimezone(zone):%H:%M}: {cut(neutralise(mask(message.text).text), longest)}")
    return Shaped(head + "\n" + "\n".join(lines) + link)


def show_channel(viewer: User, channel_id: str, *, language: Language, now: datetime) -> Shaped:
    """How a channel's link is doing. Raises VisibleError("not_found") where there is none."""
    check_allowed(viewer, action="ask")
    connection = GatewayConnection.objects.select_related("channel").filter(channel_id=parse_id(channel_id)).first()
    if connection is None:
        raise VisibleError("not_found")
    last = say("never", language)
    if connection.last_event_at is not None:
        last = write_instant(connection.last_event_at, zone=get_tenant(viewer).zone, language=language, now=now)
    state = say(f"state.{connection.state}", language)
    return Shaped(say("channel", language, channel=neutralise(connection.channel.name), state=state, last=last))


def write_instant(at: datetime, *, zone: ZoneInfo, language: Language, now: datetime) -> str:
    """20/11 às 14:30, in the tenant's time zone."""
    book, local = get_book(language), at.astimezone(zone)
    day = format_day(local.date(), today=now.astimezone(zone).date(), book=book)
    return book.say("moment", day=day, time=f"{local:%H:%M}")
