"""Asking a turn's question again, as it was or with its plan changed by hand: period, measures, split, conditions. Pure; no Django.

A person changes a plan that was understood and validated into another one that is validated just the same; words are not read again.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from assistant.plan import EMPTY_INTENTS, AssumedField, Dimension, Filters, MetricName, Plan, PlanError, find_contradictions
from core.errors import VisibleError
from core.periods import Period, get_earlier_unit, get_last_days, get_previous, get_running_unit

NamedPeriod = Literal[
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "last_7_days", "last_30_days", "last_90_days", "this_year",
]  # fmt: skip
# What can be taken away, by the name that "how I understood this" gives it.
Removable = Literal[
    "group_by", "compare_to", "search", "order", "filters.agent", "filters.channel", "filters.contact", "filters.theme",
    "filters.sentiment", "filters.emotion", "filters.tone", "filters.satisfaction", "filters.status", "filters.author",
]  # fmt: skip
MOST_METRICS = 4
EARLIEST = date(2009, 1, 1)  # the year that WhatsApp began


class Days(BaseModel):
    """Days, both included, in the tenant's time zone."""

    start: date
    end: date


class Revision(BaseModel):
    """Ask a turn's question again. Where nothing but `turn_id` is said it is asked as it was; what is said changes its plan."""

    model_config = ConfigDict(extra="forbid")

    turn_id: str
    period: NamedPeriod | Days | None = None
    metrics: list[MetricName] | None = Field(None, min_length=1, max_length=MOST_METRICS)
    group_by: Dimension | None = None
    remove: list[Removable] = Field([], max_length=len(get_args(Removable)))

    @property
    def changes_plan(self) -> bool:
        return bool(self.period or self.metrics or self.group_by or self.remove)


def revise_plan(plan: Plan, revision: Revision, *, today: date) -> Plan:
    """The plan with what the revision says. Raises VisibleError("invalid") where that is no plan, or the same one."""
    if plan.intent in EMPTY_INTENTS:
        raise VisibleError("invalid", field="revision", detail=f"intent: {plan.intent}")
    revised = _remove(plan, revision.remove)
    if revision.metrics is not None:
        revised = _say(revised, "metrics", metrics=tuple(dict.fromkeys(revision.metrics)))
    if revision.group_by is not None:
        revised = _say(revised, "group_by", group_by=revision.group_by)
    if revision.period is not None:
        revised = _change_period(revised, find_period(revision.period, today=today), today=today)
    if revised == plan:
        raise VisibleError("invalid", field="revision", detail="=")
    try:
        revised = Plan.from_dict(revised.to_dict())
    except PlanError as error:
        raise VisibleError("invalid", field="revision", detail=error.problems[0]) from error
    if faults := find_contradictions(revised):
        raise VisibleError("invalid", field="revision", detail=faults[0])
    return revised


def find_period(period: NamedPeriod | Days, *, today: date) -> Period:
    """The days that are meant, none of them after today. Raises VisibleError("invalid") for days that cannot be."""
    if isinstance(period, Days):
        end = min(period.end, today)
        if not EARLIEST <= period.start <= end:
            raise VisibleError("invalid", field="revision.period", detail=f"{EARLIEST.isoformat()} ≤ start ≤ end ≤ {today.isoformat()}")
        return Period(period.start, end)
    if period in ("today", "yesterday"):
        day = today - timedelta(days=period == "yesterday")
        return Period(day, day)
    which, unit = period.split("_", 1)
    if unit in ("week", "month", "year"):
        named: Any = unit
        return get_running_unit(today, named) if which == "this" else get_earlier_unit(today, named)
    return get_last_days(today, int(unit.split("_", maxsplit=1)[0]))


def _change_period(plan: Plan, period: Period, *, today: date) -> Plan:
    """A changed period makes an assumed comparison anew and drops one that was said; to explain, there is always one."""
    compares_anew = plan.compare_to is not None and ("compare_to" in plan.assumed or plan.intent == "explain")
    changed = _say(plan, "period", period=period, compare_to=get_previous(period, today=today) if compares_anew else None)
    marks: tuple[AssumedField, ...] = tuple(mark for mark in changed.assumed if mark != "compare_to")
    return replace(changed, assumed=(*marks, "compare_to") if compares_anew else marks)


def _remove(plan: Plan, names: list[Removable]) -> Plan:
    for name in names:
        if name.startswith("filters."):
            plan = replace(plan, filters=_drop_filter(plan.filters, name.removeprefix("filters.")))
        elif name == "order":
            plan = replace(plan, order=None, limit=None)
        elif name == "search":
            plan = replace(plan, search=None)
        elif name == "compare_to":
            plan = _say(plan, "compare_to", compare_to=None)
        else:
            # Without groups there is nothing to put in order.
            plan = _say(plan, "group_by", group_by=None, order=None, limit=None)
    return plan


def _drop_filter(filters: Filters, name: str) -> Filters:
    empty = Filters()
    names = ("satisfaction_min", "satisfaction_max") if name == "satisfaction" else (name,)
    dropped: dict[str, Any] = {one: getattr(empty, one) for one in names}
    return replace(filters, **dropped)


def _say(plan: Plan, field: AssumedField, **changes: Any) -> Plan:
    """The plan with fields changed by a person: what was assumed is not any more."""
    assert field in get_args(AssumedField)
    return replace(plan, assumed=tuple(mark for mark in plan.assumed if mark != field), **changes)
