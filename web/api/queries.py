"""What callers of the figures may say: when, which, of whom. Checked at the border; programs and other assistants say the same."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from assistant.plan import Author, Dimension, Emotion, Filters, MetricName, Order, Sentiment, Status, Tone

# The first year that WhatsApp existed in, and one that nobody asks beyond; dates between them never overflow.
FIRST_YEAR, LAST_YEAR = 2009, 2199
LONGEST_DAYS = 3660


def check_year(value: date) -> date:
    """A day or instant within the years that there is anything in. Raises ValueError."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"the year must be from {FIRST_YEAR} to {LAST_YEAR}")
    return value


Day = Annotated[date, AfterValidator(check_year)]
Instant = Annotated[AwareDatetime, AfterValidator(check_year)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
# One name may stand for a list of one: assistants that call a tool often write it so.
Names = Annotated[list[Name], BeforeValidator(lambda value: [value] if isinstance(value, str) else value), Field(max_length=50)]
Note = Annotated[int, Field(ge=1, le=5)]
Unit = Literal["day", "week", "month", "quarter", "year"]


class Query(BaseModel):
    """A name that nobody knows is refused: a filter that is misspelled and ignored would give the wrong figures."""

    model_config = ConfigDict(extra="forbid")


class WhenQuery(Query):
    """The period, in days of the company's time zone, and the language and moment of the answer."""

    start: Day | None = Field(None, description="First day, together with `end`; both included. Default: the 30 days that end today.")
    end: Day | None = Field(None, description="Last day, included.")
    unit: Unit | None = Field(
        None, description="Instead of `start` and `end`: the calendar unit that `on` lies in; the current one runs to today."
    )
    on: Day | None = Field(None, description="A day of the `unit`; today by default. Weeks begin on Monday.")
    as_of: Instant | None = Field(None, description="Answer as if it were this moment, with an offset such as -03:00; now by default.")
    language: Literal["pt", "en", "es"] | None = Field(None, description="Of labels and sentences; the caller's own by default.")

    @model_validator(mode="after")
    def check_period(self) -> Self:
        """Both days or neither; a unit or two days."""
        if (self.start is None) != (self.end is None):
            raise ValueError("give start and end together")
        if self.start is not None and self.end is not None:
            check_span(self.start, self.end)
        if self.unit is not None and self.start is not None:
            raise ValueError("give either start and end, or unit")
        if self.on is not None and self.unit is None:
            raise ValueError("`on` needs a unit")
        return self


class FilterQuery(WhenQuery):
    """Which conversations or messages count. Names are spelled as in the catalogue; several values of one filter mean any of them."""

    agent: Names = Field([], description="Names of agents.")
    channel: Names = Field([], description="Names of channels.")
    contact: Names = Field([], description="Names of customers.")
    theme: Names = Field([], description="Names of themes.")
    sentiment: list[Sentiment] = Field([], max_length=3)
    emotion: list[Emotion] = Field([], max_length=7)
    tone: list[Tone] = Field([], max_length=4)
    satisfaction_min: Note | None = Field(None, description="Satisfaction at least, 1 to 5.")
    satisfaction_max: Note | None = Field(None, description="Satisfaction at most, 1 to 5.")
    status: Status | None = Field(None, description="Where the conversation stands.")
    author: Author | None = Field(None, description="Whose messages; the customers' by default.")

    @model_validator(mode="after")
    def check_notes(self) -> Self:
        """A range that holds something."""
        if self.satisfaction_min is not None and self.satisfaction_max is not None and self.satisfaction_min > self.satisfaction_max:
            raise ValueError("satisfaction_min is above satisfaction_max")
        return self

    def make_filters(self) -> Filters:
        """The plan's filters."""
        values: dict[str, Any] = {
            name: tuple(dict.fromkeys(getattr(self, name)))
            for name in ("agent", "channel", "contact", "theme", "sentiment", "emotion", "tone")
        }
        rest = {name: getattr(self, name) for name in ("satisfaction_min", "satisfaction_max", "status", "author")}
        return Filters(**values, **rest)


class ComparedQuery(FilterQuery):
    """A second period beside the first."""

    compare: Literal["previous"] | None = Field(None, description="`previous`: the comparable period right before.")
    compare_start: Day | None = Field(None, description="Or its first day, together with `compare_end`.")
    compare_end: Day | None = Field(None, description="Its last day, included.")

    @model_validator(mode="after")
    def check_compared(self) -> Self:
        """Both days or neither; `previous` or two days."""
        if (self.compare_start is None) != (self.compare_end is None):
            raise ValueError("give compare_start and compare_end together")
        if self.compare_start is not None and self.compare_end is not None:
            check_span(self.compare_start, self.compare_end)
            if self.compare is not None:
                raise ValueError("give either compare, or compare_start and compare_end")
        return self


class PagedQuery(Query):
    """A page of a list, the same way everywhere."""

    limit: int = Field(50, ge=1, le=200, description="How many items, at most.")
    offset: int = Field(0, ge=0, le=1_000_000, description="How many items to skip.")


class MetricsQuery(ComparedQuery, PagedQuery):
    """Which figures: one row in all, or one row a value of `group_by`."""

    metric: list[MetricName] = Field(min_length=1, max_length=16, description="Which metrics; see the catalogue for units and definitions.")
    group_by: Dimension | None = Field(None, description="One row for each value of it.")
    order: Order | None = Field(None, description="Rank rows by the first metric; those without a value are left out.")


class ThemesQuery(ComparedQuery, PagedQuery):
    """What customers talk about: themes by how many analysed conversations are of them."""

    order: Order | None = Field(None, description="`asc`: the smallest first; the largest by default.")


class SummaryQuery(ComparedQuery):
    """Whom or what the summary is of, by the filters; its period is compared with the one before it by default."""


class SearchQuery(FilterQuery, PagedQuery):
    """Messages by what they say and by every filter."""

    q: str | None = Field(
        None, min_length=1, max_length=200, description="Words or a meaning to look for; without it, all that the filters hold."
    )
    order: Order | None = Field(None, description="`asc`: the oldest first; the newest by default.")


class ConversationsQuery(FilterQuery, PagedQuery):
    """Conversations by what was said in them and by every filter."""

    q: str | None = Field(
        None, min_length=1, max_length=200, description="Words or a meaning to look for; without it, all that the filters hold."
    )
    order: Order | None = Field(
        None,
        description="By satisfaction, `asc`: the worst first, `desc`: the best. By default the newest first, of unanswered ones those "
        "that wait longest; with `q`, those most about it.",
    )


class AnsweredQuery(Query):
    """When and in which language something is told of an object that the path names."""

    as_of: Instant | None = Field(None, description="As if it were this moment, with an offset such as -03:00; now by default.")
    language: Literal["pt", "en", "es"] | None = Field(None, description="Of the sentences; the caller's own by default.")


class CatalogueQuery(Query):
    """The names that filters take."""

    contact: str | None = Field(None, min_length=1, max_length=120, description="Give customers whose names resemble this, too.")
    language: Literal["pt", "en", "es"] | None = Field(None, description="Of labels and definitions; the caller's own by default.")


def check_span(start: date, end: date) -> None:
    """Raise ValueError for a period that ends before it starts, or that is longer than anything worth counting."""
    if end < start:
        raise ValueError("the period ends before it starts")
    if (end - start).days >= LONGEST_DAYS:
        raise ValueError(f"a period has at most {LONGEST_DAYS} days")
