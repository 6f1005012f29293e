"""What the embedded analyser says of whole conversations: the end weighs most, and each score can be added up."""

from datetime import UTC, datetime, timedelta

import pytest

from core.ai.analysers import get_analyser
from core.ai.roles import Author, ConversationAnalysis, ConversationInput, ThemeInput, Turn

BEGIN = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
THEMES = ("Entrega", "Troca e devolução", "Pagamento")

BROKEN = "c: o abajur chegou quebrado"
SETTLED = [BROKEN, "a: Sinto muito! Já enviei outro, sem custo.", "c: chegou o novo, perfeito, muito obrigada!"]
LEFT = [BROKEN, "a: Vamos verificar e retornamos.", "c: já faz uma semana e ninguém me responde, que falta de respeito"]


def judge(lines: list[str], *, rating: int | None = None, themes: tuple[str, ...] = THEMES) -> ConversationAnalysis:
    turns = tuple(make_turn(place, line) for place, line in enumerate(lines))
    asked = ConversationInput(messages=turns, rating=rating, themes=tuple(ThemeInput(name=name) for name in themes))
    return get_analyser().analyse_conversations([asked])[0]


def make_turn(place: int, line: str) -> Turn:
    author: Author = "customer" if line.startswith("c") else "agent"
    return Turn(author=author, text=line[3:], at=BEGIN + timedelta(minutes=5 * place))


def test_the_same_beginning_ends_well_or_badly() -> None:
    settled, left = judge(SETTLED), judge(LEFT)
    assert (settled.is_resolved, left.is_resolved) == (True, False)
    assert (settled.satisfaction, left.satisfaction) == (4, 2)


@pytest.mark.parametrize("lines", [SETTLED, LEFT, [BROKEN], ["c: ok"], ["a: Bom dia!"]])
def test_the_parts_add_up_to_the_score(lines: list[str]) -> None:
    said = judge(lines)
    assert said.score == pytest.approx(min(5.0, max(1.0, sum(said.parts.values()))), abs=0.006)
    assert said.satisfaction == int(said.score + 0.5)


def test_the_rating_that_the_customer_typed_wins_and_the_score_stays_the_analysers() -> None:
    without, rated = judge(SETTLED), judge(SETTLED, rating=2)
    assert (rated.satisfaction, rated.score) == (2, without.score)
    assert without.satisfaction == 4


@pytest.mark.parametrize(
    ("lines", "theme"),
    [
        (["c: cadê meu pedido? a transportadora não sabe onde está"], "Entrega"),
        (["c: ficou grande, consigo trocar pelo P?"], "Troca e devolução"),
        (["c: o boleto veio com o vencimento errado"], "Pagamento"),
        (["c: bom dia", "a: Bom dia! Como posso ajudar?"], None),
        (["c: vocês estão contratando?"], None),
    ],
)
def test_theme_among_the_tenants_or_none(lines: list[str], theme: str | None) -> None:
    assert judge(lines).theme == theme


def test_a_theme_of_no_known_subject_is_found_by_its_examples() -> None:
    asked = ConversationInput(
        messages=(make_turn(0, "c: a coroa de flores pro velório chega que horas?"),),
        themes=(
            ThemeInput(name="Homenagens", examples=("coroa de flores", "flores para velório")),
            ThemeInput(name="Assinatura de vinhos"),
        ),
    )
    assert get_analyser().analyse_conversations([asked])[0].theme == "Homenagens"


def test_without_themes_there_is_none() -> None:
    assert judge(SETTLED, themes=()).theme is None


def test_what_an_agent_spells_out_is_masked_before_anything_reads_it() -> None:
    def ask(number: str) -> ConversationAnalysis:
        return judge(["c: preciso pagar", f"a: Minha chave é o CPF {number}", "c: e o prazo?"])

    one, other = ask("529.982.247-25"), ask("111.444.777-35")
    assert (one.score, one.theme, one.parts) == (other.score, other.theme, other.parts)


def test_a_worse_end_and_a_longer_wait_never_raise_the_score() -> None:
    ends = ["vocês são uns ladrões, nunca mais compro aí!", "até agora nada", "ok", "chegou o novo, obrigada"]
    scores = [judge([BROKEN, "a: Sinto muito! Vamos enviar outro.", f"c: {end}"]).score for end in ends]
    assert scores == sorted(scores)
    assert scores[0] < 2.0 < scores[-1]
    waited = []
    for minutes in (2, 30, 240, 1440):
        answered = [make_turn(0, BROKEN), Turn(author="agent", text="Sinto muito!", at=BEGIN + timedelta(minutes=minutes))]
        end = Turn(author="customer", text="até agora nada", at=BEGIN + timedelta(minutes=minutes + 30))
        waited.append(get_analyser().analyse_conversations([ConversationInput(messages=(*answered, end))])[0].score)
    assert waited == sorted(waited, reverse=True)
