"""Splitting a change: the parts sum to it, the planted cause is named, and chance is not taken for a cause."""

import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.decompose import Cell, Split, choose_split, find_nearest, is_beyond_chance, split_count, split_mean, split_median

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
    split = split_mean("channel", table, deviation=1.2)
    total = math.fsum(driver.change for driver in split.drivers)
    assert math.isclose(total, split.change, abs_tol=1e-9)
    for driver in split.drivers:
        assert math.isclose(driver.rate + driver.mix, driver.change, abs_tol=1e-12)


@given(cells())
def test_backwards_in_time_every_part_has_the_other_sign(table: list[Cell]) -> None:
    turned = [make_cell(str(cell.key), cell.now, cell.now_rows, cell.before, cell.before_rows) for cell in table]
    forth = {str(driver.key): driver for driver in split_mean("channel", table, deviation=1.2).drivers}
    back = {str(driver.key): driver for driver in split_mean("channel", turned, deviation=1.2).drivers}
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
    split = split_mean("channel", table, deviation=1.0)
    assert split.change == -1.0
    assert read(split) == [("Norte", -1.0, 0.0), ("Centro", 0.0, 0.0)]
    assert [driver.key for driver in split.standing_out] == ["Norte"]


def test_more_of_a_weak_channel_is_all_mix() -> None:
    table = [make_cell("Norte", 2.0, 20, 2.0, 80), make_cell("Centro", 4.0, 80, 4.0, 20)]
    split = split_mean("channel", table, deviation=1.0)
    assert round(split.change, 4) == -1.2
    # Both means stay; the middle of the wholes is (3.6 + 2.4) / 2 = 3.0, from which each is 1 away: 0.6 · 1 each.
    assert read(split) == [("Centro", 0.0, -0.6), ("Norte", 0.0, -0.6)]


def test_a_value_of_one_period_alone_has_no_rate() -> None:
    table = [make_cell("Norte", None, 0, 2.0, 50), make_cell("Centro", 4.0, 100, 4.0, 50)]
    split = split_mean("channel", table, deviation=1.0)
    assert split.change == -1.0
    # The wholes are 4 and 3, their middle 3.5: Norte 0.5 · (2 − 3.5), Centro −0.5 · (4 − 3.5).
    assert read(split) == [("Norte", 0.0, -0.75), ("Centro", 0.0, -0.25)]


def test_a_period_without_rows_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="nothing to compare over channel: 0 rows before, 3 now"):
        split_mean("channel", [make_cell("Norte", None, 0, 2.0, 3)], deviation=1.0)


def test_all_channels_falling_alike_lets_none_stand_out() -> None:
    table = [make_cell(name, 4.0, 100, 3.5, 100) for name in ("Norte", "Centro", "Vendas")]
    split = split_mean("channel", table, deviation=1.0)
    assert (split.change, split.standing_out, choose_split([split])) == (-0.5, (), None)


def test_four_rows_never_stand_out() -> None:
    table = [make_cell("Norte", 5.0, 4, 1.0, 4), make_cell("Centro", 4.0, 10, 4.0, 10)]
    assert split_mean("channel", table, deviation=1.0).standing_out == ()


def test_a_count_stands_out_by_how_much_faster_it_grew() -> None:
    table = [make_cell("Norte", 10, 10, 60, 60), make_cell("Centro", 40, 40, 42, 42), make_cell("Vendas", 30, 30, 31, 31)]
    split = split_count("channel", table, change=53)
    assert [driver.key for driver in split.standing_out] == ["Norte"]


def test_medians_are_set_side_by_side() -> None:
    table = [make_cell("Norte", 60, 50, 900, 50), make_cell("Centro", 60, 50, 62, 50), make_cell("Vendas", 70, 3, None, 0)]
    split = split_median("channel", table, change=120)
    assert [(driver.key, driver.change) for driver in split.drivers] == [("Norte", 840), ("Centro", 2)]
    assert [driver.key for driver in split.standing_out] == ["Norte"]


@pytest.mark.parametrize(
    ("change", "before_rows", "now_rows", "expected"),
    [
        (-0.5, 100, 100, True),  # two standard errors are 2 · 1.2 · √0.02 = 0.34
        (-0.3, 100, 100, False),
        (-0.5, 10, 10, False),
        (-0.5, 0, 10, False),
    ],
)
def test_chance(change: float, before_rows: int, now_rows: int, expected: bool) -> None:
    assert is_beyond_chance(change=change, before_rows=before_rows, now_rows=now_rows, deviation=1.2) is expected


CHANNELS = {"Suporte": 0.4, "Vendas": 0.3, "Centro": 0.2, "Norte": 0.1}
AGENTS = {"Ana": 0.3, "Bruno": 0.25, "Carla": 0.2, "Diego": 0.15, "Eduarda": 0.1}
THEMES = {"Entrega": 0.3, "Defeito": 0.25, "Troca": 0.2, "Pix": 0.15, "Site": 0.1}


def draw_period(chance: random.Random, *, size: int, bad: tuple[str, str] | None) -> list[dict[str, str | float]]:
    """Conversations with a channel, an agent, a theme and a note 1–5; those of `bad` (dimension, value) get low notes."""
    drawn: list[dict[str, str | float]] = []
    for _ in range(size):
        row: dict[str, str | float] = {
            name: chance.choices(list(shares), list(shares.values()))[0]
            for name, shares in (("channel", CHANNELS), ("agent", AGENTS), ("theme", THEMES))
        }
        weights = (8, 4, 2, 1, 1) if bad is not None and row[bad[0]] == bad[1] else (1, 1, 3, 6, 5)
        drawn.append(row | {"note": float(chance.choices((1, 2, 3, 4, 5), weights)[0])})
    return drawn


def split_all(before: list[dict[str, str | float]], now: list[dict[str, str | float]]) -> list[Split]:
    splits = []
    for dimension, values in (("channel", CHANNELS), ("agent", AGENTS), ("theme", THEMES)):
        table = []
        for value in values:
            sides = [[float(row["note"]) for row in side if row[dimension] == value] for side in (before, now)]
            means = [sum(side) / len(side) if side else None for side in sides]
            table.append(make_cell(value, means[0], len(sides[0]), means[1], len(sides[1])))
        splits.append(split_mean(dimension, table, deviation=1.25))
    return splits


def test_a_planted_cause_is_named_first() -> None:
    """200 pairs of weeks of 100 conversations in which one channel, agent or theme turns bad, drawn with a fixed seed."""
    chance = random.Random(20)
    outcomes: Counter[str] = Counter()
    for number in range(200):
        bad = [("channel", "Centro"), ("agent", "Bruno"), ("theme", "Entrega"), ("channel", "Vendas")][number % 4]
        chosen = choose_split(split_all(draw_period(chance, size=100, bad=None), draw_period(chance, size=100, bad=bad)))
        is_right = chosen is not None and (chosen.dimension, chosen.standing_out[0].key) == bad
        outcomes["named" if is_right else "nothing" if chosen is None else "another"] += 1
    assert outcomes == {"named": 191, "nothing": 9}


def test_nothing_planted_is_hardly_ever_named() -> None:
    """Three false alarms in 200 are what the threshold of certainty buys: none would mean that real causes go unnamed."""
    chance = random.Random(21)
    pairs = [(draw_period(chance, size=100, bad=None), draw_period(chance, size=100, bad=None)) for _ in range(200)]
    assert sum(choose_split(split_all(before, now)) is not None for before, now in pairs) == 3


def test_where_nothing_stands_out_the_nearest_split_has_a_driver_that_carries_much_of_the_change() -> None:
    # The whole went from 3.13 to 2.55. "North" carries most of that; "Offers" is only surer to have become more frequent.
    channel = split_mean("channel", [make_cell("North", 2.73, 11, 1.86, 28), make_cell("Centre", 3.23, 43, 3.0, 43)], deviation=1.1)
    others = [make_cell(f"Other {number}", 3.2, 8, 2.5, 10) for number in range(5)]
    theme = split_mean("theme", [make_cell("Delivery", 3.0, 14, 2.5, 13), *others, make_cell("Offers", None, 0, 2.6, 8)], deviation=1.1)
    assert choose_split([channel, theme]) is None
    surest = {split.dimension: max(split.drivers, key=lambda driver: driver.certainty).key for split in (channel, theme)}
    assert surest == {"channel": "North", "theme": "Offers"}
    assert find_nearest([theme, channel]) == channel
    alone = split_mean("agent", [make_cell("Ana", 3.13, 54, 2.55, 71)], deviation=1.1)
    assert find_nearest([alone, theme, channel]) == channel
    assert find_nearest([alone]) is None
