"""The stretches of time in a question: single expressions, and what is put together of them ("from X to Y", "since X")."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.planner import dates, moments
from assistant.planner.lexicon import read_table
from assistant.planner.matching import Match
from assistant.planner.moments import Clock, Moment
from assistant.planner.text import Token, fold
from core import periods
from core.periods import Period

RESOLVERS = moments.RESOLVERS | dates.RESOLVERS
# Values reach a resolver counts and days first, then units and names, then years, however a language orders them.
DAY_WORDS = ("today", "yesterday", "before_yesterday")
SLOT_RANKS = {"unit": 1, "weekday": 1, "month": 1, "year": 2}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of time and the places of the words that said it. `head` is the table's section that it began with."""

    places: tuple[int, ...]
    moment: Moment
    head: str
    ends: tuple[Moment, Moment] | None = None  # of a range: what it was put together of
    is_move: bool = False  # "de ontem pra hoje": from the one to the other

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1


def read_moment(match: Match, *, clock: Clock) -> Moment | None:
    """What a matched expression of time means; None where there are no such days."""
    return RESOLVERS[match.phrase.value](_get_values(match), clock)


def is_no_day(match: Match, *, clock: Clock) -> bool:
    """Whether a matched expression without days names a day that its month lacks."""
    return dates.is_no_day(match.phrase.value, _get_values(match), clock)


def _get_values(match: Match) -> tuple[object, ...]:
    slots = [element.slot for element in match.phrase.elements if element.slot]
    paired = sorted(zip(slots, match.values, strict=False), key=lambda pair: SLOT_RANKS.get(pair[0] or "", 0))
    return tuple(value for _, value in paired)


def is_guarded(match: Match, tokens: Sequence[Token]) -> bool:
    """Whether a short word ("set", "may") is a month or weekday here: beside a figure or behind a preposition."""
    guarded = read_table("numbers")["guarded"]
    if len(match.places) > 1 or tokens[match.start].norm not in guarded["words"]:
        return True
    before = tokens[match.start - 1] if match.start else None
    after = tokens[match.end] if match.end < len(tokens) else None
    if before is not None and (before.norm in guarded["after"] or before.kind == "figure" or before.norm == "-"):
        return True
    return after is not None and after.norm in ("-", "a", "to", "ate")


def join_times(spans: list[TimeSpan], tokens: Sequence[Token], *, clock: Clock) -> list[TimeSpan]:
    """Puts together what belongs together: "3 de novembro | do ano passado", "outubro | a | dezembro", "desde | ontem"."""
    joiner = _Joiner(tokens, clock)
    joined: list[TimeSpan] = []
    for span in spans:
        whole = joiner.join_pair(joined[-1], span) if joined else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(span)
    return [joiner.open_to_today(span) for span in joined]


class _Joiner:
    """Joins expressions of time by the words between and around them (tables/ranges.toml)."""

    def __init__(self, tokens: Sequence[Token], clock: Clock) -> None:
        self.norms = [token.norm for token in tokens]
        self.clock = clock
        self.words = {name: set(map(fold, entry[clock.language])) for name, entry in read_table("ranges").items()}

    def join_pair(self, first: TimeSpan, second: TimeSpan) -> TimeSpan | None:
        between = self.norms[first.end : second.start]
        if len(between) > 4:
            return None
        middle = [word for word in between if word not in self.words["glue"] or word in self.words["to"]]
        moves = first.head in DAY_WORDS and second.head in DAY_WORDS and bool(middle) and self.words["towards"].issuperset(middle)
        if moves:
            middle = [min(self.words["to"])]
        whole = self._give_year(first, second, between) or self._join_range(first, second, middle)
        return replace(whole, is_move=True) if whole and moves else whole

    def _give_year(self, first: TimeSpan, second: TimeSpan, between: list[str]) -> TimeSpan | None:
        """ "3 de novembro" and "do ano passado", "2025" or "deste ano"."""
        if second.moment.unit != "year" or first.moment.in_year is None:
            return None
        if not all(word in self.words["glue"] or word == "," for word in between):  # "November 3, 2025"
            return None
        moment = first.moment.in_year(second.moment.period.start.year)
        return TimeSpan((*first.places, *second.places), moment, first.head) if moment else None

    def _join_range(self, first: TimeSpan, second: TimeSpan, middle: list[str]) -> TimeSpan | None:
        opened = any(self.norms[place] in self.words["between"] for place in range(max(0, first.start - 2), first.start))
        if not middle or not (self.words["to"].issuperset(middle) or (opened and self.words["and"].issuperset(middle))):
            return None
        moment = join_range(first, second, clock=self.clock)
        leads = self.words["between"] | self.words["from"]
        lead = [place for place in range(max(0, first.start - 2), first.start) if self.norms[place] in leads]
        places = (*lead, *range(first.start, second.start), *second.places)
        return TimeSpan(places, moment, "range", (first.moment, second.moment)) if moment else None

    def open_to_today(self, span: TimeSpan) -> TimeSpan:
        """ "Since X" and "from X on" run from the first day of X to today."""
        places = self._find_since(span)
        if not places:
            return span
        moment = Moment(period=periods.get_since(span.moment.period.start, today=self.clock.today))
        return TimeSpan(tuple(sorted({*places, *span.places})), moment, "since")

    def _find_since(self, span: TimeSpan) -> range | None:
        for place in range(span.start - 1, max(-1, span.start - 4), -1):
            for size in (1, 2):
                if place - size + 1 >= 0 and " ".join(self.norms[place - size + 1 : place + 1]) in self.words["since"]:
                    return range(place - size + 1, place + 1)
            if self.norms[place] not in self.words["glue"]:
                break
        for size in (1, 2, 3):
            after = " ".join(self.norms[span.end : span.end + size])
            if after == "on" and not self.words["from"].intersection(self.norms[max(0, span.start - 2) : span.start]):
                continue  # "Compare Q4 with Q3 on satisfaction", against "from Monday on"
            if after in self.words["since_after"]:
                return range(span.end, span.end + size)
        return None


def join_range(first: TimeSpan, second: TimeSpan, *, clock: Clock) -> Moment | None:
    """From the first to the second; where no year was said, the years that put them in order."""
    start, end = first.moment, second.moment
    if first.head == "weekday" and start.period > end.period:
        start = Moment(period=Period(*(periods.add_days(day, -7) for day in (start.period.start, start.period.end))))
    later = [end] + [end.in_year(start.period.start.year + years) for years in (0, 1) if end.in_year]
    earlier = [start] + [start.in_year(end.period.start.year - years) for years in (0, 1) if start.in_year and not end.in_year]
    for one, other in [(start, other) for other in later] + [(one, end) for one in earlier]:
        if one and other and one.period.start <= other.period.end:
            period = Period(one.period.start, other.period.end)
            return Moment(period=period if end.unit == "day" else periods.clip_to_today(period, today=clock.today))
    return None
