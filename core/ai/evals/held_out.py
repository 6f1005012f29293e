"""Figures that only training can measure: on rows and conversations which it leaves out in turns, and which the finished weights have seen.

They are kept beside the weights (`figures.json`) with the hashes of the files that they belong to, or made again by training again.
"""

import contextlib
import json
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.ai.embedded.sources import PUBLIC_SETS
from core.ai.embedded.trained import find_strangers
from core.ai.evals.figures import Figure

# Written by training; a path, so that measuring needs nothing that only training does.
FIGURES_PATH = Path(__file__).parents[1] / "embedded" / "data" / "figures.json"
# Figures of conversations as a whole; the others count messages, or the rows of the set that they begin with.
_OF_CONVERSATIONS = ("satisfaction", "resolved", "theme")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """What a training measured. `strangers` are the shipped files that it did not write; `source` says in words which training it was."""

    figures: list[Figure]
    files: dict[str, str]
    source: str
    strangers: list[str] = field(default_factory=list)
    is_fresh: bool = False  # measured just now, so that it tells of the method whatever ships

    @property
    def is_stale(self) -> bool:
        """Kept figures of weights that are not those that ship: they tell of nothing that is here."""
        return bool(self.strangers) and not self.is_fresh

    @property
    def version(self) -> str:
        """Each file with its hash, to be held against an analyser's version."""
        return ", ".join(f"{name} {found}" for name, found in self.files.items())


def name_held_out(name: str) -> str:
    """The name of a training's figure among all others."""
    return f"held out: {name}"


def read_held_out(path: Path = FIGURES_PATH) -> HeldOut:
    """The figures that training kept in `path`, and whether they are those of the weights that ship."""
    kept = _read(path)
    return replace(kept, source="a training of OTHER weights") if kept.is_stale else kept


def _read(path: Path) -> HeldOut:
    kept = json.loads(path.read_text(encoding="utf-8"))
    figures = [
        Figure(name=name_held_out(name), value=value, count=_count(name, kept), lower_is_better="error" in name)
        for name, value in kept["held out"].items()
    ]
    files = kept.get("files", {})
    return HeldOut(figures=figures, files=files, source="the training of these weights", strangers=find_strangers(files))


def train_again(folder: Path | None) -> HeldOut:
    """Train into a folder that is thrown away, and read what was held out. `folder` holds the public sets; without it, ours alone.

    Takes as long as `make heads` and needs what that needs. Raises ClickException where scikit-learn is not there.
    """
    from core.ai.embedded.fit import import_training
    from core.ai.embedded.train import main as train

    import_training("sklearn.linear_model")
    with tempfile.TemporaryDirectory() as out:
        arguments = ["--out", out, *(["--data", str(find_training_sets(folder))] if folder else [])]
        with contextlib.redirect_stdout(sys.stderr):  # what training prints is progress here
            train.main(arguments, standalone_mode=False)
        return replace(_read(Path(out) / FIGURES_PATH.name), source="the training just done", is_fresh=True)


def find_training_sets(folder: Path) -> Path:
    """`folder`, or its folder `train` where that holds the sets that are trained on."""
    inner = folder / "train"
    return inner if any((inner / f"{name}.jsonl.gz").exists() for name in PUBLIC_SETS) else folder


def describe_strangers(kept: HeldOut) -> list[str]:
    """Why kept figures tell nothing of the weights that ship, one sentence; nothing where they do."""
    if not kept.is_stale:
        return []
    return [
        f"held out: the figures belong to other files than those that ship ({', '.join(kept.strangers)}); "
        "train again, which writes both: make heads DATA=dir"
    ]


def _count(name: str, kept: dict[str, Any]) -> int:
    of_set = kept["sets"].get(name.split(":")[0])
    if of_set is not None:
        return int(of_set)
    return int(kept["conversations"] if name.startswith(_OF_CONVERSATIONS) else kept["sets"]["talk"])
