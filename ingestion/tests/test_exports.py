"""Exports as phones write them, and the messages that they are read as."""

from ingestion.exports import describe_notice
from ingestion.tests.chats import read_fixture, write_table
from ingestion.types import Problem


def test_android_in_portuguese() -> None:
    """Hidden media keeps its caption, a chat pasted into a message stays text, calls and notices are no messages."""
    export = read_fixture("android_pt.txt")
    assert write_table(export.messages) == (
        "2025-11-05 09:02:00 | customer | Célia Prado | text | Bom dia! A cortina que comprei chegou menor\n"
        "2025-11-05 09:02:00 | customer | Célia Prado | unsupported | a etiqueta diz 2,20 m\n"
        "2025-11-05 09:10:00 | agent | Loja Sol/Rita Lopes | text | Bom dia, Célia!⏎⏎Vou verificar com o estoque.\n"
        "2025-11-05 09:15:00 | customer | Célia Prado | text | (deleted)\n"
        "2025-11-05 09:31:00 | agent | Loja Sol/Rita Lopes | text | Trocamos hoje mesmo | (edited)\n"
        "2025-11-05 09:32:00 | agent | Loja Sol | document | [Etiqueta de troca.pdf]\n"
        "2025-11-05 09:40:00 | customer | Célia Prado | audio | [PTT-20251105-WA0003.opus]\n"
        "2025-11-13 18:05:00 | customer | Célia Prado | text | "
        "Olha o que diz o site:⏎[10:12, 12/11/2025] Loja: cópia colada não é mensagem⏎fim\n"
        "2025-11-13 18:06:00 | customer | Célia Prado | unsupported"
    )
    assert [message.position for message in export.messages] == [0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert (export.chat_key, export.chat_name, export.is_group) == ("celia prado", "Célia Prado", False)
    assert str(export.variant) == "android pt dmy 24h"
    assert (export.system_lines, export.problems, export.notices) == (2, [], [])


def test_ios_in_portuguese() -> None:
    """The same chat from the other phone: seconds, invisible marks, named placeholders, a poll, a place, a missed call."""
    export = read_fixture("ios_pt.txt")
    assert write_table(export.messages) == (
        "2025-11-05 09:02:11 | customer | Célia Prado | text | Bom dia! A cortina que comprei chegou menor\n"
        "2025-11-05 09:02:40 | customer | Célia Prado | image | [00000003-PHOTO-2025-11-05-09-02-40.jpg]\n"
        "2025-11-05 09:10:05 | agent | Loja Sol/Rita Lopes | text | Bom dia, Célia!⏎⏎Vou verificar com o estoque.\n"
        "2025-11-05 09:15:30 | customer | Célia Prado | text | (deleted)\n"
        "2025-11-05 09:31:12 | agent | Loja Sol/Rita Lopes | text | Trocamos hoje mesmo | (edited)\n"
        "2025-11-05 09:32:00 | agent | Loja Sol | document | [Etiqueta de troca.pdf]\n"
        "2025-11-05 09:40:59 | customer | Célia Prado | audio\n"
        "2025-11-06 10:00:00 | customer | Célia Prado | poll | Qual tecido?⏎- Linho⏎- Algodão\n"
        "2025-11-06 10:01:00 | customer | Célia Prado | location | https://maps.google.com/?q=-22.9,-43.2"
    )
    assert (export.chat_key, export.is_group, str(export.variant)) == ("celia prado", False, "ios pt dmy 24h")
    assert (export.system_lines, export.problems) == (2, [])


def test_android_in_english_writes_the_month_first() -> None:
    export = read_fixture("android_en_12h.txt")
    assert write_table(export.messages) == (
        "2025-04-03 10:02:00 | customer | Grace Hill | text | Hi, the kettle you sent leaks\n"
        "2025-04-03 12:05:00 | agent | Sun Shop | text | Sorry about that! Could you send a photo?\n"
        "2025-04-03 12:07:00 | customer | Grace Hill | image | [IMG-20250403-WA0001.jpg] | here it is\n"
        "2025-04-14 00:30:00 | customer | Grace Hill | text | (deleted)\n"
        "2025-04-14 00:31:00 | customer | Grace Hill | text | any news? | (edited)"
    )
    assert (str(export.variant), export.variant.evidence) == ("android en mdy 12h", "fields")


def test_ios_group_speaks_through_its_own_name() -> None:
    export = read_fixture("ios_en_group.txt")
    assert write_table(export.messages) == (
        "2025-11-08 07:01:15 | agent | Sun Shop/Tom Reed | text | Welcome, everybody\n"
        "2025-11-08 07:03:40 | customer | Bea | text | hi all\n"
        "2025-11-08 07:03:41 | customer | +1 (555) 010-7788 | gif\n"
        "2025-11-21 23:59:59 | customer | Bea | video"
    )
    assert [message.sender_phone for message in export.messages] == [None, None, "15550107788", None]
    assert (export.chat_key, export.chat_name, export.is_group) == ("group:building 12", "Building 12", True)
    assert (str(export.variant), export.system_lines) == ("ios en mdy 12h", 3)


def test_android_in_spanish_with_spaces_of_every_width() -> None:
    export = read_fixture("android_es_12h.txt")
    assert write_table(export.messages) == (
        "2026-02-07 16:04:00 | customer | Inés Rojas | text | Hola, ¿tienen la lámpara azul?\n"
        "2026-02-07 16:05:00 | agent | Tienda Sol | unsupported\n"
        "2026-02-08 00:15:00 | customer | Inés Rojas | text | Gracias, qué linda | (edited)\n"
        "2026-02-08 00:16:00 | customer | Inés Rojas | text | (deleted)"
    )
    assert (str(export.variant), export.variant.evidence, export.notices) == ("android es dmy 12h", "default", [])


def test_group_whose_names_hold_colons() -> None:
    """Every line of "Dr. Ivo: Prado" goes on with "Prado", so it is his name; a group's name in a system line is no sender."""
    export = read_fixture("android_pt_group.txt")
    assert write_table(export.messages) == (
        "2025-10-01 08:05:00 | customer | Dr. Ivo: Prado | text | bom dia\n"
        "2025-10-01 08:06:00 | customer | Dr. Ivo: Prado | text | alguém indica pintor?\n"
        "2025-10-01 08:07:00 | agent | Loja Sol | text | Indicamos o seu Nelson\n"
        "2025-10-01 08:08:00 | customer | Dr. Ivo: Prado | text | obrigado: anotado\n"
        "2025-10-01 08:09:00 | customer | Nina 🎮 | text | também quero"
    )
    assert (export.chat_name, export.is_group, export.system_lines) == ("Síndicos: todos", True, 6)


def test_copies_from_whatsapp_web() -> None:
    export = read_fixture("web_pt.txt")
    assert write_table(export.messages) == (
        "2025-09-24 14:32:00 | customer | Davi Reis | text | Boa tarde, chegou o tapete?\n"
        "2025-09-24 14:40:00 | agent | Loja Sol | text | Chegou sim!⏎pode retirar até as 18h"
    )
    assert str(export.variant) == "web pt dmy 24h"


def test_the_old_form_with_a_colon_behind_the_time() -> None:
    export = read_fixture("colon_pt.txt")
    assert write_table(export.messages) == (
        "2014-09-19 22:58:00 | customer | Davi Reis | text | Vocês abrem domingo?\n"
        "2014-09-20 08:10:00 | agent | Loja Sol | text | Abrimos às 10h: pode vir"
    )
    assert export.system_lines == 1


def test_what_cannot_be_read_is_named_by_its_line_and_the_rest_goes_on() -> None:
    export = read_fixture("broken_pt.txt")
    assert write_table(export.messages) == (
        "2025-11-05 09:02:00 | customer | Davi Reis | text | oi\n2025-11-05 09:05:00 | agent | Loja Sol | text | olá"
    )
    assert export.problems == [
        Problem(line=1, reason="before_first_message", excerpt="resto de uma mensagem"),
        Problem(line=2, reason="before_first_message", excerpt="que ficou sem cabeçalho"),
        Problem(line=4, reason="impossible_date", excerpt="31 2 2026 9:03 Davi Reis: este dia não existe"),
        Problem(line=6, reason="impossible_time", excerpt="5 11 2025 25:04 Davi Reis: esta hora não existe"),
    ]
    assert export.problem_count == 4


def test_without_our_names_everybody_is_a_customer_and_the_report_lists_them() -> None:
    export = read_fixture("web_pt.txt", selves=["Outra Loja"])
    assert [message.author for message in export.messages] == ["customer", "customer"]
    assert export.notices == [("no_self_author", "Davi Reis, Loja Sol")]
    assert describe_notice(export.notices[0], language="en") == (
        "no author is your side, so all were read as customers. Authors: Davi Reis, Loja Sol. Name yours with --self and import again."
    )
