"""Who is told something unasked: those who asked for it, may know it, have a proven phone and did not say "parar"."""

from dataclasses import dataclass

from bots.channels import find_channel
from bots.models import BotTalk, Subscription
from core.access import ASK
from core.models import GatewayConnection, SupervisorMessage, User, UserPhone


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A person with the subscription that they are told by, and how they are reached."""

    user: User
    subscription: Subscription
    to: str
    connection: GatewayConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a person is reached on WhatsApp."""

    to: str
    connection: GatewayConnection


def find_way(user: User) -> Way | None:
    """How a person is reached now, inside the open scope; None without a proven phone or a channel, or where they said "parar"."""
    phone = UserPhone.objects.filter(user=user, verified_at__isnull=False).order_by("-verified_at").first()
    connection = find_channel(user)
    if phone is None or connection is None or BotTalk.objects.filter(user=user, is_stopped=True).exists():
        return None
    return Way(to=_find_chat(user, phone, connection), connection=connection)


def find_recipients(kind: str) -> list[Recipient]:
    """Those who are told of this kind, inside the open scope. Who can't be reached by any channel now is left out."""
    found = []
    wanted = Subscription.objects.filter(kind=kind, is_active=True, user__is_active=True, user__role__in=[role.value for role in ASK])
    for subscription in wanted.select_related("user").order_by("created_at", "id"):
        way = find_way(subscription.user)
        if way is not None:
            found.append(Recipient(user=subscription.user, subscription=subscription, to=way.to, connection=way.connection))
    return found


def _find_chat(user: User, phone: UserPhone, connection: GatewayConnection) -> str:
    """The chat in which they wrote last, while that is still the proven phone's; else the phone."""
    chats = SupervisorMessage.objects.filter(user=user, channel_id=connection.channel_id).order_by("-sent_at")
    latest = chats.values_list("chat", flat=True).first()
    return latest if latest and phone.lid and latest == f"lid:{phone.lid}" else phone.phone
