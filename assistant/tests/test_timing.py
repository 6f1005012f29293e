"""How the days of a plan that is kept follow the clock. Kept on Friday 20 November 2026, asked again on Tuesday 8 December."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.plan import Plan
from assistant.planner import Catalog, plan_question
from assistant.timing import find_rule, find_timing, move_plan
from core.periods import Period

ZONE = "America/Sao_Paulo"
KEPT, AGAIN = (datetime(2026, month, day, 10, tzinfo=ZoneInfo(ZONE)) for month, day in ((11, 20), (12, 8)))
CATALOG = Catalog(
    tenant="Casa Lua", time_zone=ZONE, agents=("Ana Souza",), channels=("Norte", "Suporte"), themes=("Atraso na entrega",), contacts=()
)


def span(start: str, end: str) -> Period:
    return Period(date.fromisoformat(f"2026-{start}"), date.fromisoformat(f"2026-{end}"))


def ask_again(question: str, plan: Plan) -> tuple[str, Plan]:
    """How the plan's days are kept, and the plan on 8 December."""
    planned = plan_question(question, catalog=CATALOG, clock=KEPT, language="pt")
    timing = find_timing(plan, planned, today=KEPT.date())
    return timing.kind, move_plan(plan, timing, question=question, catalog=CATALOG, clock=AGAIN, language="pt")[0]


READ = [
    ("Qual a satisfação por canal na semana passada?", span("11-30", "12-06"), None),
    ("Quantas conversas tivemos ontem?", span("12-07", "12-07"), None),
    ("Qual o csat este mês comparado com o mês passado?", span("12-01", "12-08"), span("11-01", "11-30")),
    ("Por que a satisfação caiu na semana passada?", span("11-30", "12-06"), span("11-23", "11-29")),
    ("Qual o csat em outubro de 2026?", span("10-01", "10-31"), None),
    ("Quantas reclamações desde 1 de novembro?", span("11-01", "12-08"), None),
]


@pytest.mark.parametrize(("question", "period", "compared"), READ)
def test_days_that_the_planner_reads_are_read_again(question: str, period: Period, compared: Period | None) -> None:
    plan = plan_question(question, catalog=CATALOG, clock=KEPT, language="pt").plan
    assert ask_again(question, plan) == ("planner", replace(plan, period=period, compare_to=compared))


# The planner does not read these words as a person meant them: what the days were on the day they were kept decides.
MOVED = [
    (span("11-20", "11-20"), None, span("12-08", "12-08"), None),
    (span("11-18", "11-18"), None, span("12-06", "12-06"), None),
    (span("11-16", "11-20"), None, span("12-07", "12-08"), None),  # this week
    (span("11-02", "11-08"), None, span("11-23", "11-29"), None),  # the week before the last
    (span("10-01", "10-31"), span("09-01", "09-30"), span("11-01", "11-30"), span("10-01", "10-31")),
    (span("11-06", "11-20"), span("10-22", "11-05"), span("11-24", "12-08"), span("11-09", "11-23")),  # 15 days, and those before
    (span("11-16", "11-20"), span("11-01", "11-20"), span("12-07", "12-08"), span("12-01", "12-08")),
]


@pytest.mark.parametrize(("period", "compared", "moved", "compared_moved"), MOVED)
def test_other_days_move_by_rule(period: Period, compared: Period | None, moved: Period, compared_moved: Period | None) -> None:
    plan = Plan(intent="metric", metrics=("csat",), period=period, compare_to=compared)
    assert ask_again("o termômetro da casa", plan) == ("shifted", replace(plan, period=moved, compare_to=compared_moved))


def test_days_that_follow_no_rule_stay() -> None:
    plan = Plan(intent="metric", metrics=("csat",), period=span("10-13", "10-29"))
    assert ask_again("o termômetro da Black Friday", plan) == ("fixed", plan)


def test_a_calendar_unit_goes_before_a_count_of_days() -> None:
    assert find_rule(span("11-01", "11-30"), today=date(2026, 11, 30)) == {"kind": "running", "unit": "month"}
    assert find_rule(span("11-02", "11-30"), today=date(2026, 11, 30)) == {"kind": "last_days", "days": 29}
