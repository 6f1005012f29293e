"""Alerts: what a leader wants to hear of at once. Each is raised once, told to those who asked for it, and ends when it is over.

In quiet hours an alert waits (`bots/holding.py`); one that is over by then is never sent.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from bots.alert_words import write_alert
from bots.holding import make_alert_key
from bots.models import Alert, Subscription
from bots.outbox import enqueue
from bots.recipients import find_recipients
from bots.swing import DAY, WEEK, Hour, Span, Verdict, find_unusual_silence, judge
from bots.talk import read_language
from core.domain_events import Happened, record
from core.holes import CUT_OFF
from core.models import (
    Channel,
    Conversation,
    ConversationAnalysis,
    EventKind,
    GatewayConnection,
    Message,
    MessageAnalysis,
    OutgoingMessage,
    Tenant,
)
from core.tenancy import get_current_tenant_id, scope

log = structlog.get_logger(__name__)

Kind = Subscription.Kind
# A customer who has waited longer than this was lost before we looked.
WAITED_AT_MOST = timedelta(hours=48)
MOST_AT_ONCE = 5
# A link that comes back within this time is no news.
CUT_FOR = timedelta(minutes=10)
SILENT_HOURS = 3
WEEKS_BEFORE = 4
# A channel that comes and goes is told of once in this time.
APART = timedelta(hours=6)
SENT_WITHIN: Mapping[str, timedelta] = {
    Kind.SATISFACTION: timedelta(hours=16), Kind.LOSING: timedelta(hours=12), Kind.SILENT: timedelta(hours=16),
}  # fmt: skip
# What a webhook is told of them.
EVENTS: Mapping[str, EventKind] = {Kind.SATISFACTION: EventKind.FELL, Kind.LOSING: EventKind.WAITED, Kind.SILENT: EventKind.SILENT}


def watch(tenant_id: str, *, now: Callable[[], datetime] = timezone.now) -> int:
    """Look for what is to be told in a tenant, and end what is over; returns how many alerts were raised. Opens scopes of its own."""
    at, raised = now(), 0
    for look in (watch_satisfaction, watch_losing, watch_silent):
        with scope(tenant_id):
            raised += look(at)
    return raised


def watch_satisfaction(now: datetime) -> int:
    """A fall of the last day, or, where that has none, of the last week. Inside the open scope."""
    hours = load_hours(now)
    verdicts: dict[str, Verdict | None] = {span.name: judge(hours, now=now, span=span) for span in (DAY, WEEK)}
    going_on = {alert.facts.get("span"): alert for alert in Alert.objects.filter(kind=Kind.SATISFACTION, ended_at__isnull=True)}
    for name, alert in going_on.items():
        verdict = verdicts.get(str(name))
        if verdict is None or verdict.is_over:
            end_alert(alert, now)
    for span in (DAY, WEEK):
        verdict = verdicts[span.name]
        # A week that has fallen while its last day's fall is being told is no news.
        if verdict is None or not verdict.has_fallen or any(not alert.ended_at for alert in going_on.values()):
            continue
        return raise_alert(Kind.SATISFACTION, f"{_name_day(now)}:{span.name}", describe_fall(span, verdict), now=now)
    return 0


def load_hours(now: datetime) -> list[Hour]:
    """The notes of the last nine weeks, hour by hour, inside the open scope."""
    notes = ConversationAnalysis.objects.filter(
        is_current=True,
        satisfaction__isnull=False,
        conversation__started_at__gt=now - timedelta(weeks=9),
        conversation__started_at__lte=now,
    )
    rows = notes.order_by().annotate(at=TruncHour("conversation__started_at")).values("at")
    summed = rows.annotate(count=Count("id"), total=Sum("satisfaction"), squares=Sum(F("satisfaction") * F("satisfaction")))
    return [Hour(at=row["at"], count=row["count"], total=float(row["total"]), squares=float(row["squares"])) for row in summed]


def describe_fall(span: Span, verdict: Verdict) -> dict[str, Any]:
    return {"span": span.name, "value": verdict.value, "usual": verdict.usual, "count": verdict.count}


def watch_losing(now: datetime) -> int:
    """Angry or very dissatisfied customers who wait beyond the reply limit. Inside the open scope."""
    for alert in Alert.objects.filter(kind=Kind.LOSING, ended_at__isnull=True):
        waiting = Conversation.objects.filter(id=alert.facts["conversation_id"]).values_list("waiting_since_at", flat=True).first()
        if waiting is None or waiting.isoformat() != alert.facts["since"]:
            end_alert(alert, now)
    limit = Tenant.objects.get(id=get_current_tenant_id()).reply_limit
    angry = MessageAnalysis.objects.filter(
        Q(emotion__in=("anger", "disgust")) | Q(tone="aggressive"),
        is_current=True, sentiment="negative", message__conversation_id=OuterRef("id"),
        message__sent_at__gte=OuterRef("waiting_since_at"), message__is_deleted=False,
    )  # fmt: skip
    dissatisfied = ConversationAnalysis.objects.filter(is_current=True, satisfaction__lte=2, conversation_id=OuterRef("id"))
    waiting_rows = (
        Conversation.objects.filter(
            Exists(angry) | Exists(dissatisfied), is_group=False,
            waiting_since_at__lte=now - limit, waiting_since_at__gt=now - WAITED_AT_MOST,
        )
        .select_related("contact", "channel", "agent")
        .order_by("waiting_since_at", "id")
    )  # fmt: skip
    raised = 0
    for conversation in waiting_rows[:100]:
        if raised == MOST_AT_ONCE:
            break
        since = conversation.waiting_since_at
        assert since is not None
        facts = {"conversation_id": str(conversation.id), "since": since.isoformat()}
        raised += raise_alert(Kind.LOSING, f"{conversation.id}:{int(since.timestamp())}", facts, now=now)
    return raised


def watch_silent(now: datetime) -> int:
    """Channels whose link is cut, and such as are quiet when they usually are not. Inside the open scope."""
    raised = 0
    for connection in GatewayConnection.objects.select_related("channel").filter(channel__is_active=True):
        told = Alert.objects.filter(kind=Kind.SILENT, facts__channel_id=str(connection.channel_id))
        going_on = told.filter(ended_at__isnull=True).first()
        facts = find_silence(connection, now)
        if facts is None and going_on is not None and _is_heard_again(connection, going_on):
            end_alert(going_on, now)
        elif facts is not None and going_on is None and not told.filter(raised_at__gt=now - APART).exists():
            raised += raise_alert(Kind.SILENT, f"{connection.channel_id}:{now:%Y-%m-%dT%H:%M}", facts, now=now)
    return raised


def find_silence(connection: GatewayConnection, now: datetime) -> dict[str, Any] | None:
    """What is wrong with a channel, as an alert's facts; None where nothing is."""
    facts: dict[str, Any] = {"channel_id": str(connection.channel_id)}
    if connection.state in CUT_OFF:
        if connection.state_at is None or connection.state_at > now - CUT_FOR:
            return None
        return facts | {"state": str(connection.state), "since": connection.state_at.isoformat()}
    counts = [_count_messages(connection.channel, now - timedelta(weeks=week)) for week in range(WEEKS_BEFORE + 1)]
    usual = find_unusual_silence(counts[0], counts[1:])
    return None if usual is None else facts | {"hours": SILENT_HOURS, "usual": usual}


def raise_alert(kind: str, what: str, facts: dict[str, Any], *, now: datetime) -> int:
    """Raise an alert once and tell those who asked for its kind, inside the open scope; 1 where it is new, else 0."""
    alert, is_new = Alert.objects.get_or_create(key=f"{kind}:{what}", defaults={"kind": kind, "facts": facts})
    if not is_new:
        return 0
    # `raised_at` is the clock that alerts are judged by.
    Alert.objects.filter(id=alert.id).update(raised_at=now)
    record(EVENTS[kind], [Happened(what, facts | {"alert_id": str(alert.id)})])
    recipients = find_recipients(kind)
    for recipient in recipients:
        shaped = write_alert(alert, recipient.user, language=read_language(recipient.user), now=now)
        enqueue(
            recipient.connection.channel,
            to=recipient.to,
            purpose=OutgoingMessage.Purpose.ALERT,
            key=make_alert_key(kind, alert.id, recipient.user.id),
            text=shaped.text,
            user=recipient.user,
            not_before_at=now,
            expires_at=now + SENT_WITHIN[kind],
            replies=shaped.choices,
        )
    log.info("alert.raised", alert_id=str(alert.id), kind=kind, recipients=len(recipients))
    return 1


def end_alert(alert: Alert, now: datetime) -> None:
    """Note that an alert is over: what of it was not sent yet will not be."""
    alert.ended_at = now
    Alert.objects.filter(id=alert.id).update(ended_at=now)


def _count_messages(channel: Channel, end: datetime) -> int:
    start = end - timedelta(hours=SILENT_HOURS)
    return Message.objects.filter(channel=channel, sent_at__gt=start, sent_at__lte=end).count()


def _is_heard_again(connection: GatewayConnection, alert: Alert) -> bool:
    """A link that is back is heard again; one that was quiet once something came after the alert."""
    if "state" in alert.facts:
        return True
    return Message.objects.filter(channel_id=connection.channel_id, sent_at__gt=alert.raised_at).exists()


def _name_day(now: datetime) -> str:
    zone = Tenant.objects.get(id=get_current_tenant_id()).zone
    return now.astimezone(zone).date().isoformat()
