"""What the embedded analyser says of typical messages, as tables; and that it says the same alone, in a batch, and again."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ai.analysers import get_analyser
from core.ai.embedded.features import compute_features
from core.ai.roles import MessageAnalysis, MessageInput, ProviderError, Turn, pad_vector

NEUTRAL = [
    "ok", "bom dia", "Boa tarde", "sim", "não", "👍", "...", "kkkk", "qual o valor?", "segue o comprovante", "meu cpf é 529.982.247-25",
    "tem na cor azul?", "vocês abrem domingo?", "pode ser às 15h", "gracias, lo voy a pensar", "what time do you close?", "",
]  # fmt: skip
NEGATIVE = [
    "até agora nada", "já faz 10 dias", "tô esperando", "não funciona", "veio quebrado", "ninguém me responde",
    "fiquei bem chateada com a demora", "obrigado por nada", "parabéns pela demora", "não gostei nem um pouco",
    "todavía nada", "it still doesn't work",
]  # fmt: skip
POSITIVE = [
    "obrigada", "obrigada, resolveu!", "adorei", "chegou certinho, obrigado", "nota 10", "não tenho do que reclamar",
    "gracias, ya funciona", "thank you so much!",
]  # fmt: skip


def analyse(text: str) -> MessageAnalysis:
    return get_analyser().analyse_messages([MessageInput(text=text)])[0]


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [(text, "neutral") for text in NEUTRAL] + [(text, "negative") for text in NEGATIVE] + [(text, "positive") for text in POSITIVE],
)
def test_sentiment_of_typical_messages(text: str, sentiment: str) -> None:
    assert analyse(text).sentiment == sentiment


@pytest.mark.parametrize(
    ("text", "emotion", "tone"),
    [
        ("vocês são uns ladrões!!!", "anger", "aggressive"),
        ("preciso disso pra hoje, é urgente", "neutral", "urgent"),
        ("que nojo, achei um cabelo na comida", "disgust", "neutral"),
        ("estou com medo de ser golpe", "fear", "neutral"),
        ("muito obrigada pela ajuda, amei!", "joy", "friendly"),
        ("qual o horário de funcionamento?", "neutral", "neutral"),
    ],
)
def test_emotion_and_tone_of_typical_messages(text: str, emotion: str, tone: str) -> None:
    said = analyse(text)
    assert (said.emotion, said.tone) == (emotion, tone)


@pytest.mark.parametrize(("answer", "sentiment"), [("5", "positive"), ("3", "neutral"), ("1", "negative"), ("nota 2", "negative")])
def test_a_bare_number_is_an_opinion_only_where_a_rating_was_asked(answer: str, sentiment: str) -> None:
    asked = Turn(author="agent", text="De 1 a 5, que nota você dá ao atendimento?", at=datetime(2026, 1, 5, tzinfo=UTC))
    said = get_analyser().analyse_messages([MessageInput(text=answer, before=(asked,))])[0]
    assert said.sentiment == sentiment
    assert analyse("5").sentiment == "neutral"


def test_personal_data_is_masked_before_anything_reads_it() -> None:
    one, other = analyse("meu cpf é 529.982.247-25, cadê?"), analyse("meu cpf é 111.444.777-35, cadê?")
    assert one.masked_text == "meu cpf é [CPF], cadê?"
    assert (one.text_hash, one.sentiment_score) == (other.text_hash, other.sentiment_score)
    assert np.array_equal(one.vector, other.vector)


def test_a_batch_says_the_same_as_one_by_one() -> None:
    texts = [*NEUTRAL, *NEGATIVE, *POSITIVE, "ok"]
    together = get_analyser().analyse_messages([MessageInput(text=text) for text in texts])
    for text, said in zip(texts, together, strict=True):
        alone = analyse(text)
        assert (said.sentiment, said.sentiment_score, said.emotion, said.tone, said.text_hash) == (
            alone.sentiment, alone.sentiment_score, alone.emotion, alone.tone, alone.text_hash,
        )  # fmt: skip
        assert np.array_equal(said.vector, alone.vector)


def test_a_known_vector_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    analyser = get_analyser()
    first = analyse("o entregador foi muito educado")
    embedded: list[str] = []

    def embed(self: object, texts: list[str]) -> np.ndarray:
        embedded.extend(texts)
        return np.zeros((len(texts), analyser.dimensions), dtype=np.float32)

    monkeypatch.setattr("core.ai.embedded.embedder.EmbeddedEmbedder.embed_passages", embed)
    stored = {first.text_hash: pad_vector(first.vector)}
    again = analyser.analyse_messages([MessageInput(text="o  entregador foi muito educado")] * 3, known_vectors=stored)
    assert (embedded, [one.sentiment_score for one in again]) == ([], [first.sentiment_score] * 3)


def test_every_analysis_names_its_analyser_and_version() -> None:
    said = analyse("ok")
    assert (said.analyser, said.analyser_version) == ("embedded", get_analyser().version)
    with pytest.raises(ProviderError, match="There is no analyser 'oracle'"):
        get_analyser("oracle")


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_an_analysis(text: str) -> None:
    said = analyse(text)
    assert -1.0 <= said.sentiment_score <= 1.0
    assert len(said.text_hash) == 32
    assert get_analyser().hash_text(text) == said.text_hash


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_features_of_a_text_do_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = compute_features(texts)
    for row, text in enumerate(texts):
        alone = compute_features([text])
        here = slice(together.starts[row], together.starts[row + 1])
        assert np.array_equal(together.columns[here], alone.columns)
        assert np.array_equal(together.values[here], alone.values)
