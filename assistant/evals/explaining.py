"""Scores `explain` on shops whose cause we planted (scenarios.py), and says where it fell below the committed baseline."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.chance import judge
from assistant.decompose import EXACT, Split, choose_split, split_mean
from assistant.evals.scenarios import DIMENSIONS, Scenario, Value, tally
from assistant.tallies import FLOORS, make_cells, make_table

BASELINE = Path(__file__).parent / "explain.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `explain` said of a scenario: `first` is the driver named first, None where nothing stood out."""

    scenario: Scenario
    first: Value | None
    is_exact: bool

    @property
    def is_right(self) -> bool:
        """A planted cause came first, or nothing was said where nothing was planted."""
        return self.first in self.scenario.planted if self.scenario.planted else self.first is None


@dataclass(slots=True)
class Score:
    """By kind and in all: how many scenarios, in how many the first word was right, in how many the parts summed to the change."""

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    exact: int = 0
    misses: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        scenario = outcome.scenario
        for group in (scenario.kind, "planted" if scenario.planted else "nothing planted"):
            self.asked[group] += 1
            self.right[group] += outcome.is_right
        self.exact += outcome.is_exact
        if not outcome.is_right:
            self.misses.append(outcome)

    @property
    def total(self) -> int:
        return self.asked["planted"] + self.asked["nothing planted"]

    def get_shares(self) -> dict[str, float]:
        """Right first words by group and sums that came out, in percent with one decimal."""
        shares = {group: round(100 * self.right[group] / count, 1) for group, count in sorted(self.asked.items())}
        return shares | {"parts sum to the change": round(100 * self.exact / self.total, 1)}


def explain_talks(scenario: Scenario) -> tuple[Split, ...]:
    """The change of satisfaction between the two weeks, split and judged as `explain` does with what PostgreSQL tells it."""
    sides = {name: [tally(scenario.talks, week=week, dimension=name) for week in (0, 1)] for name in DIMENSIONS}
    tables = {name: make_table(name, *weeks) for name, weeks in sides.items()}
    return judge([split_mean(name, make_cells(*weeks)) for name, weeks in sides.items()], tables, floor=FLOORS["rating"])


def try_scenario(scenario: Scenario) -> Outcome:
    """Explain a scenario."""
    splits = explain_talks(scenario)
    return Outcome(scenario, find_first(splits), is_exact=are_exact(splits))


def find_first(splits: Sequence[Split]) -> Value | None:
    """The driver that is named first."""
    chosen = choose_split(splits)
    return None if chosen is None else (chosen.dimension, chosen.standing_out[0].key)


def are_exact(splits: Iterable[Split]) -> bool:
    """Whether the parts of every split sum to its change, and each part is its rate and its mix."""
    return all(
        abs(math.fsum((*(driver.change for driver in split.drivers), split.remainder)) - split.change) < EXACT
        and all(abs(driver.rate + driver.mix - driver.change) < EXACT for driver in split.drivers)
        for split in splits
    )


def score_scenarios(scenarios: Iterable[Scenario]) -> Score:
    """Explain each of them."""
    score = Score()
    for scenario in scenarios:
        score.add(try_scenario(scenario))
    return score


def find_regressions(score: Score) -> list[str]:
    """The groups in which less is right than the committed baseline says, one sentence each."""
    baseline: dict[str, float] = json.loads(BASELINE.read_text(encoding="utf-8"))
    shares = score.get_shares()
    return [
        f"{group}: {shares.get(group, 0.0)} % right, {share} % in the baseline"
        for group, share in sorted(baseline.items())
        if shares.get(group, 0.0) < share
    ]


def write_baseline(score: Score) -> None:
    """Makes the present figures the ones that must not fall."""
    BASELINE.write_text(json.dumps(score.get_shares(), indent=2) + "\n", encoding="utf-8")
