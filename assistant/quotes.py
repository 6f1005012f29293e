"""Which customer messages to quote: they show the point, come from different conversations and say different things. Pure."""

import re
from collections.abc import Sequence

from core.search import MessageRow

SHORTEST, LONGEST = 12, 400
MAX_OVERLAP = 0.5

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
    if one.conversation_id == other.conversation_id:
        return True
    words, others = (set(_WORD.findall(message.text.casefold())) for message in (one, other))
    return bool(words | others) and len(words & others) / len(words | others) > MAX_OVERLAP
