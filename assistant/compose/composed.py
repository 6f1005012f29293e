"""Evidence → a whole answer's parts: blocks, sentences that passed the check, citations, coverage, notes, suggestions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from assistant.blocks import Block, Citation, Coverage
from assistant.compose.check import add_evidence, collect_facts, find_unknown
from assistant.compose.drivers import make_drivers, make_pulls
from assistant.compose.notes import describe_coverage, list_notes
from assistant.compose.numbers import Language
from assistant.compose.say_explain import say_explain
from assistant.compose.say_lists import find_kind, say_conversations, say_messages, say_themes
from assistant.compose.say_metric import does_rank, say_lead, say_metric, say_waiting
from assistant.compose.say_summary import say_summary
from assistant.compose.say_talk import say_clarify, say_help, say_refuse
from assistant.compose.suggest import suggest
from assistant.compose.tables import (
    MAX_GROUPS,
    make_conversations,
    make_groups,
    make_messages,
    make_number,
    make_themes,
)
from assistant.compose.voice import Voice
from assistant.decompose import find_nearest
from assistant.evidence import (
    ConversationsEvidence,
    Evidence,
    ExplainEvidence,
    Explanation,
    MessagesEvidence,
    MetricEvidence,
    SummaryEvidence,
    ThemesEvidence,
)
from assistant.plan import EMPTY_INTENTS
from assistant.selection import Moment
from core.search import MessageRow

log = structlog.get_logger(__name__)

# A complaint's themes are a list of their own in a summary from this many complaints on.
ENOUGH_COMPLAINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An answer without its ids and times. `sentences` joined by spaces are its text."""

    blocks: list[Block]
    sentences: list[str]
    citations: list[Citation]
    coverage: Coverage
    notes: list[str]
    suggestions: list[str]


def compose(evidence: Evidence, *, language: Language, moment: Moment) -> Composed:
    """Put evidence into words and blocks. A sentence with a figure that the evidence lacks is dropped, and logged by its place."""
    voice = Voice(evidence.plan, language=language, moment=moment)
    blocks, coverage = BLOCKS[evidence.plan.intent](voice, evidence), describe_coverage(voice, evidence)
    compared = getattr(evidence, "compared", None)
    periods = [period for period in (evidence.plan.period, evidence.plan.compare_to, compared) if period is not None]
    facts = collect_facts(voice, blocks, coverage, periods=periods)
    add_evidence(facts, voice, evidence)
    # Nothing was found, but not all was read: that is not the same as nothing.
    is_waiting = evidence.known is not None and coverage.pending > 0
    said = [say_waiting(voice, coverage.pending)] if is_waiting else SENTENCES[evidence.plan.intent](voice, evidence)
    if evidence.waiting and not is_waiting:
        said = [say_lead(voice, evidence.waiting), *said]
    sentences = []
    for place, sentence in enumerate(said):
        if unknown := find_unknown(sentence, facts):
            log.error("answer.sentence_dropped", intent=evidence.plan.intent, place=place, language=language, figures=len(unknown))
        else:
            sentences.append(sentence)
    groups = len(evidence.groups or ()) if isinstance(evidence, MetricEvidence) else 0
    return Composed(
        blocks=blocks,
        sentences=sentences,
        citations=[make_citation(quote, moment) for quote in evidence.quotes],
        coverage=coverage,
        notes=[] if is_waiting else list_notes(voice, evidence, total_groups=groups, shown_groups=min(groups, MAX_GROUPS)),
        suggestions=suggest(voice, evidence),
    )


def make_citation(quote: MessageRow, moment: Moment) -> Citation:
    """A message as it is quoted, its time in the tenant's zone."""
    return Citation(
        message_id=quote.message_id,
        conversation_id=quote.conversation_id,
        sent_at=quote.sent_at.astimezone(ZoneInfo(moment.time_zone)).isoformat(timespec="seconds"),
        author=quote.author_name or quote.contact,
        text=quote.text,
    )


def _title(voice: Voice, what: str) -> str:
    label = voice.name(voice.plan.period).label if voice.plan.period else ""
    return voice.book.sentence("title", what=what, when=label)


def _list_metrics(voice: Voice) -> str:
    return voice.book.join([voice.label(metric) for metric in voice.plan.metrics])


def _make_metric_blocks(voice: Voice, evidence: MetricEvidence) -> list[Block]:
    what, dimension = _list_metrics(voice), voice.plan.group_by
    number = make_number(voice, evidence.totals, title=_title(voice, what))
    if evidence.groups is None or dimension is None:
        return [number]
    title = voice.book.say("title.by", what=what, by=voice.book.say(f"by.{dimension}"))
    groups: list[Block] = [make_groups(voice, evidence.groups, dimension=dimension, title=title)] if evidence.groups else []
    return groups if does_rank(voice.plan) and groups else [number, *groups]


def _make_explain_blocks(voice: Voice, evidence: ExplainEvidence) -> list[Block]:
    blocks: list[Block] = []
    for explanation in evidence.explanations:
        metric = explanation.measured.metric
        # Where nothing stands out, the split that came nearest is shown all the same, for the reader to judge.
        shown = explanation.chosen or find_nearest(explanation.splits)
        if shown is not None:
            title = voice.book.say("title.drivers", what=voice.label(metric), by=voice.book.say(f"by.{shown.dimension}"))
            blocks.append(make_drivers(voice, explanation, shown, title=title))
        else:
            blocks.append(make_number(voice, [explanation.measured], title=_title(voice, voice.label(metric))))
        if explanation.usual is not None:
            usual = explanation.usual
            title = voice.book.say("title.usual", what=voice.label(metric), by=voice.book.say(f"by.{usual.split.dimension}"))
            against = Explanation(measured=usual.measured, splits=(usual.split,), chosen=usual.split, is_beyond_chance=True)
            blocks.append(make_drivers(voice, against, usual.split, title=title))
        elif explanation.pulls_by is not None:
            title = voice.book.say("title.pulls", what=voice.label(metric), by=voice.book.say(f"by.{explanation.pulls_by}"))
            blocks.append(make_pulls(voice, explanation, title=title))
    return blocks


def _make_themes_blocks(voice: Voice, evidence: ThemesEvidence) -> list[Block]:
    kind = "title.complaints" if find_kind(voice) == ".complaints" else "title.themes"
    return [make_themes(voice, evidence, title=_title(voice, voice.book.say(kind)))] if evidence.themes else []


def _make_messages_blocks(voice: Voice, evidence: MessagesEvidence) -> list[Block]:
    return [make_messages(voice, evidence.found, title=_title(voice, voice.book.say("title.messages")))] if evidence.found.rows else []


def _make_conversations_blocks(voice: Voice, evidence: ConversationsEvidence) -> list[Block]:
    title = _title(voice, voice.book.say("title.conversations"))
    found = evidence.found
    return [make_conversations(voice, found.rows, total=found.total, title=title)] if found.rows else []


def _make_summary_blocks(voice: Voice, evidence: SummaryEvidence) -> list[Block]:
    if evidence.known is not None or not evidence.measured["conversations"].rows:
        return []
    book = voice.book
    blocks: list[Block] = [make_number(voice, list(evidence.measured.values()), title=_title(voice, book.say("title.numbers")))]
    explanation = evidence.explanation
    if explanation is not None and explanation.chosen is not None:
        by = book.say(f"by.{explanation.chosen.dimension}")
        title = book.say("title.drivers", what=voice.label("satisfaction"), by=by)
        blocks.append(make_drivers(voice, explanation, explanation.chosen, title=title))
    if evidence.themes.themes:
        blocks.append(make_themes(voice, evidence.themes, title=book.say("title.themes")))
    if evidence.complaints.total >= ENOUGH_COMPLAINTS:
        blocks.append(make_themes(voice, evidence.complaints, title=book.say("title.complaints")))
    if evidence.latest:
        total = int(evidence.measured["conversations"].value or 0)
        blocks.append(make_conversations(voice, evidence.latest, total=total, title=book.say("title.conversations")))
    if evidence.worst:
        blocks.append(make_conversations(voice, evidence.worst, total=len(evidence.worst), title=book.say("title.worst")))
    return blocks


def _make_no_blocks(voice: Voice, evidence: Evidence) -> list[Block]:
    return []


BLOCKS: dict[str, Callable[[Voice, Any], list[Block]]] = {
    "metric": _make_metric_blocks,
    "explain": _make_explain_blocks,
    "themes": _make_themes_blocks,
    "messages": _make_messages_blocks,
    "conversations": _make_conversations_blocks,
    "summary": _make_summary_blocks,
    **dict.fromkeys(EMPTY_INTENTS, _make_no_blocks),
}

SENTENCES: dict[str, Callable[[Voice, Any], list[str]]] = {
    "metric": say_metric,
    "explain": say_explain,
    "themes": say_themes,
    "messages": say_messages,
    "conversations": say_conversations,
    "summary": say_summary,
    "help": say_help,
    "clarify": say_clarify,
    "refuse": say_refuse,
}
