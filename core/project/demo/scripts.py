"""Reads the hand-written conversations of the demo shop, and says where one of them is badly written.

A file of `scripts/` holds many; this is one, and each field of its head is explained beside it:

    === entrega-01
    theme: Atraso na entrega          # one of the shop's themes, or none
    channel: Suporte, Loja Norte      # where it can happen
    mood: negative                    # how the customer ends: positive, neutral or negative
    satisfaction: 2                   # what a careful reader would give, 1–5
    resolved: no                      # yes or no
    rating: none                      # or the number that the customer types when asked at the end
    hours: business                   # business, evening or any
    agent: Ana Souza                  # optional: only she talks like this
    customer: woman, nordeste         # optional: who talks like this; told from the words where it is left out (`voices.py`)
    story: failure                    # optional: failure or recovery, kept for the week in which a channel fails and the one after
    c: oi boa tarde
    c +1m: comprei um {produto} dia {dia} e ate agora nada, pedido {pedido}
    a +6m: Boa tarde, {cliente}! Vou verificar aqui pra você.
      a further line of the same message, indented
    c +20m: [[ta bom|ok|blz]], fico no aguardo
    c: <image> olha como chegou

`c` is the customer, `a` an agent, `a!` an agent who does not sign; a delay counts from the line before, in s, m, h or d.
`{slots}` are those of `slots.py`; one of `[[a|b|c]]` is taken. Lines that begin with `#` are comments.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from core.project.demo.shop import AGENTS, CHANNELS, THEMES
from core.project.demo.slots import SLOTS
from core.project.demo.voices import Voice, guess_voice, read_voice
from ingestion.types import Kind

FOLDER = Path(__file__).parent / "scripts"
RATING_QUESTION = "De 1 a 5"

Mood = Literal["positive", "neutral", "negative"]
Hours = Literal["business", "evening", "any"]
Phase = Literal["failure", "recovery"]

_REQUIRED = ("theme", "channel", "mood", "satisfaction", "resolved", "rating", "hours")
_OPTIONAL = ("agent", "customer", "story")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TITLE = re.compile(r"=== (?P<name>[a-z]+-\d+)\s*$")
_LINE = re.compile(r"(?P<author>[ca])(?P<unsigned>!)?(?: \+(?P<number>\d+)(?P<unit>[smhd]))?:(?: (?P<text>.*))?$")
_MEDIA = re.compile(r"<(?P<kind>[a-z]+)>\s?")
_ALTERNATIVES = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)


class ScriptError(ValueError):
    """A script cannot be understood. The message names file and line, and what is expected there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of a script. `delay_seconds` counts from the line before; None leaves it to the story."""

    author: Literal["customer", "agent"]
    delay_seconds: int | None
    kind: Kind
    text: str
    is_signed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One conversation as it was written, before people, days and alternatives are chosen."""

    name: str
    theme: str | None
    channels: tuple[str, ...]
    mood: Mood
    satisfaction: int
    is_resolved: bool
    rating: int | None
    hours: Hours
    agent: str | None
    voice: Voice
    phase: Phase | None
    lines: tuple[Line, ...]

    @property
    def note(self) -> int:
        """The satisfaction that counts: the customer's own rating where there is one."""
        return self.rating if self.rating is not None else self.satisfaction


def load_scripts(folder: Path = FOLDER) -> list[Script]:
    """Every script of a folder, by name of file and then in order. Raises ScriptError, also where a name comes twice."""
    scripts: dict[str, Script] = {}
    for path in sorted(folder.glob("*.txt")):
        for script in parse_scripts(path.read_text(encoding="utf-8"), file_name=path.name):
            if script.name in scripts:
                raise ScriptError(f"{path.name}: a script named {script.name} is there already: give this one another number")
            scripts[script.name] = script
    return list(scripts.values())


def parse_scripts(text: str, *, file_name: str) -> list[Script]:
    """The scripts of one file's text, in order. Raises ScriptError with file and line."""
    return [_Draft(file_name, block).build() for block in _split(text, file_name)]


def expand(text: str) -> list[str]:
    """Every text that the alternatives of a line allow."""
    found = _ALTERNATIVES.search(text)
    if found is None:
        return [text]
    return [rest for option in found[1].split("|") for rest in expand(text[: found.start()] + option + text[found.end() :])]


def _split(text: str, file_name: str) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        if line.startswith("==="):
            if block:
                yield block
            block = [(number, line)]
        elif line and not line.startswith("#"):
            if not block:
                raise ScriptError(f"{file_name}:{number}: a file begins with a title such as `=== entrega-01`")
            block.append((number, line))
    if block:
        yield block


class _Draft:
    """A script while it is read: it knows where it stands, so that an error can say so."""

    def __init__(self, file_name: str, block: list[tuple[int, str]]) -> None:
        self.file_name = file_name
        self.start, title = block[0]
        found = _TITLE.match(title)
        if found is None:
            raise self.error(self.start, "a title is `=== word-number`, such as `=== entrega-01`")
        self.name = found["name"]
        self.fields: dict[str, tuple[int, str]] = {}
        self.lines: list[Line] = []
        self._read(block[1:])

    def error(self, number: int, reason: str) -> ScriptError:
        return ScriptError(f"{self.file_name}:{number}: {reason}")

    def _read(self, block: list[tuple[int, str]]) -> None:
        spoken: list[tuple[int, re.Match[str], str]] = []
        for number, line in block:
            if line.startswith("  ") and spoken:
                first, found, text = spoken[-1]
                spoken[-1] = (first, found, f"{text}\n{line[2:]}")
            elif said := _LINE.match(line):
                spoken.append((number, said, said["text"] or ""))
            elif spoken:
                raise self.error(number, "a message is `c: …`, `a: …`, `a!: …` or `c +5m: …`, and its further lines begin with two spaces")
            else:
                self._read_field(number, line)
        self.lines = [self._read_line(number, found, text) for number, found, text in spoken]

    def _read_field(self, number: int, line: str) -> None:
        key, colon, value = line.partition(":")
        if not colon or key not in _REQUIRED + _OPTIONAL:
            raise self.error(number, f"unknown field {key!r}: the fields are {', '.join(_REQUIRED + _OPTIONAL)}")
        if key in self.fields:
            raise self.error(number, f"the field {key!r} is there twice")
        self.fields[key] = (number, value.split("  #")[0].strip())

    def _read_line(self, number: int, found: re.Match[str], text: str) -> Line:
        kind: Kind = "text"
        if media := _MEDIA.match(text):
            if media["kind"] not in get_args(Kind):
                raise self.error(number, f"unknown kind of message <{media['kind']}>: the kinds are {', '.join(get_args(Kind))}")
            kind, text = cast(Kind, media["kind"]), text[media.end() :]
        if kind == "text" and not text:
            raise self.error(number, "a message has no text")
        self._check_text(number, text)
        delay = int(found["number"]) * _SECONDS[found["unit"]] if found["number"] else None
        return Line(
            author="customer" if found["author"] == "c" else "agent",
            delay_seconds=delay,
            kind=kind,
            text=text,
            is_signed=not found["unsigned"],
        )

    def _check_text(self, number: int, text: str) -> None:
        if unknown := sorted(set(re.findall(r"\{(\w*)\}", text)) - set(SLOTS)):
            raise self.error(number, f"unknown slot {{{unknown[0]}}}: the slots are {', '.join(SLOTS)}")
        plain = _ALTERNATIVES.sub("", re.sub(r"\{\w+\}", "", text))
        if any(mark in plain for mark in ("[[", "]]", "{", "}")) or any("[[" in inner for inner in _ALTERNATIVES.findall(text)):
            raise self.error(number, "brackets do not match: alternatives are [[a|b]], slots {name}, and neither holds alternatives")
        if any("|" not in inner for inner in _ALTERNATIVES.findall(text)):
            raise self.error(number, "alternatives need at least two: [[a|b]]")

    def choose(self, key: str, allowed: Iterable[str]) -> str:
        number, value = self.fields[key]
        if value not in (options := list(allowed)):
            raise self.error(number, f"{key} is {value!r}; it can be {', '.join(options)}")
        return value

    def build(self) -> Script:
        if missing := [key for key in _REQUIRED if key not in self.fields]:
            raise self.error(self.start, f"{self.name} lacks the field {missing[0]!r}")
        if len(self.lines) < 2:
            raise self.error(self.start, f"{self.name} has fewer than two messages")
        number, value = self.fields["channel"]
        channels = tuple(part.strip() for part in value.split(","))
        if unknown := [channel for channel in channels if channel not in CHANNELS]:
            raise self.error(number, f"unknown channel {unknown[0]!r}; the channels are {', '.join(CHANNELS)}")
        theme = self.choose("theme", ["none", *THEMES])
        rating = self.choose("rating", ["none", *"12345"])
        script = Script(
            name=self.name,
            theme=None if theme == "none" else theme,
            channels=channels,
            mood=cast(Mood, self.choose("mood", get_args(Mood))),
            satisfaction=int(self.choose("satisfaction", "12345")),
            is_resolved=self.choose("resolved", ["yes", "no"]) == "yes",
            rating=None if rating == "none" else int(rating),
            hours=cast(Hours, self.choose("hours", get_args(Hours))),
            agent=self.choose("agent", AGENTS) if "agent" in self.fields else None,
            voice=self._read_voice(),
            phase=cast(Phase, self.choose("story", get_args(Phase))) if "story" in self.fields else None,
            lines=tuple(self.lines),
        )
        self._check_rating(script)
        return script

    def _read_voice(self) -> Voice:
        customer = "\n".join(line.text for line in self.lines if line.author == "customer")
        agent = "\n".join(line.text for line in self.lines if line.author == "agent")
        guessed = guess_voice(customer=customer, agent=agent)
        if "customer" not in self.fields:
            return guessed
        number, value = self.fields["customer"]
        try:
            return read_voice(value, guessed=guessed)
        except ValueError as error:
            raise self.error(number, str(error)) from error

    def _check_rating(self, script: Script) -> None:
        asked = [index for index, line in enumerate(script.lines) if line.author == "agent" and RATING_QUESTION in line.text]
        if bool(asked) != (script.rating is not None):
            raise self.error(
                self.start, f"{self.name}: a rating needs the question {RATING_QUESTION!r} from an agent, and the question a rating"
            )
        answers = [line.text for line in script.lines[asked[0] + 1 :] if line.author == "customer"] if asked else []
        if asked and not any(all(str(script.rating) in text for text in expand(answer)) for answer in answers):
            raise self.error(self.start, f"{self.name}: the rating {script.rating} is not typed in every alternative after the question")
