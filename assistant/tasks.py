"""Celery's doors into the assistant: they take ids, and what they do may be done twice without harm."""

from datetime import datetime

from celery import current_app, shared_task
from django.utils import timezone

from assistant.models import VerifiedQuestion
from assistant.verified_check import check_tenant
from core.models import Tenant
from core.tenancy import scope, unscoped_directory

LATE = 9  # of Redis's priorities, the one that may wait
CHECK_SECONDS = 10  # that one task works: messages that come must not wait behind it
TASK_CHECK = "assistant.tasks.task_check_verified"


@shared_task
def task_check_verified(tenant_id: str, begun_at: str = "") -> bool:
    """Run a tenant's verified questions again, and go on in another task where that takes long. Returns whether all are done.

    `begun_at` is the ISO instant of the first of these tasks.
    """
    begun = datetime.fromisoformat(begun_at) if begun_at else timezone.now()
    is_done = check_tenant(tenant_id, begun_at=begun, seconds=CHECK_SECONDS)
    if not is_done:
        current_app.send_task(TASK_CHECK, args=(tenant_id, begun.isoformat()), priority=LATE)
    return is_done


@shared_task
def task_check_verified_all() -> int:
    """Start the check of each tenant that has verified questions. Returns how many tenants."""
    with unscoped_directory(reason="find tenants with verified questions"):
        tenant_ids = [str(tenant_id) for tenant_id in Tenant.objects.values_list("id", flat=True)]
    started = 0
    for tenant_id in tenant_ids:
        with scope(tenant_id):
            has_any = VerifiedQuestion.objects.exists()
        if has_any:
            current_app.send_task(TASK_CHECK, args=(tenant_id,), priority=LATE)
            started += 1
    return started
