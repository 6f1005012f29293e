"""What is masked and what is not, as a table that a reader can check line by line.

The numbers are invented; CPF, CNPJ and cards have valid check digits, or they would not be taken for one.
"""

import json

import pytest

from core.privacy import find_spans, mask, mask_for_log

MASKED = [
    # CPF: any punctuation, none, spaced, spelled, glued to its label; no label needed where the check digits hold
    ("meu cpf é 529.982.247-25", "meu cpf é [CPF]"),
    ("52998224725", "[CPF]"),
    ("cpf 529 982 247 25", "cpf [CPF]"),
    ("cpf 529,982,247-25", "cpf [CPF]"),
    ("529.982.24725 pode conferir", "[CPF] pode conferir"),
    ("cpf 5 2 9 9 8 2 2 4 7 2 5", "cpf [CPF]"),
    ("cpf52998224725", "cpf[CPF]"),
    ("cinco dois nove nove oito dois dois quatro sete dois cinco", "[CPF]"),
    ("cpf 529.982.247-2S", "cpf 529.982.247-2S"),
    ("o CPF 529.982.247-24 tá certo?", "o CPF [documento] tá certo?"),
    ("CPF 52\u200b998224725", "CPF [CPF]"),
    # CNPJ, with letters too
    ("CNPJ 11.222.333/0001-81", "CNPJ [CNPJ]"),
    ("nota para 11222333000181", "nota para [CNPJ]"),
    ("cnpj 12.ABC.345/01DE-35", "cnpj [CNPJ]"),
    # cards
    ("cartão 4111 1111 1111 1111 validade 12/29 cvv 123", "cartão [cartão] validade 12/29 cvv [código do cartão]"),
    ("5555555555554444", "[cartão]"),
    ("amex 3782 822463 10005", "amex [cartão]"),
    ("elo 5067 1234 5678 9014", "elo [cartão]"),
    ("5067 1234 5678 9014 no nome da Ana", "[cartão] no nome da Ana"),
    ("o cartão de final 4444", "o cartão de final 4444"),
    # Brazilian phones: with and without country, area code, ninth digit, punctuation
    ("me liga no 11 98765-4321", "me liga no [telefone]"),
    ("+55 (11) 98765-4321", "[telefone]"),
    ("5511987654321", "[telefone]"),
    ("11987654321", "[telefone]"),
    ("11 9 8765 4321", "[telefone]"),
    ("11.98765.4321", "[telefone]"),
    ("(11)3333-4444", "[telefone]"),
    ("tel 1133334444", "tel [telefone]"),
    ("98765-4321 é meu zap", "[telefone] é meu zap"),
    ("telefone: 11 98765-4321 ou 3333-4444", "telefone: [telefone] ou [telefone]"),
    ("tel 0xx11 3456-7890", "tel [telefone]"),
    ("ligar 011 3333 4444", "ligar [telefone]"),
    ("meu número é onze nove oito sete seis cinco quatro três dois um", "meu número é [telefone]"),
    ("https://wa.me/5511987654321", "https://wa.me/[telefone]"),
    ("5511987654321@s.whatsapp.net", "[telefone]"),
    # phones of elsewhere
    ("my number is +1 (415) 555-2671", "my number is [telefone]"),
    ("llámame al +34 612 345 678", "llámame al [telefone]"),
    # e-mail, plain, spaced, spelled
    ("manda pra ana.souza+loja@exemplo.com.br por favor", "manda pra [e-mail] por favor"),
    ("joão@empresa.com", "[e-mail]"),
    ("ana.souza arroba gmail ponto com", "[e-mail]"),
    ("ana @gmail.com", "[e-mail]"),
    ("ana (at) hotmail.com", "[e-mail]"),
    # cut by line breaks, also before a dot; its check digits announced by a word
    ("meu cpf é\n529.982\n.247-25", "meu cpf é\n[CPF]"),
    ("meu cpf\n\n529\n.982\n.247\n-25 ok", "meu cpf\n\n[CPF] ok"),
    ("529982247, dv 25", "[CPF]"),
    ("cpf 529.982.247 dígitos 25", "cpf [CPF]"),
    ("cpf 529982247, dígito verificador: 25", "cpf [CPF]"),
    ("cpf 529 982 247 final 24", "cpf [documento]"),
    # e-mail whose "@" was forgotten
    ("email fulano.gmail.com", "email [e-mail]"),
    ("email fulano gmail com", "email [e-mail]"),
    ("meu e-mail: joao silva hotmail.com.br", "meu e-mail: [e-mail]"),
    ("anota aí maria1985gmail.com", "anota aí [e-mail]"),
    ("o email é ana.souza.empresa.com.br", "o email é [e-mail]"),
    # others that a label gives away
    ("CEP 01310-100", "CEP [CEP]"),
    ("rg 12.345.678-9", "rg [RG]"),
    ("nasci em 12/03/1988", "nasci em [data de nascimento]"),
    ("agência 1234 conta 12345-6", "agência [conta bancária]"),
    ("conta 12345-6 ag 0001 banco 260", "conta [conta bancária] banco 260"),
    ("c/c 123456 op 013, agência: 0001-9", "c/c [conta bancária]"),
    ("conta 12345-6 do banco 260, ag 0001", "conta [conta bancária] do banco 260, ag [conta bancária]"),
    ("a senha é Casa1234", "a senha é [senha]"),
    ("chave pix 3f2b8c1e-9d43-4ab0-bddd-9e70cb27ca1d", "chave pix [chave Pix]"),
    ("placa ABC1D23", "placa [placa]"),
    ("PIS 120.55243.21-9 e CNH 62472927637", "PIS [NIS] e CNH [CNH]"),
    ("meu passaporte é FX123456", "meu passaporte é [documento]"),
    # written so that a person reads a number and a program does not
    ("cpf 529*982*247*25", "cpf [CPF]"),
    ("cpf 529_982_247_25", "cpf [CPF]"),
    ("5️⃣2️⃣9️⃣9️⃣8️⃣2️⃣2️⃣4️⃣7️⃣2️⃣5️⃣", "[CPF]"),
    ("CPF：５２９９８２２４７２５", "CPF：[CPF]"),
    ("oitenta e cinco 98765 4321 é meu zap", "[telefone] é meu zap"),
    ("LLAMANOS: 57409478", "LLAMANOS: [telefone]"),
    ("ana ponto souza arroba empresa ponto com ponto br", "[e-mail]"),
    ("ana@gmail,com", "[e-mail]"),
    ("ana souza@gmail.com", "[e-mail]"),
    ("oi ana@gmail.com", "oi [e-mail]"),
    ("manda no ana@gmail.com", "manda no [e-mail]"),
    # where somebody lives: a street with its number
    ("entrega na Rua das Flores, 123 apto 45 por favor", "entrega na [endereço] por favor"),
    ("moro na av paulista nº 1000", "moro na [endereço]"),
    ("quadra 12 lote 8 casa 3", "[endereço]"),
]

LEFT_ALONE = [
    "entra no gmail.com pelo navegador",
    "nogmail.com não abre",
    "acesse www.gmail.com ou mail.gmail.com",
    "meu email gmail.com parou de funcionar",
    "qual o e-mail? no site loja.com.br não tem",
    "o email da loja tem hotmail com br no fim",
    "mandei email com o comprovante",
    "pedido 12345, dígito 25",
    "o boleto de final 25 e o de final 31",
    "bom dia",
    "pedido 12345678901",
    "pedido nº 11987654321",
    "protocolo 2025112300012345",
    "NF 000123456",
    "rastreio BR123456789BR",
    "paguei 89,90 no dia 10/11 e 45,00 no dia 12/11 às 14:30",
    "R$ 1.234.567,89",
    "tamanho 40 42 44 46 48",
    "100x200x300 cm",
    "0800 123 4567",
    "boleto 2024-2025",
    "IP 192.168.100.10",
    "código de barras 34191.79001 01043.510047 91020.150008 5 89010000002000",
    "@lojaexemplo olha isso",
    "minha senha não funciona",
    "2025-11-23T22:12:05.123456Z 3f2b8c1e-9d43-4ab0-bddd-9e70cb27ca1d",
    "1763935925",
    "um dos dois ou três que comprei",
    "nota 10! 5 estrelas",
    "a rua toda esperando 30 minutos",
    "fica na rua das flores",
    "av paulista 2 lojas",
    "placa de vídeo RTX 3060",
    "temporada da liga 2018-2019",
    "placa dedicada por 1799",
    "celular de 2500 reais",
    "liga no 4004 1234",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_nobodys_is_left_alone(text: str) -> None:
    assert mask(text).text == text


def test_spans_name_the_places_and_kinds_in_the_original() -> None:
    text = "cpf 529.982.247-25, zap (11) 98765-4321"
    found = [(text[span.start : span.end], span.kind) for span in find_spans(text)]
    assert found == [("529.982.247-25", "cpf"), ("(11) 98765-4321", "phone")]
    assert mask(text).kinds == {"cpf", "phone"}


def test_a_log_record_keeps_its_structure_and_loses_the_data() -> None:
    record = {
        "event": "message received from 5511987654321",
        "tenant_id": 42,
        "phone": 5511987654321,
        "password": "open sesame",
        "headers": {"Authorization": "Bearer abc", "accept": "text/html"},
        "texts": ["meu cpf é 529.982.247-25", None, 3.5],
        "error": ValueError("ana@exemplo.com.br is taken"),
    }
    masked = mask_for_log(record)
    assert masked == {
        "event": "message received from [telefone]",
        "tenant_id": 42,
        "phone": "[telefone]",
        "password": "[hidden]",
        "headers": {"Authorization": "[hidden]", "accept": "text/html"},
        "texts": ["meu cpf é [CPF]", None, 3.5],
        "error": "[e-mail] is taken",
    }
    assert json.loads(json.dumps(masked)) == masked
