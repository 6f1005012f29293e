"""Ratings that customers type when they are asked: "de 1 a 5" … "nota 4", "⭐⭐⭐", "10!", brought to 1–5. Pure.

A number is a rating only as an answer: `find_scale` tells whether an agent asks, `read_rating` reads the answer on that scale.
"5 unidades" or an order number is none.
"""

import re
from dataclasses import dataclass, field

from ingestion.names import fold_name, read_words

_ASKING = re.compile(
    r"\bnotas?\b(?! fisca)|\bavali|\bsatisf|\bestrel|\bcalifi|\bpuntu|\bvalora|\brat(?:e|ing)\b|\bscore|\bstars?\b|\brecomend|\brecommend"
    r"|\bcomo (?:foi|fue) (?:o |a |la |el )?(?:seu |sua |su |nosso |nuestra )?(?:atendimento|atencion|experiencia)|\bhow (?:was|did) "
)
_RANGE = re.compile(
    r"(?<![\d/.,])(\d{1,2})\s*(?:a|ate|al?|to|e|-|–)\s*(\d{1,2})(?![\d/]|[.,]\d)"
    r"(?!\s*(?:dia|hora|hs?\b|min|unid|vezes|x\b|reais|r\$|kg|g\b|parcel|day|hour|week|seman|mes|month|ano|year|item|itens|pessoa|people))"
)
_SCALES = frozenset({(1, 3), (1, 4), (1, 5), (0, 5), (1, 10), (0, 10)})
# "Que nota você dá?" names no range: answers up to 5 are taken as being out of 5, higher ones out of 10.
_OPEN_ASK = re.compile(
    r"\b(?:que|qual(?: a| e)?(?: sua)?|de uma|deixe (?:uma|sua)|sua) nota\b(?! fisca)"
    r"|\bhow (?:would|do) you rate\b|\bwhat (?:score|rating)\b|\bque (?:nota|puntuacion|calificacion)\b"
)
_STAR_ASK = re.compile(r"\bestrel|\bstars?\b")
_STARS = "⭐🌟★"
# Faces from the worst to the best; a question that shows three or more of them is answered with one.
_FACES = "😡🤬😠😤😢😞😟😔🙁☹😕😒😐😑🙂😊😃😄😀😁🤩😍🥰👎👌👍"
_MENU = re.compile(r"(?:^|[\n\s(*])(\d{1,2})\s*(?:[-–.):=]|\s)\s*([a-z][a-z ]{2,20})")
# What the words of a menu mean, longest first: "muito bom" holds "bom".
_LABELS: tuple[tuple[str, int], ...] = (
    ("muito insatisfeit", 1),
    ("muito satisfeit", 5),
    ("very dissatisfied", 1),
    ("very satisfied", 5),
    ("muy insatisfech", 1),
    ("muy satisfech", 5),
    ("muito ruim", 1),
    ("muito bom", 5),
    ("very good", 5),
    ("very bad", 1),
    ("very poor", 1),
    ("muy buen", 5),
    ("muy mal", 1),
    ("pessim", 1),
    ("pesim", 1),
    ("horrivel", 1),
    ("terrible", 1),
    ("excel", 5),
    ("otim", 5),
    ("great", 5),
    ("insatisf", 2),
    ("dissatisf", 2),
    ("ruim", 2),
    ("poor", 2),
    ("bad", 2),
    ("mal", 2),
    ("regular", 3),
    ("neutr", 3),
    ("average", 3),
    ("satisf", 4),
    ("good", 4),
    ("bom", 4),
    ("buen", 4),
)
_NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        "zero cero,um uno one,dois dos two,tres three,quatro cuatro four,cinco five,seis six,sete siete seven,oito ocho eight,"
        "nove nueve nine,dez diez ten".split(",")
    )
    for word in words.split()
}
_ANSWER = re.compile(
    r"(?P<lead>(?:(?:a |minha |mi |my )?(?:nota|note|score|rating|dou|doy|daria|eu dou|i give|puntuacion)"
    r"(?: e| es| is| un| um)?\s*[:=-]?\s*)?)"
    r"(?P<number>\d{1,2})(?:[.,](?P<decimal>\d))?(?:\s*/\s*(?P<of>10|5))?(?!\d|[.,/:]\d|\s*%)(?P<tail>.*)",
    re.DOTALL,
)
_INSIDE = re.compile(
    r"\b(?:nota|dou|daria|doy|give)\s*(?:e\s+|:\s*)?(\d{1,2})\b(?!\s*fisc|[.,/]\d)|(?<![\d.,/])(\d{1,2})\s*(?:estrel\w*|stars?)\b"
)
# After a number other than 1, a plural counts things ("5 unidades"); these plurals and these units are the exceptions.
_PLURALS_OF_RATINGS = read_words(
    "estrelas estrellas stars pontos puntos points parabens mas gracias thanks demais vcs voces nos excelentes sempre mais plus has was yes"
)
_UNITS = read_words("kg kilo g mg ml l litro cm mm m km mil reais conto pila r hora h hs min minuto x vez par pc pct un und unid real por%")
# After 1 a noun is singular and looks like any other word, so what may follow is listed.
_AFTER_ONE = read_words(
    "estrela estrella star ponto punto point e em no na com pra para pelo pela por porque pq pois so apenas mas muito pessimo "
    "pessima horrivel ruim bad poor terrible for because but and que nem nota claro mil out de uai ne viu y con muy "
    "pero the zero menos sem infelizmente"
)
# A number further inside a short answer ("é 5 né", "olha, 1") is a rating unless these words stand right before it …
_BEFORE_OTHER_NUMBERS = read_words(
    "mais dia num nr n no as ate falta faltam em ha faz cada loja sala apto casa rua linha opcao sao sou somos tem day "
    "buy room apt hay das dos "
    "cpf cep rg cod codigo code parcela parcelas me"
)
# … or these anywhere before it.
_ABOUT_OTHER_THINGS = read_words(
    "quero queria preciso precisava manda mande pedido pedidos numero tinha comprei compre trocar troca order number bought need want "
    "quiero necesito pedi chegou chegaram vieram veio"
)
_INNER_NUMBER = re.compile(
    r"(?:^|(?<=[\s,.:;!?(]))(\d{1,2})(?=\s*(?:[,.!;)]|$)(?!\d)|\s+(?:ne|viu|uai|ta|claro|certo|ok)\b|\s*[^\w\s,.!;)/:%-])"
)
_LONGEST_INNER = 14  # words of an answer with the number inside
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers that an answer may have. `is_inverted` where 1 is the best."""

    low: int
    high: int
    is_open: bool = False
    is_inverted: bool = False
    faces: str = ""  # from the worst to the best, in the order shown
    labels: tuple[tuple[str, int], ...] = field(default=())  # words of a menu and their numbers


def find_scale(text: str) -> Scale | None:
    """The scale on which an agent's message asks for a rating, None where it asks for none."""
    faces = "".join(dict.fromkeys(character for character in text if character in _FACES))
    is_starry = sum(character in _STARS for character in text) >= 3
    folded = _fold(text)
    if not _ASKING.search(folded) and not is_starry:
        return None
    labels = _read_menu(folded)
    if len(labels) >= 3:
        numbers = [number for _, number in labels]
        worth = {number: _get_worth(label) for label, number in labels}
        low, high = min(numbers), max(numbers)
        return Scale(low, high, is_inverted=worth[low] > worth[high], labels=labels)
    for match in _RANGE.finditer(folded):
        low, high = int(match[1]), int(match[2])
        if (low, high) in _SCALES:
            return Scale(low, high)
        if (high, low) in _SCALES:
            return Scale(high, low)
    if len(faces) >= 3:
        is_best_first = _FACES.index(faces[0]) > _FACES.index(faces[-1])
        return Scale(1, len(faces), faces=faces[::-1] if is_best_first else faces)
    if is_starry or (_STAR_ASK.search(folded) and "?" in folded):
        return Scale(1, 5)
    return Scale(0, 10, is_open=True) if _OPEN_ASK.search(folded) else None


def read_rating(text: str, *, scale: Scale) -> int | None:
    """The rating 1–5 that a customer's answer gives on this scale, None where it gives none."""
    plain = text.strip()
    if scale.faces:
        face = next((character for character in plain if character in scale.faces), None)
        if face is not None and len(plain) <= 40:
            return _bring(scale.faces.index(face) + 1, low=1, high=len(scale.faces))
    stars = sum(character in _STARS for character in plain)
    if 1 <= stars <= 5 and plain[0] in _STARS:
        return stars
    folded = _fold(plain)
    for label, number in scale.labels:
        if folded.strip(" .!*") == label:
            return _place(number, scale=scale)
    number_in = _read_number(folded)
    if number_in is None:
        return None
    value, out_of = number_in
    if out_of is not None and value <= out_of:
        return _place(value, scale=Scale(0, out_of))
    return _place(value, scale=scale)


def _read_number(folded: str) -> tuple[float, int | None] | None:
    """The number that an answer begins with, or names as its rating, and what it is out of."""
    if folded.rstrip(" .!") in ("💯", "nota mil", "mil"):
        return 10, 10
    match = _ANSWER.match(folded)
    if match is not None and (match["lead"] or _is_answer_tail(match["number"], match["tail"])):
        return float(f"{match['number']}.{match['decimal'] or 0}"), int(match["of"]) if match["of"] else None
    word = re.match(r"(?:nota )?([a-z]+)(?: (?:estrel|star)\w*)?(?=[,.!]|$)", folded)
    if word is not None and word[1] in _NUMBER_WORDS:
        return _NUMBER_WORDS[word[1]], None
    named = _INSIDE.search(folded)
    if named is not None:
        return int(named[1] or named[2]), None
    inner = _INNER_NUMBER.search(folded) if len(folded.split()) <= _LONGEST_INNER else None
    if inner is None:
        return None
    before = [word.strip(",.:;!?(") for word in folded[: inner.start()].split()]
    if before and (before[-1] in _BEFORE_OTHER_NUMBERS or not _ABOUT_OTHER_THINGS.isdisjoint(before)):
        return None
    return int(inner[1]), None


def _is_answer_tail(number: str, tail: str) -> bool:
    if not tail or not tail[0].isspace():
        # "5!", "5, ótimo", "5⭐" are answers; "5kg", "5h" are not.
        return not tail or not tail[0].isalnum()
    words = tail.split()
    if not words or not words[0][0].isalnum():
        return True
    word = words[0].strip(".,!;:?")
    if "?" in tail or word in _UNITS:
        return False
    if number == "1":
        return word in _AFTER_ONE
    return not word.endswith("s") or word in _PLURALS_OF_RATINGS


def _place(value: float, *, scale: Scale) -> int | None:
    low, high = scale.low, scale.high
    if scale.is_open:
        low, high = (0, 5) if value <= 5 else (0, 10)
    if not low <= value <= high:
        return None
    if scale.is_inverted:
        value = low + high - value
    return _bring(value, low=low, high=high)


def _bring(value: float, *, low: int, high: int) -> int:
    """A value of a scale on 1–5, halves up. A scale to 5 is taken as it is: its 0 counts as 1."""
    if high == 5:
        return max(1, int(value + 0.5))
    return int(1 + (value - low) * 4 / (high - low) + 0.5)


def _read_menu(folded: str) -> tuple[tuple[str, int], ...]:
    found = []
    for match in _MENU.finditer(folded):
        label = " ".join(match[2].split())
        if _get_worth(label):
            found.append((label, int(match[1])))
    return tuple(found)


def _get_worth(label: str) -> int:
    return next((worth for beginning, worth in _LABELS if label.startswith(beginning)), 0)


def _fold(text: str) -> str:
    lines = [fold_name(_KEYCAP.sub(r"\1 ", line).replace("🔟", "10 ")) for line in text.split("\n")]
    return "\n".join(lines).strip()
