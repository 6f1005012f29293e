"""A follow-up as an edit of the last plan: it keeps what it does not change."""

from dataclasses import fields, replace
from typing import Any, cast

from assistant.plan import EMPTY_INTENTS, AssumedField, Dimension, Filters, Intent, MetricName, Plan
from assistant.planner.compare import relate, says_one_before, split_times
from assistant.planner.left_out import find_split
from assistant.planner.listing import find_listed
from assistant.planner.measure import NOTED, get_own_condition, pick_metrics
from assistant.planner.moved import get_moved_dimension, ranks_change
from assistant.planner.rank import NAMED, SUPERLATIVES, find_limit, find_order, find_ranked
from assistant.planner.reading import Reading, get_dimension
from assistant.planner.topics import rank_themes
from core.periods import CalendarUnit, Period, get_previous, pick_step

LISTS: dict[tuple[MetricName, ...], Intent] = {("messages",): "messages", ("conversations",): "conversations"}


def edit_plan(last: Plan, reading: Reading) -> Plan | None:
    """The last plan with what the follow-up says; None where it says nothing that could change it."""
    editor = _Editor(last, reading)
    editor.edit()
    return editor.plan if editor.has_changed else None


class _Editor:
    """Applies a reading to a plan, one field after the other."""

    def __init__(self, last: Plan, reading: Reading) -> None:
        self.last = last
        self.plan = last
        self.reading = reading
        self.today = reading.clock.today
        self.has_changed = False
        self.unit: CalendarUnit | None = None

    def edit(self) -> None:
        reading = self.reading
        explains = reading.has_cue("why")
        metrics = () if reading.author else pick_metrics(reading)
        self.edit_intent(explains=explains, metrics=metrics)
        self.edit_filters()
        self.edit_period()
        if explains:
            self.explain()
        self.edit_split()
        self.edit_order()

    def set(self, *, said: tuple[AssumedField, ...] = (), assumed: tuple[AssumedField, ...] = (), **changes: Any) -> None:
        marks = [mark for mark in self.plan.assumed if mark not in said and mark not in assumed]
        self.plan = replace(self.plan, assumed=(*marks, *assumed), **changes)
        self.has_changed = True

    # --- what is wanted -----------------------------------------------------------------------------------------------

    def edit_intent(self, *, explains: bool, metrics: tuple[MetricName, ...]) -> None:
        reading = self.reading
        if reading.has_cue("summary"):
            self.turn_into("summary")
            return
        if not explains and self.asks_for_themes(metrics):
            self.turn_into("themes")
            order, limit = rank_themes(reading)
            self.set(order=order, limit=limit)
            self.note_themes(metrics)
            return
        listed = None if explains else find_listed(reading)
        if listed is None and not explains and reading.has_cue("show") and not metrics and not reading.by and not reading.dimensions:
            listed = self.plan.intent if self.plan.intent in ("conversations", "messages") else "messages"
        if listed is not None and not (
            self.plan.intent == "metric" and not reading.has_cue("show", "which", "said") and self.keeps_counting()
        ):
            self.turn_into(listed)
            if reading.numbers:
                self.set(limit=find_limit(reading))
            return
        if not metrics and reading.has_cue("count") and self.plan.intent in ("messages", "conversations"):
            metrics = ("messages",) if self.plan.intent == "messages" else ("conversations",)  # "Quantas foram?"
            if self.plan.filters.status == "unanswered":
                self.set(filters=replace(self.plan.filters, status=None))
                metrics = ("unanswered",)
        if not metrics:
            return
        other = LISTS.get(metrics) if self.plan.intent in LISTS.values() and not reading.has_cue("count") else None
        if other is not None and other != self.plan.intent:
            self.turn_into(other)  # "E as conversas?" after a list of messages: another list, not how many
            return
        if self.plan.intent == "themes" and not reading.has_cue("count") and all(metric in NOTED for metric in metrics):
            self.note_themes(metrics)
            return
        self.edit_metrics(metrics)

    def keeps_counting(self) -> bool:
        """ "E as positivas?" after a count of messages: still a count."""
        return set(self.plan.metrics) <= {"messages", "conversations", "contacts"}

    def asks_for_themes(self, metrics: tuple[MetricName, ...]) -> bool:
        reading = self.reading
        if reading.by or reading.has_cue(*("best", "worst")):
            return False
        if reading.has_cue("topics", "complained_of", "praised_of"):
            return True
        named = any(mention.value == "theme" for mention in reading.dimensions)
        return named and (not metrics or set(metrics) <= set(NOTED)) and reading.has_cue("which", "main", "go_on", "reasons", "show", "top")

    def note_themes(self, metrics: tuple[MetricName, ...]) -> None:
        reading = self.reading
        complained = reading.has_cue("complained_of", "complained") or metrics == ("complaints",)
        praised = reading.has_cue("praised_of", "praised") or metrics == ("compliments",)
        if complained or praised:
            low, high = (None, 2) if complained else (5, None)
            self.set(filters=replace(self.plan.filters, satisfaction_min=low, satisfaction_max=high))

    def turn_into(self, intent: Intent) -> None:
        """Another kind of answer over the same period and filters; nothing is measured any more."""
        filters = get_own_condition(self.plan.metrics, self.plan.filters)
        self.set(
            said=("metrics", "compare_to", "group_by"),
            intent=intent,
            metrics=(),
            compare_to=None,
            group_by=None,
            order=None,
            limit=None,
            filters=filters,
        )

    def edit_metrics(self, metrics: tuple[MetricName, ...]) -> None:
        if self.plan.intent in ("metric", "explain"):
            if self.reading.has_cue("go_on") and self.says_also():
                metrics = tuple(dict.fromkeys((*self.plan.metrics, *metrics)))
            self.set(said=("metrics",), metrics=metrics)
        else:
            self.set(intent="metric", metrics=metrics, order=None, limit=None)

    def says_also(self) -> bool:
        return any(token.norm in ("tambem", "also", "tambien", "too") for token in self.reading.tagged.tokens)

    def explain(self) -> None:
        """Why: over the same period and filters; a comparison that was said stays."""
        metrics = self.plan.metrics or ("satisfaction",)
        marks: tuple[AssumedField, ...] = () if self.plan.metrics else ("metrics",)
        self.set(said=("group_by",), assumed=marks, intent="explain", metrics=metrics, group_by=None, order=None, limit=None)
        if self.plan.compare_to is None and self.plan.period is not None:
            self.set(assumed=("compare_to",), compare_to=self.get_previous(self.plan.period))

    # --- which, when --------------------------------------------------------------------------------------------------

    def edit_filters(self) -> None:
        filters = self.plan.filters
        said = self.reading.make_filters()
        changes: dict[str, Any] = {}
        for entry in fields(Filters):
            value = getattr(said, entry.name)
            if value not in ((), None):
                changes[entry.name] = value
        if "satisfaction_min" in changes or "satisfaction_max" in changes:
            changes = {"satisfaction_min": None, "satisfaction_max": None} | changes
        search = self.reading.get_search()
        if changes or search:
            if self.reading.has_subject:
                changes.setdefault("theme", ())
            self.set(filters=replace(filters, **changes))
            if self.reading.has_subject:
                self.set(search=search)
        self.drop_filters()

    def drop_filters(self) -> None:
        """ "Todos os canais", "no geral": the condition falls away."""
        reading = self.reading
        if not reading.has_cue("everything"):
            return
        kinds = {mention.value for mention in (*reading.dimensions, *reading.by)} & {"agent", "channel", "contact", "theme"}
        dropped: dict[str, Any] = dict.fromkeys(kinds or ("agent", "channel", "contact", "theme"), ())
        self.set(filters=replace(self.plan.filters, **dropped))

    def edit_period(self) -> None:
        reading = self.reading
        first, second = split_times(reading)
        if first is not None:
            self.unit = first.moment.unit
            self.change_period(relate(first.moment, self.plan.period) if first.moment.of and self.plan.period else first.moment.period)
        if self.plan.period is None:
            return
        if first is None and reading.has_cue("one_before", "before_it") and not reading.has_cue("compare", "change"):
            self.change_period(self.get_previous(self.plan.period))  # "E a anterior?"
            return
        if second is not None:
            compared = relate(second.moment, self.plan.period)
            self.set(said=("compare_to",), compare_to=compared)
        elif says_one_before(reading):
            self.set(said=("compare_to",), compare_to=self.get_previous(self.plan.period))
        elif ((reading.has_cue("compare") and not reading.has_names) or reading.has_cue("change")) and self.plan.compare_to is None:
            self.set(assumed=("compare_to",), compare_to=self.get_previous(self.plan.period))

    def change_period(self, period: Period) -> None:
        """A changed period makes an assumed comparison anew and drops one that was said."""
        was_assumed = "compare_to" in self.plan.assumed
        explains = self.plan.intent == "explain"
        self.set(said=("period",), period=period)
        if was_assumed or (explains and self.plan.compare_to is not None):
            self.set(assumed=("compare_to",), compare_to=self.get_previous(period))
        else:
            self.set(compare_to=None)

    def get_previous(self, period: Period) -> Period:
        return get_previous(period, today=self.today, unit=self.unit)

    # --- how it is set out --------------------------------------------------------------------------------------------

    def edit_split(self) -> None:
        reading = self.reading
        if reading.by:
            self.split_by(get_dimension(reading.by[0]))
        elif reading.has_cue("trend") and self.plan.period is not None:
            self.set(assumed=("group_by",), group_by=pick_step(self.plan.period))
        elif self.plan.intent == "metric" and self.plan.group_by is None and (split := find_split(reading)) is not None:
            self.split_by(split)
        elif reading.has_cue("compare") and self.plan.intent == "metric":
            self.compare_names()
        elif reading.has_cue("each"):
            for kind in NAMED:
                if len(getattr(self.plan.filters, kind)) > 1:
                    self.split_by(kind)  # "Cada um": of those that are looked at
                    break

    def split_by(self, dimension: Dimension) -> None:
        if not (self.plan.intent == "themes" and dimension == "theme"):
            self.set(said=("group_by",), group_by=dimension)

    def compare_names(self) -> None:
        """ "Compara com o Bruno": both, one row each."""
        for kind in NAMED:
            said = self.reading.find_named(kind)
            if said and not self.reading.times:
                before = getattr(self.last.filters, kind)
                both = tuple(dict.fromkeys((*before, *said)))
                self.set(said=("group_by",), filters=replace(self.plan.filters, **cast(Any, {kind: both})), group_by=kind)

    def edit_order(self) -> None:
        reading = self.reading
        if self.plan.intent not in ("metric", "themes"):
            return
        if ranks_change(reading):
            moved = get_moved_dimension(reading) if self.plan.intent == "metric" else None
            if moved is not None:
                self.set(said=("group_by",), group_by=moved)
            self.set(order=None, limit=None)
            return
        order = (
            find_order(reading, self.plan.metrics)
            if reading.has_cue(*SUPERLATIVES, "main", "best_first", "worst_first", "descending", "ascending")
            else None
        )
        if order is None or (self.plan.intent == "themes" and self.plan.order is not None):
            return
        limit = find_limit(reading)
        ranked = find_ranked(reading, self.plan.metrics)
        if ranked is not None and not reading.by and ranked[0] != "theme":
            self.set(said=("group_by",), group_by=ranked[0])
        if self.plan.group_by is None and self.plan.intent == "metric":
            return
        whole = reading.has_cue("best_first", "worst_first", "descending", "ascending")
        if limit is None and not whole:
            limit = self.last.limit if self.is_plural() or (self.last.order is not None and not self.is_singular()) else 1
        self.set(order=order, limit=limit)

    def is_plural(self) -> bool:
        spans = self.reading.find_cues(*SUPERLATIVES)
        words = [self.reading.tagged.tokens[place].norm for span in spans for place in span.places]
        ones = any(token.norm == "ones" for token in self.reading.tagged.tokens)
        return ones or any(word.endswith(("es", "os", "as")) and word not in ("mas", "mais", "menos") for word in words)

    def is_singular(self) -> bool:
        """ "E o pior?", "and the best one?": one is asked for."""
        spans = self.reading.find_cues("best", "worst")
        words = [self.reading.tagged.tokens[place].norm for span in spans for place in span.places]
        return self.reading.clock.language != "en" or any(token.norm == "one" for token in self.reading.tagged.tokens) if words else False


def find_last_plan(plans: list[Plan]) -> Plan | None:
    """The last plan that looked at something: help, questions back and refusals change nothing."""
    return next((plan for plan in reversed(plans) if plan.intent not in EMPTY_INTENTS), None)
