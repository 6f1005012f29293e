"""Takes a tagged question apart into a `Reading`: each span goes to the one place where it counts."""

from typing import Any, cast

from assistant.plan import Emotion, Sentiment, Status, Tone
from assistant.planner.catalogue import Catalog
from assistant.planner.left_out import read_exclusions, read_left_out, read_no_day
from assistant.planner.matching import Match
from assistant.planner.moments import Clock
from assistant.planner.people import find_role, read_names, read_unknown_names
from assistant.planner.reading import Mention, Reading
from assistant.planner.slots import read_words
from assistant.planner.subject import add_theme, read_subjects, read_weak_subjects
from assistant.planner.tag import Span, Tagged

NOTES = (1, 5)
RANKING = ("best", "worst", "top", "ranking", "best_first", "worst_first")
PLURAL_LOOKALIKES = frozenset({"mes", "lunes", "martes", "miercoles", "jueves", "viernes"})


def read_question(tagged: Tagged, *, catalog: Catalog, clock: Clock) -> Reading:
    """The pieces of a question. What is nobody's ends up in `unread`."""
    reading = Reading(tagged, catalog, clock)
    read_exclusions(reading)
    read_no_day(reading)
    _read_than(tagged)
    _read_landed(tagged)
    read_subjects(reading)
    read_left_out(reading)
    read_names(reading)
    _drop_relative_who(reading)
    reading.times = [time for time in tagged.times if reading.used.isdisjoint(time.places)]
    _read_splits(reading)
    _read_notes(reading)
    _read_mentions(reading)
    _read_filters(reading)
    _read_themes(reading)
    _read_numbers(reading)
    _read_author(reading)
    leftover = [
        place
        for place, token in enumerate(tagged.tokens)
        if token.kind == "word" and place not in reading.used and _is_unknown(tagged, place)
    ]
    leftover = read_unknown_names(reading, leftover)
    leftover = read_weak_subjects(reading, leftover)
    reading.unread = [tagged.tokens[place].text for place in leftover]
    return reading


def _read_than(tagged: Tagged) -> None:
    """ "Mais mensagens que anteontem": a "que" between "mais" and a time compares."""
    for span in tagged.find("cue", "cue.which"):
        follows = _get_next(tagged, span.end)
        if len(span.places) > 1 or tagged.tokens[span.start].norm != "que" or follows is None or not follows.has("time"):
            continue
        before = (tagged.get_at(place) for place in range(max(0, span.start - 4), span.start))
        if any(one is not None and one.has("cue", "cue.most", "cue.least", "cue.best", "cue.worst") for one in before):
            span.readings["cue"] = ["cue.compare"]


# "Conversas que caíram no suporte": came in, did not fall.
LANDED = frozenset("caiu cairam cai caem cayo cayeron caen fell".split())
INTO = frozenset("em no na nos nas en in into on".split())


def _read_landed(tagged: Tagged) -> None:
    """ "Quantas conversas caíram em sem resposta": how many came to be so; nothing is compared."""
    counts = tagged.find("cue", "cue.count")
    for span in tagged.find("cue", "cue.change"):
        follows = tagged.tokens[span.end].norm if span.end < len(tagged.tokens) else ""
        heads = [*tagged.find("noun"), *tagged.find("metric", "complaints", "compliments")]
        head = next((one for one in heads if one.end == span.start), None)
        counted = head is not None and any(_get_next(tagged, count.end) is head for count in counts)
        if counted and tagged.tokens[span.start].norm in LANDED and follows in INTO:
            span.readings["cue"].remove("cue.change")
            span.add("filler", "verb")


def _is_unknown(tagged: Tagged, place: int) -> bool:
    span = tagged.get_at(place)
    if span is None:
        return tagged.tokens[place].norm not in tagged.glue
    return span.has("filler", "subject_phrase") or (span.has("name") and len(span.readings) == 1)


def _free(reading: Reading, kind: str) -> list[Span]:
    return [span for span in reading.tagged.find(kind) if reading.used.isdisjoint(span.places)]


def _drop_relative_who(reading: Reading) -> None:
    """ "Customers who wrote": no question of who."""
    for span in reading.tagged.find("cue", "cue.who"):
        before = reading.tagged.get_at(span.start - 1) if span.start else None
        if before is not None and (before.has("noun") or before.has("dim") or before.has("weak")):
            reading.used.update(span.places)


def _read_splits(reading: Reading) -> None:
    """ "Por atendente", "daily", "distribuição de sentimento": what the figures are split by."""
    tagged = reading.tagged
    for span in _free(reading, "by"):
        reading.by.append(_mention(reading, span, span.readings["by"][0].removeprefix("by.")))
        reading.used.update(span.places)
    leads = [*tagged.find("cue", "cue.by"), *tagged.find("cue", "cue.distribution")]
    for lead in leads:
        follows = _get_next(tagged, lead.end)
        if lead.has("cue", "cue.distribution") and (follows is None or not follows.has("dim")) and lead.start:
            follows = tagged.get_at(lead.start - 1)  # "sentiment distribution"
        if follows is None or not follows.has("dim") or not reading.used.isdisjoint(follows.places):
            continue
        if lead.has("cue", "cue.by") and find_role(reading, follows.end) == "channel" and _names_next(reading, follows):
            continue
        if follows.has("dim", "dim.contact") and lead.has("cue", "cue.by") and _is_described(tagged, follows.end):
            continue  # "Por clientes felizes": who, not one row each
        if follows.has("metric") and lead.has("cue", "cue.by") and reading.has_cue(*RANKING):
            continue  # "Rank by satisfaction": what they are ranked by, not what they are split by
        reading.by.append(_mention(reading, follows, follows.readings["dim"][0].removeprefix("dim.")))
        reading.used.update(follows.places)
    reading.by.sort(key=lambda mention: mention.place)


def _is_described(tagged: Tagged, place: int) -> bool:
    span = tagged.get_at(place)
    return span is not None and (span.has("filter") or span.has("cue", "cue.complained", "cue.praised"))


def _names_next(reading: Reading, span: Span) -> bool:
    follows = reading.tagged.get_at(span.end)
    return follows is not None and follows.has("name")


def _get_next(tagged: Tagged, place: int) -> Span | None:
    """The span at a place, after articles and prepositions."""
    while place < len(tagged.tokens) and tagged.tokens[place].norm in tagged.glue:
        span = tagged.get_at(place)
        if span is not None and not span.is_filler:
            return span
        place += 1
    return tagged.get_at(place) if place < len(tagged.tokens) else None


def _mention(reading: Reading, span: Span, value: str) -> Mention:
    # The noun of several words comes first in Portuguese and Spanish, last in English ("pain points").
    head = reading.tagged.tokens[span.places[-1 if reading.clock.language == "en" else 0]].norm
    return Mention(span.start, value, span.end, head.endswith("s") and head not in PLURAL_LOOKALIKES)


def _read_notes(reading: Reading) -> None:
    for span in _free(reading, "note"):
        match: Match = span.readings["note"][0]
        notes = [value for value in match.values if isinstance(value, int)]
        if not notes or not all(NOTES[0] <= note <= NOTES[1] for note in notes):
            continue
        low, high = _get_note_bounds(match.phrase.value, notes)
        if low is not None and high is not None and low > high:
            continue
        reading.satisfaction = (low, high)
        reading.used.update(span.places)


def _get_note_bounds(shape: str, notes: list[int]) -> tuple[int | None, int | None]:
    """The bounds of a shape of tables/notes.toml: "n.." from the note up, "..<n" below it."""
    first, last = notes[0], notes[-1]
    bounds: dict[str, tuple[int | None, int | None]] = {
        "n..n": (first, first),
        "..n": (None, first),
        "n..": (first, None),
        "..<n": (None, max(first - 1, NOTES[0])),
        ">n..": (min(first + 1, NOTES[1]), None),
        "n..m": (min(first, last), max(first, last)),
    }
    low, high = bounds[shape]
    return (None if low == NOTES[0] else low, None if high == NOTES[1] else high)


def _read_mentions(reading: Reading) -> None:
    for span in reading.tagged.spans:
        if not reading.used.isdisjoint(span.places):
            continue
        if span.has("metric") and not (span.has("theme") and _is_themed(reading, span)):
            reading.metrics.append(_mention(reading, span, span.readings["metric"][0]))
        for noun in span.readings.get("noun", ()):
            reading.nouns.append(_mention(reading, span, noun.removeprefix("noun.")))
        for dimension in span.readings.get("dim", ()):
            reading.dimensions.append(_mention(reading, span, dimension.removeprefix("dim.")))


def _read_filters(reading: Reading) -> None:
    for span in _free(reading, "filter"):
        if span.has("metric") or (span.has("filter", "status=resolved") and _closes_period(reading, span)):
            continue
        kind, _, value = _pick_filter(span.readings["filter"]).partition("=")
        if kind == "emotion":
            reading.emotions.append(cast(Emotion, value))
        elif kind == "sentiment":
            reading.sentiments.append(cast(Sentiment, value))
        elif kind == "tone":
            reading.tones.append(cast(Tone, value))
        elif kind == "status":
            reading.status = reading.status if reading.status == "unanswered" else cast(Status, value)
        else:
            low, _, high = value.partition("..")
            reading.limit_satisfaction(int(low) if low else None, int(high) if high else None)


def _closes_period(reading: Reading, span: Span) -> bool:
    """ "Fechou junho: qual foi o csat?": the month is over, no conversation is."""
    before = any(noun.place < span.start for noun in reading.nouns)
    return span.start == 0 and not before and any(time.start == span.end for time in reading.times)


def _pick_filter(values: list[Any]) -> str:
    """Of several feelings that a word may name, the one that is listed first in tables/filters.toml."""
    return str(values[0])


def _read_themes(reading: Reading) -> None:
    """Themes that are named without a word that leads into them."""
    for span in _free(reading, "theme"):
        also = any(kind in span.readings for kind in ("name", "metric", "noun", "dim", "time", "cue", "filter", "filler"))
        if (also or span.readings["theme"][0].is_weak) and not _is_themed(reading, span):
            continue
        if span.has("name") and reading.name_places and not _is_themed(reading, span):
            continue
        add_theme(reading, span.readings["theme"][0])


def _is_themed(reading: Reading, span: Span) -> bool:
    """Whether a word that means other things too is a theme here: "reclamações do atendimento", "quejas por la entrega"."""
    tagged = reading.tagged
    place = span.start - 1
    while place >= 0 and (tagged.tokens[place].norm in tagged.glue or ((lead := tagged.get_at(place)) and lead.has("weak"))):
        place -= 1
    if place < 0 or place == span.start - 1:
        return False
    before = tagged.get_at(place)
    if before is None:
        return False
    complaint = before.has("metric", "complaints", "compliments") or before.has("cue", "cue.complained", "cue.praised", "cue.reasons")
    return complaint or before.has("filter") or before.has("theme")


def _read_numbers(reading: Reading) -> None:
    """Figures and number words that no time, note or name holds: how many are wanted."""
    words = read_words("numbers", reading.clock.language)
    for place, token in enumerate(reading.tagged.tokens):
        span = reading.tagged.get_at(place)
        if place in reading.used or (
            span is not None and any(kind in span.readings for kind in ("time", "note", "name", "theme", "metric", "noun"))
        ):
            continue
        number = (
            words.get(token.norm) if token.kind == "word" else int(token.norm[:5]) if token.kind == "figure" and not token.ordinal else None
        )
        if number is not None and (token.kind == "figure" or number > 1) and 1 <= number <= 1000:
            reading.numbers.append(Mention(place, str(number), place + 1))
            if span is None:
                reading.used.add(place)


def _read_author(reading: Reading) -> None:
    """ "Mensagens que a Ana mandou", "respostas da equipe": what agents wrote."""
    teams = [mention for mention in reading.nouns if mention.value == "agents"]
    messages = reading.has_noun("messages", "replies") or reading.has_cue("said")
    replied = reading.has_noun("replies") and bool(teams or reading.agents or not reading.has_noun("messages"))
    wrote = messages and any(_is_agents(reading, span) for span in reading.find_cues("sent", "said"))
    if replied or wrote or (messages and any(_follows_noun(reading, team) for team in teams)):
        reading.author = "agent"


def _is_agents(reading: Reading, verb: Span) -> bool:
    """Whether an agent is who wrote: the nearest before the verb, else the one right behind it ("enviadas pelo Bruno")."""
    place = verb.places[-1]
    writers = dict.fromkeys(reading.name_places.get("agent", []), "agent") | dict.fromkeys(
        reading.name_places.get("contact", []), "contact"
    )
    writers |= {
        noun.place: "agent" if noun.value == "agents" else "contact" for noun in reading.nouns if noun.value in ("agents", "contacts")
    }
    before = [at for at in writers if at < place]
    if not before:
        after = [at for at in writers if at > place]
        return bool(after) and writers[min(after)] == "agent"
    nearest = max(before)
    if writers[nearest] == "agent" and nearest in reading.name_places.get("agent", []):
        # "Os clientes da Ana mandaram": the customers are who wrote.
        owners = [noun for noun in reading.nouns if noun.value == "contacts" and noun.end < nearest]
        return not any(not reading.words_between(noun.end, nearest) for noun in owners)
    return writers[nearest] == "agent"


def _follows_noun(reading: Reading, team: Mention) -> bool:
    """ "Mensagens dos atendentes": only articles and prepositions stand between."""
    return any(
        noun.value == "messages" and noun.end <= team.place and not reading.words_between(noun.end, team.place) for noun in reading.nouns
    )
