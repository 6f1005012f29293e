"""How the days of a plan that is kept follow the clock: by the words of its question, by rule, or not at all. Pure; no Django.

A rule is a small JSON object that names what a period was on the day it was kept: `{"kind": "earlier", "unit": "week", "back": 1}` is the
whole week before. Days alone can be several things (1 to 30 November, asked on the 30th, is this month and the last 30 days): calendar
units go before counts of days, and the rule is told with the answer, so that whoever reads it sees which one was taken.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from assistant.compose.numbers import Language
from assistant.plan import Plan
from assistant.planner import Catalog, Planned, plan_question
from core.periods import (
    CalendarUnit,
    Period,
    add_days,
    get_earlier_unit,
    get_last_days,
    get_previous,
    get_running_unit,
    get_today,
    get_unit,
)

TimingKind = Literal["planner", "shifted", "fixed"]
Rule = dict[str, Any]

UNITS: tuple[CalendarUnit, ...] = ("week", "month", "quarter", "year")
FARTHEST_DAY = 2  # today, yesterday, the day before
FARTHEST_UNIT = 2  # this week, last week, the week before last
FIXED: Rule = {"kind": "fixed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """`rule` of kind shifted holds a rule for `period` and one for `compare_to`; `agrees` whether the planner gives the whole plan."""

    kind: TimingKind
    rule: Rule = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        return bool(self.rule.get("agrees"))


def find_timing(plan: Plan, planned: Planned, *, today: date) -> Timing:
    """How a plan's days depend on the clock. `planned` is what the built-in planner makes of the same question on the same day."""
    if plan.period is None:
        return Timing(kind="fixed")
    if (plan.period, plan.compare_to) == (planned.plan.period, planned.plan.compare_to):
        return Timing(kind="planner", rule={"agrees": get_shape(plan) == get_shape(planned.plan)})
    rule = find_rule(plan.period, today=today)
    if rule == FIXED:
        return Timing(kind="fixed")
    compared = plan.compare_to
    if compared is None:
        return Timing(kind="shifted", rule={"period": rule})
    is_previous = compared == get_previous(plan.period, today=today)
    return Timing(
        kind="shifted", rule={"period": rule, "compare_to": {"kind": "previous"} if is_previous else find_rule(compared, today=today)}
    )


def move_plan(
    plan: Plan, timing: Timing, *, question: str, catalog: Catalog, clock: datetime, language: Language
) -> tuple[Plan, Planned | None]:
    """The plan with its days as of `clock`, and what the built-in planner makes of the question now, where it was asked.

    Where the planner reads no days in the question any more, those that were kept stay.
    """
    if timing.kind == "planner":
        planned = plan_question(question, catalog=catalog, clock=clock, language=language)
        if planned.plan.period is None:
            return plan, planned
        return replace(plan, period=planned.plan.period, compare_to=planned.plan.compare_to), planned
    if timing.kind == "shifted" and plan.period is not None:
        today = get_today(clock, time_zone=catalog.time_zone)
        period = apply_rule(timing.rule["period"], plan.period, today=today)
        compared = plan.compare_to
        if compared is not None:
            rule = timing.rule["compare_to"]
            compared = get_previous(period, today=today) if rule["kind"] == "previous" else apply_rule(rule, compared, today=today)
        return replace(plan, period=period, compare_to=compared), None
    return plan, None


def get_shape(plan: Plan) -> Plan:
    """What a plan asks apart from its days, and apart from which of its fields a default filled."""
    return replace(plan, period=None, compare_to=None, assumed=())


def find_rule(period: Period, *, today: date) -> Rule:
    """What a period is on that day."""
    if period.days == 1 and 0 <= (today - period.end).days <= FARTHEST_DAY:
        return {"kind": "day", "back": (today - period.end).days}
    for unit in UNITS:
        if period == get_running_unit(today, unit):
            return {"kind": "running", "unit": unit}
        for back in range(1, FARTHEST_UNIT + 1):
            if period == get_earlier_unit(today, unit, back=back):
                return {"kind": "earlier", "unit": unit, "back": back}
    if period.end == today:
        return {"kind": "last_days", "days": period.days}
    return FIXED


def apply_rule(rule: Rule, kept: Period, *, today: date) -> Period:
    """The period that a rule names on that day; `kept` where it names fixed days."""
    kind = rule["kind"]
    if kind == "day":
        day = add_days(today, -int(rule["back"]))
        return Period(day, day)
    if kind == "running":
        return Period(get_unit(today, rule["unit"]).start, today)
    if kind == "earlier":
        return get_earlier_unit(today, rule["unit"], back=int(rule["back"]))
    if kind == "last_days":
        return get_last_days(today, int(rule["days"]))
    return kept
