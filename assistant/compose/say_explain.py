"""The words of an `explain` answer: what moved, what pushed it most, or that nothing stands out."""

from assistant.compose.say_metric import say_change, say_nothing
from assistant.compose.tables import find_share
from assistant.compose.voice import Voice
from assistant.compose.words import capitalise
from assistant.decompose import Driver, Split
from assistant.evidence import ExplainEvidence, Explanation
from core.metrics import METRICS

ALSO = 2


def say_explain(voice: Voice, evidence: ExplainEvidence) -> list[str]:
    """Sentences, the first with the change."""
    said: list[str] = []
    for explanation in evidence.explanations:
        measured = explanation.measured
        if not measured.rows and not measured.previous_rows:
            return say_nothing(voice, measured.metric)
        said += say_change(voice, measured)
        said += say_cause(voice, explanation)
    if evidence.quotes and any(explanation.chosen or explanation.pulls for explanation in evidence.explanations):
        said.append(voice.book.sentence("explain.quotes"))
    return said


def say_cause(voice: Voice, explanation: Explanation) -> list[str]:
    """What pushed the change most; where nothing did, whether chance explains it, and what holds the level."""
    book, measured, chosen = voice.book, explanation.measured, explanation.chosen
    if chosen is not None:
        first, *others = chosen.standing_out
        said = [_say_driver(voice, explanation, chosen, first)]
        also = [
            book.say("explain.entry", name=voice.key(chosen.dimension, other.key), change=voice.change(measured.metric, other.change))
            for other in others[:ALSO]
        ]
        return said + ([book.sentence("explain.also", list=book.join(also))] if also else [])
    said = []
    if explanation.splits and measured.change:
        looked_at = [book.say(f"plural.{split.dimension}") for split in explanation.splits]
        said.append(book.sentence("explain.nothing", dimensions=book.join(looked_at)))
        if not explanation.is_beyond_chance:
            base = METRICS[measured.metric].base
            rows_before, rows_now = (book.count(f"rows.{base}", rows or 0) for rows in (measured.previous_rows, measured.rows))
            said.append(book.sentence("explain.chance", before_rows=rows_before, now_rows=rows_now))
    return said + _say_pulls(voice, explanation)


def _say_driver(voice: Voice, explanation: Explanation, split: Split, driver: Driver) -> str:
    metric, book = explanation.measured.metric, voice.book
    base = METRICS[metric].base
    share = find_share(driver, split)
    # More than all of it is arithmetic that only confuses: others then pushed the other way.
    told = share is not None and 0 < share <= 100
    said_share = book.say("explain.share", share=voice.value("csat", share)) if told and share is not None else ""
    is_mix = abs(driver.mix) > abs(driver.rate)
    form = {"difference": "count", "median": "median", "exact": "mix" if is_mix else "rate"}[split.kind]
    value = driver.now if driver.now is not None else driver.before
    return book.sentence(
        f"explain.{form}",
        subject=voice.subject(split.dimension, driver.key),
        the=voice.the(metric),
        bare=voice.bare(metric),
        before=voice.value(metric, driver.before or 0.0),
        now=voice.value(metric, driver.now or 0.0),
        value=voice.value(metric, value or 0.0),
        change=voice.change(metric, driver.change),
        before_rows=book.count(f"rows.{base}", driver.before_rows),
        now_rows=book.count(f"rows.{base}", driver.now_rows),
        share=said_share,
    )


def _say_pulls(voice: Voice, explanation: Explanation) -> list[str]:
    if explanation.pulls_by is None:
        return []
    metric = explanation.measured.metric
    entries = [
        voice.book.say(
            "group.entry.few.listed", name=capitalise(voice.key(explanation.pulls_by, pull.key)),
            value=voice.value(metric, pull.value), rows=voice.rows(metric, pull.rows),
        )
        for pull in explanation.pulls
    ]  # fmt: skip
    way = "down" if METRICS[metric].better == "up" else "up"
    return [voice.book.sentence(f"explain.{way}", the=voice.the(metric), list=voice.book.join(entries))]
