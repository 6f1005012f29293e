"""The second reading of an export: its lines as typed messages, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.privacy import mask
from ingestion.exports.archives import ChatFile, open_chat
from ingestion.exports.bodies import Content, read_body
from ingestion.exports.dates import DateOrder, read_date, read_hour, to_utc
from ingestion.exports.headers import Header, parse_header
from ingestion.exports.lines import MAX_LINE_CHARACTERS, Line, read_lines
from ingestion.exports.refusals import Language, Notice
from ingestion.exports.survey import ExportAuthor, Survey, Variant, survey_chat
from ingestion.fingerprints import Fingerprints, fold_content
from ingestion.names import SelfNames, find_phone, looks_like_person
from ingestion.signatures import split_signature
from ingestion.types import IncomingMessage, Problem

MAX_PROBLEMS = 100  # kept; all are counted
_EXCERPT = 60  # characters


@dataclass(slots=True)
class Reading:
    """An export that is being read: what the first reading found, and the messages, once, in the order of the file.

    The counts and problems are complete when the messages have been gone through.
    """

    chat: ChatFile
    survey: Survey
    zone: ZoneInfo
    self_names: SelfNames
    system_lines: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)  # the first MAX_PROBLEMS

    @property
    def notices(self) -> list[Notice]:
        """What is worth knowing before relying on the messages."""
        found = []
        if not self.survey.is_self_found and self.survey.authors:
            names = [author.name for author in self.survey.authors]
            found.append(Notice("no_self_author", ", ".join(names[:10]) + (", …" if len(names) > 10 else "")))
        variant = self.survey.variant
        # Portuguese and Spanish write the day first; English does either.
        if variant.evidence == "default" and variant.language not in ("pt", "es") and variant.date_order in ("dmy", "mdy"):
            found.append(Notice("order_assumed", "dd/mm" if variant.date_order == "dmy" else "mm/dd"))
        return found

    def read_messages(self) -> Iterator[IncomingMessage]:
        """The messages of people, in the order of the file. System lines are counted, not given."""
        layout, assemble = self.survey.variant.layout, _Assembler(self)
        header: Header | None = None
        number, body, length = 0, list[str](), 0
        is_started = False
        for line in read_lines(self.chat, encoding=self.survey.variant.encoding):
            if "\ufffd" in line.text and self.survey.variant.encoding != "cp1252":
                self._note(line.number, "undecodable", line.text)
            found = parse_header(line.text)
            if found is not None and found.layout == layout:
                if header is not None and (message := assemble(header, body, number=number)):
                    yield message
                header, number, body, length, is_started = found, line.number, [], 0, True
                self._note_cut(line)
            elif header is not None:
                length += len(line.text) + 1
                if length <= MAX_LINE_CHARACTERS:
                    body.append(line.text)
                    self._note_cut(line)
                elif length - len(line.text) - 1 <= MAX_LINE_CHARACTERS:
                    self._note(line.number, "too_long", line.text)
            elif not is_started and line.text.strip():
                self._note(line.number, "before_first_message", line.text)
        if header is not None and (message := assemble(header, body, number=number)):
            yield message

    def _note_cut(self, line: Line) -> None:
        if line.is_cut:
            self._note(line.number, "too_long", line.text)

    def _note(self, number: int, reason: str, text: str) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(line=number, reason=reason, excerpt=mask(text).text[:_EXCERPT].strip()))


class _Assembler:
    """Turns a header and the lines below it into a message; keeps what has to be remembered from one to the next."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._survey = reading.survey
        self._authors = {author.name: author for author in self._survey.authors}
        self._fingerprints = Fingerprints(self._survey.chat_key)
        selves = [author for author in self._survey.authors if author.is_self]
        # Several people of the company in one chat are told apart by their names; a single name may be the company's.
        self._agents = {author.name for author in selves if looks_like_person(author.name)} if len(selves) > 1 else set()
        self._previous_at: datetime | None = None
        self._minute, self._position = -1, 0

    def __call__(self, header: Header, more: list[str], *, number: int) -> IncomingMessage | None:
        survey = self._survey
        day, hour = read_date(header.date, order=survey.variant.date_order), read_hour(header)
        if day is None or hour is None:
            line = f"{header.date[0]} {header.date[1]} {header.date[2]} {header.hour}:{header.minute:02} {header.rest}"
            self._reading._note(number, "impossible_date" if day is None else "impossible_time", line)
            return None
        split = survey.book.split(header.rest)
        content = None if split is None else read_body("\n".join([split[1], *more]) if more else split[1])
        if split is None or content is None or content.is_event:
            self._reading.system_lines += 1
            return None
        sent_at = to_utc(day, hour, header.minute, header.second, zone=self._reading.zone, after=self._previous_at)
        self._previous_at = sent_at
        minute = (day.toordinal() * 24 + hour) * 60 + header.minute
        self._position = self._position + 1 if minute == self._minute else 0
        self._minute = minute
        return self._make(self._get_author(split[0]), content, minute=minute, sent_at=sent_at)

    def _get_author(self, name: str) -> ExportAuthor:
        author = self._authors.get(name)
        if author is None:
            # The survey saw first lines alone: one that looked like a call had more lines below it, and was a message.
            is_self = self._reading.self_names.match(name)
            author = self._authors[name] = ExportAuthor(name=name, phone=find_phone(name), messages=0, is_self=is_self)
        return author

    def _make(self, author: ExportAuthor, content: Content, *, minute: int, sent_at: datetime) -> IncomingMessage:
        said = fold_content(kind=content.kind, text=content.text, is_deleted=content.is_deleted)
        agent_name, text = None, content.text
        if author.is_self:
            agent_name, text = split_signature(text)
            if agent_name is None and author.name in self._agents:
                agent_name = author.name
        return IncomingMessage(
            provider_id=self._fingerprints.make(minute=minute, content=said),
            chat_key=self._survey.chat_key,
            chat_name=self._survey.chat_name,
            is_group=self._survey.is_group,
            author="agent" if author.is_self else "customer",
            sender_name=author.name,
            sender_phone=author.phone,
            agent_name=agent_name,
            sent_at=sent_at,
            position=self._position,
            kind=content.kind,
            text=text,
            attachment=content.attachment,
            is_edited=content.is_edited,
            is_deleted=content.is_deleted,
        )


@dataclass(frozen=True, slots=True)
class Export:
    """A whole export in memory. For long ones go through `open_export(…).read_messages()` instead."""

    messages: list[IncomingMessage]
    problems: list[Problem]
    problem_count: int
    system_lines: int
    authors: tuple[ExportAuthor, ...]
    chat_key: str
    chat_name: str
    is_group: bool
    variant: Variant
    notices: list[Notice]


def open_export(
    file: Path | str | bytes,
    *,
    self_names: list[str],
    time_zone: str,
    name: str | None = None,
    chat_name: str | None = None,
    language: Language | None = None,
    date_order: DateOrder | None = None,
) -> Reading:
    """Find out how an exported chat (.txt or .zip; a path, or bytes with a `name`) is to be read.

    `self_names` are the authors that are the company's side. `time_zone` is the IANA name of the zone in which the phone showed
    its times, since exports do not say. `chat_name` says which chat this is where its contact was renamed since; `language` and
    `date_order` help where the file leaves doubt.
    Raises ExportError where this is no exported chat, ZoneInfoNotFoundError where there is no such zone.
    """
    chat, names = open_chat(file, name=name), SelfNames(self_names)
    survey = survey_chat(chat, self_names=names, chat_name=chat_name, language=language, date_order=date_order)
    return Reading(chat=chat, survey=survey, zone=ZoneInfo(time_zone), self_names=names)


def read_export(
    file: Path | str | bytes,
    *,
    self_names: list[str],
    time_zone: str,
    name: str | None = None,
    chat_name: str | None = None,
    language: Language | None = None,
    date_order: DateOrder | None = None,
) -> Export:
    """Read an exported chat into memory. Arguments and errors are those of `open_export`."""
    reading = open_export(
        file, self_names=self_names, time_zone=time_zone, name=name, chat_name=chat_name, language=language, date_order=date_order
    )
    messages = list(reading.read_messages())
    survey = reading.survey
    return Export(
        messages=messages,
        problems=reading.problems,
        problem_count=reading.problem_count,
        system_lines=reading.system_lines,
        authors=survey.authors,
        chat_key=survey.chat_key,
        chat_name=survey.chat_name,
        is_group=survey.is_group,
        variant=survey.variant,
        notices=reading.notices,
    )
