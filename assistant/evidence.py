"""Evidence: what executing a plan gave — numbers, rows, messages, coverage — before any word is put to it. Pure data."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.decompose import Key, Split
from assistant.plan import Plan
from core.compute import Covered
from core.holes import Hole
from core.periods import Period
from core.search import ConversationRow, Found, MessageRow, VersionCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric: its value and how many rows stand behind it, and the same of the compared period where there is one."""

    metric: str
    value: float | None
    rows: int
    previous: float | None = None
    previous_rows: int | None = None

    @property
    def change(self) -> float | None:
        """The difference of the two periods; None where either has no value."""
        return None if self.value is None or self.previous is None else self.value - self.previous


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One value of a dimension with what was measured of it. `is_partial` marks a step of time that is cut or not over yet."""

    key: Key
    measured: tuple[Measured, ...]
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The first and last day with a conversation, for a person whose question met none."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A period of which a considerable part still waits for its analysis."""

    period: Period
    covered: Covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What every kind of evidence has. `known` is filled only where nothing was found; `quotes` are customers' messages."""

    plan: Plan
    covered: Covered | None = None
    known: Known | None = None
    quotes: tuple[MessageRow, ...] = ()
    holes: tuple[Hole, ...] = ()  # of the period: what the numbers lack
    versions: tuple[VersionCount, ...] = ()  # whose conclusions the numbers are, both periods together; empty where none is in them
    waiting: tuple[Waiting, ...] = ()  # of the plan's periods, its own first: those that an answer has to say so of before anything else

    @property
    def is_empty(self) -> bool:
        """No conversation in the period and filters at all."""
        return self.covered is not None and self.covered.conversations == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricEvidence(Evidence):
    """`totals` in the plan's order of metrics; `groups` in the order in which they are shown, cut to the plan's limit.

    `ranked` holds every group that could be ranked, before the limit. `left_out` is how many conversations had no reply to time.
    """

    totals: tuple[Measured, ...]
    groups: tuple[Group, ...] | None = None
    ranked: tuple[Group, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A value's part in a level: how much higher or lower the whole is because this value is not like the rest."""

    key: Key
    value: float
    rows: int
    part: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeper:
    """One level deeper: the change of a driver's own rows, split over another dimension; nothing need stand out in it."""

    dimension: str
    key: Key
    measured: Measured
    split: Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """A value that stands out against the weeks before a period (`period`), though not against the period before alone."""

    measured: Measured
    split: Split
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one metric moved: its splits, the sharpest one where something stands out, else what holds the level up or down.

    `deeper` is what explains the first driver; `beside` what stands out among all rows but the first driver's; `usual` what stands
    out against the weeks before, where nothing does against the period before.
    """

    measured: Measured
    splits: tuple[Split, ...]
    chosen: Split | None
    is_beyond_chance: bool
    deeper: Deeper | None = None
    beside: Split | None = None
    usual: Usual | None = None
    pulls_by: str | None = None
    pulls: tuple[Pull, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainEvidence(Evidence):
    explanations: tuple[Explanation, ...]


Mark = Literal["new", "growing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeSize:
    """A theme (None: no theme) among the analysed conversations of a period; `share` in percent.

    `effect` is how much higher or lower the satisfaction of all is because this theme is not like the others; None where it is alone.
    """

    name: str | None
    conversations: int
    share: float
    satisfaction: float | None
    previous: int
    previous_share: float
    effect: float | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesEvidence(Evidence):
    """`themes` as shown, the one with no name last; `total` and `previous_total` are the analysed conversations in all.

    `pulls` are the themes that surely hold satisfaction down, the one with the largest effect first.
    """

    themes: tuple[ThemeSize, ...]
    compared: Period
    total: int
    previous_total: int
    pulls: tuple[Pull, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesEvidence(Evidence):
    found: Found[MessageRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationsEvidence(Evidence):
    found: Found[ConversationRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEvidence(Evidence):
    """A period, contact or agent in brief. `measured` by metric; `worst` are the conversations that are worth a call.

    `latest` are a contact's own, where one is summed up.
    """

    measured: dict[str, Measured]
    compared: Period
    explanation: Explanation | None
    themes: ThemesEvidence
    complaints: ThemesEvidence
    worst: tuple[ConversationRow, ...]
    latest: tuple[ConversationRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEvidence(Evidence):
    """Help, clarify and refuse look at no row.

    `topic` is the metric or dimension whose meaning is asked; `kind` why there is no plan; `heard` a name as it was typed,
    `choices` what it may be.
    """

    tenant_name: str
    topic: str | None = None
    kind: str | None = None
    heard: str | None = None
    choices: tuple[str, ...] = ()
