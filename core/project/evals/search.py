"""Searching our own labelled conversations for judged subjects: words alone, vectors alone, and both, against the committed baseline.

Each of `core/search/evals/queries.jsonl` is a subject as a manager types it, with the customers' messages of
datasets/service_talk that are about it: 2 where a message says just that, 1 where it belongs to it. They were judged by reading
what words and several ways of using vectors found, and what was found by patterns of the subject; what nobody found counts as not
about it, so recall is that among the known ones, of as many as have room in ten places.

`queries_second.jsonl` holds searches as people type them, slips of the hand included, judged the same way before anything was tuned to
them; each is of a half that may be tuned to or of one that may not. Of searches with one or two messages about them, ten places can
hold little that counts: how often one of the first five is about it (success@5) says there what recall does not.
"""

import json
import math
import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

import core
from core.project.embedded import Home, get_home

FOLDER = Path(core.__file__).parent / "search" / "evals"
PATHS, BASELINE_PATH = (FOLDER / "queries.jsonl", FOLDER / "queries_second.jsonl"), FOLDER / "baseline.json"
PLACES, FIRST = 10, 5
TOLERANCE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A search and the messages that are about it: key → 1 or 2. `part` is empty for the first set, else that of the second."""

    part: str
    language: str
    query: str
    relevant: dict[str, int]


def run(write_baseline: bool) -> list[str]:  # noqa: FBT001 the one argument that every set takes
    """Prints recall and nDCG at 10 by way of searching; returns what fell below the baseline."""
    from core.project.commands.bench import prepare

    with ExitStack() as stack:
        prepare(stack, with_services=True, home=Home(get_home().path / "eval"))
        figures = measure()
    baseline = json.loads(BASELINE_PATH.read_text()) if BASELINE_PATH.exists() else {}
    for name, value in figures.items():
        click.echo(f"  {name:48} {value:6.3f}  (baseline {baseline.get(name, float('nan')):6.3f})")
    if write_baseline:
        BASELINE_PATH.write_text(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2) + "\n")
        return []
    return [
        f"{name} is {figures.get(name, 0.0):.3f}, was {was:.3f}"
        for name, was in baseline.items()
        if figures.get(name, 0.0) < was - TOLERANCE
    ]


def measure() -> dict[str, float]:
    """Each figure by its name, over a tenant that is thrown away and holds all conversations."""
    from django.db import connections

    from core.project.bench.tenant import throw_away_tenant
    from core.project.evals.search_corpus import fill_tenant, make_viewer
    from core.search.nearest import embed_search, find_near
    from core.search.ranked import search_messages
    from core.search.worded import rank_by_words
    from core.tenancy import scope

    judged = read_judged()
    with throw_away_tenant() as tenant:
        viewer = make_viewer(tenant)
        with scope(tenant.id):
            keys, selection = fill_tenant()
        # Without counts of the new rows PostgreSQL takes the tables for empty, and seconds for a search.
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")
        with scope(tenant.id):
            seen_as = {one.query: embed_search(one.query) for one in judged}

            def words(query: str) -> list[str]:
                return [one.message_id for one in rank_by_words(viewer, selection, query, is_of_messages=True, limit=PLACES)[0]]

            def vectors(query: str) -> list[str]:
                vector = seen_as[query]
                return [one.message_id for one in find_near(viewer, selection, vector, kind="messages", limit=PLACES)] if vector else []

            def both(query: str) -> list[str]:
                return [row.message_id for row in search_messages(viewer, selection, query, limit=PLACES, vector=seen_as[query]).rows]

            ways: dict[str, Callable[[str], list[str]]] = {"words": words, "vectors": vectors, "hybrid": both}
            return {
                f"{name}, {figure}{language}": value
                for name, search in ways.items()
                for figure, language, value in _score(judged, [[keys[one] for one in search(each.query)] for each in judged])
            }


def read_judged() -> list[Judged]:
    """The judged searches of both sets, in their order."""
    rows = [json.loads(line) for path in PATHS for line in path.read_text(encoding="utf-8").splitlines()]
    return [Judged(part=row.get("half", ""), language=row["lang"], query=row["query"], relevant=row["relevant"]) for row in rows]


def compute_recall(found: Sequence[str], relevant: dict[str, int]) -> float:
    """How much of what is about a search stands in the first places, of as much as has room there."""
    return len(set(found[:PLACES]) & relevant.keys()) / min(PLACES, len(relevant))


def compute_precision(found: Sequence[str], relevant: dict[str, int]) -> float:
    """How much of ten places is about a search, empty ones counted as not."""
    return len(set(found[:PLACES]) & relevant.keys()) / PLACES


def compute_success(found: Sequence[str], relevant: dict[str, int]) -> float:
    """1 where one of the first five is about a search, else 0."""
    return float(bool(set(found[:FIRST]) & relevant.keys()))


def compute_gain(found: Sequence[str], relevant: dict[str, int]) -> float:
    """nDCG: 1 where the best stand first, less for each one further below (Järvelin and Kekäläinen 2002)."""
    best = sorted(relevant.values(), reverse=True)[:PLACES]
    got = [relevant.get(one, 0) for one in found[:PLACES]]
    return _discount(got) / _discount(best)


def _discount(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


FIGURES: dict[str, Callable[[Sequence[str], dict[str, int]], float]] = {
    "recall@10": compute_recall,
    "nDCG@10": compute_gain,
    "precision@10": compute_precision,
    "success@5": compute_success,
}


def _score(judged: Sequence[Judged], found: Sequence[Sequence[str]]) -> list[tuple[str, str, float]]:
    pairs = list(zip(judged, found, strict=True))
    scored = []
    for part in dict.fromkeys(one.part for one in judged):
        for language in ("", "pt", "en", "es"):
            chosen = [(one, rows) for one, rows in pairs if one.part == part and language in ("", one.language)]
            for name, compute in FIGURES.items():
                value = statistics.mean(compute(rows, one.relevant) for one, rows in chosen)
                scored.append((name, f" {language}" * bool(language) + f", second set, {part}" * bool(part), value))
    return scored
