"""Reads our own labelled conversations (datasets/service_talk): what the heads learn from, and what they are measured on."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from core.ai.roles import ThemeInput, Turn
from core.privacy import mask

FOLDER = Path(__file__).parents[3] / "datasets" / "service_talk"
FOLDS = 5
_BEGIN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader says of one customer message."""

    sentiment: str
    emotion: str
    tone: str


@dataclass(frozen=True, slots=True)
class LabelledTalk:
    """One conversation with its labels; `labels` are those of the customer's turns, in order."""

    id: str
    sector: str
    turns: tuple[Turn, ...]
    labels: tuple[Label, ...]
    themes: tuple[ThemeInput, ...]
    theme: str | None
    satisfaction: int
    is_resolved: bool

    @property
    def fold(self) -> int:
        """The fold that it is held out in: conversations are never split."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % FOLDS


@lru_cache(maxsize=1)
def read_service_talk(folder: Path = FOLDER) -> tuple[LabelledTalk, ...]:
    """Every conversation of the set, in the order of its files."""
    return tuple(_read(folder))


def _read(folder: Path) -> Iterator[LabelledTalk]:
    for path in sorted((folder / "conversations").glob("*.jsonl")):
        told = json.loads((folder / "themes" / f"{path.stem}.json").read_text(encoding="utf-8"))["themes"]
        themes = tuple(ThemeInput(name=theme["name"], examples=tuple(theme["examples"])) for theme in told)
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            turns = tuple(
                Turn(author=message["author"], text=_read_text(message), at=_BEGIN + timedelta(minutes=message["minute"]))
                for message in row["messages"]
            )
            labels = tuple(
                Label(message["sentiment"], message["emotion"], message["tone"])
                for message in row["messages"]
                if message["author"] == "customer"
            )
            yield LabelledTalk(
                id=row["id"], sector=row["sector"], turns=turns, labels=labels, themes=themes,
                theme=row["theme"], satisfaction=row["satisfaction"], is_resolved=row["resolved"],
            )  # fmt: skip


def _read_text(message: dict[str, str]) -> str:
    """The text as the heads come to see it: agents' lines masked here, customers' where they are read."""
    return mask(message["text"]).text if message["author"] == "agent" else message["text"]
