"""The page "What you can ask": every example means what it stands under, and everything that can be asked has one."""

import pytest

from assistant.plan import DIMENSIONS, INTENTS, METRIC_NAMES, Filters
from assistant.planner import Language, PastTurn
from assistant.planner.lexicon import PLAIN_SECTIONS, read_sections, read_table
from assistant.planner.manual import Example, find_examples, find_left_out, find_repairs, find_threads, plan_example, write_manual

EXAMPLES = list(find_examples())


def describe(example: Example) -> str:
    return f"{example.language}: {example.question}"


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "intent"], ids=describe)
def test_an_example_of_a_kind_of_answer_wants_that_kind(example: Example) -> None:
    assert plan_example(example.question, language=example.language).plan.intent == example.name


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "metric"], ids=describe)
def test_an_example_of_a_measure_measures_it(example: Example) -> None:
    plan = plan_example(example.question, language=example.language).plan
    assert (plan.intent, plan.metrics) == ("metric", (example.name,))


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "dimension"], ids=describe)
def test_an_example_of_a_dimension_is_split_by_it(example: Example) -> None:
    assert plan_example(example.question, language=example.language).plan.group_by == example.name


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "filter"], ids=describe)
def test_an_example_of_a_condition_has_it_and_no_other(example: Example) -> None:
    key, _, value = example.name.partition("=")
    filters = plan_example(example.question, language=example.language).plan.filters
    bounds = [int(bound) if bound else None for bound in value.split("..")] if key == "satisfaction" else [None, None]
    assert (filters.satisfaction_min, filters.satisfaction_max) == tuple(bounds)
    assert filters.status == (value if key == "status" else None)
    assert (filters.emotion, filters.sentiment, filters.tone) == tuple(
        (value,) if key == name else () for name in ("emotion", "sentiment", "tone")
    )
    assert (filters.agent, filters.channel, filters.contact, filters.theme) == ((), (), (), ())


ALSO = {
    "author": Filters(agent=("Ana Souza",), author="agent"),
    "note": Filters(satisfaction_min=3, satisfaction_max=3),
    "theme": Filters(theme=("Troca e devolução",)),
    "names": Filters(agent=("Bruno Lima",), channel=("Suporte",), contact=("Mariana Alves",)),
    "search": Filters(),
}


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "also"], ids=describe)
def test_an_example_of_what_else_counts_is_narrowed_so(example: Example) -> None:
    plan = plan_example(example.question, language=example.language).plan
    assert (plan.filters, bool(plan.search)) == (ALSO[example.name], example.name == "search")


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "time"], ids=describe)
def test_an_example_of_a_time_says_a_period(example: Example) -> None:
    plan = plan_example(example.question, language=example.language).plan
    assert (plan.intent, plan.metrics, plan.assumed, plan.search) == ("metric", ("csat",), (), None)


@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_times_say_the_same_days_in_every_language(language: Language) -> None:
    table = read_table("manual")["time"]
    differing = {
        name: said[language]
        for name, said in table.items()
        if plan_example(f"CSAT {said[language]}", language=language).plan != plan_example(f"CSAT {said['pt']}", language="pt").plan
    }
    assert differing == {}


@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_a_thread_goes_on_to_the_messages(language: Language) -> None:
    history: list[PastTurn] = []
    for question in find_threads()[language]:
        history.append(PastTurn(question, plan_example(question, language=language, history=history).plan))
    plans = [turn.plan for turn in history]
    assert [plan.intent for plan in plans] == ["metric", "metric", "metric", "metric", "explain", "messages"]
    assert {plan.filters.channel for plan in plans[2:]} == {("Loja Norte",)}
    assert (plans[3].order, plans[3].limit) == ("asc", 3)


@pytest.mark.parametrize(("language", "said", "meant"), list(find_repairs()))
def test_a_correction_means_what_is_left_of_it(language: Language, said: str, meant: str) -> None:
    assert plan_example(said, language=language).plan == plan_example(meant, language=language).plan


@pytest.mark.parametrize(("language", "kind", "asked"), list(find_left_out()))
def test_what_is_left_out_is_told_so(language: Language, kind: str, asked: str) -> None:
    assert [left.kind for left in plan_example(asked, language=language).left_out] == [kind]


def test_everything_that_can_be_asked_has_an_example() -> None:
    table = read_table("manual")
    kinds = [section.partition(".")[2] for section in read_sections("left_out", None) if section not in PLAIN_SECTIONS]
    assert set(table["left_out"]) == set(kinds)
    assert set(table["intent"]) == set(INTENTS) - {"clarify"}
    assert set(table["metric"]) == set(METRIC_NAMES)
    assert set(table["dimension"]) == set(DIMENSIONS)
    assert set(table["filter"]) == set(read_sections("filters", "filter"))
    assert set(table["time"]) == {*read_sections("times", "time"), "since", "range"}


def test_the_page_is_in_three_languages() -> None:
    page = write_manual()
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## Português", "## English", "## Español"]
