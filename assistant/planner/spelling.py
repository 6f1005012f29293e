"""Slips of the thumb: an unknown word that is one slip away from a word of the tables is read as that word."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.planner.catalogue import Catalog
from assistant.planner.lexicon import STEM_INDEX, Lexicon, read_everyday_words, read_first_names, read_ordinary_names, read_table
from assistant.planner.names import get_sound, is_near
from assistant.planner.slots import read_words
from assistant.planner.text import Token
from assistant.planner.themes import find_concepts

SHORTEST = 5  # letters; a shorter word is too near to too many
SHORTEST_STEM = 5
LONGEST_ENDING = 4  # letters behind a stem: "satisfeit|os"
TWO_SLIPS = 9  # letters that two slips are forgiven in
SLIP_IN_FIRST = 7  # letters of a word whose first may be the wrong one
# Of words as near, the likelier: those of times, then of what is measured, then the rest, orders to change something last.
RANKS = {"time": 3, "metric": 2, "dim": 2, "noun": 2, "note": 2, "by": 2, "cue": 1, "filter": 1, "strong": 1, "role": 1, "filler": 0}
# What may stand behind a stem of the tables; anything else there is likelier a slip ("conversa|icones", "talk|nig").
ENDINGS = frozenset(
    "a o e s as os es am em ou ei ar er ir ao oes am ado ada ados adas ido ida idos idas ando endo indo aram eram iram ava avam"
    " mos emos amos imos ria riam cao coes dor dora dores mento mentos nte ntes inho inha ura uras vel veis d r m u i"
    " ed ing er ers ion ions ly y ies ment ments ness able"
    " iu uiu iam en an aron ieron ion iones io iendo ad ble bles aba aban ito ita is ia ie iei ive ivo iva ivos ivas".split()
)


class Speller:
    """Corrects words by a lexicon and a catalogue; what either knows stays as it is."""

    def __init__(self, lexicon: Lexicon, catalog: Catalog) -> None:
        self.lexicon = lexicon
        self.catalog = catalog
        groups = ("numbers", "ordinals", "weekdays", "months", "units")
        self.slot_words = frozenset(word for group in groups for word in read_words(group, lexicon.language))

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Words that a slip may have been meant as, with how likely each is among others as near."""
        ranks: dict[str, int] = {}
        for word, kinds in self.lexicon.kinds.items():
            if "*" not in word:
                ranks[word] = max(RANKS.get(kind, -1) for kind in kinds)
        ranks |= dict.fromkeys(self.catalog.theme_index.words | {word for word in self._theme_synonyms() if "*" not in word}, 2)
        ranks |= {word: max(ranks.get(word, 1), 1) for word in self.slot_words}
        ranks |= dict.fromkeys((*read_words("months", self.lexicon.language), *read_words("units", self.lexicon.language)), 3)
        return {word: rank for word, rank in sorted(ranks.items()) if len(word) >= SHORTEST}

    @cached_property
    def candidates(self) -> list[str]:
        return list(self.ranks)

    @cached_property
    def stems(self) -> dict[str, list[str]]:
        """Stems by their first letter, those of the catalogue's themes too; the likelier and the longer first."""
        ranks = {word[:-1]: max(RANKS.get(kind, -1) for kind in kinds) for word, kinds in self.lexicon.kinds.items() if "*" in word}
        ranks |= {word[:-1]: 2 for word in self._theme_synonyms() if word.endswith("*")}
        found: dict[str, list[str]] = {}
        for stem in sorted(ranks, key=lambda stem: (-ranks[stem], -len(stem), stem)):
            if len(stem) >= SHORTEST_STEM:
                found.setdefault(stem[0], []).append(stem)
        return found

    def _theme_synonyms(self) -> set[str]:
        groups = {group for word in self.catalog.theme_index.words for group in find_concepts(word)}
        table = read_table("concepts")["groups"]
        return {word for group in groups for word in table[group] if " " not in word}

    def knows(self, word: str) -> bool:
        """Whether a word is an ordinary one, or of the catalogue."""
        return self.knows_ordinary(word) or word in self.catalog.name_index.by_word or word in self.catalog.theme_index.words

    def knows_ordinary(self, word: str) -> bool:
        return self.lexicon.knows(word) or word in self.slot_words or bool(find_concepts(word))

    def knows_talk(self, word: str) -> bool:
        """Whether a word is an ordinary one, of the tables or of daily talk."""
        return self.knows_ordinary(word) or word in read_everyday_words() or word in read_ordinary_names(self.lexicon.language)

    def correct(self, tokens: Sequence[Token]) -> list[Token]:
        """The words with slips corrected; corrected ones are marked `guessed`."""
        corrected: list[Token] = []
        for token in tokens:
            parts = self.joined.get(token.norm)
            if parts is None or self.lexicon.knows(token.norm):
                corrected.append(self._correct_token(token))
            else:
                corrected += [replace(token, norm=part) for part in parts]
        return corrected

    @cached_property
    def joined(self) -> dict[str, tuple[str, ...]]:
        """Names written as one word: "lojanorte"."""
        names = [name.words for name in self.catalog.name_index.names if len(name.words) > 1]
        return {"".join(words): words for words in names}

    def _correct_token(self, token: Token) -> Token:
        word = token.norm
        if token.kind != "word" or len(word) < SHORTEST or word in read_first_names() or word in read_everyday_words():
            return token
        if self.knows(word) and not self._is_odd_form(word):
            return token
        if self._is_like_name(word) or (token.is_capitalised and token.start > 0):
            return token
        found = self._find_word(word, most=1) or self._find_stem(word) if self.knows(word) else self._find_nearest(word)
        return replace(token, norm=found, guessed=True) if found else token

    def _is_odd_form(self, word: str) -> bool:
        """Whether a word is known by a stem alone, with an ending that no form of it has: "conversaicones"."""
        if len(word) < SLIP_IN_FIRST or word in self.ranks or bool(find_concepts(word)) or word in self.catalog.name_index.by_word:
            return False
        stems = [stem for stem in self.lexicon.stems.get(word[:STEM_INDEX], ()) if word.startswith(stem)]
        return bool(stems) and not any(word[len(stem) :] in ENDINGS or word == stem for stem in stems)

    def _is_like_name(self, word: str) -> bool:
        index = self.catalog.name_index
        if index.by_sound.get(get_sound(word)):
            return True
        return any(is_near(word, name) for name in index.by_letter.get(word[0], ()))

    def _find_nearest(self, word: str) -> str | None:
        """The word, or the stem with its ending, that the fewest slips lead to."""
        most = 2 if len(word) >= TWO_SLIPS else 1
        return self._find_word(word, most=1) or self._find_stem(word) or (self._find_word(word, most=most) if most > 1 else None)

    def _find_word(self, word: str, *, most: int) -> str | None:
        near = process.extract(word, self.candidates, scorer=OSA.distance, score_cutoff=most, limit=12)
        kept = [(slips, found) for found, slips, _ in near if found[0] == word[0] or (slips == 1 and len(word) >= SLIP_IN_FIRST)]
        return min(kept, key=lambda one: (one[0], one[1][0] != word[0], -self.ranks[one[1]]))[1] if kept else None

    def _find_stem(self, word: str) -> str | None:
        """ "Satisfetos" is "satisfeit" + "os", "comprovante" no form of "comparar"."""
        for stem in self.stems.get(word[0], ()):
            if not -1 <= len(word) - len(stem) <= LONGEST_ENDING + 1:
                continue
            for change in (0, -1, 1):
                cut = len(stem) + change
                ending = word[cut:]
                if ending and ending not in ENDINGS:
                    continue
                if OSA.distance(word[:cut], stem, score_cutoff=1) <= 1:
                    return stem
        return None
