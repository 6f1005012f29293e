"""Fits calibrations on scores that were held out, and measures what they and the abstaining come to. Called by training."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.calibration import (
    find_best_share,
    fit_platt,
    fit_scaling,
    measure_calibration_error,
    measure_log_loss,
    measure_side_precision,
    share_out,
    squash,
    take_sides,
)
from core.ai.embedded.service_talk import FOLDS
from core.ai.embedded.talk import SENTIMENTS
from core.ai.evals.scores import compute_macro_f1

Scores = NDArray[np.float64]
Classes = NDArray[np.int64]
OF_CHANCES = "chances, "  # begins the names of figures that tell how true chances are, and what abstaining does
_PLACES: dict[str, int] = {name: place for place, name in enumerate(SENTIMENTS)}


def calibrate_classes(
    name: str, sums: Scores, wanted: Classes, folds: Classes
) -> tuple[Scores, tuple[float, ...], Scores, dict[str, float]]:
    """The scaling of a talk's trees, what each class needs, chances of the rows and figures; the latter two by scalings of other folds."""
    chances = np.zeros_like(sums)
    for fold in range(FOLDS):
        held = folds == fold
        chances[held] = share_out(sums[held], fit_scaling(sums[~held], wanted[~held]))
    scaling = fit_scaling(sums, wanted)
    figures = _compare(name, share_out(sums, np.concatenate([[1.0], np.zeros(sums.shape[1])])), chances, wanted)
    if name == "sentiment":
        figures |= _measure_sides(name, chances, wanted)
    # Chosen as the trees count: they were grown with rare classes counting more, which macro-F1 asks for.
    return scaling, tuple(np.exp(scaling[1:]).tolist()), chances, figures


def calibrate_head(scores: Scores, truth: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Slope and shift of one head, and the chance from which its yes has the best F1 to be expected on such rows."""
    slope, shift = fit_platt(scores, truth)
    return slope, shift, find_best_share(squash(scores * slope + shift))


def calibrate_sides(
    name: str, opinion: Scores, positive: Scores, wanted: Classes, folds: Classes
) -> tuple[NDArray[np.float64], dict[str, float]]:
    """Calibrations of the two heads of a sentiment, shape (3, 2): slopes, shifts, and even chances, and what they come to."""
    found = np.full((3, 2), 0.5)
    chances = np.zeros((len(wanted), 3))
    for fold in [*range(FOLDS), None]:  # the last one of all rows is kept
        held = folds == fold if fold is not None else np.zeros(len(folds), dtype=bool)
        sided = ~held & (wanted != 1)
        found[:2, 0] = fit_platt(opinion[~held], wanted[~held] != 1)
        found[:2, 1] = fit_platt(positive[sided], wanted[sided] == 2)
        chances[held] = join_sides(opinion[held] * found[0, 0] + found[1, 0], positive[held] * found[0, 1] + found[1, 1])
    figures = _compare(name, join_sides(opinion, positive), chances, wanted)
    return found, figures | _measure_sides(name, chances, wanted)


def join_sides(opinion: Scores, positive: Scores) -> Scores:
    """Chances of negative, neutral and positive from log-odds of having an opinion and of its being a good one."""
    has, good = squash(opinion), squash(positive)
    return np.stack([has * (1 - good), 1 - has, has * good], axis=1)


def place_sides(sentiments: Sequence[str]) -> Classes:
    """Sentiments as places in (negative, neutral, positive)."""
    return np.array([_PLACES[one] for one in sentiments], dtype=np.int64)


def _compare(name: str, before: Scores, after: Scores, wanted: Classes) -> dict[str, float]:
    return {
        f"{OF_CHANCES}{name}: calibration error before": measure_calibration_error(before, wanted),
        f"{OF_CHANCES}{name}: calibration error": measure_calibration_error(after, wanted),
        f"{OF_CHANCES}{name}: log loss before": measure_log_loss(before, wanted),
        f"{OF_CHANCES}{name}: log loss": measure_log_loss(after, wanted),
    }


def _measure_sides(name: str, chances: Scores, wanted: Classes) -> dict[str, float]:
    """How often a side is right that is taken: wherever it is the likeliest, and only where it is sure."""
    figures: dict[str, float] = {}
    for rule, said in (("likeliest", chances.argmax(axis=1)), ("sure", take_sides(chances))):
        words = [[SENTIMENTS[one] for one in places.tolist()] for places in (wanted, said)]
        figures |= {
            f"{OF_CHANCES}{name}: side right, {rule}": measure_side_precision(said, wanted),
            f"{OF_CHANCES}{name}: sides taken, {rule}": float((said != 1).mean()),
            f"{OF_CHANCES}{name}: macro-F1, {rule}": compute_macro_f1(*words),
        }
    return figures
