"""Celery's doors into the bots: they take ids, and what they do may be done twice without harm."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bots.alerts import EVENTS, watch
from bots.briefing import send_briefings
from bots.hear import hear_waiting
from bots.models import Subscription
from bots.outbox import is_anything_due, send_due
from bots.queue import TASK_ASK, TASK_BRIEF, TASK_DELIVER, TASK_HEAR, TASK_SEND, TASK_WATCH, start_task
from bots.scheduled import ask_due, is_any_due
from bots.webhooks.deliver import deliver_due
from bots.webhooks.deliver import is_anything_due as is_anything_to_tell
from core.domain_events import find_listeners, purge_events
from core.models import SupervisorMessage, Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.queueing import LATE, begin, queue_once


@shared_task
def task_send(tenant_id: str) -> int:
    """Send what a tenant has due. Returns how many calls to a gateway were tried."""
    begin(TASK_SEND, tenant_id)
    return send_due(tenant_id)


@shared_task
def task_send_due() -> int:
    """Send and hear for each tenant where something is due: what waited for its time, what a dead worker left. Returns how many tasks."""
    started = 0
    for tenant_id in _find_tenant_ids("find tenants with something to send or to answer"):
        with scope(tenant_id):
            if is_anything_due(timezone.now()):
                start_task(TASK_SEND, tenant_id)
                started += 1
            if SupervisorMessage.objects.filter(state=SupervisorMessage.State.WAITING).exists():
                start_task(TASK_HEAR, tenant_id)
                started += 1
    return started


@shared_task
def task_hear(tenant_id: str, message_id: str = "") -> int:
    """Answer what a tenant's own people wrote, `message_id` and whatever else waits. Returns how many messages were answered."""
    begin(TASK_HEAR, tenant_id)
    return hear_waiting(tenant_id)


@shared_task
def task_brief(tenant_id: str) -> int:
    """Write the briefings that are due in a tenant. Returns how many."""
    begin(TASK_BRIEF, tenant_id)
    return send_briefings(tenant_id)


@shared_task
def task_briefings() -> int:
    """Start the briefings of each tenant in which somebody asked for one. Returns how many tenants."""
    return _start_where_subscribed(TASK_BRIEF, kinds=[Subscription.Kind.BRIEFING])


@shared_task
def task_watch(tenant_id: str) -> int:
    """Look for what is to be told in a tenant at once. Returns how many alerts were raised."""
    begin(TASK_WATCH, tenant_id)
    return watch(tenant_id)


@shared_task
def task_alerts() -> int:
    """Start the watch of each tenant in which somebody asked for alerts. Returns how many tenants."""
    return _start_where_subscribed(TASK_WATCH, kinds=[kind for kind in Subscription.Kind if kind != Subscription.Kind.BRIEFING])


@shared_task
def task_deliver(tenant_id: str) -> int:
    """Tell a tenant's webhooks what is due, for a while. Returns how many posts were tried."""
    begin(TASK_DELIVER, tenant_id)
    posted, has_more = deliver_due(tenant_id)
    if has_more:
        queue_once(TASK_DELIVER, tenant_id, priority=LATE)
    return posted


@shared_task
def task_ask_scheduled(tenant_id: str) -> int:
    """Ask the scheduled questions that are due in a tenant. Returns how many were answered."""
    begin(TASK_ASK, tenant_id)
    return ask_due(tenant_id)


@shared_task
def task_outward() -> int:
    """Start the webhooks and the scheduled questions of each tenant that has some due. Returns how many tasks."""
    started, now = 0, timezone.now()
    for tenant_id in _find_tenant_ids("find tenants with webhooks to tell or questions to ask"):
        with scope(tenant_id):
            due = [name for name, is_due in ((TASK_DELIVER, is_anything_to_tell), (TASK_ASK, is_any_due)) if is_due(now)]
            for name in due:
                start_task(name, tenant_id, priority=LATE)
            started += len(due)
    return started


@shared_task
def task_purge_told() -> int:
    """Delete what happened longer than RAW_EVENT_DAYS ago, with its deliveries, in all tenants. Returns how many events."""
    before, purged = timezone.now() - timedelta(days=settings.RAW_EVENT_DAYS), 0
    for tenant_id in _find_tenant_ids("purge what webhooks were told"):
        with scope(tenant_id):
            purged += purge_events(before)
    return purged


def _start_where_subscribed(name: str, *, kinds: list[Subscription.Kind]) -> int:
    started = 0
    for tenant_id in _find_tenant_ids("find tenants whose people want to be told something"):
        with scope(tenant_id):
            is_wanted = Subscription.objects.filter(kind__in=kinds, is_active=True).exists()
            if is_wanted or any(kind in EVENTS and find_listeners(EVENTS[kind]) for kind in kinds):
                start_task(name, tenant_id, priority=LATE)
                started += 1
    return started


def _find_tenant_ids(reason: str) -> list[str]:
    with unscoped_directory(reason=reason):
        return [str(tenant_id) for tenant_id in Tenant.objects.values_list("id", flat=True)]
