"""Spoken corrections inside one question: of "csat de ontem, quer dizer, de anteontem" only the second counts."""

from assistant.planner.tag import Span, Tagged
from assistant.planner.text import QUOTES, Token

MOST_CORRECTIONS = 4  # of one question
PASSING = ("strong", "weak", "by")  # kinds of words that lead into what is said again: "digo, sobre …", "aliás, por …"
PASSING_CUES = ("cue.by", "cue.only", "cue.top", "cue.count", "cue.go_on")
NOT = frozenset(("nao", "not", "no"))
AND_NOT = frozenset(("e", "mas", "and", "but", "y", "pero"))
EXCLUDED = {"time", "person", "channel", "theme"}  # kinds that "and not" takes away
ASKING_CUES = ("cue.which", "cue.who", "cue.why", "cue.how", "cue.count", "cue.show")
SINCE = frozenset("desde since ca aca".split())  # beside a time: "desde o carnaval", "do carnaval pra cá"
SAME_AGAIN = {"agent": "person", "contact": "person", "noun": "measured", "metric": "measured", "by": "dim"}


def drop_taken_back(tagged: Tagged) -> list[Token] | None:
    """The words without what the speaker took back, and without the words that did so; None where nothing was taken back.

    What is taken back is the nearest thing before that is of the kind of the thing after: a time for a time, a name for a name.
    """
    excluded = _drop_excluded(tagged)
    if excluded is not None:
        return excluded
    for span in tagged.spans:
        if not _is_marker(tagged, span):
            continue
        start, end = _find_edges(tagged, span)
        if _is_false_start(tagged, start, end):
            return list(tagged.tokens[end:])
        said, lead = _find_said_again(tagged, end)
        if said is None:
            continue
        taken = _find_taken_back(tagged, start, _get_kinds(tagged, said), every=_says_only(tagged, end, said.start))
        if not taken and said.has("time"):
            taken = _find_unknown_time(tagged, start)
        if not taken:
            continue
        dropped = set(range(start, end))
        for one in taken:
            dropped.update(range(_find_start(tagged, one.start, lead), one.end))
        if len(taken) > 1:
            dropped.update(range(min(one.start for one in taken), max(one.end for one in taken)))
        return [token for place, token in enumerate(tagged.tokens) if place not in dropped]
    return None


def _is_false_start(tagged: Tagged, start: int, end: int) -> bool:
    """ "¿A quién… perdón, cuántas …": a question that was begun without saying of what, and then another."""
    before = [span for span in tagged.spans if span.end <= start]
    asked = any(span.has("cue", *ASKING_CUES) for span in before)
    if not asked or any(_get_kinds(tagged, span) for span in before) or any(_is_loose(tagged, place) for place in range(start)):
        return False
    after = [span for span in tagged.spans if span.start >= end and not span.is_filler]
    return bool(after) and after[0].has("cue", *ASKING_CUES)


def _is_loose(tagged: Tagged, place: int) -> bool:
    """A word that no table knows."""
    token = tagged.tokens[place]
    return tagged.get_at(place) is None and token.kind != "mark" and token.norm not in tagged.glue


def _find_unknown_time(tagged: Tagged, place: int) -> list[Span]:
    """ "Do carnaval pra cá, digo, desde 10/02": a time that no table knows, told by "since" before it or "pra cá" behind it."""
    end = place
    while place > 0:
        span, norm = tagged.get_at(place - 1), tagged.tokens[place - 1].norm
        known = span is not None and not span.is_filler and norm not in SINCE and norm not in tagged.glue
        if known or tagged.tokens[place - 1].kind == "mark":
            break
        place -= 1
    words = [token.norm for token in tagged.tokens[place:end]]
    timed = not SINCE.isdisjoint(words) and any(_is_loose(tagged, at) for at in range(place, end))
    return [Span(tuple(range(place, end)))] if timed else []


def _drop_excluded(tagged: Tagged) -> list[Token] | None:
    """ "Da Ana e não do Bruno": what is said not to be meant falls away, where something of its kind was said before."""
    tokens = tagged.tokens
    for place in range(1, len(tokens) - 1):
        if tokens[place].norm not in NOT - tagged.glue or tokens[place - 1].norm not in AND_NOT:
            continue
        end = place + 1
        while end < len(tokens) and tokens[end].norm in tagged.glue:
            end += 1
        span = tagged.get_at(end)
        if span is None or span.start != end or not _find_taken_back(tagged, place, _get_kinds(tagged, span) & EXCLUDED, every=False):
            continue
        return [token for at, token in enumerate(tokens) if not place - 1 <= at < span.end]
    return None


def _is_marker(tagged: Tagged, span: Span) -> bool:
    """ "Quer dizer", "I mean", "perdón"; a bare "não" or "no" only between marks."""
    if span.has("cue", "cue.repair"):
        return True
    tokens = tagged.tokens
    if len(span.places) > 1 or tokens[span.start].norm not in ("nao", "no") or not 0 < span.start < len(tokens) - 1:
        return False
    follows = tagged.get_at(span.end)
    return _is_mark(tokens[span.start - 1]) and (_is_mark(tokens[span.end]) or (follows is not None and follows.has("cue", "cue.repair")))


def _is_mark(token: Token) -> bool:
    return token.kind == "mark" and token.norm not in QUOTES


def _find_edges(tagged: Tagged, marker: Span) -> tuple[int, int]:
    """A marker with the marks and further markers around it: ", não, desculpa, "."""
    start, end = marker.start, marker.end
    while start > 0 and _is_mark(tagged.tokens[start - 1]):
        start -= 1
    while end < len(tagged.tokens):
        span = tagged.get_at(end)
        if _is_mark(tagged.tokens[end]):
            end += 1
        elif span is not None and (span.has("cue", "cue.repair") or (span.has("cue", "cue.correct") and not _get_kinds(tagged, span))):
            end = span.end
        else:
            break
    return start, end


def _find_said_again(tagged: Tagged, place: int) -> tuple[Span | None, set[str]]:
    """What is said instead, and the small words that lead into it."""
    lead: set[str] = set()
    while place < len(tagged.tokens):
        token, span = tagged.tokens[place], tagged.get_at(place)
        if span is None:
            if token.norm not in tagged.glue:
                return (None if token.kind == "mark" else Span((place,))), lead
        elif _get_kinds(tagged, span):
            return span, lead
        elif not (span.is_filler or any(span.has(kind) for kind in PASSING) or span.has("cue", *PASSING_CUES)):
            return None, lead
        lead.add(token.norm)
        place += 1
    return None, lead


def _get_kinds(tagged: Tagged, span: Span) -> set[str]:
    """What a span may be that could be taken back. A word that no table knows is of the kind "unknown"."""
    if not span.readings:
        return {"number" if tagged.tokens[span.start].kind == "figure" else "unknown"}
    kinds: set[str] = set()
    for kind in ("time", "metric", "noun", "dim", "by", "theme", "note"):
        if span.has(kind):
            kinds.add(SAME_AGAIN.get(kind, kind))
    if span.has("left", "left.holiday", "left.weekdays", "left.hours"):
        kinds.add("time")
    for match in span.readings.get("name", ()):
        kinds.update(SAME_AGAIN.get(name.kind, name.kind) for name in match.names)
    kinds.update(str(value).partition("=")[0] for value in span.readings.get("filter", ()))
    return kinds


def _find_taken_back(tagged: Tagged, place: int, kinds: set[str], *, every: bool) -> list[Span]:
    """The nearest span before a place that is of one of these kinds; all of them where only the new one is to count."""
    before = [span for span in tagged.spans if span.end <= place and kinds & _get_kinds(tagged, span)]
    if kinds & {"unknown", "number"}:
        loose = [Span((at,)) for at in range(place) if tagged.get_at(at) is None and tagged.tokens[at].norm not in tagged.glue]
        before += [span for span in loose if tagged.tokens[span.start].kind != "mark" and kinds & _get_kinds(tagged, span)]
    before.sort(key=lambda span: span.start)
    return before if every else before[-1:]


def _says_only(tagged: Tagged, start: int, end: int) -> bool:
    spans = (tagged.get_at(place) for place in range(start, end))
    return any(span is not None and span.has("cue", "cue.only") for span in spans)


def _find_start(tagged: Tagged, place: int, lead: set[str]) -> int:
    """Where what is taken back begins: with its articles, prepositions and the words that lead into its successor too."""
    while place > 0 and (tagged.tokens[place - 1].norm in tagged.glue or tagged.tokens[place - 1].norm in lead):
        place -= 1
    return place
