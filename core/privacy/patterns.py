"""How personal data looks when it is written: every regular expression that the search for it uses."""

import re

from core.privacy.kinds import FILLER_RANGE, PLACEHOLDERS, Kind
from core.privacy.spelled import NUMBER_WORD

# Most messages hold no digit at all; those that do are searched for enough digits close together, or a telling word.
DIGIT = re.compile(r"\d")
DIGITS_CLOSE_TOGETHER = re.compile(r"\d(?:[^\d\n]{0,4}\n?\d){6}")
TELLING_WORD = re.compile(
    r"c[vi]v|cvc|seguran|senha|password|contrase|\brg\b|identidade|nasc|birth|nacim|ag[eê]ncia|\bconta\b|placa|ve[ií]culo|matr[ií]cula|\bcib\b"
    r"|imobili[aá]rio|cnpj|pix|chave|aleat[oó]ria|\btel|fone|cel\b|whats|zap",
    re.IGNORECASE,
)

PLACEHOLDER = re.compile("|".join(re.escape(word) for word in PLACEHOLDERS.values()))
FILLER = re.compile(f"[{FILLER_RANGE}]")

_PROVIDERS = r"gmail|hotmail|outlook|yahoo|icloud|live|uol|bol|terra|ig|globo|msn|proton(?:mail)?|me"
# A plain address, or one of a well-known provider that was spaced out or spelled ("ana arroba gmail ponto com").
EMAIL = re.compile(
    r"[^\W_][\w.+%'\-]{0,63}@(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}"
    rf"|[^\W_][\w.+\-]{{0,63}}\s{{0,2}}(?:@|[(\[|]\s?(?:at|arroba)\s?[)\]|]|\barroba\b|\bat\b)\s{{0,2}}(?:{_PROVIDERS})"
    r"(?:\s{0,2}(?:\.|\bponto\b|\bdot\b|\bpunto\b)\s{0,2}(?:com|net|org|br|es|me)\b){0,2}",
    re.IGNORECASE,
)
INTERNATIONAL_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[\s.\-()]{0,2}\d){7,14}(?![\d\w])")
UUID = re.compile(r"(?<![\w\-])[0-9a-fOl]{8}-[0-9a-fOl]{4}-[0-9a-fOl]{4}-[0-9a-fOl]{4}-[0-9a-fOl]{12}(?![\w\-])", re.IGNORECASE)
ALPHANUMERIC_CNPJ = re.compile(
    r"(?<![\w.])[0-9A-Zl]{2}[\s.]?[0-9A-Zl]{3}[\s.]?[0-9A-Zl]{3}[\s/]?[0-9A-Zl]{4}[\s\-]?[0-9Ol]{2}(?![\w])",
)
CIB = re.compile(r"(?<![\w])[0-9A-Za-z]{7}[\s\-]?[0-9A-Za-z](?![\w])")
PLATE = re.compile(r"(?<![\w])[A-Za-z]{3}[\s\-]{0,2}[0-9OolI][0-9A-Za-z][0-9OolI]{2}(?![\w])")
PLATE_LABEL = re.compile(rf"(?:placa|ve[ií]culo|carro|moto)[^{FILLER_RANGE}]*\Z", re.IGNORECASE)

# Between a label and its value stands no other number and no value that was found already.
_GAP = rf"[^\d\n{FILLER_RANGE}]"
_LABELLED_SOURCES: tuple[tuple[Kind, str], ...] = (
    ("card_code", rf"\b(?:cvv2?|cvc2?|c[óo]digo de seguran[çc]a)\b{_GAP}{{0,12}}(\d{{3,4}})(?!\d)"),
    (
        "password",  # with a digit in it, or every sentence about a password would lose a word
        (
            r"\b(?:senha|password|contrase[ñn]a)(?:\s+(?:é|e|eh|is|es))?\s*[:=]?\s*"
            r"((?=[^\s,;.!?\[]*\d)[^\s,;.!?\[]{4,64})"
        ),
    ),
    (
        "rg",
        (
            rf"\b(?:rg|registro geral|identidade)\b{_GAP}{{0,14}}?"
            r"((?:[a-z]{2}-?\s?)?\d[\d.\-]{4,11}[\dx])(?![.\-]?\w)"
        ),
    ),
    (
        "birth_date",
        (
            rf"\b(?:nasc(?:imento|id[oa]|i)?|nacim\w+|birth\w*|data de nasc)\b{_GAP}{{0,16}}"
            r"(\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2,4})(?!\d)"
        ),
    ),
    (
        "bank_account",
        (
            rf"\bag(?:[eê]ncia|\.)?\s*:?\s*(\d{{3,5}}(?:-[\dx])?{_GAP}{{1,12}}(?:conta|c/c|cc){_GAP}{{0,12}}"
            r"\d[\d.]{3,12}(?:-[\dx])?)(?!\d)"
        ),
    ),
    ("bank_account", r"\bconta(?: corrente| poupan[çc]a)?\s*(?:n[ºo°.]*)?\s*:?\s*(\d{4,12}-[\dx])(?![\w])"),
)
# Values that only their label gives away; group 1 is the value.
LABELLED = tuple((kind, re.compile(source, re.IGNORECASE)) for kind, source in _LABELLED_SOURCES)

CHUNK = re.compile(r"\d+")
WORD_OR_CHUNK = re.compile(rf"\d+|{NUMBER_WORD}", re.IGNORECASE)
JOINS_DIGITS = re.compile(r"[ \t\u00a0]{0,2}[.,\-/()|\n]{0,3}[ \t]{0,2}\Z")
JOINS_WORDS = re.compile(r"[\s,.\-]{1,4}\Z")

# Digits with the letters O and l for 0 and 1, as optical recognition and hasty thumbs leave them.
LOOKALIKE = re.compile(r"\d[.\-]?[OolI]|[OolI]\d")
MISREAD = re.compile(r"(?<![A-Za-z])[0-9OolI]{2,}(?![A-Za-z])|(?<=\d[.\-])[OolI]{1,4}(?![A-Za-z])")
GLUED_LABEL = re.compile(r"(?:cpf|cnpj|tel|cel|fone|whats|whatsapp|wpp|zap|nº|n)\Z", re.IGNORECASE)
