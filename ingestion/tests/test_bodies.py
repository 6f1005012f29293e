"""What WhatsApp writes where a message had no text, in three languages, and what people write that only looks like it."""

import time

import pytest

from ingestion.exports.bodies import Content, read_body

LRM = "\u200e"


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("<Mídia oculta>", "unsupported"),
        ("<Arquivo de mídia oculto>", "unsupported"),
        ("<Media omitted>", "unsupported"),
        ("<Multimedia omitido>", "unsupported"),
        ("imagem ocultada", "image"),
        ("vídeo omitido", "video"),
        ("áudio ocultado", "audio"),
        ("figurinha omitida", "sticker"),
        ("GIF omitido", "gif"),
        ("documento omitido", "document"),
        ("Cartão do contato omitido", "contact"),
        ("image omitted", "image"),
        ("video note omitted", "video"),
        ("Contact card omitted", "contact"),
        ("imagen omitida", "image"),
        ("video omitido", "video"),
        ("Tarjeta de contacto omitida", "contact"),
        ("Live location shared", "location"),
    ],
)
def test_left_out_media(phrase: str, kind: str) -> None:
    assert read_body(phrase) == read_body(LRM + phrase) == Content(kind=kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "kind", "attachment", "caption"),
    [
        ("IMG-20240501-WA0001.jpg (arquivo anexado)", "image", "IMG-20240501-WA0001.jpg", ""),
        ("IMG-20240501-WA0001.jpg (file attached)\nlook\nat this", "image", "IMG-20240501-WA0001.jpg", "look\nat this"),
        ("VID-20240501-WA0001.mp4 (archivo adjunto)", "video", "VID-20240501-WA0001.mp4", ""),
        ("PTT-20240501-WA0001.opus (arquivo anexado)", "audio", "PTT-20240501-WA0001.opus", ""),
        ("STK-20240501-WA0001.webp (arquivo anexado)", "sticker", "STK-20240501-WA0001.webp", ""),
        ("Orçamento (2).pdf • 3 páginas (arquivo anexado)", "document", "Orçamento (2).pdf", ""),
        ("Tio Beto.vcf (arquivo anexado)", "contact", "Tio Beto.vcf", ""),
        (f"{LRM}<anexado: 00000012-PHOTO-2026-09-24-10-37-05.jpg>", "image", "00000012-PHOTO-2026-09-24-10-37-05.jpg", ""),
        (f"{LRM}<attached: 00000178-AUDIO-2025-07-23-13-35-12.opus>", "audio", "00000178-AUDIO-2025-07-23-13-35-12.opus", ""),
        (f"{LRM}<adjunto: 00000003-GIF-2025-07-23-13-35-12.mp4>", "gif", "00000003-GIF-2025-07-23-13-35-12.mp4", ""),
        (f"olha só {LRM}<anexado: 00000012-PHOTO-2026.jpg>", "image", "00000012-PHOTO-2026.jpg", "olha só"),
        (f"veja isto {LRM}imagem ocultada", "image", None, "veja isto"),
        (f"{LRM}report.pdf • {LRM}3 pages {LRM}document omitted", "document", "report.pdf", ""),
        ("<Mídia oculta>\nsó a legenda", "unsupported", None, "só a legenda"),
        (f"{LRM}<anexado: ../../etc/passwd>", "document", "passwd", ""),
        ("C:\\fotos\\a.jpg (arquivo anexado)", "image", "a.jpg", ""),
    ],
)
def test_files_and_captions(body: str, kind: str, attachment: str | None, caption: str) -> None:
    assert read_body(body) == Content(kind=kind, attachment=attachment, text=caption)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "phrase",
    [
        "Mensagem apagada",
        "Esta mensagem foi apagada",
        "Esta mensagem foi apagada pelo admin Lúcia",
        "Você apagou esta mensagem",
        "This message was deleted.",
        "You deleted this message",
        "Se eliminó este mensaje.",
        "Eliminaste este mensaje",
    ],
)
def test_deleted(phrase: str) -> None:
    assert read_body(phrase) == read_body(LRM + phrase) == Content(is_deleted=True)


@pytest.mark.parametrize(
    "mark", ["<Mensagem editada>", "<Esta mensagem foi editada>", "<This message was edited>", "<Se editó este mensaje.>"]
)
def test_edited(mark: str) -> None:
    assert read_body(f"duas\nlinhas {mark}") == Content(text="duas\nlinhas", is_edited=True)
    assert read_body(f"duas\nlinhas {LRM}{mark}") == Content(text="duas\nlinhas", is_edited=True)
    assert read_body(f"{mark} no começo") == Content(text=f"{mark} no começo")


@pytest.mark.parametrize(
    "event",
    [
        "As mensagens e as ligações são protegidas com a criptografia de ponta a ponta.",
        "Messages and calls are end-to-end encrypted. Tap to learn more.",
        "Los mensajes y las llamadas están cifrados de extremo a extremo.",
        f"{LRM}Lúcia mudou a descrição do grupo",
        f"{LRM}Your security code with Bea changed.",
        f"{LRM}Voice call, {LRM}2 min",
        "Ligação de voz perdida",
        "Missed video call",
    ],
)
def test_whatsapp_speaking(event: str) -> None:
    assert read_body(event).is_event


@pytest.mark.parametrize(
    "text",
    [
        "minha mensagem apagada sumiu",
        "chamada de vídeo",  # an answer to "voz ou vídeo?"
        "as mensagens são protegidas com a criptografia?",
        "ele adicionou você no grupo",
        "o arquivo (arquivo anexado) não abre",
        "a < b > c",
        "<3",
        "segue imagem ocultada pela capa",
        "aguardando mensagem",
    ],
)
def test_people_speaking(text: str) -> None:
    assert read_body(text) == Content(text=text)


def test_words_behind_the_mark_in_a_language_that_we_do_not_know_are_kept_but_are_no_text_of_a_person() -> None:
    assert read_body(f"{LRM}Bild weggelassen") == Content(kind="unsupported", text="Bild weggelassen")


def test_marks_and_nulls_do_not_reach_the_text() -> None:
    assert read_body("oi \u2068@Bia\u2069\0, tudo bem? 👩‍💻") == Content(text="oi @Bia, tudo bem? 👩‍💻")


def test_a_poll_keeps_its_question_and_options_without_votes() -> None:
    poll = f"{LRM}POLL:\nWhen?\n{LRM}OPTION: Today ({LRM}3 votes)\n{LRM}OPTION: Tomorrow (0 votes)"
    assert read_body(poll) == Content(kind="poll", text="When?\n- Today\n- Tomorrow")


@pytest.mark.parametrize("body", ["<" * 60_000, "a <anexado: " * 8_000, " • " * 30_000 + ")", " " * 90_000 + ">", f"x{LRM}" * 40_000])
def test_long_nonsense_takes_no_longer_than_its_length(body: str) -> None:
    """Patterns that backtrack would take many seconds for each of these."""
    begin = time.process_time()
    assert read_body(body).kind == "text"
    assert time.process_time() - begin < 1
