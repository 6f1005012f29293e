"""Celery's doors into the search for themes: once a day for each tenant, and whenever an administrator asks."""

import uuid
from datetime import datetime, timedelta

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from core.ai.analysers import get_analyser
from core.models import Tenant, ThemeSearch
from core.tenancy import scope, unscoped_directory
from ingestion.promotion import choose_analyser
from ingestion.queueing import LATE, SOON, begin, queue_once
from ingestion.themes.again import read_again
from ingestion.themes.search import discover, get_search

TASK_FIND, TASK_AGAIN = "ingestion.themes.tasks.task_find_themes", "ingestion.themes.tasks.task_choose_again"
# A worker that died holds a tenant's lock for this long at most, in seconds.
LOCK_SECONDS = 600
# Looked for once a day; the machine may sleep at any hour, so whoever is due is found by looking.
EVERY = timedelta(hours=23)


def ask_for_search() -> None:
    """Somebody of the open scope's tenant wants it now. Whoever calls queues the task, after the commit."""
    search = get_search()
    search.asked_at = timezone.now()
    search.save(update_fields=["asked_at"])


def queue_search(tenant_id: uuid.UUID | str) -> None:
    """Have a tenant's conversations looked through soon; never raises."""
    queue_once(TASK_FIND, str(tenant_id), priority=SOON)


def queue_reading(tenant_id: uuid.UUID | str) -> None:
    """Have a tenant's conversations without a theme compared with its list again, behind what waits already; never raises."""
    queue_once(TASK_AGAIN, str(tenant_id), priority=LATE)


@shared_task
def task_find_themes(tenant_id: str) -> int:
    """Look for subjects that a tenant's list of themes lacks. Returns how many proposals are open; 0 also where another worker looks."""
    begin(TASK_FIND, tenant_id)
    key = f"finding-themes:{tenant_id}"
    if not cache.add(key, 1, timeout=LOCK_SECONDS):
        return 0
    try:
        return discover(tenant_id)
    finally:
        cache.delete(key)


@shared_task
def task_choose_again(tenant_id: str) -> bool:
    """Compare a tenant's conversations without a theme with its list, for a while; queue the next turn. Returns whether more is left."""
    begin(TASK_AGAIN, tenant_id)
    key = f"choosing-again:{tenant_id}"
    if not cache.add(key, 1, timeout=LOCK_SECONDS):
        return False
    try:
        with scope(tenant_id):
            if not ThemeSearch.objects.filter(is_reading=True).exists():
                return False
            analyser = choose_analyser(get_analyser())
        has_more = read_again(tenant_id, analyser)
    finally:
        cache.delete(key)
    if has_more:
        queue_reading(tenant_id)
    return has_more


@shared_task
def task_find_themes_all() -> int:
    """Start the search of each tenant whose last one is a day old; go on with what a dead worker left. Returns how many were started."""
    with unscoped_directory(reason="find tenants whose themes are to be looked for"):
        tenant_ids = list(Tenant.objects.values_list("id", flat=True))
    started, now = 0, timezone.now()
    for tenant_id in tenant_ids:
        with scope(tenant_id):
            search = ThemeSearch.objects.first()
        if search is not None and search.is_reading:
            queue_reading(tenant_id)
        if is_due(search, now=now):
            queue_once(TASK_FIND, str(tenant_id), priority=LATE)
            started += 1
    return started


def is_due(search: ThemeSearch | None, *, now: datetime) -> bool:
    """Whether a tenant is to be looked through: it never was, or not for a day, or somebody asked and nothing came of it."""
    return search is None or search.finished_at is None or search.asked_at is not None or search.finished_at < now - EVERY
