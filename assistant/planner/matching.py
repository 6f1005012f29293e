"""Finding the phrases of the tables in a question: which words each one covers, and what its slots hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.planner.lexicon import LONGEST_GAP, Element, Lexicon, Phrase
from assistant.planner.text import Token

EXACT_KINDS = ("time",)  # kinds whose phrases name their own articles: "3 em outubro" is no third of October
LONGEST_GLUE = 3  # articles and prepositions that may stand between two words of a phrase

Slots = Mapping[str, Callable[[Token], object | None]]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: the places of the words that it needs, and what its slots hold in order."""

    phrase: Phrase
    places: tuple[int, ...]
    values: tuple[object, ...] = field(default=())

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1


def find_matches(tokens: Sequence[Token], lexicon: Lexicon, *, slots: Slots) -> list[Match]:
    """Every phrase of the lexicon at every place; of one phrase at one place, the reading that covers most."""
    found: dict[tuple[str, str, tuple[int, ...]], Match] = {}
    for place, token in enumerate(tokens):
        tried: set[int] = set()
        slotted = [phrase for slot, phrases in lexicon.by_slot.items() if slots[slot](token) is not None for phrase in phrases]
        for phrase in [*lexicon.find_phrases(token.norm), *slotted]:
            if id(phrase) in tried:
                continue
            tried.add(id(phrase))
            match = _match_phrase(phrase, tokens, place, lexicon, slots)
            if match is not None and match.start == place:
                found.setdefault((phrase.kind, phrase.value, match.places), match)
    return list(found.values())


def _match_phrase(phrase: Phrase, tokens: Sequence[Token], place: int, lexicon: Lexicon, slots: Slots) -> Match | None:
    best: Match | None = None
    for places, values in _walk(phrase.elements, 0, tokens, place, lexicon, slots, first=True, glued=phrase.kind not in EXACT_KINDS):
        if places and (best is None or len(places) > len(best.places)):
            best = Match(phrase, places, values)
    return best


def _walk(
    elements: tuple[Element, ...],
    index: int,
    tokens: Sequence[Token],
    place: int,
    lexicon: Lexicon,
    slots: Slots,
    *,
    first: bool = False,
    glued: bool = True,
) -> Iterator[tuple[tuple[int, ...], tuple[object, ...]]]:
    if index == len(elements):
        yield (), ()
        return
    element = elements[index]
    if element.optional:
        yield from _walk(elements, index + 1, tokens, place, lexicon, slots, first=first, glued=glued)
    if element.gap:
        counted = 0
        for skipped in range(1, LONGEST_GAP + LONGEST_GLUE + 1):
            if place + skipped > len(tokens) or tokens[place + skipped - 1].kind == "mark":
                return
            counted += tokens[place + skipped - 1].norm not in lexicon.glue
            if counted > LONGEST_GAP:
                return
            yield from _walk(elements, index + 1, tokens, place + skipped, lexicon, slots, glued=glued)
        return
    for at in _places(tokens, place, lexicon, glued=glued and not first):
        token = tokens[at]
        if element.slot is not None:
            value = slots[element.slot](token)
            if value is None:
                continue
            for places, values in _walk(elements, index + 1, tokens, at + 1, lexicon, slots, glued=glued):
                yield (at, *places), (value, *values)
        elif element.accepts(token.norm):
            for places, values in _walk(elements, index + 1, tokens, at + 1, lexicon, slots, glued=glued):
                yield (at, *places), values


def _places(tokens: Sequence[Token], place: int, lexicon: Lexicon, *, glued: bool) -> Iterator[int]:
    """Where the next word of a phrase may stand: here, or after some articles and prepositions."""
    for at in range(place, min(len(tokens), place + 1 + (LONGEST_GLUE if glued else 0))):
        yield at
        if tokens[at].norm not in lexicon.glue:
            return
