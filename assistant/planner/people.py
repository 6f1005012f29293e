"""Who and where: which agent, channel or contact a word names here, which it could also be, and names that the catalogue lacks."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.planner.choice import read_choice_words
from assistant.planner.lexicon import read_everyday_words, read_first_names
from assistant.planner.names import NEAR, SOUND, Name, NameMatch
from assistant.planner.ordinary import ROLES, is_ordinary_word, is_talk
from assistant.planner.rank import find_which_of
from assistant.planner.reading import Reading
from assistant.planner.tag import FILLING, Span
from assistant.planner.text import Token

# Where a name fits more than one kind and nothing tells them apart.
KIND_ORDER = ("agent", "channel", "contact")
SHORTEST_LIKE_NAME = 6  # letters that a slip in a first name is forgiven in
OWNING = frozenset("do da de del com con of for by from".split())  # "csat da …"
# Services that a channel would be named after; the catalogue lacks those that no name of it takes. WhatsApp itself is all there is.
SERVICES = frozenset("telegram instagram insta facebook messenger sms tiktok linkedin twitter signal wechat".split())
# Means that are no service of anybody: "por telefone" asks for a channel, "no email" for what was written in it.
MEANS = frozenset("email telefone telefono phone telephone ligacao llamada".split())
BY_MEANS = frozenset("por pelo via by through".split())
BY_WAY_OF = frozenset("pelo pela por via no na nos nas through on over by from en in".split())  # "pelo Telegram"
EDITIONS = frozenset("business web api".split())  # "WhatsApp Business"
QUARTERS = frozenset("sul sur leste oeste norte centro south east west north downtown".split())
ASKED_OF = frozenset("did does has had was is atendio respondio resolvio recibio tuvo".split())  # "Did Zenóbia …"


def read_names(reading: Reading) -> None:
    """Takes every name as a filter; one that could be several, or none, becomes a doubt."""
    for span in reading.tagged.find("name"):
        if reading.used.isdisjoint(span.places):
            _read_name(reading, span)


def _read_name(reading: Reading, span: Span) -> None:
    match: NameMatch = span.readings["name"][0]
    role = find_role(reading, span.start)
    names = [name for name in match.names if role is None or name.kind == role] or list(match.names)
    if match.is_generic and _is_dimension(reading, span):
        return
    if span.has("theme") and role is None and not _is_place(reading, span.start):
        return
    if _is_ordinary(reading, span, match) and role is None and not _is_place(reading, span.start):
        return
    if is_talk(reading, span):
        if all(kind in ("name", *FILLING) for kind in span.readings):
            reading.used.update(span.places)
        return
    kind = min((name.kind for name in names), key=KIND_ORDER.index)
    names = [name for name in names if name.kind == kind]
    spelled = list(dict.fromkeys(name.spelled for name in names))
    reading.used.update(span.places)
    if len(spelled) > 1:
        if _is_plural(reading, span):
            _take(reading, kind, spelled, span)
        else:
            reading.doubts.append(reading.make_doubt(kind, span.places, spelled))
        return
    if match.quality <= NEAR:
        reading.guesses.append(reading.make_doubt(kind, span.places, spelled))
    _take(reading, kind, spelled, span)


def _take(reading: Reading, kind: str, spelled: list[str], span: Span) -> None:
    listed = {"agent": reading.agents, "channel": reading.channels, "contact": reading.contacts}[kind]
    listed += [name for name in spelled if name not in listed]
    reading.name_places.setdefault(kind, []).append(span.start)


def find_role(reading: Reading, place: int) -> str | None:
    """The kind that the word before a name says: "cliente João", "canal de vendas"."""
    tokens = reading.tagged.tokens
    at = place - 1
    while at >= 0 and tokens[at].norm in reading.tagged.glue and place - at <= 2:
        at -= 1
    span = reading.tagged.get_at(at) if at >= 0 else None
    if span is None or not span.has("role"):
        return None
    return ROLES[str(span.readings["role"][0])]


def _is_dimension(reading: Reading, span: Span) -> bool:
    """ "Por loja", "qual loja", "lojas": the word that several names share is what is split by, not a name."""
    if not span.has("dim"):
        return False
    before = reading.tagged.get_at(span.start - 1) if span.start else None
    asked = reading.tagged.get_at(find_which_of(reading, span.start)[1])
    if asked is not None and asked.end <= span.start and asked.has("cue", "cue.which", "cue.who"):
        return True  # "Qual das lojas"
    if before is not None and before.has("weak") and not before.has("cue", "cue.by"):
        return False
    return not _is_place(reading, span.start) or (before is not None and before.has("cue", "cue.by", "cue.which"))


def _is_place(reading: Reading, place: int) -> bool:
    """Whether a preposition or article leads in: "na loja", "do suporte"."""
    before = reading.tagged.tokens[place - 1] if place else None
    return before is not None and before.norm in reading.tagged.glue


def _is_plural(reading: Reading, span: Span) -> bool:
    """ "As lojas", "os dois Marcos", "both Marks": several are meant. A name that ends so by itself is one."""
    tokens = reading.tagged.tokens
    before = {token.norm for token in tokens[max(0, span.start - 2) : span.start]}
    if before & read_choice_words("all", reading.clock.language):
        return True
    word = tokens[span.places[-1]].norm
    match: NameMatch = span.readings["name"][0]
    return word.endswith("s") and len(span.places) == 1 and not any(word in name.words for name in match.names)


def _is_ordinary(reading: Reading, span: Span, match: NameMatch) -> bool:
    """A word that means something else too ("loja", "downtown") names nothing by itself."""
    return any(kind in span.readings for kind in ("dim", "noun", "metric", "cue")) or (
        match.quality == SOUND and _is_by_meaning(match, reading, span)
    )


def _is_by_meaning(match: NameMatch, reading: Reading, span: Span) -> bool:
    typed = {reading.tagged.tokens[place].norm for place in span.places}
    return all(name.kind == "channel" for name in match.names) and not any(word in typed for name in match.names for word in name.words)


def read_unknown_names(reading: Reading, leftover: list[int]) -> list[int]:
    """Unknown words where a name is meant: behind a role ("atendente Josué"), a first name, or capitalised. Returns what is left."""
    tokens = reading.tagged.tokens
    rest = []
    skipped: set[int] = set()
    for place in leftover:
        if place in skipped or tokens[place].norm in reading.catalog.tenant_words:
            continue
        kind = _get_unknown_kind(reading, place)
        if kind is None:
            rest.append(place)
            continue
        run = [at for at in leftover if place <= at <= place + 2 and all(other in leftover for other in range(place, at))]
        skipped.update(run)
        reading.used.update(run)
        reading.doubts.append(reading.make_doubt(kind, run, _suggest(reading, place, kind)))
    return rest


def _get_unknown_kind(reading: Reading, place: int) -> str | None:
    tokens = reading.tagged.tokens
    token = tokens[place]
    if token.kind != "word" or len(token.norm) < 3:
        return None
    if _is_service(reading, place):
        return "channel"
    if is_ordinary_word(reading, place):
        return None
    role = find_role(reading, place)
    generic = next(
        (span for span in reading.tagged.find("name") if span.end in (place, place - 1) and span.readings["name"][0].is_generic), None
    )
    asked = generic is not None and any(span.end == generic.start for span in reading.find_cues("which"))  # "Qual loja vende mais"
    if generic is not None and not asked and all(tokens[at].norm in reading.tagged.glue for at in range(generic.end, place)):
        reading.doubts = [doubt for doubt in reading.doubts if doubt.kind != "channel"]
        return "channel"
    if role is not None:
        return role
    if reading.clock.language == "en" and _is_followed_by_channel(reading, place):
        return "channel"  # "the Miami store"
    if token.norm in read_first_names():
        return "name"
    if _is_like_first_name(token.norm) and tokens[place - 1].norm in OWNING and not reading.nouns:
        return "name"  # "csat da feernanda"
    led = _is_place(reading, place) or (place + 1 < len(tokens) and tokens[place + 1].norm == "s")
    led = led or tokens[place - 1].norm in ASKED_OF or _is_full_name(tokens, place)
    meant = token.is_capitalised and (led if place else _opens_as_name(reading))
    return "name" if meant and not reading.tagged.question.isupper() else None


def _is_service(reading: Reading, place: int) -> bool:
    """ "Pelo Telegram", "csat do Instagram", "WhatsApp Sul": a channel that there is not, named without the word "channel"."""
    token, before = reading.tagged.tokens[place], reading.tagged.tokens[place - 1].norm if place else ""
    if before == "whatsapp":
        return token.norm not in EDITIONS and (token.is_capitalised or token.norm in QUARTERS)
    complained = reading.has_metric("complaints", "compliments") or reading.has_cue("complained", "praised")  # of Instagram itself
    if token.norm in MEANS:
        return before in BY_MEANS
    return token.norm in SERVICES and (before in BY_WAY_OF or (before in OWNING and not complained))


def _opens_as_name(reading: Reading) -> bool:
    """ "Zenóbia Prates atendeu …": two unknown words open the question, the second capitalised too, and then somebody does something."""
    tokens = reading.tagged.tokens
    if len(tokens) < 4 or not tokens[1].is_capitalised or reading.tagged.get_at(1) is not None:
        return False
    follows = reading.tagged.get_at(2)
    return follows is not None and follows.has("filler", "verb")


def _is_full_name(tokens: Sequence[Token], place: int) -> bool:
    """Two capitalised words side by side, in a question that does not capitalise the rest."""
    words = [token for token in tokens if token.kind == "word"]
    if place == 0 or sum(token.is_capitalised for token in words) * 2 > len(words):
        return False
    return any(0 < at < len(tokens) and tokens[at].is_capitalised for at in (place - 1, place + 1))


@lru_cache(maxsize=5_000)
def _is_like_first_name(word: str) -> bool:
    """Whether a word is one slip away from a first name."""
    if len(word) < SHORTEST_LIKE_NAME or word in read_everyday_words():
        return False
    return process.extractOne(word, read_first_names(), scorer=OSA.distance, score_cutoff=1) is not None


def _is_followed_by_channel(reading: Reading, place: int) -> bool:
    span = reading.tagged.get_at(place + 1)
    return span is not None and span.start == place + 1 and span.has("role", "role.channel")


def _suggest(reading: Reading, place: int, kind: str) -> tuple[str, ...]:
    """Names that begin like the unknown one, to choose from; all channels, they being few."""
    catalog = reading.catalog
    if kind == "channel":
        return catalog.channels[:8]
    start = reading.tagged.tokens[place].norm[:3]
    names: list[Name] = [
        name for name in catalog.name_index.names if kind in ("name", name.kind) and any(word.startswith(start) for word in name.words)
    ]
    return tuple(dict.fromkeys(name.spelled for name in names))[:5]
