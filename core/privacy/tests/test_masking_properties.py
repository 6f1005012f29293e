"""Whatever a customer types: masking never raises, and what was masked stays as it is."""

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.privacy import find_spans, mask

# fmt: off
PIECES = st.sampled_from(
    ["529.982.247-25", "52998224725", "11 98765-4321", "(11) 3333-4444", "+55 11", "98765-4321", "3333-4444", "4111 1111 1111 1111",
     "12.ABC.345/01DE-35", "ana@exemplo.com.br", "ana arroba gmail ponto com", "01310-100", "cpf", "CPF:", "cnpj", "tel", "zap",
     "pedido", "ou", "e", "cartão", "cvv", "123", "senha: a1b2c3", "rg", "[CPF]", "[telefone]", "[e-mail]", "cinco", "dois", "nove",
     "oito", "meia", "placa ABC-1234", "chave", "0", "1", "2 3", "-", ".", "/", "(", ")", "\n", " ", "O", "l", "ü", "\u200b",
     "\ue000", "é", "🙂", "٣"]
)
# fmt: on
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS)
@example("CPF:0000000000000000000000000000000000002350000000055299822472")
@settings(max_examples=600, deadline=None)
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for span in find_spans(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@pytest.mark.parametrize("piece", ["9 ", "1.2-", "11 98765-4321\n", "um dois ", "rua a, ", "a@", "rg 1.", "senha a1 "])
def test_a_message_of_nothing_but_numbers_costs_no_more_than_its_length(piece: str) -> None:
    """Eight times the text takes at most twenty times as long: all against all would take 64 times."""
    short, long = _time(piece * (250 // len(piece))), _time(piece * (2000 // len(piece)))
    assert long < 20 * short + 0.02


def _time(text: str) -> float:
    """Processor time in seconds: other processes do not count."""
    start = process_time()
    mask(text)
    return process_time() - start
