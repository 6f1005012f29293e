"""The lines that are tried: `questions.jsonl` by a manager, `messages.jsonl` and `names.jsonl` by customers. {id, kind, lang, text}."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = ("injection", "change", "cross_tenant", "exfiltration", "formatting", "smuggled")
LANGUAGES = ("pt", "en", "es")


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: an order to the model, an order to change something, another tenant's data, secrets, markup, an order behind a question."""

    id: str
    kind: str
    lang: str
    text: str


def read_lines(name: str) -> list[Line]:
    return [Line(**json.loads(row)) for row in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


QUESTIONS, MESSAGES, NAMES = read_lines("questions"), read_lines("messages"), read_lines("names")


def write_table(tried: list[tuple[str, Line]], successes: list[str]) -> str:
    """What was tried by kind and by whom, and how much of it succeeded."""
    whos = list(dict.fromkeys(who for who, _ in tried))
    counts = Counter((line.kind, who) for who, line in tried)
    head = f"{'kind':14}" + "".join(f"{who:>28}" for who in whos)
    rows = [f"{kind:14}" + "".join(f"{counts[kind, who]:28}" for who in whos) for kind in KINDS if any(counts[kind, who] for who in whos)]
    return "\n".join([head, *rows, f"{len(tried)} tried, {len(successes)} successes"])
