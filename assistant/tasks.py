"""Celery's doors into the assistant: they take ids, and what they do may be done twice without harm."""

from celery import current_app, shared_task

from assistant.models import VerifiedQuestion
from assistant.verified_check import check_tenant
from core.models import Tenant
from core.tenancy import scope, unscoped_directory

LATE = 9  # of Redis's priorities, the one that may wait
TASK_CHECK = "assistant.tasks.task_check_verified"


@shared_task(priority=LATE)
def task_check_verified(tenant_id: str) -> int:
    """Run a tenant's verified questions again. Returns how many have drifted."""
    return check_tenant(tenant_id)


@shared_task(priority=LATE)
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
