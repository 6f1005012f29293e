"""A question as words: lower case, no accents, shortened words written out, each word knowing where it stood."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

# One word, figure, date written with figures, or mark. Emoji and the rest fall away.
_TOKEN = re.compile(
    r"""(?P<date>\d{4}-\d{1,2}-\d{1,2}(?!\d) | \d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d) | \d{1,2}/(?:\d{4}|\d{1,2})(?![\d/]))
      | (?P<figure>\d+)(?P<tail>\.?[ºª°]|(?i:st|nd|rd|th|er|ro|ra|do|da|to|ta|o|a)(?![^\W_]))?
      | (?P<letter>[cspdn])/(?=\s|[^\W\d])
      | (?P<word>[^\W\d_]+\d*)
      | (?P<mark>[%?!.,;:"“”«»()–—-])""",
    re.VERBOSE,
)
LONGEST_QUESTION = 2000  # characters that are read; nobody asks a longer one
STOPS = frozenset("?!.,;:()")
QUOTES = frozenset('"“”«»')


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `text` is as typed, `norm` folded and corrected; `start` and `end` are its place in the question.

    `kind` is word, figure, date or mark; an ordinal ("3rd", "1º") is a figure with `ordinal` set. `guessed` marks a
    spelling that was corrected.
    """

    text: str
    norm: str
    start: int
    end: int
    kind: str = "word"
    ordinal: bool = False
    guessed: bool = False

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper() and not (len(self.text) > 1 and self.text.isupper())


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case without accents: "Reclamações" → "reclamacoes"."""
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def squash(word: str) -> str:
    """Letters held down are one or two: "muuuito" → "muito", "reclamaçõeees" → "reclamacoes"."""
    return re.sub(r"([a-z])\1{2,}", r"\1", word)


def find_words(text: str) -> list[str]:
    """The folded words of a name or phrase, marks left out."""
    return [fold(match["word"] or match["figure"]) for match in _TOKEN.finditer(text) if match["word"] or match["figure"]]


def read_tokens(question: str, *, abbreviations: Mapping[str, tuple[str, ...]]) -> list[Token]:
    """The words of the question, abbreviations written out: each word of an expansion keeps the place of what was typed."""
    tokens: list[Token] = []
    text = question[:LONGEST_QUESTION]
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["date"]:
            tokens.append(Token(match["date"], match["date"], start, end, "date"))
        elif match["figure"]:
            tokens.append(Token(match[0], match["figure"].lstrip("0") or "0", start, end, "figure", bool(match["tail"])))
        elif match["mark"] and match["mark"] != "%":
            if (
                match["mark"] == "."
                and tokens
                and tokens[-1].end == start
                and fold(tokens[-1].text) in abbreviations
                and text[end : end + 1]
            ):
                continue  # "Lj. Norte"
            _add_mark(tokens, text, match["mark"], start, end)
        else:
            typed = match["letter"] or match["word"] or "%"
            norm = squash(fold(typed))
            token = Token(typed, norm, start, end)
            tokens += [replace(token, norm=word) for word in abbreviations.get(norm, (norm,))]
    return tokens


def _add_mark(tokens: list[Token], text: str, mark: str, start: int, end: int) -> None:
    if mark in "–—-":
        # A hyphen inside a word ("sexta-feira") is nothing; between figures or spaces it is "to".
        inside = text[start - 1 : start].isalpha() and text[end : end + 1].isalpha()
        if inside:
            return
        mark = "-"
    tokens.append(Token(mark, mark, start, end, "mark"))


def join_text(question: str, tokens: list[Token]) -> str:
    """The question as typed from the first to the last of these tokens."""
    return question[tokens[0].start : tokens[-1].end] if tokens else ""
