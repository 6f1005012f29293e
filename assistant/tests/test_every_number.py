"""Every number of forty answers, in blocks and in words, is one that PostgreSQL gives for a query written here by hand.

The cases are in `number_cases.py`, the shop and its look-alike rival in `shop.py`, the tables in `sql.py`.
"""

import re
from typing import Any

import pytest

from assistant.blocks import Block, DriversBlock, NumberBlock
from assistant.compose.composed import Composed, compose
from assistant.execute import execute
from assistant.plan import Plan
from assistant.tests.number_cases import CASES, Case
from assistant.tests.shop import MOMENT, Shop
from assistant.tests.shop import standing_shop as standing_shop
from assistant.tests.sql import ask
from core.tenancy import scope


def test_there_are_forty() -> None:
    assert len(CASES) == 40
    assert len({case.name for case in CASES}) == 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_numbers_equal_sql(standing_shop: Shop, case: Case) -> None:
    shop = standing_shop
    with scope(shop.tenant.id):
        composed = compose(execute(shop.manager, case.plan, moment=MOMENT), language="pt", moment=MOMENT)
        expected = [ask(shop.tenant.id, statement) for statement in case.blocks]
        (covered,) = ask(shop.tenant.id, f"SELECT count(*) AS conversations, count(note) AS analysed FROM conv WHERE {case.covers}")
        also = ask(shop.tenant.id, case.also) if case.also else []
    assert len(composed.blocks) == len(expected)
    for block, rows in zip(composed.blocks, expected, strict=True):
        compare_block(block, rows, in_order=case.plan.order is not None)
    coverage = composed.coverage
    assert (coverage.conversations, coverage.analysed) == (covered["conversations"], covered["analysed"])
    assert coverage.pending == coverage.conversations - coverage.analysed
    assert find_unexplained(composed, [covered, *also, *(row for rows in expected for row in rows)], case.plan) == [], composed.sentences


def compare_block(block: Block, rows: list[dict[str, Any]], *, in_order: bool) -> None:
    """Every number of the block is that of the row with the same key, and no number is on one side alone."""
    if isinstance(block, NumberBlock):
        actual = [
            {"key": figure.metric} | numbers(figure.model_dump(), ("value", "base", "previous", "change")) for figure in block.figures
        ]
        expected = [{"key": row["metric"]} | numbers(row, tuple(row)) for row in rows]
    else:
        keys = {"messages": "message_id", "conversations": "conversation_id"}
        key = keys.get(block.kind, "key")
        skipped = {key, "hour", "certainty", "satisfaction" if block.columns[0].key == "satisfaction" else ""}
        actual = [{"key": find_key(row[key])} | numbers(row, tuple(name for name in row if name not in skipped)) for row in block.rows]
        expected = [{"key": find_key(row["key"])} | numbers(row, tuple(name for name in row if name != "key")) for row in rows]
        actual, expected = fill_empty_steps(actual, expected)
        if isinstance(block, DriversBlock):
            check_whole(block, rows)
    if not in_order:
        actual, expected = (sorted(side, key=lambda row: str(row["key"])) for side in (actual, expected))
    assert [row["key"] for row in actual] == [row["key"] for row in expected]
    for one, other in zip(actual, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-9), one["key"]


def check_whole(block: DriversBlock, rows: list[dict[str, Any]]) -> None:
    """The figure above a split is the mean of SQL's rows, and the parts sum to its change."""
    now, before = (
        sum(row[value] * row[base] for row in rows if row[value] is not None) / sum(row[base] for row in rows)
        for value, base in (("value", "base"), ("previous", "previous_base"))
    )
    figure = block.figure
    assert (figure.value, figure.previous, figure.change) == pytest.approx((now, before, now - before), abs=1e-9)
    assert figure.base == sum(row["base"] for row in rows)
    assert sum(float(row["change"] or 0) for row in block.rows) == pytest.approx(now - before, abs=1e-9)


def find_key(key: Any) -> Any:
    return float(key) if isinstance(key, int) else key


def numbers(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, float]:
    """The numbers of a row; what has no value has no entry."""
    return {name: float(row[name]) for name in names if isinstance(row[name], int | float) and not isinstance(row[name], bool)}


def fill_empty_steps(actual: list[dict[str, Any]], expected: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A step of time on which nothing happened has a row of nothing in a series, and none in SQL."""
    known = {row["key"] for row in expected}
    empty = [row for row in actual if row["key"] not in known and not any(value for name, value in row.items() if name != "key")]
    return [row for row in actual if row not in empty], expected


def find_unexplained(composed: Composed, rows: list[dict[str, Any]], plan: Plan) -> list[str]:
    """The figures of the words that no row of SQL explains. Days and limits of the question itself are known."""
    known = {"5"} if "5 " in " ".join(composed.notes) or "partir de 5" in " ".join(composed.sentences) else set()
    for row in rows:
        for value in row.values():
            known |= write(value) if not isinstance(value, str) else set(re.findall(r"\d+", value))
    for period in (plan.period, plan.compare_to):
        for day in (period.start, period.end) if period else ():
            known |= {f"{day:%d}", f"{day:%m}", str(day.year)}
    known |= {str(limit) for limit in (plan.limit, plan.filters.satisfaction_max, plan.filters.satisfaction_min) if limit is not None}
    # How sure a driver is, is drawn and not counted: SQL has no say in it.
    drawn = [row["certainty"] for block in composed.blocks if isinstance(block, DriversBlock) for row in block.rows]
    known |= {text for value in drawn for text in write(value)}
    words = " ".join(composed.sentences)
    return [found for found in re.findall(r"\d+(?:[.,]\d+)*", words) if found not in known]


def write(value: Any) -> set[str]:
    """The ways in which Brazilians write a number: whole, to one or two places, as a duration's parts."""
    if not isinstance(value, float):
        return set()
    size = abs(value)
    plain = (
        {f"{size:.{places}f}".replace(".", ",") for places in (0, 1, 2)}
        if size != round(size)
        else {f"{size:.0f}", f"{size:.1f}".replace(".", ",")}
    )
    short = {text.rstrip("0") for text in plain if text.endswith("0") and text.count(",") and not text.endswith(",0")}
    seconds = round(size)
    parts = {seconds // 60, seconds % 60} if 60 <= seconds < 3600 else {seconds // 3600, seconds % 3600 // 60}
    return plain | short | {str(part) for part in parts} | {f"{part:02d}" for part in parts}
