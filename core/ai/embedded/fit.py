"""Fits the logistic decisions of the heads over vectors, cues and n-grams, and rounds them to what is kept. Training only."""

import importlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.cues import NAMES
from core.ai.embedded.embedder import DIMENSIONS as VECTOR_DIMENSIONS
from core.ai.embedded.features import CHARACTER_BITS, DIMENSIONS, SparseRows
from core.ai.embedded.heads import Heads, Inputs
from core.ai.embedded.messages import hash_masked
from core.ai.embedded.service_talk import FOLDS
from core.ai.embedded.sources import Example

COST = 1.0  # inverse strength of the regularisation, for every head
# How much each group of inputs may say, before any weight: chosen on tweetsentbr, Olist and cross-validation of our own messages.
VECTOR_SHARE = 2.0
CUE_SHARE = 0.5
CHARACTER_SHARE = 3.0
WORD_SHARE = 3.0
PRUNED_BELOW = 0.004  # weights smaller than this part of their head's largest are dropped


def import_training(module: str) -> Any:
    """A library that is only there where heads are trained."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise click.ClickException(f"{error}. Training needs the extra `heads`: pip install -e '.[heads]'") from error


def measure_scale(inputs: Inputs) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Standardise the vector to VECTOR_SHARE in all; leave cues at 0 and CUE_SHARE."""
    vectors = inputs.dense[:, :VECTOR_DIMENSIONS].astype(np.float64)
    centre = np.concatenate([vectors.mean(axis=0), np.zeros(len(NAMES))])
    spread = VECTOR_SHARE / np.sqrt(VECTOR_DIMENSIONS) / vectors.std(axis=0)
    return centre.astype(np.float32), np.concatenate([spread, np.full(len(NAMES), CUE_SHARE)]).astype(np.float32)


def join(inputs: Inputs, centre: NDArray[np.float32], scale: NDArray[np.float32]) -> Any:
    """All features side by side as one sparse matrix, dense ones first."""
    sparse = import_training("scipy.sparse")
    rows: SparseRows = inputs.sparse
    values = rows.values * _share_of(rows.columns)
    grams = sparse.csr_matrix((values, rows.columns, rows.starts), shape=(len(rows), DIMENSIONS))
    return sparse.hstack([sparse.csr_matrix((inputs.dense - centre) * scale), grams]).tocsr()


def _share_of(columns: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.where(columns < (1 << CHARACTER_BITS), CHARACTER_SHARE, WORD_SHARE).astype(np.float32)


def fit(
    matrix: Any, examples: Sequence[Example], output: str, rows: NDArray[np.bool_], *, cost: float = COST, exactness: float = 1e-3
) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of one head over the rows that tell it something."""
    logistic = import_training("sklearn.linear_model").LogisticRegression

    told = [place for place in np.flatnonzero(rows).tolist() if output in examples[place].targets]
    wanted = np.array([examples[place].targets[output][0] for place in told])
    weight = np.array([examples[place].targets[output][1] for place in told])
    for value in (False, True):  # both answers count the same in all
        weight[wanted == value] *= weight.sum() / 2 / weight[wanted == value].sum()
    model = logistic(solver="liblinear", C=cost, tol=exactness, max_iter=60, random_state=0)
    model.fit(matrix[told], wanted, sample_weight=weight * len(weight) / weight.sum())
    return model.coef_[0], float(model.intercept_[0])


def assign_folds(examples: Sequence[Example]) -> NDArray[np.int64]:
    """The fold of each row: the one that it brings, or by the hash of its text."""
    return np.array([one.fold if one.fold is not None else int(hash_masked(one.text), 16) % FOLDS for one in examples])


def fit_in_turns(
    matrix: Any,
    examples: Sequence[Example],
    outputs: Sequence[str],
    folds: NDArray[np.int64],
    *,
    cost: float = COST,
    exactness: float = 1e-3,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Weights and bias of heads over all rows, and the scores that each row of a fold has by heads which did not see that fold.

    A fold of −1 always trains, its scores are NaN. Every fit is one task of a pool of threads: the solver lets go of Python's lock.
    """
    scores = np.full((len(examples), len(outputs)), np.nan)
    weights, bias = np.zeros((matrix.shape[1], len(outputs))), np.zeros(len(outputs))

    def train(task: tuple[int, int | None]) -> None:
        place, fold = task
        held = folds == fold if fold is not None else np.zeros(len(folds), dtype=bool)
        of_head, start = fit(matrix, examples, outputs[place], ~held, cost=cost, exactness=exactness)
        if fold is None:
            weights[:, place], bias[place] = of_head, start
        else:
            scores[held, place] = matrix[held] @ of_head + start

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(train, [(place, fold) for place in range(len(outputs)) for fold in (None, *range(FOLDS))]))
    return weights, bias, scores


def pack(
    weights: NDArray[np.float64],
    bias: NDArray[np.float64],
    centre: NDArray[np.float32],
    scale: NDArray[np.float32],
    calibration: NDArray[np.float64],
) -> Heads:
    """Round the weights of n-grams to 8 bits and drop the smallest: a quarter of the size, the same answers."""
    dense, grams = weights[: len(centre)], weights[len(centre) :]
    grams = grams * _share_of(np.arange(DIMENSIONS))[:, None]
    largest = np.abs(grams).max(axis=0)
    grams = np.where(np.abs(grams) < PRUNED_BELOW * largest, 0.0, grams)
    return Heads(
        centre=centre,
        scale=scale,
        dense_weights=dense.astype(np.float32),
        sparse_weights=np.round(grams / largest * 127).astype(np.int8),
        sparse_scale=(largest / 127).astype(np.float32),
        bias=bias.astype(np.float32),
        calibration=calibration.astype(np.float32),
        version="",
    )
