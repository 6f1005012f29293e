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


def find_recipients(kind: str) -> list[Recipient]:
    """Those who are told of this kind, inside the open scope. Who can't be reached by any channel now is left out."""
    found = []
    wanted = Subscription.objects.filter(kind=kind, is_active=True, user__is_active=True, user__role__in=[role.value for role in ASK])
    stopped = set(BotTalk.objects.filter(is_stopped=True).values_list("user_id", flat=True))
    for subscription in wanted.select_related("user").order_by("created_at", "id"):
        user = subscription.user
        phone = UserPhone.objects.filter(user=user, verified_at__isnull=False).order_by("-verified_at").first()
        connection = find_channel(user)
        if phone is not None and connection is not None and user.id not in stopped:
            to = _find_chat(user, phone, connection)
            found.append(Recipient(user=user, subscription=subscription, to=to, connection=connection))
    return found


def _find_chat(user: User, phone: UserPhone, connection: GatewayConnection) -> str:
    """The chat in which they wrote last, while that is still the proven phone's; else the phone."""
    chats = SupervisorMessage.objects.filter(user=user, channel_id=connection.channel_id).order_by("-sent_at")
    latest = chats.values_list("chat", flat=True).first()
    return latest if latest and phone.lid and latest == f"lid:{phone.lid}" else phone.phone
