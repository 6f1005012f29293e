"""What is not a question about the tenant's conversations: help, orders to change something, other tenants, other subjects, injection."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assistant.plan import Plan
from assistant.planner.matching import Match
from assistant.planner.reading import Reading

Refusal = Literal["other_tenant", "change_data", "off_topic", "injection"]
FORMULA = re.compile(r"[^\W_]\s*[=^*×÷√]\s*[^\W_]|\d\s*\+\s*\d|\d\s*%\s+(?:de|of)\s+\d")  # arithmetic: "x^2 = 16", "2+2"
# Cues by which a question is about conversations whatever else it holds.
DOMAIN_CUES = ("complained_of", "praised_of", "topics", "complained", "praised", "summary", "reasons", "said")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a question gets no plan of its own: a refusal, or help on a topic (a metric's name, "abilities")."""

    refusal: Refusal | None = None
    topic: str | None = None


def judge(reading: Reading, *, last: Plan | None = None) -> Verdict | None:
    """The verdict on a question that is not one for the data; None for the others. `last` is the plan that "that" points back to."""
    if _holds(reading, "refuse.injection"):
        return Verdict(refusal="injection")
    if _is_order(reading):
        return Verdict(refusal="change_data")
    if _asks_elsewhere(reading):
        return Verdict(refusal="other_tenant")
    if _is_chore(reading):
        return Verdict(refusal="off_topic")
    topic = find_help_topic(reading) or _find_topic_before(reading, last)
    if topic is not None:
        return Verdict(topic=topic)
    if (_holds(reading, "refuse.off_topic") or FORMULA.search(reading.tagged.question)) and not (
        reading.metrics or reading.by or reading.has_names or any(noun.value != "times" for noun in reading.nouns)
    ):
        return Verdict(refusal="off_topic")
    return None


def is_about_conversations(reading: Reading) -> bool:
    """Whether anything in it can be measured, listed or told."""
    looked_at = any(noun.value not in ("contacts", "agents", "times") for noun in reading.nouns) or (reading.nouns and reading.has_feeling)
    return bool(reading.metrics or looked_at or reading.has_cue(*DOMAIN_CUES) or reading.by)


def _watched(reading: Reading, *values: str) -> list[Match]:
    """Matches of these sections outside of what is searched for: "mensagens com a palavra senha" is an honest question."""
    return [
        match
        for match in reading.tagged.watched
        if (match.phrase.value in values or match.phrase.kind in values) and not reading.subject_places.issuperset(match.places)
    ]


def _holds(reading: Reading, value: str) -> bool:
    return bool(_watched(reading, value))


def _is_order(reading: Reading) -> bool:
    """A verb of changing where the sentence opens: "apaga …", "quero que você apague …", "can you delete …"."""
    opening = _find_opening(reading)
    for match in _watched(reading, "command.change", "command.create", "command.send"):
        if match.start not in opening or _is_theme_at(reading, match.start) or _closes_period(reading, match):
            continue
        if match.phrase.value == "command.change":
            return True
        asks_to_see = reading.has_cue("summary", "trend", "ranking", "distribution", "show", "compare") or bool(reading.metrics)
        to_me = any(
            word in ("me", "mim", "us", "nos")
            for word in (token.norm for token in reading.tagged.tokens[max(0, match.start - 1) : match.end + 3])
        )
        if match.phrase.value == "command.create" and not asks_to_see:
            return True
        if match.phrase.value == "command.send" and not (to_me or (asks_to_see and not (reading.agents or reading.contacts))):
            return True
    return False


def _closes_period(reading: Reading, match: Match) -> bool:
    """ "Fecha o mês de fevereiro: conversas e csat" asks for the month's figures."""
    behind = [time for time in reading.times if time.start >= match.end and not reading.words_between(match.end, time.start)]
    return bool(behind and (reading.metrics or reading.has_cue("summary")))


def _is_chore(reading: Reading) -> bool:
    """ "Me ajuda a escrever um e-mail", "ayúdame con la tarea": something to be done that is no answer."""
    if any(match.start in _find_opening(reading) for match in _watched(reading, "command.write")):
        return not (reading.has_cue("summary") or reading.metrics)
    hands = {place for match in _watched(reading, "help.hand") for place in match.places}
    asks_more = any(not hands.issuperset(match.places) for match in _watched(reading, "help.abilities", "help.definition"))
    if not hands or asks_more or is_about_conversations(reading) or reading.has_names or reading.has_subject:
        return False
    return not {reading.tagged.tokens[place].text for place in hands}.issuperset(reading.unread)


def _find_topic_before(reading: Reading, last: Plan | None) -> str | None:
    """ "Como vocês calculam isso?" after a figure: that figure's meaning."""
    if last is None or not last.metrics or reading.times or reading.has_filters or reading.has_cue("why"):
        return None
    points = reading.has_cue("deictic") or any(token.norm in FIGURE for token in reading.tagged.tokens)
    return last.metrics[0] if points and _watched(reading, "help.definition") else None


# What a figure is called that is asked about: "o que esse número significa".
FIGURE = frozenset("numero numeros valor resultado conta calculo number numbers figure value result cifra valores".split())


def _is_theme_at(reading: Reading, place: int) -> bool:
    """ "Troca e devolução: …" is a theme, "troca a nota" an order."""
    span = reading.tagged.get_at(place)
    if span is None or not span.has("theme"):
        return False
    follows = reading.tagged.tokens[span.end : span.end + 1]
    return len(span.places) > 1 or not follows or follows[0].norm not in reading.tagged.glue


def _find_opening(reading: Reading) -> set[int]:
    """The places where the first verb of the question may stand: after greetings and "quero que você", and after a full stop."""
    tokens = reading.tagged.tokens
    openers = {at for match in reading.tagged.watched if match.phrase.value == "command.opener" for at in match.places}
    polite = {at for span in reading.tagged.find("filler", "polite") for at in span.places}
    opening: set[int] = set()
    at_start = True
    for place, token in enumerate(tokens):
        if token.norm in (".", "!", "?", ";", ":"):
            at_start = True
            continue
        if not at_start:
            continue
        opening.add(place)
        passing = token.kind == "mark" or place in openers or place in polite or token.norm in reading.tagged.glue or token.norm in PASSING
        at_start = passing
    return opening


# Small words that may stand between an opening and its verb.
PASSING = frozenset(
    "e y and que vc voce voces you me te se lo la los las eu i we agora now ahora then entao also tambem ai so just".split()
)


def _asks_elsewhere(reading: Reading) -> bool:
    if _holds(reading, "refuse.other_tenant"):
        return True
    tokens = reading.tagged.tokens
    for match in _watched(reading, "company"):
        place = match.end
        while place < len(tokens) and tokens[place].norm in reading.tagged.glue:
            place += 1
        words = {token.norm for token in tokens[match.start : place + 1]}
        if words & reading.catalog.tenant_words or place >= len(tokens) or tokens[place].kind != "word":
            continue
        span = reading.tagged.get_at(match.start)
        if span is not None and (span.has("name") or span.has("theme")):
            continue
        after = reading.tagged.get_at(place)
        if after is None or tokens[place].is_capitalised:
            return True
    return _names_a_namesake(reading)


def _names_a_namesake(reading: Reading) -> bool:
    """ "Casa Sol" where the tenant is "Casa Lua": a word of its name, and behind it a name that means nothing here."""
    own = reading.catalog.tenant_words
    return any(
        token.norm in own
        and following.kind == "word"
        and following.is_capitalised
        and following.norm not in own
        and reading.tagged.get_at(place + 1) is None
        for place, (token, following) in enumerate(pairwise(reading.tagged.tokens))
    )


def find_help_topic(reading: Reading) -> str | None:
    """What is to be explained: a metric, "abilities"; None where nothing is."""
    names_something = bool(reading.metrics or reading.dimensions or reading.status or reading.has_feeling)
    definitions = _watched(reading, "help.definition")
    if reading.has_cue("complained_of", "praised_of"):
        definitions = []  # "¿Qué es lo que más elogian?"
    for match in definitions:
        words = {token.norm for place, token in enumerate(reading.tagged.tokens) if place in match.places}
        if words & {"diferenca", "difference", "diferencia"} and (len(reading.metrics) < 2 or reading.times):
            continue
        if names_something and not reading.times and not reading.has_names:
            return _get_topic(reading)
        plain = not reading.times and not names_something and not reading.has_names and not _holds(reading, "refuse.off_topic")
        if len(match.places) > 2 and plain:
            return "abilities"
    if _is_plain_what_is(reading):
        return _get_topic(reading)
    abilities = _watched(reading, "help.abilities")
    if abilities and not reading.times and not reading.has_names:
        # "What questions can I ask": the words that ask for help are no question about topics.
        places = {place for match in abilities for place in match.places}
        topics = reading.find_cues("topics")
        if not reading.metrics and (not is_about_conversations(reading) or any(places.intersection(span.places) for span in topics)):
            return "abilities"
    return None


# What ends a question that names a measure first: "CSAT é o quê?".
ENDS_WITH_WHAT = ("e o que", "eh o que", "o que e", "o que eh", "is what", "is what exactly", "es que", "que es")


def _is_plain_what_is(reading: Reading) -> bool:
    """ "What is CSAT?", "CSAT é o quê?": no article, nothing else asked; "what is the CSAT" asks for the number."""
    if not reading.metrics or reading.times or reading.by or reading.has_filters:
        return False
    behind = " ".join(token.norm for token in reading.tagged.tokens[reading.metrics[0].end :] if token.kind != "mark")
    if behind in ENDS_WITH_WHAT:
        return True
    if reading.clock.language != "en":
        return False
    norms = [token.norm for token in reading.tagged.tokens if token.kind != "mark"]
    first = reading.metrics[0]
    return (
        norms[:2] in (["what", "is"], ["what", "s"], ["what", "are"])
        and first.place == 2
        and not any(w in norms for w in ("our", "my", "current"))
    )


def _get_topic(reading: Reading) -> str:
    if reading.metrics:
        return reading.metrics[0].value
    if reading.status == "unanswered":
        return "unanswered"
    if reading.dimensions:
        return reading.dimensions[0].value
    return "satisfaction" if reading.satisfaction else "sentiment" if reading.sentiments else "emotion" if reading.emotions else "abilities"
