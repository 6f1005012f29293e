"""Digits that were written out in words ("cinco dois nove…", "meia" for six), as people dictate them."""

_UNITS = {
    "zero": "0", "um": "1", "uma": "1", "hum": "1", "dois": "2", "duas": "2", "tres": "3", "três": "3", "quatro": "4",
    "cinco": "5", "seis": "6", "meia": "6", "sete": "7", "oito": "8", "nove": "9",
    "cero": "0", "uno": "1", "dos": "2", "cuatro": "4", "siete": "7", "ocho": "8", "nueve": "9",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "dez": "10", "onze": "11", "doze": "12", "treze": "13", "catorze": "14", "quatorze": "14", "quinze": "15",
    "dezesseis": "16", "dezessete": "17", "dezoito": "18", "dezenove": "19",
}  # fmt: skip
_TENS = {"vinte": "2", "trinta": "3", "quarenta": "4", "cinquenta": "5", "sessenta": "6", "setenta": "7", "oitenta": "8", "noventa": "9"}

_HUNDREDS = {
    "cem": "100", "cento": "1", "duzentos": "2", "duzentas": "2", "trezentos": "3", "quatrocentos": "4", "quinhentos": "5",
    "seiscentos": "6", "setecentos": "7", "oitocentos": "8", "novecentos": "9",
}  # fmt: skip

_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_TEN = "|".join(_TENS)
_HUNDRED = "|".join(_HUNDREDS)
_BELOW_HUNDRED = rf"(?:{_TEN})(?:\s+e\s+(?:{_UNIT}))?|{_UNIT}"
NUMBER_WORD = rf"(?<![^\W\d_])(?:(?:{_HUNDRED})(?:\s+e\s+(?:{_BELOW_HUNDRED}))?|{_BELOW_HUNDRED})(?![^\W\d_])"
MIN_WORDS = 8  # this many are a number that somebody dictates; fewer are a sentence ("um dos dois")
MIN_WORDS_WITH_DIGITS = 11
MIN_DIFFERENT = 2
MIN_WORDS_BESIDE_DIGITS = 2  # "oitenta e cinco 98765 4321"

_ALL_WORDS = frozenset(_UNITS) | frozenset(_TENS) | frozenset(_HUNDREDS)
_PUNCTUATION = ",.-;:"


def has_number_words(lowered: str) -> bool:
    """True where a lower-case text has enough number words to spell a phone or a document."""
    if len(lowered) < 2 * MIN_WORDS:
        return False
    for mark in _PUNCTUATION:
        lowered = lowered.replace(mark, " ")
    words = lowered.split()
    if len(_ALL_WORDS.intersection(words)) < MIN_DIFFERENT:  # nearly every text ends here
        return False
    count = sum(word in _ALL_WORDS for word in words)
    return count >= MIN_WORDS or (
        count >= MIN_WORDS_BESIDE_DIGITS and count + sum(character.isdigit() for character in lowered) >= MIN_WORDS_WITH_DIGITS
    )


def read_number_word(word: str) -> str:
    """Digits of a number word: "oitenta e sete" → "87", "meia" → "6", "cento e três" → "103"."""
    parts = word.lower().split()
    if parts[0] in _HUNDREDS:
        below = read_number_word(" ".join(parts[2:])) if len(parts) > 2 else "0"
        return "100" if parts[0] == "cem" else _HUNDREDS[parts[0]] + below.rjust(2, "0")
    if parts[0] in _TENS:
        unit = _UNITS[parts[2]] if len(parts) == 3 else "0"
        return _TENS[parts[0]] + unit[-1]
    return _UNITS[parts[0]]
