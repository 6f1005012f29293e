"""The kinds of personal data that are masked, and the word that stands in a text in place of each."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "cpf", "cnpj", "card", "card_code", "phone", "email", "cep", "rg", "birth_date", "bank_account", "password", "pix_key",
    "cnh", "nis", "cns", "voter_id", "plate", "renavam", "court_case", "iptu", "property", "cnm", "cib", "address", "document",
]  # fmt: skip

# What replaces a value. Portuguese, because most texts are; no digit and no label word outside the brackets, so that a
# masked text has nothing left to mask. `document` is a number that was announced as a CPF or a card and fails its check
# digits, most often a real one with a typing error; or a passport or identity card of elsewhere.
PLACEHOLDERS: dict[Kind, str] = {
    "cpf": "[CPF]",
    "cnpj": "[CNPJ]",
    "card": "[cartão]",
    "card_code": "[código do cartão]",
    "phone": "[telefone]",
    "email": "[e-mail]",
    "cep": "[CEP]",
    "rg": "[RG]",
    "birth_date": "[data de nascimento]",
    "bank_account": "[conta bancária]",
    "password": "[senha]",
    "pix_key": "[chave Pix]",
    "cnh": "[CNH]",
    "nis": "[NIS]",
    "cns": "[cartão SUS]",
    "voter_id": "[título de eleitor]",
    "plate": "[placa]",
    "renavam": "[Renavam]",
    "court_case": "[processo]",
    "iptu": "[IPTU]",
    "property": "[matrícula]",
    "cnm": "[CNM]",
    "cib": "[CIB]",
    "address": "[endereço]",
    "document": "[documento]",
}

KINDS: tuple[Kind, ...] = tuple(PLACEHOLDERS)

# While a text is searched, each found value is overwritten by a character of its kind from the private-use area. It
# keeps every offset, stops a label from reaching across a value, and lets "[telefone] ou 3333-4444" be read as two phones.
FILLER_BASE = 0xE000
FILLERS: dict[Kind, str] = {kind: chr(FILLER_BASE + index) for index, kind in enumerate(KINDS)}
KIND_OF_FILLER: dict[str, Kind] = {filler: kind for kind, filler in FILLERS.items()}
FILLER_RANGE = f"{chr(FILLER_BASE)}-{chr(FILLER_BASE + len(KINDS) - 1)}"


@dataclass(frozen=True, slots=True)
class Span:
    """One value found in a text: `text[start:end]` is a value of `kind`."""

    start: int
    end: int
    kind: Kind
