"""What the slots of phrases take: figures and words for numbers, units, weekdays, months, years, dates written with figures."""

from collections.abc import Callable
from functools import cache

from assistant.planner.lexicon import Language, read_table
from assistant.planner.text import Token, fold

UNITS = ("day", "week", "month", "quarter", "half", "year")


@cache
def read_words(group: str, language: Language) -> dict[str, int]:
    """Word → its number, from tables/numbers.toml; the first line of a group is its lowest number."""
    entry = read_table("numbers")[group]
    lowest: int = entry["from"]
    return {fold(word): lowest + position for position, line in enumerate(entry[language]) for word in line.split()}


def get_slots(language: Language) -> dict[str, Callable[[Token], object | None]]:
    """The reader of each slot: the value of a token, or None where the token is no such thing."""
    numbers, ordinals = read_words("numbers", language), read_words("ordinals", language)
    weekdays, months, units = (read_words(group, language) for group in ("weekdays", "months", "units"))

    clock: frozenset[str] = frozenset(read_table("numbers")["clock"]["words"])

    def read_number(token: Token) -> int | None:
        if token.kind == "figure":
            return None if token.ordinal or len(token.norm) > 4 else int(token.norm)
        return numbers.get(token.norm)

    def read_ordinal(token: Token) -> int | None:
        if token.kind == "figure":
            return int(token.norm) if token.ordinal and len(token.norm) == 1 else None
        return ordinals.get(token.norm)

    def read_first(token: Token) -> int | None:
        return 1 if read_ordinal(token) == 1 else None

    def read_day(token: Token) -> int | None:
        if token.kind == "figure" and len(token.norm) <= 2 and 1 <= int(token.norm) <= 31:
            return int(token.norm)
        return 1 if token.norm in ("primeiro", "primero") else None

    def read_nth(token: Token) -> int | None:
        return read_day(token) if token.ordinal else None

    def read_year(token: Token) -> int | None:
        return int(token.norm) if token.kind == "figure" and len(token.norm) == 4 and 1990 <= int(token.norm) <= 2100 else None

    def read_weekday(token: Token) -> int | None:
        if language == "pt" and token.kind == "figure" and token.ordinal and 2 <= int(token.norm[:3]) <= 6:
            return int(token.norm) - 2  # "2ª" is Monday
        return weekdays.get(token.norm)

    def read_weekdays(token: Token) -> int | None:
        """More than one: "sábados", "Mondays"; "lunes" is either."""
        return read_weekday(token) if token.kind == "word" and token.norm.endswith("s") else None

    def read_quarter(token: Token) -> int | None:
        return _read_part(token.norm, "qt", 4)

    def read_half(token: Token) -> int | None:
        return _read_part(token.norm, "hs", 2)

    return {
        "n": read_number,
        "ord": read_ordinal,
        "first": read_first,
        "day": read_day,
        "nth": read_nth,
        "year": read_year,
        "weekday": read_weekday,
        "weekdays": read_weekdays,
        "month": lambda token: months.get(token.norm),
        "unit": lambda token: UNITS[units[token.norm]] if token.norm in units else None,
        "lapse": lambda token: token.norm if token.norm in units or token.norm in clock else None,
        "quarter": read_quarter,
        "half": read_half,
        "date": lambda token: token.norm if token.kind == "date" else None,
    }


def _read_part(word: str, letters: str, most: int) -> int | None:
    """The 3 of "q3" or "t3"."""
    if len(word) == 2 and word[0] in letters and word[1].isdigit() and 1 <= int(word[1]) <= most:
        return int(word[1])
    return None
