"""What a careful person adds below an answer: what was left out, what does not add up, what is too little to lean on."""

from assistant.blocks import Coverage, CoverageHole, CoveredPeriod
from assistant.compose.voice import FEW_ROWS, Voice
from assistant.compose.words import capitalise
from assistant.evidence import Evidence, ExplainEvidence, Measured, MetricEvidence, SummaryEvidence, ThemesEvidence
from assistant.explain import MAX_METRICS
from assistant.explain import can_split as can_explain
from core.metrics import METRICS
from core.periods import Period

MAX_VERSIONS = 4
FEELINGS = frozenset({"sentiment", "emotion", "tone"})


def describe_coverage(voice: Voice, evidence: Evidence) -> Coverage:
    """How many conversations there are, how many are analysed and how many wait."""
    covered, period = evidence.covered, voice.plan.period
    if covered is None or period is None:
        return Coverage(period=None, conversations=0, analysed=0, pending=0, text="")
    book = voice.book
    text = book.say("coverage.none")
    if covered.conversations:
        text = book.count("coverage", covered.conversations, analysed=voice.value("conversations", covered.analysed))
        if covered.pending:
            text = book.say("coverage.pending", coverage=text, pending=voice.value("conversations", covered.pending))
    return Coverage(
        period=CoveredPeriod(start=period.start.isoformat(), end=period.end.isoformat()),
        conversations=covered.conversations,
        analysed=covered.analysed,
        pending=covered.pending,
        holes=[
            CoverageHole(
                channel=hole.channel,
                missing=hole.missing,
                start=hole.start.isoformat() if hole.start else None,
                end=hole.end.isoformat() if hole.end else None,
                since=hole.since.isoformat() if hole.since else None,
                until=hole.until.isoformat() if hole.until else None,
            )
            for hole in evidence.holes
        ],
        text=text,
    )


def list_notes(voice: Voice, evidence: Evidence, *, total_groups: int = 0, shown_groups: int = 0) -> list[str]:
    """The caveats of this evidence, most important first; none where nothing was found."""
    if evidence.known is not None or evidence.covered is None:
        return _note_holes(voice, evidence) + _note_nothing(voice, evidence)
    notes = _note_holes(voice, evidence) + _note_versions(voice, evidence) + _note_lengths(voice, evidence)
    if isinstance(evidence, MetricEvidence):
        notes += _note_few(voice, evidence.totals)
        if evidence.left_out:
            notes.append(capitalise(voice.book.count("note.left_out", evidence.left_out)))
        notes += _note_sums(voice, [total.metric for total in evidence.totals])
    if isinstance(evidence, SummaryEvidence):
        notes += _note_few(voice, (evidence.measured["satisfaction"],))
    if isinstance(evidence, ThemesEvidence) and 0 < evidence.total < FEW_ROWS:
        notes.append(voice.book.sentence("note.few.conversation", n=str(FEW_ROWS)))
    if isinstance(evidence, ExplainEvidence):
        notes += _note_explain(voice, evidence)
    elif voice.plan.group_by is not None and voice.plan.intent != "metric":
        notes.append(_note_not_grouped(voice))
    if voice.plan.search:
        notes.append(voice.book.sentence("note.words", text=voice.book.say("quoted", text=voice.plan.search)))
    if shown_groups < total_groups:
        notes.append(voice.book.sentence("note.cut", shown=str(shown_groups), n=voice.value("conversations", total_groups)))
    return notes


def _note_holes(voice: Voice, evidence: Evidence) -> list[str]:
    """What the numbers lack, before anything else: a hole may change them all."""
    book, notes = voice.book, []
    for hole in evidence.holes:
        if hole.since is not None and hole.until is not None:
            since, until = voice.instant(hole.since), voice.instant(hole.until)
            notes.append(book.sentence("note.outage", channel=hole.channel, since=since, until=until))
        elif hole.since is not None:
            notes.append(book.sentence("note.cut_off", channel=hole.channel, since=voice.instant(hole.since)))
        elif hole.start is not None and hole.end is not None:
            when = "day" if hole.start == hole.end else "days"
            days = book.say(f"note.missing.{when}", start=voice.day(hole.start), end=voice.day(hole.end))
            if hole.missing:
                notes.append(capitalise(book.count("note.missing", hole.missing, channel=hole.channel, when=days)))
            else:
                notes.append(book.sentence("note.unchecked", channel=hole.channel, when=days))
    return notes


def _note_versions(voice: Voice, evidence: Evidence) -> list[str]:
    """Where conclusions of two versions of the analyser are in the numbers, a change among them may be the analyser's."""
    if len(evidence.versions) < 2:
        return []
    parts = [f"{one.analyser} {one.version}: {voice.value('conversations', one.conversations)}" for one in evidence.versions[:MAX_VERSIONS]]
    return [voice.book.sentence("note.versions", n=str(len(evidence.versions)), versions="; ".join(parts))]


def _note_nothing(voice: Voice, evidence: Evidence) -> list[str]:
    """Where there is nothing: which days have conversations, and what to try."""
    if evidence.covered is None:
        return []
    book, plan = voice.book, voice.plan
    if evidence.known is None:
        return [book.sentence("none.empty")]
    known = book.sentence("none.known", start=voice.day(evidence.known.start), end=voice.day(evidence.known.end))
    has_conditions = bool(plan.filters.to_dict()) or plan.search is not None
    return [known, book.sentence("none.filters" if has_conditions else "none.period")]


def _note_lengths(voice: Voice, evidence: Evidence) -> list[str]:
    """Counts of periods of different lengths are no fair comparison."""
    plan = voice.plan
    compared: Period | None = plan.compare_to or getattr(evidence, "compared", None)
    counts = plan.intent in ("summary", "themes") or any(METRICS[metric].unit == "count" for metric in plan.metrics)
    if plan.period is None or compared is None or not counts or plan.period.days == compared.days or not _has_before(evidence):
        return []
    return [voice.book.sentence("note.lengths", now=str(plan.period.days), before=str(compared.days))]


def _has_before(evidence: Evidence) -> bool:
    """Whether there is anything in the compared period of a summary or of themes."""
    if isinstance(evidence, SummaryEvidence):
        return bool(evidence.measured["conversations"].previous)
    return not isinstance(evidence, ThemesEvidence) or evidence.previous_total > 0


def _note_few(voice: Voice, totals: tuple[Measured, ...]) -> list[str]:
    few = next((total for total in totals if METRICS[total.metric].unit != "count" and 0 < total.rows < FEW_ROWS), None)
    if few is None:
        return []
    return [voice.book.sentence(f"note.few.{METRICS[few.metric].base}", n=str(FEW_ROWS))]


def _note_sums(voice: Voice, metrics: list[str]) -> list[str]:
    """Where rows of a table do not add up to the whole, it says so."""
    dimension = voice.plan.group_by
    if dimension in FEELINGS and any(METRICS[metric].base != "message" for metric in metrics):
        return [voice.book.sentence("note.feelings", dimension=voice.book.say(f"dimension.{dimension}").lower())]
    if dimension not in (None, "contact") and "contacts" in metrics:
        return [voice.book.sentence("note.overlap")]
    return []


def _note_explain(voice: Voice, evidence: ExplainEvidence) -> list[str]:
    notes = []
    metrics = [explanation.measured.metric for explanation in evidence.explanations]
    if any(split.kind == "median" for explanation in evidence.explanations for split in explanation.splits):
        notes.append(voice.book.sentence("note.median"))
    if "contacts" in metrics:
        notes.append(voice.book.sentence("note.overlap"))
    few = tuple(explanation.measured for explanation in evidence.explanations)
    notes += _note_few(voice, few)
    if left := voice.plan.metrics[MAX_METRICS:]:
        labels = voice.book.join([voice.label(metric) for metric in left])
        notes.append(voice.book.sentence("note.metrics", n=str(MAX_METRICS), left=labels))
    if voice.plan.group_by is not None and not can_explain(voice.plan.group_by):
        notes.append(_note_not_grouped(voice))
    return notes


def _note_not_grouped(voice: Voice) -> str:
    return voice.book.sentence("note.not_grouped", by=voice.book.say(f"by.{voice.plan.group_by}"))
