"""Words and signs whose meaning in a service chat is certain: a short list that a person can read, argue with and extend.

Cues go into the heads as features beside vector and n-grams, decide what is too short to have a meaning of its own, and tell
how a conversation ended. Texts are matched folded: lower case, no accents, numbers as 0.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ai.embedded.features import fold_text

SIGNS = (
    "question",
    "many_questions",
    "exclamation",
    "many_exclamations",
    "shouting",
    "happy_signs",
    "sad_signs",
    "angry_signs",
    "ellipsis",
)
LENGTHS = ("short", "long")
# A message is looked at many times while it is read, and again with every one that follows it in its conversation.
KEPT_TEXTS = 4096

_PATH = Path(__file__).parent / "data" / "cues.toml"
CUES: dict[str, list[str]] = tomllib.loads(_PATH.read_text(encoding="utf-8"))
NAMES = (*CUES, *SIGNS, *LENGTHS)

_ONE = {name: re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)") for name, alternatives in CUES.items()}
_HAPPY = re.compile("[😀😃😄😁😊🙂🥰😍😘❤💕💖💙💚💛🧡💜👏🙌🙏👍🎉✨😋🤩😂🤣💓💗😇🤗]|:\\)|:D|<3")
_SAD = re.compile("[😢😭😞😔😟🙁☹😥😓💔😩😫]|:\\(|:/")
_ANGRY = re.compile("[😡😠🤬👎🙄😤😒🤮🤢]")
_PUNCTUATION = re.compile(r"[^\w\s]+")


_PHRASES: dict[str, list[str]] = tomllib.loads((_PATH.parent / "phrases.toml").read_text(encoding="utf-8"))


def join_phrases(name: str) -> str:
    """The alternatives of a list of data/phrases.toml as one regular expression, the longest first."""
    return "|".join(sorted(_PHRASES[name], key=len, reverse=True))


def compile_phrases(name: str) -> re.Pattern[str]:
    """A list of data/phrases.toml, matched as whole words."""
    return re.compile(rf"(?<!\w)(?:{join_phrases(name)})(?!\w)")


@lru_cache(maxsize=KEPT_TEXTS)
def fold_for_cues(text: str) -> str:
    """Folded text with punctuation as spaces: "Não funciona!!" → "nao funciona"."""
    return " ".join(_PUNCTUATION.sub(" ", fold_text(text)).split())


@lru_cache(maxsize=KEPT_TEXTS)
def find_cues(text: str) -> tuple[str, ...]:
    """Names of the cues that a text holds, those of signs and length included."""
    folded = fold_for_cues(text)
    found = [name for name, pattern in _ONE.items() if pattern.search(folded)]
    letters = [character for character in text if character.isalpha()]
    questions, exclamations = text.count("?"), text.count("!")
    words = len(folded.split())
    signs = {
        "question": questions > 0,
        "many_questions": questions > 1,
        "exclamation": exclamations > 0,
        "many_exclamations": exclamations > 2,
        "shouting": len(letters) >= 8 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters),
        "happy_signs": _HAPPY.search(text) is not None,
        "sad_signs": _SAD.search(text) is not None,
        "angry_signs": _ANGRY.search(text) is not None,
        "ellipsis": "..." in text or "…" in text,
        "short": words <= 3,
        "long": words > 25,
    }
    return (*found, *(name for name, holds in signs.items() if holds))


def compute_cues(texts: Sequence[str]) -> NDArray[np.float32]:
    """A row of zeros and ones for each text, in the order of NAMES."""
    places = {name: place for place, name in enumerate(NAMES)}
    rows = np.zeros((len(texts), len(NAMES)), dtype=np.float32)
    for row, text in enumerate(texts):
        for name in find_cues(text):
            rows[row, places[name]] = 1.0
    return rows
