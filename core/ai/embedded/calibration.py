"""Chances that mean what they say: of a hundred decisions told with 0.8, about eighty are right.

A head's score only orders texts, and the trees of a talk count rare classes more than their share. Both are brought to chances by a few
numbers that are fitted on scores of rows which were held out (Platt 1999 for yes and no; for classes one slope and a shift of each, the
"bias-corrected temperature scaling" of Alexandari et al. 2020).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
# A side is taken where its chance is SURE at least, and LEAD times that of neutral; else the message is neutral. Chosen
# among 0.34 to 0.50 and 0.8 to 1.2 on held-out rows of umsab_pt, of our own lone texts and of our conversations, and on tweetsentbr: of
# what costs macro-F1 nowhere more than half a point against the likeliest, that which makes sides right most often.
SURE = 0.42
LEAD = 1.2
BINS = 10
_ROUNDS = 60
_HALVINGS = 30
_RIDGE = 1e-3  # holds the fit where few rows tell anything


def squash(scores: Floats) -> NDArray[np.float64]:
    """Chances of log-odds."""
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30).astype(np.float64)))
    return result


def share_out(scores: Floats, scaling: Floats) -> NDArray[np.float64]:
    """Chances of classes, shape (rows, classes), by `scaling`: the slope of all scores, then a shift of each class."""
    scaled = scores.astype(np.float64) * float(scaling[0]) + scaling[1:]
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return result


def take_sides(chances: Floats) -> NDArray[np.int64]:
    """0 for the negative side, 2 for the positive one, 1 where neither is sure enough, by rows of (negative, neutral, positive)."""
    negative, neutral, positive = chances[:, 0], chances[:, 1], chances[:, 2]
    side = np.maximum(negative, positive)
    is_sure = (side >= SURE) & (side >= LEAD * neutral)
    return np.where(is_sure, np.where(negative > positive, 0, 2), 1).astype(np.int64)


def fit_platt(scores: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift that turn scores into log-odds, by Newton's method; no change where there is nothing to fit on."""
    if truth.all() or not truth.any():
        return 1.0, 0.0
    inputs = np.stack([scores.astype(np.float64), np.ones(len(scores))], axis=1)
    found = np.array([1.0, 0.0])
    for _ in range(_ROUNDS):
        chances = squash(inputs @ found)
        gradient = inputs.T @ (chances - truth) + _RIDGE * (found - [1.0, 0.0])
        curve = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + _RIDGE * np.eye(2)
        found = _step_down(found, np.linalg.solve(curve, gradient), lambda at: _lose(inputs @ at, truth))
    return float(found[0]), float(found[1])


def fit_scaling(scores: Floats, wanted: NDArray[np.int64]) -> NDArray[np.float64]:
    """The scaling of `share_out` with the least log loss, by Newton's method. `wanted` holds the class of each row."""
    classes = scores.shape[1]
    truth = np.eye(classes)[wanted]
    begin = np.concatenate([[1.0], np.zeros(classes)])
    found = begin.copy()
    # What each number moves of each class's score: shape (rows, classes, numbers).
    moved = np.concatenate(
        [scores.astype(np.float64)[:, :, None], np.broadcast_to(np.eye(classes), (len(scores), classes, classes))], axis=2
    )
    for _ in range(_ROUNDS):
        chances = share_out(scores, found)
        gradient = np.einsum("rc,rcn->n", chances - truth, moved) + _RIDGE * (found - begin)
        mean = np.einsum("rc,rcn->rn", chances, moved)
        curve = np.einsum("rc,rcn,rcm->nm", chances, moved, moved) - mean.T @ mean + _RIDGE * np.eye(classes + 1)
        found = _step_down(found, np.linalg.solve(curve, gradient), lambda at: measure_log_loss(share_out(scores, at), wanted))
    return found


def _step_down(found: NDArray[np.float64], step: Floats, lose: Callable[[NDArray[np.float64]], float]) -> NDArray[np.float64]:
    """Newton's step, or as much of it as leads down: from scores that boast a whole one leads away."""
    before = lose(found)
    step = step.astype(np.float64)
    for _ in range(_HALVINGS):
        if lose(found - step) <= before + 1e-9:
            return found - step
        step = step / 2
    return found


def _lose(odds: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Mean log loss of log-odds."""
    return float(np.logaddexp(0.0, np.where(truth, -odds, odds)).mean())


def find_best_share(chances: Floats) -> float:
    """The chance above which saying yes has the best F1 to be expected, if the chances are true: steadier than by the few that are yes."""
    falling = np.sort(chances.astype(np.float64))[::-1]
    best = int((2 * np.cumsum(falling) / (np.arange(1, len(falling) + 1) + falling.sum())).argmax())
    return float(falling[best] + falling[min(best + 1, len(falling) - 1)]) / 2


def measure_side_precision(said: NDArray[np.int64], wanted: NDArray[np.int64]) -> float:
    """Share of the messages that a side was taken for which are on that side."""
    taken = said != 1
    return float((said[taken] == wanted[taken]).mean()) if taken.any() else 1.0


def measure_log_loss(chances: Floats, wanted: NDArray[np.int64]) -> float:
    """Mean of −ln of the chance that was given to the class that is right."""
    return float(-np.log(np.clip(chances[np.arange(len(wanted)), wanted], 1e-9, 1.0)).mean())


def measure_calibration_error(chances: Floats, wanted: NDArray[np.int64]) -> float:
    """Expected calibration error of the likeliest class, in BINS equal parts: by how much its chance and its share of right differ."""
    surest, right = chances.max(axis=1), chances.argmax(axis=1) == wanted
    places = np.minimum((surest * BINS).astype(int), BINS - 1)
    return float(sum(abs(right[places == one].mean() - surest[places == one].mean()) * (places == one).mean() for one in np.unique(places)))
