"""The phrases of each language, in tables that a person can read and extend; no sentence is written anywhere else.

A phrase is a template with {names}. Where it depends on a number it has two forms, `key.one` and `key.other`, and may have
a third, `key.zero`. The three languages have the same keys with the same names in their templates (a test says so).
"""

import functools
import re
from collections.abc import Sequence
from typing import Any

from assistant.compose.numbers import Language, format_number
from assistant.compose.words import en, es, pt

_MODULES: dict[Language, Any] = {"pt": pt, "en": en, "es": es}
PHRASES: dict[Language, dict[str, str]] = {
    language: {key: phrase for table in module.TABLES for key, phrase in table.items()} for language, module in _MODULES.items()
}

_SPACES = re.compile(r" +([,.;:)?!])|(\() +| {2,}")


class Book:
    """The phrases of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._phrases = PHRASES[language]

    def say(self, key: str, **values: str) -> str:
        """A phrase with its places filled; what is filled with nothing leaves no gap. Raises KeyError for an unknown key."""
        return _close_gaps(self._phrases[key].format(**values))

    def count(self, key: str, number: float, **values: str) -> str:
        """The form of a phrase that fits a number; {n} is the number itself."""
        form = "one" if number == 1 else "other"
        if number == 0 and f"{key}.zero" in self._phrases:
            form = "zero"
        return self.say(f"{key}.{form}", n=format_number(number, language=self.language), **values)

    def has(self, key: str) -> bool:
        return key in self._phrases

    def join(self, parts: Sequence[str], *, word: str = "and") -> str:
        """A, B e C: `word` is the key of the last separator, `and` or `or`."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say(f"join.{word}", first=", ".join(parts[:-1]), last=parts[-1])

    def sentence(self, key: str, **values: str) -> str:
        """A phrase that begins with a capital letter."""
        return capitalise(self.say(key, **values))


@functools.cache
def get_book(language: Language) -> Book:
    """The phrases of a language."""
    return Book(language)


def capitalise(text: str) -> str:
    """The text with its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def _close_gaps(text: str) -> str:
    return _SPACES.sub(lambda found: found[1] or found[2] or " ", text).strip()
