"""Shops in which we know why satisfaction moved: two weeks of conversations drawn with a planted cause, or with none. Pure and seeded.

A shop has four channels, six agents who each sit mostly at two of them, eight themes, and customers who wait longer at some
channels than at others; every value has a level of its own. What is planted happens in the second week:

    rate     one value (a channel, an agent, a theme, an hour, a weekday, a wait, new customers) gets worse
    mix      one weak value becomes two to four times as frequent
    both     one weak value does both
    two      two values get worse at once
    tiny     a dozen or two conversations a week, and what fails, fails wholly
    few      the same with too few conversations to name it: nothing may be said
    none     nothing: the same shop twice, a shop that grows, one in which everything falls alike

What is planted is of a size that a person who reads all the conversations would not miss (`VISIBLE`, in standard errors), and no more.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.decompose import Key
from core.dimensions import WAIT_BANDS, Tally

Kind = Literal["rate", "mix", "both", "two", "tiny", "few", "none"]
Value = tuple[str, Key]
Weights = NDArray[np.float64]

SEED = 2026
COUNTS: dict[Kind, int] = {"rate": 14, "mix": 10, "both": 10, "two": 8, "tiny": 4, "few": 4, "none": 10}
DIMENSIONS: dict[str, tuple[Key, ...]] = {
    "channel": ("Suporte", "Vendas", "Loja Centro", "Loja Norte"),
    "agent": ("Ana", "Bruno", "Carla", "Diego", "Eduarda", "Felipe"),
    "theme": ("Entrega", "Defeito", "Troca", "Pagamento", "Cobrança", "Site", "Elogio", None),
    "customer": ("new", "returning"),
    "wait": (*WAIT_BANDS, None),
    "hour": tuple(range(8, 20)),
    "weekday": (1, 2, 3, 4, 5, 6),
}
USUAL: dict[str, tuple[float, ...]] = {
    "channel": (0.36, 0.3, 0.2, 0.14),
    "agent": (0.2, 0.2, 0.18, 0.16, 0.14, 0.12),
    "theme": (0.2, 0.17, 0.15, 0.13, 0.11, 0.1, 0.08, 0.06),
    "customer": (0.45, 0.55),
    "wait": (0.34, 0.26, 0.2, 0.1, 0.05, 0.05),
    "hour": (0.03, 0.06, 0.1, 0.11, 0.08, 0.07, 0.09, 0.11, 0.12, 0.1, 0.08, 0.05),
    "weekday": (0.2, 0.18, 0.17, 0.17, 0.16, 0.12),
}
# How often each dimension is the one that something is planted in.
PLANTED_IN = {"channel": 5, "agent": 5, "theme": 4, "customer": 1, "wait": 2, "hour": 1, "weekday": 1}
SIZES = (60, 90, 150, 250, 400)
MIDDLE, DEVIATION = 3.8, 1.1
VISIBLE = (5.5, 8.0)
LARGEST_FALL = 2.6


@dataclass(frozen=True, slots=True)
class Talk:
    """One analysed conversation: in the earlier week (0) or the later (1), its value in each dimension, its note 1–5."""

    week: int
    values: Mapping[str, Key]
    note: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`planted` are the causes, any of which may be named first; empty where nothing may be named."""

    name: str
    kind: Kind
    planted: tuple[Value, ...]
    talks: tuple[Talk, ...]


def draw_scenarios(seed: int = SEED) -> list[Scenario]:
    """Sixty scenarios, the same for the same seed."""
    kinds = [kind for kind, count in COUNTS.items() for _ in range(count)]
    return [draw_scenario(kind, number=number, seed=seed) for number, kind in enumerate(kinds)]


def draw_scenario(kind: Kind, *, number: int, seed: int = SEED) -> Scenario:
    """One scenario of a kind."""
    shop = _Shop(np.random.default_rng((seed, number)), is_tiny=kind in ("tiny", "few"))
    planted = shop.plant(kind, number)
    return Scenario(name=f"{number:02} {kind}", kind=kind, planted=planted, talks=(*shop.draw_week(0), *shop.draw_week(1)))


def tally(talks: Sequence[Talk], *, week: int, dimension: str) -> list[Tally]:
    """What `compute_tallies` gives of these conversations' notes."""
    counted = Counter((talk.values[dimension], talk.note) for talk in talks if talk.week == week)
    return [Tally(key=key, part=float(note), rows=rows, total=float(note * rows)) for (key, note), rows in counted.items()]


class _Shop:
    """A shop with its shares and levels, and what is planted in its second week."""

    def __init__(self, chance: np.random.Generator, *, is_tiny: bool) -> None:
        self.chance = chance
        size = int(chance.integers(15, 27)) if is_tiny else int(chance.choice(SIZES))
        self.sizes = [size, round(size * chance.uniform(0.85, 1.25))]
        self.deviation = 0.8 if is_tiny else DEVIATION
        self.middle = 4.4 if is_tiny else MIDDLE
        spread = 0.0 if is_tiny else 0.2
        self.levels = {name: chance.normal(0, spread, len(keys)) for name, keys in DIMENSIONS.items()}
        self.shares = {name: np.array(shares) for name, shares in USUAL.items()}
        # Each agent sits at two channels most of the time, and each channel has its own waits.
        desks = np.full((len(DIMENSIONS["channel"]), len(DIMENSIONS["agent"])), 0.4)
        for agent in range(desks.shape[1]):
            desks[[agent % 4, (agent + 1) % 4], agent] = (2.0, 1.2)
        self.by_channel = {
            "agent": desks * self.shares["agent"],
            "wait": self.shares["wait"] * chance.uniform(0.5, 1.5, (len(DIMENSIONS["channel"]), len(WAIT_BANDS) + 1)),
        }
        self.more: dict[Value, float] = {}
        self.falls: dict[Value, float] = {}
        self.exact: dict[Value, int] = {}

    def plant(self, kind: Kind, number: int) -> tuple[Value, ...]:
        if kind == "none":
            if number % 3 == 1:
                self.sizes[1] *= 2
            elif number % 3 == 2:
                self.falls = {("channel", key): 0.5 for key in DIMENSIONS["channel"]}
            return ()
        if kind in ("tiny", "few"):
            name = str(self.chance.choice(["channel", "agent", "theme"]))
            key = DIMENSIONS[name][0]
            self.falls[name, key] = 3.2
            self.exact[name, key] = int(self.chance.integers(7, 10)) if kind == "tiny" else int(self.chance.integers(2, 5))
            return ((name, key),) if kind == "tiny" else ()
        first = self._pick(0.1)
        if kind == "mix":
            while (times := self._find_times(first)) is None:
                # In a shop this small nobody would see it.
                self.sizes = [round(1.25 * size) for size in self.sizes]
            self._weaken(first, 1.5)
            self.more[first] = times
        elif kind == "both":
            # Weak, but not so weak that it could not fall any further.
            self._weaken(first, 0.7)
            self.more[first] = 1.8
        if kind != "mix":
            self.falls[first] = self._find_fall(first)
        if kind != "two":
            return (first,)
        second = first
        while second == first:
            second = self._pick(0.1)
        self.falls[second] = self._find_fall(second)
        return (first, second)

    def _pick(self, least: float) -> Value:
        """A value that is frequent enough, in this shop, for something about it to be seen."""
        names = list(PLANTED_IN)
        weights = np.array(list(PLANTED_IN.values()), dtype=np.float64)
        while True:
            name = names[int(self.chance.choice(len(names), p=weights / weights.sum()))]
            choices = [
                place for place, share in enumerate(USUAL[name])
                if least <= share <= 0.5 and DIMENSIONS[name][place] is not None and (not least or self._can_be_seen(share))
            ]  # fmt: skip
            if choices:
                return name, DIMENSIONS[name][int(self.chance.choice(choices))]

    def _can_be_seen(self, share: float) -> bool:
        return VISIBLE[0] * self._find_error(share) <= LARGEST_FALL

    def _find_error(self, share: float) -> float:
        """The standard error of how a value's change differs from that of all the rest."""
        part = share * (1 - share)
        return self.deviation * math.sqrt(1 / (part * self.sizes[0]) + 1 / (part * self.sizes[1]))

    def _find_fall(self, value: Value) -> float:
        error = self._find_error(self._get_share(value))
        # Notes end at 1: a fall is felt less than it is long, the more so the longer.
        return min(float(self.chance.uniform(*VISIBLE)) * error, LARGEST_FALL) * 1.15

    def _find_times(self, value: Value) -> float | None:
        """How many times as frequent a value must become to be seen: two to four times; None where that is not enough."""
        share, size = self._get_share(value), min(self.sizes)
        for times in (2.0, 2.5, 3.0, 3.5, 4.0):
            later = share * times / (share * times + 1 - share)
            middle = (share + later) / 2
            if (later - share) / math.sqrt(middle * (1 - middle) * 2 / size) >= VISIBLE[0]:
                return times
        return None

    def _weaken(self, value: Value, below: float) -> None:
        name, key = value
        self.levels[name][DIMENSIONS[name].index(key)] = -below

    def _get_share(self, value: Value) -> float:
        return USUAL[value[0]][DIMENSIONS[value[0]].index(value[1])]

    def draw_week(self, week: int) -> list[Talk]:
        """The conversations of a week."""
        size = self.sizes[week]
        places = {name: self._draw_places(name, size, week) for name in ("channel", "theme", "customer", "hour", "weekday")}
        for name, table in self.by_channel.items():
            places[name] = np.empty(size, dtype=np.int64)
            for channel in range(len(DIMENSIONS["channel"])):
                at = np.flatnonzero(places["channel"] == channel)
                weights = self._raise(name, table[channel], week)
                places[name][at] = self.chance.choice(len(weights), size=at.size, p=weights / weights.sum())
        for (name, key), count in self.exact.items():
            self._set_exactly(places[name], DIMENSIONS[name].index(key), count)
        mean = np.full(size, self.middle)
        for name, levels in self.levels.items():
            mean += levels[places[name]]
        for (name, key), fall in self.falls.items() if week else ():
            mean -= np.where(places[name] == DIMENSIONS[name].index(key), fall, 0.0)
        notes = np.clip(np.rint(self.chance.normal(mean, self.deviation)), 1, 5).astype(int)
        return [
            Talk(week, {name: DIMENSIONS[name][int(places[name][place])] for name in DIMENSIONS}, int(note))
            for place, note in enumerate(notes)
        ]

    def _draw_places(self, name: str, size: int, week: int) -> NDArray[np.int64]:
        weights = self._raise(name, self.shares[name], week)
        return self.chance.choice(len(weights), size=size, p=weights / weights.sum())

    def _raise(self, name: str, weights: Weights, week: int) -> Weights:
        """The weights with what is planted to be more frequent."""
        raised = weights.copy()
        for (dimension, key), times in self.more.items() if week else ():
            if dimension == name:
                raised[DIMENSIONS[name].index(key)] *= times
        return raised

    def _set_exactly(self, places: NDArray[np.int64], place: int, count: int) -> None:
        """So many of the week's conversations have this value."""
        others = len(places)
        places[places == place] = place + 1
        places[self.chance.choice(others, size=min(count, others), replace=False)] = place
