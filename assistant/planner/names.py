"""Names as people half remember them: any word of a name, by spelling and by sound, with what else it could have been."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from assistant.planner.text import Token, find_words

NameKind = Literal["agent", "channel", "contact", "theme"]
# Words that join the words of a name and are none of it.
JOINING = frozenset("de do da dos das e y and of the o a os as el la los las del para pra com con em en in on no na i".split())
SHORTEST_FUZZY = 4  # a shorter name is itself or another
SHORTEST_NICKNAME = 3
EXACT, SOUND, NEAR = 3, 2, 1
FAR = 0  # another first name, that counts only beside a surname: "Diogo Rocha" for Diego Rocha
# Endings of pet names: "Carlinha", "Brunão", "Pedrito".
PET_ENDINGS = ("zinha", "zinho", "inha", "inho", "cita", "cito", "ita", "ito", "ao")

# Spellings that sound alike in the three languages, in the order that they are tried.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"), (r"th", "t"), (r"sch|sh|ch", "x"), (r"gu(?=[aeiou])", "g"), (r"qu(?=[ei])", "c"), (r"c(?=[eiy])", "s"),
        (r"ck|k|q", "c"), (r"g(?=[eiy])", "j"), (r"w", "v"), (r"y", "i"), (r"z", "s"), (r"h", ""), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


@lru_cache(maxsize=50_000)
def get_sound(word: str) -> str:
    """How a folded word sounds, roughly: "filipe" and "felipe", "mendez" and "mendes", "sousa" and "souza" are the same."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    if len(word) >= 5:
        word = word[:-1].replace("e", "i").replace("o", "u") + word[-1]
    return word


def is_near(typed: str, word: str) -> bool:
    """Whether a typed word may be a misspelling of a name's: one slip, two in a long word, and never Eduardo for Eduarda."""
    if len(word) < SHORTEST_FUZZY or len(typed) < SHORTEST_FUZZY or typed[0] != word[0]:
        return False
    if typed[:-1] == word[:-1] and {typed[-1], word[-1]} == {"a", "o"}:
        return False
    most = 2 if len(word) >= 8 else 1
    return OSA.distance(typed, word, score_cutoff=most) <= most


def _find_petted(typed: str, words: Iterable[str]) -> list[str]:
    """The names that a pet name is made of: "carlinha" of Carla, "brunao" of Bruno."""
    stems = {typed.removesuffix(ending) for ending in PET_ENDINGS if typed.endswith(ending)}
    return [word for word in words if any(len(stem) >= 2 and word[:-1] == stem for stem in stems)]


@dataclass(frozen=True, slots=True)
class Name:
    kind: NameKind
    spelled: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Words of the question that name something, and all that they could name alike well.

    `is_generic` says that only words were met that several names share ("a loja"); `quality` is that of its worst word.
    """

    places: tuple[int, ...]
    names: tuple[Name, ...]
    quality: int
    is_generic: bool = False
    is_whole: bool = False

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1


class NameIndex:
    """Names findable by each of their words. `alike` says whether two words mean the same ("north", "norte"), for places."""

    def __init__(self, names: Iterable[tuple[NameKind, str]], *, alike: Callable[[str], frozenset[str]]) -> None:
        self.names = [Name(kind, spelled, tuple(word for word in find_words(spelled) if word not in JOINING)) for kind, spelled in names]
        self.alike = alike
        self.by_word: dict[str, list[Name]] = {}
        self.by_sound: dict[str, set[str]] = {}
        self.by_letter: dict[str, list[str]] = {}
        self.by_meaning: dict[str, set[str]] = {}
        for name in self.names:
            for word in dict.fromkeys(name.words):
                self.by_word.setdefault(word, []).append(name)
        for word, named in self.by_word.items():
            self.by_sound.setdefault(get_sound(word), set()).add(word)
            self.by_letter.setdefault(word[0], []).append(word)
            if any(name.kind == "channel" for name in named):
                for meaning in alike(word):
                    self.by_meaning.setdefault(meaning, set()).add(word)

    def find_matches(self, tokens: Sequence[Token], *, is_word: Callable[[str], bool], first_names: frozenset[str]) -> list[NameMatch]:
        """The best reading as names at each place. `is_word` tells ordinary words, which no slip turns into a name."""
        heard = [self._hear(token, is_word, first_names) for token in tokens]
        matches = []
        for place in range(len(tokens)):
            grown = [self._grow(name, place, tokens, heard) for name in self._named(heard[place])]
            grown = [one for one in grown if any(heard[at].get(word, FAR) > FAR for at in one[1] for word in one[0].words)]
            if grown:
                matches.append(self._choose(grown))
        return matches

    def _hear(self, token: Token, is_word: Callable[[str], bool], first_names: frozenset[str]) -> dict[str, int]:
        """The words of names that a typed word may be, with how well."""
        typed = token.norm
        if token.kind == "mark" or typed in JOINING:
            return {}
        if typed in self.by_word:
            return {typed: EXACT}
        found = dict.fromkeys(self.by_sound.get(get_sound(typed), ()), SOUND) if len(typed) >= 3 and not is_word(typed) else {}
        for meaning in self.alike(typed):
            found |= dict.fromkeys(self.by_meaning.get(meaning, ()), SOUND)
        if found or is_word(typed):
            return found
        alike = self.by_letter.get(typed[0], ())
        found = {word: FAR if typed in first_names else NEAR for word in alike if is_near(typed, word)}
        # A name cut short: "rafa" for Rafael, where only one begins so.
        longer = [word for word in alike if len(typed) >= SHORTEST_NICKNAME and word.startswith(typed)]
        longer = longer if len(longer) == 1 else _find_petted(typed, alike)
        return found or dict.fromkeys(longer, NEAR)

    def _named(self, heard: dict[str, int]) -> list[Name]:
        return list(dict.fromkeys(name for word in heard for name in self.by_word[word]))

    def _grow(self, name: Name, place: int, tokens: Sequence[Token], heard: list[dict[str, int]]) -> tuple[Name, tuple[int, ...], int]:
        """How far the words from here on name the same, articles and prepositions between them left out."""
        left = list(name.words)
        places: list[int] = []
        quality = EXACT
        at = place
        while at < len(tokens) and left:
            fitting = [word for word in heard[at] if word in left]
            if fitting:
                left.remove(fitting[0])
                places.append(at)
                quality = min(quality, heard[at][fitting[0]])
            elif tokens[at].norm not in JOINING or at - places[-1] > 2:
                break
            at += 1
        return name, tuple(places), quality

    def _choose(self, grown: list[tuple[Name, tuple[int, ...], int]]) -> NameMatch:
        # A name that its first word begins is likelier than one that merely ends so; then the better spelling.
        best = max((len(places), quality) for _, places, quality in grown)
        kept = [(name, places) for name, places, quality in grown if (len(places), quality) == best]
        places = kept[0][1]
        names = [name for name, _ in kept]
        whole = [name for name in names if len(name.words) == len(places)]
        names = whole or names
        shared = len({name.spelled for name in names if name.kind == "channel"}) > 1 and not whole
        return NameMatch(places, tuple(names), best[1], is_generic=shared, is_whole=bool(whole))
