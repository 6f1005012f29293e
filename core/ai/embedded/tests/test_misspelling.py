"""The hurried typing that the evaluation measures with: always the same for the same text, and nothing that is not in it."""

import pytest

from core.ai.evals.misspell import misspell


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("não gostei do atendimento, você também não?", "n gostei do atendimento, vc tb nao?"),
        ("muito obrigado!", "muito obrigado"),
        ("quando vocês vão entregar para mim?", "qd voces vao entregar paraaaa mim?"),
        ("", ""),
    ],
)
def test_a_text_is_always_misspelled_the_same_way(text: str, typed: str) -> None:
    assert misspell(text) == typed
