"""Celery's doors into the bots: they take ids, and what they do may be done twice without harm."""

from celery import shared_task
from django.utils import timezone

from bots.outbox import is_anything_due, send_due
from bots.queue import TASK_SEND, start_task
from core.models import Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.queueing import SOON, begin


@shared_task(priority=SOON)
def task_send(tenant_id: str) -> int:
    """Send what a tenant has due. Returns how many calls to a gateway were tried."""
    begin(TASK_SEND, tenant_id)
    return send_due(tenant_id)


@shared_task(priority=SOON)
def task_send_due() -> int:
    """Start sending for each tenant that has something due: what waited for its time, and what a dead worker left. How many tenants."""
    started = 0
    for tenant_id in _find_tenant_ids("find tenants with messages to send"):
        with scope(tenant_id):
            if is_anything_due(timezone.now()):
                start_task(TASK_SEND, tenant_id)
                started += 1
    return started


def _find_tenant_ids(reason: str) -> list[str]:
    with unscoped_directory(reason=reason):
        return [str(tenant_id) for tenant_id in Tenant.objects.values_list("id", flat=True)]
