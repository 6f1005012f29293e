"""What a question says, piece by piece, before anybody decides what is wanted: measures, times, filters, names, subject, cues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from assistant.plan import Author, Dimension, Emotion, Filters, MetricName, Sentiment, Status, Tone
from assistant.planner.catalogue import Catalog
from assistant.planner.moments import Clock
from assistant.planner.tag import Span, Tagged
from assistant.planner.times import TimeSpan


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that was said, and where: `value` is a metric, a noun or a dimension."""

    place: int
    value: str
    end: int
    is_plural: bool = False


def get_dimension(mention: Mention) -> Dimension:
    """The dimension that was mentioned."""
    return cast(Dimension, mention.value)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A name that is not clear: `heard` as typed, `kind` what it should name, `choices` what it may be (none where it is unknown).

    `start` and `end` are its place in the question, in characters.
    """

    kind: str
    heard: str
    choices: tuple[str, ...] = ()
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A condition of the question that its plan has no field for.

    `kind` is a section of tables/left_out.toml, "exclusion", or "unread" for words that nothing is known of; `heard` is as typed.
    """

    kind: str
    heard: str


@dataclass(slots=True)
class Reading:
    """A question taken apart. Lists are in the order of the words; `used` are places that are spoken for."""

    tagged: Tagged
    catalog: Catalog
    clock: Clock
    used: set[int] = field(default_factory=set)
    metrics: list[Mention] = field(default_factory=list)
    nouns: list[Mention] = field(default_factory=list)
    dimensions: list[Mention] = field(default_factory=list)  # mentioned, not split by
    by: list[Mention] = field(default_factory=list)
    times: list[TimeSpan] = field(default_factory=list)
    numbers: list[Mention] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    name_places: dict[str, list[int]] = field(default_factory=dict)
    search: list[str] = field(default_factory=list)
    sentiments: list[Sentiment] = field(default_factory=list)
    emotions: list[Emotion] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)
    satisfaction: tuple[int | None, int | None] | None = None
    status: Status | None = None
    author: Author | None = None
    doubts: list[Doubt] = field(default_factory=list)  # asked back
    guesses: list[Doubt] = field(default_factory=list)  # taken, and told
    unread: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    kept_channels: list[str] = field(default_factory=list)  # all but those that were excluded
    subject_places: set[int] = field(default_factory=set)

    def has_cue(self, *names: str) -> bool:
        return any(self.find_cues(*names))

    def find_cues(self, *names: str) -> list[Span]:
        """The cues of these names that no subject or name has taken, from the left."""
        values = [f"cue.{name}" for name in names]
        return [span for span in self.tagged.find("cue", *values) if not self.used.intersection(span.places)]

    def has_metric(self, *names: MetricName) -> bool:
        return any(mention.value in names for mention in self.metrics)

    def has_noun(self, *names: str) -> bool:
        return any(mention.value in names for mention in self.nouns)

    @property
    def has_names(self) -> bool:
        return bool(self.agents or self.channels or self.contacts)

    @property
    def has_feeling(self) -> bool:
        return bool(self.sentiments or self.emotions or self.tones or self.satisfaction)

    @property
    def has_subject(self) -> bool:
        return bool(self.themes or self.search)

    @property
    def has_filters(self) -> bool:
        return self.has_names or self.has_feeling or self.has_subject or self.status is not None or self.author is not None

    def make_doubt(self, kind: str, places: Sequence[int], choices: Iterable[str]) -> Doubt:
        """That the words at these places are not clear as a name."""
        typed = [self.tagged.tokens[place] for place in places]
        heard = " ".join(dict.fromkeys(token.text for token in typed))
        return Doubt(kind, heard, tuple(choices), typed[0].start, typed[-1].end)

    def limit_satisfaction(self, low: int | None, high: int | None) -> None:
        """Narrows the notes that count; a narrower condition said elsewhere stays, as does one that leaves nothing of the other."""
        known = self.satisfaction or (None, None)
        low, high = known[0] if low is None else low, known[1] if high is None else high
        if low is None or high is None or low <= high:
            self.satisfaction = (low, high)

    def make_filters(self) -> Filters:
        low, high = self.satisfaction or (None, None)
        return Filters(
            agent=_unique(self.agents),
            channel=_unique(self._list_channels()),
            contact=_unique(self.contacts),
            theme=_unique(self.themes),
            sentiment=tuple(dict.fromkeys(self.sentiments)),
            emotion=tuple(dict.fromkeys(self.emotions)),
            tone=tuple(dict.fromkeys(self.tones)),
            satisfaction_min=low,
            satisfaction_max=high,
            status=self.status,
            author=self.author,
        )

    def _list_channels(self) -> list[str]:
        """Those named without those excluded: "as lojas menos a Norte"."""
        both = [channel for channel in self.channels if channel in self.kept_channels]
        return both or self.channels or self.kept_channels

    def get_search(self) -> str | None:
        """The subject that no theme covers, as typed."""
        return " ".join(dict.fromkeys(self.search)) or None

    def get_split(self) -> Dimension | None:
        """What figures are split by, where that was said."""
        return get_dimension(self.by[0]) if self.by else None

    def find_named(self, dimension: Dimension) -> list[str]:
        """The names of a dimension's values that the question holds."""
        listed = {"agent": self.agents, "channel": self.channels, "contact": self.contacts, "theme": self.themes}.get(dimension, [])
        return list(dict.fromkeys(listed))

    def words_between(self, start: int, end: int) -> list[str]:
        """The words from a place up to another, articles and prepositions left out."""
        return [token.norm for token in self.tagged.tokens[start:end] if token.norm not in self.tagged.glue]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
