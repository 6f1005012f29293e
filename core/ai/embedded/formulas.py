"""Messages that only keep a talk going ("ok", "bom dia", "👍") and messages that answer a rating question."""

import re

from core.ai.embedded.cues import fold_for_cues, join_phrases
from core.ai.roles import Turn

_FORMULA = re.compile(rf"(?:(?:{join_phrases('formula')})(?:\s+|$))+")
_WORD = re.compile(r"\w")
_MOOD_SIGNS = re.compile("[😡😠🤬👎🙄😤😒🤮🤢😢😭😞😔🙁☹😥😓💔😩😍🥰😘❤👏🎉🤩😁😄😃😊🙂]|:\\(|:\\)|\\?\\?|!!")
_RATING_ASKED = re.compile(
    r"de (?:0|zero|um) a (?:0|cinco|dez)|nota|avali|estrelas|classific|scale of|rate|rating|del 0 al|calific|puntua|estrellas"
)
_RATING = re.compile(r"^\W*(?:nota\s*)?(10|[0-9])(?:[.,]\d)?\s*(?:/\s*(?:5|10))?\W*$", re.IGNORECASE)


def is_formula(text: str) -> bool:
    """True for a text that holds nothing but greeting, agreement or a lone sign, and no sign of a mood."""
    if _MOOD_SIGNS.search(text):
        return False
    folded = fold_for_cues(text)
    if not folded:
        return not _WORD.search(text) and text.count("!") == 0
    return _FORMULA.fullmatch(folded) is not None


def find_typed_rating(text: str, *, before: tuple[Turn, ...]) -> float | None:
    """The mood −1…1 of a bare number that answers the agent's rating question, or None where it is no such answer."""
    number = _RATING.match(text)
    if not number or not before or before[-1].author != "agent":
        return None
    question = fold_for_cues(before[-1].text)
    if not _RATING_ASKED.search(question):
        return None
    value = int(number.group(1))
    top = 10 if value > 5 or re.search(r"\b(?:10|dez|ten|diez)\b", before[-1].text.lower()) else 5
    return max(-1.0, min(1.0, (2.0 * value - top) / top if top == 10 else (value - 3) / 2))
