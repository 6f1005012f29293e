"""Celery's doors into the bots: they take ids, and what they do may be done twice without harm."""

from celery import shared_task
from django.utils import timezone

from bots.alerts import watch
from bots.briefing import send_briefings
from bots.hear import hear_waiting
from bots.models import Subscription
from bots.outbox import is_anything_due, send_due
from bots.queue import TASK_BRIEF, TASK_HEAR, TASK_SEND, TASK_WATCH, start_task
from core.models import SupervisorMessage, Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.queueing import LATE, SOON, begin


@shared_task(priority=SOON)
def task_send(tenant_id: str) -> int:
    """Send what a tenant has due. Returns how many calls to a gateway were tried."""
    begin(TASK_SEND, tenant_id)
    return send_due(tenant_id)


@shared_task(priority=SOON)
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


@shared_task(priority=SOON)
def task_hear(tenant_id: str, message_id: str = "") -> int:
    """Answer what a tenant's own people wrote, `message_id` and whatever else waits. Returns how many messages were answered."""
    begin(TASK_HEAR, tenant_id)
    return hear_waiting(tenant_id)


@shared_task(priority=LATE)
def task_brief(tenant_id: str) -> int:
    """Write the briefings that are due in a tenant. Returns how many."""
    begin(TASK_BRIEF, tenant_id)
    return send_briefings(tenant_id)


@shared_task(priority=LATE)
def task_briefings() -> int:
    """Start the briefings of each tenant in which somebody asked for one. Returns how many tenants."""
    return _start_where_subscribed(TASK_BRIEF, kinds=[Subscription.Kind.BRIEFING])


@shared_task(priority=LATE)
def task_watch(tenant_id: str) -> int:
    """Look for what is to be told in a tenant at once. Returns how many alerts were raised."""
    begin(TASK_WATCH, tenant_id)
    return watch(tenant_id)


@shared_task(priority=LATE)
def task_alerts() -> int:
    """Start the watch of each tenant in which somebody asked for alerts. Returns how many tenants."""
    return _start_where_subscribed(TASK_WATCH, kinds=[kind for kind in Subscription.Kind if kind != Subscription.Kind.BRIEFING])


def _start_where_subscribed(name: str, *, kinds: list[Subscription.Kind]) -> int:
    started = 0
    for tenant_id in _find_tenant_ids("find tenants whose people want to be told something"):
        with scope(tenant_id):
            if Subscription.objects.filter(kind__in=kinds, is_active=True).exists():
                start_task(name, tenant_id, priority=LATE)
                started += 1
    return started


def _find_tenant_ids(reason: str) -> list[str]:
    with unscoped_directory(reason=reason):
        return [str(tenant_id) for tenant_id in Tenant.objects.values_list("id", flat=True)]
