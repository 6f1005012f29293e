"""How sure it is that a value moved, and not just wobbled as small numbers do: seeded draws of periods in which nothing happened.

For each dimension the rows of both periods are thrown together, and two periods of the same sizes are drawn from them with
replacement, `DRAWS` times (a bootstrap of the null hypothesis; rows are drawn by value and by their part in the mean, so that few
rows and lumpy notes are drawn as they are). Of every drawn pair the largest score of any value is kept, over all dimensions that
are looked at: so many looks find something large by luck as well, and only what is larger still stands out (Westfall and Young's
max-T). Dimensions are drawn each on its own, which is on the careful side.

Three scores, in standard errors:

    rate  how far the value's own change is from that of all other rows
    mix   the smaller of two: how far its share of the rows moved, and how far its level is from that of all other rows;
          more of a value that is like the others moves nothing
    both  how far the value's whole part in the change, rate and mix, is from what it would be had it moved as the others did:
          a weak value that got a little worse and a little more frequent shows here first

`chance` of a driver is how often nothing at all would have given a score as high, of any value. `strength` is its score as a part
of the score that is needed: it stands out from 1 on. Less is needed where the whole moved by more than chance, so that there is a
cause to be looked for.
Who and where come before when and how long: a waiting time or an hour is more often a symptom, so theirs must be a little higher.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.decompose import Cause, Key, Split

Numbers = NDArray[np.float64]

SEED, DRAWS = 20, 200
# A driver is named only with this many rows in the period where it has most of them, ...
MIN_ROWS = 5
# ... with at least this part of the whole change, and of the error of the whole.
MIN_PART, MIN_PART_OF_ERROR = 0.2, 0.5
# How often luck may look like a cause, by how many standard errors the whole moved: from two on it is taken to have moved at all.
REAL = 2.0
MAX_CHANCES = ((3.0, 0.12), (REAL, 0.05), (0.0, 0.01))
# Below this score nothing stands out among the fewest looks there are: no draw is needed to say so.
HOPELESS = 2.0
WEIGHTS: dict[str, float] = {"hour": 0.8, "weekday": 0.8, "wait": 0.8, "customer": 0.9}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """The rows of both periods by value of a dimension (first axis) and by part in the mean (second axis; one for a count)."""

    dimension: str
    keys: tuple[Key, ...]
    parts: Numbers
    before: Numbers
    now: Numbers


@dataclass(frozen=True, slots=True)
class _Scores:
    """By draw and value, a score of each kind (0 where the value cannot be named for it); by draw, how far the whole moved."""

    kinds: Mapping[Cause, Numbers]
    whole: Numbers


@dataclass(frozen=True, slots=True)
class _Luck:
    """How high luck scores: the law of a maximum (Gumbel's), its two parameters taken from the draws by their mean and deviation."""

    mode: float
    scale: float

    @classmethod
    def fit(cls, drawn: Numbers) -> "_Luck":
        scale = max(float(drawn.std()) * math.sqrt(6) / math.pi, 1e-6)
        return cls(float(drawn.mean()) - float(np.euler_gamma) * scale, scale)

    def find_chance(self, score: float) -> float:
        """How often luck scores as high."""
        return -math.expm1(-math.exp(-(score - self.mode) / self.scale))

    def find_needed(self, chance: float) -> float:
        """What luck scores that seldom."""
        return max(self.mode - self.scale * math.log(-math.log1p(-chance)), HOPELESS)


def measure_whole(table: Table, *, floor: float, shrink: float = 1.0) -> float:
    """How many standard errors the whole moved."""
    before, now = (side.sum(axis=0, keepdims=True)[None] for side in (table.before, table.now))
    return float(np.nan_to_num(_score(before, now, table.parts, floor=floor, shrink=shrink).whole[0]))


def measure_deviation(table: Table) -> float:
    """The standard deviation of the later period's single rows, in the metric's unit."""
    counts = table.now.sum(axis=0)
    rows = max(float(counts.sum()), 1.0)
    return math.sqrt(float(counts @ (table.parts - float(counts @ table.parts) / rows) ** 2) / rows)


def judge(splits: Sequence[Split], tables: Mapping[str, Table], *, floor: float, shrink: float = 1.0) -> tuple[Split, ...]:
    """The splits with the cause, strength and chance of every driver.

    `floor` is the least standard deviation of single rows that is believed, in the metric's unit. `shrink` (0–1] makes scores
    smaller where rows are not independent of one another: the messages of one conversation are of one mind.
    """
    if not all(table.before.sum() and table.now.sum() for table in tables.values()):
        return tuple(splits)
    found = {name: _score(table.before[None], table.now[None], table.parts, floor=floor, shrink=shrink) for name, table in tables.items()}
    best = max((float(scores.max()) for one in found.values() for scores in one.kinds.values()), default=0.0)
    if best < HOPELESS:
        return tuple(splits)
    luck = _draw_luck(tables, floor=floor, shrink=shrink)
    whole = measure_whole(next(iter(tables.values())), floor=floor, shrink=shrink)
    chance = next(chance for least, chance in MAX_CHANCES if whole >= least)
    return tuple(_judge_split(split, tables[split.dimension], found[split.dimension], luck, chance) for split in splits)


def _judge_split(split: Split, table: Table, scores: _Scores, luck: Mapping[Cause, _Luck], chance: float) -> Split:
    weight, places = WEIGHTS.get(split.dimension, 1.0), {key: place for place, key in enumerate(table.keys)}
    # Every kind is looked at, so luck has as many tries.
    needed, drivers = {kind: one.find_needed(chance / len(luck)) for kind, one in luck.items()}, []
    for driver in split.drivers:
        own = {kind: weight * float(values[0, places[driver.key]]) for kind, values in scores.kinds.items()}
        if not any(own.values()):
            drivers.append(driver)
            continue
        strengths = {kind: round(score / needed[kind], 6) for kind, score in own.items()}
        chances = [len(luck) * luck[kind].find_chance(score) for kind, score in own.items() if score]
        cause = max(strengths, key=lambda kind: strengths[kind])
        if strengths.get("rate", 0) >= 1 and strengths.get("mix", 0) >= 1:
            cause = "both"
        drivers.append(replace(driver, cause=cause, strength=max(strengths.values()), chance=min(1.0, *chances)))
    return replace(split, drivers=tuple(drivers))


def _draw_luck(tables: Mapping[str, Table], *, floor: float, shrink: float) -> dict[Cause, _Luck]:
    """The law of the largest score of each kind in a drawn pair of periods, over all dimensions."""
    chance = np.random.default_rng(SEED)
    highest: dict[Cause, Numbers] = {}
    for table in tables.values():
        before, now, weight = *_keep_frequent(table), WEIGHTS.get(table.dimension, 1.0)
        both = before + now
        shares = (both / both.sum()).ravel()
        drawn = [chance.multinomial(int(side.sum()), shares, size=DRAWS).reshape(DRAWS, *side.shape) for side in (before, now)]
        drawn0, drawn1 = (side.astype(np.float64) for side in drawn)
        for kind, values in _score(drawn0, drawn1, table.parts, floor=floor, shrink=shrink).kinds.items():
            highest[kind] = np.maximum(highest.get(kind, np.zeros(DRAWS)), weight * values.max(axis=1))
    return {kind: _Luck.fit(drawn) for kind, drawn in highest.items()}


def _keep_frequent(table: Table) -> tuple[Numbers, Numbers]:
    """The rows of values that may be named, those of all others as one: a thousand rare customers are drawn in a moment."""
    is_frequent = np.maximum(table.before.sum(axis=1), table.now.sum(axis=1)) >= MIN_ROWS
    before, now = (np.vstack([side[is_frequent], side[~is_frequent].sum(axis=0, keepdims=True)]) for side in (table.before, table.now))
    return before, now


@np.errstate(divide="ignore", invalid="ignore")
def _score(before: Numbers, now: Numbers, parts: Numbers, *, floor: float, shrink: float) -> _Scores:
    """Scores of tables of rows: draws × values × parts."""
    powers = np.stack([np.ones_like(parts), parts, parts**2], axis=1)
    (rows0, sums0, squares0), (rows1, sums1, squares1) = (np.moveaxis(side @ powers, -1, 0) for side in (before, now))
    all0, all1, total0, total1 = (side.sum(axis=1, keepdims=True) for side in (rows0, rows1, sums0, sums1))
    mean0, mean1 = (np.where(rows > 0, sums / rows, 0.0) for rows, sums in ((rows0, sums0), (rows1, sums1)))
    cells = ((rows0 > 0).sum(axis=1, keepdims=True)) + ((rows1 > 0).sum(axis=1, keepdims=True))
    squares = (squares0 + squares1 - mean0 * sums0 - mean1 * sums1).sum(axis=1, keepdims=True)
    deviation = np.maximum(np.sqrt(np.maximum(squares, 0.0) / np.maximum(all0 + all1 - cells, 1)), floor)
    rest0, rest1, both = all0 - rows0, all1 - rows1, rows0 + rows1
    moved = mean1 - mean0 - ((total1 - sums1) / rest1 - (total0 - sums0) / rest0)
    rate_score = np.abs(moved) / (deviation * np.sqrt(1 / rows0 + 1 / rows1 + 1 / rest0 + 1 / rest1))
    share = both / (all0 + all1)
    share_score = np.abs(rows1 / all1 - rows0 / all0) / np.sqrt(share * (1 - share) * (1 / all0 + 1 / all1))
    level = (sums0 + sums1) / both - (total0 + total1 - sums0 - sums1) / (rest0 + rest1)
    level_score = np.abs(level) / (deviation * np.sqrt(1 / both + 1 / (rest0 + rest1)))
    change, error = total1 / all1 - total0 / all0, deviation * np.sqrt(1 / all0 + 1 / all1)
    is_often = np.maximum(rows0, rows1) >= MIN_ROWS
    if parts.size == 1:
        # A count has no level: a value is named for what it grew or shrank by beyond its share of the whole.
        beyond, grown, whole = rows1 / all1 - rows0 / all0, rows1 - rows0, np.abs(all1 - all0) / np.sqrt(all0 + all1)
        is_with = np.where(whole < 1, beyond != 0, (beyond * (all1 - all0) > 0) & (np.abs(grown) >= MIN_PART * np.abs(all1 - all0)))
        return _Scores({"rate": np.where(is_often & is_with, _tidy(share_score), 0.0) * shrink}, whole[:, 0] * shrink)
    weight0, weight1 = rows0 / all0, rows1 / all1
    known0, known1 = np.where(rows0 > 0, mean0, mean1), np.where(rows1 > 0, mean1, mean0)
    middle = (total0 / all0 + total1 / all1) / 2
    rate, mix = (weight0 + weight1) / 2 * (known1 - known0), (weight1 - weight0) * ((known0 + known1) / 2 - middle)
    # Their sum is the change of a mean: of how far the value's rows are from the middle, the others' being 0.
    spread = sum(
        (squares - 2 * middle * sums + middle**2 * rows) / alls**2 - ((sums - middle * rows) / alls) ** 2 / alls
        for rows, sums, squares, alls in ((rows0, sums0, squares0, all0), (rows1, sums1, squares1, all1))
    )
    along = (weight0 + weight1) / 2 * ((total1 - sums1) / rest1 - (total0 - sums0) / rest0)
    spread += ((weight0 + weight1) / 2 * deviation) ** 2 * (1 / rest0 + 1 / rest1)
    scores: dict[Cause, tuple[Numbers, Numbers]] = {
        "rate": (rate, rate_score),
        "mix": (mix, np.minimum(share_score, level_score)),
        "both": (rate + mix, np.abs(rate + mix - along) / np.sqrt(spread)),
    }
    least = np.maximum(MIN_PART * np.abs(change), MIN_PART_OF_ERROR * error)
    # Where the whole stands still, two causes may have cancelled each other out: either way counts.
    is_still = np.abs(change) < error
    named = {
        kind: np.where(is_often & (np.abs(part) >= least) & (is_still | (part * change > 0)), _tidy(score), 0.0) * shrink
        for kind, (part, score) in scores.items()
    }
    return _Scores(named, (np.abs(change) / error)[:, 0] * shrink)


def _tidy(score: Numbers) -> Numbers:
    """No score where there is nothing to compare with."""
    return np.nan_to_num(score, posinf=0.0)
