"""What a model's words about an answer may say, and the check that they say nothing else.

Its figures must be among the answer's, each beside the name that it belongs to; its names, quotes, and the words that tell an amount, a
direction or a cause must be in the answer or its evidence. A sentence that is right may be refused: then our words stand, which costs
warmth and nothing else.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.blocks import Block, Coverage, NumberBlock
from assistant.compose.check import FIGURE, QUOTED, Facts, collect_facts, find_figures, find_unknown
from assistant.compose.model_words import OPENERS, TELLING
from assistant.compose.numbers import NBSP, Language
from assistant.compose.voice import Voice

Fault = Literal["markup", "figure", "word_number", "name", "quote", "pairing", "amount", "up", "down", "cause", "advice", "bare"]

_MARKUP = re.compile(r"[<>`*_#\[\]{}|\\^~@]|https?:|www\.|\w\.(?:com|br|net|org|io)\b", re.IGNORECASE)
_QUOTES = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SHORTEST_NAME = 2
RUN = 3  # so many words in a row are no chance


@dataclass(slots=True)
class Ground:
    """What may be said: the facts, the words that are in the answer or its evidence, the texts that may be quoted, and, for each name of
    a table's row, the figures that may stand beside it."""

    language: Language
    facts: Facts
    said: frozenset[str]  # words of our own sentences, folded
    words: frozenset[str]  # and of everything else that is shown, quotes left out
    quotes: tuple[str, ...]
    heard: frozenset[tuple[str, ...]] = frozenset()  # runs of words that customers wrote and we did not
    figures_of: dict[str, set[str]] = field(default_factory=dict)


def make_ground(
    voice: Voice, facts: Facts, *, sentences: Sequence[str], blocks: Sequence[Block], coverage: Coverage, quotes: Sequence[str], labels: str
) -> Ground:
    """The ground of an answer. `labels` is whatever else the model is shown in words of ours."""
    shown = [labels, *(block.title for block in blocks), *facts.names]
    said = _find_words(" ".join(sentences))
    heard = frozenset(run for quote in quotes for run in _find_runs(quote))
    ground = Ground(
        language=voice.language,
        facts=facts,
        said=said,
        words=said | _find_words(" ".join(shown)),
        quotes=tuple(_fold_quote(quote) for quote in quotes),
        heard=heard - {run for text in (*sentences, *shown) for run in _find_runs(text)},
    )
    totals = [block for block in blocks if isinstance(block, NumberBlock)]
    for block in blocks:
        if isinstance(block, NumberBlock):
            continue
        for row in block.rows:
            own = collect_facts(voice, [*totals, block.model_copy(update={"rows": [row]})], coverage).figures
            for key, cell in row.items():
                if isinstance(cell, str) and key not in QUOTED and not key.endswith("_id") and len(cell) > _SHORTEST_NAME:
                    ground.figures_of.setdefault(cell, set()).update(own)
    for sentence in sentences:
        for name, figure in _find_pairs(sentence, ground):
            ground.figures_of[name].add(figure)
    return ground


def find_fault(sentence: str, ground: Ground) -> Fault | None:
    """The first thing in a sentence that is not in the ground, as a word; None where all of it is."""
    outside = _QUOTES.sub(" ", sentence)
    if any(_fold_quote(quote) and not _is_quotable(_fold_quote(quote), ground) for quote in _QUOTES.findall(sentence)):
        return "quote"
    if ground.heard.intersection(_find_runs(outside)):
        return "quote"  # a customer's words as if they were ours: what one of them orders is said by nobody
    if outside.count('"') or re.search(r"[“”„«»]", outside):
        return "quote"  # one that opens and does not close
    plain = _without_names(outside, ground)
    if _MARKUP.search(plain) or any(unicodedata.category(letter) in ("Cf", "Co", "Cc") for letter in sentence):
        return "markup"
    if find_unknown(outside, ground.facts):
        return "figure"
    if any(not letter.isdigit() and unicodedata.numeric(letter, None) is not None for letter in plain):
        return "word_number"
    words = _find_words(plain)
    for kind in ("amount", "up", "down", "cause", "advice"):
        if words & TELLING[ground.language][kind] - ground.said:
            return kind
    if _has_strange_name(plain, ground) or not (words or find_figures(sentence) or _QUOTES.search(sentence)):
        return "name"  # one that nobody has, or a name and nothing else: people choose their own
    if _is_mispaired(outside, ground):
        return "pairing"
    # What holds no figure, no name and no quote says nothing that the evidence could bear out.
    return None if plain != outside or find_figures(sentence) or _QUOTES.search(sentence) else "bare"


def find_omitted(said: Sequence[str], ground: Ground, answer: str) -> list[str]:
    """The figures of the sentence that answers which a model's sentences do not say: then they are no answer, however true."""
    told = {figure for sentence in said for figure in find_figures(sentence)}
    return [figure for figure in find_figures(_without_names(answer, ground)) if figure not in told]


def _is_quotable(quote: str, ground: Ground) -> bool:
    return any(quote in text for text in ground.quotes) or (
        _find_words(quote) <= ground.words and quote in map(_fold_quote, ground.facts.names)
    )


def _has_strange_name(plain: str, ground: Ground) -> bool:
    """A word with a capital that nothing shown holds; the first word of the sentence may also be an ordinary one."""
    for place, match in enumerate(_WORD.finditer(plain)):
        word = match[0]
        folded = _fold(word)
        if not word[0].isupper() or folded in ground.words:
            continue
        if place > 0 or folded not in OPENERS[ground.language]:
            return True
    return False


def _is_mispaired(sentence: str, ground: Ground) -> bool:
    """A figure beside a name that it does not belong to."""
    return any(figure not in ground.figures_of[name] for name, figure in _find_pairs(sentence, ground))


def _find_pairs(sentence: str, ground: Ground) -> Iterator[tuple[str, str]]:
    """Each figure of a sentence with its name: the one before it, else the first one behind; nothing where no name of a row stands."""
    text = sentence.replace(NBSP, " ")
    spans: list[tuple[int, int, str]] = []
    for name in sorted(ground.figures_of, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            if all(match.end() <= start or match.start() >= end for start, end, _ in spans):
                spans.append((match.start(), match.end(), name))
    if not spans:
        return
    spans.sort()
    masked = text
    for start, end, _ in spans:
        masked = masked[:start] + "\0" * (end - start) + masked[end:]
    for name in sorted(ground.facts.names - set(ground.figures_of), key=len, reverse=True):
        masked = masked.replace(name, "\0" * len(name))
    for match in FIGURE.finditer(masked):
        before = [name for _, end, name in spans if end <= match.start()]
        yield before[-1] if before else spans[0][2], re.sub(r"\s+", " ", match[0])


def _without_names(text: str, ground: Ground) -> str:
    """The text with names of the evidence read over: what they hold is not the model's word. One with markup in it is none."""
    for name in sorted(ground.facts.names, key=len, reverse=True):
        if len(name) > _SHORTEST_NAME and not _MARKUP.search(name):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return text


def _find_words(text: str) -> frozenset[str]:
    return frozenset(_fold(word) for word in _WORD.findall(text))


def _find_runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every RUN words that follow each other, folded; of a shorter text all of it, where it is more than a word."""
    words = [_fold(word) for word in _WORD.findall(text)]
    if 1 < len(words) < RUN:
        yield tuple(words)
    for start in range(len(words) - RUN + 1):
        yield tuple(words[start : start + RUN])


def _fold(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter))


def _fold_quote(text: str) -> str:
    return " ".join(text.split()).strip(" .,;:!?…").lower()
