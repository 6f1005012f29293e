"""An answer as plain text of a fixed width, for a terminal: how it was understood, the words, aligned tables, quotes, coverage."""

from collections.abc import Sequence
from datetime import datetime

from assistant.blocks import Answer, Block, Cell, Column, NumberBlock
from assistant.compose.dates import format_day
from assistant.compose.numbers import Language, format_change, format_value
from assistant.compose.words import get_book

WIDTH = 100
LONGEST_CELL = 44
MAX_ROWS = 31
# What moves a cursor, colours a screen or turns the order of letters round; nobody reads it, and a customer's text may hold it.
CONTROLS = dict.fromkeys(
    [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
NUMERIC = frozenset({"count", "rating", "percent", "score", "seconds"})


def write_answer(answer: Answer) -> str:
    """The whole answer, parts divided by empty lines."""
    language = answer.language
    understood = " · ".join(f"{chip.label}: {chip.value}{' *' if chip.assumed else ''}" for chip in answer.understood)
    quotes = "\n".join(_wrap(f"“{' '.join(citation.text.split())}” — {citation.author}", indent="  ") for citation in answer.citations)
    parts = [
        _wrap(understood),
        _wrap(answer.text),
        *(_write_block(block, language) for block in answer.blocks),
        quotes,
        "\n".join(_wrap(note, indent="  ", first="! ") for note in answer.notes),
        "\n".join(f"> {suggestion}" for suggestion in answer.suggestions),
        f"{answer.coverage.text} · {answer.took_ms} ms" if answer.coverage.text else f"{answer.took_ms} ms",
    ]
    return drop_controls("\n\n".join(part for part in parts if part))


def drop_controls(text: str) -> str:
    """The text without what a screen would obey instead of showing it; line breaks stay."""
    return text.translate(CONTROLS)


def _write_block(block: Block, language: Language) -> str:
    if isinstance(block, NumberBlock):
        rows = [
            [
                figure.label,
                "–" if figure.value is None else format_value(figure.value, figure.unit, language=language),
                "" if figure.change is None else format_change(figure.change, figure.unit, language=language),
            ]
            for figure in block.figures
        ]
        return f"{block.title}\n" + _align(rows, right=(1, 2))
    shown = block.rows[:MAX_ROWS]
    head = [column.label for column in block.columns]
    body = [[_write_cell(row.get(column.key), column, language) for column in block.columns] for row in shown]
    right = [place for place, column in enumerate(block.columns) if column.unit in NUMERIC]
    more = f"\n  … {len(block.rows) - MAX_ROWS}" if len(block.rows) > MAX_ROWS else ""
    return f"{block.title}\n" + _align([head, *body], right=right) + more


def _write_cell(cell: Cell, column: Column, language: Language) -> str:
    if cell is None or cell == "":
        return "–"
    book = get_book(language)
    if isinstance(cell, str):
        if column.unit == "date":
            return format_day(datetime.fromisoformat(cell).date(), today=None, book=book)
        if column.unit == "datetime":
            at = datetime.fromisoformat(cell)
            return book.say("moment", day=format_day(at.date(), today=None, book=book), time=f"{at:%H:%M}")
        named = f"{column.key}.{cell}"
        flat = " ".join((book.say(named) if book.has(named) else cell).split())
        return flat if len(flat) <= LONGEST_CELL else flat[: LONGEST_CELL - 1] + "…"
    if column.unit == "hour":
        return book.say("hour", hour=str(cell), padded=f"{int(cell):02d}")
    if column.key.startswith("change") or column.key in ("rate", "mix"):
        return format_change(cell, column.unit, language=language)
    return format_value(cell, column.unit, language=language)


def _align(rows: Sequence[Sequence[str]], *, right: Sequence[int]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  "
        + "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _wrap(text: str, *, indent: str = "", first: str | None = None) -> str:
    """Lines of at most WIDTH characters, cut at ordinary spaces: a number stays with its unit."""
    lines, line = [], first if first is not None else indent
    is_empty = True
    for word in text.split(" "):
        if not is_empty and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, is_empty = indent, True
        line += word if is_empty else f" {word}"
        is_empty = False
    return "\n".join([*lines, line]) if text else ""
