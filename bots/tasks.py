"""Celery's doors into the bots: they take ids, and what they do may be done twice without harm."""

from celery import shared_task
from django.utils import timezone

from bots.hear import hear_waiting
from bots.outbox import is_anything_due, send_due
from bots.queue import TASK_HEAR, TASK_SEND, start_task
from core.models import SupervisorMessage, Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.queueing import SOON, begin


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


def _find_tenant_ids(reason: str) -> list[str]:
    with unscoped_directory(reason=reason):
        return [str(tenant_id) for tenant_id in Tenant.objects.values_list("id", flat=True)]
