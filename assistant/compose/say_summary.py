"""The words of a `summary`, always in the same shape: volume, satisfaction and its cause, times, themes, complaints, who to call."""

from assistant.compose.say_explain import say_cause
from assistant.compose.say_lists import list_sizes, say_effect, say_growth
from assistant.compose.say_metric import say_nothing
from assistant.compose.voice import FEW_ROWS, Voice
from assistant.evidence import Measured, SummaryEvidence

THEMES = 3
CALLS = 3


def say_summary(voice: Voice, evidence: SummaryEvidence) -> list[str]:
    """Sentences in their fixed order; what has no data has no sentence."""
    measured, book = evidence.measured, voice.book
    conversations = measured["conversations"]
    if not conversations.value:
        return say_nothing(voice, "conversations")
    change = ""
    if conversations.previous and conversations.change:
        change = book.say("summary.volume.change", change=voice.change("conversations", conversations.change))
    said = [
        book.sentence(
            "summary.volume.alone" if voice.plan.filters.contact else "summary.volume", when=voice.when,
            conversations=voice.counted_plain(conversations.value),
            contacts=voice.counted("contacts", measured["contacts"].value or 0), scope=voice.scope("conversations"), change=change,
        )
    ]  # fmt: skip
    if not conversations.previous:
        said.append(book.sentence("summary.no_before", when_before=voice.name(evidence.compared).when))
    said += _say_quality(voice, evidence)
    named = [size for size in evidence.themes.themes if size.name is not None]
    if named:
        said.append(book.sentence("summary.themes", list=list_sizes(voice, named[:THEMES])))
        said += say_growth(voice, evidence.themes) + say_effect(voice, evidence.themes)
    return said + _say_complaints(voice, evidence) + _say_calls(voice, evidence)


def _say_quality(voice: Voice, evidence: SummaryEvidence) -> list[str]:
    measured, book = evidence.measured, voice.book
    said = []
    satisfaction, csat = measured["satisfaction"], measured["csat"]
    if satisfaction.value is not None and csat.value is not None:
        said.append(
            book.sentence(
                f"summary.satisfaction{'.open' if voice.is_open else ''}", value=_say_value(voice, satisfaction),
                before=_say_before(voice, satisfaction), csat=voice.value("csat", csat.value),
            )
        )  # fmt: skip
    if evidence.explanation is not None:
        said += say_cause(voice, evidence.explanation, is_whole=not evidence.waiting)
    for metric, key in (("first_response_time", "summary.times"), ("resolution_rate", "summary.resolved")):
        entry = measured[metric]
        if entry.value is not None:
            said.append(book.sentence(key, value=voice.value(metric, entry.value), before=_say_before(voice, entry)))
    return said


def _say_value(voice: Voice, entry: Measured) -> str:
    """4,2; where few conversations stand behind it: 4,2 (só 4 conversas)."""
    value = voice.value(entry.metric, entry.value or 0.0)
    if entry.rows >= FEW_ROWS:
        return value
    return voice.book.say("group.entry.listed", name=value, value=voice.rows(entry.metric, entry.rows))


def _say_before(voice: Voice, entry: Measured) -> str:
    return "" if entry.previous is None else voice.book.say("summary.before", before=voice.value(entry.metric, entry.previous))


def _say_complaints(voice: Voice, evidence: SummaryEvidence) -> list[str]:
    number = evidence.measured["complaints"].value
    if not number:
        return []
    counted = voice.counted("complaints", number)
    first = next((size for size in evidence.complaints.themes if size.name is not None), None)
    if first is None or first.conversations < 2:
        return [voice.book.sentence("summary.complaints.plain", complaints=counted)]
    n = voice.value("complaints", first.conversations)
    return [voice.book.sentence("summary.complaints", complaints=counted, name=first.name or "", n=n)]


def _say_calls(voice: Voice, evidence: SummaryEvidence) -> list[str]:
    book = voice.book
    said = []
    waiting = evidence.measured["unanswered"].value
    if waiting:
        said.append(book.count("summary.unanswered", waiting))
    if evidence.worst:
        entries = [book.say("summary.call.entry", name=row.contact, note=str(row.satisfaction)) for row in evidence.worst[:CALLS]]
        said.append(book.sentence("summary.call", list=book.join(entries)))
    return said
