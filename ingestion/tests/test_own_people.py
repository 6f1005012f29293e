"""What our own people ask and what we ourselves send: kept apart from what customers say."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.models import (
    Channel,
    ChannelDay,
    GatewayConnection,
    Message,
    OutgoingMessage,
    PendingChange,
    Role,
    SupervisorMessage,
    User,
    UserPhone,
)
from core.phones import find_verified_users
from core.tenancy import unscoped_directory
from ingestion import process
from ingestion.inbox import store_event
from ingestion.process import process_batch
from ingestion.tests.evolution.payloads import MARIANA, SECONDS, envelope, jid, key, lid, text

ALICE, ALICE_LID = "5511977776666", "77700011122233"
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ASKED_BY_ALICE: dict[str, Any] = {"remote": jid("551177776666")}  # WhatsApp knows her phone without its ninth digit


@pytest.fixture
def alice(channel: Channel) -> User:
    """A manager whose phone is verified, on a channel that answers."""
    with unscoped_directory(reason="tests"):
        user = User.objects.create_user("alice@casalua.example", None, tenant_id=channel.tenant_id, name="Alice", role=Role.MANAGER)
    UserPhone.objects.create(user=user, phone=ALICE, verified_at=NOW)
    GatewayConnection.objects.create(channel=channel, base_url="https://evo.example", instance="casa-lua")
    return user


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    tasks: list[tuple[str, ...]] = []
    monkeypatch.setattr(process, "queue_task", lambda *named, priority: tasks.append(named))
    return tasks


def tell(channel: Channel, data: Any, *, event: str = "messages.upsert", road: str = "socket") -> None:
    store_event(channel.id, road=road, name=event, payload=envelope(data, event=event))
    assert process_batch(str(channel.tenant_id), channel.id) == 1


def read_questions() -> list[tuple[str, str, str, str]]:
    return list(SupervisorMessage.objects.order_by("sent_at", "provider_id").values_list("provider_id", "chat", "kind", "text"))


def read_messages() -> list[str]:
    return list(Message.objects.order_by("provider_id").values_list("provider_id", flat=True))


def write(channel: Channel, text: str, *, to: str = ALICE, id: str = "", state: str = "sending", **more: Any) -> OutgoingMessage:  # noqa: A002
    return OutgoingMessage.objects.create(
        channel=channel, to=to, purpose="answer", key=f"{text}-{id}", text=text, provider_id=id, state=state, not_before_at=NOW, **more
    )


def test_a_question_is_kept_as_one_and_is_no_message(
    channel: Channel, alice: User, heard: list[tuple[str, ...]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(channel, text("como foi ontem?", key=key("3EB0S1", **ASKED_BY_ALICE)))
        tell(channel, text("cadê meu pedido?"))
    [question] = SupervisorMessage.objects.all()
    assert (question.user_id, question.chat, question.text, question.sent_at, question.state) == (
        alice.id,
        ALICE,
        "como foi ontem?",
        NOW,
        "waiting",
    )
    assert read_messages() == ["3EB0A1"]
    assert heard == [("bots.tasks.task_hear", str(channel.tenant_id), str(question.id))]
    assert list(ChannelDay.objects.values_list("received", "duplicates")) == [(1, 0)]


def test_a_question_told_again_is_asked_once(
    channel: Channel, alice: User, heard: list[tuple[str, ...]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(channel, text("como foi ontem?", key=key("3EB0S1", **ASKED_BY_ALICE)))
        tell(channel, text("como foi ontem?", source="web", key=key("3EB0S1", **ASKED_BY_ALICE)))
        tell(channel, text("como foi ontem?", key=key("3EB0S1", **ASKED_BY_ALICE)), event="messages.stored", road="read_back")
    assert (len(read_questions()), len(heard), read_messages()) == (1, 1, [])


def test_our_side_of_that_chat_is_kept_nowhere(channel: Channel, alice: User) -> None:
    tell(channel, text("3 conversas", key=key("3EB0T1", ours=True, **ASKED_BY_ALICE)), event="send.message")
    tell(channel, {"keyId": "3EB0S1", "remoteJid": jid(ALICE), "fromMe": False, "status": "READ"}, event="messages.update")
    assert (read_questions(), read_messages()) == ([], [])


def test_the_hidden_id_of_a_verified_phone_is_learnt(channel: Channel, alice: User) -> None:
    tell(channel, text("um", key=key("3EB0S1", remote=lid(ALICE_LID))))
    assert (read_questions(), read_messages()) == ([], ["3EB0S1"]), "an id that nobody is known by is a customer's"
    tell(channel, text("dois", key=key("3EB0S2", remote=lid(ALICE_LID), remoteJidAlt=jid(ALICE))))
    assert UserPhone.objects.get().lid == ALICE_LID
    tell(channel, text("três", key=key("3EB0S3", remote=lid(ALICE_LID)), at=SECONDS + 1))
    assert read_questions() == [("3EB0S2", ALICE, "text", "dois"), ("3EB0S3", f"lid:{ALICE_LID}", "text", "três")]


@pytest.mark.parametrize(
    "change",
    [
        lambda: UserPhone.objects.update(verified_at=None),
        lambda: UserPhone.objects.update(phone="5511966665555"),
        lambda: User.objects.filter(name="Alice").update(is_active=False),
    ],
    ids=["not verified", "another phone", "no longer with us"],
)
def test_anybody_elses_phone_is_a_customers(channel: Channel, alice: User, change: Any) -> None:
    change()
    tell(channel, text("oi", key=key("3EB0S1", **ASKED_BY_ALICE)))
    assert (read_questions(), read_messages()) == ([], ["3EB0S1"])


def test_a_channel_that_answers_nobody_hears_no_questions_and_makes_no_customer_of_a_colleague(channel: Channel, alice: User) -> None:
    GatewayConnection.objects.update(answers_people=False)
    tell(channel, text("oi", key=key("3EB0S1", **ASKED_BY_ALICE)))
    assert (read_questions(), read_messages()) == ([], [])


def test_who_a_chat_belongs_to(channel: Channel, alice: User) -> None:
    UserPhone.objects.update(lid=ALICE_LID)
    asked = [ALICE, MARIANA, f"lid:{ALICE_LID}", "lid:1", "lid:", "120363@g.us", ""]
    assert find_verified_users(asked) == {ALICE: alice.id, f"lid:{ALICE_LID}": alice.id}
    assert find_verified_users([]) == {}


# -- what we send ourselves ----------------------------------------------------------------------------------------------


def test_a_code_to_a_phone_that_is_not_verified_yet_is_no_message(channel: Channel, alice: User) -> None:
    UserPhone.objects.update(verified_at=None)
    write(channel, "*EvoSense* seu código: 123456", to=ALICE)
    sent = text("*EvoSense*  seu código: 123456", key=key("3EB0T1", ours=True, **ASKED_BY_ALICE))
    tell(channel, sent, event="send.message")
    assert read_messages() == []


def test_what_we_sent_is_known_by_its_id_once_we_know_that(channel: Channel, alice: User) -> None:
    write(channel, "", to=MARIANA, id="3EB0T1", state="sent")
    tell(channel, text("qualquer coisa", key=key("3EB0T1", ours=True)), event="send.message")
    assert read_messages() == []


def test_the_same_words_to_another_chat_are_an_agents(channel: Channel, alice: User) -> None:
    write(channel, "bom dia", to=ALICE)
    write(channel, "", to=MARIANA)  # a picture without words
    tell(channel, text("bom dia", key=key("3EB0B1", ours=True)))
    tell(channel, {**text(""), "message": {"imageMessage": {}}, "messageType": "imageMessage", "key": key("3EB0B2", ours=True)})
    tell(channel, text("bom dia", key=key("3EB0B3")))
    assert read_messages() == ["3EB0B1", "3EB0B2", "3EB0B3"]


# From which state news of a delivery leads where: it only rises, and a failure is no news of what got there.
@pytest.mark.parametrize(
    ("before", "status", "after"),
    [
        ("sending", "SERVER_ACK", "sent"),
        ("uncertain", "SERVER_ACK", "sent"),
        ("sent", "DELIVERY_ACK", "delivered"),
        ("delivered", "READ", "read"),
        ("sent", "PLAYED", "read"),
        ("read", "DELIVERY_ACK", "read"),
        ("delivered", "SERVER_ACK", "delivered"),
        ("sent", "ERROR", "failed"),
        ("delivered", "ERROR", "delivered"),
        ("failed", "DELIVERY_ACK", "delivered"),
        ("sent", "PENDING", "sent"),
    ],
)
def test_what_we_sent_is_followed(channel: Channel, alice: User, before: str, status: str, after: str) -> None:
    sent = write(channel, "3 conversas", id="3EB0T1", state=before)
    tell(channel, {"keyId": "3EB0T1", "remoteJid": jid(ALICE), "fromMe": True, "status": status}, event="messages.update")
    sent.refresh_from_db()
    assert (sent.state, bool(sent.error)) == (after, after == "failed")
    assert (sent.settled_at is not None) == (before != after)
    assert PendingChange.objects.count() == 0


def test_what_came_before_we_knew_the_id_is_kept_for_then(channel: Channel, alice: User) -> None:
    write(channel, "3 conversas")
    tell(channel, {"keyId": "3EB0T1", "remoteJid": jid(ALICE), "fromMe": True, "status": "READ"}, event="messages.update")
    assert list(PendingChange.objects.values_list("provider_id", "value")) == [("3EB0T1", "read")]


def test_a_question_that_is_edited_or_taken_back_leaves_nothing_waiting(channel: Channel, alice: User) -> None:
    tell(channel, text("como foi?", key=key("3EB0S1", **ASKED_BY_ALICE)))
    tell(channel, key("3EB0S1", **ASKED_BY_ALICE), event="messages.delete")
    assert PendingChange.objects.count() == 0
