"""Conditions that a plan has no field for: read by tables/left_out.toml, so that the answer can say that they were not considered."""

from functools import cache

from assistant.plan import Dimension
from assistant.planner.choice import read_choice_words
from assistant.planner.lexicon import load_lexicon, read_table
from assistant.planner.reading import LeftOut, Reading
from assistant.planner.tag import Span
from assistant.planner.text import QUOTES, STOPS, fold, join_text
from core.metrics import METRICS

LONGEST_EXCLUDED = 3  # words of something excluded that no table knows
ENDING = ("time", "metric", "noun", "by", "filter", "note", "left", "strong")
JOINING = frozenset("e y and ou or o ,".split())
# Reading a change, `explain` looks at new and returning customers by itself.
SEEN_BY_INTENT = {"explain": ("customer_age",)}
DATED = ("date", "day_", "range")  # times beside which a holiday's name says nothing more: "no feriado de 7 de setembro"
ASKED_KINDS = ("metric", "noun", "dim", "by", "filter", "theme")
SHORTEST_UNREAD = 3  # letters


def read_exclusions(reading: Reading) -> None:
    """Takes what is said not to count: "sem contar a Ana", "excluding billing"."""
    for span in reading.tagged.find("lead"):
        if reading.used.isdisjoint(span.places):
            _read_exclusion(reading, span)


def read_left_out(reading: Reading) -> None:
    """Takes the words of conditions that no field holds, where they belong to no subject that is searched for."""
    for span in reading.tagged.find("left"):
        if span.has("name") or not reading.used.isdisjoint(span.places):
            continue  # "Nota do Domingos", "mensagens sobre o carnaval"
        reading.used.update(range(span.start, span.end))
        kind = str(span.readings["left"][0]).removeprefix("left.")
        if kind != "holiday" or not any(time.head.startswith(DATED) for time in reading.tagged.times):
            _leave_out(reading, kind, span.start, span.end)


def read_no_day(reading: Reading) -> None:
    """ "31/02", "30 de fevereiro": asked back, not taken for another day."""
    for span in reading.tagged.find("no_day"):
        if reading.used.isdisjoint(span.places):
            reading.used.update(span.places)
            reading.doubts.append(reading.make_doubt("no_day", span.places, ()))


def _leave_out(reading: Reading, kind: str, start: int, end: int) -> None:
    heard = join_text(reading.tagged.question, list(reading.tagged.tokens[start:end]))
    if not any(left.heard == heard for left in reading.left_out):
        reading.left_out.append(LeftOut(kind, heard))


# --- exclusions ---------------------------------------------------------------------------------------------------------


def _read_exclusion(reading: Reading, lead: Span) -> None:
    excluded = _find_excluded(reading, lead)
    if not excluded:
        return
    end = excluded[-1].end
    reading.used.update(range(lead.start, end))
    channels = [name.spelled for span in excluded if span.has("name") for name in span.readings["name"][0].names if name.kind == "channel"]
    rest = [channel for channel in reading.kept_channels or reading.catalog.channels if channel not in channels]
    if rest and channels and all(_names_one_channel(span) for span in excluded):
        reading.kept_channels[:] = rest  # every conversation is of one channel: all others are what is left
        return
    _leave_out(reading, "exclusion", lead.start, end)


def _names_one_channel(span: Span) -> bool:
    return span.has("name") and len(span.readings["name"][0].names) == 1 and span.readings["name"][0].names[0].kind == "channel"


def _find_excluded(reading: Reading, lead: Span) -> list[Span]:
    """What stands behind "sem contar": names and themes joined by "e"; behind a strong lead other words too."""
    tagged, excluded = reading.tagged, list[Span]()
    is_weak = _is_weak(reading, lead)
    place = lead.end
    while place < len(tagged.tokens):
        token, span = tagged.tokens[place], tagged.get_at(place)
        if span is not None and (span.has("name") or span.has("theme")):
            excluded.append(span)
            place = span.end
            continue
        if token.norm in tagged.glue or (excluded and token.norm in JOINING and _is_named_at(reading, place + 1)):
            place += 1
            continue
        is_word = token.kind != "mark" and token.norm not in STOPS | QUOTES
        ends = span is not None and (any(span.has(kind) for kind in ENDING) or span.has("cue"))
        if is_weak or ends or not is_word or (excluded and _is_named(excluded[-1])) or len(excluded) == LONGEST_EXCLUDED:
            break
        excluded.append(span or Span((place,)))
        place = excluded[-1].end
    if is_weak and lead.has("cue") and excluded and excluded[0].start == lead.end and not _says_all(reading, lead):
        return []  # "Menos entregas atrasadas" are fewer; "menos as entregas" and "todos menos vendas" are none
    return excluded


def _says_all(reading: Reading, lead: Span) -> bool:
    words = read_choice_words("all", reading.clock.language)
    return any(token.norm in words for token in reading.tagged.tokens[max(0, lead.start - 3) : lead.start])


def _is_named(span: Span) -> bool:
    return span.has("name") or span.has("theme")


def _is_named_at(reading: Reading, place: int) -> bool:
    while place < len(reading.tagged.tokens) and reading.tagged.tokens[place].norm in reading.tagged.glue:
        place += 1
    span = reading.tagged.get_at(place)
    return span is not None and _is_named(span)


def _is_weak(reading: Reading, lead: Span) -> bool:
    said = " ".join(reading.tagged.tokens[place].norm for place in range(lead.start, lead.end))
    return any(said == weak or (" " in weak and said.startswith(f"{weak} ")) for weak in _read_weak_leads())


@cache
def _read_weak_leads() -> frozenset[str]:
    return frozenset(map(fold, read_table("left_out")["weak_leads"]["words"]))


# --- what a plan made of them -------------------------------------------------------------------------------------------


def find_split(reading: Reading) -> Dimension | None:
    """The dimension that shows a condition side by side: the hours of "entre 14h e 18h", the weekdays of "aos sábados"."""
    splits: dict[str, Dimension] = read_table("left_out")["split"]
    return next((splits[left.kind] for left in reading.left_out if left.kind in splits), None)


def list_left_out(reading: Reading, *, intent: str, metrics: tuple[str, ...]) -> tuple[LeftOut, ...]:
    """All that a plan of this intent and these measures leaves out, in the order that it was said in by kind."""
    found = list(reading.left_out)
    for match in reading.tagged.watched:
        kind = match.phrase.value.removeprefix("beside.")
        if match.phrase.kind != "beside" or not reading.subject_places.isdisjoint(match.places):
            continue
        if kind in SEEN_BY_INTENT.get(intent, ()) or any(left.kind == kind for left in found):
            continue
        if kind == "average" and not (metrics and all(METRICS[metric].unit == "count" for metric in metrics)):
            continue  # a rating, a share and a time are means by themselves
        heard = join_text(reading.tagged.question, list(reading.tagged.tokens[match.start : match.end]))
        found.append(LeftOut(kind, heard))
    return (*found, *_find_unread(reading))


def _find_unread(reading: Reading) -> list[LeftOut]:
    """Words that no table knows and nothing above tells of, where they are long enough to mean something."""
    told = {
        reading.tagged.tokens[place].text for match in reading.tagged.watched if match.phrase.kind == "beside" for place in match.places
    }
    lexicon = load_lexicon(reading.clock.language)
    words = [word for word in reading.unread if len(word) >= SHORTEST_UNREAD and word.isalpha() and word not in told]
    words = [word for word in words if not lexicon.means(fold(word)) and _asks_there(reading, word)]
    return [LeftOut("unread", " ".join(dict.fromkeys(words)))] if words else []


def _asks_there(reading: Reading, word: str) -> bool:
    """Whether the part of the sentence that holds a word asks for anything: "tá chovendo aqui, qual a nota?" is told to nobody."""
    tokens = reading.tagged.tokens
    place = next((at for at, token in enumerate(tokens) if token.text == word), 0)
    start = max((at for at in range(place) if tokens[at].kind == "mark"), default=-1)
    end = min((at for at in range(place, len(tokens)) if tokens[at].kind == "mark"), default=len(tokens))
    return any(span.has(kind) for span in reading.tagged.spans if start < span.start < end for kind in ASKED_KINDS)
