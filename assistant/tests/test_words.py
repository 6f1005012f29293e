"""The words of three languages: the same keys with the same places, numbers and days as each language writes them."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.blocks import Unit
from assistant.compose.dates import name_period
from assistant.compose.numbers import Language, format_change, format_value
from assistant.compose.words import PHRASES, get_book
from core.metrics import METRICS

LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")
# Days and hours are written with other parts in English; everything else has the same places everywhere.
WRITTEN_OTHERWISE = {"day", "day.year", "hour"}


def find_places(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_phrase_is_in_every_language_with_the_same_places(language: Language) -> None:
    assert PHRASES[language].keys() == PHRASES["pt"].keys()
    differing = [key for key, phrase in PHRASES["pt"].items() if find_places(phrase) != find_places(PHRASES[language][key])]
    assert set(differing) - WRITTEN_OTHERWISE == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_written_into_a_phrase(language: Language) -> None:
    assert [key for key, phrase in PHRASES[language].items() if key != "hour" and any(letter.isdigit() for letter in phrase)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_has_its_names(language: Language) -> None:
    wanted = {
        f"metric.{metric.slug}.{form}"
        for metric in METRICS.values()
        for form in ("the", "bare", "high", "low", *(("one", "other") if metric.unit == "count" else ()))
    }
    assert wanted - PHRASES[language].keys() == set()


@pytest.mark.parametrize(
    ("value", "unit", "pt", "en", "es"),
    [
        (4.2, "rating", "4,2", "4.2", "4,2"),
        (4.0, "rating", "4,0", "4.0", "4,0"),
        (4.236, "rating", "4,24", "4.24", "4,24"),
        (87.5, "percent", "87,5%", "87.5%", "87,5 %"),
        (100.0, "percent", "100%", "100%", "100 %"),
        (66.666, "percent", "66,7%", "66.7%", "66,7 %"),
        (0.214, "score", "+0,21", "+0.21", "+0,21"),
        (-0.5, "score", "−0,50", "−0.50", "−0,50"),
        (0.11499999999999998, "score", "+0,12", "+0.12", "+0,12"),  # 0.115, summed in another order
        (0.11500000000000002, "score", "+0,12", "+0.12", "+0,12"),
        (7, "count", "7", "7", "7"),
        (1234, "count", "1.234", "1,234", "1234"),
        (1234567, "count", "1.234.567", "1,234,567", "1.234.567"),
        (0, "seconds", "0 s", "0 s", "0 s"),
        (4.5, "seconds", "4,5 s", "4.5 s", "4,5 s"),
        (45, "seconds", "45 s", "45 s", "45 s"),
        (60, "seconds", "1 min", "1 min", "1 min"),
        (250, "seconds", "4 min 10 s", "4 min 10 s", "4 min 10 s"),
        (3900, "seconds", "1 h 05 min", "1 h 05 min", "1 h 05 min"),
        (183600, "seconds", "2 d 3 h", "2 d 3 h", "2 d 3 h"),
    ],
)
def test_values(value: float, unit: Unit, pt: str, en: str, es: str) -> None:
    written = [format_value(value, unit, language=language).replace("\u00a0", " ") for language in LANGUAGES]
    assert written == [pt, en, es]


@pytest.mark.parametrize(
    ("difference", "unit", "expected"),
    [
        (-0.48, "rating", "−0,48"),
        (0.5, "rating", "+0,50"),
        (-5.25, "percent", "−5,3 p.p."),
        (12, "count", "+12"),
        (-70, "seconds", "−1 min 10 s"),
    ],
)
def test_changes(difference: float, unit: Unit, expected: str) -> None:
    assert format_change(difference, unit, language="pt").replace("\u00a0", " ") == expected


@given(st.floats(min_value=-1e7, max_value=1e7), st.sampled_from(["count", "rating", "percent", "score", "seconds"]))
def test_a_written_number_reads_back_as_itself(value: float, unit: Unit) -> None:
    """But for what rounding takes: half of the last place, and a duration's smaller units."""
    text = format_value(value, unit, language="en").replace("\u2212", "-").replace(",", "").replace("%", "")
    if unit == "seconds":
        sizes = {"d": 86400, "h": 3600, "min": 60, "s": 1}
        words = text.lstrip("-").replace("\u00a0", " ").split(" ")
        size = sum(float(number) * sizes[name] for number, name in zip(words[::2], words[1::2], strict=True))
        assert abs(size - abs(value)) <= {"d": 1800, "h": 30, "min": 0.5, "s": 0.5}[words[1]]
    else:
        assert abs(float(text) - value) <= {"count": 0.05, "rating": 0.005, "percent": 0.05, "score": 0.005}[unit] + 1e-6


TODAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("start", "end", "pt", "en", "es"),
    [
        (TODAY, TODAY, "hoje, até agora", "today so far", "hoy, hasta ahora"),
        (date(2026, 11, 19), date(2026, 11, 19), "ontem", "yesterday", "ayer"),
        (date(2026, 11, 3), date(2026, 11, 3), "em 03/11", "on Nov 3", "el 03/11"),
        (date(2025, 11, 3), date(2025, 11, 3), "em 03/11/2025", "on Nov 3, 2025", "el 03/11/2025"),
        (date(2026, 11, 16), TODAY, "esta semana, até hoje", "this week so far", "esta semana, hasta hoy"),
        (date(2026, 11, 9), date(2026, 11, 15), "na semana passada", "last week", "la semana pasada"),
        (
            date(2026, 11, 2),
            date(2026, 11, 8),
            "na semana de 02/11 a 08/11",
            "in the week of Nov 2 – Nov 8",
            "en la semana del 02/11 al 08/11",
        ),
        (date(2026, 11, 14), date(2026, 11, 15), "no fim de semana passado", "last weekend", "el fin de semana pasado"),
        (date(2026, 11, 1), TODAY, "este mês, até hoje", "this month so far", "este mes, hasta hoy"),
        (date(2026, 10, 1), date(2026, 10, 31), "em outubro", "in October", "en octubre"),
        (date(2025, 10, 1), date(2025, 10, 31), "em outubro de 2025", "in October 2025", "en octubre de 2025"),
        (date(2026, 7, 1), date(2026, 9, 30), "no 3º trimestre de 2026", "in Q3 2026", "en el trimestre 3 de 2026"),
        (date(2025, 1, 1), date(2025, 12, 31), "em 2025", "in 2025", "en 2025"),
        (date(2026, 10, 22), TODAY, "nos últimos 30 dias", "in the last 30 days", "en los últimos 30 días"),
        (date(2026, 11, 3), TODAY, "desde 03/11, até hoje", "since Nov 3 so far", "desde el 03/11, hasta hoy"),
        (date(2026, 11, 3), date(2026, 11, 10), "entre 03/11 e 10/11", "between Nov 3 and Nov 10", "entre el 03/11 y el 10/11"),
    ],
)
def test_periods(start: date, end: date, pt: str, en: str, es: str) -> None:
    assert [name_period(start, end, today=TODAY, book=get_book(language)).when for language in LANGUAGES] == [pt, en, es]


def test_a_gap_in_a_phrase_leaves_no_trace() -> None:
    book = get_book("pt")
    assert book.sentence("value.mean", when="em outubro", the="o CSAT", scope="", value="80%", rows="5 conversas") == (
        "Em outubro, o CSAT foi de 80% (5 conversas)."
    )
    assert book.join(["a"]) == "a"
    assert book.join(["a", "b", "c"]) == "a, b e c"
    assert book.join(["a", "b"], word="or") == "a ou b"
