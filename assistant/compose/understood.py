"""How the question was understood, in words: one chip per field of the plan that says something."""

from collections.abc import Sequence

from assistant.blocks import Understood
from assistant.compose.voice import Voice
from assistant.compose.words import capitalise
from assistant.planner import LeftOut

FILTERS = ("agent", "channel", "contact", "theme", "sentiment", "emotion", "tone")


def describe_plan(voice: Voice, *, left_out: Sequence[LeftOut] = ()) -> list[Understood]:
    """The plan's period, measures, conditions, comparison, grouping and order; `assumed` where a default filled it.

    Conditions of the question that the plan does not hold come last.
    """
    plan, book = voice.plan, voice.book
    found: list[tuple[str, str, bool]] = []
    if plan.period is not None:
        found.append(("period", voice.name(plan.period).label, "period" in plan.assumed))
    if plan.metrics:
        found.append(("metrics", book.join([voice.label(metric) for metric in plan.metrics]), "metrics" in plan.assumed))
    found += [(name, value, False) for name, value in _describe_filters(voice)]
    if plan.search:
        found.append(("search", book.say("quoted", text=plan.search), False))
    if plan.compare_to is not None:
        found.append(("compare_to", voice.name(plan.compare_to).label, "compare_to" in plan.assumed))
    if plan.group_by is not None:
        found.append(("group_by", book.say(f"by.{plan.group_by}"), "group_by" in plan.assumed))
    if plan.order is not None or plan.limit is not None:
        found.append(("order", _describe_order(voice), False))
    found += [("left_out", book.say("quoted", text=left.heard), False) for left in left_out]
    return [
        Understood(field=field, label=book.say(f"field.{field}"), value=capitalise(value), assumed=assumed)
        for field, value, assumed in found
    ]


def _describe_filters(voice: Voice) -> list[tuple[str, str]]:
    filters, book = voice.plan.filters, voice.book
    found = [
        (f"filters.{name}", voice.any_of([voice.key(name, value) for value in getattr(filters, name)]))
        for name in FILTERS
        if getattr(filters, name)
    ]
    if (note := voice.notes()) is not None:
        found.append(("filters.satisfaction", note))
    if filters.status is not None:
        found.append(("filters.status", book.say(f"status.{filters.status}")))
    if filters.author is not None:
        found.append(("filters.author", book.say(f"author.{filters.author}")))
    return found


def _describe_order(voice: Voice) -> str:
    plan, book = voice.plan, voice.book
    if plan.order is None:
        return book.count("order.limit", plan.limit or 0)
    listed = f"order.list.{plan.order}" if plan.intent in ("messages", "conversations", "themes") else f"order.{plan.order}"
    if plan.intent in ("messages", "conversations", "themes"):
        listed = f"order.{plan.intent}.{plan.order}"
    order = book.say(listed)
    return order if plan.limit is None else book.say("order.with_limit", order=order, limit=str(plan.limit))
