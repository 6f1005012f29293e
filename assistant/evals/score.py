"""Scores the built-in planner on our own questions, and says where it fell below the committed baseline."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.plan import PLAN_FIELDS, Plan
from assistant.planner import Catalog, PastTurn, plan_question

FOLDER = Path(__file__).parent
BASELINE = FOLDER / "baseline.json"
ARTICLES = frozenset("o a os as um uma de do da dos das el la los las un una del the an of no na em en in".split())


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a set with the plan that it should give. `catalog` is the name of a file in catalogs/."""

    catalog: str
    row: dict[str, Any]


@dataclass(slots=True)
class Score:
    """Exact plans and all, by group ("all", "intent metric", "lang pt", "follow-up"), and the misses."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    misses: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: Mapping[str, Any], got: Mapping[str, Any]) -> None:
        wrong = find_differences(row["plan"], got)
        kind = "follow-up" if row["history"] else "first question"
        for group in ("all", f"intent {row['plan']['intent']}", f"lang {row['lang']}", kind):
            self.asked[group] += 1
            self.right[group] += not wrong
        if wrong:
            fields = {"want": {name: row["plan"][name] for name in wrong}, "got": {name: got.get(name) for name in wrong}}
            self.misses.append({"id": row["id"], "question": row["question"], **fields})

    def get_shares(self) -> dict[str, float]:
        """Group → exact plans, in percent with one decimal."""
        return {group: round(100 * self.right[group] / count, 1) for group, count in sorted(self.asked.items())}


def find_cases(folder: Path = FOLDER) -> Iterator[Case]:
    """Every question of our sets; the file's name up to its first dot is that of its catalogue."""
    for path in sorted((folder / "questions").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield Case(path.name.partition(".")[0], json.loads(line))


def load_catalog(name: str, folder: Path = FOLDER) -> Catalog:
    return Catalog.from_dict(json.loads((folder / "catalogs" / f"{name}.json").read_text(encoding="utf-8")))


def score_plans() -> Score:
    """Asks the built-in planner every question of our sets."""
    score = Score()
    catalogs: dict[str, Catalog] = {}
    for case in find_cases():
        catalog = catalogs.setdefault(case.catalog, load_catalog(case.catalog))
        planned = plan_question(
            case.row["question"],
            history=[PastTurn(turn["question"], Plan.from_dict(turn["plan"])) for turn in case.row["history"]],
            catalog=catalog,
            clock=datetime.fromisoformat(case.row["as_of"]),
            language=case.row["lang"],
        )
        score.add(case.row, planned.plan.to_dict())
    return score


def find_differences(want: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    """The fields in which two plans differ in meaning: lists are sets, open ends of notes are closed, search is its words."""
    one, other = _normalise(want), _normalise(got)
    return [name for name in PLAN_FIELDS if not _is_same(name, one[name], other[name])]


def _normalise(plan: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: plan.get(name) for name in PLAN_FIELDS}
    for name in ("metrics", "assumed"):
        plain[name] = frozenset(plain[name] or ())
    filters = dict(plain["filters"] or {})
    if filters.get("author") == "customer":
        del filters["author"]
    if span := filters.get("satisfaction"):
        filters["satisfaction"] = (span.get("min") or 1, span.get("max") or 5)
    plain["filters"] = {key: frozenset(value) if isinstance(value, list) else value for key, value in filters.items()}
    return plain


def _is_same(name: str, one: Any, other: Any) -> bool:
    if name != "search":
        return bool(one == other)
    left, right = _read_words(one), _read_words(other)
    return left == right or bool(left and right and (left <= right or right <= left))


def _read_words(text: str | None) -> frozenset[str]:
    flat = unicodedata.normalize("NFKD", (text or "").lower())
    plain = "".join(letter if letter.isalnum() else " " for letter in flat if not unicodedata.combining(letter))
    return frozenset(plain.split()) - ARTICLES


def find_regressions(score: Score) -> list[str]:
    """The groups in which fewer plans are exact than the committed baseline says, one sentence each."""
    baseline: dict[str, float] = json.loads(BASELINE.read_text(encoding="utf-8"))
    shares = score.get_shares()
    return [
        f"{group}: {shares.get(group, 0.0)} % exact, {share} % in the baseline"
        for group, share in sorted(baseline.items())
        if shares.get(group, 0.0) < share
    ]


def write_baseline(score: Score) -> None:
    """Makes the present figures the ones that must not fall."""
    BASELINE.write_text(json.dumps(score.get_shares(), indent=2) + "\n", encoding="utf-8")
