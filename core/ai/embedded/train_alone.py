"""Learns what is felt in texts that no conversation surrounds: reviews, posts, lines to try. Called by `train.py`."""

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.calibrate import calibrate_head, calibrate_sides, join_sides, place_sides
from core.ai.embedded.calibration import squash, take_sides
from core.ai.embedded.fit import assign_folds, fit_in_turns, join, pack
from core.ai.embedded.heads import ALONE_OUTPUTS, EMOTIONS, Heads, compute_inputs
from core.ai.embedded.service_talk import FOLDS
from core.ai.embedded.sources import Example
from core.ai.embedded.talk import SENTIMENTS
from core.ai.embedded.texts_alone import name_sentiment
from core.ai.evals.scores import compute_macro_f1
from core.ai.roles import Vector

COST = 0.3  # inverse strength of the regularisation; chosen among 0.1 to 1 on rows that were held out
EXACTNESS = 1e-2  # tolerance of the solver: a finer one changes no figure here
# What calibrations and figures are of: our own lone texts for the heads of service, for those of posts the set of each task.
OWN = ("own", "reviews")
SENTIMENT_OF = "umsab_pt"
EMOTIONS_OF = "brighter_ptbr"
OFFENCE_OF = "toldbr_ptbr"
PLACES = {name: place for place, name in enumerate(ALONE_OUTPUTS)}


def train_alone(
    examples: Sequence[Example], *, centre: NDArray[np.float32], scale: NDArray[np.float32], embed: Callable[[Sequence[str]], Vector]
) -> tuple[Heads, dict[str, float]]:
    """The heads, over inputs centred and scaled as those of `heads.npz`, and what they reach on rows that were held out in turns."""
    texts = [example.text for example in examples]
    matrix = join(compute_inputs(texts, vectors=embed(texts)), centre, scale)
    folds = assign_folds(examples)
    known = [name for name in ALONE_OUTPUTS if len({example.targets[name][0] for example in examples if name in example.targets}) == 2]
    weights, bias, of_known = fit_in_turns(matrix, examples, known, folds, cost=COST, exactness=EXACTNESS)
    scores = np.zeros((len(texts), len(ALONE_OUTPUTS)))
    all_weights, all_bias = np.zeros((matrix.shape[1], len(ALONE_OUTPUTS))), np.zeros(len(ALONE_OUTPUTS))
    all_bias[PLACES["post"]] = -30.0  # without posts to learn from nothing is one
    places = [PLACES[name] for name in known]
    all_weights[:, places], all_bias[places], scores[:, places] = weights, bias, of_known
    scores[:, PLACES["post"]] += 0.0 if "post" in known else -30.0
    calibration, of_sides = _calibrate(scores, examples, folds)
    figures = (
        _measure_emotions(scores, examples, folds) | _measure_sentiment(scores, calibration, examples) | _measure_offence(scores, examples)
    )
    return pack(all_weights, all_bias, centre, scale, calibration), figures | of_sides


def _find(examples: Sequence[Example], sources: Collection[str], output: str) -> NDArray[np.int64]:
    return np.array([row for row, one in enumerate(examples) if one.source in sources and output in one.targets], dtype=np.int64)


def _calibrate(
    scores: NDArray[np.float64], examples: Sequence[Example], folds: NDArray[np.int64]
) -> tuple[NDArray[np.float64], dict[str, float]]:
    """Heads of service on our own texts, those of posts on the posts of the set that is theirs: what a chance is true of."""
    calibration = np.stack([np.ones(len(ALONE_OUTPUTS)), np.zeros(len(ALONE_OUTPUTS)), np.full(len(ALONE_OUTPUTS), 0.5)])
    figures: dict[str, float] = {}
    for kind, sources, name in (("", OWN, "own"), ("post ", (SENTIMENT_OF,), SENTIMENT_OF)):
        opinion, positive = PLACES[f"{kind}opinion"], PLACES[f"{kind}positive"]
        rows = _find(examples, sources, f"{kind}opinion")
        if len(rows):
            wanted = place_sides([name_sentiment(examples[row].targets, kind) for row in rows])
            found, measured = calibrate_sides(f"alone, {name}", scores[rows, opinion], scores[rows, positive], wanted, folds[rows])
            calibration[:, [opinion, positive]] = found
            figures |= measured
    for output, source in {**{f"post {emotion}": EMOTIONS_OF for emotion in EMOTIONS}, "post aggressive": OFFENCE_OF}.items():
        rows = _find(examples, (source,), output)
        if len(rows):
            truth = np.array([examples[row].targets[output][0] for row in rows])
            slope, shift, needed = calibrate_head(scores[rows, PLACES[output]], truth)
            # Offences as the head says, to which yes and no count the same: its figure is the F1 of both.
            calibration[:, PLACES[output]] = slope, shift, squash(np.array([shift]))[0] if source == OFFENCE_OF else needed
    return calibration, figures


def _measure_emotions(scores: NDArray[np.float64], examples: Sequence[Example], folds: NDArray[np.int64]) -> dict[str, float]:
    """Several emotions at once, by calibrations chosen without the row's fold."""
    found = []
    for emotion in EMOTIONS:
        rows = _find(examples, (EMOTIONS_OF,), f"post {emotion}")
        if not len(rows):
            return {}
        of_emotion = scores[rows, PLACES[f"post {emotion}"]]
        truth = np.array([examples[row].targets[f"post {emotion}"][0] for row in rows])
        said = np.zeros(len(rows), dtype=bool)
        for fold in range(FOLDS):
            held = folds[rows] == fold
            slope, shift, needed = calibrate_head(of_emotion[~held], truth[~held])
            said[held] = squash(of_emotion[held] * slope + shift) >= needed
        found.append(_f1(truth, said))
    return {f"alone, {EMOTIONS_OF}: emotions, macro-F1": float(np.mean(found))}


def _measure_sentiment(scores: NDArray[np.float64], calibration: NDArray[np.float64], examples: Sequence[Example]) -> dict[str, float]:
    """By both kinds of head, as `alone.py` weighs them."""
    odds = scores * calibration[0] + calibration[1]
    share = squash(scores[:, PLACES["post"]])
    figures = {}
    for name in ("umsab_pt", "umsab_es", "umsab_en", "own", "reviews"):
        rows = _find(examples, (name,), "post opinion")
        if not len(rows):
            continue
        of_rows = share[rows]
        opinion, positive = (
            (1 - of_rows) * odds[rows, PLACES[output]] + of_rows * odds[rows, PLACES[f"post {output}"]]
            for output in ("opinion", "positive")
        )
        said = [SENTIMENTS[place] for place in take_sides(join_sides(opinion, positive)).tolist()]
        wanted = [name_sentiment(examples[row].targets, "post ") for row in rows]
        figures[f"alone, {name}: sentiment, macro-F1"] = compute_macro_f1(wanted, said)
    return figures


def _measure_offence(scores: NDArray[np.float64], examples: Sequence[Example]) -> dict[str, float]:
    rows = _find(examples, (OFFENCE_OF,), "post aggressive")
    if not len(rows):
        return {}
    wanted = [str(examples[row].targets["post aggressive"][0]) for row in rows]
    said = [str(bool(score > 0)) for score in scores[rows, PLACES["post aggressive"]]]
    return {f"alone, {OFFENCE_OF}: offensive, macro-F1": compute_macro_f1(wanted, said)}


def _f1(wanted: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    return 2 * float((wanted & said).sum()) / max(1.0, float(wanted.sum() + said.sum()))
