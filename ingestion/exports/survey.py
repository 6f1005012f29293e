"""The first reading of an export: its shape, the order of its dates, its authors, its language, what chat it is."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from ingestion.exports import phrases
from ingestion.exports.archives import ChatFile
from ingestion.exports.authors import AuthorBook
from ingestion.exports.bodies import LRM, find_group_name, is_event, is_group_event
from ingestion.exports.dates import DateOrder, Evidence, OrderVote, is_month_first
from ingestion.exports.headers import Layout, Platform, parse_header
from ingestion.exports.lines import find_encoding, read_lines
from ingestion.exports.refusals import ExportError, Language
from ingestion.names import SelfNames, find_phone, fold_name

_LINES_FOR_LANGUAGE = 3_000
_PHRASE_WEIGHT = 20  # one phrase of WhatsApp's tells more than this many everyday words
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Variant:
    """How an export is written: found in the file, the same for all its lines."""

    platform: Platform
    language: Language | None  # a guess; None where nothing tells
    date_order: DateOrder
    evidence: Evidence  # what decided the order of dates
    clock: Literal["12h", "24h"]
    encoding: str
    layout: Layout

    def __str__(self) -> str:
        """Short, for a line of a report: "android pt dmy 24h"."""
        return f"{self.platform} {self.language or '?'} {self.date_order} {self.clock}"


@dataclass(frozen=True, slots=True)
class ExportAuthor:
    """Someone who wrote in the chat."""

    name: str
    phone: str | None
    messages: int
    is_self: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first reading found. `chat_key` is stable between exports of one chat; see `ingestion/fingerprints.py`."""

    variant: Variant
    book: AuthorBook
    authors: tuple[ExportAuthor, ...]  # the busiest first
    chat_key: str
    chat_name: str
    is_group: bool
    lines: int

    @property
    def is_self_found(self) -> bool:
        """Whether the company's side wrote anything, as far as its names tell."""
        return any(author.is_self for author in self.authors)


@dataclass(slots=True)
class _Findings:
    """Collected line by line."""

    dates: OrderVote = field(default_factory=OrderVote)
    languages: Counter[Language] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    event_senders: Counter[str] = field(default_factory=Counter)  # iOS lets the chat itself "send" its system lines
    group_name: str | None = None
    is_group: bool = False
    lines: int = 0


def survey_chat(
    chat: ChatFile,
    *,
    self_names: SelfNames,
    chat_name: str | None = None,
    language: Language | None = None,
    date_order: DateOrder | None = None,
) -> Survey:
    """Read a chat once for what its messages have in common. Memory depends on its authors, not on its length.

    `chat_name` and `date_order` overrule what the file says, `language` helps where the file says nothing.
    Raises ExportError where no line is the header of a message.
    """
    encoding = find_encoding(chat)
    layout = _find_layout(chat, encoding=encoding)
    hint = chat_name or chat.chat_name
    book, findings = AuthorBook(self_names=self_names, chat_name=hint), _Findings()
    # Two readings: a sender's name may be known only at the end of the file.
    for line in read_lines(chat, encoding=encoding):
        header = parse_header(line.text)
        if header is not None and header.layout == layout:
            book.add(header.rest)
            findings.dates.add(header)
    book.settle()
    for line in read_lines(chat, encoding=encoding):
        findings.lines = line.number
        header = parse_header(line.text)
        if header is not None and header.layout == layout:
            _learn(findings, header.rest, book=book)
    guess = _guess_language(findings.languages)
    order, evidence = findings.dates.decide(is_month_first_default=is_month_first(layout, languages=(guess, language)))
    variant = Variant(
        platform=layout.platform,
        language=guess,
        date_order=date_order or order,
        evidence="fields" if date_order else evidence,
        clock="12h" if layout.has_meridiem else "24h",
        encoding=encoding,
        layout=layout,
    )
    authors = tuple(
        ExportAuthor(name=name, phone=find_phone(name), messages=count, is_self=self_names.match(name))
        for name, count in sorted(findings.authors.items(), key=lambda item: (-item[1], item[0]))
    )
    is_group = _find_is_group(authors, findings)
    name = chat_name or _find_name(chat, authors, findings, is_group=is_group)
    return Survey(
        variant=variant,
        book=book,
        authors=authors,
        chat_key=make_chat_key(name, is_group=is_group),
        chat_name=name,
        is_group=is_group,
        lines=findings.lines,
    )


def make_chat_key(name: str, *, is_group: bool) -> str:
    """The key of a chat in its channel: a phone's digits, a folded name, or a group's folded name behind "group:"."""
    if is_group:
        return "group:" + fold_name(name)[:190]
    return find_phone(name) or fold_name(name)[:190]


def _find_layout(chat: ChatFile, *, encoding: str) -> Layout:
    """The shape of the file's headers: that of its first line, else the most frequent."""
    counts: Counter[Layout] = Counter()
    is_first = True
    for line in read_lines(chat, encoding=encoding):
        header = parse_header(line.text)
        if header is not None:
            if is_first:
                return header.layout
            counts[header.layout] += 1
        is_first = is_first and not line.text.strip()
    if not counts:
        raise ExportError("not_a_chat" if not is_first else "empty", name=chat.name)
    return counts.most_common(1)[0][0]


def _learn(findings: _Findings, rest: str, *, book: AuthorBook) -> None:
    split = book.split(rest)
    if findings.lines <= _LINES_FOR_LANGUAGE:
        _count_words(findings.languages, rest if split is None else split[1])
    if split is not None:
        name, text = split
        if not is_event(text):
            findings.authors[name] += 1
            return
        findings.event_senders[name] += 1
        rest = text
    if not findings.is_group and is_group_event(rest):
        findings.is_group = True
    findings.group_name = find_group_name(rest) or findings.group_name


def _count_words(languages: "Counter[Language]", text: str) -> None:
    folded = text.casefold()
    words = _WORD.findall(folded[:400])
    for language, common in phrases.COMMON_WORDS.items():
        languages[_as_language(language)] += sum(word in common for word in words)
    if len(folded) <= 200:
        plain = folded.replace(LRM, "").strip().rstrip(".")
        for language in phrases.COMMON_WORDS:
            own = (*phrases.HIDDEN_MEDIA[language], *phrases.DELETED[language], *phrases.FILE_ATTACHED[language])
            if any(phrase in plain for phrase in own) or any(re.match(notice, plain) for notice in phrases.NOTICES[language]):
                languages[_as_language(language)] += _PHRASE_WEIGHT


def _as_language(word: str) -> Language:
    return "pt" if word == "pt" else "en" if word == "en" else "es"


def _guess_language(languages: "Counter[Language]") -> Language | None:
    ranked = languages.most_common(2)
    if not ranked or ranked[0][1] == 0 or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _find_is_group(authors: tuple[ExportAuthor, ...], findings: _Findings) -> bool:
    customers = [author for author in authors if not author.is_self]
    # Without our own side among them, two authors are most likely we and one customer.
    return findings.is_group or len(customers) > (1 if len(customers) < len(authors) else 2)


def _find_name(chat: ChatFile, authors: tuple[ExportAuthor, ...], findings: _Findings, *, is_group: bool) -> str:
    """What the chat is called: its one customer, what iOS calls it, what WhatsApp called the file, else the file's name."""
    customers = [author.name for author in authors if not author.is_self]
    if not is_group and len(customers) == 1:
        return customers[0]
    event_senders = [name for name, _ in findings.event_senders.most_common()]
    if is_group:
        event_senders = [name for name in event_senders if name not in findings.authors]
    else:
        event_senders = [name for name in event_senders if name in customers or name not in findings.authors]
    named = chat.chat_name
    if named is not None:
        # A file's name loses characters that a name may have: the author's spelling is the better one.
        named = next((name for name in customers if _bare(name) == _bare(named)), named)
    candidates = (event_senders[0] if event_senders else None, named, findings.group_name if is_group else None, chat.stem)
    return next(name for name in candidates if name)


def _bare(name: str) -> str:
    return "".join(character for character in fold_name(name) if character.isalnum())
