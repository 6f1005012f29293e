"""Learns opinion and polarity of texts that no conversation surrounds: reviews, posts, lines to try. Called by `train.py`."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.fit import fit, join, pack
from core.ai.embedded.heads import ALONE_OUTPUTS, Heads, compute_inputs
from core.ai.embedded.messages import hash_masked
from core.ai.embedded.service_talk import FOLDS
from core.ai.embedded.sources import Example, Targets
from core.ai.evals.scores import compute_macro_f1
from core.ai.roles import Vector

COST = 0.3  # inverse strength of the regularisation; chosen among 0.3, 0.5 and 1 on rows that were held out
MEASURED = ("umsab_pt", "umsab_es", "umsab_en", "reviews")


def train_alone(
    examples: Sequence[Example], *, centre: NDArray[np.float32], scale: NDArray[np.float32], embed: Callable[[Sequence[str]], Vector]
) -> tuple[Heads, dict[str, float]]:
    """The heads, over inputs centred and scaled as those of `heads.npz`, and what they reach on rows that were held out in turns."""
    texts = [example.text for example in examples]
    matrix = join(compute_inputs(texts, vectors=embed(texts)), centre, scale)
    folds = np.array([int(hash_masked(text), 16) % FOLDS for text in texts])
    scores = np.zeros((len(texts), len(ALONE_OUTPUTS)))
    for fold in range(FOLDS):
        held = folds == fold
        for place, output in enumerate(ALONE_OUTPUTS):
            weights, bias = fit(matrix, examples, output, ~held, cost=COST)
            scores[held, place] = matrix[held] @ weights + bias
    figures = {}
    for name in MEASURED:
        rows = [row for row, example in enumerate(examples) if example.source == name]
        if rows:
            wanted, said = [name_sentiment(examples[row].targets) for row in rows], [_say(scores[row]) for row in rows]
            figures[f"alone, {name}: sentiment, macro-F1"] = compute_macro_f1(wanted, said)
    everything = np.ones(len(texts), dtype=bool)
    learned, biases = zip(*(fit(matrix, examples, output, everything, cost=COST) for output in ALONE_OUTPUTS), strict=True)
    return pack(np.stack(learned, axis=1), np.array(biases), centre, scale), figures


def name_sentiment(targets: Targets) -> str:
    """The sentiment that the targets of opinion and polarity come from."""
    return "neutral" if not targets["opinion"][0] else "positive" if targets["positive"][0] else "negative"


def _say(scores: NDArray[np.float64]) -> str:
    return "neutral" if scores[0] <= 0 else "positive" if scores[1] > 0 else "negative"
