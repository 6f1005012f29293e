"""Learns to choose among the themes of a list, or none: one set of weights over what holds of any theme (see themes.py).

Measured twice: on sectors whose lists were never seen, as a new tenant's is, and on conversations held out of lists that were.
Called by `train_talk.py`.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.formulas import is_formula
from core.ai.embedded.messages import Reading
from core.ai.embedded.service_talk import LabelledTalk
from core.ai.embedded.themes import collect_words, describe_themes
from core.ai.roles import ThemeInput, Vector

PENALTY = 10.0  # on the squares of the weights; chosen among 3, 10, 30 and 100 on sectors that were held out
STEPS = 200
SECTORS_AT_ONCE = 2  # held out together

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Table:
    """One conversation with one list: a row for each theme, and the row of the right one, or −1 for none."""

    talk: LabelledTalk
    rows: Array
    right: int
    has_examples: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    weights: Array
    none: float

    def choose(self, rows: Array) -> int:
        scores = rows @ self.weights
        best = int(scores.argmax())
        return best if scores[best] > self.none else -1


def train_themes(
    talks: Sequence[LabelledTalk], readings: Mapping[str, Reading], *, theme_vectors: Mapping[str, Vector], centre: Vector
) -> tuple[dict[str, NDArray[np.generic]], dict[str, float]]:
    """The arrays to save, and figures on what was held out, of all conversations."""
    tables = _lay_tables(talks, readings, theme_vectors=theme_vectors, centre=centre)
    sectors = sorted({talk.sector for talk in talks})
    by_sector = [sectors.index(table.talk.sector) // SECTORS_AT_ONCE for table in tables]
    by_talk = [table.talk.fold for table in tables]
    # A conversation in which nothing is told has no theme, and is never asked for one.
    silent = [talk for talk in talks if all(talk is not table.talk for table in tables)]
    figures: dict[str, float] = {}
    for kind, groups in (("of lists never seen", by_sector), ("of lists seen", by_talk)):
        right = _hold_out(tables, groups)
        for has_examples in (True, False):
            found = sum(hit for hit, table in zip(right, tables, strict=True) if table.has_examples == has_examples)
            found += sum(talk.theme is None for talk in silent)
            name = f"theme {kind}, share right" if has_examples else f"theme {kind} by bare names, share right"
            figures[name] = found / len(talks)
    choice = _fit(tables)
    return {"theme.weights": choice.weights, "theme.none": np.array(choice.none)}, figures


def fit_themes(
    talks: Sequence[LabelledTalk], readings: Mapping[str, Reading], *, theme_vectors: Mapping[str, Vector], centre: Vector
) -> tuple[Array, float]:
    """The weights learned from these conversations alone, and what a theme's score must exceed."""
    choice = _fit(_lay_tables(talks, readings, theme_vectors=theme_vectors, centre=centre))
    return choice.weights, choice.none


def _lay_tables(
    talks: Sequence[LabelledTalk], readings: Mapping[str, Reading], *, theme_vectors: Mapping[str, Vector], centre: Vector
) -> list[_Table]:
    tables = []
    for talk in talks:
        said = [readings[turn.text] for turn in talk.turns if turn.author == "customer"]
        telling = [reading for reading in said if not is_formula(reading.text)]
        if not telling:
            continue
        words = collect_words([reading.text for reading in said], [turn.text for turn in talk.turns if turn.author == "agent"])
        vectors = np.stack([reading.vector for reading in telling])
        right = next((place for place, theme in enumerate(talk.themes) if theme.name == talk.theme), -1)
        # Half of all administrators give names and no examples: both are learned.
        for themes in (talk.themes, tuple(ThemeInput(name=theme.name) for theme in talk.themes)):
            rows = describe_themes(themes, talk=words, vectors=vectors, theme_vectors=theme_vectors, centre=centre)
            tables.append(_Table(talk, rows, right, bool(themes[0].examples)))
    return tables


def _hold_out(tables: Sequence[_Table], groups: Sequence[int]) -> list[bool]:
    choices = {group: _fit([table for table, other in zip(tables, groups, strict=True) if other != group]) for group in sorted(set(groups))}
    return [choices[group].choose(table.rows) == table.right for table, group in zip(tables, groups, strict=True)]


def _fit(tables: Sequence[_Table]) -> _Choice:
    """Weights that make the right theme of each list the likeliest, "none" being one more choice with a score of its own."""
    minimise = importlib.import_module("scipy.optimize").minimize
    rows = np.concatenate([table.rows for table in tables])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    rows = (rows - mean) / spread
    counts = [len(table.rows) for table in tables]
    starts = np.cumsum([0, *counts[:-1]])
    owner = np.repeat(np.arange(len(tables)), counts)
    right = np.array([table.right for table in tables])
    has_theme = right >= 0
    places = starts + np.maximum(right, 0)
    wanted = np.zeros(len(rows))
    wanted[places[has_theme]] = 1.0

    def measure(values: Array) -> tuple[float, Array]:
        weights, none = values[:-1], values[-1]
        scores = rows @ weights
        largest = np.maximum(np.maximum.reduceat(scores, starts), none)
        powers, power_of_none = np.exp(scores - largest[owner]), np.exp(none - largest)
        sums = np.add.reduceat(powers, starts) + power_of_none
        likely = np.where(has_theme, scores[places], none) - largest - np.log(sums)
        slope = rows.T @ (powers / sums[owner] - wanted) + PENALTY * weights
        slope_of_none = float((power_of_none / sums).sum() - (~has_theme).sum())
        return float(-likely.sum() + PENALTY / 2 * (weights @ weights)), np.append(slope, slope_of_none)

    found = minimise(measure, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    weights = found[:-1] / spread
    return _Choice(weights, float(found[-1] + mean @ weights))
