"""Which of the three languages a question is in, by the small words that only one of them has."""

from collections.abc import Sequence
from functools import cache

from assistant.planner.lexicon import LANGUAGES, Language, load_lexicon, read_table
from assistant.planner.text import find_words, fold

DEFAULT: Language = "pt"


@cache
def _read_telling() -> dict[Language, frozenset[str]]:
    """Words of a language's fillers that no other language's have, with its tables' words beside them."""
    words = {
        language: {
            word for group in read_table("fillers").values() for written in group.get(language, ()) for word in fold(written).split()
        }
        for language in LANGUAGES
    }
    return {
        language: frozenset(own - set().union(*(words[other] for other in LANGUAGES if other != language)))
        for language, own in words.items()
    }


def detect_language(question: str, *, history: Sequence[str] = ()) -> Language:
    """The language of a question; where it says too little, that of the questions before it; at last Portuguese."""
    for text in (question, *reversed(history)):
        scores = _score(text)
        best = max(scores, key=lambda language: scores[language])
        if sorted(scores.values())[-1] > sorted(scores.values())[-2]:
            return best
    return DEFAULT


def _score(text: str) -> dict[Language, int]:
    words = [word for word in find_words(text) if not word.isdigit()]
    telling = _read_telling()
    scores = dict.fromkeys(LANGUAGES, 0)
    for language in LANGUAGES:
        lexicon = load_lexicon(language)
        scores[language] = sum(3 if word in telling[language] else 1 if lexicon.knows(word) else 0 for word in words)
        scores[language] += 2 * sum("ã" in text or "õ" in text or "ç" in text for _ in [0] if language == "pt")
        scores[language] += 2 * sum("ñ" in text or "¿" in text or "¡" in text for _ in [0] if language == "es")
    return scores
