"""Why each measure moved, on the shop of `shop.py`: parts that sum up, what lies within the first driver, in three languages."""

from typing import Any

import pytest

from assistant.blocks import DriversBlock
from assistant.compose.composed import SENTENCES, compose
from assistant.compose.numbers import Language
from assistant.compose.voice import Voice
from assistant.evals.explaining import are_exact
from assistant.evidence import ExplainEvidence
from assistant.execute import execute
from assistant.explain import DIMENSIONS, WAITS
from assistant.plan import METRIC_NAMES, Filters, Plan
from assistant.tests.number_cases import LAST_WEEK, OCTOBER, THIS_WEEK
from assistant.tests.shop import MOMENT, Shop
from assistant.tests.shop import standing_shop as standing_shop
from core.metrics import METRICS
from core.tenancy import scope

LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")


def explain(shop: Shop, metric: str, **fields: Any) -> ExplainEvidence:
    values: dict[str, Any] = {"metrics": (metric,), "period": THIS_WEEK, "compare_to": LAST_WEEK} | fields
    plan = Plan(intent="explain", **values)
    with scope(shop.tenant.id):
        evidence = execute(shop.manager, plan, moment=MOMENT)
    assert isinstance(evidence, ExplainEvidence)
    return evidence


@pytest.mark.parametrize("metric", METRIC_NAMES)
def test_every_measure_is_split_over_every_dimension_and_its_parts_sum_up(standing_shop: Shop, metric: str) -> None:
    evidence = explain(standing_shop, metric)
    (explanation,) = evidence.explanations
    assert [split.dimension for split in explanation.splits] == [name for name in DIMENSIONS if name != "wait" or metric not in WAITS]
    assert are_exact(explanation.splits)
    assert {split.kind for split in explanation.splits} == {
        {"count": "difference", "seconds": "median"}.get(METRICS[metric].unit, "exact")
    }  # fmt: skip
    for language in LANGUAGES:
        composed = compose(evidence, language=language, moment=MOMENT)
        # No sentence is dropped for a figure that the evidence lacks.
        assert composed.sentences == SENTENCES["explain"](Voice(evidence.plan, language=language, moment=MOMENT), evidence)
        for block in composed.blocks:
            if isinstance(block, DriversBlock):
                parts = sum(float(row["change"] or 0) for row in block.rows)
                assert parts == pytest.approx(block.figure.change, abs=1e-9)
                assert block.told


@pytest.mark.parametrize(
    ("language", "within"),
    [
        ("pt", "Olhando só isso, o que mais pesou foi quem esperou 15 min a 1 h: de 0 conversas para 6 conversas."),
        ("en", "Within that, what weighed most was those who waited 15 min to 1 h: from 0 conversations to 6 conversations."),
        ("es", "Mirando solo eso, lo que más pesó fue quienes esperaron 15 min a 1 h: de 0 conversaciones a 6 conversaciones."),
    ],
)
def test_what_lies_within_the_first_driver_is_told(standing_shop: Shop, language: Language, within: str) -> None:
    composed = compose(explain(standing_shop, "satisfaction"), language=language, moment=MOMENT)
    assert within in [sentence.replace("\u00a0", " ") for sentence in composed.sentences]
    (block,) = composed.blocks
    assert isinstance(block, DriversBlock)
    assert block.deeper is not None
    assert (block.dimension, block.deeper.dimension) == ("channel", "wait")
    # Norte's own eight of this week and five of the last.
    assert (block.deeper.figure.base, sum(int(row["previous_base"] or 0) for row in block.deeper.rows)) == (8, 5)
    assert block.unexplained == pytest.approx((block.figure.change or 0) - float(block.rows[0]["change"] or 0))


def test_asked_of_the_driver_alone_the_other_dimensions_explain_it(standing_shop: Shop) -> None:
    """One level deeper on request: "Detalhar Norte" asks the same of Norte alone."""
    (explanation,) = explain(standing_shop, "satisfaction", filters=Filters(channel=("Norte",))).explanations
    assert [split.dimension for split in explanation.splits] == [name for name in DIMENSIONS if name != "channel"]
    assert (explanation.measured.previous_rows, explanation.measured.rows) == (5, 8)
    assert explanation.chosen is not None
    assert (explanation.chosen.dimension, explanation.chosen.standing_out[0].key) == ("wait", 15)


def test_without_a_week_before_there_is_no_cause_and_what_pulls_is_told(standing_shop: Shop) -> None:
    (explanation,) = explain(standing_shop, "satisfaction", compare_to=OCTOBER).explanations
    assert (explanation.splits, explanation.chosen, explanation.is_beyond_chance) == ((), None, False)
    assert (explanation.pulls_by, [pull.key for pull in explanation.pulls]) == ("channel", ["Norte"])
