"""Whether a question goes on from the last one of its thread, or starts anew."""

from assistant.planner.listing import find_listed
from assistant.planner.rank import SUPERLATIVES
from assistant.planner.reading import Reading

CONTINUING = ("go_on", "only", "correct")


def is_follow_up(reading: Reading) -> bool:
    """Whether a question goes on from the last one rather than starting anew."""
    if opens_by_going_on(reading):
        return True
    if reading.has_cue("why"):
        return not (reading.metrics or reading.nouns or (reading.times and reading.has_names))
    listed = find_listed(reading)
    if listed is not None:
        return not reading.times and not reading.has_subject and (not reading.has_filters or _points_back(reading))
    if _has_request(reading):
        return False
    return not reading.metrics or not (reading.times or reading.has_filters or reading.by)


def opens_by_going_on(reading: Reading) -> bool:
    """ "E …", "and …", "só …", "não, …" at the start."""
    tokens = reading.tagged.tokens
    place = 0
    for span in reading.tagged.spans:
        if span.start > place and any(token.kind != "mark" for token in tokens[place : span.start]):
            return False
        if span.has("cue", *(f"cue.{name}" for name in CONTINUING)):
            return True
        if not span.has("filler", "polite"):
            return False
        place = span.end
    return False


def _points_back(reading: Reading) -> bool:
    return reading.has_cue("deictic")


def _has_request(reading: Reading) -> bool:
    """A whole question: something counted, ranked, asked for by its own words."""
    if reading.has_cue("count") and (reading.metrics or reading.nouns or reading.status):
        return True
    if reading.has_cue("summary", "topics", "complained_of", "praised_of", "said", "how"):
        return bool(reading.times or reading.has_filters)
    return reading.has_cue("which", "who", "show") and bool(
        reading.metrics or reading.nouns or (reading.dimensions and reading.has_cue(*SUPERLATIVES))
    )
