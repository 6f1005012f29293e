"""Where a sender's name ends and the text begins, when names and texts may both hold ": ".

The name is what stands before the first ": ". Where every line that begins with a name goes on with the same words and a
further ": " ("Dr. João: Silva: …"), those words belong to the name.
"""

from dataclasses import dataclass, field

from ingestion.exports.bodies import holds_event
from ingestion.names import SelfNames, clean_name, fold_name

SEPARATOR = ": "
LONGEST_NAME = 100  # characters, as long as a group's name may be
# So many lines with different texts must share the longer name before it is believed.
_LINES_FOR_LONGER_NAME = 3


def split_author(rest: str) -> tuple[str, str] | None:
    """Name and text of what follows a header, at the first separator; None for a line that nobody sent."""
    at = rest.find(SEPARATOR)
    if at < 0:
        plain = rest.rstrip()
        # A message without a text: "Beltrano:".
        return (plain[:-1], "") if 1 < len(plain) <= LONGEST_NAME and plain.endswith(":") else None
    return (rest[:at], rest[at + 2 :]) if 0 < at <= LONGEST_NAME else None


@dataclass(slots=True)
class _Seen:
    """What all lines that begin with one name have in common."""

    longer: list[str] | None = None  # names that go on after the first separator, as long as every line shares them
    texts: set[int] = field(default_factory=set)


class AuthorBook:
    """Learns the names of a file line by line, then splits its lines."""

    def __init__(self, *, self_names: SelfNames, chat_name: str | None) -> None:
        self._self_names = self_names
        self._chat_name = fold_name(chat_name) if chat_name else None
        self._seen: dict[str, _Seen] = {}
        self._longer: dict[str, str] = {}
        self._clean: dict[str, str] = {}  # "" for what is no name

    def add(self, rest: str) -> None:
        """Learn from one more line."""
        split = split_author(rest)
        if split is None:
            return
        seen = self._seen.setdefault(split[0], _Seen())
        if seen.longer == []:
            return
        here = _find_longer(rest, begin=len(split[0]) + 2)
        if seen.longer is None:
            seen.longer = here
        elif seen.longer:
            seen.longer = [name for name in seen.longer if name in here]
        if len(seen.texts) < _LINES_FOR_LONGER_NAME:
            seen.texts.add(hash(rest))

    def settle(self) -> None:
        """Decide which names are the longer ones. Call once, when every line was added."""
        for name, seen in self._seen.items():
            named = [longer for longer in seen.longer or [] if self._is_known(longer)]
            if named:
                self._longer[name] = named[-1]
            elif seen.longer and not self._is_known(name) and len(seen.texts) >= _LINES_FOR_LONGER_NAME:
                self._longer[name] = seen.longer[-1]
        self._seen.clear()

    def split(self, rest: str) -> tuple[str, str] | None:
        """Name, cleaned for showing, and text of a line; None for a system line."""
        split = split_author(rest)
        if split is None:
            return None
        name, text = split
        longer = self._longer.get(name)
        if longer is not None and rest.startswith(longer + SEPARATOR):
            name, text = longer, rest[len(longer) + 2 :]
        clean = self._clean.get(name)
        if clean is None:
            clean = self._clean[name] = "" if holds_event(name) else clean_name(name)
        return (clean, text) if clean else None

    def _is_known(self, name: str) -> bool:
        return self._self_names.match(name) or fold_name(name) == self._chat_name


def _find_longer(rest: str, *, begin: int) -> list[str]:
    longer = []
    at = rest.find(SEPARATOR, begin, LONGEST_NAME + 2)
    while at >= 0:
        longer.append(rest[:at])
        at = rest.find(SEPARATOR, at + 2, LONGEST_NAME + 2)
    return longer
