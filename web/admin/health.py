"""How each number is doing, in figures: today, what waits, and how complete the last thirty days are."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.holes import find_unproven
from core.models import Channel, ChannelDay, ChannelOutage, GatewayConnection, OutgoingMessage, RawEvent, Tenant
from core.tenancy import get_current_tenant_id
from web.admin.access import TenantRowAdmin
from web.admin.gateway_words import STATES, Tone, say_ago, write_phone

DAYS = 30
_UNDER_WAY = (OutgoingMessage.State.WAITING, OutgoingMessage.State.SENDING, OutgoingMessage.State.UNCERTAIN)


@dataclass(slots=True)
class Figures:
    """One channel's counts: its messages of today, the events that wait or failed, and what is being sent."""

    today: ChannelDay | None = None
    waiting_events: int = 0
    failed_events: int = 0
    outgoing: int = 0
    outgoing_failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the completeness strip; `row` is None where nothing is known of it."""

    on: date
    tone: Tone
    row: ChannelDay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A connection as the list of numbers shows it."""

    connection: GatewayConnection
    phone: str
    tone: Tone
    icon: str
    advice: str
    last_event: str
    figures: Figures = field(default_factory=Figures)
    days: Sequence[Day] = ()


def get_tenant() -> Tenant:
    """The tenant whose scope is open."""
    return Tenant.objects.get(id=get_current_tenant_id())


def find_cards() -> list[Card]:
    """Every connection of the tenant, those that need somebody first. A fixed number of queries, however many there are."""
    connections = list(GatewayConnection.objects.select_related("channel").order_by("channel__name"))
    ids = [connection.channel_id for connection in connections]
    today = timezone.localdate(timezone=get_tenant().zone)
    figures, days = count_figures(ids, today=today), find_days(ids, today=today)
    cards = [make_card(connection, figures[connection.channel_id], days[connection.channel_id]) for connection in connections]
    order = {"bad": 0, "warn": 1, "busy": 2, "quiet": 3, "good": 4}
    return sorted(cards, key=lambda card: order[card.tone])


def make_card(connection: GatewayConnection, figures: Figures, days: Sequence[Day]) -> Card:
    words = STATES[connection.state]
    return Card(
        connection=connection,
        phone=write_phone(connection.channel.phone),
        tone=words.tone,
        icon=words.icon,
        advice=str(words.advice),
        last_event=say_ago(connection.last_event_at),
        figures=figures,
        days=days,
    )


def find_channels_without_gateway() -> list[Channel]:
    """Channels that were live once and whose connection was removed."""
    connected = GatewayConnection.objects.values("channel_id")
    return list(Channel.objects.filter(kind=Channel.Kind.EVOLUTION).exclude(id__in=connected))


def count_figures(channel_ids: Sequence[uuid.UUID], *, today: date) -> dict[uuid.UUID, Figures]:
    """The figures of each channel; `today` in the tenant's time zone. What failed to be sent counts for a week."""
    found: defaultdict[uuid.UUID, Figures] = defaultdict(Figures)
    for day in ChannelDay.objects.filter(channel_id__in=channel_ids, on=today):
        found[day.channel_id].today = day
    bad = RawEvent.objects.filter(channel_id__in=channel_ids, state__in=[RawEvent.State.WAITING, RawEvent.State.FAILED])
    for channel_id, state, count in bad.order_by().values_list("channel_id", "state").annotate(count=Count("id")):
        name = "waiting_events" if state == RawEvent.State.WAITING else "failed_events"
        setattr(found[channel_id], name, count)
    unsent = OutgoingMessage.objects.filter(channel_id__in=channel_ids, state__in=[*_UNDER_WAY, OutgoingMessage.State.FAILED])
    recent = unsent.filter(created_at__gte=timezone.now() - timedelta(days=7))
    for channel_id, state, count in recent.order_by().values_list("channel_id", "state").annotate(count=Count("id")):
        if state == OutgoingMessage.State.FAILED:
            found[channel_id].outgoing_failed = count
        else:
            found[channel_id].outgoing += count
    return found


def find_days(channel_ids: Sequence[uuid.UUID], *, today: date) -> dict[uuid.UUID, list[Day]]:
    """The last thirty days of each channel, the oldest first."""
    rows: defaultdict[uuid.UUID, dict[date, ChannelDay]] = defaultdict(dict)
    for row in ChannelDay.objects.filter(channel_id__in=channel_ids, on__gt=today - timedelta(days=DAYS), on__lte=today):
        rows[row.channel_id][row.on] = row
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    cut_off = find_cut_off_days(channel_ids, first=dates[0], today=today)
    return {
        channel_id: [
            Day(on=on, tone=judge_day(known.get(on), today=today, is_cut_off=on in cut_off[channel_id]), row=known.get(on)) for on in dates
        ]
        for channel_id in channel_ids
        for known in [rows[channel_id]]
    }


def find_cut_off_days(channel_ids: Sequence[uuid.UUID], *, first: date, today: date) -> dict[uuid.UUID, set[date]]:
    """The days on which each channel was cut off and after which nothing shows that all came."""
    zone, found = get_tenant().zone, defaultdict[uuid.UUID, set[date]](set)
    recent = Q(until_at__isnull=True) | Q(until_at__date__gte=first - timedelta(days=1))
    for outage in find_unproven(list(ChannelOutage.objects.filter(recent, channel_id__in=channel_ids)), zone=zone):
        start = max(first, outage.since_at.astimezone(zone).date())
        end = outage.until_at.astimezone(zone).date() if outage.until_at else today
        found[outage.channel_id] |= {start + timedelta(days=day) for day in range((end - start).days + 1)}
    return found


def judge_day(row: ChannelDay | None, *, today: date, is_cut_off: bool = False) -> Tone:
    """A day's colour: something missing, something not understood, complete, not known to be complete, or nothing written."""
    if is_cut_off and not (row and (row.missing or row.failed)):
        return "busy"
    if row is None or not (row.expected or row.received or row.recovered or row.missing or row.failed):
        return "quiet"
    if row.missing:
        return "bad"
    if row.failed:
        return "warn"
    return "good" if row.checked_at and not row.is_unchecked(today=today) else "busy"


class ChannelFilter(admin.RelatedFieldListFilter):
    """The rows of one channel."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = gettext("channel")


class LocalTimeAdmin(TenantRowAdmin):
    """Pages that show times in the time zone of the tenant, and whose links have names in its language."""

    @admin.display(description=_("channel"), ordering="channel__name")
    def shown_channel(self, row: Any) -> str:
        return str(row.channel)

    @admin.display(description=_("user"), ordering="user__name")
    def shown_user(self, row: Any) -> str:
        return str(row.user or "–")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return render_in_local_time(super().changelist_view(request, extra_context))

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return render_in_local_time(super().changeform_view(request, *args, **options))


class ReadOnlyAdmin(LocalTimeAdmin):
    """Rows that the system writes: people look at them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def render_in_local_time(response: HttpResponse) -> HttpResponse:
    """Render a page now, its times in the tenant's time zone."""
    if isinstance(response, TemplateResponse) and not response.is_rendered:
        with timezone.override(get_tenant().zone):
            response.render()
    return response
