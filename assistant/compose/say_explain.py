"""The words of an `explain` answer: what moved, what pushed it most and how surely, what is left, or that nothing stands out."""

from assistant.compose.drivers import find_certainty, find_share
from assistant.compose.say_metric import say_change, say_nothing
from assistant.compose.voice import Voice
from assistant.compose.words import capitalise
from assistant.decompose import Driver, Split, find_largest
from assistant.evidence import ExplainEvidence, Explanation, Measured, Usual
from assistant.waiting import is_minor
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
        said += say_cause(voice, explanation, is_whole=not evidence.waiting)
    if is_minor(evidence.waiting):
        said.append(voice.book.sentence("explain.too_early"))
    if evidence.quotes and any(explanation.chosen or explanation.usual or explanation.pulls for explanation in evidence.explanations):
        said.append(voice.book.sentence("explain.quotes"))
    return said


def say_cause(voice: Voice, explanation: Explanation, *, is_whole: bool = True) -> list[str]:
    """What pushed the change most; where nothing did, whether chance explains it, and what holds the level.

    Where not the whole is analysed, nothing is called certain, and what stands out so far is called so.
    """
    book, measured, chosen = voice.book, explanation.measured, explanation.chosen
    if chosen is not None:
        return _say_drivers(voice, explanation, chosen, is_whole=is_whole)
    said = []
    # From or to nothing at all there is nothing to set apart.
    if explanation.splits and measured.change and measured.value and measured.previous:
        looked_at = [book.say(f"plural.{split.dimension}") for split in explanation.splits]
        if explanation.usual is not None:
            return [_say_usual(voice, explanation.usual), book.sentence("explain.nothing.usual")]
        # In a summary, what is within chance is said in one breath.
        if explanation.is_beyond_chance or voice.plan.intent == "explain":
            said.append(_say_nothing(voice, explanation, book.join(looked_at), is_whole=is_whole))
        if is_whole and not explanation.is_beyond_chance:
            base = METRICS[measured.metric].base
            rows_before, rows_now = (book.count(f"rows.{base}", rows or 0) for rows in (measured.previous_rows, measured.rows))
            said.append(book.sentence("explain.chance", before_rows=rows_before, now_rows=rows_now))
    return said + _say_pulls(voice, explanation)


def _say_nothing(voice: Voice, explanation: Explanation, looked_at: str, *, is_whole: bool) -> str:
    """That nothing stands out; and what the largest part is, where one is so large that the change can't be called spread."""
    if not is_whole:
        return voice.book.sentence("explain.nothing.so_far", dimensions=looked_at)
    found = find_largest(explanation.splits)
    if found is None:
        return voice.book.sentence("explain.nothing", dimensions=looked_at)
    split, driver = found
    return voice.book.sentence("explain.nothing.largest", subject=voice.subject(split.dimension, driver.key))


def _say_usual(voice: Voice, usual: Usual) -> str:
    """What stands out against the weeks before: the cause, though the two periods alone are too few to be sure of it."""
    metric, driver = usual.measured.metric, usual.split.standing_out[0]
    return voice.book.sentence(
        "explain.usual",
        weeks=str(usual.period.days // 7),
        subject=voice.subject(usual.split.dimension, driver.key),
        the=voice.the(metric),
        before=voice.value(metric, driver.before or 0.0),
        now=voice.value(metric, driver.now or 0.0),
        **_count_rows(voice, metric, driver),
    )


def _say_drivers(voice: Voice, explanation: Explanation, chosen: Split, *, is_whole: bool) -> list[str]:
    """The first driver, how sure it is, the others, what lies within and beside it, and what is left of the change."""
    book, metric = voice.book, explanation.measured.metric
    first, *others = chosen.standing_out
    said = [_say_driver(voice, explanation.measured, chosen, first)]
    if first.cause == "both" and chosen.kind != "difference":
        said.append(book.sentence("explain.both", **_count_rows(voice, metric, first)))
    certainty = find_certainty(first)
    if certainty is not None and is_whole and voice.plan.intent == "explain":
        said.append(book.sentence("explain.certainty", certainty=voice.value("csat", certainty)))
    for key, drivers in (("also", others), ("against", chosen.against)):
        entries = [
            book.say("explain.entry", name=voice.key(chosen.dimension, driver.key), change=voice.change(metric, driver.change))
            for driver in drivers[:ALSO]
        ]
        if entries:
            said.append(book.sentence(f"explain.{key}", list=book.join(entries)))
    deeper, beside = explanation.deeper, explanation.beside
    if deeper is not None and deeper.split.standing_out:
        said.append(_say_inner(voice, "deeper", metric, deeper.split))
    if voice.plan.intent == "explain":
        is_known = ".known" if beside is not None else ""
        said.append(book.sentence(f"explain.rest{is_known}", rest=voice.change(metric, chosen.rest)))
    if beside is not None:
        said.append(_say_inner(voice, "beside", metric, beside))
    return said


def _say_driver(voice: Voice, measured: Measured, split: Split, driver: Driver) -> str:
    metric, book = measured.metric, voice.book
    share = find_share(driver, split)
    # More than all of it is arithmetic that only confuses: others then pushed the other way.
    told = share is not None and 0 < share <= 100
    said_share = book.say("explain.share", share=voice.value("csat", share)) if told and share is not None else ""
    form = {"difference": "count", "median": "median", "exact": "mix" if driver.cause == "mix" else "rate"}[split.kind]
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
        share=said_share,
        **(_count_rows(voice, metric, driver) if form in ("mix", "count") else _warn_of_few(voice, metric, driver)),
    )


def _say_inner(voice: Voice, key: str, metric: str, split: Split) -> str:
    """The first driver of a split within or beside the first driver, in brief."""
    driver = split.standing_out[0]
    form = ".mix" if driver.cause == "mix" and split.kind == "exact" else ""
    return voice.book.sentence(
        f"explain.{key}{form}",
        subject=voice.subject(split.dimension, driver.key),
        the=voice.the(metric),
        before=voice.value(metric, driver.before or 0.0),
        now=voice.value(metric, driver.now or 0.0),
        **_count_rows(voice, metric, driver),
    )


def _count_rows(voice: Voice, metric: str, driver: Driver) -> dict[str, str]:
    base = METRICS[metric].base
    return {
        "before_rows": voice.book.count(f"rows.{base}", driver.before_rows),
        "now_rows": voice.book.count(f"rows.{base}", driver.now_rows),
    }


def _warn_of_few(voice: Voice, metric: str, driver: Driver) -> dict[str, str]:
    """só 4 conversas, where they are few."""
    return {"before_rows": voice.rows(metric, driver.before_rows), "now_rows": voice.rows(metric, driver.now_rows)}


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
