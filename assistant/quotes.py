"""Which customer messages to quote: they show the point, come from different conversations and say different things. Pure."""

import re
import unicodedata
from collections.abc import Sequence

from core.search import MessageRow

SHORTEST, LONGEST = 12, 400
MAX_OVERLAP = 0.5
# Words of so many letters tell what a message is about; two messages that share more than this part of them say the same.
TELLING, MAX_TELLING_OVERLAP = 4, 0.7

_WORD = re.compile(r"\w+")


def pick_quotes(messages: Sequence[MessageRow], *, limit: int) -> tuple[MessageRow, ...]:
    """Up to `limit` messages in the order given: one a conversation, none too short, none that repeats another's words.

    Where too few are long enough, short ones fill up.
    """
    picked: list[MessageRow] = []
    for is_long in (True, False):
        for message in messages:
            if len(picked) == limit:
                break
            if (SHORTEST <= len(message.text) <= LONGEST) is is_long and not any(_is_alike(message, other) for other in picked):
                picked.append(message)
    return tuple(picked)


def _is_alike(one: MessageRow, other: MessageRow) -> bool:
    """Whether both are of one conversation, or say about the same: half of all words, or most of the shorter one's longer words."""
    if one.conversation_id == other.conversation_id:
        return True
    words, others = (_read_words(message.text) for message in (one, other))
    if not words | others:
        return False
    shared = words & others
    told, told_by_other = ({word for word in side if len(word) >= TELLING} for side in (words, others))
    fewer = min(len(told), len(told_by_other))
    return len(shared) / len(words | others) > MAX_OVERLAP or (fewer > 1 and len(told & told_by_other) / fewer > MAX_TELLING_OVERLAP)


def _read_words(text: str) -> set[str]:
    """The words without case and accents, numbers all alike: "Cadê meu pedido 123?" says what "cade o meu pedido 77" says."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return {"0" if word.isdigit() else word for word in _WORD.findall(plain)}
