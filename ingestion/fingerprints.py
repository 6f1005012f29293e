"""An identity for messages whose source gives none: the same message in two exports of one chat gets the same `provider_id`.

The id is a hash of: the chat, the minute on the clock of the export, what was said, and which one it is among the same
things said in that minute of that chat (0, 1, …). So it does not change
- when the chat is exported again, grown longer, or beginning later;
- between Android (minutes) and iOS (seconds);
- with the language of the phone, since media is hashed as "media", whatever its placeholder, file name or caption;
- with the names: who wrote is left out, so that an import with the wrong `--self` is mended by importing again.

What it can't see, and what is done about it:
- An edit or a deletion changes what was said. `ingestion/versions.py` finds the earlier version in the same minute.
- An export that begins in the middle of a minute in which the same words were said twice may attribute them to the wrong one
  of the two; their number stays right.
- A contact or group that was renamed between two exports is another chat (`--chat` tells that it is not), and a phone that
  showed the times of another time zone writes other minutes.
"""

import hashlib
from collections import Counter, OrderedDict

from ingestion.names import fold_text
from ingestion.signatures import split_signature
from ingestion.types import Kind

PREFIX = "export:"
# Minutes remembered for counting repetitions. Lines of an export that are further out of order than this do not happen.
_MINUTES_REMEMBERED = 10_000


def fold_content(*, kind: Kind, text: str, is_deleted: bool) -> str:
    """What was said, folded to what all exports of a message agree on."""
    if is_deleted:
        return "deleted"
    if kind == "text":
        return "text " + fold_text(split_signature(text)[1])
    if kind == "poll":
        return "poll " + fold_text(text.partition("\n")[0])
    return "location" if kind == "location" else "media"


class Fingerprints:
    """Makes the ids of one chat's messages, in the order of the export."""

    def __init__(self, chat_key: str) -> None:
        self._seed = hashlib.blake2b(chat_key.encode(), digest_size=16)
        self._said: OrderedDict[int, Counter[str]] = OrderedDict()

    def make(self, *, minute: int, content: str) -> str:
        """The id of the next message. `minute` is the local one, counted from any fixed day."""
        said = self._said.get(minute)
        if said is None:
            said = self._said[minute] = Counter()
            if len(self._said) > _MINUTES_REMEMBERED:
                self._said.popitem(last=False)
        number = said[content]
        said[content] += 1
        digest = self._seed.copy()
        digest.update(f"\0{minute}\0{number}\0{content}".encode())
        return PREFIX + digest.hexdigest()
