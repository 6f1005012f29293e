"""Themes as people speak of them: the catalogue's own words with their inflections, and plain synonyms in three languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from assistant.planner.lexicon import read_table
from assistant.planner.names import JOINING
from assistant.planner.text import Token, find_words, fold

ALTERNATIVES = frozenset("e y and ou or o & / ,".split())  # "Pagamento e Pix" is either


@cache
def _read_concepts() -> tuple[dict[str, frozenset[str]], tuple[tuple[str, str], ...]]:
    """Whole words and stems of tables/concepts.toml, each with the groups that it belongs to."""
    words: dict[str, set[str]] = {}
    stems: list[tuple[str, str]] = []
    for group, entries in read_table("concepts")["groups"].items():
        for entry in map(fold, entries):
            if entry.endswith("*"):
                stems.append((entry[:-1], group))
            else:
                words.setdefault(entry, set()).add(group)
    return {word: frozenset(groups) for word, groups in words.items()}, tuple(stems)


@lru_cache(maxsize=50_000)
def find_concepts(word: str) -> frozenset[str]:
    """The groups of words with the same meaning that a folded word belongs to."""
    words, stems = _read_concepts()
    return words.get(word, frozenset()) | {group for stem, group in stems if word.startswith(stem)}


@cache
def _read_weak() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    table = read_table("concepts")
    weak = list(map(fold, table["weak"]))
    return (
        frozenset(word for word in weak if not word.endswith("*")),
        tuple(word[:-1] for word in weak if word.endswith("*")),
        frozenset(table["generic"]),
    )


def is_generic(concepts: frozenset[str]) -> bool:
    """Whether a word is too general to name a theme anywhere ("produto")."""
    return bool(concepts) and concepts <= _read_weak()[2]


def is_weak(word: str, concepts: frozenset[str]) -> bool:
    """Whether a word alone names no theme: too general ("produto") or used of other things too ("demora")."""
    words, stems, _ = _read_weak()
    return word in words or word.startswith(stems) or is_generic(concepts)


def is_inflected(one: str, other: str) -> bool:
    """Whether two folded words are forms of one: "vacina" and "vacinas", "exame" and "exames"."""
    shorter = min(len(one), len(other))
    if shorter < 4:
        return one == other
    alike = 0
    while alike < shorter and one[alike] == other[alike]:
        alike += 1
    kept = max(4, shorter - (1 if shorter <= 6 else 2))
    return alike >= kept and max(len(one), len(other)) - alike <= 4


@dataclass(frozen=True, slots=True)
class Key:
    """One word of a theme: any word of its groups means it, or a form of the word itself."""

    word: str
    concepts: frozenset[str]

    def accepts(self, typed: str, concepts: frozenset[str]) -> bool:
        return bool(self.concepts & concepts) or is_inflected(typed, self.word)


@dataclass(frozen=True, slots=True)
class Theme:
    name: str
    parts: tuple[tuple[Key, ...], ...]

    def find_key(self, typed: str, concepts: frozenset[str]) -> tuple[int, int] | None:
        for part, keys in enumerate(self.parts):
            for position, key in enumerate(keys):
                if key.accepts(typed, concepts):
                    return part, position
        return None


@dataclass(frozen=True, slots=True)
class ThemeMatch:
    """Words that name a theme. `is_full` where they name a whole side of it ("atraso … entrega", "pix").

    `is_weak` where the words are used of other things too ("espera"): they name it only where a theme is spoken of.
    """

    places: tuple[int, ...]
    names: tuple[str, ...]
    is_full: bool
    is_weak: bool = False

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1


class ThemeIndex:
    def __init__(self, names: Iterable[str]) -> None:
        self.themes = [Theme(name, _read_parts(name)) for name in names]
        self.words = frozenset(key.word for theme in self.themes for part in theme.parts for key in part)

    def find_matches(self, tokens: Sequence[Token]) -> list[ThemeMatch]:
        """The themes named, from the left, longest first; each word of the question names at most one."""
        found: list[ThemeMatch] = []
        place = 0
        while place < len(tokens):
            match = self._match_at(place, tokens)
            if match is None:
                place += 1
            else:
                found.append(match)
                place = match.end
        return found

    def _match_at(self, place: int, tokens: Sequence[Token]) -> ThemeMatch | None:
        matches = [match for theme in self.themes if (match := _match_theme(theme, place, tokens))]
        if not matches:
            return None
        best = max((len(match.places), not match.is_weak, match.is_full) for match in matches)
        kept = [match for match in matches if (len(match.places), not match.is_weak, match.is_full) == best]
        return replace(kept[0], names=tuple(match.names[0] for match in kept))


def _match_theme(theme: Theme, place: int, tokens: Sequence[Token]) -> ThemeMatch | None:
    met: dict[tuple[int, int], int] = {}
    strong, only_generic = False, True
    at = place
    last = place - 1
    while at < len(tokens) and at - last <= 3:
        token = tokens[at]
        concepts = find_concepts(token.norm) if token.kind == "word" else frozenset()
        key = theme.find_key(token.norm, concepts) if token.kind == "word" and token.norm not in JOINING else None
        if key is not None and key not in met:
            met[key] = at
            strong = strong or not is_weak(token.norm, concepts)
            only_generic = only_generic and is_generic(concepts)
            last = at
        elif at == place or token.norm not in JOINING | ALTERNATIVES:
            break
        at += 1
    full = any(all((part, position) in met for position in range(len(keys))) for part, keys in enumerate(theme.parts))
    if not met or only_generic:
        return None
    return ThemeMatch(tuple(sorted(met.values())), (theme.name,), full, is_weak=not (strong or (full and len(met) > 1)))


def _read_parts(name: str) -> tuple[tuple[Key, ...], ...]:
    """The sides of a theme's name: "Pagamento e Pix" has two of one word, "Atraso na entrega" one of two."""
    parts: list[list[str]] = [[]]
    for word in find_words(name):
        if word in ALTERNATIVES and parts[-1]:
            parts.append([])
        elif word not in JOINING:
            parts[-1].append(word)
    return tuple(tuple(Key(word, find_concepts(word)) for word in part) for part in parts if part)
