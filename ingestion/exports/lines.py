"""A chat's bytes as numbered lines of text, whatever their encoding, in bounded memory."""

import codecs
from collections.abc import Iterator
from typing import NamedTuple

from ingestion.exports.archives import ChatFile

# WhatsApp takes 65,536 characters a message. Anything longer is no message, and is cut.
MAX_LINE_CHARACTERS = 100_000


class Line(NamedTuple):
    """One line without its line break. Numbers count from 1."""

    number: int
    text: str
    is_cut: bool = False


def find_encoding(chat: ChatFile) -> str:
    """The encoding of a chat's text: what its first bytes say, else UTF-8, else Windows-1252.

    A few broken bytes in a file that is otherwise UTF-8 leave it UTF-8: the file is Windows-1252 where more lines are broken
    than are sound.
    """
    chunks = chat.read_chunks()
    beginning = next(chunks, b"")
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if beginning.startswith(mark):
            return encoding
    if beginning[:2].count(0) == 1:
        return "utf-16-be" if beginning[0] == 0 else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(beginning)
        for chunk in chunks:
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _choose_by_lines(chat)
    return "utf-8"


def read_lines(chat: ChatFile, *, encoding: str) -> Iterator[Line]:
    """The lines of a chat. Only line feeds end a line; other breaks that Unicode knows may stand inside a message.

    Null characters, which a database refuses, are left out.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    number, rest, is_cut = 1, "", False
    for chunk in chat.read_chunks():
        *whole, rest = (rest + decoder.decode(chunk).replace("\0", "")).split("\n")
        for text in whole:
            if is_cut or len(text) > MAX_LINE_CHARACTERS:
                yield Line(number, text[:MAX_LINE_CHARACTERS], is_cut=True)
                is_cut = False
            else:
                yield Line(number, text[:-1] if text.endswith("\r") else text)
            number += 1
        if len(rest) > MAX_LINE_CHARACTERS:
            rest, is_cut = rest[:MAX_LINE_CHARACTERS], True
    rest += decoder.decode(b"", final=True)
    if rest:
        yield Line(number, rest[:MAX_LINE_CHARACTERS].removesuffix("\r"), is_cut=is_cut or len(rest) > MAX_LINE_CHARACTERS)


def _choose_by_lines(chat: ChatFile) -> str:
    sound = broken = 0
    rest = b""
    for chunk in chat.read_chunks():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if not line.isascii():
                is_sound = _is_utf8(line)
                sound, broken = sound + is_sound, broken + (not is_sound)
        rest = rest[-MAX_LINE_CHARACTERS:]
    if rest and not rest.isascii():
        is_sound = _is_utf8(rest)
        sound, broken = sound + is_sound, broken + (not is_sound)
    return "utf-8" if sound >= broken else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
