"""From conversations that no theme took to subjects: those that go on, and new ones.

What is known is a group from the start: a conversation that is in a subject stays in it, and others join it as they join each other, the
dismissed ones too, which so come back to nobody; two known subjects never become one. So running it again changes nothing, and what a
person merged, split or dismissed stays as they left it.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.discovery.clusters import cluster
from core.discovery.likeness import describe
from core.discovery.naming import Vocabulary, Word, make_name
from core.discovery.told import Told
from core.discovery.voices import find_voices
from core.discovery.words import find_terms

# Mean likeness of two groups from which on they are one. Chosen on what evals/ measures.
CUT = 0.12
# What a person asked to split is cut finer and finer until it falls apart.
FINER = (0.15, 0.18, 0.22, 0.27, 0.33, 0.42)
MIN_PART = 2  # voices of a part, where a subject is split
CLEAR = 0.4  # of a new subject's voices, that use its first word
EXAMPLES = 12

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a new subject has at least: conversations, customers, and voices, that is people who say it in their own words."""

    talks: int = 5
    customers: int = 3
    voices: int = 3

    def fits(self, crowd: "_Crowd", places: Sequence[int]) -> bool:
        """Whether these conversations of a crowd are enough."""
        customers = {crowd.talks[place].customer for place in places}
        voices = {crowd.voices[place] for place in places}
        return len(places) >= self.talks and len(customers) >= self.customers and len(voices) >= self.voices


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A subject of before: its conversations. Those that are among the waiting ones stay in it."""

    id: uuid.UUID
    talk_ids: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """A group of conversations, the most typical first, with its words and the messages that show it best, one a customer.

    `is_clear`: enough of its voices share a word for a person to see what it is about.
    """

    talks: tuple[Told, ...]
    words: tuple[str, ...]
    name: str
    is_clear: bool
    example_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGroup:
    """What a known subject holds now."""

    id: uuid.UUID
    group: NewGroup


@dataclass(slots=True, kw_only=True)
class Subjects:
    """What came of it; groups with most conversations first."""

    known: list[KnownGroup] = field(default_factory=list)
    new: list[NewGroup] = field(default_factory=list)


def find_subjects(
    waiting: Sequence[Told],
    *,
    anchors: Sequence[Told] = (),
    rest: Sequence[Told] = (),
    known: Sequence[Known] = (),
    hidden: Collection[str] = (),
    cut: float = CUT,
    size: Size = Size(),
) -> Subjects:
    """Group the conversations that no theme took.

    `anchors` are conversations of known subjects that wait no more; `rest` others of the tenant, against which words are weighed.
    `hidden` words are never shown.
    """
    talks = [*waiting, *anchors]
    if not waiting:
        return Subjects()
    crowd = _Crowd(talks, rest=rest, hidden=hidden)
    homes = [[place for place, talk in enumerate(talks) if talk.id in one.talk_ids] for one in known]
    taken = {place for home in homes for place in home}
    free = [place for place in range(len(waiting)) if place not in taken]
    found = Subjects()
    grown, groups = crowd.cluster(free, homes=homes, cut=cut)
    for one, members in zip(known, grown, strict=True):
        # What waits no more helped to tell who is like it, and is counted no more.
        if held := [place for place in members if place < len(waiting)]:
            found.known.append(KnownGroup(id=one.id, group=crowd.make_group(held)))
    for members in groups:
        if size.fits(crowd, members):
            made = crowd.make_group(members)
            # A group whose voices have no word in common is alike in manner alone.
            if made.is_clear:
                found.new.append(made)
    found.new.sort(key=lambda group: (-len(group.talks), group.name))
    return found


def split_group(talks: Sequence[Told], *, rest: Sequence[Told] = (), hidden: Collection[str] = ()) -> list[NewGroup]:
    """The parts that a subject falls into when it is cut finer, the largest first; fewer than two where it does not.

    A conversation that is in no part goes to the one that it is most like.
    """
    crowd = _Crowd(talks, rest=rest, hidden=hidden)
    everyone = list(range(len(talks)))
    for cut in FINER:
        parts = [part for part in crowd.cluster(everyone, cut=cut)[1] if len({crowd.voices[place] for place in part}) >= MIN_PART]
        if len(parts) < 2:
            continue
        middles = np.stack([crowd.rows[part].mean(axis=0) for part in parts])
        for place in sorted(set(everyone) - {place for part in parts for place in part}):
            parts[int((middles @ crowd.rows[place]).argmax())].append(place)
        return sorted((crowd.make_group(part) for part in parts), key=lambda group: (-len(group.talks), group.name))
    return []


def name_group(talks: Sequence[Told], *, rest: Sequence[Told] = (), hidden: Collection[str] = ()) -> NewGroup:
    """These conversations as one group, named by what they share, whatever they are like."""
    return _Crowd(talks, rest=rest, hidden=hidden).make_group(range(len(talks)))


class _Crowd:
    """Conversations with what compares them: their voices, a row for each (its voice's), and the words that set some apart."""

    def __init__(self, talks: Sequence[Told], *, rest: Sequence[Told], hidden: Collection[str]) -> None:
        self.talks = talks
        self.voices = find_voices(talks)
        firsts = sorted(set(self.voices))
        described = describe([talks[place] for place in firsts])
        row_of = {place: row for row, place in enumerate(firsts)}
        self.rows: Array = described[[row_of[voice] for voice in self.voices]]
        # Copies of one text are one customer's words, whoever sends them.
        own = [rest[place] for place, voice in enumerate(find_voices(rest)) if place == voice]
        self._vocabulary = Vocabulary([*(talks[place] for place in firsts), *own], hidden=hidden)

    def cluster(self, places: Sequence[int], *, cut: float, homes: Sequence[Sequence[int]] = ()) -> tuple[list[list[int]], list[list[int]]]:
        """Groups of these places by their voices: `homes`, which never come together, with who joins them; and others of two at least."""
        by_voice: dict[int, list[int]] = {}
        for place in places:
            by_voice.setdefault(self.voices[place], []).append(place)
        shown = [*(list(home) for home in homes), *by_voice.values()]
        voices = [{self.voices[place]: place for place in members} for members in shown]
        rows = np.stack([self.rows[list(one.values())].mean(axis=0) if one else np.zeros_like(self.rows[0]) for one in voices])
        likeness = rows @ rows.T
        likeness[: len(homes), : len(homes)] = -np.inf
        groups = cluster(likeness, cut=cut, sizes=[max(1, len(one)) for one in voices])
        joined = {row: group for group in groups for row in group if row < len(homes)}
        grown = [[place for row in joined.get(home, [home]) for place in shown[row]] for home in range(len(homes))]
        return grown, [[place for row in group for place in shown[row]] for group in groups if group[0] >= len(homes)]

    def make_group(self, places: Sequence[int]) -> NewGroup:
        """The group with its words, the most typical conversation first."""
        middle = self.rows[list({self.voices[place]: place for place in places}.values())].mean(axis=0)
        typical = sorted(places, key=lambda place: (-float(self.rows[place] @ middle), place))
        spoken = [self.talks[place] for place in {self.voices[place]: place for place in reversed(typical)}.values()]
        words = self._vocabulary.find_words(spoken)
        return NewGroup(
            talks=tuple(self.talks[place] for place in typical),
            words=tuple(word.written for word in words),
            name=make_name(words),
            is_clear=bool(words) and words[0].share >= CLEAR,
            example_ids=_find_examples(list(reversed(spoken)), words),
        )


def _find_examples(talks: Sequence[Told], words: Sequence[Word]) -> tuple[uuid.UUID, ...]:
    """The message of each typical conversation that says most of the telling words, one a customer."""
    telling = {part for word in words for part in word.key.split()}
    seen: set[object] = set()
    found: list[uuid.UUID] = []
    for talk in talks:
        if talk.customer in seen or not talk.message_ids:
            continue
        seen.add(talk.customer)
        scores = [len({part for term in find_terms(text) for part in term.key.split()} & telling) for text in talk.texts]
        found.append(talk.message_ids[int(np.argmax(scores))])
        if len(found) == EXAMPLES:
            break
    return tuple(found)
