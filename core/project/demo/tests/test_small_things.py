"""Small things that a conversation is made of: the greeting of the hour, the leave an agent takes, the phone that nobody has."""

import re
from datetime import date, datetime

import pytest

from core.project.demo.draw import Draw
from core.project.demo.farewells import find_farewell
from core.project.demo.people import load_people
from core.project.demo.rhythm import suit_greeting
from core.project.demo.scripts import parse_scripts
from core.project.demo.story import find_black_fridays


@pytest.mark.parametrize(
    ("text", "hour", "suited"),
    [
        ("Boa tarde, Ana!", 9, "Bom dia, Ana!"),
        ("oi bom diaaa", 15, "oi boa tardeee"),
        ("BOM DIA", 20, "BOA NOITE"),
        ("Oi, boa tarde", 15, "Oi, boa tarde"),
        ("Boa noite de sono", 9, "Boa noite de sono"),
        ("buenas tardes", 9, "buenos días"),
        ("Good morning", 14, "Good afternoon"),
        ("Entregaram ontem de noite, e boa tarde", 9, "Entregaram ontem de noite, e boa tarde"),
    ],
)
def test_greetings_suit_the_clock(text: str, hour: int, suited: str) -> None:
    assert suit_greeting(text, moment=datetime(2026, 5, 13, hour)) == suited  # noqa: DTZ001  (local time of the shop)


def test_a_farewell_suits_the_end() -> None:
    text = (
        "=== x-1\ntheme: none\nchannel: Vendas\nmood: {mood}\nsatisfaction: {note}\nresolved: yes\nrating: none\nhours: any\nc: oi\n{rest}"
    )

    def find(mood: str, note: int, rest: str) -> set[str | None]:
        script = parse_scripts(text.format(mood=mood, note=note, rest=rest), file_name="x.txt")[0]
        lines = [find_farewell(script, agent="Bruno Lima", draw=Draw(number)) for number in range(60)]
        return {line.text if line else None for line in lines}

    assert find("positive", 5, "a: oi\nc: valeu") == {None, "👍", "Disponha.", "Ok. Qualquer coisa, chama.", "Certo.", "Por nada."}
    assert find("negative", 1, "a: oi\nc: absurdo") == {None, "Registrado.", "Entendi. Repassei.", "Lamento."}
    assert find("negative", 1, "a: oi\nc: e aí?\nc +1h: ?") == {None}
    assert find("negative", 1, "c: alguém?") == {None}
    assert find("positive", 5, "c: obrigada\na: Por nada!") == {None}


def test_phones_belong_to_nobody_and_names_come_once() -> None:
    people = load_people()
    assert [person.name for person in people if not re.fullmatch(r"55\d\d90\d{7}", person.phone)] == []
    assert (len(people), len({person.phone for person in people}), len({person.name for person in people})) == (356, 356, 356)


@pytest.mark.parametrize(
    ("first", "last", "fridays"),
    [
        (date(2026, 9, 1), date(2026, 11, 25), []),
        (date(2026, 9, 1), date(2026, 11, 26), [date(2026, 11, 27)]),
        (date(2025, 12, 3), date(2026, 2, 1), [date(2025, 11, 28)]),
        (date(2025, 12, 4), date(2026, 2, 1), []),
        (date(2025, 11, 1), date(2026, 12, 1), [date(2025, 11, 28), date(2026, 11, 27)]),
    ],
)
def test_black_friday_is_the_day_after_the_fourth_thursday(first: date, last: date, fridays: list[date]) -> None:
    assert find_black_fridays(first, last) == fridays
