"""`Plan` in Python and `plan.schema.json` are one contract: what one takes the other takes, and back again unchanged."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.plan import DIMENSIONS, INTENTS, METRIC_NAMES, PLAN_FIELDS, Filters, Plan, PlanError, find_contradictions
from core.periods import Period

SCHEMA = json.loads(Path(__file__).parents[1].joinpath("plan.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
OCTOBER = {"start": "2026-10-01", "end": "2026-10-31"}
EMPTY: dict[str, Any] = {
    "intent": "metric", "metrics": [], "period": None, "compare_to": None, "group_by": None,
    "filters": {}, "search": None, "order": None, "limit": None, "assumed": [],
}  # fmt: skip


def words(of: dict[str, Any]) -> st.SearchStrategy[list[str]]:
    chosen = st.sampled_from(of["enum"]) if "enum" in of else st.text(max_size=8)
    return st.lists(chosen, unique=True, min_size=1, max_size=3)


FILTERS = SCHEMA["properties"]["filters"]["properties"]
NAMES = SCHEMA["$defs"]["names"]["items"]
note = st.integers(1, 5)
span = st.one_of(st.fixed_dictionaries({"min": note}, optional={"max": note}), st.fixed_dictionaries({"max": note}))
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
periods = st.none() | st.tuples(days, days).map(lambda pair: {"start": min(pair).isoformat(), "end": max(pair).isoformat()})
LISTED = [name for name in FILTERS if name not in ("satisfaction", "status", "author")]
listed = {name: words(FILTERS[name].get("items", NAMES)) for name in LISTED}
filters = st.fixed_dictionaries(
    {},
    optional={**listed, "satisfaction": span} | {name: st.sampled_from(FILTERS[name]["enum"]) for name in ("status", "author")},
)
plans = st.fixed_dictionaries(
    {
        "intent": st.sampled_from(SCHEMA["properties"]["intent"]["enum"]),
        "metrics": words(SCHEMA["properties"]["metrics"]["items"]),
        "period": periods,
        "compare_to": periods,
        "group_by": st.sampled_from(SCHEMA["properties"]["group_by"]["enum"]),
        "filters": filters,
        "search": st.none() | st.text(max_size=10),
        "order": st.sampled_from(SCHEMA["properties"]["order"]["enum"]),
        "limit": st.none() | st.integers(1, 1000),
        "assumed": words(SCHEMA["properties"]["assumed"]["items"]),
    }
)


def test_the_words_are_those_of_the_schema() -> None:
    properties = SCHEMA["properties"]
    assert list(PLAN_FIELDS) == SCHEMA["required"] == list(properties)
    assert list(INTENTS) == properties["intent"]["enum"]
    assert list(METRIC_NAMES) == properties["metrics"]["items"]["enum"]
    assert [None, *DIMENSIONS] == properties["group_by"]["enum"]


@given(plans)
def test_what_the_schema_takes_is_read_and_written_back(raw: dict[str, Any]) -> None:
    VALIDATOR.validate(raw)
    assert Plan.from_dict(raw).to_dict() == raw


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 7),
    st.floats(allow_nan=False),
    st.text(max_size=6),
    st.lists(st.text(max_size=4), max_size=3),
    st.dictionaries(st.sampled_from(["start", "end", "min", "agent", "other"]), st.integers(0, 6), max_size=2),
)


@given(plans, st.sampled_from([*EMPTY, "other"]), anything)
def test_a_plan_with_one_field_replaced_is_refused_by_both_or_by_neither(raw: dict[str, Any], name: str, value: object) -> None:
    changed = {**raw, name: value}
    try:
        Plan.from_dict(changed)
        taken = True
    except PlanError:
        taken = False
    assert taken is VALIDATOR.is_valid(changed)


@given(plans, st.sampled_from(list(EMPTY)))
def test_every_field_is_needed(raw: dict[str, Any], name: str) -> None:
    with pytest.raises(PlanError) as caught:
        Plan.from_dict({key: value for key, value in raw.items() if key != name})
    assert caught.value.problems == [f"plan: {name!r} is missing"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"intent": "guess"}, f"intent: 'guess' is not one of {', '.join(INTENTS)}"),
        ({"metrics": ["nps"]}, f"metrics[0]: 'nps' is not one of {', '.join(METRIC_NAMES)}"),
        ({"metrics": ["csat", "csat"]}, "metrics[1]: 'csat' is there twice"),
        ({"metrics": "csat"}, "metrics: 'csat' is not a list"),
        ({"period": {"start": "2026-10-01"}}, "period: 'end' is missing"),
        ({"period": {"start": "1/10/2026", "end": "2026-10-31"}}, "period.start: '1/10/2026' is not a day written YYYY-MM-DD"),
        ({"period": {"start": "2026-02-30", "end": "2026-10-31"}}, "period.start: '2026-02-30' is not a day written YYYY-MM-DD"),
        ({"period": {"start": "2026-10-31", "end": "2026-10-01"}}, "period: it ends (2026-10-01) before it starts (2026-10-31)"),
        ({"filters": {"agent": []}}, "filters.agent: an empty list; leave the key out"),
        ({"filters": {"mood": ["bad"]}}, "filters: there is no field 'mood'"),
        ({"filters": {"satisfaction": {}}}, "filters.satisfaction: give min, max or both"),
        ({"filters": {"satisfaction": {"min": 6}}}, "filters.satisfaction.min: 6 is not a whole number from 1 to 5"),
        ({"filters": {"status": "closed"}}, "filters.status: 'closed' is not one of open, resolved, unanswered"),
        ({"limit": 0}, "limit: 0 is not a whole number from 1 to 1000"),
        ({"search": 5}, "search: 5 is neither text nor null"),
    ],
)
def test_a_fault_is_named_with_its_place(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(PlanError) as caught:
        Plan.from_dict(EMPTY | change)
    assert caught.value.problems == [problem]


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        Plan.from_dict(EMPTY | {"order": "up", "limit": "many"})
    assert caught.value.problems == ["order: 'up' is not one of asc, desc", "limit: 'many' is not a whole number from 1 to 1000"]


def test_a_plan_that_is_no_object_is_refused() -> None:
    with pytest.raises(PlanError, match=r"^plan: \['metric'\] is not an object$"):
        Plan.from_dict(["metric"])


MONTH = Period(date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("plan", "faults"),
    [
        (Plan(intent="metric", metrics=("csat",), period=MONTH), []),
        (Plan(intent="help"), []),
        (Plan(intent="refuse", period=MONTH), ["intent: refuse carries nothing else; empty every other field"]),
        (Plan(intent="metric", metrics=("csat",)), ["period: metric needs one"]),
        (Plan(intent="metric", period=MONTH), ["metrics: metric needs at least one"]),
        (Plan(intent="messages", metrics=("csat",), period=MONTH), ["metrics: messages measures nothing"]),
        (Plan(intent="explain", metrics=("csat",), period=MONTH), ["compare_to: explain needs the period that it compares with"]),
        (Plan(intent="themes", period=MONTH, group_by="theme"), ["group_by: themes are one row a theme already"]),
        (
            Plan(intent="conversations", period=MONTH, filters=Filters(satisfaction_min=4, satisfaction_max=2)),
            ["filters.satisfaction: min 4 is above max 2"],
        ),
    ],
)
def test_contradictions_beyond_the_schema(plan: Plan, faults: list[str]) -> None:
    assert find_contradictions(plan) == faults
