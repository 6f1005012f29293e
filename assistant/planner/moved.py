"""Rankings of change: "qual canal piorou mais", "a maior queda de csat", "which agent improved the most"."""

from dataclasses import dataclass

from assistant.plan import Dimension, MetricName
from assistant.planner.measure import pick_metrics
from assistant.planner.rank import find_ranked
from assistant.planner.reading import Reading, get_dimension
from assistant.planner.tag import Span


@dataclass(frozen=True, slots=True)
class Moved:
    """Of what the largest change is asked for, and the measure that is meant where none is named."""

    group_by: Dimension
    metrics: tuple[MetricName, ...]


def ranks_change(reading: Reading) -> bool:
    """Whether a superlative stands beside a word of change, only articles and prepositions between them."""
    return bool(_find_ranked_changes(reading))


def find_moved(reading: Reading) -> Moved | None:
    """What moved most, where one row each is asked for; None for every other question."""
    changes = _find_ranked_changes(reading)
    if not changes:
        return None
    ranked = get_moved_dimension(reading)
    if ranked is None:
        return None
    # A shop that grew has more to do; one that improved or fell is judged by how content its customers are.
    grew = any(span.has("growth") for span in changes)
    return Moved(ranked, ("conversations",) if grew else ("satisfaction",))


def get_moved_dimension(reading: Reading) -> Dimension | None:
    if reading.by:
        return get_dimension(reading.by[0])
    ranked = find_ranked(reading, pick_metrics(reading))
    if ranked is not None:
        return ranked[0]
    return "agent" if reading.has_cue("whose") else "channel" if reading.has_cue("where") else None


def _find_ranked_changes(reading: Reading) -> list[Span]:
    tops = reading.find_cues("most", "least", "best", "worst", "main", "top")
    found = []
    for span in reading.find_cues("change"):
        beside = (
            reading.words_between(min(span.end, top.end), max(span.start, top.start)) == [] for top in tops if top.places != span.places
        )
        if any(beside):
            found.append(span)
    return found
