"""Celery's doors into ingestion: they take ids, and what they do may be done twice without harm."""

from collections.abc import Iterable

from celery import shared_task
from django.core.cache import cache

from core.ai.analysers import get_analyser
from core.models import Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.analyse import analyse_batch
from ingestion.completeness import count_waiting

# A worker that died holds a tenant's lock for this long at most, in seconds.
LOCK_SECONDS = 300


def name_lock(tenant_id: object) -> str:
    """The key of the lock that a worker holds while it analyses a tenant."""
    return f"analysing:{tenant_id}"


def release_locks(tenant_ids: Iterable[object]) -> None:
    """Take the locks from workers that were killed; only where it is certain that no worker runs."""
    cache.delete_many([name_lock(tenant_id) for tenant_id in tenant_ids])


@shared_task
def task_analyse(tenant_id: str) -> int:
    """Analyse what waits in a tenant, unless another worker is at it. Returns how many conversations were analysed.

    A lock keeps two workers from computing the same; without it the rows would be the same, at twice the cost.
    """
    key = name_lock(tenant_id)
    if not cache.add(key, 1, timeout=LOCK_SECONDS):
        return 0
    done = 0
    try:
        while (count := analyse_batch(tenant_id, get_analyser())) > 0:
            done += count
            cache.touch(key, timeout=LOCK_SECONDS)
    finally:
        cache.delete(key)
    return done


@shared_task
def task_analyse_waiting() -> int:
    """Start the analysis of each tenant in which something waits: what a lost task left behind. Returns how many tenants."""
    with unscoped_directory(reason="find tenants whose conversations wait for analysis"):
        tenant_ids = list(Tenant.objects.values_list("id", flat=True))
    started = 0
    for tenant_id in tenant_ids:
        with scope(tenant_id):
            waits = count_waiting() > 0
        if waits:
            task_analyse.delay(str(tenant_id))
            started += 1
    return started
