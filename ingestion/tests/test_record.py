"""Recording: each message once, in its conversation, whatever the order and however often it is told."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from core.models import Agent, Channel, Contact, ContactIdentity, Conversation, Message, MessageAnalysis
from ingestion import record as record_module
from ingestion.record import Recorded, record_messages, split_batches
from ingestion.types import IncomingMessage

NOON = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOON + timedelta(days=365)


def say(
    minutes: float,
    who: str,
    text: str = "oi",
    *,
    id: str = "",  # noqa: A002
    chat: str = "celia",
    agent: str | None = None,
    is_edited: bool = False,
    is_deleted: bool = False,
) -> IncomingMessage:
    return IncomingMessage(
        provider_id=id or f"{chat}-{minutes}-{who}",
        chat_key=chat,
        chat_name=chat.title(),
        author="agent" if who == "a" else "customer",
        sender_name="Loja Sol" if who == "a" else chat.title(),
        agent_name=agent,
        sent_at=NOON + timedelta(minutes=minutes),
        text="" if is_deleted else text,
        is_edited=is_edited,
        is_deleted=is_deleted,
    )


def record(channel: Channel, *messages: IncomingMessage) -> Recorded:
    return record_messages(channel, messages, as_of=LATER)


def write_conversations() -> list[str]:
    """One line a conversation: when, how it went, and its texts in order."""
    lines = []
    for conversation in Conversation.objects.order_by("chat_key", "started_at").select_related("agent", "contact"):
        rows = Message.objects.filter(conversation=conversation).order_by("sent_at", "position", "provider_id")
        texts = " / ".join(
            f"{row.author[0]}:{row.text}" + (f"({row.response_seconds}s)" if row.response_seconds is not None else "") for row in rows
        )
        start, end = (int((moment - NOON).total_seconds() // 60) for moment in (conversation.started_at, conversation.last_message_at))
        waits = (
            ""
            if conversation.waiting_since_at is None
            else f" waits since {int((conversation.waiting_since_at - NOON).total_seconds() // 60)}"
        )
        lines.append(
            f"{conversation.contact.name} {start}–{end} {conversation.message_count}/{conversation.customer_message_count}"
            f" agent {conversation.agent.name if conversation.agent else '-'} first {conversation.first_response_seconds}"
            f" rating {conversation.rating}{waits}{'' if conversation.is_closed else ' open'} | {texts}"
        )
    return lines


def test_messages_become_conversations_with_their_times(channel: Channel) -> None:
    recorded = record(
        channel,
        say(0, "c", "chegou quebrado"),
        say(2, "c", "e agora?"),
        say(5, "a", "vou ver", agent="Rita Lopes"),
        say(9, "c", "ok"),
        say(10, "a", "trocamos hoje", agent="Rita Lopes"),
        say(11, "a", "De 1 a 5, que nota você dá?", agent="Nei"),
        say(12, "c", "4"),
        say(14 * 60, "c", "outra coisa"),
    )
    assert (recorded.new, recorded.known, recorded.updated, len(recorded.conversation_ids)) == (8, 0, 0, 2)
    assert write_conversations() == [
        "Celia 0–12 7/4 agent Rita Lopes first 300 rating 4 waits since 12 | c:chegou quebrado / c:e agora? / a:vou ver(300s)"
        " / c:ok / a:trocamos hoje(60s) / a:De 1 a 5, que nota você dá? / c:4",
        "Celia 840–840 1/1 agent - first None rating None waits since 840 | c:outra coisa",
    ]


def test_telling_again_adds_nothing(channel: Channel) -> None:
    told = [say(0, "c"), say(5, "a", agent="Rita"), say(900, "c")]
    record(channel, *told)
    before = write_conversations()
    again = record(channel, *told, *told)
    assert (again.new, again.known, again.updated, again.conversation_ids) == (0, 6, 0, set())
    assert (write_conversations(), Contact.objects.count(), Agent.objects.count()) == (before, 1, 1)


def test_a_message_that_closes_a_gap_joins_two_conversations(channel: Channel) -> None:
    record(channel, say(0, "c", "a"), say(14 * 60, "c", "b"), say(40 * 60, "c", "c"))
    assert [line.split(" | ")[1] for line in write_conversations()] == ["c:a", "c:b", "c:c"]
    record(channel, say(7 * 60, "a", "x"))
    assert [line.split(" | ")[1] for line in write_conversations()] == ["c:a / a:x(25200s) / c:b", "c:c"]


def test_an_edit_that_takes_the_goodbye_back_joins_them_too(channel: Channel) -> None:
    record(channel, say(0, "c", "oi"), say(1, "a", "olá"), say(2, "c", "era só isso, tchau", id="bye"), say(60, "c", "cheguei"))
    assert [line.split(" | ")[1] for line in write_conversations()] == ["c:oi / a:olá(60s) / c:era só isso, tchau", "c:cheguei"]
    recorded = record(channel, say(2, "c", "vou aí então", id="bye", is_edited=True))
    assert (recorded.new, recorded.known, recorded.updated) == (0, 1, 1)
    assert [line.split(" | ")[1] for line in write_conversations()] == ["c:oi / a:olá(60s) / c:vou aí então / c:cheguei"]


def test_a_deletion_empties_the_message_whichever_is_told_first(channel: Channel) -> None:
    record(channel, say(0, "c", "segredo", id="1"), say(1, "c", id="2", is_deleted=True))
    record(channel, say(0, "c", id="1", is_deleted=True), say(1, "c", "segredo", id="2"))
    assert list(Message.objects.order_by("sent_at").values_list("text", "is_deleted")) == [("", True), ("", True)]


def test_every_change_raises_the_revision_of_its_conversation_alone(channel: Channel) -> None:
    record(channel, say(0, "c", "a", id="1"), say(1440, "c", "b"))
    record(channel, say(0, "c", "a", id="1"))
    assert [row.revision for row in Conversation.objects.order_by("started_at")] == [1, 1]
    record(channel, say(0, "c", "aa", id="1", is_edited=True), say(1, "c"))
    assert [row.revision for row in Conversation.objects.order_by("started_at")] == [2, 1]


def test_the_side_follows_a_telling_that_is_sure_of_it(channel: Channel) -> None:
    record(channel, say(0, "c", "oi", id="1"), say(1, "c", "*Rita:* olá", id="2"))
    told = [say(0, "c", "oi", id="1"), say(1, "a", "olá", id="2", agent="Rita")]
    assert record(channel, *told).updated == 1
    assert write_conversations() == ["Celia 0–1 2/1 agent Rita first 60 rating None | c:oi / a:olá(60s)"]
    guess = record_messages(channel, [say(0, "c", "oi", id="1"), say(1, "c", "*Rita:* olá", id="2")], is_side_sure=False, as_of=LATER)
    assert (guess.known, guess.updated) == (2, 0)


def test_the_analysis_of_what_was_taken_back_or_never_said_goes_with_it(channel: Channel) -> None:
    record(channel, say(0, "c", "a", id="1"), say(1, "c", "b", id="2"), say(2, "c", "c", id="3"))
    MessageAnalysis.objects.bulk_create(
        MessageAnalysis(
            message=message, analyser="x", analyser_version="1", analysed_at=NOON, text_hash="h", sentiment="neutral",
            sentiment_score=0, emotion="neutral", tone="neutral",
        )
        for message in Message.objects.all()
    )  # fmt: skip
    record(channel, say(0, "c", "a", id="1"), say(1, "c", id="2", is_deleted=True), say(2, "a", "c", id="3"))
    assert list(MessageAnalysis.objects.values_list("message__provider_id", flat=True)) == ["1"]


def test_people_are_made_once(channel: Channel) -> None:
    group = [
        IncomingMessage(
            provider_id=f"g{number}",
            chat_key="group:predio",
            chat_name="Prédio",
            is_group=True,
            author="customer",
            sender_name=name,
            sender_phone=phone,
            sent_at=NOON + timedelta(minutes=number),
        )
        for number, (name, phone) in enumerate([("Bia", None), ("+55 11 91234-5678", "5511912345678"), ("BIA", None)])
    ]
    record(channel, *group, say(0, "c", chat="5511912345678"), say(1, "a", agent="Rita Lopes"), say(2, "a", agent="rita lopes"))
    identities = ContactIdentity.objects.order_by("kind", "value").values_list("kind", "value", "contact__name")
    assert list(identities) == [
        ("name", "bia", "Bia"),
        ("name", "celia", "Celia"),
        ("name", "group:predio", "Prédio"),
        ("phone", "5511912345678", "+55 11 91234-5678"),
    ]
    assert list(Agent.objects.values_list("name", flat=True)) == ["Rita Lopes"]
    writers = Message.objects.filter(chat_key="group:predio").order_by("sent_at").values_list("contact__name", flat=True)
    assert list(writers) == ["Bia", "+55 11 91234-5678", "Bia"]
    assert Conversation.objects.get(chat_key="group:predio").contact.name == "Prédio"


def test_a_contact_known_by_its_number_gets_its_name(channel: Channel) -> None:
    record(channel, say(0, "c", chat="5511912345678"))
    named = say(1, "c", chat="5511912345678")
    record(channel, IncomingMessage(**{name: getattr(named, name) for name in named.__slots__} | {"chat_name": "Bia"}))
    assert list(Contact.objects.values_list("name", flat=True)) == ["Bia"]


def test_lines_that_nobody_sent_are_left_out(channel: Channel) -> None:
    system = IncomingMessage(
        provider_id="s", chat_key="celia", chat_name="Celia", author="system", sender_name="", sent_at=NOON, kind="system"
    )
    assert record(channel, system) == Recorded()


def test_queries_do_not_grow_with_the_messages(channel: Channel, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def make(count: int, chat: str) -> list[IncomingMessage]:
        return [say(number * 7, "ac"[number % 2], f"texto {number}", chat=chat, agent="Rita") for number in range(count)]

    record(channel, say(0, "a", chat="x", agent="Rita"))
    with django_assert_num_queries(12):
        record(channel, *make(3, "tres"))
    with django_assert_num_queries(12):
        record(channel, *make(300, "trezentos"))
    with django_assert_num_queries(5):
        record(channel, *make(300, "trezentos"))


def test_batches_keep_minutes_whole() -> None:
    messages = [say(minute, "c", id=str(number)) for number, minute in enumerate([0, 0.1, 0.2, 0.3, 1, 2, 3, 4])]
    assert [len(batch) for batch in split_batches(messages, size=2)] == [4, 2, 2]


TEXTS = st.sampled_from(
    [
        "oi",
        "chegou quebrado",
        "tchau",
        "obrigada!",
        "👍",
        "5",
        "quero 5 unidades",
        "De 1 a 5, que nota você dá?",
        "vou verificar",
        "trocamos",
    ]
)
MESSAGES = st.lists(st.tuples(st.integers(0, 200), st.sampled_from("ca"), TEXTS, st.sampled_from(["Rita", "Nei"])), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MESSAGES, st.randoms(use_true_random=False), st.integers(1, 6))
def test_any_order_and_any_repetition_give_what_all_at_once_gives(
    channel: Channel, drawn: list[tuple[int, str, str, str]], random: object, pieces: int
) -> None:
    """A step is 37 minutes, so that twenty of them exceed the gap and one of them a goodbye's half hour."""
    messages = [
        say(step * 37, who, text, id=f"m{number}", agent=agent if who == "a" else None)
        for number, (step, who, text, agent) in enumerate(drawn)
    ]
    empty()
    record(channel, *messages)
    at_once = write_conversations()
    empty()
    told = messages + random.sample(messages, k=len(messages) // 2)  # type: ignore[attr-defined]
    random.shuffle(told)  # type: ignore[attr-defined]
    for piece in cut(told, pieces):
        record(channel, *piece)
    assert write_conversations() == at_once


def test_a_group_that_never_falls_silent_is_cut_and_stays_cut_the_same(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.episodes.MAX_MESSAGES", 10)
    messages = [say(minute, "c", str(minute)) for minute in range(0, 35 * 60, 60)]
    record(channel, *messages)
    at_once = write_conversations()
    assert len(at_once) == 4
    empty()
    for message in [*messages[1::2], *messages[::2]]:
        record(channel, message)
    assert write_conversations() == at_once


def test_a_message_that_moves_every_later_cut_is_followed_to_the_last_of_them(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message each six hours for ten days, cut after ten: one more at the beginning moves cuts far beyond what is near to it."""
    monkeypatch.setattr("ingestion.episodes.MAX_MESSAGES", 10)
    messages = [say(hour * 60, "c", str(hour)) for hour in range(0, 240, 6)]
    late = say(30, "c", "late")
    record(channel, *messages, late)
    at_once = write_conversations()
    empty()
    record(channel, *messages)
    record(channel, late)
    assert write_conversations() == at_once
    assert [conversation.message_count for conversation in Conversation.objects.order_by("started_at")] == [10, 10, 10, 10, 1]


def empty() -> None:
    Message.objects.all().delete()
    Conversation.objects.all().delete()


def cut(told: list[IncomingMessage], pieces: int) -> Iterable[list[IncomingMessage]]:
    return (told[number::pieces] for number in range(pieces))


def test_batches_follow_one_another_in_one_call(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_module, "BATCH_MESSAGES", 3)
    messages = [say(minute, "c") for minute in range(10)]
    assert (record(channel, *messages).new, record(channel, *messages).known) == (10, 10)
    assert Conversation.objects.get().message_count == 10
