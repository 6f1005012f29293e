"""Our own lines are masked as well as the committed baseline says, and the scores count what they say that they count."""

from pathlib import Path

from core.privacy import Span
from core.privacy.evals.masking import Example, find_below_marks, find_fallen, read_own, score
from core.privacy.kinds import PLACEHOLDERS

TEXT = "cpf 529.982.247-25, pedido 1234567"  # the CPF stands at 4 to 18, the order at 27 to 34
CPF = (4, 18, "cpf")


def test_our_own_lines_are_masked_as_well_as_the_baseline_says() -> None:
    assert find_fallen(score(read_own())) == []


def test_a_value_counts_as_hidden_only_where_nothing_of_it_is_left() -> None:
    example = Example(TEXT, "cpf", (CPF,))
    # found; of the CPF: hidden, hidden exactly, found spans that touch it, found exactly
    table = [
        ([Span(4, 18, "cpf")], 1, 1, 1, 1),  # right
        ([Span(3, 18, "phone")], 1, 0, 0, 0),  # hidden under another name: the CPF's own kind found nothing wrong
        ([Span(4, 17, "cpf")], 0, 0, 1, 0),  # its last digit leaks
        ([], 0, 0, 0, 0),
    ]
    for found, hidden, exact, right, found_exact in table:
        tally = score([example], find=lambda _, found=found: found).tallies["cpf"]  # type: ignore[misc]
        assert (tally.values, tally.hidden, tally.exact, tally.found_right, tally.found_exact) == (1, hidden, exact, right, found_exact)


def test_what_touches_no_value_is_a_false_alarm_and_falls_below_the_mark() -> None:
    scored = score([Example(TEXT, "cpf", (CPF,))], find=lambda _: [Span(4, 18, "cpf"), Span(27, 34, "cpf")])
    assert (scored.tallies["cpf"].recall, scored.tallies["cpf"].precision) == (1.0, 0.5)
    assert find_below_marks(scored) == ["cpf: precision 0.5000, the mark is 0.97"]


def test_every_kind_is_told_of_in_the_documentation() -> None:
    told = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert [word for word in PLACEHOLDERS.values() if f"| `{word}` |" not in told] == []
