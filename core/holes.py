"""Where what we know of a period has a hole: messages that the gateway has and we lack, and channels that are cut off."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.access import check_allowed, get_tenant
from core.compute import Selection
from core.models import ChannelDay, GatewayConnection, User

State = GatewayConnection.State
# From the moment on at which a channel got into one of these states, nothing of it reaches us.
CUT_OFF = (State.CLOSED, State.UNREACHABLE, State.REFUSED, State.UNLICENSED, State.SILENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """What is not there. Either `missing` messages of a channel between two days, or a channel cut off since an instant."""

    channel: str
    missing: int = 0
    start: date | None = None
    end: date | None = None
    since: datetime | None = None


def find_holes(viewer: User, selection: Selection) -> tuple[Hole, ...]:
    """The holes of a selection's period and channels, those with most missing messages first, then channels that are cut off.

    Takes two queries, whatever the period. A channel without a gateway (exported chats) has no ledger, and so no holes.
    """
    check_allowed(viewer, action="ask")
    period = selection.period
    named: dict[str, Sequence[str]] = {"channel__name__in": selection.channels} if selection.channels else {}
    days = ChannelDay.objects.filter(on__range=(period.start, period.end), missing__gt=0, **named).order_by("on")
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for channel, on, missing in days.values_list("channel__name", "on", "missing"):
        found[channel].append((on, missing))
    holes = [
        Hole(channel=channel, missing=sum(missing for _, missing in rows), start=rows[0][0], end=rows[-1][0])
        for channel, rows in found.items()
    ]
    zone = get_tenant(viewer).zone
    cut = GatewayConnection.objects.filter(state__in=CUT_OFF, state_at__isnull=False, channel__is_active=True, **named)
    for channel, since in cut.order_by("state_at").values_list("channel__name", "state_at"):
        assert since is not None
        if since <= selection.clock and since.astimezone(zone).date() <= period.end:
            holes.append(Hole(channel=channel, since=since))
    return tuple(sorted(holes, key=lambda hole: (-hole.missing, hole.channel)))
