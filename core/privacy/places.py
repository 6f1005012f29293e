"""Where somebody lives: a street with a house number. A street alone, a distance, a time or a number of shops is no address."""

import re
from collections.abc import Iterator

from core.privacy.kinds import FILLER_RANGE

_STREET = (
    r"\b(?:rua|r\.|avenida|av\.?|avda\.?|travessa|trav\.|alameda|al\.|rodovia|rod\.|estrada|estr\.|pra[çc]a|p[çc]a\.?|viela|beco|largo|ladeira"
    r"|servid[ãa]o|calle|carrera)"
)
# Words of a name: what people call streets, and never a word of a sentence that goes on behind "rua".
_NO_NAME = (
    r"(?:tem|têm|tinha|fica|ficou|ficam|é|eh|e|está|tá|ta|foi|às|as|em|até|ate|com|por|pra|para|que|sem|tiene|has|en|hay|toda|inteira|mais|uns"
    r"|umas|faz|há|são|depois|antes|perto|quase|a|o|no|na|nos|nas|só|so|saiu|demora|deu|leva|esperando|pelas|parado|parada)\b"
)
_NAME = rf"(?:\s{{1,2}}(?!{_NO_NAME})[^\W\d_][\w'.ªº\-]{{0,24}}){{1,6}}?"
_NUMBER_WORD = r"(?:n[º°o.]{1,2}|n|num(?:ero|\.)?|número|nro\.?|#)"
_INSIDE = (  # flat, house, block
    r"(?:[\s,.\-]{1,3}(?:ap(?:to|t|artamento|\.)?|casa|cs|bl(?:oco)?|torre|sala|lote|lt|quadra|qd|conj(?:unto)?|fundos|frente|sobrado|depto|piso)"
    r"\.?(?:\s{0,2}(?:n[º°.]?\s?)?(?:\d{1,4}[a-z]?|[a-z]))?(?!\w)){0,4}"
)
_NOT_A_COUNT = (
    r"(?![\w%]|[.,:/]\d|\s{0,2}(?:h|hs|hrs|horas?|min(?:utos?)?|dias?|km|m|metros?|reais|vezes|lojas?|casas|pessoas?|quadras?|entradas?"
    r"|pontos?|anos?|stores?|salidas?|mil)\b)"
)
_SOURCES = (
    rf"{_STREET}{_NAME}(?:\s{{0,2}},\s{{0,2}}(?:{_NUMBER_WORD}\s{{0,2}})?|\s{{1,2}}{_NUMBER_WORD}\s{{0,2}})\d{{1,5}}[a-z]?{_NOT_A_COUNT}{_INSIDE}",
    rf"{_STREET}{_NAME}\s{{1,2}}\d{{2,5}}{_NOT_A_COUNT}{_INSIDE}",
    # a street that is a number, a day or a letter: "rua 7, casa 12", "rua 25 de março 100"
    rf"{_STREET}\s{{1,2}}(?:\d{{1,3}}|[a-z])[\s,]{{1,3}}(?:casa|lote|lt|quadra|qd|{_NUMBER_WORD})\s{{0,2}}\d{{1,5}}{_INSIDE}",
    rf"{_STREET}\s{{1,2}}\d{{1,2}}\s+de\s+[^\W\d_]{{3,10}}[\s,]{{1,3}}(?:{_NUMBER_WORD}\s{{0,2}})?\d{{2,5}}{_NOT_A_COUNT}{_INSIDE}",
    r"\b(?:rodovia|rod\.?)\s{1,2}[a-z]{2}[\s\-]?\d{3}[\s,]{1,3}km\s{0,2}\d{1,4}",
    r"\b(?:quadra|qd)\.?\s{0,2}\w{1,4}[\s,]{1,3}(?:lote|lt|conj(?:unto)?)\.?\s{0,2}\w{1,4}\b(?:[\s,]{1,3}casa\s{0,2}\d{1,4})?",
    r"\b\d{1,5}\s(?:(?-i:[A-Z])[\w'.]{1,20}\s){1,3}?(?-i:Street|St|Avenue|Ave|Road|Rd|Drive|Lane|Blvd)\b\.?",
)
ADDRESS = tuple(re.compile(source, re.IGNORECASE) for source in _SOURCES)
_FOUND = re.compile(f"[{FILLER_RANGE}]")


def find_addresses(work: str) -> Iterator[tuple[int, int]]:
    """Start and end of each address."""
    for pattern in ADDRESS:
        for match in pattern.finditer(work):
            if not _FOUND.search(match.group()):
                yield match.start(), match.end()
