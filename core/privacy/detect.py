"""Finds personal data in a text: every value with its place and kind, never two on the same place."""

import re
from collections.abc import Iterator

from tarja import find as find_with_tarja
from tarja.validators import cib, cnpj

from core.privacy import emails, gates, patterns
from core.privacy.characters import drop_unseen, fold, skip_unseen, write_plainly
from core.privacy.kinds import FILLERS, KIND_OF_FILLER, PLACEHOLDERS, Kind, Span
from core.privacy.labelled import LABELLED
from core.privacy.labels import find_label
from core.privacy.places import find_addresses
from core.privacy.runs import find_numbers, keep_longest
from core.privacy.spelled import has_number_words

_KIND_OF_PLACEHOLDER = {word: kind for kind, word in PLACEHOLDERS.items()}
_TO_DIGITS = str.maketrans("OolI", "0011")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_GATEWAY_IDS = ("@s.whatsapp.net", "@c.us", "@lid", "@g.us")
_TARJA_KINDS: dict[str, Kind] = {"BR_CPF": "cpf", "BR_CNPJ": "cnpj", "BR_CARTAO": "card", "BR_CNS": "cns", "BR_CNJ": "court_case"}


def find_spans(text: str) -> list[Span]:
    """Every value of a person in `text`, in order, none overlapping another.

    Placeholders of an earlier masking are left alone, and finding nothing costs microseconds.
    """
    if not gates.may_hold_any(text):
        return []
    if not text.isascii() and (dropped := drop_unseen(text)):
        seen, places = dropped
        return [Span(places[span.start], skip_unseen(text, places[span.end - 1] + 1), span.kind) for span in _find_all(seen)]
    return _find_all(text)


def _find_all(text: str) -> list[Span]:
    work = write_plainly(patterns.FILLER.sub(" ", text))
    work = patterns.PLACEHOLDER.sub(lambda match: FILLERS[_KIND_OF_PLACEHOLDER[match.group()]] * len(match.group()), work)
    found: list[Span] = []
    # A value found uncovers the next one ("[telefone] ou 3333-4444"), so the search goes on until nothing is new.
    while True:
        new = _find_once(work)
        if not new:
            return sorted(found, key=lambda span: span.start)
        for span in new:
            work = work[: span.start] + FILLERS[span.kind] * (span.end - span.start) + work[span.end :]
        found.extend(new)


def _find_once(work: str) -> list[Span]:
    """Values of the first searcher that finds any; the others go again over what it left."""
    for search in (_find_reachable, _find_by_label, _find_codes, _find_numbers, _find_as_tarja, _find_addresses):
        spans = keep_longest(span for span in search(work) if not patterns.FILLER.search(work, span.start, span.end))
        if spans:
            return spans
    return []


def _find_reachable(work: str) -> Iterator[Span]:
    """Addresses of mail, and phones that begin with their country."""
    if "@" in work:
        for match in emails.PLAIN.finditer(work):
            start, end = match.span("line") if match["line"] else match.span()
            yield Span(start, end, "phone" if match.group().endswith(_GATEWAY_IDS) else "email")
    if gates.may_lack_at(work.lower()):
        for match in emails.WITHOUT_AT.finditer(work):
            start, end = match.span("called") if match["called"] else match.span()
            yield Span(start, end, "email")
    if gates.may_be_spelled(work.lower()):
        for match in emails.SPELLED.finditer(work):
            yield Span(match.start(), match.end(), "email")
    if "xx" in work.lower():
        for match in patterns.CARRIER_PHONE.finditer(work):
            yield Span(match.start(), match.end(), "phone")
    if "+" in work:
        for match in patterns.INTERNATIONAL_PHONE.finditer(work):
            yield Span(match.start(), match.end(), "phone")


def _find_by_label(work: str) -> Iterator[Span]:
    if not gates.may_hold_labelled(work.lower()):
        return
    for kind, pattern in LABELLED:
        for match in pattern.finditer(work):
            yield Span(match.start(1), match.end(1), kind)


def _find_codes(work: str) -> Iterator[Span]:
    """Values with letters in them: random Pix keys, plates, CNPJ with letters, CIB."""
    lowered = work.lower()
    if "pix" in lowered or "chave" in lowered or "aleat" in lowered:
        for match in patterns.UUID.finditer(work):
            yield Span(match.start(), match.end(), "pix_key")
    if "placa" in lowered or "culo" in lowered or "carro" in lowered or "moto" in lowered:
        for match in patterns.PLATE.finditer(work):
            before = work[max(0, match.start() - 32) : match.start()]
            is_model = " " in match.group() or patterns.MODEL_YEAR.search(match.group())
            if patterns.PLATE_LABEL.search(before) or (not is_model and patterns.VEHICLE_LABEL.search(before)):
                yield Span(match.start(), match.end(), "plate")
    if "cnpj" in lowered:
        for match in patterns.ALPHANUMERIC_CNPJ.finditer(work):
            if any(character.isalpha() for character in match.group()) and _is_misread_cnpj(match.group()):
                yield Span(match.start(), match.end(), "cnpj")
    if "cib" in lowered or "imobili" in lowered:
        for match in patterns.CIB.finditer(work):
            if find_label(work, start=match.start()) == "cib" and cib.is_valid(match.group()):
                yield Span(match.start(), match.end(), "cib")


def _is_misread_cnpj(value: str) -> bool:
    """A valid CNPJ with letters, also where some of its zeros were read as the letter O and ones as l."""
    base = value.replace("l", "1")
    base = base[:-2] + base[-2:].replace("O", "0")
    ohs = [place for place, character in enumerate(base) if character == "O"][:6]
    for choice in range(1 << len(ohs)):
        letters = list(base)
        for bit, place in enumerate(ohs):
            if choice >> bit & 1:
                letters[place] = "0"
        if cnpj.is_valid("".join(letters)):
            return True
    return False


def _find_numbers(work: str) -> Iterator[Span]:
    digits = patterns.MISREAD.sub(lambda match: _read_as_digits(match.group()), work) if patterns.LOOKALIKE.search(work) else work
    yield from find_numbers(digits, with_words=has_number_words(work.lower()))


def _read_as_digits(token: str) -> str:
    is_word = len(token) > 4 and not any(character.isdigit() for character in token)
    return token if is_word else token.translate(_TO_DIGITS)


def _find_as_tarja(work: str) -> Iterator[Span]:
    """What tarja finds beyond the above: valid documents inside a longer run of digits that a label announces."""
    if not gates.may_hide_document(work.lower()):
        return
    # What was found before counts as one character, however long it was: a label is as far from the next value as it will be when masked.
    places = [place for place in range(len(work)) if not (place and _is_filler(work[place]) and _is_filler(work[place - 1]))]
    compact = "".join(work[place] for place in places) if len(places) < len(work) else work
    # Folded, and without our fillers: it reads plain ASCII ten times as fast.
    for match in find_with_tarja(_NOT_ASCII.sub("\x00", fold(compact)), entities=list(_TARJA_KINDS), max_chars=None):
        if match.has_context:
            yield Span(places[match.start], places[match.end - 1] + 1, _TARJA_KINDS[match.entity])


def _is_filler(character: str) -> bool:
    return character in KIND_OF_FILLER


def _find_addresses(work: str) -> Iterator[Span]:
    """Streets with a house number, when every number that is something else has been found."""
    if not gates.may_hold_street(work.lower()):
        return
    for start, end in find_addresses(work):
        yield Span(start, end, "address")
