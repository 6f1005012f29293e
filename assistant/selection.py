"""From a plan's conditions to the rows that count, and from a value of a dimension to the rows behind it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from assistant.decompose import Key
from assistant.plan import Plan
from core.compute import Selection
from core.periods import Period, add_months

# The condition of a selection that names one value of a dimension.
FIELDS: dict[str, str] = {
    "agent": "agents", "channel": "channels", "contact": "contacts", "theme": "themes",
    "sentiment": "sentiments", "emotion": "emotions", "tone": "tones",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a question is asked: the instant, and the tenant's time zone and day at that instant."""

    clock: datetime
    time_zone: str
    today: date


def select(plan: Plan, *, moment: Moment, period: Period | None = None) -> Selection:
    """The rows that a plan means, in its own period or in `period`. Raises ValueError for a plan without a period."""
    period = period or plan.period
    if period is None:
        raise ValueError(f"a plan to {plan.intent} has no period")
    filters = plan.filters
    return Selection(
        period=period,
        clock=moment.clock,
        agents=filters.agent,
        channels=filters.channel,
        contacts=filters.contact,
        themes=filters.theme,
        sentiments=filters.sentiment,
        emotions=filters.emotion,
        tones=filters.tone,
        satisfaction_min=filters.satisfaction_min,
        satisfaction_max=filters.satisfaction_max,
        status=filters.status,
        author=filters.author or "customer",
        search=plan.search,
    )


def is_ranked(plan: Plan) -> bool:
    """Whether a list is in the order of how much it is about the plan's subject, and holds what says it in other words."""
    return plan.search is not None and plan.order is None and plan.filters.status != "unanswered"


def narrow(selection: Selection, *, dimension: str, key: Key) -> Selection | None:
    """The selection cut to one value of a dimension; None where no condition can say so (no agent, an hour, a wait)."""
    if key is None or dimension in ("hour", "weekday", "wait", "customer"):
        return None
    if dimension in FIELDS:
        named: dict[str, Any] = {FIELDS[dimension]: (str(key),)}
        return replace(selection, **named)
    if dimension == "satisfaction":
        return replace(selection, satisfaction_min=int(key), satisfaction_max=int(key))
    step = get_step(str(key), dimension)
    start, end = max(step.start, selection.period.start), min(step.end, selection.period.end)
    return replace(selection, period=Period(start, end)) if start <= end else None


def get_step(key: str, dimension: str) -> Period:
    """The whole day, week or month that begins on the ISO date `key`."""
    start = date.fromisoformat(key)
    if dimension == "month":
        return Period(start, add_months(start, 1) - timedelta(days=1))
    return Period(start, start + timedelta(days=6 if dimension == "week" else 0))


def sorts_by_growth(plan: Plan) -> bool:
    """Whether themes come with what grew most first: where a period to compare with was asked for, and no order of sizes."""
    return plan.intent == "themes" and plan.compare_to is not None and plan.order is None
