"""A plan changed by hand is a plan: what follows from a change follows, what is no plan is refused. Asked on Friday 20 November 2026."""

from datetime import date
from typing import Any

import pytest

from assistant.plan import Filters, Plan
from assistant.revise import Revision, revise_plan
from core.errors import VisibleError
from core.periods import Period

TODAY = date(2026, 11, 20)
LAST_WEEK, WEEK_BEFORE, THIS_WEEK = (Period(date(2026, 11, start), date(2026, 11, end)) for start, end in ((9, 15), (2, 8), (16, 20)))
BY_AGENT = Plan(
    intent="metric", metrics=("satisfaction",), period=LAST_WEEK, compare_to=WEEK_BEFORE, group_by="agent", order="asc", limit=1,
    filters=Filters(channel=("Norte",), satisfaction_max=2), search="freezer", assumed=("compare_to",),
)  # fmt: skip
WHY = Plan(intent="explain", metrics=("satisfaction",), period=LAST_WEEK, compare_to=WEEK_BEFORE, assumed=("metrics", "compare_to"))
THEMES = Plan(intent="themes", period=LAST_WEEK)


def revise(plan: Plan, **said: Any) -> dict[str, Any]:
    """What a revision changed of a plan."""
    before, after = plan.to_dict(), revise_plan(plan, Revision(turn_id="t", **said), today=TODAY).to_dict()
    return {field: value for field, value in after.items() if value != before[field]}


def days(start: str, end: str) -> dict[str, str]:
    return {"start": f"2026-{start}", "end": f"2026-{end}"}


CHANGES: list[tuple[Plan, dict[str, Any], dict[str, Any]]] = [
    # A comparison that was assumed is made anew, one that was said falls away.
    (BY_AGENT, {"period": "this_week"}, {"period": days("11-16", "11-20"), "compare_to": days("11-09", "11-15")}),
    (BY_AGENT, {"period": "last_month"}, {"period": days("10-01", "10-31"), "compare_to": days("09-01", "09-30")}),
    (BY_AGENT, {"period": days("11-01", "12-31")}, {"period": days("11-01", "11-20"), "compare_to": days("10-01", "10-31")}),
    (Plan(intent="metric", metrics=("csat",), period=LAST_WEEK, compare_to=THIS_WEEK), {"period": "today"},
     {"period": days("11-20", "11-20"), "compare_to": None}),
    (WHY, {"period": "last_7_days"}, {"period": days("11-14", "11-20"), "compare_to": days("11-07", "11-13")}),
    (THEMES, {"period": "this_year"}, {"period": days("01-01", "11-20")}),
    # What a person says is assumed no more.
    (WHY, {"metrics": ["csat", "csat"]}, {"metrics": ["csat"], "assumed": ["compare_to"]}),
    (BY_AGENT, {"group_by": "channel", "metrics": ["csat", "complaints"]}, {"group_by": "channel", "metrics": ["csat", "complaints"]}),
    # Without groups there is nothing to rank.
    (BY_AGENT, {"remove": ["group_by"]}, {"group_by": None, "order": None, "limit": None}),
    (BY_AGENT, {"remove": ["compare_to", "search", "order"]},
     {"compare_to": None, "search": None, "order": None, "limit": None, "assumed": []}),
    (BY_AGENT, {"remove": ["filters.channel"]}, {"filters": {"satisfaction": {"max": 2}}}),
    (BY_AGENT, {"remove": ["filters.satisfaction", "filters.channel"]}, {"filters": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "said", "changed"), CHANGES)
def test_what_is_said_changes_and_the_rest_stays(plan: Plan, said: dict[str, Any], changed: dict[str, Any]) -> None:
    assert revise(plan, **said) == changed


WRONG: list[tuple[Plan, dict[str, Any]]] = [
    (THEMES, {"metrics": ["csat"]}),  # themes measure nothing
    (THEMES, {"group_by": "theme"}),
    (WHY, {"remove": ["compare_to"]}),  # why, compared with nothing
    (BY_AGENT, {"metrics": ["satisfaction"]}),  # changes nothing
    (BY_AGENT, {"remove": ["filters.tone"]}),
    (BY_AGENT, {"period": days("11-21", "11-30")}),  # yet to come
    (BY_AGENT, {"period": days("11-15", "11-09")}),
    (BY_AGENT, {"period": {"start": "0001-01-01", "end": "2026-11-20"}}),
    (Plan(intent="refuse"), {"period": "today"}),
]


@pytest.mark.parametrize(("plan", "said"), WRONG)
def test_what_is_no_plan_is_refused(plan: Plan, said: dict[str, Any]) -> None:
    with pytest.raises(VisibleError, match="invalid"):
        revise(plan, **said)


@pytest.mark.parametrize("said", [{"metrics": []}, {"metrics": ["robbery"]}, {"remove": ["tenant"]}, {"period": "ever"}, {"plan": {}}])
def test_what_is_not_of_the_contract_is_not_even_read(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Revision(turn_id="t", **said)
