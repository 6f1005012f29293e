"""What a group of conversations is called: by the words that set it apart from the rest of what the tenant's customers say.

Class-based TF-IDF (Grootendorst 2022, "BERTopic", equation 2) over customers instead of occurrences: how many of the group's customers
use a word, times the logarithm of how rare it is among all. A word counts only where several different customers use it, each in words of
their own, so that one person's name, street or turn of phrase never becomes a subject's.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log

from core.discovery.told import Told
from core.discovery.words import STEM, find_terms, fold, get_key

MIN_CUSTOMERS = 3  # who use a word, before it may be shown
TELLING_WORDS = 8
NAME_WORDS = 3
LIFT = 3.0  # how much larger a share of the group's customers uses a telling word than of all others
PAIR = 0.6  # of the customers who use its rarer word, that say a pair, before it takes the place of its words
MAX_NAME = 80  # characters, as ThemeProposal.name holds

Uses = dict[str, set[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A telling word, or a pair of them: as most write it, the share of the group's customers who use it, and that of all others."""

    key: str
    written: str
    share: float
    share_elsewhere: float


def make_name(words: Sequence[Word]) -> str:
    """A name of the first telling words; empty where there is none."""
    name = ", ".join(word.written for word in words[:NAME_WORDS])
    return name[:1].upper() + name[1:MAX_NAME]


class Vocabulary:
    """Which customers use which words, and how the words are written. `hidden` words (names of people) are never counted."""

    def __init__(self, talks: Sequence[Told], *, hidden: Collection[str] = ()) -> None:
        self._hidden = {get_key(word) for word in hidden}
        self._customers = len({talk.customer for talk in talks})
        self._uses = self._count(talks)

    def find_words(self, talks: Sequence[Told]) -> list[Word]:
        """The words that set these conversations apart, the most telling first, as most of their customers write them."""
        customers = len({talk.customer for talk in talks})
        written: defaultdict[str, Counter[str]] = defaultdict(Counter)
        uses = self._count(talks, written=written)
        points = {
            key: len(who) / customers * log(1 + self._customers / max(len(who), len(self._uses.get(key, who))))
            for key, who in uses.items()
            if len(who) >= MIN_CUSTOMERS and len(who) / customers >= LIFT * self._share_elsewhere(key, who, customers)
        }
        ranked = sorted(points, key=lambda key: (-points[key], key))
        chosen = self._choose(ranked, uses)
        return [
            Word(
                key=key,
                written=_write(written[key]),
                share=len(uses[key]) / customers,
                share_elsewhere=self._share_elsewhere(key, uses[key], customers),
            )
            for key in chosen
        ]

    def _share_elsewhere(self, key: str, mine: set[object], customers: int) -> float:
        others = len(self._uses.get(key, set()) - mine)
        return (others + 0.5) / (self._customers - customers + 1)

    def _count(self, talks: Sequence[Told], *, written: defaultdict[str, Counter[str]] | None = None) -> Uses:
        uses: defaultdict[str, set[object]] = defaultdict(set)
        for talk in talks:
            for term in (term for text in talk.texts for term in find_terms(text)):
                if self._hidden.isdisjoint(term.key.split()):
                    if written is not None and talk.customer not in uses[term.key]:
                        written[term.key][term.written] += 1
                    uses[term.key].add(talk.customer)
        return uses

    @staticmethod
    def _choose(ranked: Sequence[str], uses: Uses) -> list[str]:
        """A pair in place of its words where most say it so; no word twice in two forms."""
        pairs = [key for key in ranked if " " in key and len(uses[key]) >= PAIR * min(len(uses[part]) for part in key.split())]
        chosen: list[str] = []
        taken: set[str] = set()
        for key in ranked:
            if " " in key and key not in pairs:
                continue
            better = next((pair for pair in pairs if key in pair.split()), key)
            stems = {part[:STEM] for part in better.split()}
            if taken.isdisjoint(stems):
                chosen.append(better)
                taken |= stems
            if len(chosen) == TELLING_WORDS:
                break
        return chosen


def _write(forms: Counter[str]) -> str:
    """The form that most write; of forms that as many write, the one with accents."""
    best = max(forms.values())
    return max((form for form, count in forms.items() if count == best), key=lambda form: (fold(form) != form, form))
