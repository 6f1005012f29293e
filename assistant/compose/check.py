"""The check that every figure in an answer's words is in its evidence, run on every answer before it is sent.

It reads the words as a person would: it finds the figures (numbers, percentages, durations, days, times) and looks each up among
the figures that the blocks, the coverage and the plan hold, written as this language writes them. It knows nothing of how the
sentence was made, so it holds for a language model's words as it does for ours.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime

from assistant.blocks import Block, Cell, Coverage, DriversBlock, NumberBlock, Unit
from assistant.compose.numbers import NBSP, format_change, format_value
from assistant.compose.voice import FEW_ROWS, Voice
from assistant.decompose import Split, find_largest
from assistant.evidence import Evidence, Explanation, Known, Measured, MetricEvidence, Pull, TalkEvidence, ThemesEvidence, ThemeSize, Usual
from core.compute import Covered
from core.metrics import METRICS
from core.periods import Period
from core.search import ConversationRow, Found

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NUMBER = r"[+\u2212-]?\d+(?:[.,]\d+)*"
# A figure with what belongs to it, longest reading first.
FIGURE = re.compile(
    rf"\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?"  # 20/11, 20/11/2025
    rf"|\b(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?\b"  # Nov 20, Nov 20, 2025
    rf"|\d{{1,2}}:\d{{2}}"  # 14:30
    rf"|{_NUMBER} (?:d|h|min)(?: \d+ (?:h|min|s))?\b"  # 1 h 05 min
    rf"|{_NUMBER} s\b"  # 45 s
    rf"|{_NUMBER} ?(?:%|p\.p\.|pp\b)"  # 87,5% −3 p.p.
    rf"|\d+h\b"  # 14h
    rf"|{_NUMBER}"
)


# Cells in a customer's own words: no name to read over, or a customer who wrote "5" would excuse every 5.
QUOTED = frozenset({"text", "excerpt"})


@dataclass(slots=True)
class Facts:
    """What may be said: the figures as they are written, and the names that may hold digits of their own."""

    figures: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Every figure of a text that is known to be true."""
        self.figures.update(find_figures(text))


def find_figures(text: str) -> list[str]:
    """The figures of a text, each as it stands there, spaces made plain."""
    return [re.sub(r"\s+", " ", found) for found in FIGURE.findall(text.replace(NBSP, " "))]


def find_unknown(text: str, facts: Facts) -> list[str]:
    """The figures of a text that no fact holds. Names are read over first: the 2 of "Loja 2" is not a number."""
    for name in sorted(facts.names, key=len, reverse=True):
        text = text.replace(name, "")
    return [figure for figure in find_figures(text) if figure not in facts.figures]


def collect_facts(voice: Voice, blocks: Iterable[Block], coverage: Coverage, *, periods: Iterable[Period] = ()) -> Facts:
    """Everything that the answer's words may say: its blocks' cells in their units, its coverage, its periods, its conditions."""
    facts = Facts()
    for block in blocks:
        if isinstance(block, NumberBlock):
            for figure in block.figures:
                _add_values(facts, voice, figure.unit, (figure.value, figure.previous), changes=(figure.change,))
                _add_values(facts, voice, "count", (figure.base,))
            continue
        if isinstance(block, DriversBlock):
            _add_values(facts, voice, block.figure.unit, (block.figure.value, block.figure.previous), changes=(block.figure.change,))
            _add_values(facts, voice, "count", (block.figure.base,))
        else:
            _add_values(facts, voice, "count", (getattr(block, "total", None),))
        _add_values(facts, voice, "count", (len(block.rows),))
        units = {column.key: column.unit for column in block.columns}
        for row in block.rows:
            for key, cell in row.items():
                unit = units.get(key) or _guess_unit(key, units)
                is_change = key.startswith("change") or key in ("rate", "mix")
                _add_cell(facts, voice, unit, cell, is_change=is_change, is_name=key not in QUOTED)
    _add_values(facts, voice, "count", (coverage.conversations, coverage.analysed, coverage.pending, FEW_ROWS))
    for period in periods:
        words = voice.name(period)
        facts.add(f"{words.label} {words.when} {period.days}")
        _add_days(facts, voice, (period.start, period.end))
    filters = voice.plan.filters
    _add_values(facts, voice, "count", (filters.satisfaction_min, filters.satisfaction_max, voice.plan.limit))
    facts.names.update((*filters.agent, *filters.channel, *filters.contact, *filters.theme, voice.plan.search or ""))
    facts.names.discard("")
    return facts


def add_evidence(facts: Facts, voice: Voice, evidence: Evidence) -> None:
    """What the evidence holds beyond its blocks: rows behind a number, groups that a limit cut, totals, days that are known."""
    for part in _walk(evidence):
        if isinstance(part, Measured):
            unit = METRICS[part.metric].unit
            _add_values(facts, voice, unit, (part.value, part.previous), changes=(part.change,))
            _add_values(facts, voice, "count", (part.rows, part.previous_rows))
        elif isinstance(part, Explanation):
            for split in (part.chosen, part.beside, part.deeper.split if part.deeper else None, part.usual.split if part.usual else None):
                _add_split(facts, voice, part.measured.metric, split)
            # The largest part of what is not sure is named without its figures; no other value that was looked at is.
            if (largest := find_largest(part.splits)) is not None:
                facts.names.add(voice.key(largest[0].dimension, largest[1].key))
        elif isinstance(part, ConversationRow):
            # A note in words is a whole number, where a cell of the rating's unit has a decimal.
            _add_values(facts, voice, "count", (part.satisfaction,))
            # A customer who is called "5" excuses no 5.
            facts.names.update({part.contact} if len(part.contact) > 1 else ())
        elif isinstance(part, ThemeSize):
            _add_values(facts, voice, "count", (part.conversations, part.previous))
            _add_values(facts, voice, "percent", (part.share, part.previous_share))
            facts.names.add(part.name or "")
        elif isinstance(part, ThemesEvidence):
            _add_values(facts, voice, "count", (part.total, part.previous_total))
            for pull in part.pulls:
                # It may be too small a theme to stand among those that are listed.
                _add_values(facts, voice, "rating", (pull.value,), changes=(pull.part,))
                facts.names.add(voice.key("theme", pull.key))
            for pull in part.pulls:
                _add_values(facts, voice, "rating", (pull.value,), changes=(pull.part,))
                facts.names.add(str(pull.key))
        elif isinstance(part, MetricEvidence):
            shared = Counter(group.measured[0].value for group in part.ranked)
            _add_values(facts, voice, "count", (part.left_out, len(part.groups or ()), *shared.values()))
            facts.names.update(str(group.key) for group in part.ranked if isinstance(group.key, str) and len(group.key) > 1)
        elif isinstance(part, TalkEvidence):
            facts.names.update((part.tenant_name, part.heard or "", *part.choices))
            for text in METRICS[part.topic].definitions.values() if part.topic in METRICS else ():
                facts.add(text)
        elif isinstance(part, Covered):
            _add_values(facts, voice, "count", (part.conversations, part.analysed, part.pending))
        elif isinstance(part, Pull):
            _add_values(facts, voice, "count", (part.rows,))
        elif isinstance(part, Usual):
            _add_values(facts, voice, "count", (part.period.days // 7,))
        elif isinstance(part, Known):
            _add_days(facts, voice, (part.start, part.end))
        elif isinstance(part, Found):
            _add_values(facts, voice, "count", (part.total, len(part.rows), part.near, len(part.rows) - part.near))
    facts.names.discard("")


def _add_split(facts: Facts, voice: Voice, metric: str, split: Split | None) -> None:
    """The parts of a change, what they leave, and their names as they stand inside of a sentence."""
    if split is None:
        return
    unit = METRICS[metric].unit
    _add_values(facts, voice, unit, (), changes=(split.change, split.rest))
    for driver in split.drivers:
        _add_values(facts, voice, unit, (driver.before, driver.now), changes=(driver.change,))
        _add_values(facts, voice, "count", (driver.before_rows, driver.now_rows))
        facts.names.add(voice.key(split.dimension, driver.key))


def _walk(value: object) -> Iterator[object]:
    """A dataclass and every one inside of it."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from _walk(item)
    elif isinstance(value, dict):
        yield from _walk(tuple(value.values()))
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for entry in fields(value):
            yield from _walk(getattr(value, entry.name))


def _guess_unit(key: str, units: dict[str, Unit]) -> Unit:
    """Cells beside the columns: `change_csat` has the unit of `csat`, `base_csat` is a count."""
    prefix, _, metric = key.partition("_")
    return units.get(metric, "text") if prefix in ("change", "previous") else "count" if prefix == "base" else "text"


def _add_cell(facts: Facts, voice: Voice, unit: Unit, cell: Cell, *, is_change: bool, is_name: bool) -> None:
    if isinstance(cell, bool) or cell is None:
        return
    if isinstance(cell, str):
        if unit == "date":
            _add_days(facts, voice, (date.fromisoformat(cell),))
        elif unit == "datetime":
            facts.add(voice.instant(datetime.fromisoformat(cell)))
        elif cell and is_name:
            facts.names.add(cell)
    elif unit == "hour":
        facts.add(voice.key("hour", int(cell)))
    else:
        _add_values(facts, voice, unit, () if is_change else (cell,), changes=(cell,) if is_change else ())


def _add_days(facts: Facts, voice: Voice, days: Iterable[date]) -> None:
    for day in days:
        facts.add(f"{voice.day(day)} {voice.month(day)}")


def _add_values(facts: Facts, voice: Voice, unit: Unit, values: Iterable[float | None], *, changes: Iterable[float | None] = ()) -> None:
    for value in values:
        if value is not None:
            facts.add(format_value(value, unit, language=voice.language))
    for change in changes:
        if change is not None:
            facts.add(format_change(change, unit, language=voice.language))
