"""The words of masked texts: which of them can say what a text is about, and in which form they are shown."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

STOPWORDS_PATH = Path(__file__).with_name("stopwords.txt")
STEM = 5  # letters that two words must share at their beginning to be the same word
LONGEST_LINK = 2  # words without meaning of their own between two that have one: "nota fiscal", "horário de funcionamento"
LINKS = frozenset("de do da dos das del of the em no na".split())

_MASKED = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_STRETCHED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a pair of words as it was written, in lower case, and the key that its other forms share."""

    key: str
    written: str


def fold(word: str) -> str:
    """Lower case without accents."""
    return unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()


@cache
def load_stopwords() -> frozenset[str]:
    """Folded words that name no subject."""
    lines = STOPWORDS_PATH.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


def split_folded(text: str) -> list[str]:
    """Every word of a text, folded, in its order; what was masked is no word."""
    return [fold(word) for word in _split(text)]


def get_stems(text: str) -> set[str]:
    """The beginnings of the words of a text that may tell what it is about."""
    return {word[:STEM] for word in map(fold, _split(text)) if _is_telling(word) and len(word) > 3}


def find_terms(text: str) -> list[Term]:
    """The telling words of a text, and its pairs of neighbours, in their order, each once. What was masked is no word."""
    found: dict[str, Term] = {}
    for piece in re.split(r"[.!?;,:()\n]+", _MASKED.sub(" . ", text)):
        words = _split(piece)
        places = [place for place, word in enumerate(words) if _is_telling(fold(word))]
        for place in places:
            found.setdefault(get_key(words[place]), Term(get_key(words[place]), words[place]))
        for one, other in pairwise(places):
            between = words[one + 1 : other]
            if len(between) <= LONGEST_LINK and all(fold(word) in LINKS for word in between):
                key = f"{get_key(words[one])} {get_key(words[other])}"
                found.setdefault(key, Term(key, " ".join(words[one : other + 1])))
    return list(found.values())


@cache
def get_key(word: str) -> str:
    """What a word shares with its plural and its other spellings: "peças", "pecas" and "peça" are one, so are "abre" and "abrem"."""
    folded = fold(word)
    if len(folded) > 5 and folded.endswith(("oes", "aes")):
        return f"{folded[:-3]}ao"
    if len(folded) > 5 and folded.endswith(("res", "zes", "ses")):
        return folded[:-2]
    if len(folded) > 4 and folded.endswith(("em", "en", "am", "an")):
        return folded[:-1]
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss") else folded


def _split(text: str) -> list[str]:
    return [_STRETCHED.sub(r"\1", word.lower()) for word in _WORD.findall(_MASKED.sub(" ", text))]


def _is_telling(folded: str) -> bool:
    return len(folded) > 2 and folded not in load_stopwords() and get_key(folded) not in load_stopwords()
