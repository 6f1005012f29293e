"""Which field of a date is the day, decided once for a whole file, and local times brought to UTC.

An export writes dates as the phone's region does and says nowhere which region that was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ingestion.exports.headers import Header, Layout

# Where year, month and day stand: "dmy" is 24/09/2026.
DateOrder = Literal["dmy", "mdy", "ymd", "ydm", "myd", "dym"]
Evidence = Literal["fields", "ascending", "default"]

_POSSIBLE: dict[int | None, tuple[DateOrder, ...]] = {
    0: ("ymd", "ydm"),
    1: ("myd", "dym"),
    2: ("dmy", "mdy"),
    None: ("dmy", "mdy", "ymd", "ydm"),
}
_YEAR_FIRST = frozenset({"ymd", "ydm"})
# WhatsApp began in 2009: an older year is another field read as the year.
FIRST_YEAR, LAST_YEAR = 2009, 2100


def read_date(fields: tuple[int, int, int], *, order: DateOrder) -> date | None:
    """The day that three fields mean in this order, None where there is no such day."""
    year, month, day = fields[order.index("y")], fields[order.index("m")], fields[order.index("d")]
    year += 2000 if year < 100 else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_hour(header: Header) -> int | None:
    """The hour of a header on the 24-hour clock, None where a clock shows no such time."""
    hour = header.hour
    if header.meridiem:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if header.meridiem == "p" else 0)
    return hour if hour < 24 and header.minute < 60 and header.second < 60 else None


@dataclass(slots=True)
class _Score:
    """How well one order fits the dates seen so far."""

    impossible: int = 0
    backward: int = 0
    last: date | None = None


@dataclass(slots=True)
class OrderVote:
    """Collects a file's dates, in the file's order, and tells how they are to be read."""

    scores: dict[DateOrder, _Score] = field(default_factory=dict)
    _previous: tuple[int, int, int] | None = None
    _impossible_before: tuple[DateOrder, ...] = ()

    def add(self, header: Header) -> None:
        """Take one more date into account."""
        if not self.scores:
            self.scores = {order: _Score() for order in _POSSIBLE[header.layout.year_at]}
        if header.date == self._previous:
            for order in self._impossible_before:
                self.scores[order].impossible += 1
            return
        self._previous = header.date
        impossible: list[DateOrder] = []
        for order, score in self.scores.items():
            day = read_date(header.date, order=order)
            if day is None:
                score.impossible += 1
                impossible.append(order)
            else:
                score.backward += score.last is not None and day < score.last
                score.last = day
        self._impossible_before = tuple(impossible)

    def decide(self, *, is_month_first_default: bool) -> tuple[DateOrder, Evidence]:
        """The order, and what decided it: fields above 12, dates that ascend, or the default of the language."""

        is_year_short = len(self.scores) > 2

        def rank(order: DateOrder) -> tuple[int, bool, int, bool]:
            score, is_year_first = self.scores[order], order in _YEAR_FIRST
            is_month_first = order.index("m") < order.index("d")
            is_default = is_month_first == (is_month_first_default or is_year_first)
            # A year of two digits in front is so rare that it must be the only reading that fits.
            return score.impossible, is_year_short and is_year_first, score.backward, not is_default

        ranked = sorted(self.scores, key=rank)
        best, second = ranked[0], ranked[1]
        if self.scores[best].impossible < self.scores[second].impossible or (is_year_short and second in _YEAR_FIRST):
            return best, "fields"
        return best, "ascending" if self.scores[best].backward < self.scores[second].backward else "default"


def is_month_first(layout: Layout, *, languages: Iterable[str | None]) -> bool:
    """Whether the month is written first where nothing in the dates tells: the 12-hour clock with slashes, in English.

    `languages` are guesses, the best first; a 12-hour clock in no known language counts as English.
    """
    language = next((language for language in languages if language), "en")
    return language == "en" and layout.has_meridiem and layout.separator == "/"


def to_utc(day: date, hour: int, minute: int, second: int, *, zone: ZoneInfo, after: datetime | None) -> datetime:
    """A local time of an export in UTC.

    A time that the clock showed twice (the end of daylight saving) is the first one unless `after`, the message before it,
    is later than that. A time that the clock skipped is read as if it had not been put forward yet.
    """
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    moment = local.astimezone(UTC)
    if after is not None and moment < after:
        again = local.replace(fold=1).astimezone(UTC)
        if again > moment:
            return again
    return moment
