"""An answer as a WhatsApp message: a few short lines, figures in bold, next steps by number. Pure.

WhatsApp's markup is ours alone: whatever comes from data (names, themes, customers' words) has its marks taken out first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from assistant.blocks import (
    Answer,
    Block,
    Cell,
    Citation,
    Column,
    ConversationsBlock,
    DriversBlock,
    MessagesBlock,
    NumberBlock,
    SeriesBlock,
    TableBlock,
    ThemesBlock,
)
from assistant.compose.dates import format_day
from assistant.compose.numbers import Language, format_change, format_value
from assistant.compose.words import get_book
from bots.markup import cut, find_first_name, neutralise, write_cell, write_number
from bots.words import say

LONGEST = 1000
MOST_SENTENCES, LONGEST_WORDS = {"summary": 7, "help": 2}, 520
MOST_ROWS, MOST_QUOTES, MOST_STEPS, MOST_DRILLED, MOST_NOTES = 4, 2, 3, 5, 3
LONGEST_QUOTE, LONGEST_STEP, LONGEST_NAME, LONGEST_NOTE = 110, 60, 40, 160
LISTS = ("conversations", "messages")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Þ¿¡“\d])")


@dataclass(frozen=True, slots=True)
class Shaped:
    """A message to send: its words, and what each number means as a reply."""

    text: str
    choices: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A next step: what it says, and what is done when its number comes back."""

    label: str
    plan: dict[str, Any]


def shape_answer(answer: Answer, *, charted: Block | None = None) -> Shaped:
    """The answer as one message of at most LONGEST characters; `charted` is the block that is sent as a picture above it."""
    language = answer.language
    said = _say_words(answer)
    rows = [] if charted is not None else _list_rows(answer)
    quotes = _list_quotes(answer)
    foot = _say_coverage(answer)
    steps = Shaped("")
    for rows_kept, quotes_kept, said_kept in ((len(rows), len(quotes), len(said)), (3, 1, 3), (2, 0, 2), (0, 0, 1)):
        steps = write_steps(list_steps(answer, shown=_count_listed(answer, rows_kept, quotes_kept)), language=language)
        parts = ["\n".join(said[:said_kept]), "\n".join(rows[:rows_kept]), "\n".join(quotes[:quotes_kept]), "\n".join(foot), steps.text]
        text = "\n\n".join(part for part in parts if part)
        if len(text) <= LONGEST:
            break
    return Shaped(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…", steps.choices)


def list_steps(answer: Answer, *, shown: int | None = None) -> list[Step]:
    """What may be asked next, by number; "see the messages" shows those that the answer cites instead of asking anew.

    `shown` is how many rows of its list the message has: where there are more, the first step goes on with the next one.
    """
    language, steps = answer.language, list[Step]()
    messages = Step(say("see_messages", language), {"do": "messages", "turn_id": answer.turn_id, "language": language})
    is_list = any(isinstance(block, MessagesBlock) for block in answer.blocks)
    asks_messages = get_book(language).say("suggest.messages")
    for suggestion in answer.suggestions[:MOST_STEPS]:
        if suggestion == asks_messages and answer.citations:
            steps.append(messages)
        else:
            steps.append(Step(suggestion, {"do": "ask", "question": suggestion, "language": language, "turn_id": answer.turn_id}))
    if answer.citations and messages not in steps and not is_list:
        steps.insert(min(1, len(steps)), messages)
    if shown is not None and find_listed(answer) > shown:
        more = {"do": "more", "turn_id": answer.turn_id, "offset": shown}
        steps.insert(0, Step(say("see_more", language), more))
    return steps[:MOST_STEPS]


def find_listed(answer: Answer) -> int:
    """How many conversations or messages there are of which the answer lists the first; 0 where it is no list."""
    if answer.plan.get("intent") not in LISTS or answer.plan.get("limit") is not None:
        return 0
    return max((block.total for block in answer.blocks if isinstance(block, ConversationsBlock | MessagesBlock)), default=0)


def _count_listed(answer: Answer, rows: int, quotes: int) -> int | None:
    """How many rows of a list stand in a message that keeps so many lines and quotes; None where the answer is no list."""
    kept = {"conversations": rows, "messages": quotes}.get(str(answer.plan.get("intent")))
    listed = sum(len(block.rows) for block in answer.blocks if isinstance(block, ConversationsBlock | MessagesBlock))
    return None if kept is None else min(kept, listed, MOST_ROWS)


def write_steps(steps: Sequence[Step], *, language: Language) -> Shaped:
    """Steps as numbered lines, with what each number means."""
    if not steps:
        return Shaped("")
    lines = [f"*{number}* {cut(neutralise(step.label), LONGEST_STEP)}" for number, step in enumerate(steps, start=1)]
    return Shaped(
        "\n".join([say("reply", language), *lines]),
        {str(number): step.plan for number, step in enumerate(steps, start=1)},
    )


def list_conversation_steps(citations: Sequence[Citation], *, language: Language) -> list[Step]:
    """A step into each conversation that is cited first."""
    by_conversation = {citation.conversation_id: citation for citation in reversed(citations[:MOST_DRILLED])}
    first = [citation for citation in citations[:MOST_DRILLED] if by_conversation[citation.conversation_id] is citation]
    return [
        Step(
            say("see_conversation", language, name=find_first_name(citation.author, language)),
            {"do": "conversation", "conversation_id": citation.conversation_id},
        )
        for citation in first[:MOST_STEPS]
    ]


def shape_messages(
    citations: Sequence[Citation],
    *,
    language: Language,
    today: date,
    public_url: str = "",
    steps: Sequence[Step] = (),
) -> Shaped:
    """Messages to read, with who wrote them and when; the link leads to the whole conversation."""
    if not citations:
        return Shaped(say("no_messages", language))
    shown, foot = citations[:MOST_DRILLED], write_steps(steps, language=language)
    head = say("messages", language, n=str(len(shown)), total=str(len(citations)))
    whens = [_say_when(one, language, today) for one in shown]
    links = [_link(one.conversation_id, public_url) for one in shown]
    fixed = len(head) + len(foot.text) + sum(map(len, whens + links)) + 14 * len(shown)
    longest = max(30, min(160, (LONGEST - fixed) // len(shown)))
    parts = [head]
    for citation, when, link in zip(shown, whens, links, strict=True):
        lines = (f"> {when}", f"> “{cut(neutralise(citation.text), longest)}”", link)
        parts.append("\n".join(line for line in lines if line))
    return Shaped("\n\n".join(part for part in (*parts, foot.text) if part), foot.choices)


def _say_words(answer: Answer) -> list[str]:
    """The answer's own sentences, a line each, as many as a phone shows at a glance, its figures and names in bold."""
    bold = _make_bold(answer)
    lines: list[str] = []
    most = MOST_SENTENCES.get(str(answer.plan.get("intent")), 4)
    for sentence in _SENTENCE_END.split(neutralise(answer.text)):
        if lines and (len(lines) == most or sum(map(len, lines)) + len(sentence) > LONGEST_WORDS):
            break
        lines.append(sentence)
    return [bold(cut(line, LONGEST_WORDS)) for line in lines]


def _make_bold(answer: Answer) -> Any:
    """A function that puts the figures and names of the answer's blocks in bold."""
    words = {neutralise(word) for block in answer.blocks for word in _find_words(block, answer.language)} - {"", "0", "–"}
    if not words:
        return lambda line: line
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w,./+−*])(?:{either})(?![\w/*]|[,.]\d)")
    return lambda line: pattern.sub(lambda found: f"*{found[0]}*", line)


def _find_words(block: Block, language: Language) -> Iterable[str]:
    """The figures and names of a block as the answer's sentences write them."""
    if isinstance(block, NumberBlock | DriversBlock):
        for figure in block.figures if isinstance(block, NumberBlock) else [block.figure]:
            if figure.value is not None and (figure.unit != "count" or figure.value >= 10):
                yield format_value(figure.value, figure.unit, language=language)
            if figure.change is not None:
                yield format_change(figure.change, figure.unit, language=language)
                yield format_value(abs(figure.change), figure.unit, language=language) if figure.unit != "count" else ""
    if isinstance(block, TableBlock | ThemesBlock | DriversBlock | SeriesBlock):
        name, metric = block.columns[0], block.columns[1]
        for row in block.rows:
            if name.unit == "text" and isinstance(label := row.get(name.key), str) and len(label) > 2:
                yield label
            value = row.get(metric.key)
            if isinstance(value, int | float) and metric.unit != "count":
                yield write_number(value, metric, language)
    if isinstance(block, ConversationsBlock):
        yield from (str(row["contact"]) for row in block.rows if row.get("contact"))


def _list_rows(answer: Answer) -> list[str]:
    """The first rows of the answer's first table, or what it lists, a line each."""
    language = answer.language
    if answer.plan.get("intent") == "summary":
        return []
    for block in answer.blocks:
        if isinstance(block, ConversationsBlock):
            return _with_more([write_conversation(row, language) for row in block.rows], total=block.total, language=language)
        if isinstance(block, TableBlock | ThemesBlock | DriversBlock | SeriesBlock):
            rows = [row for row in block.rows if row.get(block.columns[1].key) is not None]
            # Of what happened over time the last of it is news.
            if isinstance(block, SeriesBlock) and block.chart == "line":
                rows = rows[-MOST_ROWS:]
            lines = [_write_row(row, block.columns, language, today=find_today(answer)) for row in rows]
            return _with_more(lines, total=len(lines), language=language)
    return []


def _with_more(lines: list[str], *, total: int, language: Language) -> list[str]:
    shown = lines[:MOST_ROWS]
    return [*shown, say("more", language, n=str(total - len(shown)))] if total > len(shown) else shown


def _write_row(row: dict[str, Cell], columns: Sequence[Column], language: Language, *, today: date) -> str:
    """• Ana Souza: *4,33* (−0,20) · 12 conversas"""
    name, metric = columns[0], columns[1]
    label = cut(neutralise(write_cell(row.get(name.key), name, language, today=today)), LONGEST_NAME)
    line = f"• {label}: *{write_cell(row.get(metric.key), metric, language)}*"
    change = next((column for column in columns[2:] if column.key.startswith("change")), None)
    if change is not None and isinstance(row.get(change.key), int | float):
        line += f" ({write_cell(row[change.key], change, language)})"
    base = next((column for column in columns[2:] if column.key.startswith("base")), None)
    if base is not None and row.get(base.key) is not None:
        line += f" · {write_cell(row[base.key], base, language)} {base.label.lower().split(' ')[0]}"
    return line


def write_conversation(row: Mapping[str, Cell], language: Language) -> str:
    """• *Marina Alves*: nota 2, aberta"""
    book = get_book(language)
    name = cut(neutralise(str(row.get("contact") or "")), LONGEST_NAME) or say("customer", language)
    facts = [str(row["theme"])] if row.get("theme") else []
    if row.get("satisfaction") is not None:
        facts.insert(0, book.say("satisfaction", note=str(row["satisfaction"])))
    if isinstance(status := row.get("status"), str) and book.has(f"status.{status}"):
        facts.append(book.say(f"status.{status}"))
    return f"• *{name}*" + (f": {neutralise(', '.join(facts))}" if facts else "")


def _list_quotes(answer: Answer) -> list[str]:
    """Customers' words below what they explain, or the messages that were asked for."""
    intent = answer.plan.get("intent")
    if intent == "messages":
        rows = next((block.rows for block in answer.blocks if isinstance(block, MessagesBlock)), [])
        said = [(str(row.get("text") or ""), str(row.get("contact") or row.get("author_name") or "")) for row in rows[:MOST_ROWS]]
    elif intent in ("explain", "themes", "summary"):
        said = [(citation.text, citation.author) for citation in answer.citations[:MOST_QUOTES]]
    else:
        said = []
    return [f"> “{cut(neutralise(text), LONGEST_QUOTE)}” — {find_first_name(name, answer.language)}" for text, name in said if text.strip()]


def _say_coverage(answer: Answer) -> list[str]:
    """Of which days this is and what it stands on, small; below it who vouches for the question, and what to mind."""
    period = next((neutralise(chip.value) for chip in answer.understood if chip.field == "period"), "")
    covered = " · ".join(part for part in (period, neutralise(answer.coverage.text)) if part)
    lines = [f"_{covered}_"] if covered and answer.coverage.period is not None else []
    if answer.verified:
        lines.append(f"✓ {neutralise(answer.verified.text)}")
    return lines + [f"⚠ {cut(neutralise(note), LONGEST_NOTE)}" for note in answer.notes[:MOST_NOTES]]


def _say_when(citation: Citation, language: Language, today: date) -> str:
    at = datetime.fromisoformat(citation.sent_at)
    book = get_book(language)
    when = book.say("moment", day=format_day(at.date(), today=today, book=book), time=f"{at:%H:%M}")
    return f"*{find_first_name(citation.author, language)}* · {when}"


def _link(conversation_id: str, public_url: str) -> str:
    return f"{public_url}/c/{conversation_id}" if public_url else ""


def find_today(answer: Answer) -> date:
    """The day on which the answer was given, so that its year need not be said."""
    return datetime.fromisoformat(answer.as_of).date()
