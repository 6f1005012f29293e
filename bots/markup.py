"""Text for WhatsApp: data without its marks, cut at words, numbers as a person of each language reads them. Pure."""

import re
from datetime import date, datetime

from assistant.blocks import Cell, Column
from assistant.compose.dates import format_day
from assistant.compose.numbers import Language, format_change, format_value
from assistant.compose.plain import drop_controls
from assistant.compose.words import get_book
from bots.words import say

# WhatsApp's marks and what looks the same and marks nothing.
_MARKS = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
# A line that begins with one of these would become a quote or a list.
_LINE_STARTS = re.compile(r"^(?:[>#-]|\d+\.)(?=\s|$)")
# Columns of a split that are changes, whatever they are called.
_CHANGES = frozenset({"rate", "mix"})


def neutralise(text: str) -> str:
    """Text from data on one line, without a mark that WhatsApp would read."""
    flat = " ".join(drop_controls(" ".join(text.split())).split()).translate(_MARKS)
    return _LINE_STARTS.sub(lambda found: "›" if found[0] == ">" else "–" if found[0] in "-#" else found[0][:-1] + ")", flat)


def cut(text: str, longest: int) -> str:
    """The text, cut at a word where it is longer."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return (head[: head.rfind(" ")] if " " in head[longest // 2 :] else head).rstrip(" ,;:.") + "…"


def find_first_name(name: str, language: Language) -> str:
    """The first name of a person; a number is no name."""
    words = neutralise(name).split()
    return words[0] if words and any(character.isalpha() for character in words[0]) else say("customer", language)


def write_cell(cell: Cell, column: Column, language: Language, *, today: date | None = None) -> str:
    """A cell as a person of the language reads it."""
    book = get_book(language)
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, str):
        if column.unit == "date":
            return format_day(datetime.fromisoformat(cell).date(), today=today, book=book)
        return cell
    if column.unit == "hour":
        return book.say("hour", hour=str(cell), padded=f"{int(cell):02d}")
    return write_number(cell, column, language)


def write_number(value: float, column: Column, language: Language) -> str:
    """A number of a column, with its sign where it is a change."""
    if column.key.startswith("change") or column.key in _CHANGES:
        return format_change(value, column.unit, language=language)
    return format_value(value, column.unit, language=language)
