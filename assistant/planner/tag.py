"""From words to spans: which words of a question are a measure, a time, a name, a filter; each word in one span, the longest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.plan import NOTE_MAX, NOTE_MIN
from assistant.planner.catalogue import Catalog
from assistant.planner.lexicon import Lexicon, read_first_names
from assistant.planner.matching import Match, find_matches
from assistant.planner.moments import Clock
from assistant.planner.names import NameMatch
from assistant.planner.slots import get_slots, read_words
from assistant.planner.spelling import Speller
from assistant.planner.text import Token
from assistant.planner.themes import ThemeMatch
from assistant.planner.times import TimeSpan, is_guarded, is_no_day, join_times, read_moment

# Kinds that look at the question as a whole; they take no words from others.
WATCHING = ("help", "refuse", "company", "command", "beside")
# Of spans over the same words, the rest being equal, these are looked at last.
FILLING = ("filler", "weak", "glue")


@dataclass(slots=True)
class Span:
    """Words with all that they may be: kind → values. A value is the table's section, or what was matched."""

    places: tuple[int, ...]
    readings: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1

    def has(self, kind: str, *values: str) -> bool:
        """Whether it may be of this kind, and one of these values where any are given."""
        found = self.readings.get(kind)
        return found is not None and (not values or any(value in found for value in values))

    def add(self, kind: str, value: Any) -> None:
        values = self.readings.setdefault(kind, [])
        if value not in values:
            values.append(value)

    @property
    def is_filler(self) -> bool:
        return all(kind in FILLING for kind in self.readings)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A question in spans. `watched` holds the matches of WATCHING kinds; `times` the stretches of time put together."""

    question: str
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    times: tuple[TimeSpan, ...]
    watched: tuple[Match, ...]
    glue: frozenset[str]

    def find(self, kind: str, *values: str) -> list[Span]:
        """The spans that may be of this kind, from the left."""
        return [span for span in self.spans if span.has(kind, *values)]

    def get_at(self, place: int) -> Span | None:
        return next((span for span in self.spans if place in span.places), None)


def tag_question(question: str, tokens: Sequence[Token], *, lexicon: Lexicon, catalog: Catalog, speller: Speller, clock: Clock) -> Tagged:
    """Finds every reading of every word and keeps the longest where they overlap."""
    candidates: dict[tuple[int, ...], Span] = {}
    watched = []

    def offer(places: tuple[int, ...], kind: str, value: Any) -> None:
        candidates.setdefault(places, Span(places)).add(kind, value)

    for match in find_matches(tokens, lexicon, slots=get_slots(lexicon.language)):
        kind = match.phrase.kind
        if kind in WATCHING:
            watched.append(match)
        elif kind == "time":
            if not is_guarded(match, tokens):
                continue
            moment = read_moment(match, clock=clock)
            if moment is None and is_no_day(match, clock=clock):
                offer(match.places, "no_day", match.phrase.value)
            elif moment is not None and not (match.phrase.value == "running" and _is_asked_for(match, tokens)):
                offer(match.places, "time", TimeSpan(match.places, moment, match.phrase.value))
        elif kind != "note":
            offer(match.places, kind, match.phrase.value)
        elif _is_note(match, tokens, lexicon):
            offer(match.places, kind, match)
    for named in catalog.name_index.find_matches(tokens, is_word=speller.knows_talk, first_names=read_first_names()):
        offer(named.places, "name", named)
    for theme in catalog.theme_index.find_matches(tokens):
        offer(theme.places, "theme", theme)
    for span in candidates.values():
        if span.has("left"):
            span.readings.pop("time", None)  # "Mondays" is every Monday, not the latest
    spans = _choose_longest(list(candidates.values()), tokens, lexicon)
    spans, times = _join_times(spans, tokens, clock)
    return Tagged(question, tuple(tokens), tuple(spans), tuple(times), tuple(watched), lexicon.glue)


def _is_note(match: Match, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "Satisfação de 3 a 5" is of notes, "de 3 a 5 de janeiro" and "de 10 a 20" are days."""
    notes = [value for value in match.values if isinstance(value, int)]
    behind = [token.norm for token in tokens[match.end : match.end + 2]]
    months = read_words("months", lexicon.language)
    is_dated = len(notes) > 1 and bool(behind) and (behind[0] in months or (behind[0] in ("de", "of") and behind[-1] in months))
    return not is_dated and all(NOTE_MIN <= note <= NOTE_MAX for note in notes)


# Words between "which" and the unit that it asks for: "qual foi o dia com mais reclamações".
ASKING = frozenset("qual quais which what cual cuales que".split())
ASKED_BY = frozenset("foi e eh is was fue es the o a el la em".split())


def _is_asked_for(match: Match, tokens: Sequence[Token]) -> bool:
    """ "Qual foi o dia …" asks for a day; "o dia" is not today there."""
    if tokens[match.start].norm not in ASKED_BY:
        return False
    place = match.start - 1
    while place >= 0 and tokens[place].norm in ASKED_BY:
        place -= 1
    return place >= 0 and tokens[place].norm in ASKING


def _choose_longest(candidates: list[Span], tokens: Sequence[Token], lexicon: Lexicon) -> list[Span]:
    def weigh(span: Span) -> tuple[int, bool, int, int]:
        content = [place for place in span.places if tokens[place].norm not in lexicon.glue]
        between = [tokens[place] for place in range(span.start, span.end) if place not in span.places]
        gapped = any(token.norm not in lexicon.glue for token in between)
        letters = sum(len(tokens[place].norm) for place in span.places)
        return (-max(len(content), 1), gapped, -letters, span.start)

    taken: set[int] = set()
    chosen = []
    for span in sorted(candidates, key=weigh):
        if taken.isdisjoint(span.places):
            taken.update(span.places)
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


def _join_times(spans: list[Span], tokens: Sequence[Token], clock: Clock) -> tuple[list[Span], list[TimeSpan]]:
    """Joins neighbouring times and gives the words that joined them to the joined span."""
    times = join_times([span.readings["time"][0] for span in spans if span.has("time")], tokens, clock=clock)
    taken = {place for time in times for place in time.places}
    kept = [span for span in spans if not span.has("time") and taken.isdisjoint(span.places)]
    kept += [Span(time.places, {"time": [time]}) for time in times]
    return sorted(kept, key=lambda span: span.start), times


def is_name(value: Any) -> bool:
    return isinstance(value, NameMatch)


def is_theme(value: Any) -> bool:
    return isinstance(value, ThemeMatch)
