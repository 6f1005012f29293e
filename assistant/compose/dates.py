"""Days and periods in words: "na semana passada", "between Nov 3 and Nov 10". Pure; phrases come from the language tables.

A period has three forms: `label` stands alone (a chip, a title), `when` stands in a sentence, `ask` in a question that the
planner reads back as the same days. Where a period runs into the day of the question, the first two say that it is not over.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.compose.words import Book

# Periods that end today and are called "the last N days"; others are told by their days.
ROUND_LENGTHS = frozenset({7, 10, 14, 15, 21, 28, 30, 45, 60, 90, 120, 180, 365})


@dataclass(frozen=True, slots=True)
class PeriodWords:
    label: str
    when: str
    ask: str


def name_period(start: date, end: date, *, today: date, book: Book) -> PeriodWords:
    """A period (both days inclusive) in words, as one who lives on `today` would say it."""
    name, values, is_open = _find_name(start, end, today)
    span = format_span(start, end, today=today, book=book)
    values["month"] = book.say(f"month.{start.month}")
    values["span"] = span
    values["start"], values["end"] = (format_day(day, today=today, book=book) for day in (start, end))
    values["full_start"], values["full_end"] = (format_day(day, today=None, book=book) for day in (start, end))
    label, when = book.say(f"period.{name}.label", **values), book.say(f"period.{name}.when", **values)
    asked = name if book.has(f"period.{name}.ask") else "span"
    ask = book.say(f"period.{asked}.ask", **values)
    if is_open:
        label, when = book.say("period.open", period=label), book.say("period.open", period=when)
    # A name that holds its days already, or is a day itself, needs no second mention of them.
    if name not in ("span", "since", "day"):
        label = book.say("period.with_span", period=label, span=span)
    return PeriodWords(label=label, when=when, ask=ask)


def format_day(day: date, *, today: date | None, book: Book) -> str:
    """20/11 · Nov 20, with the year where it is not this one (or where `today` is None)."""
    key = "day" if today is not None and day.year == today.year else "day.year"
    name = book.say(f"month.short.{day.month}")
    return book.say(key, day=f"{day.day:02d}", plain=str(day.day), month=f"{day.month:02d}", name=name, year=str(day.year))


def format_span(start: date, end: date, *, today: date, book: Book) -> str:
    """16/11 a 22/11 · Nov 16 – Nov 22; a single day alone."""
    if start == end:
        return format_day(start, today=today, book=book)
    return book.say("span", start=format_day(start, today=today, book=book), end=format_day(end, today=today, book=book))


def _find_name(start: date, end: date, today: date) -> tuple[str, dict[str, str], bool]:
    """The name of a period's phrase, what it is filled with, and whether "so far" belongs behind it."""
    days = (end - start).days + 1
    if days == 1:
        names = {0: "today", 1: "yesterday", 2: "before_yesterday"}
        return names.get((today - start).days, "day"), {}, False
    week = today - timedelta(days=today.weekday())
    if end == today:
        if start == week:
            return "this_week", {}, True
        if start == today.replace(day=1):
            return "this_month", {}, True
        if start == _quarter(today):
            return "this_quarter", {}, True
        if start == today.replace(month=1, day=1):
            return "this_year", {}, True
        if days in ROUND_LENGTHS:
            return "last_days", {"days": str(days)}, False
        return "since", {}, True
    return _find_whole(start, end, today, week)


def _find_whole(start: date, end: date, today: date, week: date) -> tuple[str, dict[str, str], bool]:
    """As above, for periods that do not end today: whole weeks, months, quarters and years by their names."""
    is_open = start <= today < end
    if start.weekday() == 0 and end == start + timedelta(days=6):
        names = {week - timedelta(days=7): "last_week", week: "this_week"}
        return names.get(start, "week"), {}, is_open
    if start.weekday() == 5 and end == start + timedelta(days=1):
        return ("last_weekend" if today - end <= timedelta(days=6) else "weekend"), {}, is_open
    year = {"year": str(start.year)}
    if start.day == 1 and (end.year, end.month) == (start.year, start.month) and end.day == calendar.monthrange(end.year, end.month)[1]:
        return ("month" if start.year == today.year else "month_of_year"), year, is_open
    if start == _quarter(start) and end == _quarter(start + timedelta(days=100)) - timedelta(days=1):
        return "quarter", year | {"quarter": str((start.month + 2) // 3)}, is_open
    if start == date(start.year, 1, 1) and end == date(start.year, 12, 31):
        return "year", year, is_open
    return "span", {}, is_open


def _quarter(day: date) -> date:
    """The first day of the quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
