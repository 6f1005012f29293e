"""Scores masking, kind by kind: our own WhatsApp lines against the committed baseline, and `pii_ptbr` where its folder is given.

Two ways to count, both printed:
- exact: a span is right where its first character, its last one and its kind are.
- hidden: a value is hidden where no letter and no digit of it is left outside of found spans; a found span is no false alarm where
  it touches a value. This is what leaks and what is lost, so it is the mark.

A number that is announced as a CPF or a card and fails its check digits is masked on purpose, as `document`: most are real ones with
a typing error. The public set counts them as nobody's. They are no spans of the kind CPF or card, so the marks, which are by kind,
leave them out; what precision would be if each were counted as the kind that it was announced as is printed beside.
"""

import gzip
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from core.privacy.detect import find_spans
from core.privacy.kinds import KINDS, Span

DATA = Path(__file__).parent / "data"
OWN_PATH = DATA / "messages.jsonl"
BASELINE_PATH = DATA / "baseline.json"
PUBLIC_FILE = "pii_ptbr.jsonl.gz"

# The marks: recall and precision of the kinds that everybody fears for, recall of the others.
FEARED = frozenset({"cpf", "email", "card"})
FEARED_RECALL, FEARED_PRECISION, OTHER_RECALL = 0.99, 0.97, 0.95
# Labelled in our set to say by how much they are missed, and not masked: see the datasheet.
NOT_MASKED = frozenset({"name"})

PUBLIC_KINDS = {
    "BR_CPF": "cpf", "BR_CNPJ": "cnpj", "BR_CARTAO": "card", "BR_TELEFONE": "phone", "BR_CEP": "cep", "BR_PIX_EVP": "pix_key",
    "BR_CNH": "cnh", "BR_NIS": "nis", "BR_CNS": "cns", "BR_TITULO_ELEITOR": "voter_id", "BR_PLACA": "plate", "BR_RENAVAM": "renavam",
    "BR_CNJ": "court_case", "BR_IPTU": "iptu", "BR_MATRICULA_IMOVEL": "property", "BR_CNM": "cnm", "BR_CIB": "cib",
}  # fmt: skip

MAX_ERRORS = 12  # printed; the rest are of the same sort

_MARKED = re.compile(r"⟦(\w+):([^⟧]*)⟧")
Place = tuple[int, int, str]  # start, end, kind
Find = Callable[[str], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the values in it. `group` tells what it is an example of."""

    text: str
    group: str
    values: tuple[Place, ...]


@dataclass(slots=True)
class Tally:
    """Counts of one kind: values and how many were found, found spans and how many were right."""

    values: int = 0
    exact: int = 0
    hidden: int = 0
    found: int = 0
    found_exact: int = 0
    found_right: int = 0

    @property
    def recall(self) -> float:
        """Share of values that are wholly hidden; 1 where there is none."""
        return self.hidden / self.values if self.values else 1.0

    @property
    def precision(self) -> float:
        """Share of found spans that touch a value; 1 where there is none."""
        return self.found_right / self.found if self.found else 1.0

    def add(self, other: "Tally") -> None:
        """Count another tally into this one."""
        for name in Tally.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Scored:
    """Tallies by kind, and what was missed or masked for nothing, as lines to read."""

    tallies: dict[str, Tally]
    errors: list[str]

    def get_tally(self, kinds: Iterable[str]) -> Tally:
        """The sum over some kinds."""
        total = Tally()
        for kind in kinds:
            total.add(self.tallies.get(kind, Tally()))
        return total


def read_own() -> list[Example]:
    """Our lines. A value stands in the text as ⟦kind:value⟧."""
    return [_read_marked(json.loads(line)) for line in OWN_PATH.read_text(encoding="utf-8").splitlines()]


def _read_marked(row: dict[str, str]) -> Example:
    parts: list[str] = []
    values: list[Place] = []
    end = length = 0
    for match in _MARKED.finditer(row["text"]):
        before = row["text"][end : match.start()]
        start = length + len(before)
        length = start + len(match.group(2))
        values.append((start, length, match.group(1)))
        parts += (before, match.group(2))
        end = match.end()
    return Example("".join([*parts, row["text"][end:]]), row["group"], tuple(values))


def read_public(path: Path) -> list[Example]:
    """The public set, its kinds under our names."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
    return [
        Example(row["text"], row["difficulty"], tuple((start, end, PUBLIC_KINDS[kind]) for start, end, kind in row["spans"]))
        for row in rows
    ]


def score(examples: Iterable[Example], *, find: Find = find_spans, as_announced: bool = False) -> Scored:
    """Compare what is found with what is there. `as_announced` counts a `document` as the CPF or card that it was called."""
    scored = Scored({}, [])
    for example in examples:
        found = [(span.start, span.end, _name_announced(example.text, span) if as_announced else span.kind) for span in find(example.text)]
        _count_values(scored, example, found)
        _count_found(scored, example, found)
    return scored


def _name_announced(text: str, span: Span) -> str:
    """`document` under the kind that it was announced as: a card has 13 digits or more."""
    if span.kind != "document" or not text[span.start : span.end].replace(".", "").replace("-", "").replace(" ", "").isdigit():
        return span.kind
    return "card" if sum(character.isdigit() for character in text[span.start : span.end]) >= 13 else "cpf"


def _count_values(scored: Scored, example: Example, found: Sequence[Place]) -> None:
    for start, end, kind in example.values:
        tally = scored.tallies.setdefault(kind, Tally())
        tally.values += 1
        tally.exact += (start, end, kind) in found
        left = [
            place for place in range(start, end) if example.text[place].isalnum() and not any(one[0] <= place < one[1] for one in found)
        ]
        tally.hidden += not left
        if left and kind not in NOT_MASKED:
            scored.errors.append(f"missed {kind}: {example.text!r}")


def _count_found(scored: Scored, example: Example, found: Sequence[Place]) -> None:
    for start, end, kind in found:
        tally = scored.tallies.setdefault(kind, Tally())
        tally.found += 1
        tally.found_exact += (start, end, kind) in example.values
        touches = any(start < value[1] and value[0] < end for value in example.values)
        tally.found_right += touches
        if not touches:
            scored.errors.append(f"false alarm {kind} {example.text[start:end]!r}: {example.text!r}")


def run_eval(write: bool) -> list[str]:  # noqa: FBT001  as `evosense eval` calls every set
    """Print the figures and return what fell; `write` makes the present figures of our own set the baseline."""
    own = score(read_own())
    _print("own lines", own)
    fallen = find_fallen(own)
    if folder := os.environ.get("EVOSENSE_DATA"):
        path = next((one for one in (Path(folder) / PUBLIC_FILE, Path(folder) / "train" / PUBLIC_FILE) if one.exists()), None)
        if path:
            public = score(read_public(path))
            _print("pii_ptbr", public)
            announced = score(read_public(path), as_announced=True)
            for kind in ("cpf", "card"):
                click.echo(
                    f"{kind}, with the mistyped ones that are masked as documents: precision {announced.tallies[kind].precision:.4f}"
                )
            fallen += [f"pii_ptbr: {sentence}" for sentence in find_below_marks(public)]
    if write:
        BASELINE_PATH.write_text(json.dumps(to_figures(own), indent=2) + "\n", encoding="utf-8")
        return []
    return fallen


def to_figures(scored: Scored) -> dict[str, dict[str, float]]:
    """Recall and precision by kind, and over all that are masked."""
    sums = {kind: scored.tallies[kind] for kind in KINDS if kind in scored.tallies} | {"all": scored.get_tally(KINDS)}
    return {kind: {"recall": round(tally.recall, 3), "precision": round(tally.precision, 3)} for kind, tally in sums.items()}


def find_fallen(scored: Scored) -> list[str]:
    """What is worse than the committed baseline. There is no chance in it, so nothing is tolerated."""
    baseline: dict[str, dict[str, float]] = json.loads(BASELINE_PATH.read_text(encoding="utf-8")) if BASELINE_PATH.exists() else {}
    now = to_figures(scored)
    return [
        f"{kind}: {measure} {now.get(kind, {}).get(measure, 0.0):.3f}, was {value:.3f}"
        for kind, figures in baseline.items()
        for measure, value in figures.items()
        if now.get(kind, {}).get(measure, 0.0) < value
    ]


def find_below_marks(scored: Scored) -> list[str]:
    """Kinds below the marks, one sentence each."""
    below: list[str] = []
    for kind in KINDS:
        tally = scored.tallies.get(kind)
        if tally is None or not tally.values:
            continue
        needed = FEARED_RECALL if kind in FEARED else OTHER_RECALL
        if tally.recall < needed:
            below.append(f"{kind}: recall {tally.recall:.4f}, the mark is {needed}")
        if kind in FEARED and tally.precision < FEARED_PRECISION:
            below.append(f"{kind}: precision {tally.precision:.4f}, the mark is {FEARED_PRECISION}")
    return below


def _print(name: str, scored: Scored) -> None:
    click.echo(f"{name:14} {'values':>7} {'recall':>8} {'(exact)':>8} {'found':>7} {'precision':>10} {'(exact)':>8}")
    rows: list[tuple[str, Tally]] = [(kind, scored.tallies[kind]) for kind in KINDS if kind in scored.tallies]
    rows += [("all masked", scored.get_tally(KINDS))]
    rows += [(f"{kind}: not masked", scored.tallies[kind]) for kind in sorted(NOT_MASKED) if kind in scored.tallies]
    for kind, tally in rows:
        recall, precision = tally.exact / (tally.values or 1), tally.found_exact / (tally.found or 1)
        click.echo(
            f"{kind:14} {tally.values:7d} {tally.recall:8.4f} {recall:8.4f} {tally.found:7d} {tally.precision:10.4f} {precision:8.4f}"
        )
    for error in scored.errors[:MAX_ERRORS]:
        click.echo(f"  {error[:140]}")
