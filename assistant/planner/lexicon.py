"""The planner's tables, read once a language and indexed by the words that phrases begin with."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.planner.text import fold

Language = Literal["pt", "en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
TABLES = Path(__file__).parent / "tables"
STEM_INDEX = 2  # letters that stems are indexed by; no stem in the tables is shorter
LONGEST_GAP = 4  # words that "..." stands for, articles and prepositions not counted


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase: these words, words that begin so, a slot, or a gap of any words."""

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    slot: str | None = None
    optional: bool = False
    gap: bool = False

    def accepts(self, word: str) -> bool:
        return word in self.words or (bool(self.stems) and word.startswith(self.stems) and word not in read_first_names())


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something. `kind` and `value` say what: kind "metric" and value "csat", kind "cue" and value "why"."""

    kind: str
    value: str
    elements: tuple[Element, ...]


@dataclass(slots=True)
class Lexicon:
    """All phrases of a language, found by their first word."""

    language: Language
    by_word: dict[str, list[Phrase]] = field(default_factory=dict)
    by_stem: dict[str, list[tuple[str, Phrase]]] = field(default_factory=dict)
    by_slot: dict[str, list[Phrase]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    kinds: dict[str, set[str]] = field(default_factory=dict)  # of each word and "stem*", the kinds of phrases that it is part of
    stems: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by their first letters
    glue: frozenset[str] = frozenset()
    abbreviations: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, phrase: Phrase) -> None:
        # A phrase may begin with optional words: it is found by each of them and by the first that must be there.
        for element in phrase.elements:
            if element.slot:
                self.by_slot.setdefault(element.slot, []).append(phrase)
            for word in element.words:
                self.by_word.setdefault(word, []).append(phrase)
            for stem in element.stems:
                self.by_stem.setdefault(stem[:STEM_INDEX], []).append((stem, phrase))
            if not element.optional:
                break
        for element in phrase.elements:
            self.words |= element.words
            for word in (*element.words, *(f"{stem}*" for stem in element.stems)):
                self.kinds.setdefault(word, set()).add(phrase.kind)
            for stem in element.stems:
                known = self.stems.get(stem[:STEM_INDEX], ())
                if stem not in known:
                    self.stems[stem[:STEM_INDEX]] = (*known, stem)

    def find_phrases(self, word: str) -> list[Phrase]:
        """The phrases that this word may begin; those that begin with a slot are in `by_slot`."""
        found = list(self.by_word.get(word, ()))
        if word not in read_first_names():  # Rodrigo is no form of "rodar"
            found += [phrase for stem, phrase in self.by_stem.get(word[:STEM_INDEX], ()) if word.startswith(stem)]
        return found

    def knows(self, word: str) -> bool:
        """Whether any table has this word, or a stem that it begins with."""
        if word in self.words:
            return True
        return word.startswith(self.stems.get(word[:STEM_INDEX], ("\0",))) and word not in read_first_names()

    def means(self, word: str) -> bool:
        """Whether a table of what can be asked has this word: orders, refusals and what plans leave out do not count."""
        stems = [stem for stem in self.stems.get(word[:STEM_INDEX], ()) if word.startswith(stem)]
        kinds = set(self.kinds.get(word, ())).union(*(self.kinds.get(f"{stem}*", ()) for stem in stems))
        return bool(kinds - UNMEANT)


UNMEANT = frozenset(("command", "refuse", "company", "left", "beside", "lead"))
# table → kind of its sections; None where a section's first part is the kind ("cue.why").
TABLE_KINDS: dict[str, str | None] = {
    "metrics": "metric", "dimensions": None, "filters": "filter", "notes": "note", "cues": None, "ranking": None,
    "times": "time", "ahead": "time", "limits": None, "fillers": "filler", "subjects": None, "left_out": None,
}  # fmt: skip


PLAIN_SECTIONS = ("split", "weak_leads")  # of tables/left_out.toml: no phrases


@cache
def load_lexicon(language: Language) -> Lexicon:
    """The lexicon of a language, made once."""
    lexicon = Lexicon(language)
    for table, kind in TABLE_KINDS.items():
        for section, (section_kind, entries) in read_sections(table, kind).items():
            for written in chain(entries.get("any", ()), entries.get(language, ())):
                for elements in parse_phrase(written):
                    lexicon.add(Phrase(section_kind, section, elements))
    lexicon.glue = frozenset(word for written in read_table("fillers")["glue"][language] for word in fold(written).split())
    short = read_table("abbreviations")
    lexicon.abbreviations = {fold(key): tuple(fold(full).split()) for key, full in (short["any"] | short[language]).items()}
    return lexicon


def read_sections(table: str, kind: str | None) -> dict[str, tuple[str, dict[str, list[str]]]]:
    """Section name → its kind and its phrases by language. Nested sections give their first part as the kind."""
    raw = {section: entries for section, entries in read_table(table).items() if section not in PLAIN_SECTIONS}
    if kind is not None:
        return {section: (kind, entries) for section, entries in raw.items()}
    found: dict[str, tuple[str, dict[str, list[str]]]] = {}
    for first, entries in raw.items():
        if any(isinstance(value, dict) for value in entries.values()):
            found |= {f"{first}.{section}": (first, nested) for section, nested in entries.items()}
        else:
            found[first] = (first.partition(".")[0], entries)
    return found


@cache
def read_table(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def read_first_names() -> frozenset[str]:
    """First names people bear, folded."""
    return _read_words("first_names")


@cache
def read_everyday_words() -> frozenset[str]:
    """Words that customers' subjects are made of, folded: spelled right, however near they are to a word of the tables."""
    return _read_words("everyday")


@cache
def read_ordinary_names(language: Language) -> frozenset[str]:
    """The words of tables/ordinary_names.toml of a language, folded."""
    return frozenset(map(fold, read_table("ordinary_names")["words"][language]))


def _read_words(name: str) -> frozenset[str]:
    lines = (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


def parse_phrase(written: str) -> list[tuple[Element, ...]]:
    """The readings of a phrase of a table: "tempo|demora médio? {n} ..." (see the head of tables/metrics.toml).

    Several where an alternative is two words: "tem|ficou_sem resposta" is "tem resposta" and "ficou sem resposta".
    """
    choices = []
    for part in fold(written).split():
        optional = part.endswith("?")
        options = part.removesuffix("?").split("|")
        plain = "|".join(option for option in options if "_" not in option)
        variants = [[plain + "?" * optional]] if plain else [[]] if optional else []
        choices.append(variants + [option.split("_") for option in options if "_" in option])
    return [tuple(_parse_element(part) for parts in chosen for part in parts) for chosen in product(*choices)]


def _parse_element(part: str) -> Element:
    if part == "...":
        return Element(gap=True, optional=True)
    optional = part.endswith("?")
    part = part.removesuffix("?")
    if part.startswith("{"):
        return Element(slot=part[1:-1], optional=optional)
    options = part.split("|")
    return Element(
        words=frozenset(option for option in options if not option.endswith("*")),
        stems=tuple(option[:-1] for option in options if option.endswith("*")),
        optional=optional,
    )
