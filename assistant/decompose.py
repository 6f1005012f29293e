"""What moved a number, split exactly over the values of a dimension. Pure arithmetic; no words, no database.

A mean or share M of a period is Σ wᵥ·rᵥ, with rᵥ the mean within value v and wᵥ = nᵥ/N its share of the rows. Its change is
split, without a remainder and the same whichever period comes first, into

    rate of v = (wᵥ + wᵥ′)/2 · (rᵥ′ − rᵥ)                    v itself got better or worse
    mix of v  = (wᵥ′ − wᵥ) · ((rᵥ + rᵥ′)/2 − (M + M′)/2)     v, better or worse than the whole, became more or less frequent

A value seen in one period only has no rate part. A count is split into its plain differences; what is counted under two values
(a customer of two channels) is a remainder of its own. A median is split by the share of the rows above the middle of both
medians: that share is a mean, its parts are scaled so that they sum to the median's change.

How sure a driver is, `cause`, `strength` and `chance`, is judged in `chance.py`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Key = str | int | None
Kind = Literal["exact", "difference", "median"]
Cause = Literal["rate", "mix", "both"]

# Sums of floating-point parts differ from the whole by less than this.
EXACT = 1e-9
# A value whose part of a change is larger than this, and than so many times its share of the rows, is no mere share of what moved all.
MOST, UNEVEN = 0.5, 2.0


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
    """A value's part in a change, in the metric's own unit: `change` = `rate` + `mix`.

    It stands out where `strength` is 1 or more, for its `cause`; `chance` (0–1) is how often luck alone shows one as strong.
    """

    key: Key
    before: float | None
    before_rows: int
    now: float | None
    now_rows: int
    change: float
    rate: float
    mix: float
    cause: Cause | None = None
    strength: float = 0.0
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A change over one dimension, its drivers largest first. Their changes and `remainder` sum to `change`."""

    dimension: str
    kind: Kind
    change: float
    drivers: tuple[Driver, ...]
    remainder: float = 0.0

    @property
    def standing_out(self) -> tuple[Driver, ...]:
        """The drivers that are more than chance and push the way of the first, the surest, which comes first; then largest first.

        Of two values that mirror each other, which are as sure, the one that moved more, or else the one that grew, is the cause.
        """
        sure = [driver for driver in self.drivers if driver.strength >= 1]
        if not sure:
            return ()
        first = max(sure, key=lambda driver: (driver.strength, *_weigh_twin(driver)))
        return (first, *(driver for driver in sure if driver is not first and driver.change * first.change > 0))

    @property
    def against(self) -> tuple[Driver, ...]:
        """The drivers that are more than chance and push the other way, largest first."""
        chosen = self.standing_out
        return tuple(driver for driver in self.drivers if driver.strength >= 1 and chosen and driver.change * chosen[0].change < 0)

    @property
    def strength(self) -> float:
        """How sharply this dimension sets the cause apart: the strength of its surest driver; 0 where nothing stands out."""
        return max((driver.strength for driver in self.standing_out), default=0.0)

    @property
    def rest(self) -> float:
        """What the drivers that stand out do not explain of the change."""
        return self.change - math.fsum(driver.change for driver in (*self.standing_out, *self.against))


def split_mean(dimension: str, cells: Sequence[Cell]) -> Split:
    """Split the change of a mean or share. Raises ValueError where either period has no row: there is no change to split."""
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
        drivers.append(_make_driver(cell, rate=rate, mix=mix))
    return Split(dimension=dimension, kind="exact", change=now_sum / now_rows - before_sum / before_rows, drivers=_order(drivers))


def split_count(dimension: str, cells: Sequence[Cell], *, change: float) -> Split:
    """Set the differences of a count side by side. What is counted under several values is the remainder."""
    drivers = [
        _make_driver(cell, rate=(cell.now or 0.0) - (cell.before or 0.0), mix=0.0) for cell in cells if cell.before or cell.now
    ]  # fmt: skip
    remainder = change - math.fsum(driver.change for driver in drivers)
    return Split(dimension=dimension, kind="difference", change=change, drivers=_order(drivers), remainder=remainder)


def split_median(
    dimension: str, shares: Sequence[Cell], *, medians: Mapping[Key, tuple[float | None, float | None]], change: float
) -> Split:
    """Split the change of a median by the shares of rows above the middle of both medians.

    Where no row lies between the two medians the shares stand still, and nothing can be told apart: all of it is the remainder.
    """
    split = split_mean(dimension, shares)
    scale = change / split.change if abs(split.change) > EXACT else 0.0
    drivers = []
    for driver in split.drivers:
        before, now = medians.get(driver.key, (None, None))
        drivers.append(
            replace(
                driver, before=before, now=now, change=scale * driver.change, rate=scale * driver.rate, mix=scale * driver.mix,
            )
        )  # fmt: skip
    return Split(
        dimension=dimension, kind="median", change=change, drivers=_order(drivers), remainder=0.0 if scale else change,
    )  # fmt: skip


def choose_split(splits: Sequence[Split]) -> Split | None:
    """The dimension that sets the cause apart most sharply; None where nothing stands out in any."""
    best = max(splits, key=lambda split: split.strength, default=None)
    return best if best is not None and best.strength > 0 else None


def find_nearest(splits: Sequence[Split]) -> Split | None:
    """The split that comes nearest to telling a cause, whether anything stands out in it or not.

    A cause is sure and carries much of the change: a value may be sure to have moved, and yet have moved next to nothing. A
    dimension with a single value sets nothing apart.
    """
    found = {split.dimension: max((_weigh(driver, split) for driver in split.drivers), default=0.0) for split in splits}
    several = [split for split in splits if len(split.drivers) > 1]
    best = max(several, key=lambda split: found[split.dimension], default=None)
    return best if best is not None and found[best.dimension] > 0 else None


def find_largest(splits: Sequence[Split]) -> tuple[Split, Driver] | None:
    """The value that holds more than half of a change, and more than twice what its rows would hold of one that is spread evenly.

    None where no value does, of any dimension. Nothing is said of chance.
    """
    found = [
        (driver.change / split.change, split, driver) for split in splits if split.change and len(split.drivers) > 1
        for driver in split.drivers if driver.change / split.change > max(MOST, UNEVEN * _find_weight(driver, split))
    ]  # fmt: skip
    return max(found, key=lambda one: one[0])[1:] if found else None


def _find_weight(driver: Driver, split: Split) -> float:
    rows = sum(other.before_rows + other.now_rows for other in split.drivers)
    return (driver.before_rows + driver.now_rows) / rows if rows else 1.0


def _weigh(driver: Driver, split: Split) -> float:
    """How sure times how large; what is not sure at all counts by its size alone, behind all that is."""
    if driver.change * split.change <= 0:
        return 0.0
    return (driver.strength + EXACT) * driver.change / split.change


def _weigh_twin(driver: Driver) -> tuple[float, bool]:
    moved = 0.0 if driver.cause == "mix" else abs(driver.rate)
    return round(moved, 6), driver.now_rows > driver.before_rows


def _make_driver(cell: Cell, *, rate: float, mix: float) -> Driver:
    return Driver(
        key=cell.key, before=cell.before, before_rows=cell.before_rows, now=cell.now, now_rows=cell.now_rows,
        change=rate + mix, rate=rate, mix=mix,
    )  # fmt: skip


def _order(drivers: list[Driver]) -> tuple[Driver, ...]:
    return tuple(sorted(drivers, key=lambda driver: (-abs(driver.change), str(driver.key))))
