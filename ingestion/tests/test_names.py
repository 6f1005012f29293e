"""Names: which author is the company, which word is a person, and where a name ends."""

import pytest

from ingestion.exports import read_export
from ingestion.names import SelfNames, clean_name, find_phone, fold_name, looks_like_person
from ingestion.signatures import split_signature


@pytest.mark.parametrize(
    ("self_name", "author", "is_self"),
    [
        ("Loja Sol", "Loja Sol", True),
        ("loja sol", "LOJA  SOL", True),
        ("Café Íris", "cafe iris", True),
        ("Loja Sol", "~\u202fLoja Sol", True),
        ("+55 11 99999-0001", "5511999990001", True),
        ("11 99999-0001", "+55 11 99999\u20110001", True),
        ("99999-0001", "+55 11 99999-0001", False),  # too short to be sure
        ("Loja Sol", "Loja Sol 2", False),
        ("Loja", "Loja Sol", False),
        ("Loja Sol", "Você", True),
        ("Loja Sol", "You", True),
        ("Loja Sol", "Tú", True),
        ("", "Loja Sol", False),
    ],
)
def test_self_names(self_name: str, author: str, is_self: bool) -> None:
    assert SelfNames([self_name]).match(author) is is_self


def test_names_are_cleaned_for_showing_and_folded_for_comparing() -> None:
    assert clean_name("\u200e~\u202fBea  Díaz \u202a") == "Bea Díaz"
    assert fold_name("\u200e~\u202fBea  DÍAZ \u202a") == "bea diaz"


@pytest.mark.parametrize(
    ("name", "phone"),
    [
        ("+55 11 91234-5678", "5511912345678"),
        ("\u202a+55 (11) 91234\u20115678\u202c", "5511912345678"),
        ("190", None),
        ("Ana 2", None),
        ("+1", None),
    ],
)
def test_phones(name: str, phone: str | None) -> None:
    assert find_phone(name) == phone


@pytest.mark.parametrize(
    ("name", "is_person"),
    [
        ("Ana Souza", True),
        ("Ana", True),
        ("João Pedro da Silva", True),
        ("D'Ávila Jr.", True),
        ("MARIA", True),
        ("ana souza", False),
        ("Loja Sol", False),
        ("Atendimento", False),
        ("Suporte Casa Verde", False),
        ("Ana 2", False),
        ("+55 11 91234-5678", False),
        ("Esta É Uma Frase Com Muitas Palavras", False),
    ],
)
def test_people(name: str, is_person: bool) -> None:
    assert looks_like_person(name) is is_person


@pytest.mark.parametrize(
    ("text", "agent", "rest"),
    [
        ("*Ana Souza:*\nBom dia", "Ana Souza", "Bom dia"),
        ("*Ana Souza:* Bom dia", "Ana Souza", "Bom dia"),
        ("*Ana Souza*: Bom dia", "Ana Souza", "Bom dia"),
        ("*Ana Souza*:\nBom dia\n\n*Rua Um, 2*", "Ana Souza", "Bom dia\n\n*Rua Um, 2*"),
        ("*Ana Souza*\nBom dia", "Ana Souza", "Bom dia"),
        ("*Ana Souza:*", "Ana Souza", ""),
        ("*Ana Souza - Vendas:* Oi", "Ana Souza", "Oi"),
        ("*Ana | Suporte:* Oi", "Ana", "Oi"),
        ("*Ana (Financeiro):* Oi", "Ana", "Oi"),
        ("*Atendente Ana Souza:* Oi", "Ana Souza", "Oi"),
        ("*José da Silva:* Oi", "José da Silva", "Oi"),
        ("*Atenção:* fechamos às 18h", None, "*Atenção:* fechamos às 18h"),
        ("*Total:* R$ 50", None, "*Total:* R$ 50"),
        ("*Pedido Confirmado*\nObrigado", None, "*Pedido Confirmado*\nObrigado"),
        ("*Bom Dia*\ntudo bem?", None, "*Bom Dia*\ntudo bem?"),
        ("*Pedido 123:* a caminho", None, "*Pedido 123:* a caminho"),
        ("*Ana Souza* disse que sim", None, "*Ana Souza* disse que sim"),
        ("Oi *Ana Souza:* tudo?", None, "Oi *Ana Souza:* tudo?"),
        ("*não* é isso: veja", None, "*não* é isso: veja"),
    ],
)
def test_signatures(text: str, agent: str | None, rest: str) -> None:
    assert split_signature(text) == (agent, rest)


def read_authors(lines: list[str], *, selves: list[str], chat_name: str | None = None) -> list[tuple[str, str]]:
    text = "\n".join(f"12/03/2025 10:{minute:02} - {line}" for minute, line in enumerate(lines))
    export = read_export(text.encode(), self_names=selves, time_zone="UTC", name="x.txt", chat_name=chat_name)
    return [(message.sender_name, message.text) for message in export.messages]


def test_one_line_alone_ends_a_name_at_the_first_colon() -> None:
    assert read_authors(["Dr. Ivo: Prado: oi"], selves=[]) == [("Dr. Ivo", "Prado: oi")]


def test_lines_of_one_name_that_go_on_differently_are_texts() -> None:
    lines = ["Ivo: Nota: 5", "Ivo: Total: 7", "Ivo: Nota: 6", "Ivo: Nota: 7"]
    assert read_authors(lines, selves=[]) == [("Ivo", "Nota: 5"), ("Ivo", "Total: 7"), ("Ivo", "Nota: 6"), ("Ivo", "Nota: 7")]


def test_a_name_that_we_were_told_is_never_made_longer() -> None:
    lines = [f"Loja Sol: Rita: mensagem {number}" for number in range(4)]
    assert read_authors(lines, selves=["Loja Sol"])[0] == ("Loja Sol", "Rita: mensagem 0")


def test_a_name_with_a_colon_that_we_were_told_is_believed_at_once() -> None:
    assert read_authors(["Loja: Sol: oi"], selves=["Loja: Sol"]) == [("Loja: Sol", "oi")]
    assert read_authors(["Ivo: Prado: oi"], selves=[], chat_name="Ivo: Prado") == [("Ivo: Prado", "oi")]


def read_agents(lines: list[str], *, selves: list[str]) -> list[tuple[str, str | None]]:
    text = "\n".join(f"12/03/2025 10:{minute:02} - {line}" for minute, line in enumerate(lines))
    return [(message.author, message.agent_name) for message in read_export(text.encode(), self_names=selves, time_zone="UTC").messages]


def test_several_people_of_ours_are_told_apart_by_their_names() -> None:
    lines = ["Kim: oi", "Ana Souza: olá", "Beto Lima: olá", "Loja Sol: *Rita Lopes:* olá", "Loja Sol: sem assinatura"]
    assert read_agents(lines, selves=["Ana Souza", "Beto Lima", "Loja Sol"]) == [
        ("customer", None),
        ("agent", "Ana Souza"),
        ("agent", "Beto Lima"),
        ("agent", "Rita Lopes"),
        ("agent", None),
    ]


def test_a_single_name_of_ours_may_be_the_companys() -> None:
    assert read_agents(["Kim: oi", "Aurora Prado: olá"], selves=["Aurora Prado"]) == [("customer", None), ("agent", None)]


def test_a_customers_bold_name_is_no_signature() -> None:
    export = read_export(b"12/03/2025 10:00 - Kim: *Ana Souza:* me atendeu mal", self_names=["Loja"], time_zone="UTC")
    assert (export.messages[0].agent_name, export.messages[0].text) == (None, "*Ana Souza:* me atendeu mal")
