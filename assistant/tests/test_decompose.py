"""Splitting a change: the parts sum to it, whatever is split, and the same backwards in time. What is more than chance: test_chance.py."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.decompose import Cell, Split, choose_split, find_nearest, split_count, split_mean, split_median

rows = st.integers(min_value=0, max_value=10_000)
notes = st.floats(min_value=1, max_value=5)


@st.composite
def cells(draw: st.DrawFn) -> list[Cell]:
    """Any table of both periods in which each period has at least one row."""
    table = []
    for key in range(draw(st.integers(min_value=1, max_value=12))):
        before_rows, now_rows = draw(rows), draw(rows)
        table.append(
            Cell(
                key=str(key),
                before=draw(notes) if before_rows else None, before_rows=before_rows,
                now=draw(notes) if now_rows else None, now_rows=now_rows,
            )
        )  # fmt: skip
    table.append(Cell(key=None, before=draw(notes), before_rows=draw(rows) + 1, now=draw(notes), now_rows=draw(rows) + 1))
    return table


def make_cell(key: str, before: float | None, before_rows: int, now: float | None, now_rows: int) -> Cell:
    return Cell(key=key, before=before, before_rows=before_rows, now=now, now_rows=now_rows)


@given(cells())
def test_parts_sum_to_the_change(table: list[Cell]) -> None:
    split = split_mean("channel", table)
    total = math.fsum(driver.change for driver in split.drivers)
    assert math.isclose(total, split.change, abs_tol=1e-9)
    for driver in split.drivers:
        assert math.isclose(driver.rate + driver.mix, driver.change, abs_tol=1e-12)


@given(cells())
def test_backwards_in_time_every_part_has_the_other_sign(table: list[Cell]) -> None:
    turned = [make_cell(str(cell.key), cell.now, cell.now_rows, cell.before, cell.before_rows) for cell in table]
    forth = {str(driver.key): driver for driver in split_mean("channel", table).drivers}
    back = {str(driver.key): driver for driver in split_mean("channel", turned).drivers}
    assert forth.keys() == back.keys()
    for key, driver in forth.items():
        assert math.isclose(driver.rate, -back[key].rate, abs_tol=1e-9)
        assert math.isclose(driver.mix, -back[key].mix, abs_tol=1e-9)


@given(st.lists(st.tuples(rows, rows), min_size=1, max_size=12))
def test_differences_of_a_count_sum_to_the_change(counts: list[tuple[int, int]]) -> None:
    table = [make_cell(str(key), float(before), before, float(now), now) for key, (before, now) in enumerate(counts)]
    change = float(sum(now - before for before, now in counts))
    assert math.fsum(driver.change for driver in split_count("channel", table, change=change).drivers) == change


def read(split: Split) -> list[tuple[object, float, float]]:
    return [(driver.key, round(driver.rate, 4), round(driver.mix, 4)) for driver in split.drivers]


def test_a_channel_that_got_worse_is_all_rate() -> None:
    #                     before: mean, rows   now: mean, rows
    table = [make_cell("Norte", 4.0, 100, 2.0, 100), make_cell("Centro", 4.0, 100, 4.0, 100)]
    split = split_mean("channel", table)
    assert split.change == -1.0
    assert read(split) == [("Norte", -1.0, 0.0), ("Centro", 0.0, 0.0)]


def test_more_of_a_weak_channel_is_all_mix() -> None:
    table = [make_cell("Norte", 2.0, 20, 2.0, 80), make_cell("Centro", 4.0, 80, 4.0, 20)]
    split = split_mean("channel", table)
    assert round(split.change, 4) == -1.2
    # Both means stay; the middle of the wholes is (3.6 + 2.4) / 2 = 3.0, from which each is 1 away: 0.6 · 1 each.
    assert read(split) == [("Centro", 0.0, -0.6), ("Norte", 0.0, -0.6)]


def test_a_value_of_one_period_alone_has_no_rate() -> None:
    table = [make_cell("Norte", None, 0, 2.0, 50), make_cell("Centro", 4.0, 100, 4.0, 50)]
    split = split_mean("channel", table)
    assert split.change == -1.0
    # The wholes are 4 and 3, their middle 3.5: Norte 0.5 · (2 − 3.5), Centro −0.5 · (4 − 3.5).
    assert read(split) == [("Norte", 0.0, -0.75), ("Centro", 0.0, -0.25)]


def test_a_period_without_rows_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="nothing to compare over channel: 0 rows before, 3 now"):
        split_mean("channel", [make_cell("Norte", None, 0, 2.0, 3)])


def test_what_counts_twice_is_a_remainder() -> None:
    # Nine customers then and twelve now; of the twelve, three wrote to both channels.
    split = split_count("channel", [make_cell("Norte", 4, 4, 8, 8), make_cell("Centro", 5, 5, 7, 7)], change=3)
    assert ([driver.change for driver in split.drivers], split.remainder, split.change) == ([4, 2], -3, 3)


def test_a_median_is_split_by_the_share_above_the_middle_of_both() -> None:
    # Half of all waits were above the middle of both medians, now three quarters are: Norte's share rose from 50 % to 100 %.
    shares = [make_cell("Norte", 0.5, 40, 1.0, 40), make_cell("Centro", 0.5, 40, 0.5, 40)]
    split = split_median("channel", shares, medians={"Norte": (60, 900), "Centro": (60, 62)}, change=120)
    assert [(driver.key, driver.before, driver.now, driver.change) for driver in split.drivers] == [
        ("Norte", 60, 900, 120),
        ("Centro", 60, 62, 0),
    ]
    assert (split.change, split.remainder) == (120, 0)


def test_a_median_with_nothing_between_the_two_cannot_be_told_apart() -> None:
    shares = [make_cell("Norte", 0.5, 4, 0.5, 4), make_cell("Centro", 0.5, 4, 0.5, 4)]
    split = split_median("channel", shares, medians={"Norte": (60, 61), "Centro": (60, 61)}, change=1)
    assert ([driver.change for driver in split.drivers], split.remainder) == ([0, 0], 1)


def test_what_stands_out_comes_surest_first_and_leaves_a_rest() -> None:
    table = [make_cell("Norte", 4.0, 100, 2.0, 100), make_cell("Sul", 4.0, 100, 3.0, 100), make_cell("Leste", 3.0, 100, 4.0, 100)]
    table.append(make_cell("Centro", 4.0, 100, 3.9, 100))
    split = split_mean("channel", table)
    strengths = {"Norte": 1.5, "Sul": 2.0, "Leste": 1.2, "Centro": 0.4}
    split = replace(split, drivers=tuple(replace(driver, strength=strengths[str(driver.key)]) for driver in split.drivers))
    assert [driver.key for driver in split.standing_out] == ["Sul", "Norte"]
    assert [driver.key for driver in split.against] == ["Leste"]
    # The change is (−2 − 1 + 1 − 0.1) / 4, all but the last told.
    assert round(split.rest, 9) == -0.025
    assert choose_split([split]) == split


def test_of_two_values_that_mirror_each_other_the_one_that_moved_is_the_cause() -> None:
    split = split_mean("customer", [make_cell("new", 4.0, 50, 2.5, 50), make_cell("returning", 4.0, 60, 4.1, 60)])
    sure = replace(split, drivers=tuple(replace(driver, strength=2.0, cause="rate") for driver in reversed(split.drivers)))
    assert sure.standing_out[0].key == "new"
    # More of a weak value is less of a strong one: the one that grew is the cause.
    split = split_mean("customer", [make_cell("new", 2.0, 20, 2.0, 80), make_cell("returning", 4.0, 80, 4.0, 20)])
    sure = replace(split, drivers=tuple(replace(driver, strength=2.0, cause="mix") for driver in split.drivers))
    assert sure.standing_out[0].key == "new"


def test_where_nothing_stands_out_the_nearest_split_has_a_driver_that_carries_much_of_the_change() -> None:
    channel = split_mean("channel", [make_cell("North", 2.73, 11, 1.86, 28), make_cell("Centre", 3.23, 43, 3.0, 43)])
    theme = split_mean("theme", [make_cell(f"Other {number}", 3.2, 8, 2.5, 10) for number in range(5)])
    assert choose_split([channel, theme]) is None
    assert find_nearest([theme, channel]) == channel
    alone = split_mean("agent", [make_cell("Ana", 3.13, 54, 2.55, 71)])
    assert find_nearest([alone, theme, channel]) == channel
    assert find_nearest([alone]) is None
