"""Analysing what waits: each message once, each conversation again when it holds something else, versions side by side."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from core.ai.analysers import get_analyser
from core.models import Channel, Conversation, ConversationAnalysis, Message, MessageAnalysis, Tenant, TextVector, Theme
from core.tenancy import scope, unscoped_directory
from ingestion.analyse import analyse_waiting
from ingestion.completeness import count_waiting
from ingestion.record import record_messages
from ingestion.tasks import task_analyse, task_analyse_waiting
from ingestion.types import Author, IncomingMessage

BEGIN = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
CPF = "529.982.247-25"

# chat, author, minutes after the beginning, text
CHATS: list[tuple[str, Author, int, str]] = [
    ("Mariana", "customer", 0, "bom dia"),
    ("Mariana", "customer", 1, f"cadê meu pedido? já faz 20 dias e ninguém me responde, um absurdo. meu cpf {CPF}"),
    ("Mariana", "agent", 30, "Vou verificar"),
    ("João", "customer", 5, "bom dia"),
    ("João", "agent", 6, "Bom dia! Prontinho, troca feita"),
    ("João", "customer", 7, "muito obrigado, adorei o atendimento, resolveram tudo rapidinho!"),
]


@pytest.fixture
def tenant(db: None) -> Tenant:
    with unscoped_directory(reason="test"):
        made = Tenant.objects.create(name="Casa Lua", slug="casa-lua")
    with scope(made.id):
        Theme.objects.create(name="Atraso na entrega", examples=["cadê meu pedido", "meu pedido não chegou"])
        channel = Channel.objects.create(name="Suporte")
        record_messages(channel, [make_message(*line) for line in CHATS])
    return made


def make_message(chat: str, author: Author, minutes: int, text: str) -> IncomingMessage:
    return IncomingMessage(
        provider_id=f"{chat}-{minutes}", chat_key=chat, chat_name=chat, author=author, sender_name=chat if author == "customer" else "Ana",
        agent_name="Ana" if author == "agent" else None, sent_at=BEGIN + timedelta(minutes=minutes), text=text,
    )  # fmt: skip


def record(tenant: Tenant, *messages: IncomingMessage) -> None:
    with scope(tenant.id):
        record_messages(Channel.objects.get(), messages)


def test_everything_that_waits_is_analysed_once(tenant: Tenant) -> None:
    analyser, heard = get_analyser(), list[int]()
    assert analyse_waiting(tenant.id, analyser, tell_progress=heard.append) == 2
    assert heard == [2]
    with scope(tenant.id):
        assert count_waiting() == 0
        rows = MessageAnalysis.objects.order_by("message__sent_at").values_list(
            "message__chat_key", "sentiment", "analyser", "analyser_version"
        )
        assert list(rows) == [
            ("Mariana", "neutral", analyser.name, analyser.version),
            ("Mariana", "negative", analyser.name, analyser.version),
            ("João", "neutral", analyser.name, analyser.version),
            ("João", "positive", analyser.name, analyser.version),
        ]
        by_chat = {row.conversation.chat_key: row for row in ConversationAnalysis.objects.select_related("conversation", "theme")}
        assert by_chat["Mariana"].satisfaction <= 2
        assert (by_chat["Mariana"].theme and by_chat["Mariana"].theme.name, by_chat["Mariana"].is_resolved) == ("Atraso na entrega", False)
        assert by_chat["João"].satisfaction >= 4
        # "bom dia" was written twice and is stored once; nothing of the CPF is in a vector's key or an analysis.
        assert TextVector.objects.filter(text_hash=analyser.hash_text("bom dia")).count() == 1
        written = dict(MessageAnalysis.objects.values_list("id", "analysed_at"))
    assert analyse_waiting(tenant.id, analyser) == 0
    with scope(tenant.id):
        assert dict(MessageAnalysis.objects.values_list("id", "analysed_at")) == written


def test_a_new_message_brings_its_conversation_back_and_leaves_analysed_messages_alone(tenant: Tenant) -> None:
    analyse_waiting(tenant.id, get_analyser())
    with scope(tenant.id):
        before = dict(MessageAnalysis.objects.values_list("message_id", "analysed_at"))
    record(tenant, make_message("Mariana", "customer", 40, "chegou! obrigada, deu tudo certo"))
    with scope(tenant.id):
        assert count_waiting() == 1
    assert analyse_waiting(tenant.id, get_analyser()) == 1
    with scope(tenant.id):
        after = dict(MessageAnalysis.objects.values_list("message_id", "analysed_at"))
        assert {key: value for key, value in after.items() if key in before} == before
        assert len(after) == len(before) + 1
        assert ConversationAnalysis.objects.filter(conversation__chat_key="Mariana", is_current=True).count() == 1


def test_an_edited_message_is_read_again_and_a_deleted_one_forgotten(tenant: Tenant) -> None:
    analyse_waiting(tenant.id, get_analyser())
    praise = make_message("João", "customer", 7, "na verdade foi péssimo, não resolveu nada, horrível")
    record(tenant, replace(praise, is_edited=True))
    analyse_waiting(tenant.id, get_analyser())
    with scope(tenant.id):
        assert MessageAnalysis.objects.get(message__provider_id="João-7").sentiment == "negative"
    record(tenant, replace(praise, is_edited=True, is_deleted=True, text=""))
    analyse_waiting(tenant.id, get_analyser())
    with scope(tenant.id):
        assert not MessageAnalysis.objects.filter(message__provider_id="João-7").exists()
        assert count_waiting() == 0


def test_a_conversation_without_words_does_not_wait_for_ever(tenant: Tenant) -> None:
    record(tenant, replace(make_message("Áudio", "customer", 9, ""), kind="audio"))
    analyse_waiting(tenant.id, get_analyser())
    with scope(tenant.id):
        assert count_waiting() == 0
        assert not MessageAnalysis.objects.filter(message__chat_key="Áudio").exists()


def test_another_version_reads_what_is_new_and_leaves_history_as_it_is(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    analyser = get_analyser()
    analyse_waiting(tenant.id, analyser)
    first = analyser.version
    monkeypatch.setattr(analyser, "version", f"{first}-next", raising=False)
    assert analyse_waiting(tenant.id, analyser) == 0
    record(tenant, make_message("Mariana", "customer", 40, "chegou! obrigada, deu tudo certo"))
    assert analyse_waiting(tenant.id, analyser) == 1
    with scope(tenant.id):
        rows = ConversationAnalysis.objects.order_by("conversation__chat_key", "analyser_version")
        assert list(rows.values_list("conversation__chat_key", "analyser_version", "is_current")) == [
            ("João", first, True), ("Mariana", first, False), ("Mariana", f"{first}-next", True),
        ]  # fmt: skip
        assert Tenant.objects.get().analyser_version == first


def test_work_that_a_dead_worker_left_half_done_is_finished_without_a_second_row(tenant: Tenant) -> None:
    analyse_waiting(tenant.id, get_analyser())
    with scope(tenant.id):
        total = MessageAnalysis.objects.count()
        ConversationAnalysis.objects.all().delete()  # the worker died between two writes
        MessageAnalysis.objects.filter(message__chat_key="João").delete()
    assert analyse_waiting(tenant.id, get_analyser()) == 2
    with scope(tenant.id):
        assert (MessageAnalysis.objects.count(), ConversationAnalysis.objects.count()) == (total, 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_compute_the_same_and_a_lost_task_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with unscoped_directory(reason="test"):
        made = Tenant.objects.create(name="Casa Lua", slug="casa-lua")
    with scope(made.id):
        record_messages(Channel.objects.create(name="Suporte"), [make_message(*line) for line in CHATS])
    cache.set(f"analysing:{made.id}", 1)
    assert task_analyse(str(made.id)) == 0
    cache.delete(f"analysing:{made.id}")
    started: list[str] = []
    monkeypatch.setattr(task_analyse, "delay", started.append)
    assert (task_analyse_waiting(), started) == (1, [str(made.id)])
    assert task_analyse(str(made.id)) == 2
    assert task_analyse_waiting() == 0
    with scope(made.id):
        assert Conversation.objects.count() == 2
        assert Message.objects.count() == len(CHATS)
