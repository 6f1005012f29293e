"""The words of answers that look at no row: what the assistant can do, what a metric means, what it lacks, what it will not do."""

from assistant.compose.voice import Voice
from assistant.evidence import TalkEvidence
from core.metrics import METRICS


def say_help(voice: Voice, evidence: TalkEvidence) -> list[str]:
    """The definition of the metric that was asked about, else what can be asked."""
    if evidence.topic in METRICS:
        entry = METRICS[evidence.topic]
        return [voice.book.say("help.definition", label=entry.labels[voice.language], definition=entry.definitions[voice.language])]
    metrics = voice.book.join([voice.label(slug).lower() if slug != "csat" else "CSAT" for slug in HELP_METRICS])
    return [
        voice.book.sentence("help.what", tenant=evidence.tenant_name, metrics=metrics),
        voice.book.sentence("help.more"),
        voice.book.sentence("help.how"),
    ]


HELP_METRICS = ("satisfaction", "csat", "sentiment", "first_response_time", "resolution_rate", "complaints", "unanswered")


def say_clarify(voice: Voice, evidence: TalkEvidence) -> list[str]:
    """The question back, with the choices where there are some."""
    if evidence.choices:
        return [voice.book.sentence("clarify.choices", choices=voice.any_of(evidence.choices))]
    key = f"clarify.{evidence.kind}" if evidence.kind and voice.book.has(f"clarify.{evidence.kind}") else "clarify"
    return [voice.book.sentence(key)]


def say_refuse(voice: Voice, evidence: TalkEvidence) -> list[str]:
    """Why not, and what there is instead."""
    key = f"refuse.{evidence.kind}" if evidence.kind and voice.book.has(f"refuse.{evidence.kind}") else "refuse"
    return [voice.book.sentence(key), voice.book.sentence("refuse.instead")]
