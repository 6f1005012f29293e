"""What is more than chance: a planted cause is named, and what is drawn from one and the same shop is not taken for a cause."""

import math

import numpy as np
import pytest

from assistant.chance import Table, judge, measure_whole
from assistant.decompose import Cell, Key, Split, split_count, split_mean

NOTES = np.arange(1.0, 6.0)
# Conversations by their notes 1 2 3 4 5.
GOOD, MIXED, BAD = (1, 2, 4, 13, 20), (4, 8, 12, 10, 6), (22, 10, 4, 3, 1)
Counts = dict[Key, tuple[tuple[int, ...], tuple[int, ...]]]


def make_table(dimension: str, counts: Counts) -> Table:
    sides = [np.array([pair[side] for pair in counts.values()], dtype=np.float64) for side in (0, 1)]
    return Table(dimension=dimension, keys=tuple(counts), parts=NOTES, before=sides[0], now=sides[1])


def split(table: Table) -> Split:
    cells = []
    for key, before, now in zip(table.keys, table.before, table.now, strict=True):
        means = [float(side @ NOTES / side.sum()) if side.sum() else None for side in (before, now)]
        cells.append(Cell(key=key, before=means[0], before_rows=int(before.sum()), now=means[1], now_rows=int(now.sum())))
    return split_mean(table.dimension, cells)


def name(counts: Counts, *, shrink: float = 1.0) -> list[tuple[Key, str | None]]:
    table = make_table("channel", counts)
    (judged,) = judge([split(table)], {"channel": table}, floor=0.5, shrink=shrink)
    return [(driver.key, driver.cause) for driver in judged.standing_out]


def times(counts: tuple[int, ...], factor: float) -> tuple[int, ...]:
    return tuple(round(count * factor) for count in counts)


def test_a_channel_that_got_worse_stands_out_by_its_rate() -> None:
    assert name({"Norte": (GOOD, BAD), "Centro": (GOOD, GOOD), "Sul": (MIXED, MIXED)}) == [("Norte", "rate")]


def test_more_of_a_weak_channel_stands_out_by_the_mix() -> None:
    assert name({"Norte": (times(BAD, 0.3), times(BAD, 1.5)), "Centro": (GOOD, GOOD), "Sul": (GOOD, GOOD)}) == [("Norte", "mix")]


def test_a_channel_that_did_both_is_named_for_both() -> None:
    assert name({"Norte": (times(MIXED, 0.5), times(BAD, 1.5)), "Centro": (GOOD, GOOD), "Sul": (GOOD, GOOD)}) == [("Norte", "both")]


def test_more_of_a_channel_like_the_others_moves_nothing() -> None:
    assert name({"Norte": (GOOD, times(GOOD, 4)), "Centro": (GOOD, GOOD), "Sul": (GOOD, GOOD)}) == []


def test_where_all_fall_alike_none_stands_out() -> None:
    assert name({"Norte": (GOOD, MIXED), "Centro": (GOOD, MIXED), "Sul": (GOOD, MIXED)}) == []


def test_four_conversations_never_stand_out() -> None:
    assert name({"Norte": ((0, 0, 0, 0, 4), (4, 0, 0, 0, 0)), "Centro": (GOOD, GOOD), "Sul": (MIXED, MIXED)}) == []


def test_what_is_said_in_one_conversation_counts_once() -> None:
    """Twenty-five messages a conversation are one opinion: the score is a fifth of what it would be."""
    counts: Counts = {"Norte": (times(GOOD, 0.5), times(BAD, 0.5)), "Centro": (GOOD, GOOD), "Sul": (GOOD, GOOD)}
    assert name(counts) == [("Norte", "rate")]
    assert name(counts, shrink=0.2) == []


def test_a_count_stands_out_where_it_grew_faster_than_the_rest() -> None:
    #                       Norte 10 → 60, Centro 40 → 42, Vendas 30 → 31
    cells = [
        Cell(key=key, before=before, before_rows=before, now=now, now_rows=now)
        for key, before, now in (("Norte", 10, 60), ("Centro", 40, 42), ("Vendas", 30, 31))
    ]
    table = Table(
        dimension="channel", keys=tuple(cell.key for cell in cells), parts=np.ones(1),
        before=np.array([[10.0], [40.0], [30.0]]), now=np.array([[60.0], [42.0], [31.0]]),
    )  # fmt: skip
    (judged,) = judge([split_count("channel", cells, change=53)], {"channel": table}, floor=0.0)
    assert [driver.key for driver in judged.standing_out] == ["Norte"]
    # 133 against 80: 53 / √213.
    assert measure_whole(table, floor=0.0) == pytest.approx(53 / math.sqrt(213))


def test_the_whole_is_measured_in_standard_errors() -> None:
    """Notes 4 and 2 with a deviation of 1 within each week of 50: a fall of 2 is 2 / √(1/50 + 1/50) = 10 errors, but for 98 in 100."""
    table = Table(
        dimension="channel", keys=("Norte",), parts=NOTES,
        before=np.array([[0.0, 0, 25, 0, 25]]), now=np.array([[25.0, 0, 25, 0, 0]]),
    )  # fmt: skip
    assert measure_whole(table, floor=0.5) == pytest.approx(10 * math.sqrt(98 / 100))


def test_the_same_question_gets_the_same_certainty() -> None:
    table = make_table("channel", {"Norte": (GOOD, times(MIXED, 0.8)), "Centro": (GOOD, GOOD), "Sul": (MIXED, MIXED)})
    first, second = (judge([split(table)], {"channel": table}, floor=0.5) for _ in range(2))
    assert first == second
    assert 0 < min(driver.chance for driver in first[0].drivers) < 0.05


def test_a_period_without_rows_is_judged_in_no_way() -> None:
    cells = [Cell(key="Norte", before=0, before_rows=0, now=9, now_rows=9)]
    counted = split_count("channel", cells, change=9)
    table = Table(dimension="channel", keys=("Norte",), parts=np.ones(1), before=np.zeros((1, 1)), now=np.array([[9.0]]))
    assert judge([counted], {"channel": table}, floor=0.0) == (counted,)
