"""E-mail addresses as people write them: plainly, spaced out, with a comma for the dot, or in words ("ana ponto souza arroba …")."""

import re

_DOT = r"(?:\.|,|\bponto\b|\bpunto\b|\bdot\b)"
_END = r"(?:com|net|org|gov|edu|ind|br|es|me|io|co|ar|mx|uy|pt)"
_ENDS = rf"(?:\s{{0,2}}{_DOT}\s{{0,2}}{_END}\b){{1,3}}"
# Who is named without anything behind is meant only where no other word is spelled so.
_PROVIDER = r"(?:gmail|hotmail|outlook|yahoo|icloud|uol|protonmail|googlemail)"
_WORD_IN_NAME = r"(?:ponto|punto|dot|underline|underscore|subtra[çc]o|gui[oó]n(?: bajo)?|tra[çc]o|h[ií]fen|dash|mais|plus)"
_START = r"(?<![^\W_])[^\W_][\w.+%'\-]{0,63}"
_SPELLED_START = rf"{_START}(?:\s{{1,2}}{_WORD_IN_NAME}\s{{1,2}}[\w.+\-]{{1,40}}){{0,3}}"

# A line that is nothing but an address with a space in its name ("marina souza@gmail.com"), unless the first word greets or announces.
_NO_NAME = (
    r"(?:oi+|ol[áa]|bom|boa|hola|hi|hello|e-?mails?|meu|minha|mi|my|[ée]h?|[eé]s|is|segue|esse|este|aqui|anota|manda|mande|envia|envie|para|pra"
    r"|pro|no|na|do|da|de|ao|o|a|to|at|from|por|pelo|com|ou|or|sim|ok|isso|obrigad[oa]|escreve|write|correo|contato|pix|chave|tamb[ée]m)"
)
_LINE = rf"^[ \t]*(?!{_NO_NAME}\b)(?P<line>[^\W\d_]{{2,20}}[ \t]{{1,2}}{_START}\s{{0,2}}@\s{{0,2}}{_PROVIDER}\.com(?:\.br)?)[ \t]*$"

# Looked for where there is an "@".
PLAIN = re.compile(
    rf"{_LINE}"
    rf"|{_START}@(?:[^\W_](?:[\w\-]{{0,61}}[^\W_])?\.)+[^\W\d_]{{2,24}}"
    rf"|{_START}@[^\W_][\w\-]{{0,61}}(?:,{_END}\b){{1,2}}"
    rf"|{_START}\s{{0,2}}@\s{{0,2}}{_PROVIDER}(?:com\b)?(?:\s{{0,2}}{_DOT}?\s{{0,2}}{_END}\b){{0,2}}"
    rf"|{_START}\s{{0,2}}@\s{{0,2}}[^\W_][\w\-]{{0,40}}\s{{0,2}}\.\s{{0,2}}com\b(?:\s{{0,2}}\.\s{{0,2}}br\b)?",
    re.IGNORECASE | re.MULTILINE,
)
# Looked for where there is a word for it.
SPELLED = re.compile(
    rf"{_SPELLED_START}\s{{0,2}}(?:[(\[{{<]\s?(?:at|arroba)\s?[)\]}}>]|arroba\b)\s{{0,2}}"
    rf"(?:{_PROVIDER}(?:{_ENDS})?|[^\W_][\w\-]{{0,40}}(?:\s{{0,2}}[(\[]?{_DOT}[)\]]?\s{{0,2}}{_END}\b){{1,3}})"
    # "at" is a word of every second English sentence: only with a spelled dot behind it
    rf"|{_SPELLED_START}\s{{1,2}}at\s{{1,2}}[^\W_][\w\-]{{0,40}}(?:\s{{1,2}}dot\s{{1,2}}{_END}\b){{1,3}}",
    re.IGNORECASE,
)

# Whose "@" was forgotten, or taken for a dot or a space: a name before a provider that has no pages of such a name ("ana.gmail.com"),
# or whatever follows the word for it ("meu email é ana souza gmail com").
_MAIL_ONLY = r"(?:gmail|hotmail|outlook|icloud|protonmail|googlemail)"
_PAGE = r"(?:www|web|web-?mail|e?-?mail|mails?|m|login|accounts?|contas?|portal|office|support|suporte|help|ajuda|my|br|es|https?)"
_GLUED_WORD = r"(?:n?[oa]|d[oea]|meu|seu|pelo|um|uma|the|my|mi|el|del|com|se|esse|este|ou|e)"
_CALLED = r"\be-?mails?|\bcorreo(?:\s+electr[óo]nico)?|\bmail"
WITHOUT_AT = re.compile(
    rf"(?:{_CALLED})(?:\s*[:=]\s*|\s+(?:(?:é|eh|is|es|novo|certo|correto|dele|dela)\s+)?)(?:[ée]h?\s*:?\s+)?"
    rf"(?P<called>(?!{_NO_NAME}\b|{_PAGE}\.)(?:[^\W\d_]{{2,20}}\s(?!{_NO_NAME}\b))?{_START}"
    rf"(?:[\s.,]{{1,2}}{_PROVIDER}[\s.,]{{1,2}}com(?:[\s.,]{{1,2}}br)?\b|(?<=\w\w)\.[^\W_][\w\-]{{1,40}}\.(?:com\.br|com|net)\b))"
    rf"|(?<![\w@/.\-])(?!{_PAGE}\.|{_GLUED_WORD}{_MAIL_ONLY})[^\W_][\w.+\-]{{1,60}}?(?<![.+\-]\.){_MAIL_ONLY}[.,]com(?:\.br)?\b",
    re.IGNORECASE,
)
