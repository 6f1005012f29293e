"""One character for one: look-alikes written plainly and accents folded, so that a place in the result is that place in the text."""

import re
from collections.abc import Callable
from functools import lru_cache

from tarja.normalise import fold as fold_slowly
from tarja.normalise import is_invisible, normalise_text

KEYCAP = "\u20e3"  # what turns "5" into the emoji of a key; it stands behind the digit and joins it to the next
_MORE_LOOKALIKES = {"·": ".", "•": ".", "∙": ".", "⋅": ".", "‧": "."}

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# WhatsApp's italics around a value, and underscores between digits: a writer's, and no part of a name in a program.
_UNDERSCORE = re.compile(r"(?:(?<=[\s*~(])|\A)_(?=\S)|(?<=\S)_(?=[\s*~),.;!?]|\Z)|(?<=\d)_(?=\d)")


class _Table(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, code: int) -> str:
        self[code] = found = self._work_out(chr(code))
        return found


_PLAIN = _Table(lambda character: _MORE_LOOKALIKES.get(character) or normalise_text(character))
_FOLDED = _Table(fold_slowly)


def write_plainly(text: str) -> str:
    """Digits, dashes, spaces and dots of every script as ASCII; underscores around a value and inside a number as spaces."""
    plain = text if text.isascii() else text.translate(_PLAIN)
    return _UNDERSCORE.sub(" ", plain) if "_" in plain else plain


def fold(text: str) -> str:
    """Lower case without accents."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


@lru_cache(maxsize=4096)
def _is_unseen(character: str) -> bool:
    return character == KEYCAP or is_invisible(character)


def drop_unseen(text: str) -> tuple[str, list[int]] | None:
    """The text without characters that nobody sees, with each one's place in the text as it was; None where no digit is beside one."""
    unseen = {character for character in set(_NOT_ASCII.findall(text)) if _is_unseen(character)}
    if not unseen or not any(_is_beside_digit(text, place) for place, character in enumerate(text) if character in unseen):
        return None
    places = [place for place, character in enumerate(text) if character not in unseen]
    return "".join(text[place] for place in places), places


def skip_unseen(text: str, end: int) -> int:
    """The place behind characters that nobody sees and that belong to the one before `end`, such as the key around a digit."""
    while end < len(text) and _is_unseen(text[end]):
        end += 1
    return end


def _is_beside_digit(text: str, place: int) -> bool:
    return any(character.isdigit() for character in text[max(0, place - 2) : place + 3])
