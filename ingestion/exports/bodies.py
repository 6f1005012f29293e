"""What the words after "Name: " are: text, media left out or attached, an edited or deleted message, or WhatsApp speaking itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingestion.exports import phrases
from ingestion.names import MARKS, drop_marks
from ingestion.types import Kind

LRM = "\u200e"
_LONGEST_PHRASE = 90  # characters; nothing longer is looked up as a phrase
_LONGEST_FILE = 400  # characters of a line that names an attached file


@dataclass(frozen=True, slots=True)
class Content:
    """One message without its header. `is_event` marks calls and system lines, which nobody wrote."""

    kind: Kind = "text"
    text: str = ""
    attachment: str | None = None
    is_edited: bool = False
    is_deleted: bool = False
    is_event: bool = False


_DELETED = Content(is_deleted=True)
_EVENT = Content(kind="system", is_event=True)


def _each(table: Mapping[str, Iterable[str]]) -> list[str]:
    return [phrase for entries in table.values() for phrase in entries]


def _any_of(table: Mapping[str, Iterable[str]]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(set(_each(table)), key=len, reverse=True))


def _build_whole_phrases() -> dict[str, Content]:
    whole: dict[str, Content] = {}
    for language, nouns in phrases.MEDIA_NOUNS.items():
        for noun, kind in nouns.items():
            whole |= {f"{noun} {participle}": Content(kind=kind) for participle in phrases.MEDIA_PARTICIPLES[language]}
    whole |= dict.fromkeys(_each(phrases.HIDDEN_MEDIA) + _each(phrases.NOT_EXPORTED), Content(kind="unsupported"))
    whole |= dict.fromkeys(_each(phrases.DELETED), _DELETED)
    whole |= dict.fromkeys(_each(phrases.LIVE_LOCATION), Content(kind="location"))
    return whole


WHOLE_PHRASES = _build_whole_phrases()
_EDITED = frozenset(_each(phrases.EDITED))
_BLANK = f" \t\n\r{MARKS}"
_FILE = re.compile(
    rf"(?P<file>[^\n]+?)(?: • [^\n]*?)? \((?:{_any_of(phrases.FILE_ATTACHED)})\)(?:\n(?P<caption>.*))?\Z", re.IGNORECASE | re.DOTALL
)
_ATTACHED = re.compile(
    rf"(?P<before>.*?)<(?:{_any_of(phrases.ATTACHED)}): (?P<file>[^\n<>]+)>(?:\n(?P<after>.*))?\Z", re.IGNORECASE | re.DOTALL
)
_LEFT_OUT = [phrase for phrase, content in WHOLE_PHRASES.items() if content.kind not in ("text", "system", "unsupported")]
_OMITTED = "|".join(sorted(map(re.escape, _LEFT_OUT), key=len, reverse=True))
# "report.pdf • 3 pages document omitted", and a caption in front of the placeholder.
_TITLED = re.compile(rf"(?P<before>.+?)(?P<mark>{LRM})(?P<phrase>{_OMITTED})\Z", re.IGNORECASE | re.DOTALL)
_PAGES = re.compile(r" • .*\Z", re.DOTALL)
_LOCATION = re.compile(rf"(?:{_any_of(phrases.LOCATION)}): (?P<link>https?://\S+)\Z", re.IGNORECASE)
_POLL = re.compile(rf"(?:{_any_of(phrases.POLL)}):\n(?P<rest>.+)\Z", re.IGNORECASE | re.DOTALL)
_POLL_OPTION = re.compile(rf"(?:{_any_of(phrases.POLL_OPTION)}): (?P<name>.*?)(?: \(\D*\d+[^)]*\))?\Z", re.IGNORECASE)
_DELETED_BY = re.compile(rf"(?:{_any_of(phrases.DELETED_BY)})\b", re.IGNORECASE)
_CALL = re.compile(rf"(?:{_any_of(phrases.CALLS)})(?:[.,:] .{{0,60}})?\Z", re.IGNORECASE)
_MISSED = re.compile(_any_of(phrases.MISSED), re.IGNORECASE)
_NOTICE = re.compile("|".join(_each(phrases.NOTICES)), re.IGNORECASE)
_GROUP_EVENT = re.compile("|".join(_each(phrases.GROUP_EVENTS)), re.IGNORECASE)
_EVENT_WORDS = re.compile("|".join(_each(phrases.GROUP_EVENTS) + _each(phrases.CHAT_EVENTS)), re.IGNORECASE)
_NAMED_EVENT = re.compile("|".join(_each(phrases.NAMED_EVENTS)), re.IGNORECASE)
_GROUP_NAME = re.compile(r"[\"“](?P<name>[^\"”]+)[\"”]\.?\Z")

# How files are called when WhatsApp names them, and what their endings mean when a person did.
_FILE_MARKS: tuple[tuple[str, Kind], ...] = (
    ("stk-", "sticker"),
    ("-sticker-", "sticker"),
    ("ptt-", "audio"),
    ("aud-", "audio"),
    ("-audio-", "audio"),
    ("-gif-", "gif"),
    ("img-", "image"),
    ("-photo-", "image"),
    ("vid-", "video"),
    ("-video-", "video"),
)
_ENDINGS_OF: dict[Kind, str] = {
    "image": "jpg jpeg png heic bmp",
    "video": "mp4 3gp mov avi mkv",
    "audio": "opus ogg m4a mp3 aac amr wav",
    "sticker": "webp",
    "gif": "gif",
    "contact": "vcf",
}
_FILE_ENDINGS = {ending: kind for kind, endings in _ENDINGS_OF.items() for ending in endings.split()}


def read_kind(file_name: str) -> Kind:
    """What an attached file is, by its name."""
    name = file_name.lower()
    for mark, kind in _FILE_MARKS:
        if name.startswith(mark) or (mark[0] == "-" and mark in name):
            return kind
    return _FILE_ENDINGS.get(name.rpartition(".")[2], "document")


def read_body(body: str) -> Content:
    """A message's content from the lines after its header, joined with "\\n" and with every invisible character still in place."""
    if LRM not in body and len(body) > _LONGEST_PHRASE and "<" not in body and ")" not in body:
        return _EVENT if _NOTICE.match(body) else Content(text=_tidy(body))
    edited = _cut_edited(body)
    is_edited = edited is not body
    is_marked = edited.lstrip(" ").startswith(LRM)
    content = _read_special(edited, is_marked=is_marked)
    if content is None:
        text = _tidy(edited)
        # Behind iOS's mark stand WhatsApp's words: kept, but not as something that a person said.
        content = Content(kind="unsupported" if is_marked or not text else "text", text=text)
    if is_edited:
        return Content(kind=content.kind, text=content.text, attachment=content.attachment, is_edited=True)
    return content


def is_event(body: str) -> bool:
    """Whether a message's first line is WhatsApp's own: `read_body(body).is_event`, but quick for what people write."""
    if LRM in body or _NOTICE.match(body):
        return read_body(body).is_event
    return len(body) <= _LONGEST_PHRASE and _MISSED.search(body) is not None and read_body(body).is_event


def is_group_event(line: str) -> bool:
    """Whether a system line tells of a group."""
    return _GROUP_EVENT.search(drop_marks(line).strip().rstrip(".")) is not None


def find_group_name(line: str) -> str | None:
    """The name that a system line gives to a group, the new one where it was changed."""
    plain = drop_marks(line).strip()
    match = _GROUP_NAME.search(plain) if _NAMED_EVENT.search(plain) else None
    return match["name"].strip() if match else None


def holds_event(name: str) -> bool:
    """Whether what looks like a sender's name is the beginning of a system line with a free text in it."""
    return _NAMED_EVENT.search(name) is not None or _NOTICE.match(name) is not None


def _cut_edited(body: str) -> str:
    """The body without the words that say it was edited; the very same object where there are none."""
    plain = body.rstrip(_BLANK)
    if not plain.endswith(">"):
        return body
    start = plain.rfind("<")
    if start < 0 or plain[start:].casefold().replace(".>", ">") not in _EDITED:
        return body
    return plain[:start].rstrip(_BLANK)


def _read_special(body: str, *, is_marked: bool) -> Content | None:
    plain = drop_marks(body).strip()
    if len(plain) <= _LONGEST_PHRASE and "\n" not in plain:
        content = WHOLE_PHRASES.get(plain.casefold().rstrip("."))
        if content is not None:
            return content
        if _DELETED_BY.match(plain):
            return _DELETED
        if _CALL.match(plain) and (is_marked or _MISSED.search(plain)):
            return _EVENT
    return _read_media(body, plain) or _read_event(plain, is_marked=is_marked)


def _read_media(body: str, plain: str) -> Content | None:
    first, _, more = plain.partition("\n")
    if more:
        content = WHOLE_PHRASES.get(first.casefold().rstrip("."))
        if content is not None and content.kind not in ("text", "system"):
            return Content(kind=content.kind, text=more.strip())
    if first.endswith(")") and len(first) <= _LONGEST_FILE and (match := _FILE.match(plain)):
        return _attach(match["file"], caption=match["caption"] or "")
    if "<" in plain and (match := _ATTACHED.match(plain)):
        caption = "\n".join(part for part in (match["before"].strip(), (match["after"] or "").strip()) if part)
        return _attach(match["file"], caption=caption)
    if LRM in body and (match := _TITLED.match(body.strip())):
        kind = WHOLE_PHRASES[match["phrase"].casefold()].kind
        before = drop_marks(match["before"]).strip()
        if kind == "document":
            return Content(kind=kind, attachment=_PAGES.sub("", before).strip() or None)
        return Content(kind=kind, text=before)
    if match := _LOCATION.match(plain):
        return Content(kind="location", text=match["link"])
    if match := _POLL.match(plain):
        question, *options = (line.strip() for line in match["rest"].split("\n") if line.strip())
        names = [option["name"] if (option := _POLL_OPTION.match(line)) else line for line in options]
        return Content(kind="poll", text="\n".join([question, *(f"- {name}" for name in names)]))
    return None


def _read_event(plain: str, *, is_marked: bool) -> Content | None:
    if _NOTICE.match(plain):
        return _EVENT
    return _EVENT if is_marked and "\n" not in plain and _EVENT_WORDS.search(plain.rstrip(".")) else None


def _attach(file: str, *, caption: str) -> Content:
    # A path in a file's name is a trick: only its last part is a name.
    name = re.split(r"[\\/]", file)[-1].strip()[-255:]
    return Content(kind=read_kind(name), text=_tidy(caption), attachment=name or None)


def _tidy(text: str) -> str:
    return drop_marks(text).replace("\0", "").strip()
