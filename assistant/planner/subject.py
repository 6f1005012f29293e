"""What a question is about: the words behind "sobre", "mentioning", "pediram" … as themes of the catalogue, else as text to search."""

from assistant.planner.reading import Reading
from assistant.planner.tag import Span, Tagged
from assistant.planner.text import QUOTES, STOPS, join_text
from assistant.planner.themes import ALTERNATIVES, ThemeMatch
from assistant.planner.times import TimeSpan

# Cues that end a subject: what comes behind them is about something else.
_ENDING = "by compare trend count show who why each sent change which complained praised share summary"
ENDING_CUES = tuple(f"cue.{name}" for name in _ENDING.split())
ENDING_KINDS = ("time", "left", "note", "filter", "noun", "by", "metric", "strong")
RELATIVE = frozenset("that which who que quien".split())
AHEAD = ("tomorrow", "next", "next_n")  # sections of tables/ahead.toml
LONGEST = 8  # words of a subject


def read_subjects(reading: Reading) -> None:
    """Reads quoted text and every phrase behind a word that leads into a subject."""
    _read_quotes(reading)
    for span in _find_leads(reading):
        if reading.used.isdisjoint(span.places):
            end = _find_end(reading, span.end)
            _read_phrase(reading, span, end)


def _find_leads(reading: Reading) -> list[Span]:
    tagged = reading.tagged
    leads = []
    for span in tagged.spans:
        if span.has("cue", "cue.compare") and _compares_next(tagged, span.end):
            continue  # "Respecto a la anterior"
        if span.has("strong") and (not span.has("dim") or _names_subject_next(tagged, span.end)):
            leads.append(span)
        elif span.has("cue", "cue.complained") and span.end < len(tagged.tokens):
            follows = tagged.get_at(span.end)
            if follows is not None and follows.has("weak"):
                leads.append(span)
    return leads


def _compares_next(tagged: Tagged, place: int) -> bool:
    """Whether a time, or "the one before", is what follows: "respecto a" compares there."""
    while place < len(tagged.tokens) and tagged.tokens[place].norm in tagged.glue:
        place += 1
    span = tagged.get_at(place)
    return span is not None and (span.has("time") or span.has("cue", "cue.one_before", "cue.before_it"))


def _names_subject_next(tagged: Tagged, place: int) -> bool:
    """ "Tema entrega": the very next word is a theme, or no word of the tables."""
    if place >= len(tagged.tokens) or tagged.tokens[place].kind == "mark":
        return place < len(tagged.tokens) and tagged.tokens[place].norm in QUOTES
    span = tagged.get_at(place)
    return span is None or span.has("theme")


def _find_end(reading: Reading, start: int) -> int:
    """Where the subject that begins at a place ends."""
    tagged = reading.tagged
    place = start
    begun = False
    while place < len(tagged.tokens) and place - start < LONGEST:
        token = tagged.tokens[place]
        if token.norm in STOPS or token.norm in QUOTES:
            if not (token.norm == "," and begun and _is_theme_at(tagged, place + 1)):
                break
        elif _ends_subject_at(reading, place, begun=begun):
            break
        if token.kind != "mark" and token.norm not in tagged.glue:
            begun = True
        place += 1
    return place


def _ends_subject_at(reading: Reading, place: int, *, begun: bool) -> bool:
    span = reading.tagged.get_at(place)
    if span is None or span.has("theme"):
        return False
    return _ends_subject(span, reading, begun=begun)


def _is_theme_at(tagged: Tagged, place: int) -> bool:
    span = tagged.get_at(place)
    return span is not None and span.has("theme")


def _ends_subject(span: Span, reading: Reading, *, begun: bool) -> bool:
    if span.has("filler", "subject_phrase"):
        return False
    if span.has("name"):
        return not span.readings["name"][0].is_generic or begun
    if (span.has("left") and not begun) or (span.has("time") and _is_talked_of(span.readings["time"][0], begun=begun)):
        return False  # "Citaram a black friday"
    if any(span.has(kind) for kind in ENDING_KINDS):
        # "Dizem sobre o tempo de resposta": a measure right behind "sobre" is what they talk about.
        return begun or not span.has("metric") or span.has("noun")
    if span.has("cue", *ENDING_CUES) or (not begun and span.has("cue", "cue.most", "cue.least")):
        return True
    if span.has("filler", "polite"):
        return True
    return begun and span.has("filler", "verb") and not span.has("cue") and not span.has("filler", "glue")


def _is_talked_of(time: TimeSpan, *, begun: bool) -> bool:
    """ "Perguntaram do natal", "se abre amanhã": days that customers speak of, not those that they spoke on."""
    return time.head in AHEAD or (not begun and time.head.startswith("fixed_"))


def _read_phrase(reading: Reading, lead: Span, end: int) -> None:
    tagged = reading.tagged
    segments: list[list[int]] = [[]]
    for place in range(lead.end, end):
        span = tagged.get_at(place)
        inside = span is not None and span.has("theme") and span.start < place < span.end
        if tagged.tokens[place].norm in ALTERNATIVES and not inside:
            segments.append([])
        else:
            segments[-1].append(place)
    for places in segments:
        _read_segment(reading, places)
    if reading.subject_places and not lead.has("cue"):
        reading.used.update(lead.places)


def _read_segment(reading: Reading, places: list[int]) -> None:
    """A subject is a theme where the theme's words are all there is; with more to it, it is narrower, and searched for."""
    tagged = reading.tagged
    spans = list({span.places: span for place in places if (span := tagged.get_at(place)) and span.has("theme")}.values())
    themed = {place for span in spans for place in range(span.start, span.end)}
    rest = [place for place in places if place not in themed and _is_content(tagged, place)]
    while rest and tagged.tokens[rest[-1]].norm in RELATIVE and rest[-1] > max(themed, default=-1):
        rest.pop()  # "Undue charges that Diego got"
    if not rest and not spans:
        return
    reading.used.update(places)
    reading.subject_places.update(places)
    if rest:
        whole = [place for place in places if place in themed or place in rest]
        reading.search.append(_cut_text(tagged, range(min(whole), max(whole) + 1)))
        return
    for span in spans:
        add_theme(reading, span.readings["theme"][0])


def add_theme(reading: Reading, match: ThemeMatch) -> None:
    """Takes a theme as a filter; which of several that fit alike is asked back."""
    reading.used.update(match.places)
    if len(match.names) > 1:
        reading.doubts.append(reading.make_doubt("theme", match.places, match.names))
    else:
        reading.themes.append(match.names[0])


def _is_content(tagged: Tagged, place: int) -> bool:
    token, span = tagged.tokens[place], tagged.get_at(place)
    if token.kind == "mark" or token.norm in tagged.glue:
        return False
    if token.guessed and not (span is not None and span.has("filler", "verb")):
        return True
    if span is None or span.has("filler", "subject_phrase"):
        return True
    return not span.is_filler


def _cut_text(tagged: Tagged, places: range) -> str:
    return join_text(tagged.question, [tagged.tokens[place] for place in places]).strip()


def _read_quotes(reading: Reading) -> None:
    tagged = reading.tagged
    opened: int | None = None
    for place, token in enumerate(tagged.tokens):
        if token.norm not in QUOTES:
            continue
        if opened is None:
            opened = place
            continue
        inside = list(range(opened + 1, place))
        opened = None
        spans = [tagged.get_at(at) for at in inside if tagged.tokens[at].norm not in tagged.glue]
        if inside and not all(span is not None and (span.has("theme") or span.has("name")) for span in spans):
            reading.search.append(_cut_text(tagged, range(inside[0], inside[-1] + 1)))
            reading.used.update(inside)
            reading.subject_places.update(inside)


def read_weak_subjects(reading: Reading, leftover: list[int]) -> list[int]:
    """Unknown words behind "de", "com", "about" … that belong to what is looked at: text to search. Returns what is left."""
    tagged = reading.tagged
    rest = []
    runs = _find_runs(tagged, leftover)
    for run in runs:
        before = tagged.tokens[run[0] - 1] if run[0] else None
        lead = tagged.get_at(run[0] - 1) if run[0] else None
        themed = lead is not None and lead.has("theme") and lead.end == run[0]
        if themed and lead is not None and lead.start and _is_weak(tagged, lead.start - 1):
            # "De app travando" is narrower than the theme "app".
            for name in lead.readings["theme"][0].names:
                if name in reading.themes:
                    reading.themes.remove(name)
            reading.search.append(_cut_text(tagged, range(lead.start, run[-1] + 1)))
        elif before is not None and _is_weak(tagged, run[0] - 1) and _has_head_before(reading, run[0]):
            reading.search.append(_cut_text(tagged, range(run[0], run[-1] + 1)))
        else:
            rest += run
            continue
        reading.used.update(run)
        reading.subject_places.update(run)
    return rest


def _is_weak(tagged: Tagged, place: int) -> bool:
    span = tagged.get_at(place)
    return span is not None and span.has("weak")


def _has_head_before(reading: Reading, place: int) -> bool:
    heads = [
        *reading.nouns,
        *(metric for metric in reading.metrics if metric.value in ("complaints", "compliments", "satisfaction", "csat")),
    ]
    return any(head.place < place for head in heads) or reading.has_feeling


def _find_runs(tagged: Tagged, leftover: list[int]) -> list[list[int]]:
    """Unknown words side by side, articles and prepositions between them counted in."""
    runs: list[list[int]] = []
    for place in leftover:
        if runs:
            between = tagged.tokens[runs[-1][-1] + 1 : place]
            if len(between) <= 2 and all(token.norm in tagged.glue and token.kind == "word" for token in between):
                runs[-1].append(place)
                continue
        runs.append([place])
    return runs
