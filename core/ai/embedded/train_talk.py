"""Learns from labelled conversations what the heads can't say of a text alone: moods in context, satisfaction, resolution, themes.

Everything is learned from scores that the heads gave to texts which they had not seen, and measured on conversations (themes: on
sectors) that were held out. Called by `train.py`; the figures that it returns are printed and kept beside the weights.
"""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.calibrate import calibrate_classes
from core.ai.embedded.context import FEATURES, describe_in_context
from core.ai.embedded.episode import PARTS, describe_episode
from core.ai.embedded.messages import Reading, decide_mood, describe_placed, place_turns
from core.ai.embedded.service_talk import FOLDS, Label, LabelledTalk
from core.ai.embedded.talk import CLASSES
from core.ai.embedded.train_themes import train_themes
from core.ai.embedded.trees import LEAF, Forest
from core.ai.evals.scores import compute_macro_f1
from core.ai.roles import Vector

# Chosen on held-out conversations among depths 3 and 4, 100 to 250 trees.
MESSAGE_TREES = {"max_depth": 4, "n_estimators": 120, "learning_rate": 0.07, "subsample": 0.7, "max_features": 0.2, "min_samples_leaf": 10}
SCORE_TREES = {"max_depth": 1, "n_estimators": 400, "learning_rate": 0.05, "subsample": 0.7, "max_features": 0.4, "min_samples_leaf": 8}
RESOLVED_TREES = {"max_depth": 2, "n_estimators": 120, "learning_rate": 0.06, "subsample": 0.7, "max_features": 0.4, "min_samples_leaf": 8}

Arrays = dict[str, NDArray[np.generic]]


def train_talk(
    talks: Sequence[LabelledTalk],
    readings: Mapping[str, Reading],
    *,
    alone: Sequence[tuple[Reading, Label]],
    theme_vectors: Mapping[str, Vector],
    centre: Vector,
) -> tuple[Arrays, dict[str, float]]:
    """The arrays to save, and figures on what was held out. `readings` hold scores of heads that had not seen the text.

    `alone` are labelled messages without a conversation: moods are learned from them as well, and not measured on them.
    """
    places = [place_turns(talk.turns) for talk in talks]
    inputs = np.stack(
        [describe_placed(one, readings) for placed in places for one in placed]
        + [describe_in_context(reading.text, reading.scores, at=None, before=()) for reading, _ in alone]
    )
    # What stands alone is in no fold: it always trains.
    folds = np.array([talk.fold for talk, placed in zip(talks, places, strict=True) for _ in placed] + [-1] * len(alone))
    labels = [label for talk in talks for label in talk.labels] + [label for _, label in alone]
    arrays: Arrays = {}
    figures: dict[str, float] = {}
    chances: dict[str, NDArray[np.float64]] = {}
    needed: dict[str, tuple[float, ...]] = {}
    for name, classes in CLASSES.items():
        wanted = np.array([classes.index(getattr(label, name)) for label in labels])
        sums = _hold_out(inputs, wanted, folds, classes=len(classes))
        arrays |= _grow_classes(inputs, wanted, classes=len(classes)).to_arrays(name)
        in_talk = folds >= 0  # what is measured; only there do the chances have to be true
        scaling, needed[name], chances[name], measured = calibrate_classes(name, sums[in_talk], wanted[in_talk], folds[in_talk])
        arrays |= {f"{name}.scaling": scaling, f"{name}.needed": np.array(needed[name])}
        figures |= measured
    moods = iter(
        decide_mood(one, readings[one.text].text, *(chances[name][row] for name in CLASSES), needed=needed)
        for row, one in enumerate(one for placed in places for one in placed)
    )
    by_talk = [[next(moods) for _ in placed] for placed in places]
    said = [mood for found in by_talk for mood in found]
    for name in CLASSES:
        wanted_words = [getattr(label, name) for talk in talks for label in talk.labels]
        figures[f"{name}, macro-F1"] = compute_macro_f1(wanted_words, [getattr(mood, name) for mood in said])
    rows = np.stack(
        [
            describe_episode(talk.turns, [mood.felt for mood in found], first_response_seconds=None, longest_wait_seconds=None)
            for talk, found in zip(talks, by_talk, strict=True)
        ]
    )
    talk_folds = np.array([talk.fold for talk in talks])
    arrays_of_talk, figures_of_talk = _train_conversations(talks, rows, talk_folds)
    themes, figures_of_themes = train_themes(talks, readings, theme_vectors=theme_vectors, centre=centre)
    return arrays | arrays_of_talk | themes, figures | figures_of_talk | figures_of_themes


def _train_conversations(
    talks: Sequence[LabelledTalk], rows: NDArray[np.float32], folds: NDArray[np.int64]
) -> tuple[Arrays, dict[str, float]]:
    notes = np.array([float(talk.satisfaction) for talk in talks])
    settled = np.array([talk.is_resolved for talk in talks])
    predicted, chance = np.zeros(len(talks)), np.zeros(len(talks))
    for fold in range(FOLDS):
        held = folds == fold
        predicted[held] = (
            _ensemble().GradientBoostingRegressor(**SCORE_TREES, random_state=0).fit(rows[~held], notes[~held]).predict(rows[held])
        )
        model = _ensemble().GradientBoostingClassifier(**RESOLVED_TREES, random_state=0).fit(rows[~held], settled[~held])
        chance[held] = model.predict_proba(rows[held])[:, 1]
    predicted = np.clip(predicted, 1, 5)
    figures = {
        "satisfaction, mean error": float(np.abs(predicted - notes).mean()),
        "satisfaction rounded, mean error": float(np.abs(np.floor(predicted + 0.5) - notes).mean()),
        "resolved, share right": float(((chance > 0.5) == settled).mean()),
    }
    score = _ensemble().GradientBoostingRegressor(**SCORE_TREES, random_state=0).fit(rows, notes)
    resolved = _ensemble().GradientBoostingClassifier(**RESOLVED_TREES, random_state=0).fit(rows, settled)
    forests = {
        "satisfaction": _pack(score, start=[float(np.mean(notes))], rows=rows, features=len(PARTS)),
        "resolved": _pack(resolved, start=[float(np.log(settled.mean() / (1 - settled.mean())))], rows=rows, features=len(PARTS)),
    }
    return {key: array for name, forest in forests.items() for key, array in forest.to_arrays(name).items()}, figures


def _hold_out(inputs: NDArray[np.float32], wanted: NDArray[np.int64], folds: NDArray[np.int64], *, classes: int) -> NDArray[np.float64]:
    """The sums of trees that did not see the row's conversation; zeros for what is in no fold."""
    sums = np.zeros((len(wanted), classes))
    for fold in range(FOLDS):
        held = folds == fold
        sums[held] = _grow_classes(inputs[~held], wanted[~held], classes=classes).score(inputs[held])
    return sums


def _grow_classes(inputs: NDArray[np.float32], wanted: NDArray[np.int64], *, classes: int) -> Forest:
    """Rare classes count more than their share, frequent ones more than a rare one: by the root of how rare they are."""
    counts = np.bincount(wanted, minlength=classes)
    weights = (1.0 / counts[wanted]) ** 0.5
    weights /= weights.mean()
    model = _ensemble().GradientBoostingClassifier(**MESSAGE_TREES, random_state=0).fit(inputs, wanted, sample_weight=weights)
    shares = np.array([weights[wanted == one].sum() for one in range(classes)]) / weights.sum()
    return _pack(model, start=list(np.log(shares)), rows=inputs, features=len(FEATURES))


def _pack(model: Any, *, start: Sequence[float], rows: NDArray[np.float32], features: int) -> Forest:
    """scikit-learn's trees as tables. `start` is what the model begins from, before any tree."""
    grown = [(output, one.tree_) for trees in model.estimators_ for output, one in enumerate(trees)]
    nodes = max(tree.node_count for _, tree in grown)

    def lay(read: Any, kind: type[Any]) -> NDArray[Any]:
        table = np.zeros((len(grown), nodes), dtype=kind)
        for place, (_, tree) in enumerate(grown):
            table[place, : tree.node_count] = read(tree)
        return table

    feature = lay(lambda tree: np.where(tree.children_left < 0, LEAF, tree.feature), np.int16)
    for place, (_, tree) in enumerate(grown):
        feature[place, tree.node_count :] = LEAF
    forest = Forest(
        start=np.array(start, dtype=np.float64),
        output=np.array([output for output, _ in grown], dtype=np.int64),
        feature=feature,
        threshold=lay(lambda tree: tree.threshold, np.float32),
        left=lay(lambda tree: np.maximum(tree.children_left, 0), np.int16),
        right=lay(lambda tree: np.maximum(tree.children_right, 0), np.int16),
        value=lay(lambda tree: tree.value[:, 0, 0] * model.learning_rate, np.float32),
        usual=np.zeros(features),
    )
    if model.max_depth != 1:
        return forest
    _, points = forest.explain(rows)
    return Forest(
        forest.start, forest.output, forest.feature, forest.threshold, forest.left, forest.right, forest.value, usual=points.mean(axis=0)
    )


def _ensemble() -> Any:
    return importlib.import_module("sklearn.ensemble")
