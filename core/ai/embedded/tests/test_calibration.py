"""Chances that mean what they say, and sides that are taken only where one is sure."""

import numpy as np
import pytest

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


@pytest.mark.parametrize(
    ("chances", "side"),
    [
        ((0.70, 0.20, 0.10), "negative"),
        ((0.10, 0.20, 0.70), "positive"),
        ((0.10, 0.80, 0.10), "neutral"),
        ((0.40, 0.30, 0.30), "neutral"),  # the likeliest, and not sure
        ((0.47, 0.43, 0.10), "neutral"),  # hardly likelier than neutral
        ((0.52, 0.43, 0.05), "negative"),
        ((0.44, 0.13, 0.43), "negative"),
    ],
)
def test_a_side_is_taken_where_its_chance_is_clear_of_neutral(chances: tuple[float, float, float], side: str) -> None:
    assert ("negative", "neutral", "positive")[int(take_sides(np.array([chances]))[0])] == side


def test_scores_that_boast_are_brought_down_to_how_often_they_are_right() -> None:
    random = np.random.default_rng(7)
    honest = random.normal(0.0, 2.0, 20_000)
    truth = random.random(20_000) < squash(honest)
    slope, shift = fit_platt(3.0 * honest + 1.0, truth)
    assert (slope, shift) == pytest.approx((1 / 3, -1 / 3), abs=0.02)


def test_classes_that_were_counted_more_are_brought_back_to_their_share() -> None:
    random = np.random.default_rng(8)
    honest = random.normal(0.0, 1.5, (20_000, 3))
    chances = share_out(honest, np.array([1.0, 0.0, 0.0, 0.0]))
    wanted = (random.random(20_000)[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    boasting = 2.0 * honest + np.array([0.0, 1.0, 2.0])
    scaling = fit_scaling(boasting, wanted)
    assert scaling[0] == pytest.approx(0.5, abs=0.01)
    assert scaling[2:] - scaling[1] == pytest.approx([-0.5, -1.0], abs=0.06)
    plain = share_out(boasting, np.array([1.0, 0.0, 0.0, 0.0]))
    assert measure_calibration_error(share_out(boasting, scaling), wanted) < 0.01 < 0.1 < measure_calibration_error(plain, wanted)


def test_nothing_is_fitted_where_every_answer_is_the_same() -> None:
    assert fit_platt(np.array([1.0, -1.0]), np.array([True, True])) == (1.0, 0.0)


def test_the_chance_from_which_yes_pays_is_half_of_the_best_f1() -> None:
    # Lipton et al. 2014: with true chances the best threshold of F1 is half of the F1 that it reaches.
    chances = np.linspace(0.0, 1.0, 10_001)
    threshold = find_best_share(chances)
    said = chances[chances > threshold]
    assert threshold == pytest.approx(said.sum() / (len(said) + chances.sum()), abs=1e-3)


def test_figures_of_calibration_by_hand() -> None:
    chances, wanted = np.array([[0.9, 0.1, 0.0], [0.9, 0.1, 0.0], [0.3, 0.3, 0.4]]), np.array([0, 1, 2])
    assert measure_calibration_error(chances, wanted) == pytest.approx(2 / 3 * 0.4 + 1 / 3 * 0.6)
    assert measure_log_loss(chances, wanted) == pytest.approx(-(np.log(0.9) + np.log(0.1) + np.log(0.4)) / 3)
    assert measure_side_precision(np.array([0, 0, 1]), wanted) == 0.5
    assert measure_side_precision(np.array([1, 1, 1]), wanted) == 1.0
