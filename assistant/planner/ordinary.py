"""Words that are names and ordinary words too: when one of them names somebody, and when it is talk ("faltou luz", "quero paz")."""

from functools import cache

from assistant.planner.lexicon import Language, read_everyday_words, read_ordinary_names, read_table
from assistant.planner.names import NEAR, NameMatch, is_near
from assistant.planner.reading import Reading
from assistant.planner.tag import Span
from assistant.planner.text import fold

# Spans that a name may be said of: "nota da rosa", "ontem no natal", "por atendente da luz".
ROLES = {"role.agent": "agent", "role.channel": "channel", "role.contact": "contact"}
INDEFINITE = frozenset("um uma un una an".split())  # "foi uma vitória"
NAMED_DIMENSIONS = ("dim.agent", "dim.channel", "dim.contact", "dim.theme")
SHORT = 4  # words of a follow-up that is hardly more than a name
HEADS = ("metric", "noun", "dim", "by", "time", "filter", "note", "role", "name", "theme")
HEAD_CUES = ("go_on", "only", "how", "count", "why", "compare", "summary", "said", "show", "either", "between", "which", "correct")


@cache
def _read_words(section: str, language: Language) -> frozenset[str]:
    return frozenset(map(fold, read_table("ordinary_names")[section][language]))


def is_talk(reading: Reading, span: Span) -> bool:
    """Whether a name's words are ordinary talk where they stand.

    A surname met by a near spelling alone ("assim" for Assis) never names by itself; nor does a word that is ordinary too, unless
    it is written large inside a sentence or something leads into it.
    """
    match: NameMatch = span.readings["name"][0]
    if match.is_whole and len(match.places) > 1:
        return False
    near = match.quality <= NEAR and len(match.places) == 1 and _is_surname(match, reading.tagged.tokens[span.start].norm)
    if not (near or _are_ordinary(reading, match)):
        return False
    return not (is_written_large(reading, span.start) or is_led_into(reading, span.start, span.end) or _is_alone(reading, span))


def is_ordinary_word(reading: Reading, place: int) -> bool:
    """Whether the word at a place is talk: an ordinary word that nothing makes a name of."""
    word = reading.tagged.tokens[place].norm
    if word not in read_ordinary_names(reading.clock.language):
        return False
    return not (is_written_large(reading, place) or is_led_into(reading, place, place + 1))


def is_written_large(reading: Reading, place: int) -> bool:
    """A capital inside a sentence that isn't all written so."""
    tokens = reading.tagged.tokens
    token = tokens[place]
    if not token.is_capitalised or place == 0 or (tokens[place - 1].kind == "mark" and tokens[place - 1].norm in "?!."):
        return False
    words = [other for other in tokens if other.kind == "word"]
    return 2 * sum(other.is_capitalised for other in words) <= len(words) + 1


def is_led_into(reading: Reading, start: int, end: int) -> bool:
    """ "Nota da rosa", "e a luz?", "csat rosa", "grace's rating", "a rosa respondeu": something says that a name stands here."""
    tokens, tagged, language = reading.tagged.tokens, reading.tagged, reading.clock.language
    place = start - 1
    while place >= 0 and tokens[place].norm in tagged.glue and start - place <= 3:
        place -= 1
    between = [token.norm for token in tokens[place + 1 : start]]
    head = tagged.get_at(place) if place >= 0 else None
    if head is not None and head.has("role"):
        kinds = {name.kind for span in tagged.find("name") if span.start == start for name in span.readings["name"][0].names}
        return not kinds or ROLES[str(head.readings["role"][0])] in kinds  # "cliente leal" is no agent
    if _acts(reading, end) or _stands_beside_name(reading, start, end):
        return place < 0 or head is not None or tokens[place].kind == "mark"
    if place >= 0:
        before = tokens[place].norm
        acted = language != "pt" and before in _read_words("doings", language)  # "Tuvo luz", "respondió rosa"
        how = before in _read_words("standings", language) and any(span.start <= place for span in reading.find_cues("how"))
        if (acted or how or before in _read_words("tellings", language)) and INDEFINITE.isdisjoint(between):
            return True
    is_head = _is_short(reading) if place < 0 else head is not None and _is_head(head)
    if any(word in _read_words("leads", language) for word in between):
        return is_head
    opens = head is not None and head.has("cue", "cue.go_on", "cue.only") and _opens(reading, head)
    return opens or (head is not None and (head.has("metric") or head.has("cue", "cue.either", "cue.compare")))


def _acts(reading: Reading, end: int) -> bool:
    """Whether what stands behind says that somebody did something, owns it, or is called: "rosa respondeu", "rosa's", "rosa: csat"."""
    tokens, language = reading.tagged.tokens, reading.clock.language
    behind = [token.norm for token in tokens[end : end + 2]]
    if not behind:
        return False
    if behind[0] == ":" or (language == "en" and behind[0] == "s"):
        return True
    doings = _read_words("doings", language)
    return behind[0] in doings or (len(behind) > 1 and behind[0] in _read_words("between", language) and behind[1] in doings)


def _stands_beside_name(reading: Reading, start: int, end: int) -> bool:
    """ "Rosa ou bruno", "bruno e a rosa": another name on the other side of an "or"."""
    tagged, joining = reading.tagged, _read_words("joining", reading.clock.language)
    for span in tagged.find("name"):
        if span.start >= end:
            gap = [token.norm for token in tagged.tokens[end : span.start]]
        elif span.end <= start:
            gap = [token.norm for token in tagged.tokens[span.end : start]]
        else:
            continue
        if gap and any(word in joining for word in gap) and all(word in joining or word in tagged.glue for word in gap):
            return True
    return False


def _is_short(reading: Reading) -> bool:
    """ "Da luz?" is a follow-up; "de milagro contestaron …" is not."""
    return sum(token.kind != "mark" for token in reading.tagged.tokens) <= SHORT


def _is_head(span: Span) -> bool:
    if span.has("dim") and not span.has("dim", *NAMED_DIMENSIONS) and not span.has("metric"):
        return False  # "Dia de sol"
    return any(span.has(kind) for kind in HEADS) or span.has("cue", *(f"cue.{name}" for name in HEAD_CUES))


def _opens(reading: Reading, span: Span) -> bool:
    return all(token.kind == "mark" for token in reading.tagged.tokens[: span.start])


def _is_alone(reading: Reading, span: Span) -> bool:
    """The answer to a question back is a name and nothing else."""
    rest = [token for place, token in enumerate(reading.tagged.tokens) if place not in span.places and token.kind != "mark"]
    return all(token.norm in reading.tagged.glue for token in rest)


def _is_surname(match: NameMatch, typed: str) -> bool:
    """Whether it is not the first word of a name that a typed word may be: a slip, a name cut short or a pet name of it."""
    firsts = [name.words[0] for name in match.names]
    return not any(is_near(typed, first) or first.startswith(typed) or typed.startswith(first[:-1]) for first in firsts)


def _are_ordinary(reading: Reading, match: NameMatch) -> bool:
    ordinary, everyday = read_ordinary_names(reading.clock.language), read_everyday_words()
    words = [reading.tagged.tokens[place].norm for place in match.places]
    return all(word in ordinary or (word in everyday and not match.is_whole) for word in words)
