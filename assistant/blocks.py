"""What an answer is made of: typed blocks that a screen draws and a program reads. Pure; no Django."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Unit = Literal["count", "rating", "percent", "score", "seconds", "text", "date", "datetime", "hour", "weekday"]
Cell = str | int | float | bool | None


class Column(BaseModel):
    key: str
    label: str
    unit: Unit


class Figure(BaseModel):
    """One number. `base` is how many conversations or messages stand behind it; `better` says which way is good."""

    metric: str
    label: str
    unit: Unit
    value: float | None
    previous: float | None = None
    change: float | None = None
    base: int
    better: Literal["up", "down"] | None = None


class NumberBlock(BaseModel):
    kind: Literal["number"] = "number"
    title: str
    figures: list[Figure]


class TableBlock(BaseModel):
    """One row per value of a dimension; the first column names the value, `previous_*` columns hold the compared period."""

    kind: Literal["table"] = "table"
    title: str
    columns: list[Column]
    rows: list[dict[str, Cell]]


class SeriesBlock(BaseModel):
    """Rows in order of time or of a scale, better drawn than read. `x` is the key of the first column.

    A row whose period is not over yet carries `partial: true`.
    """

    kind: Literal["series"] = "series"
    title: str
    x: str
    chart: Literal["line", "bar"]
    columns: list[Column]
    rows: list[dict[str, Cell]]


class Deeper(BaseModel):
    """One level deeper: the first driver's own change over another dimension, as a block of drivers is."""

    title: str
    dimension: str
    figure: Figure
    columns: list[Column]
    rows: list[dict[str, Cell]]


class DriversBlock(BaseModel):
    """What moved a metric: each row's `change` is its part of the whole change, in the metric's own unit, and they sum to it.

    `stands_out` marks a row that is more than chance, by the `certainty` (percent) that all looks together leave it; `told` says
    what the parts sum to; `unexplained` is what those that stand out leave of the change, null where none does.
    """

    kind: Literal["drivers"] = "drivers"
    title: str
    dimension: str = ""
    figure: Figure
    columns: list[Column]
    rows: list[dict[str, Cell]]
    told: str = ""
    unexplained: float | None = None
    deeper: Deeper | None = None


class ThemesBlock(BaseModel):
    kind: Literal["themes"] = "themes"
    title: str
    columns: list[Column]
    rows: list[dict[str, Cell]]


class MessagesBlock(BaseModel):
    """Messages to read; each row has `message_id` and `conversation_id` beside what its columns show."""

    kind: Literal["messages"] = "messages"
    title: str
    total: int
    columns: list[Column]
    rows: list[dict[str, Cell]]


class ConversationsBlock(BaseModel):
    """Conversations to open; each row has `conversation_id` beside what its columns show."""

    kind: Literal["conversations"] = "conversations"
    title: str
    total: int
    columns: list[Column]
    rows: list[dict[str, Cell]]


Block = Annotated[
    NumberBlock | TableBlock | SeriesBlock | DriversBlock | ThemesBlock | MessagesBlock | ConversationsBlock,
    Field(discriminator="kind"),
]


class Citation(BaseModel):
    """A message behind the answer. `author` is the person's name as the tenant knows it."""

    message_id: str
    conversation_id: str
    sent_at: str
    author: str
    text: str


class Understood(BaseModel):
    """One field of the plan in words, for "how I understood this". `assumed` where a default filled it."""

    field: str
    label: str
    value: str
    assumed: bool = False


class CoveredPeriod(BaseModel):
    start: str
    end: str


class CoverageHole(BaseModel):
    """What the numbers lack or may lack: `missing` messages of a channel between two days (0: days that could not be checked), or what
    came since it was cut off, `until` it was connected again."""

    channel: str
    missing: int
    start: str | None = None
    end: str | None = None
    since: str | None = None
    until: str | None = None


class Coverage(BaseModel):
    """What the numbers stand on: conversations of the period and filters, how many are analysed, how many wait, what is not there."""

    period: CoveredPeriod | None
    conversations: int
    analysed: int
    pending: int
    holes: list[CoverageHole] = []
    text: str


class Definition(BaseModel):
    """What a metric of the answer means, in the answer's language."""

    metric: str
    label: str
    text: str


class VerifiedMark(BaseModel):
    """Who vouches for the question, since which day, and how the plan's days follow the clock; `text` says all of it."""

    id: str
    by: str | None
    on: str
    timing: Literal["planner", "shifted", "fixed"]
    text: str


class Answer(BaseModel):
    thread_id: str
    turn_id: str
    language: Literal["pt", "en", "es"]
    question: str
    text: str
    plan: dict[str, object]
    understood: list[Understood]
    blocks: list[Block]
    citations: list[Citation]
    coverage: Coverage
    notes: list[str]
    suggestions: list[str]
    provider: str
    took_ms: int
    as_of: str
    is_edited: bool = False  # its plan was changed by hand
    verified: VerifiedMark | None = None
    definitions: list[Definition] = []
