"""The words of answers that look at no row: what the assistant can do, what a metric means, what it lacks, what it will not do."""

from collections.abc import Sequence

from assistant.compose.voice import Voice
from assistant.evidence import TalkEvidence
from assistant.planner import DAY_DOUBTS, Doubt, LeftOut
from core.metrics import METRICS

SHOWN_BY = {"hours": "hour", "weekdays": "weekday"}  # conditions that a split shows side by side
HELP_METRICS = ("satisfaction", "csat", "sentiment", "first_response_time", "resolution_rate", "complaints", "unanswered")


def say_help(voice: Voice, evidence: TalkEvidence) -> list[str]:
    """The meaning of the metric or dimension that was asked about, else what can be asked."""
    if evidence.topic in METRICS:
        entry = METRICS[evidence.topic]
        return [voice.book.say("help.definition", label=entry.labels[voice.language], definition=entry.definitions[voice.language])]
    if voice.book.has(f"help.{evidence.topic}"):
        label = voice.book.say(f"dimension.{evidence.topic}")
        return [voice.book.say("help.definition", label=label, definition=voice.book.say(f"help.{evidence.topic}"))]
    metrics = voice.book.join([voice.label(slug) for slug in HELP_METRICS])
    return [
        voice.book.sentence("help.what", tenant=evidence.tenant_name, metrics=metrics),
        voice.book.sentence("help.more"),
        voice.book.sentence("help.how"),
    ]


def say_clarify(voice: Voice, evidence: TalkEvidence) -> list[str]:
    """The question back, with the choices where there are some."""
    heard = voice.book.say("quoted", text=evidence.heard) if evidence.heard else ""
    if evidence.choices:
        key = f"clarify.{evidence.kind}" if evidence.kind in ("channel", "theme") else "clarify.choices"
        return [voice.book.sentence(key, heard=heard, choices=voice.any_of(evidence.choices))]
    if evidence.heard and evidence.kind in DAY_DOUBTS:
        return [voice.book.sentence(f"clarify.{evidence.kind}", heard=heard)]
    if evidence.heard:
        return [voice.book.sentence("clarify.name", heard=heard)]
    return [voice.book.sentence("clarify.subject")]


def say_refuse(voice: Voice, evidence: TalkEvidence) -> list[str]:
    """Why not, and what there is instead."""
    key = f"refuse.{evidence.kind}" if voice.book.has(f"refuse.{evidence.kind}") else "refuse"
    return [voice.book.sentence(key), voice.book.sentence("refuse.instead")]


def say_guesses(voice: Voice, guesses: Sequence[Doubt]) -> list[str]:
    """Names that were taken although they were spelled otherwise."""
    return [
        voice.book.sentence("note.guess", heard=voice.book.say("quoted", text=guess.heard), taken=voice.any_of(guess.choices))
        for guess in guesses
        if guess.choices
    ]


def say_left_out(voice: Voice, left_out: Sequence[LeftOut]) -> list[str]:
    """What of the question was not considered, and why: said before anything else, since the figures are of more than was asked."""
    book, said = voice.book, []
    for left in left_out:
        heard = book.say("quoted", text=left.heard)
        if left.kind == "unread":
            said.append(book.sentence("left_out.unread", heard=heard))
            continue
        shown = f"left_out.{left.kind}.split"
        is_shown = book.has(shown) and voice.plan.group_by == SHOWN_BY[left.kind]
        said.append(book.sentence("left_out", heard=heard, why=book.say(shown if is_shown else f"left_out.{left.kind}")))
    return said
