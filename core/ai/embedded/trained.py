"""What a training leaves beside the weights, so that they are measured honestly: whose figures these are, which public rows they saw.

Rows are known by the first 32 bits of the hash of their cleaned text, so that no text ships. In one of eighteen sets of ten thousand
rows one that was not trained on looks like one that was; it is left out, and spoils no figure.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.heads import ALONE_PATH, WEIGHTS_PATH
from core.ai.embedded.messages import hash_masked
from core.ai.embedded.sources import PUBLIC_SETS, Example
from core.ai.embedded.talk import WEIGHTS_PATH as TALK_PATH
from core.ai.embedded.texts_alone import POST_SETS

SEEN_PATH = WEIGHTS_PATH.parent / "rows_seen.bin"
# What one training writes: a figure of it is one of exactly these files.
TRAINED = (WEIGHTS_PATH.name, ALONE_PATH.name, TALK_PATH.name, SEEN_PATH.name)
_KEPT = "<u4"  # sorted, 32 bits a row


def write_seen(examples: Iterable[Example], path: Path = SEEN_PATH) -> None:
    """Keep which rows of public sets are among the examples: those that weights have seen can't measure them."""
    public = {*PUBLIC_SETS, *POST_SETS}
    keys = {_key(one.text) for one in examples if one.source in public}
    path.write_bytes(np.array(sorted(keys), dtype=_KEPT).tobytes())


def find_seen(texts: Sequence[str], path: Path = SEEN_PATH) -> list[bool]:
    """Of each text, cleaned as training cleans it, whether the weights beside `path` have seen it as a row of a public set."""
    seen: NDArray[np.uint32] = np.fromfile(path, dtype=_KEPT)
    found: list[bool] = np.isin([_key(text) for text in texts], seen).tolist()
    return found


def hash_trained(folder: Path = WEIGHTS_PATH.parent) -> dict[str, str]:
    """Each file that training writes in `folder`, with the beginning of its hash, as it stands in an analyser's version."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:8] for name in TRAINED}


def find_strangers(recorded: Mapping[str, str], folder: Path = WEIGHTS_PATH.parent) -> list[str]:
    """The files in `folder` that are others than those that figures were measured for."""
    return [name for name, found in hash_trained(folder).items() if recorded.get(name) != found]


def _key(text: str) -> int:
    return int(hash_masked(text)[:8], 16)
