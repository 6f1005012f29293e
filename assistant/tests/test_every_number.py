"""Every number of two hundred answers, in blocks, words, notes and receipt, is one that PostgreSQL gives for a query written by hand.

The cases are in `number_cases.py`, `number_table.py` and `reading_cases.py`, the shop and its look-alike rival in `shop.py`, the
tables in `sql.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from assistant.blocks import Block, DriversBlock, NumberBlock
from assistant.compose.composed import Composed, compose
from assistant.compose.voice import FEW_ROWS
from assistant.evidence import ExplainEvidence, SummaryEvidence
from assistant.execute import execute
from assistant.tests.number_cases import CASES, Case
from assistant.tests.number_table import TABLE
from assistant.tests.reading_cases import READ, SHARES
from assistant.tests.shop import MOMENT, Shop
from assistant.tests.shop import standing_shop as standing_shop
from assistant.tests.sql import ask
from core.metrics import METRICS
from core.periods import Period
from core.tenancy import scope

COVERED = "SELECT count(*) AS conversations, count(note) AS analysed, count(*) - count(note) AS pending FROM conv WHERE {where}"
# Both weeks of a mean by a value, for what is found within and beside a driver.
APART = """SELECT {by} AS key, avg({part}) FILTER (WHERE lw) AS previous, avg({part}) FILTER (WHERE tw) AS value,
  count({part}) FILTER (WHERE lw) AS previous_base, count({part}) FILTER (WHERE tw) AS base FROM conv WHERE {where} GROUP BY 1"""
ALL = [*CASES, *TABLE, *READ]


def test_there_are_two_hundred_over_every_measure_in_three_languages() -> None:
    assert len(ALL) >= 200
    assert len({case.name for case in ALL}) == len(ALL)
    assert {metric for case in ALL for metric in case.plan.metrics} == METRICS.keys()
    assert Counter(case.language for case in ALL).keys() == {"pt", "en", "es"}


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_numbers_equal_sql(standing_shop: Shop, case: Case) -> None:
    shop = standing_shop
    with scope(shop.tenant.id):
        evidence = execute(shop.manager, case.plan, moment=MOMENT)
        composed = compose(evidence, language=case.language, moment=MOMENT)
        quoted = [ask(shop.tenant.id, f"SELECT text FROM msg WHERE message_id = '{quote.message_id}'") for quote in composed.citations]
        expected = [ask(shop.tenant.id, statement) for statement in case.blocks]
        (covered,) = ask(shop.tenant.id, COVERED.format(where=case.covers))
        also = ask(shop.tenant.id, case.also) if case.also else []
        if isinstance(evidence, ExplainEvidence | SummaryEvidence):
            also += check_inner(shop, evidence, composed)
    assert len(composed.blocks) == len(expected)
    for block, rows in zip(composed.blocks, expected, strict=True):
        compare_block(block, rows, in_order=case.plan.order is not None)
    coverage = composed.coverage
    assert (coverage.conversations, coverage.analysed) == (covered["conversations"], covered["analysed"])
    assert coverage.pending == coverage.conversations - coverage.analysed
    assert [quote.text for quote in composed.citations] == [row["text"] for rows in quoted for row in rows]
    assert composed.sentences
    if evidence.known is not None:
        also += [{"first": "9 09", "last": "20", "month": "11"}]
    unexplained = find_unexplained(
        composed, [covered, *also, *(row for rows in expected for row in rows)], case, getattr(evidence, "compared", None)
    )
    assert unexplained == [], [composed.sentences, composed.notes]


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


def check_inner(shop: Shop, evidence: ExplainEvidence | SummaryEvidence, composed: Composed) -> Iterator[dict[str, Any]]:
    """What lies within the first driver is what SQL finds there; yields that, and what SQL finds beside it, for the words."""
    explanation = evidence.explanation if isinstance(evidence, SummaryEvidence) else evidence.explanations[0]
    blocks = [block for block in composed.blocks if isinstance(block, DriversBlock)]
    if explanation is None or explanation.chosen is None or explanation.measured.metric not in SHARES:
        return
    (block,), part = blocks, SHARES[explanation.measured.metric]
    first = f"{block.dimension} IS NOT DISTINCT FROM '{explanation.chosen.standing_out[0].key}'"
    if block.deeper is not None:
        rows = ask(shop.tenant.id, APART.format(by=block.deeper.dimension, part=part, where=first))
        found = {find_key(row["key"]): row for row in rows if row["previous_base"] or row["base"]}
        shown = {find_key(row["key"]): row for row in block.deeper.rows}
        assert shown.keys() == found.keys()
        for key, row in shown.items():
            assert numbers(row, ("previous", "value", "previous_base", "base")) == pytest.approx(numbers(found[key], tuple(found[key])[1:]))
        yield from rows
    if explanation.beside is not None:
        yield from ask(shop.tenant.id, APART.format(by=explanation.beside.dimension, part=part, where=f"NOT ({first})"))
    yield {"bands": "5 15 60 1 4"}


def check_whole(block: DriversBlock, rows: list[dict[str, Any]]) -> None:
    """The figure above a split is the mean (or the sum) of SQL's rows, and the parts sum to its change."""
    figure = block.figure
    assert sum(float(row["change"] or 0) for row in block.rows) == pytest.approx(figure.change, abs=1e-9)
    if figure.unit not in ("rating", "percent", "score"):
        return
    now, before = (
        sum(row[value] * row[base] for row in rows if row[value] is not None) / sum(row[base] for row in rows)
        for value, base in (("value", "base"), ("previous", "previous_base"))
    )
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


def find_unexplained(composed: Composed, rows: list[dict[str, Any]], case: Case, compared: Period | None) -> list[str]:
    """The figures of words, notes and receipt that no row of SQL explains. Days and limits of the question itself are known."""
    plan, language = case.plan, case.language
    words = " ".join([*composed.sentences, *composed.notes, composed.coverage.text])
    known = {str(FEW_ROWS)} if any(word in words for word in ("partir de", "menos de", "at least", "fewer than", "menos")) else set()
    for row in rows:
        for value in row.values():
            known |= write(value, language) if not isinstance(value, str) else set(re.findall(r"\d+", value))
    # How many rows share a value, and how many there are.
    for name in {name for row in rows for name in row}:
        counted = Counter(row[name] for row in rows if isinstance(row.get(name), float))
        known |= {str(count) for count in (*counted.values(), len(rows))}
    for period in (plan.period, plan.compare_to, compared):
        for day in (period.start, period.end) if period else ():
            known |= {f"{day:%d}", str(day.day), f"{day:%m}", str(day.year), str(period.days if period else 0)}
    known |= {str(limit) for limit in (plan.limit, plan.filters.satisfaction_max, plan.filters.satisfaction_min) if limit is not None}
    # How sure a driver is, is drawn and not counted: SQL has no say in it.
    drawn = [row["certainty"] for block in composed.blocks if isinstance(block, DriversBlock) for row in block.rows]
    known |= {text for value in drawn for text in write(value, language)}
    return [found for found in re.findall(r"\d+(?:[.,]\d+)*", words) if found not in known]


def write(value: Any, language: str) -> set[str]:
    """The ways in which a number is written: whole, to one or two places, as a duration's parts, as an hour."""
    if not isinstance(value, float):
        return set()
    size, point = abs(value), "." if language == "en" else ","
    places = (0, 1, 2) if size != round(size) else (0, 1)
    exact = Decimal(repr(round(size, 9)))
    plain = {str(exact.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)).replace(".", point) for count in places}
    short = {text.rstrip("0") for text in plain if text.endswith("0") and text.count(point) and not text.endswith(f"{point}0")}
    seconds = round(size)
    parts = {seconds // 60, seconds % 60} if 60 <= seconds < 3600 else {seconds // 3600, seconds % 3600 // 60}
    return plain | short | {str(part) for part in parts} | {f"{part:02d}" for part in parts} | {f"{seconds:02d}"}
