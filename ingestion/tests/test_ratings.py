"""When an agent asks for a rating, and which answers are one."""

import pytest

from ingestion.ratings import Scale, find_scale, read_rating

FIVE, TEN = Scale(1, 5), Scale(0, 10)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("De 1 a 5, que nota você dá pro nosso atendimento?", (1, 5)),
        ("Numa escala de 0 a 10, quanto você nos recomendaria?", (0, 10)),
        ("Avalie de 1 até 10, por favor", (1, 10)),
        ("How would you rate our service from 1 to 5?", (1, 5)),
        ("Por favor califique la atención del 1 al 5", (1, 5)),
        ("Quantas estrelas você dá? ⭐ a ⭐⭐⭐⭐⭐", (1, 5)),
        ("How many stars?", (1, 5)),
        ("Avalie: 1 - Péssimo 2 - Ruim 3 - Regular 4 - Bom 5 - Ótimo", (1, 5)),
        ("Como foi seu atendimento? 😡 😕 😐 🙂 😍", (1, 5)),
        ("Que nota você dá?", (0, 10)),
        # No ratings:
        ("Entregamos em 1 a 5 dias úteis", None),
        ("Avaliamos seu produto em 1 a 5 dias", None),
        ("Segue a nota fiscal", None),
        ("Satisfação garantida em 1 a 10 parcelas", None),
        ("Obrigada pela nota!", None),
        ("😀😀😀", None),
    ],
)
def test_asking(text: str, scale: tuple[int, int] | None) -> None:
    found = find_scale(text)
    assert (found and (found.low, found.high)) == scale


@pytest.mark.parametrize(
    ("answer", "rating"),
    [
        ("5", 5),
        ("4!", 4),
        (" 3 ", 3),
        ("nota 4", 4),
        ("Nota: 2", 2),
        ("dou 3 porque demorou", 3),
        ("5, atendimento ótimo", 5),
        ("5 estrelas", 5),
        ("5 com bolo", 5),
        ("é 5 né, podia ser 10", 5),
        ("olha, 1. e por favor não liguem", 1),
        ("1 e olhe lá", 1),
        ("cinco", 5),
        ("4,5", 5),
        ("5️⃣", 5),
        ("⭐⭐⭐⭐", 4),
        ("4/5", 4),
        ("9/10", 5),
        ("4 stars", 4),
        ("un 4", 4),
        # Quantities, orders, times, and what the scale does not have:
        ("5 unidades", None),
        ("quero 5", None),
        ("1 cadeira", None),
        ("5kg", None),
        ("5x sem juros", None),
        ("meu pedido é 5", None),
        ("pedido 12345", None),
        ("5:30", None),
        ("6", None),
        ("0", None),
        ("100", None),
        ("5 em quantos dias?", None),
        ("obrigada", None),
        ("quero trocar 2, chegaram quebradas", None),
        ("a nota fiscal 4 veio errada", None),
    ],
)
def test_answers_out_of_five(answer: str, rating: int | None) -> None:
    assert read_rating(answer, scale=FIVE) == rating


@pytest.mark.parametrize(
    ("answer", "rating"), [("0", 1), ("1", 1), ("2", 2), ("3", 2), ("4", 3), ("5", 3), ("6", 3), ("7", 4), ("8", 4), ("9", 5), ("10", 5)]
)
def test_answers_out_of_ten_are_brought_to_five(answer: str, rating: int) -> None:
    assert read_rating(answer, scale=TEN) == rating


@pytest.mark.parametrize(("answer", "rating"), [("🔟", 5), ("nota dez!", 5), ("7.5", 4), ("100%", None), ("12/03", None), ("10:30", None)])
def test_other_answers_out_of_ten(answer: str, rating: int | None) -> None:
    assert read_rating(answer, scale=TEN) == rating


def test_a_menu_is_answered_by_number_or_by_word_and_may_begin_with_the_best() -> None:
    best_first = find_scale("Avalie:\n1️⃣ Ótimo\n2️⃣ Bom\n3️⃣ Regular\n4️⃣ Ruim\n5️⃣ Péssimo")
    worst_first = find_scale("Avalie o atendimento: 1 - Ruim, 2 - Regular, 3 - Excelente")
    assert best_first is not None
    assert worst_first is not None
    assert [read_rating(answer, scale=best_first) for answer in ("1", "Ótimo", "4", "péssimo")] == [5, 5, 2, 1]
    assert [read_rating(answer, scale=worst_first) for answer in ("1", "2", "Excelente")] == [1, 3, 5]


def test_faces_are_answered_with_a_face() -> None:
    scale = find_scale("Como foi o seu atendimento? 😍 🙂 😐 😕 😡")
    assert scale is not None
    assert [read_rating(answer, scale=scale) for answer in ("😡", "🙂🙂", "😍 amei", "🐶")] == [1, 4, 5, None]


def test_an_ask_without_a_range_takes_small_numbers_out_of_five_and_others_out_of_ten() -> None:
    scale = find_scale("Que nota você dá para o atendimento?")
    assert scale is not None
    assert [read_rating(answer, scale=scale) for answer in ("5", "3", "8", "10", "11")] == [5, 3, 4, 5, None]
