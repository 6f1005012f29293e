"""Where what we know of a period has a hole: messages that the gateway has and we lack, channels that are or were cut off, and days that
nobody could check."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from core.access import check_allowed, get_tenant
from core.compute import Selection
from core.models import ChannelDay, ChannelOutage, GatewayConnection, User
from core.periods import Period, get_bounds, get_today

State = GatewayConnection.State
# From the moment on at which a channel got into one of these states, nothing of it reaches us.
CUT_OFF = (State.CLOSED, State.UNREACHABLE, State.REFUSED, State.UNLICENSED, State.SILENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """What is not there, or is not known to be: `missing` messages of a channel between two days (0: days that nobody could check), or a
    channel cut off since an instant, `until` another one where it is over."""

    channel: str
    missing: int = 0
    start: date | None = None
    end: date | None = None
    since: datetime | None = None
    until: datetime | None = None


def find_holes(viewer: User, selection: Selection) -> tuple[Hole, ...]:
    """The holes of a selection's period and channels, those with most missing messages first, then by channel what is not known.

    Takes a fixed number of queries, whatever the period. A channel without a gateway (exported chats) has no ledger, and so no holes.
    """
    check_allowed(viewer, action="ask")
    zone = get_tenant(viewer).zone
    named: dict[str, Sequence[str]] = {"channel__name__in": selection.channels} if selection.channels else {}
    holes = [
        *_find_missing(selection.period, named),
        *_find_unchecked(selection, named, zone=zone),
        *_find_outages(selection, named, zone=zone),
        *_find_cut_off(selection, named, zone=zone),
    ]
    return tuple(sorted(holes, key=lambda hole: (-hole.missing, hole.channel)))


def _find_missing(period: Period, named: Mapping[str, Sequence[str]]) -> list[Hole]:
    days = ChannelDay.objects.filter(on__range=(period.start, period.end), missing__gt=0, **named).order_by("on")
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for channel, on, missing in days.values_list("channel__name", "on", "missing"):
        found[channel].append((on, missing))
    return [
        Hole(channel=channel, missing=sum(missing for _, missing in rows), start=rows[0][0], end=rows[-1][0])
        for channel, rows in found.items()
    ]


def _find_unchecked(selection: Selection, named: Mapping[str, Sequence[str]], *, zone: ZoneInfo) -> list[Hole]:
    """Days that are over and that the gateway's store does not vouch for. What is missing of a day is told as missing."""
    period, today = selection.period, get_today(selection.clock, time_zone=str(zone))
    unread = Q(expected__isnull=True) | Q(expected__lt=F("received"))
    days = ChannelDay.objects.filter(unread, on__range=(period.start, period.end), on__lt=today, missing=0, **named)
    found: dict[str, list[date]] = defaultdict(list)
    for day in days.select_related("channel").order_by("on"):
        if day.is_unchecked(today=today):
            found[day.channel.name].append(day.on)
    return [Hole(channel=channel, start=rows[0], end=rows[-1]) for channel, rows in found.items()]


def _find_outages(selection: Selection, named: Mapping[str, Sequence[str]], *, zone: ZoneInfo) -> list[Hole]:
    """Times of the period in which a channel was cut off and that are over, where nothing shows that all came afterwards."""
    start, end = get_bounds(selection.period, time_zone=str(zone))
    outages = ChannelOutage.objects.filter(since_at__lt=min(end, selection.clock), until_at__gt=start, **named).select_related("channel")
    unproven = find_unproven(list(outages.order_by("since_at")), zone=zone)
    return [Hole(channel=one.channel.name, since=one.since_at, until=one.until_at) for one in unproven]


def find_unproven(outages: Sequence[ChannelOutage], *, zone: ZoneInfo) -> list[ChannelOutage]:
    """The outages of which not each day was read back from the gateway's store after them; always those in which the phone was not linked.

    Takes one query at most.
    """
    over = [one for one in outages if one.until_at is not None and not one.is_unlinked]
    days = {one.id: _list_days(one, zone=zone) for one in over}
    told = {on for dates in days.values() for on in (dates[0], dates[-1])}
    rows = ChannelDay.objects.filter(channel_id__in={one.channel_id for one in over}, checked_at__isnull=False)
    within = rows.filter(on__range=(min(told), max(told))) if told else rows.none()
    checked = {(channel_id, on): at for channel_id, on, at in within.values_list("channel_id", "on", "checked_at")}
    proven = {
        one.id
        for one in over
        if all(
            (at := checked.get((one.channel_id, on))) is not None and one.until_at is not None and at >= one.until_at for on in days[one.id]
        )
    }
    return [one for one in outages if one.id not in proven]


def _list_days(outage: ChannelOutage, *, zone: ZoneInfo) -> list[date]:
    assert outage.until_at is not None
    first, last = outage.since_at.astimezone(zone).date(), outage.until_at.astimezone(zone).date()
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


def _find_cut_off(selection: Selection, named: Mapping[str, Sequence[str]], *, zone: ZoneInfo) -> list[Hole]:
    holes = []
    cut = GatewayConnection.objects.filter(state__in=CUT_OFF, state_at__isnull=False, channel__is_active=True, **named)
    for channel, since in cut.order_by("state_at").values_list("channel__name", "state_at"):
        assert since is not None
        if since <= selection.clock and since.astimezone(zone).date() <= selection.period.end:
            holes.append(Hole(channel=channel, since=since))
    return holes
