"""What moved a number, split exactly over the values of a dimension. Pure arithmetic; no words, no database.

A mean or share M of a period is Σ wᵥ·rᵥ, with rᵥ the mean within value v and wᵥ = nᵥ/N its share of the rows. Its change is
split, without a remainder and the same whichever period comes first, into

    rate of v = (wᵥ + wᵥ′)/2 · (rᵥ′ − rᵥ)                    v itself got better or worse
    mix of v  = (wᵥ′ − wᵥ) · ((rᵥ + rᵥ′)/2 − (M + M′)/2)     v, better or worse than the whole, became more or less frequent

A value seen in one period only has no rate part. A count is split into its plain differences. A median cannot be split: its
values are set side by side and ranked by rows × difference, and nothing is said to sum up.

`certainty` is how many standard errors a value's movement is away from that of all the other rows: it says whether the
value stands out or just wobbles as small numbers do.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Key = str | int | None
Kind = Literal["exact", "difference", "median"]

# A driver is named only with this many rows in the period where it has most of them, ...
MIN_ROWS = 5
# ... that far away from how the rest moved (standard errors; several dozens of values are looked at, so two are not enough),
# less far where the whole moved by more than chance, so that a cause is to be looked for, ...
MIN_CERTAINTY = 3.0
MIN_CERTAINTY_OF_REAL_CHANGE = 2.4
# ... and with at least this part of the whole change.
MIN_PART = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value of a dimension in both periods: what was measured (None where there is nothing) and of how many rows."""

    key: Key
    before: float | None
    before_rows: int
    now: float | None
    now_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A value's part in a change, in the metric's own unit: `change` = `rate` + `mix`."""

    key: Key
    before: float | None
    before_rows: int
    now: float | None
    now_rows: int
    change: float
    rate: float
    mix: float
    certainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A change over one dimension, its drivers largest first. For `exact` and `difference` their changes sum to `change`.

    `needed` is the certainty from which a driver stands out.
    """

    dimension: str
    kind: Kind
    change: float
    drivers: tuple[Driver, ...]
    needed: float = MIN_CERTAINTY

    @property
    def standing_out(self) -> tuple[Driver, ...]:
        """The drivers that are large, certain and push the same way as the whole, largest first."""
        return tuple(driver for driver in self.drivers if _stands_out(driver, self))

    @property
    def strength(self) -> float:
        """How sharply this dimension sets the cause apart: the certainty of its surest driver; 0 where nothing stands out."""
        return max((driver.certainty for driver in self.standing_out), default=0.0)


def split_mean(dimension: str, cells: Sequence[Cell], *, deviation: float) -> Split:
    """Split the change of a mean or share. `deviation` is the standard deviation of single rows, in the metric's unit.

    Raises ValueError where either period has no row at all: there is no change to split.
    """
    before_rows, now_rows = sum(cell.before_rows for cell in cells), sum(cell.now_rows for cell in cells)
    if not before_rows or not now_rows:
        raise ValueError(f"nothing to compare over {dimension}: {before_rows} rows before, {now_rows} now")
    before_sum = math.fsum((cell.before or 0.0) * cell.before_rows for cell in cells)
    now_sum = math.fsum((cell.now or 0.0) * cell.now_rows for cell in cells)
    middle = (before_sum / before_rows + now_sum / now_rows) / 2
    drivers = []
    for cell in cells:
        if not cell.before_rows and not cell.now_rows:
            continue
        weight_before, weight_now = cell.before_rows / before_rows, cell.now_rows / now_rows
        before = cell.before if cell.before_rows and cell.before is not None else cell.now
        now = cell.now if cell.now_rows and cell.now is not None else cell.before
        if before is None or now is None:
            raise ValueError(f"{dimension} {cell.key!r} has rows but no mean")
        rate = (weight_before + weight_now) / 2 * (now - before)
        mix = (weight_now - weight_before) * ((before + now) / 2 - middle)
        certainty = max(
            _rate_certainty(cell, before_sum, before_rows, now_sum, now_rows, deviation=deviation) if abs(rate) >= abs(mix) else 0.0,
            _mix_certainty(cell, before_rows, now_rows) if abs(mix) > abs(rate) else 0.0,
        )
        drivers.append(_make_driver(cell, change=rate + mix, rate=rate, mix=mix, certainty=certainty))
    change = now_sum / now_rows - before_sum / before_rows
    is_real = is_beyond_chance(change=change, before_rows=before_rows, now_rows=now_rows, deviation=deviation)
    return Split(dimension=dimension, kind="exact", change=change, drivers=_order(drivers), needed=_need(is_real=is_real))


def split_count(dimension: str, cells: Sequence[Cell], *, change: float) -> Split:
    """Set the differences of a count side by side. They sum to the change where no row counts under two values."""
    before_sum, now_sum = sum(cell.before or 0.0 for cell in cells), sum(cell.now or 0.0 for cell in cells)
    growth = now_sum / before_sum if before_sum else 1.0
    drivers = []
    for cell in cells:
        before, now = cell.before or 0.0, cell.now or 0.0
        if not before and not now:
            continue
        # Poisson counts: is this value's growth another than that of all the rest?
        rest_before, rest_now = before_sum - before, now_sum - now
        rest_growth = rest_now / rest_before if rest_before else growth
        error = math.sqrt(now + rest_growth**2 * before) or 1.0
        certainty = abs(now - rest_growth * before) / error
        drivers.append(_make_driver(cell, change=now - before, rate=now - before, mix=0.0, certainty=certainty))
    is_real = is_count_beyond_chance(before=before_sum, now=now_sum)
    return Split(dimension=dimension, kind="difference", change=change, drivers=_order(drivers), needed=_need(is_real=is_real))


def split_median(dimension: str, cells: Sequence[Cell], *, change: float) -> Split:
    """Set the medians side by side: `change` of a driver is its own difference, its certainty how much its rows weigh."""
    before_rows, now_rows = sum(cell.before_rows for cell in cells), sum(cell.now_rows for cell in cells)
    weighed = {
        cell.key: ((cell.before_rows / before_rows + cell.now_rows / now_rows) / 2 * (cell.now - cell.before))
        for cell in cells
        if cell.before is not None and cell.now is not None and before_rows and now_rows
    }
    total = math.fsum(abs(part) for part in weighed.values())
    drivers = [
        _make_driver(
            cell,
            change=cell.now - cell.before,
            rate=cell.now - cell.before,
            mix=0.0,
            # On the scale of standard errors, so that a half of all movement is as sure as `MIN_CERTAINTY`.
            certainty=2 * MIN_CERTAINTY * abs(weighed[cell.key]) / total if total else 0.0,
        )
        for cell in cells
        if cell.key in weighed and cell.before is not None and cell.now is not None
    ]
    ordered = sorted(drivers, key=lambda driver: (-driver.certainty, str(driver.key)))
    return Split(dimension=dimension, kind="median", change=change, drivers=tuple(ordered))


def choose_split(splits: Sequence[Split]) -> Split | None:
    """The dimension that sets the cause apart most sharply; None where nothing stands out in any."""
    best = max(splits, key=lambda split: split.strength, default=None)
    return best if best is not None and best.strength > 0 else None


def find_nearest(splits: Sequence[Split]) -> Split | None:
    """The split that comes nearest to telling a cause, whether anything stands out in it or not.

    A cause is sure and carries much of the change: a value may be sure to have moved, and yet have moved next to nothing. A
    dimension with a single value sets nothing apart.
    """
    found = {split: max((_weigh(driver, split) for driver in split.drivers), default=0.0) for split in splits if len(split.drivers) > 1}
    best = max(found, key=lambda split: found[split], default=None)
    return best if best is not None and found[best] > 0 else None


def _weigh(driver: Driver, split: Split) -> float:
    """Certainty times the part of the change; 0 for what pushed the other way. Medians have no parts."""
    if driver.change * split.change <= 0:
        return 0.0
    return driver.certainty if split.kind == "median" else driver.certainty * driver.change / split.change


def is_beyond_chance(*, change: float, before_rows: int, now_rows: int, deviation: float) -> bool:
    """Whether a mean moved by more than two standard errors of the difference of two samples of this size."""
    if not before_rows or not now_rows:
        return False
    return abs(change) >= 2 * deviation * math.sqrt(1 / before_rows + 1 / now_rows)


def is_count_beyond_chance(*, before: float, now: float) -> bool:
    """Whether a count moved by more than two standard errors of the difference of two counts of this size."""
    return abs(now - before) > 2 * math.sqrt(before + now)


def _need(*, is_real: bool) -> float:
    return MIN_CERTAINTY_OF_REAL_CHANGE if is_real else MIN_CERTAINTY


def _make_driver(cell: Cell, *, change: float, rate: float, mix: float, certainty: float) -> Driver:
    return Driver(
        key=cell.key, before=cell.before, before_rows=cell.before_rows, now=cell.now, now_rows=cell.now_rows,
        change=change, rate=rate, mix=mix, certainty=certainty,
    )  # fmt: skip


def _order(drivers: list[Driver]) -> tuple[Driver, ...]:
    return tuple(sorted(drivers, key=lambda driver: (-abs(driver.change), str(driver.key))))


def _stands_out(driver: Driver, split: Split) -> bool:
    fewest, most = sorted((driver.before_rows, driver.now_rows))
    is_median = split.kind == "median"
    return (
        driver.change * split.change > 0
        and (fewest if is_median else most) >= MIN_ROWS
        and (is_median or abs(driver.change) >= MIN_PART * abs(split.change))
        and driver.certainty >= split.needed
    )


def _rate_certainty(cell: Cell, before_sum: float, before_rows: int, now_sum: float, now_rows: int, *, deviation: float) -> float:
    """How far the value's own change is from that of all other rows, in standard errors."""
    if not deviation or not cell.before_rows or not cell.now_rows or cell.before is None or cell.now is None:
        return 0.0
    own = cell.now - cell.before
    variance = 1 / cell.before_rows + 1 / cell.now_rows
    rest_before_rows, rest_now_rows = before_rows - cell.before_rows, now_rows - cell.now_rows
    rest = 0.0
    if rest_before_rows and rest_now_rows:
        rest = (now_sum - cell.now * cell.now_rows) / rest_now_rows - (before_sum - cell.before * cell.before_rows) / rest_before_rows
        variance += 1 / rest_before_rows + 1 / rest_now_rows
    return abs(own - rest) / (deviation * math.sqrt(variance))


def _mix_certainty(cell: Cell, before_rows: int, now_rows: int) -> float:
    """How sure it is that the value's share of the rows moved, in standard errors of two proportions."""
    pooled = (cell.before_rows + cell.now_rows) / (before_rows + now_rows)
    error = math.sqrt(pooled * (1 - pooled) * (1 / before_rows + 1 / now_rows))
    return abs(cell.now_rows / now_rows - cell.before_rows / before_rows) / error if error else 0.0
