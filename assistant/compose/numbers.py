"""Numbers as a person of each language reads them. Pure. The screen formats its blocks by the same rules (`web/ui/src/format`)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from assistant.blocks import Unit

Language = Literal["pt", "en", "es"]

NBSP = "\u00a0"
MINUS = "\u2212"
MINUTE, HOUR, DAY = 60, 3600, 86_400
EXACT_PLACES = 9  # decimals within which two sums of the same rows agree, whatever their order

# (thousands, decimal, digits from which thousands are grouped)
MARKS: dict[Language, tuple[str, str, int]] = {"pt": (".", ",", 4), "en": (",", ".", 4), "es": (".", ",", 5)}
PERCENT: dict[Language, str] = {"pt": "%", "en": "%", "es": f"{NBSP}%"}
POINTS: dict[Language, str] = {"pt": "p.p.", "en": "pp", "es": "p.p."}


def format_number(value: float, *, language: Language, least: int = 0, most: int = 0, signed: bool = False) -> str:
    """A plain number, halves rounded away from zero, with at least `least` and at most `most` decimals."""
    thousands, decimal, grouped_from = MARKS[language]
    rounded = round_half_up(value, most)
    whole, _, fraction = str(abs(rounded)).partition(".")
    while len(fraction) > least and fraction.endswith("0"):
        fraction = fraction[:-1]
    if len(whole) >= grouped_from:
        whole = f"{int(whole):,}".replace(",", thousands)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + whole + (decimal + fraction if fraction else "")


def round_half_up(value: float, places: int) -> Decimal:
    """To so many decimals, halves away from zero, by what the number means in decimals.

    A mean is summed in whatever order the database reads its rows, so that 0.115 may come as 0.11499999999999998: the same rows
    are the same words all the same.
    """
    return Decimal(repr(round(float(value), EXACT_PLACES))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_value(value: float, unit: Unit, *, language: Language) -> str:
    """A value in its unit: 4,2 · 87,5% · +0,21 · 4 min 10 s · 1.234."""
    if unit == "rating":
        return format_number(value, language=language, least=1, most=2)
    if unit == "percent":
        return format_number(value, language=language, most=1) + PERCENT[language]
    if unit == "score":
        return format_number(value, language=language, least=2, most=2, signed=True)
    if unit == "seconds":
        return format_duration(value, language=language)
    return format_number(value, language=language, most=0 if float(value).is_integer() else 1)


def format_change(difference: float, unit: Unit, *, language: Language) -> str:
    """A difference with its sign: −0,48 · +3,2 p.p. · +1 min 10 s."""
    if unit == "percent":
        return format_number(difference, language=language, most=1, signed=True) + NBSP + POINTS[language]
    if unit in ("rating", "score"):
        return format_number(difference, language=language, least=2, most=2, signed=True)
    sign = "+" if difference > 0 else ""
    return sign + format_value(difference, unit, language=language)


def format_duration(seconds: float, *, language: Language) -> str:
    """45 s · 4 min 10 s · 1 h 05 min · 2 d 3 h, to the two largest units."""
    sign, size = (MINUS if seconds < 0 else ""), abs(seconds)
    total = int(round_half_up(size, 0))
    if total < 10 and abs(size - total) >= 0.005:
        return f"{sign}{format_number(size, language=language, most=1)}{NBSP}s"
    if total < MINUTE:
        return f"{sign}{total}{NBSP}s"
    if total < HOUR:
        return sign + _join(total // MINUTE, "min", total % MINUTE, "s")
    minutes = (total + MINUTE // 2) // MINUTE
    if minutes < DAY // MINUTE:
        return sign + _join(minutes // 60, "h", minutes % 60, "min", width=2)
    hours = (total + HOUR // 2) // HOUR
    return sign + _join(hours // 24, "d", hours % 24, "h")


def _join(big: int, big_unit: str, small: int, small_unit: str, *, width: int = 1) -> str:
    rest = f"{NBSP}{small:0{width}d}{NBSP}{small_unit}" if small else ""
    return f"{big}{NBSP}{big_unit}{rest}"
