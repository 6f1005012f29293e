"""The grammar of an export's header: what stands before "Name: text" on the first line of a message, in every variant met."""

import functools
import re
from typing import Literal, NamedTuple

from ingestion.names import MARKS

Platform = Literal["android", "ios", "web"]


class Layout(NamedTuple):
    """The shape of a header. All headers of one file share it, so a chat pasted into a message is not read as messages."""

    is_bracketed: bool
    is_time_first: bool
    separator: str  # between the fields of the date: "/", ".", "-" or ". "
    year_at: int | None  # which field has four digits; None where the year has two
    joint: str  # between date and time, without white space: "", ",", "klo"
    close: str  # after the stamp: "]", "-", ":" or ""
    has_seconds: bool
    has_meridiem: bool

    @property
    def platform(self) -> Platform:
        if not self.is_bracketed:
            return "android"
        return "web" if self.is_time_first else "ios"


class Header(NamedTuple):
    """One header: the three fields of its date in the order written, its time, and what follows it on the line."""

    layout: Layout
    date: tuple[int, int, int]
    hour: int  # as written: 12-hour where `meridiem` is "a" or "p"
    minute: int
    second: int
    meridiem: str
    rest: str


_NUMBER = r"\d{4}|\d{1,2}"
_DATE = rf"(?P<d1>{_NUMBER})(?P<separator>[./-]|\.\s)(?P<d2>{_NUMBER})(?P=separator)(?P<d3>{_NUMBER})(?P<dot>\.?)"
_TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\s?(?P<meridiem>[AaPp])\.?\s?[Mm]\b\.?)?"
_CLOSE = r"(?P<close>\]|\s[-–—]|:|(?=\s))(?:\s|$)(?P<rest>.*)"
_JOINT = r"(?P<joint>,?\s(?:[^\W\d_]{1,4}\.?\s)?|,)"
_START = rf"[{MARKS}]*(?P<open>\[)?"
_DATE_FIRST = re.compile(_START + _DATE + _JOINT + _TIME + _CLOSE, re.DOTALL)
_TIME_FIRST = re.compile(_START + _TIME + _JOINT + _DATE + _CLOSE, re.DOTALL)
_STAMP = ("d1", "d2", "d3", "hour", "minute", "second", "meridiem", "separator", "dot", "joint")
# What a line must begin with to be worth the grammar: a digit or a bracket, after marks.
_LIKELY = re.compile(rf"[{MARKS}]*\[?\d{{1,4}}[./:-]")


def parse_header(line: str) -> Header | None:
    """The header that a line begins with, None where it begins with none. Dates and hours are not checked here."""
    if not _LIKELY.match(line):
        return None
    match = _DATE_FIRST.match(line)
    is_time_first = match is None
    if match is None:
        match = _TIME_FIRST.match(line)
        if match is None:
            return None
    bracket, *stamp, close, rest = match.group("open", *_STAMP, "close", "rest")
    d1, d2, d3, hour, minute, second, meridiem, separator, dot, joint = stamp
    layout = _read_layout(
        bracket is not None,
        is_time_first,
        separator,
        (len(d1), len(d2), len(d3)),
        joint,
        dot,
        close,
        second is not None,
        meridiem is not None,
    )
    if layout is None:
        return None
    date = (int(d1), int(d2), int(d3))
    return Header(layout, date, int(hour), int(minute), int(second or 0), (meridiem or "").lower(), rest)


@functools.lru_cache(maxsize=256)
def _read_layout(
    is_bracketed: bool,  # noqa: FBT001 - the parts of a key
    is_time_first: bool,  # noqa: FBT001
    separator: str,
    digits: tuple[int, int, int],
    joint: str,
    dot: str,
    close: str,
    has_seconds: bool,  # noqa: FBT001
    has_meridiem: bool,  # noqa: FBT001
) -> Layout | None:
    """The shape that these parts have together, None where no export has it. Cached: a file has one or two."""
    close = close.strip()
    if is_bracketed != (close == "]") or (is_time_first and not is_bracketed):
        return None
    # Only the form with a dot after the year ("13. 6. 2018. 21:25:15 Name") does without a sign behind the time.
    if close == "" and not (dot and separator.strip() == "."):
        return None
    long_fields = [index for index, count in enumerate(digits) if count == 4]
    if len(long_fields) > 1:
        return None
    return Layout(
        is_bracketed=is_bracketed,
        is_time_first=is_time_first,
        separator=separator.strip() + (" " if len(separator) > 1 else ""),
        year_at=long_fields[0] if long_fields else None,
        joint="".join(joint.split()),
        close="-" if close in ("–", "—") else close,
        has_seconds=has_seconds,
        has_meridiem=has_meridiem,
    )
