"""Opens what was exported, a .txt or a .zip, and finds the chat in it. Nothing is ever unpacked to disk."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Protocol

from ingestion.exports import phrases
from ingestion.exports.headers import parse_header
from ingestion.exports.refusals import ExportError
from ingestion.names import drop_marks

CHUNK_BYTES = 1 << 18
# A chat of a million messages has about 100 MB.
MAX_TEXT_BYTES = 1 << 30
# Text shrinks to a fifth or a tenth when packed. Far beyond that, a large file is made to fill the memory of who opens it.
MAX_RATIO, RATIO_FROM_BYTES = 200, 50 << 20
MAX_DIRECTORY_BYTES = 20 << 20  # of a zip's table of contents: about 200,000 files

_FILE_NAMES = re.compile("|".join(f"(?:{p})" for patterns in phrases.FILE_NAMES.values() for p in patterns), re.IGNORECASE)
_COPY = re.compile(r"(?:\s*\(\d+\)|\s+-\s+(?:cópia|copy|copia))\Z", re.IGNORECASE)


class ByteStream(Protocol):
    """What is needed of an open file."""

    def read(self, size: int, /) -> bytes: ...
    def __enter__(self) -> "ByteStream": ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> object: ...


@dataclass(frozen=True, slots=True)
class ChatFile:
    """A chat's text, which can be read from its beginning as often as needed.

    `name` is the file as the person knows it. `chat_name` is what WhatsApp called the file after; None where it was renamed.
    """

    name: str
    stem: str
    chat_name: str | None
    open: Callable[[], ByteStream]

    def read_chunks(self) -> Iterator[bytes]:
        """The text's bytes, in pieces. Raises ExportError where the archive is broken or too large."""
        total = 0
        try:
            with self.open() as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    total += len(chunk)
                    if total > MAX_TEXT_BYTES:
                        raise ExportError("too_large", name=self.name, detail=_describe_size(MAX_TEXT_BYTES))
                    yield chunk
        except RuntimeError as error:
            raise ExportError("encrypted_archive", name=self.name) from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ExportError("damaged_archive", name=self.name) from error


def open_chat(file: Path | str | bytes, *, name: str | None = None) -> ChatFile:
    """Find the chat in a .txt or .zip, given as a path or as bytes (then `name` says how the file is called).

    Raises ExportError where there is no such file, or where an archive holds no chat, several, or one that cannot be opened.
    """
    if isinstance(file, bytes):
        label = name or "chat.txt"
        content = file

        def open_whole() -> BinaryIO:
            return io.BytesIO(content)
    else:
        path = Path(file)
        label = name or path.name

        def open_whole() -> BinaryIO:
            return path.open("rb")

    try:
        with open_whole() as stream:
            beginning = stream.read(4)
            if beginning[:2] == b"PK":
                _refuse_large_directory(stream, name=label)
    except FileNotFoundError as error:
        raise ExportError("not_found", name=str(file)) from error
    except OSError as error:
        raise ExportError("unreadable", name=str(file), detail=error.strerror or str(error)) from error
    if not beginning:
        raise ExportError("empty", name=label)
    if beginning[:2] == b"PK":
        return _open_archive(open_whole, name=label)
    return ChatFile(name=label, stem=_get_stem(label), chat_name=find_chat_name(label), open=open_whole)


def find_chat_name(file_name: str) -> str | None:
    """The contact or group that WhatsApp named an exported file after, None where the name is not WhatsApp's."""
    match = _FILE_NAMES.fullmatch(_COPY.sub("", _get_stem(file_name)))
    return next(group for group in match.groups() if group).strip() if match else None


def _open_archive(open_whole: Callable[[], BinaryIO], *, name: str) -> ChatFile:
    try:
        with open_whole() as stream, zipfile.ZipFile(stream) as archive:
            member = _choose_member(archive, name=name)
            if member.file_size > RATIO_FROM_BYTES and member.file_size > MAX_RATIO * member.compress_size:
                raise ExportError("suspicious_archive", name=name)
            if member.file_size > MAX_TEXT_BYTES:
                raise ExportError("too_large", name=name, detail=_describe_size(MAX_TEXT_BYTES))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error) as error:
        raise ExportError("damaged_archive", name=name) from error
    inner = _get_name(member)
    return ChatFile(
        name=name,
        stem=_get_stem(name if PurePosixPath(inner).name == "_chat.txt" else inner),
        chat_name=find_chat_name(inner) or find_chat_name(name),
        open=lambda: _Member(open_whole(), member),
    )


class _Member:
    """One file inside an archive; leaving it closes the archive too."""

    def __init__(self, stream: BinaryIO, member: zipfile.ZipInfo) -> None:
        with ExitStack() as stack:
            stack.enter_context(stream)
            archive = stack.enter_context(zipfile.ZipFile(stream))
            self._file = stack.enter_context(archive.open(member))
            self._stack = stack.pop_all()

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)

    def __enter__(self) -> "_Member":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        self._stack.close()


def _choose_member(archive: zipfile.ZipFile, *, name: str) -> zipfile.ZipInfo:
    texts = []
    for member in archive.infolist():
        path = PurePosixPath(_get_name(member))
        is_text = path.suffix.lower() == ".txt" and not member.is_dir()
        if is_text and "__MACOSX" not in path.parts and not path.name.startswith("._"):
            texts.append(member)
    # Documents with the ending .txt may have been sent in the chat, so WhatsApp's own names come first.
    for is_named in (_is_ios_chat, _is_named_by_whatsapp):
        named = [member for member in texts if is_named(member)]
        if named:
            return _get_only(archive, named, name=name)
    return _get_only(archive, texts, name=name)


def _get_only(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], *, name: str) -> zipfile.ZipInfo:
    alike = [member for member in members if _get_stem(_get_name(member)) == _get_stem(name)]
    members = alike if len(alike) == 1 else members
    if any(member.flag_bits & 1 for member in members):
        raise ExportError("encrypted_archive", name=name)
    chats = [member for member in members if _begins_like_chat(archive, member)]
    if not chats:
        raise ExportError("no_chat_in_archive", name=name)
    if len(chats) > 1:
        names = ", ".join(PurePosixPath(_get_name(member)).name for member in chats[:5])
        raise ExportError("several_chats", name=name, detail=names + (", …" if len(chats) > 5 else ""))
    return chats[0]


def _begins_like_chat(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as file:
        beginning = file.read(1 << 16)
    encoding = "utf-16" if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return any(parse_header(line) for line in beginning.decode(encoding, errors="replace").split("\n"))


def _is_ios_chat(member: zipfile.ZipInfo) -> bool:
    return PurePosixPath(_get_name(member)).name == "_chat.txt"


def _is_named_by_whatsapp(member: zipfile.ZipInfo) -> bool:
    return find_chat_name(_get_name(member)) is not None


def _get_name(member: zipfile.ZipInfo) -> str:
    """A member's name. Archives made on phones hold UTF-8 without saying so, which the library reads as another code page."""
    name = member.filename.replace("\\", "/")
    if not member.flag_bits & 0x800:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _get_stem(file_name: str) -> str:
    base = drop_marks(re.split(r"[\\/]", file_name)[-1])
    return re.sub(r"\.(?:txt|zip)\Z", "", base, flags=re.IGNORECASE).strip()


def _refuse_large_directory(stream: BinaryIO, *, name: str) -> None:
    """Refuse an archive whose table of contents alone would fill the memory, before it is read."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 22 - 0xFFFF))
    end = stream.read()
    at = end.rfind(b"PK\x05\x06")
    if at >= 0 and len(end) >= at + 16 and struct.unpack_from("<I", end, at + 12)[0] > MAX_DIRECTORY_BYTES:
        raise ExportError("suspicious_archive", name=name)


def _describe_size(size: int) -> str:
    return f"{size >> 20} MB"
