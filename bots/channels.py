"""Through which of a tenant's numbers its own people are spoken to."""

from bots.models import BotTalk
from core.models import GatewayConnection, User

State = GatewayConnection.State
# From the state in which a message surely goes out to those in which it may; in all others it would wait for nobody knows what.
_PREFERRED = (State.OPEN, State.SILENT, State.UNKNOWN, State.CONNECTING)


def find_channel(user: User | None = None) -> GatewayConnection | None:
    """The connection through which a person is written to, inside the open scope; None where no channel answers people.

    The one over which they wrote last, where it is as well connected as the best.
    """
    answering = GatewayConnection.objects.select_related("channel").filter(
        answers_people=True, channel__is_active=True, state__in=_PREFERRED
    )
    found = sorted(answering.order_by("channel__name"), key=lambda connection: _PREFERRED.index(State(connection.state)))
    best = [connection for connection in found if connection.state == found[0].state]
    if user is not None and len(best) > 1:
        talks = BotTalk.objects.filter(
            user=user, channel_id__in=[connection.channel_id for connection in best], last_heard_at__isnull=False
        )
        latest = talks.order_by("-last_heard_at").values_list("channel_id", flat=True).first()
        return next((connection for connection in best if connection.channel_id == latest), best[0])
    return best[0] if best else None
