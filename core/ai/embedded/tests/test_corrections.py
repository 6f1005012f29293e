"""What people put right of themes changes the next choice where that is alike, and nothing else."""

from datetime import UTC, datetime

import numpy as np
import pytest

from core.ai.analysers import get_analyser
from core.ai.embedded.corrections import Seen, learn
from core.ai.roles import ConversationInput, CorrectedTheme, ThemeInput, Turn

THEMES = (
    ThemeInput(name="Entrega", examples=("cadê meu pedido", "a entrega atrasou", "o entregador não veio")),
    ThemeInput(name="Pagamento", examples=("boleto vencido", "paguei e não caiu")),
    ThemeInput(name="Portaria", examples=("o porteiro não recebeu",)),
    ThemeInput(name="Troca", examples=("quero trocar", "não serviu")),
)
LATE = "cadê meu pedido? o entregador não veio hoje e deixou recado com o porteiro"
LATE_TOO = "o entregador não veio hoje de novo e deixou recado com o porteiro, cadê meu pedido?"
PAID = "paguei o boleto ontem e ainda não caiu"


def choose(text: str, *corrected: CorrectedTheme) -> str | None:
    turns = (Turn(author="customer", text=text, at=datetime(2026, 11, 16, 12, 0, tzinfo=UTC)),)
    return get_analyser().analyse_conversations([ConversationInput(messages=turns, themes=THEMES, corrected=corrected)])[0].theme


def correct(text: str, right: str | None, wrong: str | None = "Entrega") -> CorrectedTheme:
    return CorrectedTheme(texts=(text,), right=right, wrong=wrong)


def test_what_is_like_a_corrected_conversation_moves_and_what_is_not_stays() -> None:
    again = [correct(LATE, "Portaria"), correct(f"{LATE} ontem", "Portaria")]
    assert (choose(LATE_TOO), choose(PAID)) == ("Entrega", "Pagamento")
    assert (choose(LATE_TOO, *again), choose(PAID, *again)) == ("Portaria", "Pagamento")
    assert choose(LATE_TOO) == "Entrega"  # nothing is kept but the comparison


def test_what_is_no_theme_at_all_is_learned_too() -> None:
    assert choose(LATE_TOO, correct(LATE, None), correct(f"{LATE} ontem", None)) is None


def test_corrections_that_contradict_each_other_cancel_out() -> None:
    assert choose(LATE_TOO, correct(LATE, "Portaria"), correct(LATE, "Entrega", "Portaria")) == "Entrega"


def test_a_correction_of_greetings_alone_says_nothing() -> None:
    assert choose("bom dia, paguei o boleto ontem e ainda não caiu", correct("bom dia", "Entrega", "Pagamento")) == "Pagamento"


def see(*stems: str) -> Seen:
    return Seen(frozenset(stems), np.zeros(2, np.float32))


def lean(*said: tuple[CorrectedTheme, Seen], at: Seen) -> list[float]:
    learned = learn(THEMES, [one for one, _ in said], dict(said))
    assert learned is not None
    return [float(one) for one in learned.lean(at).round(3)]


def test_leans_grow_as_several_agree_and_fade_with_likeness() -> None:
    """A correction is a row with +1 and −1; its likeness to itself is 0.6 by words alone, and the ridge is 2."""
    same, other = see("caixa", "amass"), see("bolet", "venci")
    one = (correct("uma", "Troca"), same)
    assert lean(one, at=same) == pytest.approx([-0.231, 0.0, 0.0, 0.231])  # 0.6 / (0.6 + 2)
    two = (correct("outra", "Troca"), see("caixa", "amass"))
    assert lean(one, two, at=same) == pytest.approx([-0.375, 0.0, 0.0, 0.375])  # 1.2 / (1.2 + 2)
    assert lean(one, at=see("caixa", "venci")) == pytest.approx([-0.115, 0.0, 0.0, 0.115])  # one word of two
    assert lean(one, at=other) == [0.0, 0.0, 0.0, 0.0]


def test_corrections_of_themes_that_are_not_in_the_list_say_nothing_of_it() -> None:
    gone = correct("uma", "Brindes", "Sorteio")
    assert learn(THEMES, [gone], {gone: see("caixa")}) is None
