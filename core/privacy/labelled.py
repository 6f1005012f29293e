"""Values that only their label gives away: "a senha é …", "nasci em …", "cvv …"; and the expressions that find them."""

import re

from core.privacy.kinds import FILLER_RANGE, FILLERS, Kind

# Between a label and its value stands no other number and no value that was found already.
_GAP = rf"[^\d\n{FILLER_RANGE}]"
_MONTH = r"(?:jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez|ene|feb|apr|may|aug|sep|oct|dec)[a-zç]{0,7}"  # janeiro, enero, January
_DATE = (
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2,4}"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}"
    rf"|\d{{1,2}}[º°]?\s+(?:del?\s+)?{_MONTH}\s+(?:del?\s+)?\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
)
_SECURITY_CODE = (
    rf"(?:cvv2?|cvc2?|c[óo]d(?:\.|igo)?\s+(?:de\s+)?segur(?:an[çc]a|idad)|security code)\b{_GAP}{{0,12}}"
    rf"(?:(?:cart[ãa]o|tarjeta|card)\b{_GAP}{{0,8}})?"
)
_BRANCH = r"\bag(?:[eê]ncia|\.)?\s*(?:n[º°o.]*)?\s*:?\s*"
_IDENTITY = r"\b(?:passaporte|pasaporte|passport|dni|rn[em]|c[ée]dula(?: de identidad)?|cuit|cuil|curp)\b"

_SOURCES: tuple[tuple[Kind, str], ...] = (
    ("card_code", rf"\b{_SECURITY_CODE}(\d{{3,4}})(?!\d)"),
    # behind a card and its date of expiry
    (
        "card_code",
        rf"{FILLERS['card']}[^\d{FILLER_RANGE}]{{0,14}}\d{{2}}\s?/\s?\d{{2,4}}[^\d{FILLER_RANGE}]{{1,12}}(\d{{3,4}})(?![\d/]|[.,]\d)",
    ),
    (
        "password",  # with a digit in it, or every sentence about a password would lose a word
        (
            r"\b(?:senha|password|contrase[ñn]a)(?:\s+(?:é|e|eh|is|es))?\s*[:=]?\s*"
            r"((?=[^\s,;.!?\[]*\d)[^\s,;.!?\[]{4,64})"
        ),
    ),
    (
        "password",  # further off: with letters too
        (
            r"\b(?:senha|password|contrase[ñn]a)(?:\s+(?:d[aeo]|n[ao]|del|for|to)\s+\w{1,20}(?:\s+(?:é|e|eh|is|es))?|(?:\s+[^\W\d]{1,12}){1,3}\s+(?:é|eh|is|es))"
            r"\s*[:=]?\s*"
            r"((?=[^\s,;.\[]*\d)(?=[^\s,;.\[]*[a-z])[^\s,;.\[]{6,64})"
        ),
    ),
    (
        "rg",
        (
            rf"\b(?:rg|registro geral|identidade)(?![^\W\d]){_GAP}{{0,14}}?"
            r"((?:[a-z]{2}-?\s?)?\d[\d.\-]{4,11}[\dx])(?![.\-]?\w)"
        ),
    ),
    ("document", rf"{_IDENTITY}{_GAP}{{0,12}}?((?:[a-z]{{1,4}}-?)?\d[\d.\-]{{4,12}}\d(?:-?[a-z0-9])?)(?!\w)"),
    ("document", rf"\bcurp\b{_GAP}{{0,12}}?([a-z]{{4}}\d{{6}}[a-z0-9]{{8}})(?!\w)"),
    (
        "birth_date",
        rf"\b(?:nasc(?:imento|id[oa]|i)?|nac[ií]\w*|birth\w*|born|data de nasc|d\.?n\.?:)(?!\w){_GAP}{{0,16}}?({_DATE})(?!\d)",
    ),
    (
        "bank_account",
        (
            rf"\bag(?:[eê]ncia|\.)?\s*:?\s*(\d{{3,5}}(?:-[\dx])?[^\d{FILLER_RANGE}]{{1,12}}(?:conta|c/c|cc){_GAP}{{0,12}}"
            r"\d[\d.]{3,12}(?:-[\dx])?)(?!\d)"
        ),
    ),
    # the account first, then its branch
    (
        "bank_account",
        (
            r"(?:\bconta(?: corrente| poupan[çc]a)?|\bc/c|\bcc)\s*(?:n[ºo°.]*)?\s*:?\s*"
            rf"(\d[\d.]{{3,12}}(?:-[\dx])?[^\d\n{FILLER_RANGE}]{{1,12}}?"
            rf"(?:\bop(?:era[çc][ãa]o|\.)?\s*:?\s*\d{{3}}{_GAP}{{1,6}}?)?{_BRANCH}\d{{3,5}}(?:-[\dx])?)(?![\w])"
        ),
    ),
    ("bank_account", rf"{FILLERS['bank_account']}[^\n{FILLER_RANGE}]{{1,24}}?{_BRANCH}(\d{{3,5}}(?:-[\dx])?)(?![\w])"),
    ("bank_account", r"(?:\bconta(?: corrente| poupan[çc]a)?|\bc/c|\bcc)\s*(?:n[ºo°.]*)?\s*:?\s*(\d{4,12}-[\dx])(?![\w])"),
)
# Group 1 is the value.
LABELLED = tuple((kind, re.compile(source, re.IGNORECASE)) for kind, source in _SOURCES)
