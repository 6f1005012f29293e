"""How personal data looks when it is written: every regular expression that the search for it uses."""

import re

from core.privacy.kinds import FILLER_RANGE, PLACEHOLDERS
from core.privacy.spelled import NUMBER_WORD

PLACEHOLDER = re.compile("|".join(re.escape(word) for word in PLACEHOLDERS.values()))
FILLER = re.compile(f"[{FILLER_RANGE}]")

INTERNATIONAL_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[\s.\-()]{0,2}\d){7,14}(?![\d\w])")
CARRIER_PHONE = re.compile(r"(?<!\w)0\s?xx\s?\(?[1-9]\d\)?[\s.\-]?\d{4,5}[\s.\-]?\d{4}(?!\d)", re.IGNORECASE)  # "0xx11 3456-7890"
UUID = re.compile(r"(?<![\w\-])[0-9a-fOl]{8}-[0-9a-fOl]{4}-[0-9a-fOl]{4}-[0-9a-fOl]{4}-[0-9a-fOl]{12}(?![\w\-])", re.IGNORECASE)
ALPHANUMERIC_CNPJ = re.compile(
    r"(?<![\w.])[0-9A-Zl]{2}[\s.]?[0-9A-Zl]{3}[\s.]?[0-9A-Zl]{3}[\s/]?[0-9A-Zl]{4}[\s\-]?[0-9Ol]{2}(?![\w])",
)
CIB = re.compile(r"(?<![\w])[0-9A-Za-z]{7}[\s\-]?[0-9A-Za-z](?![\w])")
PLATE = re.compile(r"(?<![\w])[A-Za-z]{3}[\s\-]{0,2}[0-9OolI][0-9A-Za-z][0-9OolI]{2}(?![\w])")
# "Placa" is also a board of a computer and a sign: what stands behind those is a model.
PLATE_LABEL = re.compile(
    rf"\bplacas?(?!\s*(?:de\s|-?\s?m[ãa]e|solar|l[óo]gica|gr[áa]fica|dedicada|promo))[^{FILLER_RANGE}]*\Z", re.IGNORECASE
)
VEHICLE_LABEL = re.compile(rf"(?:ve[ií]culo|carro|moto)[^{FILLER_RANGE}]*\Z", re.IGNORECASE)
MODEL_YEAR = re.compile(r"[\s\-]?(?:19[5-9]|20[0-4])\d\Z")  # "gol 2015"

CHUNK = re.compile(r"\d+")
WORD_OR_CHUNK = re.compile(rf"\d+|{NUMBER_WORD}", re.IGNORECASE)
# Also "529982247, dv 25" and "… final 25": the word for the check digits.
JOINS_DIGITS = re.compile(
    r"[ \t\u00a0]{0,2}(?:[.,\-/\\()\[\]|\n]{0,3}|\*)[ \t]{0,2}\Z"
    r"|[\s,.\-]{1,3}(?:e\s)?(?:o\s|os\s|com\s)?(?:dv|d[íi]g(?:itos?)?(?:\s(?:verificador(?:es)?|final|finais))?|verificador|final)[\s.:=]{1,3}"
    r"(?:(?:é|eh|es|is)\s)?\Z",
    re.IGNORECASE,
)
JOINS_WORDS = re.compile(
    r"[\s,.\-]{1,4}\Z|[\s,]{1,3}(?:ponto|punto|dot|tra[çc]o|tracinho|h[ií]fen|gui[oó]n|dash|barra|slash)[\s,]{1,3}\Z", re.IGNORECASE
)
# Behind a short number that was called a phone: money, memory or a count, so that "celular" was what is bought.
COUNTED = re.compile(r"\s{0,2}(?:reais|real|conto|pila|gb|mb|mah|mp|vezes|x\b|%|dias|horas|min)", re.IGNORECASE)

# "Liga 2018-2019", "d=20150417": years and a day written as eight digits, which a phone without its area code has too.
YEARS_OR_DAY = re.compile(r"(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

# Digits with the letters O and l for 0 and 1, as optical recognition and hasty thumbs leave them.
LOOKALIKE = re.compile(r"\d[.\-]?[OolI]|[OolI]\d")
MISREAD = re.compile(r"(?<![A-Za-z])[0-9OolI]{2,}(?![A-Za-z])|(?<=\d[.\-])[OolI]{1,4}(?![A-Za-z])")
GLUED_LABEL = re.compile(r"(?:cpf|cnpj|cep|tel|cel|fone|whats|whatsapp|wpp|zap|nº|n)\Z", re.IGNORECASE)
