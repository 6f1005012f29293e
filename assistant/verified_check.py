"""The nightly look at verified questions: does each one's plan still hold, does it still find something, is it still read
the same, are its figures of days that are over still those that were vouched for."""

import math
import time
import uuid
from datetime import datetime
from typing import Any

import structlog
from django.db.models import Q
from django.utils import timezone

from assistant.catalog import get_catalog
from assistant.compose.composed import compose
from assistant.execute import execute
from assistant.models import VerifiedQuestion
from assistant.plan import find_contradictions
from assistant.selection import Moment
from assistant.timing import get_shape
from assistant.verified import find_gone_names, resolve
from assistant.verified_figures import find_drift, is_of_same_days
from core.access import ACTIONS, get_tenant
from core.models import User
from core.periods import get_today
from core.tenancy import scope

log = structlog.get_logger(__name__)

State = VerifiedQuestion.State
STATES: dict[str, State] = {
    "gone": State.BROKEN, "no_period": State.BROKEN, "contradiction": State.BROKEN, "failed": State.UNCHECKED, "reread": State.REREAD,
    "drifted": State.DRIFTED,
    "empty": State.EMPTY,
}  # fmt: skip


def check_tenant(tenant_id: uuid.UUID | str, *, begun_at: datetime, clock: datetime | None = None, seconds: float = math.inf) -> bool:
    """Run again what of a tenant's verified questions was not since `begun_at`, each in a scope of its own, for so many seconds at most.

    Returns whether all of them are done.
    """
    until = time.monotonic() + seconds
    with scope(tenant_id):
        viewer = find_checker()
        rows = VerifiedQuestion.objects.filter(Q(checked_at=None) | Q(checked_at__lt=begun_at)).order_by("made_at")
        ids = list(rows.values_list("id", flat=True)) if viewer is not None else []
    for row_id in ids:
        if time.monotonic() > until:
            return False
        problems = _check(tenant_id, row_id, viewer=viewer, clock=clock or timezone.now())
        state = STATES[problems[0]["code"]] if problems else State.SOUND
        with scope(tenant_id):
            VerifiedQuestion.objects.filter(id=row_id).update(state=state, problems=problems, checked_at=timezone.now())
    return True


def find_checker() -> User | None:
    """In whose name the open scope's questions are run again: somebody who may ask, those who may do most first."""
    people = User.objects.filter(is_active=True, role__in=ACTIONS["ask"], tenant_id__isnull=False).order_by("created_at")
    order = list(ACTIONS["verify"])
    return min(people, key=lambda user: user.role not in order, default=None)


def find_problems(viewer: User, row: VerifiedQuestion, *, clock: datetime) -> list[dict[str, Any]]:
    """What is wrong with a verified question as of `clock`, the worst first; nothing where it is sound."""
    tenant = get_tenant(viewer)
    catalog = get_catalog(viewer, question=row.question)
    plan, planned = resolve(row, catalog=catalog, clock=clock)
    if gone := find_gone_names(plan, catalog):
        return [{"code": "gone", "what": ", ".join(gone)}]
    if planned is not None and planned.plan.period is None:
        return [{"code": "no_period"}]
    if find_contradictions(plan):
        return [{"code": "contradiction"}]
    problems: list[dict[str, Any]] = []
    if planned is not None and row.rule.get("agrees") and get_shape(planned.plan) != get_shape(plan):
        problems.append({"code": "reread"})
    moment = Moment(clock=clock, time_zone=tenant.time_zone, today=get_today(clock, time_zone=tenant.time_zone))
    evidence = execute(viewer, plan, moment=moment)
    if row.figures is not None and is_of_same_days(row.figures, plan):
        language: Any = row.language
        if drift := find_drift(row.figures, compose(evidence, language=language, moment=moment).blocks):
            problems.append({"code": "drifted", "figures": drift})
    if evidence.is_empty:
        problems.append({"code": "empty"})
    return problems


def _check(tenant_id: uuid.UUID | str, row_id: uuid.UUID, *, viewer: User | None, clock: datetime) -> list[dict[str, Any]]:
    try:
        with scope(tenant_id):
            row = VerifiedQuestion.objects.filter(id=row_id).first()
            return find_problems(viewer, row, clock=clock) if row is not None and viewer is not None else []
    except Exception as error:
        # One that cannot be run must not keep the others from it; its words stay out of the log.
        log.error("verified.not_checked", verified_id=str(row_id), error=type(error).__name__)
        return [{"code": "failed"}]
