"""How much one person, and one company, may do in a while: counted in the cache, a stretch of time at a time."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from core.errors import VisibleError
from core.models import Tenant, User
from core.tenancy import scope

MINUTE_SECONDS, DAY_SECONDS, HOUR_SECONDS = 60, 86_400, 3600


def check_question_rate(viewer: User) -> None:
    """Count a question of the viewer, for them and for their company, in this minute and on this day of the company's.

    Raises VisibleError, with the seconds to wait, beyond a limit: "too_many", "tenant_too_many", "too_many_today" or
    "tenant_too_many_today".
    """
    if viewer.tenant_id is None:
        raise VisibleError("no_tenant")
    with scope(viewer.tenant_id):
        tenant = Tenant.objects.get(id=viewer.tenant_id)
    person, everybody = f"questions:{viewer.id}", f"questions:{tenant.id}"
    check_rate(person, most=min(settings.QUESTIONS_PER_MINUTE, tenant.person_minute_limit), seconds=MINUTE_SECONDS)
    check_rate(everybody, most=tenant.tenant_minute_limit, seconds=MINUTE_SECONDS, code="tenant_too_many")
    # Days last: what a minute refuses takes nothing of them.
    now = timezone.now().astimezone(tenant.zone)
    _check_day(person, most=tenant.person_day_limit, now=now, code="too_many_today")
    _check_day(everybody, most=tenant.tenant_day_limit, now=now, code="tenant_too_many_today")


def check_rate(name: str, *, most: int, seconds: int, code: str = "too_many") -> None:
    """Count one more of `name`. Raises VisibleError(`code`) beyond `most` in a stretch of so many seconds."""
    now = time.time()
    if _count(f"{name}:{int(now // seconds)}", seconds=2 * seconds) > most:
        raise VisibleError(code, seconds=seconds - int(now % seconds))


def _check_day(name: str, *, most: int, now: datetime, code: str) -> None:
    """Count one more of `name` on the day of `now`, which is local. Raises VisibleError(`code`) beyond `most`."""
    if _count(f"{name}:{now:%Y%m%d}", seconds=2 * DAY_SECONDS) <= most:
        return
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = max(1, int((midnight - now).total_seconds()))
    raise VisibleError(code, seconds=seconds, most=most, hours=-(-seconds // HOUR_SECONDS))


def _count(key: str, *, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds)
    return int(cache.incr(key))
