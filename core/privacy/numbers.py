"""What a written number is: a CPF, a card, a phone, … by its digits, its shape and the word that announces it."""

from tarja.validators import cartao, cep, cnh, cnj, cnm, cnpj, cns, cpf, nis, renavam, telefone, titulo

from core.privacy.kinds import Kind
from core.privacy.labels import Label

Shape = tuple[int, ...]  # digits of each chunk: "529.982.247-25" is (3, 3, 3, 2)

# Ways to write a number that are so peculiar to it that, with valid check digits, no label is needed.
CPF_SHAPES: frozenset[Shape] = frozenset({(11,), (3, 3, 3, 2), (9, 2), (3, 3, 5), (3, 6, 2), (6, 3, 2), (3, 3, 3, 1, 1)})
CNPJ_SHAPES: frozenset[Shape] = frozenset({(14,), (2, 3, 3, 4, 2), (8, 4, 2), (12, 2), (8, 6), (2, 3, 3, 6)})
CARD_SHAPES: frozenset[Shape] = frozenset({(16,), (4, 4, 4, 4), (8, 8), (15,), (4, 6, 5), (4, 4, 4, 3)})
MOBILE_SHAPES: frozenset[Shape] = frozenset(
    {(11,), (2, 9), (2, 5, 4), (2, 1, 4, 4), (2, 1, 8), (2, 3, 3, 3), (3, 4, 4), (7, 4), (2, 4, 5), (2, 5, 2, 2), (2, 3, 2, 2, 2)}
)
LANDLINE_SHAPES: frozenset[Shape] = frozenset({(2, 8), (2, 4, 4), (6, 4)})
DOCUMENT_LABELS: frozenset[Label] = frozenset({"cpf", "cnpj", "cns", "nis", "cnh", "renavam"})
# A CPF with a digit too many, too few or wrong, and a card so: by any other shape it is a date, a sum or part of a longer number.
MISTYPED_CPF_SHAPES: frozenset[Shape] = CPF_SHAPES | {
    (10,), (12,), (3, 3, 3, 1), (3, 3, 3, 3), (3, 3, 2, 2), (2, 3, 3, 2), (3, 2, 3, 2), (4, 3, 3, 2), (3, 4, 3, 2), (3, 3, 4, 2),
    (9, 1), (8, 2), (10, 2),
}  # fmt: skip
MISTYPED_CARD_LENGTHS = range(13, 20)
# Numbers of call centres, the same in every town: a company's, and printed on its pages.
CALL_CENTRES = ("3003", "3004", "4003", "4004", "4020")


def classify_number(digits: str, *, shape: Shape, label: Label | None, surface: str, is_phone_after: bool) -> Kind | None:
    """Kind of one written number, or None where it is nobody's (an order, a price, a date, a tracking code).

    `surface` is the number as written, `shape` the digits of each of its chunks, `label` the word that announces it.
    """
    is_phone = label == "phone" or (is_phone_after and label is None)
    is_spelled = len(shape) > 6 and max(shape) <= 2  # "5 2 9 9 8 …": dictated digit by digit
    if is_phone and _is_brazilian_phone(digits, shape=shape, surface=surface, is_announced=True):
        return "phone"
    match len(digits):
        case 11:
            kind = _classify_eleven(digits, shape=shape, label=label, surface=surface, is_spelled=is_spelled)
        case 14:
            is_cnpj = cnpj.is_valid(digits) and (shape in CNPJ_SHAPES or label == "cnpj" or is_spelled)
            kind = "cnpj" if is_cnpj else None
        case 15:
            is_cns = cns.is_valid(digits) and (label in DOCUMENT_LABELS or shape == (3, 4, 4, 4))
            kind = "cns" if is_cns else None
        case 16:
            kind = "cnm" if cnm.is_valid(digits) and (label == "cnm" or shape == (6, 1, 7, 2)) else None
        case 20:
            kind = "court_case" if cnj.is_valid(digits) and (label == "court_case" or shape == (7, 2, 4, 1, 2, 4)) else None
        case _:
            kind = None
    return kind or _classify_by_label(digits, shape=shape, label=label, surface=surface, is_spelled=is_spelled)


def _classify_eleven(digits: str, *, shape: Shape, label: Label | None, surface: str, is_spelled: bool) -> Kind | None:
    """Eleven digits: the length that CPF, NIS, CNH, Renavam and mobile phones share."""
    if nis.is_valid(digits) and (label == "nis" or shape == (3, 5, 2, 1)):
        return "nis"
    if label == "cnh" and cnh.is_valid(digits):
        return "cnh"
    if label == "renavam" and renavam.is_valid(digits):
        return "renavam"
    if cpf.is_valid(digits) and (shape in CPF_SHAPES or label == "cpf" or is_spelled):
        # Four dotted groups up to 255 are an address of a computer, unless they are called a CPF.
        is_address = surface.count(".") == 3 and all(int(part) <= 255 for part in surface.split(".") if part.isdigit())
        if label == "cpf" or not is_address:
            return "cpf"
    if label in DOCUMENT_LABELS and shape in CPF_SHAPES:  # announced as one document and valid as another: people mix them up
        if cnh.is_valid(digits):
            return "cnh"
        if renavam.is_valid(digits):
            return "renavam"
        if nis.is_valid(digits):
            return "nis"
    return None


def _classify_by_label(digits: str, *, shape: Shape, label: Label | None, surface: str, is_spelled: bool) -> Kind | None:
    count = len(digits)
    if label == "voter_id" and count == 12 and titulo.is_valid(digits):
        return "voter_id"
    if label == "renavam" and count == 9 and renavam.is_valid(digits):
        return "renavam"
    if count == 8 and cep.is_valid(digits) and (label == "cep" or (shape == (5, 3) and "-" in surface and label != "order")):
        return "cep"
    is_year = shape[0] == 4 and count <= 8 and digits[:2] in ("19", "20")  # "IPTU 2025 10 parcelas"
    if label == "iptu" and 6 <= count <= 20 and not is_year:
        return "iptu"
    if label == "property" and count <= 7:
        return "property"
    is_card_shape = shape in CARD_SHAPES or is_spelled or label == "card"
    # Nobody but a card is written in four fours; Elo and others keep their first digits to themselves.
    needs_brand = label != "card" and (shape != (4, 4, 4, 4) or label == "order")
    if 13 <= count <= 19 and is_card_shape and cartao.is_valid(digits, require_brand=needs_brand):
        return "card"
    if label != "order" and label not in DOCUMENT_LABELS and _is_brazilian_phone(digits, shape=shape, surface=surface, is_announced=False):
        return "phone"
    if (label == "cpf" and shape in MISTYPED_CPF_SHAPES) or (label == "card" and count in MISTYPED_CARD_LENGTHS):
        return "document"
    return None


def _is_brazilian_phone(digits: str, *, shape: Shape, surface: str, is_announced: bool) -> bool:
    """Any Brazilian way to write a phone: with or without +55, trunk 0 and carrier, area code, ninth digit."""
    national, national_shape = _drop_country(digits, shape, surface)
    had_country = national is not digits
    if len(national) == 11 and telefone.is_valid(national):
        return is_announced or had_country or national_shape in MOBILE_SHAPES or max(shape) <= 2
    if len(national) == 10 and national[:2] in telefone.DDDS and national[2] in "23456789":
        if had_country or is_announced:
            return True
        return national_shape in LANDLINE_SHAPES and ("(" in surface or ("-" in surface and national[2] in "2345"))
    if had_country:
        return False
    if len(national) == 9 and national[0] == "9":
        is_written_so = shape == (5, 4) and "-" in surface
        return (is_announced and shape in {(9,), (5, 4), (3, 3, 3), (1, 4, 4), (1, 8)}) or is_written_so or shape == (1, 4, 4)
    if len(national) == 8 and is_announced:
        return shape in {(4, 4), (8,), (2, 2, 2, 2)} and national[0] in "2345789" and national[:4] not in CALL_CENTRES
    return False


def _drop_country(digits: str, shape: Shape, surface: str) -> tuple[str, Shape]:
    """The number without 55 (or 0055), trunk 0 and carrier code, and its shape as far as whole chunks were dropped."""
    rest = digits
    if rest.startswith("0055") and len(rest) in (14, 15):
        rest = rest[4:]
    elif rest.startswith("55") and len(rest) in (12, 13):
        rest = rest[2:]
    elif rest.startswith("0") and len(rest) in (11, 12) and not cpf.is_valid(rest):
        rest = rest[1:]
    elif rest.startswith("0") and len(rest) in (13, 14) and "(" in surface:
        rest = rest[3:]  # 0 + carrier + area code: "0 15 (11) 98765-4321"
    if rest is digits:
        return digits, shape
    dropped = len(digits) - len(rest)
    kept = list(shape)
    while kept and dropped >= kept[0]:
        dropped -= kept.pop(0)
    if kept:
        kept[0] -= dropped
    return rest, tuple(kept)
