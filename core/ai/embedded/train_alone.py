"""Learns what is felt in texts that no conversation surrounds: reviews, posts, lines to try. Called by `train.py`."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.fit import fit, join, pack
from core.ai.embedded.heads import ALONE_OUTPUTS, EMOTIONS, Heads, compute_inputs
from core.ai.embedded.messages import hash_masked
from core.ai.embedded.service_talk import FOLDS
from core.ai.embedded.sources import Example
from core.ai.embedded.texts_alone import name_sentiment
from core.ai.evals.scores import compute_macro_f1
from core.ai.roles import Vector

COST = 0.3  # inverse strength of the regularisation; chosen among 0.1 to 1 on rows that were held out
EXACTNESS = 1e-2  # tolerance of the solver: a finer one changes no figure here
EMOTIONS_OF = "brighter_ptbr"  # the set that an emotion's threshold is chosen on
PLACES = {name: place for place, name in enumerate(ALONE_OUTPUTS)}


def train_alone(
    examples: Sequence[Example], *, centre: NDArray[np.float32], scale: NDArray[np.float32], embed: Callable[[Sequence[str]], Vector]
) -> tuple[Heads, dict[str, float]]:
    """The heads, over inputs centred and scaled as those of `heads.npz`, and what they reach on rows that were held out in turns."""
    texts = [example.text for example in examples]
    matrix = join(compute_inputs(texts, vectors=embed(texts)), centre, scale)
    folds = np.array([int(hash_masked(text), 16) % FOLDS for text in texts])
    known = [name for name in ALONE_OUTPUTS if len({example.targets[name][0] for example in examples if name in example.targets}) == 2]
    scores = np.zeros((len(texts), len(ALONE_OUTPUTS)))
    weights, bias = np.zeros((matrix.shape[1], len(ALONE_OUTPUTS))), np.zeros(len(ALONE_OUTPUTS))
    bias[PLACES["post"]] = -30.0  # without posts to learn from nothing is one
    everything = np.ones(len(texts), dtype=bool)
    for name in known:
        place = PLACES[name]
        weights[:, place], bias[place] = fit(matrix, examples, name, everything, cost=COST, exactness=EXACTNESS)
        for fold in range(FOLDS):
            held = folds == fold
            of_fold, start = fit(matrix, examples, name, ~held, cost=COST, exactness=EXACTNESS)
            scores[held, place] = matrix[held] @ of_fold + start
    figures = _choose_thresholds(scores, bias, examples, folds) | _measure_sentiment(scores, examples) | _measure_offence(scores, examples)
    return pack(weights, bias, centre, scale), figures


def _choose_thresholds(
    scores: NDArray[np.float64], bias: NDArray[np.float64], examples: Sequence[Example], folds: NDArray[np.int64]
) -> dict[str, float]:
    """Move each emotion's bias to where its F1 is best on held-out rows; the figure is by thresholds chosen without the row's fold."""
    rows = np.array([row for row, one in enumerate(examples) if one.source == EMOTIONS_OF], dtype=np.int64)
    if not len(rows):
        return {}
    found = []
    for emotion in EMOTIONS:
        place = PLACES[f"post {emotion}"]
        truth = np.array([examples[row].targets[f"post {emotion}"][0] for row in rows])
        said = np.zeros(len(rows), dtype=bool)
        for fold in range(FOLDS):
            held = folds[rows] == fold
            said[held] = scores[rows[held], place] > find_threshold(truth[~held], scores[rows[~held], place])
        found.append(_f1(truth, said))
        bias[place] -= find_threshold(truth, scores[rows, place])
    return {f"alone, {EMOTIONS_OF}: emotions, macro-F1": float(np.mean(found))}


def find_threshold(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """The score above which saying yes has the best F1: between two neighbours."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    best = int((2 * hits / (np.arange(1, len(truth) + 1) + truth.sum())).argmax())
    return float(scores[order[best]] + scores[order[min(best + 1, len(order) - 1)]]) / 2


def _measure_sentiment(scores: NDArray[np.float64], examples: Sequence[Example]) -> dict[str, float]:
    """By both kinds of head, as `decide_alone` weighs them."""
    share = 1 / (1 + np.exp(-np.clip(scores[:, PLACES["post"]], -30, 30)))
    figures = {}
    for name in ("umsab_pt", "umsab_es", "umsab_en", "own", "reviews"):
        rows = [row for row, example in enumerate(examples) if example.source == name]
        if not rows:
            continue
        opinion, positive = (
            (1 - share[rows]) * scores[rows, PLACES[output]] + share[rows] * scores[rows, PLACES[f"post {output}"]]
            for output in ("opinion", "positive")
        )
        said = [
            "neutral" if first <= 0 else "positive" if second > 0 else "negative" for first, second in zip(opinion, positive, strict=True)
        ]
        wanted = [name_sentiment(examples[row].targets, "post ") for row in rows]
        figures[f"alone, {name}: sentiment, macro-F1"] = compute_macro_f1(wanted, said)
    return figures


def _measure_offence(scores: NDArray[np.float64], examples: Sequence[Example]) -> dict[str, float]:
    rows = [row for row, example in enumerate(examples) if "post aggressive" in example.targets]
    if not rows:
        return {}
    wanted = [str(examples[row].targets["post aggressive"][0]) for row in rows]
    said = [str(bool(score > 0)) for score in scores[rows, PLACES["post aggressive"]]]
    return {"alone, toldbr_ptbr: offensive, macro-F1": compute_macro_f1(wanted, said)}


def _f1(wanted: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    return 2 * float((wanted & said).sum()) / max(1.0, float(wanted.sum() + said.sum()))
