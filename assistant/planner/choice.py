"""The answer to a question back: choosing a name, by itself or by its place in the list, answers the question that was asked before."""

from collections.abc import Callable, Sequence
from functools import cache

from assistant.planner.lexicon import Language, read_table
from assistant.planner.names import NameIndex, NameKind
from assistant.planner.question import PastTurn
from assistant.planner.reading import Doubt, Reading
from assistant.planner.slots import read_words
from assistant.planner.text import Token, find_words, fold
from assistant.planner.themes import find_concepts

AND: dict[Language, str] = {"pt": " e ", "en": " and ", "es": " y "}
MOST_ASKED_BACK = 4  # questions back on end that are followed
MOST_WORDS = 8  # of an answer to a question back

BESIDE_MORE = frozenset("me da dá mais pode podes puedes can could you isso eso it that e y and quero quiero ver see more".split())

Read = Callable[[str], Reading]


def restate(question: str, *, history: Sequence[PastTurn], read: Read) -> tuple[str, Sequence[PastTurn]]:
    """The question that is to be answered and the turns before it.

    An answer to a question back becomes the question asked before with the chosen name in the place of the unclear one; any other
    question stays as it is. `read` takes a question apart.
    """
    return _restate(question, history, read, MOST_ASKED_BACK)


def _restate(question: str, history: Sequence[PastTurn], read: Read, left: int) -> tuple[str, Sequence[PastTurn]]:
    if not left or not history or history[-1].plan.intent != "clarify":
        return question, history
    reply = read(question)
    if sum(token.kind != "mark" for token in reply.tagged.tokens) > MOST_WORDS:
        return question, history
    asked, before = _restate(history[-1].question, history[:-1], read, left - 1)
    doubts = read(asked).doubts
    chosen = find_chosen(doubts[0], reply) if doubts else None
    if chosen is None:
        return question, history
    doubt = doubts[0]
    return (asked[: doubt.start] + chosen + asked[doubt.end :] if chosen else asked), before


def find_chosen(doubt: Doubt, reply: Reading) -> str | None:
    """The name that a reply puts in the place of the unclear one; empty where it points at none of the list, None where it is no reply."""
    language = reply.clock.language
    words = [token for token in reply.tagged.tokens if token.kind != "mark" and not _is_beside(token, reply)]
    if doubt.choices and all(token.norm in read_choice_words("all", language) for token in words) and words:
        return AND[language].join(doubt.choices)
    if len(doubt.choices) == 1 and _says_yes(reply):
        return doubt.choices[0]
    if len(words) == 1 and doubt.choices:
        position = _read_position(words[0], language, len(doubt.choices))
        if position is not None:
            return doubt.choices[position - 1] if 1 <= position <= len(doubt.choices) else ""
    named = _match_choice(doubt, reply)
    return _name_another(reply) if named is None else named


def _match_choice(doubt: Doubt, reply: Reading) -> str | None:
    """The one choice that the words of the reply name, nothing else being said."""
    kind: NameKind = doubt.kind if doubt.kind in ("agent", "channel", "contact", "theme") else "agent"  # type: ignore[assignment]
    index = NameIndex(((kind, choice) for choice in doubt.choices), alike=find_concepts)
    tokens = reply.tagged.tokens
    matches = index.find_matches(tokens, is_word=lambda word: False, first_names=frozenset())
    if not matches:
        return None
    best = max(matches, key=lambda match: (len(match.places), match.quality))
    covered = {place for match in matches for place in match.places}
    rest = [token for place, token in enumerate(tokens) if place not in covered and token.kind != "mark"]
    if not all(_is_beside(token, reply) for token in rest):
        return None
    return best.names[0].spelled if len(best.names) == 1 else ""


def _is_beside(token: Token, reply: Reading) -> bool:
    if token.norm in read_choice_words("beside", reply.clock.language) or token.norm in reply.tagged.glue:
        return token.norm not in read_choice_words("all", reply.clock.language)
    return any(span.has("filler", "polite") and span.start <= reply.tagged.tokens.index(token) < span.end for span in reply.tagged.spans)


def _says_yes(reply: Reading) -> bool:
    words = [token for token in reply.tagged.tokens if token.kind != "mark"]
    yes = read_choice_words("yes", reply.clock.language)
    return any(token.norm in yes for token in words) and all(token.norm in yes or _is_beside(token, reply) for token in words)


def _read_position(token: Token, language: Language, last: int) -> int | None:
    if token.kind == "figure":
        return int(token.norm[:4])
    if token.norm in read_choice_words("last", language):
        return last
    return read_words("ordinals", language).get(token.norm) or read_words("numbers", language).get(token.norm)


def _name_another(reply: Reading) -> str | None:
    """ "Não, da Fernanda": another name of the catalogue, and nothing else; or a name that is unclear again."""
    names = [*reply.agents, *reply.channels, *reply.contacts]
    more = (
        reply.metrics or reply.nouns or reply.times or reply.by or reply.numbers or reply.unread or reply.has_feeling or reply.has_subject
    )
    if more or reply.status or reply.dimensions or reply.has_cue("why", "summary", "show", "topics", "compare", "trend"):
        return None
    if len(names) == 1 and not reply.doubts:
        return names[0]
    return reply.doubts[0].heard if len(reply.doubts) == 1 and not names and reply.doubts[0].choices else None


def asks_for_more(question: str, *, language: Language) -> bool:
    """ "Detalhar", "me dá mais detalhes, por favor", "go deeper": more of the answer before, and nothing else."""
    words = find_words(question)
    phrases = sorted((fold(phrase).split() for phrase in read_table("choices")["more"][language]), key=len, reverse=True)
    small = {word for group in ("glue", "polite") for entry in read_table("fillers")[group][language] for word in fold(entry).split()}
    for phrase in phrases:
        for place in range(len(words) - len(phrase) + 1):
            if words[place : place + len(phrase)] == phrase:
                return all(word in small or word in BESIDE_MORE for word in (*words[:place], *words[place + len(phrase) :]))
    return False


@cache
def read_choice_words(section: str, language: Language) -> frozenset[str]:
    """The words of a section of tables/choices.toml, folded."""
    return frozenset(map(fold, read_table("choices")[section][language]))
