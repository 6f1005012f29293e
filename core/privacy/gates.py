"""Whether a text may hold anything at all. Nearly every message is turned away here, so this costs microseconds and errs to "it may"."""

import re

from core.privacy.kinds import FILLERS
from core.privacy.spelled import has_number_words

# Most messages hold no digit; those that do are searched for enough digits close together, or a word that announces a value.
_DIGIT = re.compile(r"\d")
_CLOSE = r"(?:[^\d\n]{0,4}(?:\n[^\d\n]{0,2})?\d)"  # a line may end before a dot or dash of the number, or behind it
DIGITS_CLOSE_TOGETHER = re.compile(rf"\d{_CLOSE}{{6}}")
_DIGITS_OF_A_DOCUMENT = re.compile(rf"\d{_CLOSE}{{10}}")

# Parts of words, looked for by `in`, which is ten times as fast as an expression; and words too short for that.
_LABEL_PARTS = (
    "cvv", "cvc", "segur", "security", "senha", "password", "contrase", "registro", "identi", "nasc", "naci", "nací", "birth", "born",
    "conta", "c/c", "passaporte", "passport", "pasaporte", "dula", "cuit", "cuil", "curp", FILLERS["card"],
)  # fmt: skip
_SHORT_LABEL = re.compile(r"\b(?:rg|ag|agencia|agência|cc|dni|rn[em]|d\.?n)(?![^\W\d])")
_CODE_PARTS = ("placa", "culo", "matr", "cib", "imobili", "cnpj", "pix", "chave", "aleat", "fone", "whats", "zap")
_SHORT_CODE = re.compile(r"\b(?:tel|cel)")
_STREET_PARTS = (
    "rua", "aven", "avda", "travessa", "alameda", "rodovia", "estrada", "praça", "praca", "viela", "beco", "largo", "ladeira", "servid",
    "calle", "carrera", "quadra", "street", "road", "lane", "drive",
)  # fmt: skip
_SHORT_STREET = re.compile(r"\b(?:r\.|av|trav\.|al\.|rod\.|estr\.|p[çc]a|qd|st|rd|ave|blvd)(?!\w)")
_DOCUMENT_PARTS = (
    "cpf", "pessoa", "contribuinte", "cnpj", "empresa", "cart", "crédito", "credito", "débito", "debito", "visa", "master", "elo", "hiper",
    "amex", "cns", "sus", "processo", "autos", "proc.", "ação", "acao", "recurso",
)  # fmt: skip
_BRACKETED_AT = re.compile(r"[(\[{<]\s?at\s?[)\]}>]")


def may_hold_any(text: str) -> bool:
    """True where a text is worth a search."""
    if "@" in text:
        return True
    lowered = text.lower()
    if _DIGIT.search(text) and (
        DIGITS_CLOSE_TOGETHER.search(text)
        or may_hold_labelled(lowered)
        or may_hold_street(lowered)
        or any(part in lowered for part in _CODE_PARTS)
        or _SHORT_CODE.search(lowered)
    ):
        return True
    return may_be_spelled(lowered) or may_lack_at(lowered) or has_number_words(lowered)


def may_hold_labelled(lowered: str) -> bool:
    """True where a word announces a password, a date of birth, an account, …"""
    return any(part in lowered for part in _LABEL_PARTS) or _SHORT_LABEL.search(lowered) is not None


def may_hold_street(lowered: str) -> bool:
    """True where a word is that of a street."""
    return any(part in lowered for part in _STREET_PARTS) or _SHORT_STREET.search(lowered) is not None


def may_hide_document(lowered: str) -> bool:
    """True where a document may be hidden in a longer run of digits, and a word announces one."""
    return any(part in lowered for part in _DOCUMENT_PARTS) and _DIGITS_OF_A_DOCUMENT.search(lowered) is not None


def may_lack_at(lowered: str) -> bool:
    """True where an address of mail may stand that somebody typed without its "@"."""
    return "com" in lowered and ("mail" in lowered or "outlook" in lowered or "icloud" in lowered or "correo" in lowered)


def may_be_spelled(lowered: str) -> bool:
    """True where a word stands for "@"."""
    if "arroba" in lowered:
        return True
    return "at" in lowered and (_BRACKETED_AT.search(lowered) is not None or (" at " in lowered and " dot " in lowered))
