"""How well unknown subjects are found: half of a list's themes are hidden, and what no theme took is grouped and named.

Two kinds of crowd. Each file of datasets/service_talk is a shop of its own, of about 32 conversations and ten themes: too small for what
the product asks of a subject (its size, and a word that several customers use), so groups of two and more are measured there before that
is asked. The demo shop's scripts are one shop with ten themes of about twenty conversations each: there, proposals are measured as they
come. Which themes are hidden is drawn by a fixed seed, several times over. What the themes that are left would take is left out by its
label: this measures groups and names, not the choice among known themes.
"""

import json
import random
import statistics
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

import click
import numpy as np

import core.discovery
from core.ai.embedded.embedder import EmbeddedEmbedder
from core.ai.embedded.formulas import is_formula
from core.ai.embedded.messages import normalise_masked
from core.ai.embedded.service_talk import read_service_talk
from core.ai.roles import ThemeInput, Turn, Vector
from core.discovery import NewGroup, Told, find_subjects, name_group
from core.discovery.clusters import cluster
from core.discovery.groups import CUT
from core.discovery.likeness import describe
from core.discovery.words import get_stems
from core.privacy import mask
from core.project.evals.understanding import read_demo

BASELINE_PATH = Path(core.discovery.__file__).parent / "evals" / "baseline.json"
TOLERANCE = 0.03  # figures of few groups: one group more or less is no fall
BATCH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A conversation and what it is about, by the label; None for nothing of the list."""

    told: Told
    theme: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """One shop. `enough` conversations make a hidden theme one that is to be found; `draws` times half of the themes are hidden.

    `is_small`: groups of two and more are measured, without the product's conditions.
    """

    kind: str
    talks: list[Labelled]
    themes: dict[str, ThemeInput]
    is_small: bool
    enough: int
    draws: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What was found in one draw: each group with the labels of its conversations; the labels of all that were grouped or not."""

    kind: str
    themes: dict[str, ThemeInput]
    groups: list[tuple[NewGroup, Counter[str | None]]]
    wanted: set[str]
    agreement: float


def run(write_baseline: bool) -> list[str]:  # noqa: FBT001 the one argument that every set takes
    """Prints the figures and what was found in the demo shop; returns what fell below the baseline."""
    crowds = read_crowds()
    drawn = [one for crowd in crowds for one in draw(crowd)]
    figures = measure("sectors", drawn) | measure("demo", drawn)
    baseline = json.loads(BASELINE_PATH.read_text()) if BASELINE_PATH.exists() else {}
    for name, value in figures.items():
        click.echo(f"  {name:58} {value:7.3f}  (baseline {baseline.get(name, float('nan')):7.3f})")
    first = next(one for one in drawn if one.kind == "demo")
    click.echo(f"  demo, hidden: {', '.join(sorted(first.wanted))}")
    for group, labels in first.groups:
        click.echo(f"    {len(group.talks):3} {group.name}: {dict(labels.most_common(3))}")
    if write_baseline:
        BASELINE_PATH.write_text(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2) + "\n")
        return []
    fallen = {name: was for name, was in baseline.items() if figures.get(name, 0.0) < was - TOLERANCE}
    return [f"{name} is {figures.get(name, 0.0):.3f}, was {was:.3f}" for name, was in fallen.items()]


def read_crowds() -> list[Crowd]:
    """Each sector of our own conversations, and the demo shop, with vectors of every text that tells something."""
    by_sector: dict[str, list[tuple[tuple[Turn, ...], str | None]]] = defaultdict(list)
    lists: dict[str, tuple[ThemeInput, ...]] = {}
    for talk in read_service_talk():
        by_sector[talk.sector].append((talk.turns, talk.theme))
        lists[talk.sector] = talk.themes
    told = read_demo()
    demo = [(asked.messages, expected["theme"]) for asked, expected in told]
    vectors = _embed(
        [turn.text for talks in [*by_sector.values(), demo] for turns, _ in talks for turn in turns if turn.author == "customer"]
    )
    crowds = [
        Crowd(kind="sectors", talks=_label(talks, vectors), themes=_name(lists[sector]), is_small=True, enough=3, draws=3)
        for sector, talks in sorted(by_sector.items())
    ]
    crowds.append(Crowd(kind="demo", talks=_label(demo, vectors), themes=_name(told[0][0].themes), is_small=False, enough=8, draws=6))
    return crowds


def draw(crowd: Crowd) -> Iterator[Drawn]:
    """Hide half of the themes, several times over, and look for them."""
    names = sorted({one.theme for one in crowd.talks if one.theme})
    for seed in range(crowd.draws):
        hidden = set(random.Random(seed).sample(names, max(2, len(names) // 2)))
        waiting = [one for one in crowd.talks if one.theme is None or one.theme in hidden]
        rest = [one.told for one in crowd.talks if one.theme is not None and one.theme not in hidden]
        told = [one.told for one in waiting]
        found = _group_small(told, rest) if crowd.is_small else find_subjects(told, rest=rest).new
        label = {one.told.id: one.theme for one in waiting}
        counts = Counter(label.values())
        group_of = {talk.id: place for place, group in enumerate(found) for talk in group.talks}
        # What is in no group stands alone; what has no label has no right place.
        pairs = [(one.theme, group_of.get(one.told.id, one.told.id)) for one in waiting if one.theme]
        yield Drawn(
            kind=crowd.kind,
            themes=crowd.themes,
            groups=[(group, Counter(label[talk.id] for talk in group.talks)) for group in found],
            wanted={name for name in hidden if counts[name] >= crowd.enough},
            agreement=compute_adjusted_rand(pairs),
        )


def measure(kind: str, drawn: Sequence[Drawn]) -> dict[str, float]:
    """The figures of one kind of crowd, over all draws."""
    those = [one for one in drawn if one.kind == kind]
    groups = [pair for one in those for pair in one.groups]
    grouped = sum(len(group.talks) for group, _ in groups)
    own = sum(max((count for name, count in labels.items() if name), default=0) for _, labels in groups)
    found = sum(len(one.wanted & {_get_main(labels) for _, labels in one.groups}) for one in those)
    named = [(group, one.themes[main]) for one in those for group, labels in one.groups if (main := _get_main(labels)) is not None]
    telling = sum(_says(group, theme) for group, theme in named)
    figures = {
        f"{kind}: hidden themes that a group is mostly about": found / max(1, sum(len(one.wanted) for one in those)),
        f"{kind}: purity of groups": own / max(1, grouped),
        f"{kind}: adjusted Rand index": statistics.mean(one.agreement for one in those),
    }
    if kind == "demo":
        figures[f"{kind}: names that share a word with the theme"] = telling / max(1, len(named))
    return figures


def compute_adjusted_rand(pairs: Sequence[tuple[object, object]]) -> float:
    """How far two groupings of the same things agree beyond chance: 1 for the same, about 0 for any (Hubert and Arabie 1985)."""
    both = sum(comb(count, 2) for count in Counter(pairs).values())
    one = sum(comb(count, 2) for count in Counter(first for first, _ in pairs).values())
    other = sum(comb(count, 2) for count in Counter(second for _, second in pairs).values())
    chance = one * other / max(1, comb(len(pairs), 2))
    most = (one + other) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _group_small(told: Sequence[Told], rest: Sequence[Told]) -> list[NewGroup]:
    rows = describe(told)
    return [name_group([told[place] for place in group], rest=rest) for group in cluster(rows @ rows.T, cut=CUT)]


def _get_main(labels: Counter[str | None]) -> str | None:
    """The theme that more than half of a group is about."""
    name, count = labels.most_common(1)[0]
    return name if count > labels.total() / 2 else None


def _says(group: NewGroup, theme: ThemeInput) -> bool:
    return bool(get_stems(" . ".join(group.words)) & get_stems(" . ".join([theme.name, *theme.examples])))


def _name(themes: Sequence[ThemeInput]) -> dict[str, ThemeInput]:
    return {theme.name: theme for theme in themes}


def _label(talks: Sequence[tuple[tuple[Turn, ...], str | None]], vectors: dict[str, Vector]) -> list[Labelled]:
    labelled = []
    for number, (turns, theme) in enumerate(talks):
        texts = [text for turn in turns if turn.author == "customer" and not is_formula(text := _read(turn.text))]
        if texts:
            told = Told(
                id=uuid.UUID(int=number),
                customer=number,
                texts=tuple(texts),
                vectors=np.stack([vectors[text] for text in texts]),
                replies=tuple(_read(turn.text) for turn in turns if turn.author == "agent"),
            )
            labelled.append(Labelled(told=told, theme=theme))
    return labelled


def _read(text: str) -> str:
    return normalise_masked(mask(text).text)


def _embed(texts: Sequence[str]) -> dict[str, Vector]:
    wanted = [text for text in dict.fromkeys(map(_read, texts)) if not is_formula(text)]
    embedder = EmbeddedEmbedder()
    vectors: dict[str, Vector] = {}
    for start in range(0, len(wanted), BATCH):
        page = wanted[start : start + BATCH]
        vectors.update(zip(page, embedder.embed_passages(page), strict=True))
    return vectors
