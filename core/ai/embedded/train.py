"""Trains the small heads and writes their weights: `make heads DATA=dir`. Deterministic, and the only place that needs scikit-learn.

Without public sets in DATA it trains on our own messages and conversations alone; the report that it prints shows what that costs.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.calibrate import OF_CHANCES, calibrate_head
from core.ai.embedded.calibration import squash
from core.ai.embedded.costs import find_whole, tell_costs
from core.ai.embedded.embedder import DIMENSIONS as VECTOR_DIMENSIONS
from core.ai.embedded.embedder import MODEL, EmbeddedEmbedder
from core.ai.embedded.fit import assign_folds, fit_in_turns, join, measure_scale, pack
from core.ai.embedded.heads import ALONE_PATH, EMOTIONS, OUTPUTS, WEIGHTS_PATH, compute_inputs, save_heads
from core.ai.embedded.messages import Reading, hash_masked, normalise_masked
from core.ai.embedded.service_talk import read_service_talk
from core.ai.embedded.sources import Example, read_own, read_public, read_talk
from core.ai.embedded.talk import WEIGHTS_PATH as TALK_PATH
from core.ai.embedded.talk import save_talk
from core.ai.embedded.texts_alone import name_sentiment, read_alone
from core.ai.embedded.train_alone import train_alone
from core.ai.embedded.train_talk import train_talk
from core.ai.embedded.trained import SEEN_PATH, hash_trained, write_seen
from core.ai.evals.scores import compute_macro_f1
from core.ai.roles import Vector
from core.privacy import mask

# Sets whose rows are held out in turns: to be measured, and to be learned from where no conversation is around them.
HELD_OUT_SETS = frozenset({"own", "umsab_pt", "brighter_ptbr", "toldbr_ptbr"})
FIGURES_PATH = WEIGHTS_PATH.parent / "figures.json"
EMBEDDED_AT_ONCE = 256


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder with the public sets (*.jsonl.gz).")
@click.option("--cache", type=click.Path(path_type=Path, dir_okay=False), help="File that keeps vectors between two trainings.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=WEIGHTS_PATH.parent,
    show_default=False,
    help="Their folder.",
)
def main(data: Path | None, cache: Path | None, out: Path) -> None:
    """Train the heads on our own messages and on what lies in DATA, and say what they reach in cross-validation."""
    examples = read_own() + read_talk() + (read_public(data) if data else [])
    sources = Counter(_name_source(example) for example in examples)
    click.echo(f"{len(examples)} texts: " + ", ".join(f"{source} {count}" for source, count in sources.items()))
    known: dict[str, Vector] = {}
    vectors = embed([example.text for example in examples], cache, known)
    inputs = compute_inputs([example.text for example in examples], vectors=vectors)
    centre, scale = measure_scale(inputs)
    matrix = join(inputs, centre, scale)
    weights, bias, scores = fit_in_turns(matrix, examples, OUTPUTS, _assign_folds(examples))
    figures = _measure_public(scores, examples)
    heads = pack(weights, bias, centre, scale, _calibrate(scores, examples))
    texts_alone = read_alone(data)
    alone, of_alone = train_alone(texts_alone, centre=centre, scale=scale, embed=lambda texts: embed(texts, cache, known))
    arrays, of_talk = _train_talk(examples, vectors, scores, centre[:VECTOR_DIMENSIONS], embed=lambda texts: embed(texts, cache, known))
    out.mkdir(parents=True, exist_ok=True)
    save_heads(heads, out / WEIGHTS_PATH.name)
    save_heads(alone, out / ALONE_PATH.name)
    save_talk(arrays, out / TALK_PATH.name)
    told = {name: round(value, 3) for name, value in (of_talk | figures | of_alone).items()}
    sets = {**sources, **Counter(f"alone, {_name_source(example)}" for example in texts_alone)}
    write_seen([*examples, *texts_alone], out / SEEN_PATH.name)
    held_out = {name: value for name, value in told.items() if not name.startswith(OF_CHANCES)}
    whole = find_whole(json.loads(FIGURES_PATH.read_text(encoding="utf-8")))
    costs = tell_costs(held_out, sets, whole)
    record = {"files": hash_trained(out), "sets": sets, "conversations": len(read_service_talk()), "held out": held_out}
    record["chances"] = {name.removeprefix(OF_CHANCES): value for name, value in told.items() if name not in held_out}
    if costs:
        record["whole"] = {name: whole[name] for name in ("sets", "held out")}
    (out / FIGURES_PATH.name).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    for name, value in told.items():
        click.echo(f"  {name:56} {value:.3f}")
    for line in costs:
        click.echo(line)
    click.echo(
        ", ".join(f"{name} {(out / name).stat().st_size / 1e6:.1f} MB" for name in (WEIGHTS_PATH.name, ALONE_PATH.name, TALK_PATH.name))
    )


def _train_talk(
    examples: Sequence[Example], vectors: Vector, scores: NDArray[np.float64], centre: Vector, *, embed: Callable[[Sequence[str]], Vector]
) -> tuple[dict[str, NDArray[np.generic]], dict[str, float]]:
    """Learn from conversations, with scores that heads gave to texts which they had not seen."""
    talks = read_service_talk()
    held: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        if example.source.startswith("talk"):
            held[example.text].append(place)
    readings = {}
    for text in dict.fromkeys(turn.text for talk in talks for turn in talk.turns if turn.author == "customer"):
        masked = mask(text).text
        normal = normalise_masked(masked)
        places = held[normal]
        readings[text] = Reading(masked, normal, hash_masked(normal), vectors[places[0]], scores[places].mean(axis=0).astype(np.float32))
    alone = [
        (Reading(one.text, one.text, hash_masked(one.text), vectors[place], scores[place].astype(np.float32)), one.label)
        for place, one in enumerate(examples)
        if one.source == "own" and one.label is not None
    ]
    names = list(dict.fromkeys(text for talk in talks for theme in talk.themes for text in (theme.name, *theme.examples)))
    theme_vectors = dict(zip(names, embed(names), strict=True))
    return train_talk(talks, readings, alone=alone, theme_vectors=theme_vectors, centre=centre)


def _measure_public(scores: NDArray[np.float64], examples: Sequence[Example]) -> dict[str, float]:
    """What the heads reach on held-out rows of the public sets, by their own scores alone."""
    figures: dict[str, float] = {}
    places = {name: place for place, name in enumerate(OUTPUTS)}

    def find(source: str, output: str) -> list[int]:
        return [row for row, one in enumerate(examples) if one.source == source and output in one.targets and not np.isnan(scores[row, 0])]

    if rows := find("umsab_pt", "opinion"):
        wanted = [name_sentiment(examples[row].targets) for row in rows]
        said = [
            "neutral" if scores[row, places["opinion"]] <= 0 else "positive" if scores[row, places["positive"]] > 0 else "negative"
            for row in rows
        ]
        figures["umsab_pt: sentiment, macro-F1"] = compute_macro_f1(wanted, said)
    if rows := find("toldbr_ptbr", "aggressive"):
        wanted = [str(examples[row].targets["aggressive"][0]) for row in rows]
        figures["toldbr_ptbr: offensive, macro-F1"] = compute_macro_f1(
            wanted, [str(bool(scores[row, places["aggressive"]] > 0)) for row in rows]
        )
    if rows := find("brighter_ptbr", "joy"):
        found = []
        for emotion in EMOTIONS:
            truth = np.array([examples[row].targets[emotion][0] for row in rows])
            found.append(_f1(truth, scores[rows, places[emotion]] > 0))
        figures["brighter_ptbr: emotions, macro-F1"] = float(np.mean(found))
    return figures


def embed(texts: Sequence[str], cache: Path | None, known: dict[str, Vector] | None = None) -> Vector:
    """Vectors of masked texts; those that `cache` holds, or `known`, which takes the new ones, are not computed again."""
    known = {} if known is None else known
    if not known and cache and cache.exists():
        with np.load(cache) as stored:
            if str(stored["model"]) == MODEL:
                known.update(zip(stored["hashes"].tolist(), stored["vectors"], strict=True))
    hashes = [hash_masked(text) for text in texts]
    new = [(key, text) for key, text in dict(zip(hashes, texts, strict=True)).items() if key not in known]
    new.sort(key=lambda pair: len(pair[1]))
    embedder = EmbeddedEmbedder()
    for start in range(0, len(new), EMBEDDED_AT_ONCE):
        part = new[start : start + EMBEDDED_AT_ONCE]
        known.update(zip([key for key, _ in part], embedder.embed_passages([text for _, text in part]), strict=True))
        click.echo(f"embedded {start + len(part)} of {len(new)}", err=True)
    if cache and new:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, model=MODEL, hashes=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[key] for key in hashes])


def _assign_folds(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Conversations have their fold; some sets are dealt by a hash; everything else always trains."""
    is_dealt = np.array([one.fold is not None or one.source in HELD_OUT_SETS for one in examples])
    return np.where(is_dealt, assign_folds(examples), -1)


def _calibrate(scores: NDArray[np.float64], examples: Sequence[Example]) -> NDArray[np.float64]:
    """By our own messages, which is where these heads decide by themselves: emotions and tones of texts without a conversation.

    An emotion is told where the head says yes, both answers counting the same: the best F1 among many neutral lines told too many.
    """
    rows = [row for row, one in enumerate(examples) if one.source == "own"]
    truths = [np.array([examples[row].targets.get(output, (False,))[0] for row in rows]) for output in OUTPUTS]
    found = np.array([calibrate_head(scores[rows, place], truth) for place, truth in enumerate(truths)]).T
    places = [OUTPUTS.index(emotion) for emotion in EMOTIONS]
    found[2, places] = squash(found[1, places])
    return found


def _name_source(example: Example) -> str:
    return " ".join(word for word in example.source.split() if not word.isdigit())


def _f1(wanted: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    right = float((wanted & said).sum())
    return 2 * right / max(1.0, float(wanted.sum() + said.sum()))


if __name__ == "__main__":
    main()
