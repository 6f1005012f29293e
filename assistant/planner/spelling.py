"""Slips of the thumb: an unknown word that is one slip away from a word of the tables is read as that word."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.planner.catalogue import Catalog
from assistant.planner.lexicon import Lexicon, read_everyday_words, read_first_names, read_table
from assistant.planner.names import get_sound
from assistant.planner.slots import read_words
from assistant.planner.text import Token
from assistant.planner.themes import find_concepts

SHORTEST = 5  # letters; a shorter word is too near to too many
LONGEST_ENDING = 4  # letters behind a stem: "satisfeit|os"
TWO_SLIPS = 9  # letters that two slips are forgiven in


class Speller:
    """Corrects words by a lexicon and a catalogue; what either knows stays as it is."""

    def __init__(self, lexicon: Lexicon, catalog: Catalog) -> None:
        self.lexicon = lexicon
        self.catalog = catalog
        groups = ("numbers", "ordinals", "weekdays", "months", "units")
        self.slot_words = frozenset(word for group in groups for word in read_words(group, lexicon.language))

    @cached_property
    def candidates(self) -> list[str]:
        """Words that a slip may have been meant as."""
        words = self.lexicon.words | self.slot_words | self.catalog.theme_index.words | self._theme_synonyms()
        return sorted(word for word in words if len(word) >= SHORTEST)

    def _theme_synonyms(self) -> set[str]:
        groups = {group for word in self.catalog.theme_index.words for group in find_concepts(word)}
        table = read_table("concepts")["groups"]
        return {word.rstrip("*") for group in groups for word in table[group] if " " not in word}

    def knows(self, word: str) -> bool:
        """Whether a word is an ordinary one, or of the catalogue."""
        return self.knows_ordinary(word) or word in self.catalog.name_index.by_word or word in self.catalog.theme_index.words

    def knows_ordinary(self, word: str) -> bool:
        return self.lexicon.knows(word) or word in self.slot_words or bool(find_concepts(word))

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
        if token.kind != "word" or len(word) < SHORTEST or self.knows(word) or word in read_first_names() or word in read_everyday_words():
            return token
        if self.catalog.name_index.by_sound.get(get_sound(word)) or (token.is_capitalised and token.start > 0):
            return token
        found = self._find_nearest(word)
        return replace(token, norm=found, guessed=True) if found else token

    def _find_nearest(self, word: str) -> str | None:
        most = 2 if len(word) >= TWO_SLIPS else 1
        best = process.extractOne(word, self.candidates, scorer=OSA.distance, score_cutoff=most)
        if best is not None and (best[0][0] == word[0] or (best[1] == 1 and len(word) > 6)):
            return str(best[0])
        # A stem with any ending: "satisfetos" is "satisfeit" + "os".
        for stems in self.lexicon.stems.values():
            for stem in stems:
                if len(stem) < 6 or stem[0] != word[0] or len(word) < len(stem) - 1:
                    continue
                if len(word) - len(stem) > LONGEST_ENDING:
                    continue  # "comprovante" is no form of "comparar"
                if any(OSA.distance(word[: len(stem) + change], stem, score_cutoff=1) <= 1 for change in (-1, 0, 1)):
                    return stem
        return None
