"""The words of a `metric` answer: the number first, then what stands out among its parts."""

from collections.abc import Sequence

from assistant.compose.voice import FEW_ROWS, Voice
from assistant.compose.words import capitalise
from assistant.decompose import Key
from assistant.evidence import Group, Measured, MetricEvidence, Waiting
from assistant.plan import Plan
from core.metrics import METRICS

STEPS = frozenset({"day", "week", "month"})
LISTED = 3


def say_metric(voice: Voice, evidence: MetricEvidence) -> list[str]:
    """Sentences, the first with the answer."""
    if all(not total.rows and not total.previous_rows for total in evidence.totals):
        return say_nothing(voice, evidence.totals[0].metric)
    if evidence.groups is None:
        return _say_totals(voice, evidence.totals)
    ranks = does_rank(voice.plan)
    first = evidence.totals[0].metric
    # Beside another period, what moved most is what the question is of.
    moved = _say_movers(voice, _find_named(evidence, first), first) if voice.plan.compare_to is not None else []
    said = [] if ranks else [*moved, *_say_totals(voice, evidence.totals)]
    for metric in [total.metric for total in evidence.totals][: 1 if ranks else 2]:
        said += _say_ranking(voice, evidence, metric) if ranks else _say_groups(voice, evidence, metric)
    return said


def does_rank(plan: Plan) -> bool:
    """Whether values are ranked. "E a Ana?" after "quem tem o melhor CSAT?" leaves one value, which is best and worst of nothing."""
    named = getattr(plan.filters, plan.group_by or "", None)
    return plan.order is not None and not (isinstance(named, Sequence) and len(named) == 1)


def say_nothing(voice: Voice, metric: str) -> list[str]:
    """That there is no such conversation or message."""
    noun = "message" if METRICS[metric].base == "message" else "conversation"
    scope = voice.scope("messages" if noun == "message" else "conversations")
    return [voice.book.sentence(f"none.{noun}", scope=scope, when=voice.when, kind=voice.kind("other"))]


def say_waiting(voice: Voice, pending: int) -> str:
    """That nothing can be said yet, because the conversations still wait for their analysis."""
    return capitalise(voice.book.count("none.waiting", pending, when=voice.when))


def say_lead(voice: Voice, waiting: Sequence[Waiting]) -> str:
    """How much of each period still waits, and that what follows is therefore not the whole answer."""
    parts = [
        voice.book.count(
            "waiting.part", one.covered.conversations, pending=voice.value("conversations", one.covered.pending),
            when=voice.name(one.period).when,
        )
        for one in waiting
    ]  # fmt: skip
    return voice.book.sentence("waiting.lead", list=voice.book.join(parts))


def say_total(voice: Voice, total: Measured) -> str:
    """One metric in one period."""
    book, metric = voice.book, total.metric
    scope = voice.scope(metric)
    if total.value is None:
        return book.sentence("none.value", the=voice.the(metric), scope=scope, when=voice.when)
    if METRICS[metric].unit == "count":
        form = "zero" if total.value == 0 else "one" if total.value == 1 else "other"
        counted, bare = voice.counted(metric, total.value), voice.bare(metric)
        return book.sentence(
            f"value.{'unanswered' if metric == 'unanswered' else 'count'}.{form}", when=voice.when, counted=counted, bare=bare, scope=scope
        )
    key = "value.mean.open" if voice.is_open else "value.mean"
    value, rows = voice.value(metric, total.value), voice.rows(metric, total.rows)
    return book.sentence(key, when=voice.when, the=voice.the(metric), scope=scope, value=value, rows=rows)


def say_change(voice: Voice, total: Measured, *, when_before: str | None = None) -> list[str]:
    """One metric in two periods: from what to what, by how much, and whether that is good."""
    book, metric = voice.book, total.metric
    when_before = voice.when_before if when_before is None else when_before
    if total.previous is None:
        return [say_total(voice, total), book.sentence("change.no_before", when_before=when_before)]
    scope, the = voice.scope(metric), voice.the(metric)
    before = voice.value(metric, total.previous)
    if total.value is None or total.change is None:
        rows = voice.rows(metric, total.previous_rows or 0)
        return [
            say_total(voice, total),
            book.sentence("change.no_now", when_before=when_before, the=the, scope=scope, before=before, rows=rows),
        ]
    now, change = voice.value(metric, total.value), voice.change(metric, total.change)
    verbs = "changes" if METRICS[metric].unit == "count" else "change"
    direction = "same" if now == before else "up" if total.change > 0 else "down"
    said = book.sentence(
        f"{verbs}.{direction}", the=the, scope=scope, before=before, now=now, change=change,
        when_before=when_before, when=voice.when, verdict=_say_verdict(voice, total) if direction != "same" else "",
    )  # fmt: skip
    return [said]


def _say_verdict(voice: Voice, total: Measured) -> str:
    better = METRICS[total.metric].better
    if better is None or not total.change:
        return ""
    return voice.book.say("change.good" if (total.change > 0) is (better == "up") else "change.bad")


def _say_totals(voice: Voice, totals: Sequence[Measured]) -> list[str]:
    if voice.plan.compare_to is not None:
        return [sentence for total in totals for sentence in say_change(voice, total)]
    if len(totals) == 1:
        return [say_total(voice, totals[0])]
    items = voice.book.join([_say_item(voice, total) for total in totals])
    return [voice.book.sentence("value.list", when=voice.when, scope=_shared_scope(voice, totals), items=items)]


def _shared_scope(voice: Voice, totals: Sequence[Measured]) -> str:
    """The conditions, said once for all metrics, in the form that fits the first."""
    return voice.scope(totals[0].metric)


def _say_item(voice: Voice, total: Measured) -> str:
    if total.value is None:
        return voice.book.say("value.item.none", bare=voice.bare(total.metric))
    if METRICS[total.metric].unit == "count":
        return voice.counted(total.metric, total.value)
    return voice.book.say("value.item", bare=voice.bare(total.metric), value=voice.value(total.metric, total.value))


# --- one row per value --------------------------------------------------------------------------------------------------


def find_measured(group: Group, metric: str) -> Measured:
    return next(entry for entry in group.measured if entry.metric == metric)


def _name(voice: Voice, key: Key) -> str:
    return voice.key(voice.plan.group_by or "", key)


def _say_entry(voice: Voice, group: Group, metric: str, *, listed: bool = False) -> str:
    """Ana Souza, 4,6; with how few rows there are where there are few."""
    measured = find_measured(group, metric)
    few = METRICS[metric].unit != "count" and measured.rows < FEW_ROWS
    key = f"group.entry{'.few' if few else ''}{'.listed' if listed else ''}"
    value = voice.value(metric, measured.value or 0.0)
    return voice.book.say(key, name=_name(voice, group.key), value=value, rows=voice.rows(metric, measured.rows))


def _say_groups(voice: Voice, evidence: MetricEvidence, metric: str) -> list[str]:
    """Best and worst, the way a series went, and what moved most where two periods are compared."""
    named = _find_named(evidence, metric)
    said = _say_extremes(voice, named, metric)
    if voice.plan.compare_to is not None:
        return said + (_say_movers(voice, named, metric) if metric != evidence.totals[0].metric else [])
    if voice.plan.group_by in STEPS and METRICS[metric].unit != "count" and len(named) >= LISTED:
        first, last = (find_measured(group, metric) for group in (named[0], named[-1]))
        said.append(
            voice.book.sentence(
                "group.trend",
                first=voice.value(metric, first.value or 0.0), first_name=_name(voice, named[0].key),
                last=voice.value(metric, last.value or 0.0), last_name=_name(voice, named[-1].key),
            )
        )  # fmt: skip
    return said


def _find_named(evidence: MetricEvidence, metric: str) -> list[Group]:
    """The groups that have a name and a value, whole steps of time alone."""
    return [
        group
        for group in evidence.groups or ()
        if group.key is not None and find_measured(group, metric).value is not None and not group.is_partial
    ]


def _say_extremes(voice: Voice, named: list[Group], metric: str) -> list[str]:
    """The highest and the lowest; among those with enough rows where there are at least two such."""
    if not named:
        return []
    if len(named) == 1:
        is_told = voice.plan.group_by in STEPS or bool(getattr(voice.plan.filters, voice.plan.group_by or "", None))
        return [] if is_told else [voice.book.sentence("group.only", name=_name(voice, named[0].key), when=voice.when)]
    better, is_count = METRICS[metric].better, METRICS[metric].unit == "count"
    enough = [group for group in named if is_count or find_measured(group, metric).rows >= FEW_ROWS]
    ordered = sorted(enough if len(enough) >= 2 else named, key=lambda group: find_measured(group, metric).value or 0.0, reverse=True)
    highest, lowest = ordered[0], ordered[-1]
    if find_measured(highest, metric).value == find_measured(lowest, metric).value:
        names = voice.book.join([_name(voice, group.key) for group in ordered[:LISTED]]) if len(ordered) <= LISTED else None
        value = voice.value(metric, find_measured(highest, metric).value or 0.0)
        return [voice.book.sentence("group.same", names=names, value=value)] if names else []
    best, worst = (lowest, highest) if better == "down" and not is_count else (highest, lowest)
    kind = "size" if is_count else "level" if better is None or voice.plan.group_by in STEPS else "quality"
    if kind == "level":
        best, worst = highest, lowest
    if is_count and not find_measured(lowest, metric).value:
        # Nobody asks which hour of the night had no conversation.
        return [voice.book.sentence("group.size.top", best=_say_entry(voice, best, metric))]
    return [voice.book.sentence(f"group.{kind}", best=_say_entry(voice, best, metric), worst=_say_entry(voice, worst, metric))]


def _say_movers(voice: Voice, named: list[Group], metric: str) -> list[str]:
    """What rose and what fell most; among those with enough rows in both periods where there are any."""
    is_count = METRICS[metric].unit == "count"
    enough = [group for group in named if is_count or _has_enough(find_measured(group, metric))]
    changes = [(find_measured(group, metric).change, group) for group in enough or named]
    moved = sorted(((change, group) for change, group in changes if change), key=lambda entry: entry[0])
    if not moved or len(named) < 2 or voice.plan.group_by in STEPS:
        return []
    says = {
        way: voice.book.say("explain.entry", name=_name(voice, group.key), change=voice.change(metric, change))
        for way, (change, group) in (("down", moved[0]), ("up", moved[-1]))
        if (change > 0) is (way == "up")
    }
    key = "group.movers" if len(says) == 2 else f"group.mover.{next(iter(says))}"
    return [voice.book.sentence(key, **says)]


def _has_enough(measured: Measured) -> bool:
    return min(measured.rows, measured.previous_rows or 0) >= FEW_ROWS


# --- ranked -------------------------------------------------------------------------------------------------------------


def _say_ranking(voice: Voice, evidence: MetricEvidence, metric: str) -> list[str]:
    """Who is first, with all who share the place; and who is first among those with enough rows."""
    plan, book = voice.plan, voice.book
    ranked = [group for group in evidence.ranked if find_measured(group, metric).value is not None]
    if not ranked:
        return say_nothing(voice, metric)
    superlative = voice.superlative(metric, is_highest=plan.order == "desc")
    scope, when = voice.scope(metric), voice.when
    top = find_measured(ranked[0], metric)
    tied = [group for group in ranked if find_measured(group, metric).value == top.value]
    is_count = METRICS[metric].unit == "count"
    said = []
    if plan.limit != 1 and len(ranked) > 1:
        listed = book.join([_say_entry(voice, group, metric, listed=True) for group in ranked[: min(plan.limit or LISTED, LISTED)]])
        said.append(book.sentence("rank.list", superlative=superlative, scope=scope, when=when, list=listed))
    elif len(tied) > 1:
        names = [voice.subject(plan.group_by or "", group.key) for group in tied[:LISTED]]
        said.append(
            book.sentence(
                "rank.tied" if len(tied) <= LISTED else "rank.tied.many", subject=book.join(names), n=str(len(tied)),
                superlative=superlative, scope=scope, when=when, value=voice.value(metric, top.value or 0.0),
            )
        )  # fmt: skip
    else:
        said.append(
            book.sentence(
                "rank.count" if is_count else "rank.one", subject=voice.subject(plan.group_by or "", ranked[0].key),
                superlative=superlative, scope=scope, when=when,
                value=voice.value(metric, top.value or 0.0), rows=voice.rows(metric, top.rows),
            )
        )  # fmt: skip
    if not is_count and top.rows < FEW_ROWS:
        enough = next((group for group in ranked if find_measured(group, metric).rows >= FEW_ROWS), None)
        if enough is not None:
            measured = find_measured(enough, metric)
            said.append(
                book.sentence(
                    "rank.enough", min=book.count(f"rows.{METRICS[metric].base}", FEW_ROWS), name=capitalise(_name(voice, enough.key)),
                    value=voice.value(metric, measured.value or 0.0), rows=voice.rows(metric, measured.rows),
                )
            )  # fmt: skip
    return said
