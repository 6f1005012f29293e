"""Where the text comes from: archives that hold a chat, archives that should be refused, and every encoding."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from ingestion.exports import ExportError, read_export
from ingestion.exports import archives as archives_module
from ingestion.exports.archives import find_chat_name
from ingestion.types import Problem

CHAT = "12/03/2025 10:00 - Célia: não chegou\n12/03/2025 10:05 - Loja: já vejo\n"
OTHER = "12/03/2025 10:00 - Davi: outra conversa\n"


def make_zip(files: dict[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read_texts(content: bytes, *, name: str = "chat.zip") -> list[str]:
    return [message.text for message in read_export(content, self_names=["Loja"], time_zone="UTC", name=name).messages]


def refuse(content: bytes, *, name: str = "chat.zip") -> str:
    with pytest.raises(ExportError) as refused:
        read_export(content, self_names=[], time_zone="UTC", name=name)
    return refused.value.code


@pytest.mark.parametrize(
    "files",
    [
        {"_chat.txt": CHAT},
        {"pasta/dentro/_chat.txt": CHAT, "pasta/dentro/00000002-PHOTO.jpg": b"\xff\xd8"},
        {"Conversa do WhatsApp com Célia.txt": CHAT, "IMG-1.jpg": b"\xff\xd8", "lista.txt": "arroz\nfeijão"},
        {"_chat.txt": CHAT, "00000004-notas.txt": "12/03/2025 10:00 - uma nota: que parece conversa"},
        {"renomeada.txt": CHAT, "leia-me.txt": "nada"},
        {"__MACOSX/._chat.txt": b"\0\5\x16\7", "__MACOSX/_chat.txt": OTHER, "_chat.txt": CHAT},
        {"../../_chat.txt": CHAT},  # nothing is unpacked, so a path leads nowhere
    ],
)
def test_the_chat_is_found_among_what_was_sent(files: dict[str, str | bytes]) -> None:
    assert read_texts(make_zip(files)) == ["não chegou", "já vejo"]


def test_of_two_chats_the_one_that_is_called_like_the_archive_is_meant() -> None:
    files: dict[str, str | bytes] = {"Conversa do WhatsApp com Célia.txt": CHAT, "Conversa do WhatsApp com Davi.txt": OTHER}
    assert read_texts(make_zip(files), name="Conversa do WhatsApp com Davi.zip") == ["outra conversa"]
    with pytest.raises(ExportError) as refused:
        read_texts(make_zip(files), name="tudo.zip")
    assert refused.value.describe("pt") == (
        "tudo.zip: o arquivo compactado contém várias conversas (Conversa do WhatsApp com Célia.txt, "
        "Conversa do WhatsApp com Davi.txt). Extraia-as e importe cada .txt."
    )


def test_archives_without_a_chat_are_refused() -> None:
    assert refuse(make_zip({"foto.jpg": b"\xff\xd8"})) == "no_chat_in_archive"
    assert refuse(make_zip({"lista.txt": "arroz\nfeijão"})) == "no_chat_in_archive"
    assert refuse(make_zip({"dentro.zip": make_zip({"_chat.txt": CHAT})})) == "no_chat_in_archive"
    assert refuse(make_zip({})) == "no_chat_in_archive"


def test_damaged_archives_are_refused() -> None:
    whole = make_zip({"_chat.txt": CHAT * 50}, compression=zipfile.ZIP_STORED)
    assert refuse(whole[: len(whole) // 2]) == "damaged_archive"
    assert refuse(whole.replace(b"Davi", b"Dave").replace(b"chegou", b"CHEGOU")) == "damaged_archive"  # its checksum is wrong
    assert refuse(b"PK\x03\x04 nothing of an archive") == "damaged_archive"


def test_an_encrypted_archive_is_refused() -> None:
    content = bytearray(make_zip({"_chat.txt": CHAT}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    assert refuse(bytes(content)) == "encrypted_archive"


def test_a_bomb_is_refused_before_it_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives_module, "RATIO_FROM_BYTES", 1_000_000)
    assert refuse(make_zip({"_chat.txt": CHAT + "0" * 2_000_000})) == "suspicious_archive"


def test_attachments_are_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives_module, "RATIO_FROM_BYTES", 1_000_000)
    assert read_texts(make_zip({"_chat.txt": CHAT, "bomb.bin": b"\0" * 3_000_000})) == ["não chegou", "já vejo"]


def test_a_text_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives_module, "MAX_TEXT_BYTES", 1_000)
    assert refuse((CHAT * 100).encode(), name="chat.txt") == "too_large"
    assert refuse(make_zip({"_chat.txt": CHAT * 100})) == "too_large"


def test_a_table_of_contents_that_would_fill_the_memory_is_refused() -> None:
    content = bytearray(make_zip({"_chat.txt": CHAT}))
    struct.pack_into("<I", content, content.rindex(b"PK\x05\x06") + 12, 1 << 30)
    assert refuse(bytes(content)) == "suspicious_archive"


def test_files_that_are_no_chats_are_refused(tmp_path: Path) -> None:
    assert refuse(b"", name="vazio.txt") == "empty"
    assert refuse(b"\n \n", name="vazio.txt") == "empty"
    assert refuse(b"oi\nisto nao tem datas\n", name="nota.txt") == "not_a_chat"
    assert refuse(b"%PDF-1.7\n\x00\xff\xfe\x01", name="a.pdf") == "not_a_chat"
    for path, code in ((tmp_path / "nada.txt", "not_found"), (tmp_path, "unreadable")):
        with pytest.raises(ExportError) as refused:
            read_export(path, self_names=[], time_zone="UTC")
        assert refused.value.code == code


def test_a_refusal_says_what_is_wrong_and_how_to_mend_it() -> None:
    with pytest.raises(ExportError) as refused:
        read_export(b"oi", self_names=[], time_zone="UTC", name="nota.txt")
    assert [refused.value.describe(language) for language in ("pt", "en", "es")] == [
        "nota.txt: não parece uma conversa exportada do WhatsApp: nenhuma linha começa com data e hora. "
        "No WhatsApp, abra a conversa e escolha Mais > Exportar conversa.",
        "nota.txt: this does not look like an exported WhatsApp chat: no line begins with a date and a time. "
        "In WhatsApp, open the chat and choose More > Export chat.",
        "nota.txt: no parece un chat exportado de WhatsApp: ninguna línea empieza con fecha y hora. "
        "En WhatsApp, abra el chat y elija Más > Exportar chat.",
    ]


@pytest.mark.parametrize(
    ("encoding", "breaks"),
    [
        ("utf-8", "\n"),
        ("utf-8", "\r\n"),
        ("utf-8-sig", "\n"),
        ("utf-16", "\r\n"),
        ("utf-16-le", "\n"),
        ("utf-16-be", "\n"),
        ("cp1252", "\n"),
    ],
)
def test_encodings_and_line_breaks(encoding: str, breaks: str) -> None:
    assert read_texts(CHAT.replace("\n", breaks).encode(encoding), name="chat.txt") == ["não chegou", "já vejo"]


def test_a_broken_byte_in_utf_8_costs_that_character_and_is_named() -> None:
    text = (CHAT * 3).encode() + b"12/03/2025 10:07 - Loja: caf\xe9\n"
    export = read_export(text, self_names=["Loja"], time_zone="UTC")
    assert [message.text for message in export.messages[-2:]] == ["já vejo", "caf\ufffd"]
    assert export.problems == [Problem(line=7, reason="undecodable", excerpt="12/03/2025 10:07 - Loja: caf\ufffd")]


def test_breaks_that_only_unicode_knows_do_not_end_a_line() -> None:
    text = "12/03/2025 10:00 - Kim: a\u2028b\x85c\x0bd\n"
    assert read_texts(text.encode(), name="chat.txt") == ["a\u2028b\x85c\x0bd"]


def test_a_message_beyond_any_limit_is_cut_and_named() -> None:
    lines = ["12/03/2025 10:00 - Kim: " + "a" * 300_000, "b", "12/03/2025 10:01 - Kim: c"]
    export = read_export("\n".join(lines).encode(), self_names=[], time_zone="UTC")
    assert [(len(message.text), message.text[-1]) for message in export.messages] == [(99_978, "b"), (1, "c")]
    assert [(problem.line, problem.reason) for problem in export.problems] == [(1, "too_long")]


@pytest.mark.parametrize(
    ("file_name", "chat_name"),
    [
        ("Conversa do WhatsApp com Célia Prado.txt", "Célia Prado"),
        ("Conversa do WhatsApp com Célia Prado (2).txt", "Célia Prado"),
        ("Conversa do WhatsApp com +55 11 91234-5678.txt", "+55 11 91234-5678"),
        ("WhatsApp Chat with Grace Hill.zip", "Grace Hill"),
        ("WhatsApp Chat - Grace Hill.zip", "Grace Hill"),
        ("Chat de WhatsApp con Inés.txt", "Inés"),
        ("_chat.txt", None),
        ("minha conversa.txt", None),
    ],
)
def test_chats_are_named_after_their_files(file_name: str, chat_name: str | None) -> None:
    assert find_chat_name(file_name) == chat_name


def test_a_chat_in_which_only_we_wrote_is_named_after_its_file() -> None:
    text = b"12/03/2025 10:00 - Loja: oi?\n"
    export = read_export(text, self_names=["Loja"], time_zone="UTC", name="Conversa do WhatsApp com Célia.txt")
    assert (export.chat_key, export.chat_name) == ("celia", "Célia")
    named_by_archive = make_zip({"_chat.txt": text})
    export = read_export(named_by_archive, self_names=["Loja"], time_zone="UTC", name="WhatsApp Chat - Célia.zip")
    assert (export.chat_key, export.chat_name) == ("celia", "Célia")


def test_a_chat_named_by_a_number_is_known_by_its_digits() -> None:
    text = "12/03/2025 10:00 - +55 11 91234-5678: oi\n12/03/2025 10:01 - Loja: olá\n".encode()
    assert read_export(text, self_names=["Loja"], time_zone="UTC").chat_key == "5511912345678"
