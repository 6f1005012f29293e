"""One answer's voice: its language, its clock and its plan, and how each of them names periods, metrics, values and conditions."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.compose.dates import PeriodWords, format_day, name_period
from assistant.compose.numbers import Language, format_change, format_value
from assistant.compose.words import Book, get_book
from assistant.decompose import Key
from assistant.plan import Plan
from assistant.selection import Moment
from core.dimensions import WAIT_BANDS
from core.metrics import METRICS
from core.periods import Period

# Fewer rows than this are warned of, and a ranking says who leads among those that have as many.
FEW_ROWS = 5


class Voice:
    """Says the parts of sentences; which sentences there are is decided by the composers of the intents."""

    def __init__(self, plan: Plan, *, language: Language, moment: Moment) -> None:
        self.plan = plan
        self.language = language
        self.moment = moment
        self.book: Book = get_book(language)

    # --- when ---------------------------------------------------------------------------------------------------------

    def name(self, period: Period) -> PeriodWords:
        return name_period(period.start, period.end, today=self.moment.today, book=self.book)

    @property
    def when(self) -> str:
        return self.name(self.plan.period).when if self.plan.period else ""

    @property
    def when_before(self) -> str:
        return self.name(self.plan.compare_to).when if self.plan.compare_to else ""

    @property
    def is_open(self) -> bool:
        """The period runs into the day of the question."""
        return self.plan.period is not None and self.plan.period.end >= self.moment.today

    def day(self, day: date) -> str:
        return format_day(day, today=self.moment.today, book=self.book)

    def instant(self, at: datetime) -> str:
        """20/11 às 14:30, in the tenant's time zone."""
        local = at.astimezone(ZoneInfo(self.moment.time_zone))
        return self.book.say("moment", day=self.day(local.date()), time=f"{local:%H:%M}")

    # --- numbers ------------------------------------------------------------------------------------------------------

    def value(self, metric: str, value: float) -> str:
        return format_value(value, METRICS[metric].unit, language=self.language)

    def change(self, metric: str, difference: float) -> str:
        return format_change(difference, METRICS[metric].unit, language=self.language)

    def rows(self, metric: str, rows: int) -> str:
        """40 conversas; where they are few: só 4 conversas."""
        counted = self.book.count(f"rows.{METRICS[metric].base}", rows)
        return self.book.say("rows.only", rows=counted) if rows < FEW_ROWS else counted

    def counted(self, metric: str, number: float) -> str:
        """12 reclamações."""
        return self.book.count(f"metric.{metric}", number, **self._kinds(metric))

    def counted_plain(self, number: float) -> str:
        """12 conversas."""
        return self.book.count("rows.conversation", number)

    # --- metrics ------------------------------------------------------------------------------------------------------

    def the(self, metric: str) -> str:
        return self.book.say(f"metric.{metric}.the", **self._kinds(metric))

    def bare(self, metric: str) -> str:
        return self.book.say(f"metric.{metric}.bare", **self._kinds(metric))

    def superlative(self, metric: str, *, is_highest: bool) -> str:
        return self.book.say(f"metric.{metric}.{'high' if is_highest else 'low'}", **self._kinds(metric))

    def label(self, metric: str) -> str:
        return METRICS[metric].labels[self.language]

    def _kinds(self, metric: str) -> dict[str, str]:
        return {"kind": self.kind("other"), "kind_one": self.kind("one")} if metric == "messages" else {}

    # --- values of dimensions -----------------------------------------------------------------------------------------

    def key(self, dimension: str, key: Key) -> str:
        """A value of a dimension as a name that stands alone: Ana Souza, 14h, segunda-feira, 20/11, nota 3, sem tema."""
        if key is None:
            return self.book.say(f"none.{dimension}")
        if dimension == "hour":
            return self.book.say("hour", hour=str(key), padded=f"{int(key):02d}")
        if dimension == "satisfaction":
            return self.book.say("satisfaction", note=str(key))
        if dimension == "wait":
            return self.band(int(key))
        if dimension in ("weekday", "sentiment", "emotion", "tone", "customer"):
            return self.book.say(f"{dimension}.{key}")
        if dimension in ("day", "week", "month"):
            day = date.fromisoformat(str(key))
            return self.month(day) if dimension == "month" else self.day(day)
        return str(key)

    def band(self, minutes: int) -> str:
        """A band of waiting times by its lower end: menos de 5 min, 5 min a 15 min, 4 h ou mais."""
        ends = (*WAIT_BANDS, None)
        high = ends[ends.index(minutes) + 1]
        form = "last" if high is None else "between" if minutes else "first"
        low, upper = (self.value("first_response_time", 60 * (end or 0)) for end in (minutes, high))
        return self.book.say(f"wait.{form}", low=low, high=upper)

    def subject(self, dimension: str, key: Key) -> str:
        """The same as the subject of a sentence: o canal Loja Norte, o horário das 14h."""
        if key is None:
            return self.book.say(f"subject.none.{dimension}")
        return self.book.say(f"subject.{dimension}", name=self.key(dimension, key))

    def month(self, day: date) -> str:
        name = self.book.say(f"month.{day.month}")
        return name if day.year == self.moment.today.year else self.book.say("period.month_of_year.label", month=name, year=str(day.year))

    # --- conditions ---------------------------------------------------------------------------------------------------

    def kind(self, form: str) -> str:
        """What kind of messages the plan means: negativas e urgentes; empty where any."""
        filters = self.plan.filters
        feelings = [
            self.book.join([self.book.say(f"feel.{dimension}.{word}.{form}") for word in words], word="or")
            for dimension, words in (("sentiment", filters.sentiment), ("emotion", filters.emotion), ("tone", filters.tone))
            if words
        ]
        return self.book.join(feelings)

    def scope(self, metric: str, *, has_note: bool = True) -> str:
        """The plan's conditions behind a metric's name: de Ana Souza sobre Atraso na entrega no canal Suporte."""
        return " ".join((*self._about_rows(metric, has_note=has_note), *self._about_names()))

    def _about_rows(self, metric: str, *, has_note: bool) -> list[str]:
        """Status, feelings, note and author, by how they fit the metric: counted things have them, means are taken in them."""
        filters, book = self.plan.filters, self.book
        parts = []
        if filters.status and not (filters.status == metric == "unanswered"):
            parts.append(book.say(f"scope.status{'' if metric == 'conversations' else '_of'}.{filters.status}"))
        if kind := self.kind("other"):
            entry = METRICS[metric]
            if metric != "messages":
                form = "feeling_of" if entry.base == "message" else "feeling" if entry.unit == "count" else "feeling_in"
                parts.append(book.say(f"scope.{form}", kind=kind))
        if has_note and (note := self.notes()) is not None:
            parts.append(note)
        if filters.author == "agent":
            parts.append(book.say("scope.author.agent"))
        return parts

    def notes(self) -> str | None:
        """com nota até 2; None where any note counts."""
        low, high = self.plan.filters.satisfaction_min, self.plan.filters.satisfaction_max
        if low is None and high is None:
            return None
        low, high = low or 1, high or 5
        form = "equal" if low == high else "max" if low == 1 else "min" if high == 5 else "between"
        return self.book.say(f"scope.satisfaction.{form}", min=str(low), max=str(high))

    def _about_names(self) -> list[str]:
        filters, book = self.plan.filters, self.book
        parts = [
            book.say(f"scope.{name}", names=self.any_of(values))
            for name, values in (("agent", filters.agent), ("contact", filters.contact), ("theme", filters.theme))
            if values
        ]
        if self.plan.search:
            parts.append(book.say("scope.search", text=book.say("quoted", text=self.plan.search)))
        if filters.channel:
            parts.append(book.say(f"scope.channel.{'one' if len(filters.channel) == 1 else 'other'}", names=self.any_of(filters.channel)))
        return parts

    def any_of(self, names: Sequence[str]) -> str:
        return self.book.join(list(names), word="or")
