"""One conversation in brief: every sentence in three languages, whose word the satisfaction is, and nothing personal in a quote."""

from datetime import timedelta
from typing import Any

import pytest

from assistant.compose.numbers import Language
from assistant.conversation_summary import ConversationSummary, summarise_conversation
from core.errors import VisibleError
from core.models import Conversation, ConversationAnalysis, Correction, Message, MessageAnalysis
from core.tenancy import scope
from tests.cast import NOON, Cast

LATE = NOON + timedelta(hours=3)


def summarise(cast: Cast, *, language: Language = "pt", **change: Any) -> ConversationSummary:
    """The cast's conversation at 15:00: begun at noon, answered after five minutes, waiting again since ten past."""
    with scope(cast.tenant.id):
        conversation = Conversation.objects.get()
        if change:
            Conversation.objects.update(**change)
        return summarise_conversation(cast.alice, conversation.id, clock=LATE, language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "pt",
            "Conversa com Mariana Alves no canal Suporte, começada em 16/11 às 12:00, atendida por Ana Souza: 3 mensagens. "
            "Assunto: Atraso na entrega. Satisfação: nota 2. O que mais pesou na nota: “cadê meu pedido?” e “até agora nada”. "
            "A primeira resposta levou 5 min. O cliente aguarda resposta desde 16/11 às 12:10.",
        ),
        (
            "en",
            "Conversation with Mariana Alves on the channel Suporte, begun on Nov 16 at 12:00, handled by Ana Souza: 3 messages. "
            "Subject: Atraso na entrega. Satisfaction: rating 2. What weighed most in the score: “cadê meu pedido?” and "
            "“até agora nada”. The first reply took 5 min. The customer has been waiting for a reply since Nov 16 at 12:10.",
        ),
        (
            "es",
            "Conversación con Mariana Alves en el canal Suporte, iniciada el 16/11 a las 12:00, atendida por Ana Souza: 3 mensajes. "
            "Asunto: Atraso na entrega. Satisfacción: nota 2. Lo que más pesó en la nota: “cadê meu pedido?” y “até agora nada”. "
            "La primera respuesta tardó 5 min. El cliente espera respuesta desde el 16/11 a las 12:10.",
        ),
    ],
)
def test_every_sentence(cast: Cast, language: Language, text: str) -> None:
    with scope(cast.tenant.id):
        ConversationAnalysis.objects.update(parts={"base": 3.0, "mood_at_end": -0.8})
    told = summarise(cast, language=language)
    assert told.text.replace("\u00a0", " ") == text
    assert (told.status, told.satisfaction, told.satisfaction_by, told.messages) == ("unanswered", 2, "analyser", 3)
    assert [(one.author, one.text) for one in told.citations] == [
        ("Mariana Alves", "cadê meu pedido?"),
        ("Mariana Alves", "até agora nada"),
    ]
    assert (told.coverage.conversations, told.coverage.analysed, told.coverage.pending) == (1, 1, 0)


def test_what_waits_for_its_analysis_says_so(cast: Cast) -> None:
    with scope(cast.tenant.id):
        Correction.objects.all().delete()
        ConversationAnalysis.objects.all().delete()
        MessageAnalysis.objects.all().delete()
    told = summarise(cast, agent=None, first_response_seconds=None, waiting_since_at=None)
    assert told.text == (
        "Conversa com Mariana Alves no canal Suporte, começada em 16/11 às 12:00, sem atendente: 3 mensagens. "
        "Ainda aguarda análise. Ninguém respondeu. Está em aberto."
    )
    assert (told.satisfaction, told.satisfaction_by, told.coverage.pending) == (None, None, 1)


def test_whose_word_the_satisfaction_is(cast: Cast) -> None:
    assert summarise(cast, rating=2).satisfaction_by == "customer"
    with scope(cast.tenant.id):
        Correction.objects.update(undone_at=None, undone_by=None)
    told = summarise(cast)
    assert (told.satisfaction, told.satisfaction_by) == (1, "team")
    assert "corrigida pela equipe" in told.text


def test_a_quote_holds_nothing_personal(cast: Cast) -> None:
    with scope(cast.tenant.id):
        ConversationAnalysis.objects.update(parts={"base": 3.0, "mood_at_end": -0.8})
        Message.objects.filter(provider_id="msg-2").update(text="meu CPF é 529.982.247-25")
    told = summarise(cast)
    assert "529.982.247-25" not in told.model_dump_json()
    assert "[CPF]" in told.text


def test_another_companys_is_not_there(cast: Cast) -> None:
    with scope(cast.other_tenant.id):
        foreign = Conversation.objects.get().id
    with scope(cast.tenant.id), pytest.raises(VisibleError) as refused:
        summarise_conversation(cast.alice, foreign, clock=LATE, language="pt")
    assert refused.value.code == "not_found"
