"""What else customers write when they mean what somebody searches for: a search's words, each with others for the same thing.

The table is `subjects.toml`; a line more is all it takes to extend it. Pure.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("subjects.toml")
MAX_WORDS = 8  # of a search that are looked for; whoever dictates a sentence says the subject in its first ones
MAX_PHRASES = 40
# As many phrases of each line as are read with a search by the embedding model.
EMBEDDED_PHRASES = 6

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a search, and phrases that say the same thing otherwise."""

    word: str
    phrases: tuple[str, ...]


def find_terms(text: str) -> list[Term]:
    """The words of a search, in their order, each once, with what else is said for it."""
    words = list(dict.fromkeys(_WORD.findall(text.lower())))[:MAX_WORDS]
    beginnings = {_get_beginning(word) for word in words}
    return [Term(word, _find_phrases(_get_beginning(word), frozenset(beginnings))[:MAX_PHRASES]) for word in words]


def expand(text: str) -> str:
    """A search with other words for it: what the embedding model reads, for whom two words alone say too little."""
    phrases = [phrase for term in find_terms(text) for line in _find_lines(_get_beginning(term.word)) for phrase in line[:EMBEDDED_PHRASES]]
    return ", ".join(dict.fromkeys([text, *phrases]))


@cache
def read_lines() -> tuple[tuple[str, ...], ...]:
    """The lines of the table: phrases that customers use for one subject."""
    table: dict[str, str] = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return tuple(tuple(phrase.strip() for phrase in line.split(",")) for line in table.values())


def _find_phrases(beginning: str, asked: frozenset[str]) -> tuple[str, ...]:
    """The phrases of the lines that hold a word, alone or in a phrase that the search has whole."""
    found = [
        line
        for line in read_lines()
        if any(beginning in parts and parts <= (asked | {beginning}) for parts in (_split(phrase) for phrase in line))
    ]
    return tuple(dict.fromkeys(phrase for line in found for phrase in line))


def _find_lines(beginning: str) -> list[tuple[str, ...]]:
    return [line for line in read_lines() if any(_split(phrase) == {beginning} for phrase in line)]


@cache
def _split(phrase: str) -> frozenset[str]:
    return frozenset(_get_beginning(word) for word in _WORD.findall(phrase.lower()))


@cache
def _get_beginning(word: str) -> str:
    """A word without accents and ending: enough to find it again in our own table."""
    folded = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return folded[: max(4, len(folded) - 2)] if len(folded) > 4 else folded
