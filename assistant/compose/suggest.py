"""Three questions to ask next, fitting what was found, in words that the planner reads back as the same period and conditions."""

from collections.abc import Callable, Sequence

from assistant.compose.voice import Voice
from assistant.evidence import (
    ConversationsEvidence,
    Evidence,
    ExplainEvidence,
    MetricEvidence,
    SummaryEvidence,
    TalkEvidence,
    ThemesEvidence,
)
from assistant.plan import Dimension
from core.metrics import METRICS

SUGGESTED = 3
LONGEST = 200  # a longer question is not offered again
# The next way to look at something, in order; one that the plan fixed already is passed over.
NEXT_DIMENSIONS: tuple[Dimension, ...] = ("agent", "channel", "theme", "day")

# Dimensions of which a plan can name one value, to look into it alone.
DEEPER = frozenset({"agent", "channel", "theme"})


def suggest(voice: Voice, evidence: Evidence) -> list[str]:
    """Follow-ups of this answer where it has something to follow up, its choices after a question back, whole questions elsewhere."""
    if isinstance(evidence, TalkEvidence) and evidence.choices:
        return list(evidence.choices)
    choices = SUGGESTERS[voice.plan.intent](voice, evidence)
    return list(dict.fromkeys(choice for choice in choices if choice))[:SUGGESTED]


def suggest_again(suggestions: Sequence[str], evidence: Evidence, *, question: str) -> list[str]:
    """The suggestions with the question itself first, where much of its answer still waits for its analysis.

    `question` is empty where its words no longer say what was answered.
    """
    again = [question] if evidence.waiting and 0 < len(question) <= LONGEST else []
    return [*again, *suggestions][:SUGGESTED] if again else list(suggestions)


def _suggest_metric(voice: Voice, evidence: Evidence) -> list[str]:
    assert isinstance(evidence, MetricEvidence)
    if evidence.known is not None:
        return _suggest_start(voice)
    plan, book = voice.plan, voice.book
    is_quality = METRICS[plan.metrics[0]].better is not None
    found = [book.say("suggest.why")] if is_quality and plan.metrics[0] != "unanswered" else []
    if plan.compare_to is None and plan.group_by is None:
        found.append(book.say("suggest.compare"))
    found += _suggest_dimensions(voice)[: 1 if found else 2]
    found.append(book.say("suggest.messages"))
    return found


def _suggest_dimensions(voice: Voice) -> list[str]:
    plan = voice.plan
    taken = {plan.group_by, *(name for name in ("agent", "channel", "theme") if getattr(plan.filters, name))}
    if plan.period is not None and plan.period.days == 1:
        taken.add("day")
    return [voice.book.say(f"suggest.by.{dimension}") for dimension in NEXT_DIMENSIONS if dimension not in taken]


def _suggest_explain(voice: Voice, evidence: Evidence) -> list[str]:
    assert isinstance(evidence, ExplainEvidence)
    if evidence.known is not None:
        return _suggest_start(voice)
    book, plan = voice.book, voice.plan
    found = [book.say("suggest.messages")]
    chosen = evidence.explanations[0].chosen
    if chosen is not None and chosen.standing_out[0].key is not None:
        key = str(chosen.standing_out[0].key)
        if chosen.dimension in DEEPER:
            found.insert(0, book.say("suggest.deeper", name=key))
        if chosen.dimension == "theme":
            found.append(_ask(voice, "messages_about", theme=key))
        elif chosen.dimension == "agent":
            found.append(_ask(voice, "summary_of", name=key))
    metric = plan.metrics[0]
    if chosen is None or chosen.dimension not in ("hour", "weekday", "wait", "customer"):
        by = book.say(f"by.{chosen.dimension if chosen else 'agent'}")
        found.append(_ask(voice, "metric_by", bare=voice.bare(metric), by=by))
    return [*found, _ask(voice, "complaints"), _ask(voice, "themes")]


def _suggest_themes(voice: Voice, evidence: Evidence) -> list[str]:
    assert isinstance(evidence, ThemesEvidence)
    if not evidence.total:
        return _suggest_start(voice)
    named = [size.name for size in evidence.themes if size.name is not None]
    found = [_ask(voice, "messages_about", theme=named[0])] if named else [voice.book.say("suggest.messages")]
    by_theme = voice.book.say("by.theme")
    return [*found, _ask(voice, "metric_by", bare=voice.bare("satisfaction"), by=by_theme), voice.book.say("suggest.conversations")]


def _suggest_list(voice: Voice, evidence: Evidence) -> list[str]:
    if evidence.known is not None:
        return _suggest_start(voice)
    found = [voice.book.say("suggest.messages")] if isinstance(evidence, ConversationsEvidence) else []
    return [
        *found,
        _ask(voice, "themes"),
        _ask(voice, "metric_by", bare=voice.bare("satisfaction"), by=voice.book.say("by.agent")),
        _ask(voice, "summary"),
    ]


def _suggest_summary(voice: Voice, evidence: Evidence) -> list[str]:
    assert isinstance(evidence, SummaryEvidence)
    if evidence.known is not None:
        return _suggest_start(voice)
    found = []
    satisfaction = evidence.measured["satisfaction"]
    if satisfaction.change and not (voice.plan.filters.agent or voice.plan.filters.contact):
        verb = voice.book.say(f"suggest.verb.{'up' if satisfaction.change > 0 else 'down'}")
        found.append(_ask(voice, "why", the=voice.the("satisfaction"), verb=verb))
    if evidence.measured["unanswered"].value:
        found.append(_ask(voice, "unanswered"))
    by_agent = voice.book.say("by.agent")
    return [
        *found,
        _ask(voice, "complaints"),
        _ask(voice, "metric_by", bare=voice.bare("satisfaction"), by=by_agent),
        _ask(voice, "themes"),
    ]


def _suggest_start(voice: Voice, evidence: Evidence | None = None) -> list[str]:
    """Where nothing was found or nothing was asked: whole questions, over days that have something on the first of a month too."""
    book = voice.book
    lately = book.say("period.last_days.ask", days="30")
    return [
        book.sentence("suggest.ask.value", the=voice.the("satisfaction"), when=lately),
        book.sentence("suggest.ask.themes", when=lately),
        book.sentence("suggest.ask.unanswered", when=""),
    ]


def _ask(voice: Voice, key: str, **values: str) -> str:
    """A whole question over the plan's own period."""
    when = voice.name(voice.plan.period).ask if voice.plan.period else ""
    return voice.book.sentence(f"suggest.ask.{key}", when=when, **values)


SUGGESTERS: dict[str, Callable[[Voice, Evidence], list[str]]] = {
    "metric": _suggest_metric,
    "explain": _suggest_explain,
    "themes": _suggest_themes,
    "messages": _suggest_list,
    "conversations": _suggest_list,
    "summary": _suggest_summary,
    "help": _suggest_start,
    "clarify": _suggest_start,
    "refuse": _suggest_start,
}
