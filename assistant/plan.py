"""The plan: what a question means, typed and validated, so that no words ever reach the code that computes.

`plan.schema.json` beside this file is the same contract for programs outside; a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal, cast, get_args

from core.periods import Period

Intent = Literal["metric", "explain", "themes", "messages", "conversations", "summary", "help", "clarify", "refuse"]
MetricName = Literal[
    "conversations", "contacts", "messages", "satisfaction", "csat", "dissatisfaction", "complaints", "compliments", "sentiment",
    "positive_share", "neutral_share", "negative_share", "first_response_time", "response_time", "resolution_rate", "unanswered",
]  # fmt: skip
Dimension = Literal[
    "day", "week", "month", "weekday", "hour", "agent", "channel", "contact", "theme", "sentiment", "emotion", "tone", "satisfaction",
]  # fmt: skip
Sentiment = Literal["positive", "neutral", "negative"]
Emotion = Literal["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]
Tone = Literal["friendly", "neutral", "urgent", "aggressive"]
Status = Literal["open", "resolved", "unanswered"]
Author = Literal["customer", "agent"]
Order = Literal["asc", "desc"]
AssumedField = Literal["period", "metrics", "compare_to", "group_by"]

INTENTS: tuple[Intent, ...] = get_args(Intent)
METRIC_NAMES: tuple[MetricName, ...] = get_args(MetricName)
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
LIMIT_MAX = 1000
NOTE_MIN, NOTE_MAX = 1, 5
# Intents that measure nothing and look at nothing: every other field of theirs is empty.
EMPTY_INTENTS: tuple[Intent, ...] = ("help", "clarify", "refuse")


class PlanError(ValueError):
    """A plan that breaks the contract. `problems` holds one sentence a fault, each beginning with the field's path."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which conversations or messages count. Empty and None mean any; names are spelled as in the tenant's catalogue."""

    agent: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    sentiment: tuple[Sentiment, ...] = ()
    emotion: tuple[Emotion, ...] = ()
    tone: tuple[Tone, ...] = ()
    satisfaction_min: int | None = None
    satisfaction_max: int | None = None
    status: Status | None = None
    author: Author | None = None

    def to_dict(self) -> dict[str, Any]:
        """Only the keys that apply, in the order of the contract."""
        out: dict[str, Any] = {name: list(getattr(self, name)) for name in LISTED_FILTERS if getattr(self, name)}
        span = {"min": self.satisfaction_min, "max": self.satisfaction_max}
        if span := {end: note for end, note in span.items() if note is not None}:
            out["satisfaction"] = span
        return out | {name: getattr(self, name) for name in ("status", "author") if getattr(self, name) is not None}


LISTED_FILTERS: dict[str, tuple[str, ...] | None] = {
    "agent": None,
    "channel": None,
    "contact": None,
    "theme": None,
    "sentiment": get_args(Sentiment),
    "emotion": get_args(Emotion),
    "tone": get_args(Tone),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a question means; see the fields' words in the documentation of the assistant."""

    intent: Intent
    metrics: tuple[MetricName, ...] = ()
    period: Period | None = None
    compare_to: Period | None = None
    group_by: Dimension | None = None
    filters: Filters = field(default_factory=Filters)
    search: str | None = None
    order: Order | None = None
    limit: int | None = None
    assumed: tuple[AssumedField, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON: every field is there, days as ISO dates."""
        return {
            "intent": self.intent,
            "metrics": list(self.metrics),
            "period": _write_period(self.period),
            "compare_to": _write_period(self.compare_to),
            "group_by": self.group_by,
            "filters": self.filters.to_dict(),
            "search": self.search,
            "order": self.order,
            "limit": self.limit,
            "assumed": list(self.assumed),
        }

    @classmethod
    def from_dict(cls, raw: object) -> "Plan":
        """Read a plan from JSON, or raise a PlanError that names every fault."""
        reader = _Reader()
        plan = reader.read_plan(raw)
        if reader.problems or plan is None:
            raise PlanError(reader.problems)
        return plan


def find_contradictions(plan: Plan) -> list[str]:
    """What the contract's words forbid beyond its schema, one sentence a fault; empty for a plan that can be executed."""
    faults = []
    if plan.intent in EMPTY_INTENTS:
        if plan != Plan(intent=plan.intent):
            faults.append(f"intent: {plan.intent} carries nothing else; empty every other field")
        return faults
    if plan.period is None:
        faults.append(f"period: {plan.intent} needs one")
    if plan.intent in ("metric", "explain") and not plan.metrics:
        faults.append(f"metrics: {plan.intent} needs at least one")
    if plan.intent not in ("metric", "explain") and plan.metrics:
        faults.append(f"metrics: {plan.intent} measures nothing")
    if plan.intent == "explain" and plan.compare_to is None:
        faults.append("compare_to: explain needs the period that it compares with")
    if plan.intent == "themes" and plan.group_by == "theme":
        faults.append("group_by: themes are one row a theme already")
    low, high = plan.filters.satisfaction_min, plan.filters.satisfaction_max
    if low is not None and high is not None and low > high:
        faults.append(f"filters.satisfaction: min {low} is above max {high}")
    return faults


def _write_period(period: Period | None) -> dict[str, str] | None:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()} if period else None


class _Reader:
    """Reads JSON of any shape into a plan and keeps what is wrong with it, so that one look mends all of it."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def read_plan(self, raw: object) -> Plan | None:
        if not self.check_keys(raw, "plan", required=PLAN_FIELDS, allowed=PLAN_FIELDS):
            return None
        values = cast(Mapping[str, Any], raw)
        return Plan(
            intent=self.read_word(values["intent"], "intent", INTENTS),
            metrics=self.read_words(values["metrics"], "metrics", METRIC_NAMES),
            period=self.read_period(values["period"], "period"),
            compare_to=self.read_period(values["compare_to"], "compare_to"),
            group_by=self.read_word(values["group_by"], "group_by", DIMENSIONS, optional=True),
            filters=self.read_filters(values["filters"]),
            search=self.read_text(values["search"], "search"),
            order=self.read_word(values["order"], "order", get_args(Order), optional=True),
            limit=self.read_number(values["limit"], "limit", 1, LIMIT_MAX, optional=True),
            assumed=self.read_words(values["assumed"], "assumed", get_args(AssumedField)),
        )

    def read_filters(self, raw: object) -> Filters:
        if not self.check_keys(raw, "filters", allowed=(*LISTED_FILTERS, "satisfaction", "status", "author")):
            return Filters()
        values = dict(cast(Mapping[str, Any], raw))
        read: dict[str, Any] = {
            name: self.read_words(values[name], f"filters.{name}", words, filled=True)
            for name, words in LISTED_FILTERS.items()
            if name in values
        }
        if "satisfaction" in values:
            read |= self.read_span(values["satisfaction"])
        for name, words in (("status", get_args(Status)), ("author", get_args(Author))):
            if name in values:
                read[name] = self.read_word(values[name], f"filters.{name}", words)
        return Filters(**read)

    def read_span(self, raw: object) -> dict[str, int]:
        if not self.check_keys(raw, "filters.satisfaction", allowed=("min", "max")):
            return {}
        values = cast(Mapping[str, Any], raw)
        if not values:
            self.problems.append("filters.satisfaction: give min, max or both")
        return {
            f"satisfaction_{end}": self.read_number(value, f"filters.satisfaction.{end}", NOTE_MIN, NOTE_MAX)
            for end, value in values.items()
        }

    def read_period(self, raw: object, path: str) -> Period | None:
        if raw is None or not self.check_keys(raw, path, required=("start", "end"), allowed=("start", "end")):
            return None
        values = cast(Mapping[str, Any], raw)
        start, end = self.read_day(values["start"], f"{path}.start"), self.read_day(values["end"], f"{path}.end")
        if start is None or end is None:
            return None
        if start > end:
            self.problems.append(f"{path}: it ends ({end}) before it starts ({start})")
            return None
        return Period(start, end)

    def read_day(self, raw: object, path: str) -> date | None:
        # Only YYYY-MM-DD: the standard library would read other forms of ISO 8601 too.
        if isinstance(raw, str) and len(raw) == 10 and raw[4] == raw[7] == "-":
            try:
                return date.fromisoformat(raw)
            except ValueError:
                pass
        self.problems.append(f"{path}: {raw!r} is not a day written YYYY-MM-DD")
        return None

    def read_words(self, raw: object, path: str, known: tuple[str, ...] | None, *, filled: bool = False) -> tuple[Any, ...]:
        if not isinstance(raw, list | tuple):
            self.problems.append(f"{path}: {raw!r} is not a list")
            return ()
        if filled and not raw:
            self.problems.append(f"{path}: an empty list; leave the key out")
        for position, word in enumerate(raw):
            if not isinstance(word, str):
                self.problems.append(f"{path}[{position}]: {word!r} is not text")
            elif known is not None and word not in known:
                self.problems.append(f"{path}[{position}]: {word!r} is not one of {', '.join(known)}")
            elif word in raw[:position]:
                self.problems.append(f"{path}[{position}]: {word!r} is there twice")
        return tuple(raw)

    def read_word(self, raw: object, path: str, known: tuple[str, ...], *, optional: bool = False) -> Any:
        if not (optional and raw is None) and (not isinstance(raw, str) or raw not in known):
            self.problems.append(f"{path}: {raw!r} is not one of {', '.join(known)}")
        return raw

    def read_number(self, raw: object, path: str, low: int, high: int, *, optional: bool = False) -> Any:
        if optional and raw is None:
            return None
        whole = isinstance(raw, int | float) and not isinstance(raw, bool) and raw == raw // 1
        if not whole or not low <= cast(float, raw) <= high:
            self.problems.append(f"{path}: {raw!r} is not a whole number from {low} to {high}")
            return None
        return int(cast(float, raw))

    def read_text(self, raw: object, path: str) -> str | None:
        if raw is not None and not isinstance(raw, str):
            self.problems.append(f"{path}: {raw!r} is neither text nor null")
            return None
        return raw

    def check_keys(self, raw: object, path: str, *, allowed: tuple[str, ...], required: tuple[str, ...] = ()) -> bool:
        if not isinstance(raw, Mapping):
            self.problems.append(f"{path}: {raw!r} is not an object")
            return False
        for key in raw:
            if key not in allowed:
                self.problems.append(f"{path}: there is no field {key!r}")
        missing = [key for key in required if key not in raw]
        self.problems += [f"{path}: {key!r} is missing" for key in missing]
        return not missing and all(key in allowed for key in raw)


PLAN_FIELDS: tuple[str, ...] = tuple(entry.name for entry in fields(Plan))
