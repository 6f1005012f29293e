"""Alerts from what is stored: each told once to those who asked, waiting in quiet hours, over when it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bots import alerts
from bots.hear import hear_waiting
from bots.models import Alert, BotTalk, Subscription
from bots.outbox import send_due
from bots.tests.conftest import Clock, Road
from core.models import (
    Agent,
    Channel,
    Contact,
    Conversation,
    ConversationAnalysis,
    GatewayConnection,
    Message,
    MessageAnalysis,
    OutgoingMessage,
    SupervisorMessage,
)
from core.tenancy import scope
from tests.cast import OUTSIDER_MARK

# Friday, 20 November 2026, 15:30 in São Paulo.
AT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
ALICE = "5511977776666"
ANALYSIS: dict[str, Any] = {"analyser": "t", "analyser_version": "1", "analysed_at": AT}


@pytest.fixture
def watched(road: Road) -> Iterator[Road]:
    """Alice wants every alert; the shop's past is empty."""
    with scope(road.tenant.id):
        Conversation.objects.all().delete()
        Message.objects.all().delete()
        Alert.objects.all().delete()
        for kind in ("satisfaction", "losing", "silent"):
            Subscription.objects.create(user=road.alice, kind=kind)
        yield road


def add_conversations(road: Road, *, at: datetime, notes: list[int]) -> None:
    contact = Contact.objects.first()
    made = [
        Conversation(channel=road.channel, contact=contact, chat_key="x", started_at=at + timedelta(seconds=place), last_message_at=at)
        for place in range(len(notes))
    ]
    Conversation.objects.bulk_create(made)
    ConversationAnalysis.objects.bulk_create(
        ConversationAnalysis(conversation=conversation, revision=1, satisfaction=note, score=note, is_resolved=True, **ANALYSIS)
        for conversation, note in zip(made, notes, strict=True)
    )  # fmt: skip


def read_alerts() -> list[tuple[str, bool]]:
    return [(alert.key, alert.ended_at is not None) for alert in Alert.objects.order_by("raised_at", "key")]


def read_texts() -> list[str]:
    return list(OutgoingMessage.objects.filter(purpose="alert").order_by("created_at").values_list("text", flat=True))


def test_a_fall_is_told_once_and_ends_when_it_is_over(watched: Road) -> None:
    for day in range(1, 63):
        add_conversations(watched, at=AT - timedelta(days=day, hours=2), notes=[4] * 16 + [5] * 3 + [3] * (1 + day % 3))
    add_conversations(watched, at=AT - timedelta(hours=3), notes=[2] * 12 + [4] * 8)
    steps = [alerts.watch_satisfaction(AT + timedelta(minutes=minutes)) for minutes in (0, 10, 20)]
    assert steps == [1, 0, 0]
    assert read_alerts() == [("satisfaction:2026-11-20:day", False)]
    (text,) = read_texts()
    assert text == (
        "⚠ *A satisfação caiu*: *2,8* nas últimas 24 horas, em 20 conversas. O usual é *4,05*.\n\n"
        "Responda com o número:\n*1* Por quê?\n\n_Escreva parar para não receber avisos._"
    )
    assert alerts.watch_satisfaction(AT + timedelta(days=2)) == 0
    assert read_alerts() == [("satisfaction:2026-11-20:day", True)]


def test_a_usual_day_is_not_told(watched: Road) -> None:
    for day in range(63):
        add_conversations(watched, at=AT - timedelta(days=day, hours=2), notes=[4] * 16 + [5] * 3 + [3] * (1 + day % 3))
    assert alerts.watch_satisfaction(AT) == 0


def add_waiting(road: Road, *, name: str, waits_minutes: float, note: int | None, emotion: str = "neutral", **more: Any) -> Conversation:
    since = AT - timedelta(minutes=waits_minutes)
    conversation = Conversation.objects.create(
        channel=road.channel, contact=Contact.objects.create(name=name), agent=Agent.objects.first(), chat_key=name,
        started_at=since, last_message_at=since, waiting_since_at=since, **more,
    )  # fmt: skip
    message = Message.objects.create(
        channel=road.channel, conversation=conversation, contact=conversation.contact, provider_id=name, chat_key=name, author="customer",
        text="cadê?", sent_at=since,
    )  # fmt: skip
    MessageAnalysis.objects.create(
        message=message, text_hash=name, sentiment="neutral" if emotion == "neutral" else "negative", sentiment_score=0, emotion=emotion,
        tone="neutral", **ANALYSIS,
    )  # fmt: skip
    if note is not None:
        facts = {"satisfaction": note, "score": note, "is_resolved": False}
        ConversationAnalysis.objects.create(conversation=conversation, revision=1, **facts, **ANALYSIS)
    return conversation


def test_who_is_about_to_be_lost(watched: Road) -> None:
    """The reply limit is 60 minutes."""
    add_waiting(watched, name="Lívia *Ferraz*", waits_minutes=75, note=1)
    add_waiting(watched, name="Roberto Tanaka", waits_minutes=61, note=None, emotion="anger")
    for name, minutes, note, emotion, more in (
        ("within the limit", 59, 1, "anger", {}),
        ("content", 300, 4, "joy", {}),
        ("lost long ago", 49 * 60, 1, "anger", {}),
        ("a group", 75, 1, "anger", {"is_group": True}),
    ):
        add_waiting(watched, name=name, waits_minutes=minutes, note=note, emotion=emotion, **more)
    assert [alerts.watch_losing(AT), alerts.watch_losing(AT + timedelta(minutes=1))] == [2, 1]
    assert [text.splitlines()[0] for text in read_texts()] == [
        "⚠ *Lívia ∗Ferraz∗* espera resposta há *1\u00a0h\u00a015\u00a0min*, com descontentamento (Suporte, Ana Souza).",
        "⚠ *Roberto Tanaka* espera resposta há *1\u00a0h\u00a001\u00a0min*, com descontentamento (Suporte, Ana Souza).",
        "⚠ *within the limit* espera resposta há *1\u00a0h*, com descontentamento (Suporte, Ana Souza).",
    ]
    Conversation.objects.filter(contact__name="Roberto Tanaka").update(waiting_since_at=None)
    assert alerts.watch_losing(AT + timedelta(minutes=2)) == 0
    assert [alert.facts["since"][11:16] for alert in Alert.objects.filter(ended_at__isnull=False)] == ["17:29"]


def test_many_at_once_come_a_few_at_a_time(watched: Road) -> None:
    for number in range(7):
        add_waiting(watched, name=f"Cliente {number}", waits_minutes=120 + number, note=1)
    assert [alerts.watch_losing(AT) for _ in range(3)] == [5, 2, 0]


def set_link(state: str, minutes_ago: int) -> None:
    GatewayConnection.objects.update(state=state, state_at=AT - timedelta(minutes=minutes_ago))


@pytest.mark.parametrize(
    ("state", "minutes", "raised"),
    [("closed", 11, 1), ("unreachable", 30, 1), ("silent", 11, 1), ("closed", 9, 0), ("connecting", 90, 0), ("open", 90, 0)],
)
def test_a_link_that_is_cut(watched: Road, state: str, minutes: int, raised: int) -> None:
    set_link(state, minutes)
    assert alerts.watch_silent(AT) == raised


def test_a_channel_that_comes_and_goes_is_told_of_once_in_a_while(watched: Road) -> None:
    raised = []
    for hours, state in ((0, "closed"), (0.1, "closed"), (0.5, "open"), (1, "closed"), (7, "closed")):
        set_link(state, 20)
        raised.append(alerts.watch_silent(AT + timedelta(hours=hours)))
    assert raised == [1, 0, 0, 0, 1]


def test_a_cut_is_told_through_another_channel(watched: Road) -> None:
    set_link("closed", 20)
    second = Channel.objects.create(name="Reserva")
    GatewayConnection.objects.create(channel=second, base_url="http://127.0.0.1:1", instance="reserva", state="open")
    assert alerts.watch_silent(AT) == 1
    assert OutgoingMessage.objects.get(purpose="alert").channel == second
    assert read_texts()[0].splitlines()[0] == "⚠ O canal *Suporte* parou: desconectado do WhatsApp, desde 20/11 às 15:10."


def test_a_channel_that_is_quiet_when_it_usually_is_not(watched: Road) -> None:
    conversation = add_waiting(watched, name="Bia", waits_minutes=60 * 24 * 40, note=4)
    for week in (1, 2, 3, 4):
        for number in range(10):
            Message.objects.create(
                channel=watched.channel, conversation=conversation, provider_id=f"{week}-{number}", chat_key="Bia", author="customer",
                text="oi", sent_at=AT - timedelta(weeks=week, minutes=10 * number),
            )  # fmt: skip
    assert [alerts.watch_silent(AT), alerts.watch_silent(AT + timedelta(minutes=2))] == [1, 0]
    assert read_texts()[0].splitlines()[0] == (
        "⚠ O canal *Suporte* está mudo: nenhuma mensagem há 3 horas; a esta hora são usuais cerca de *10*."
    )
    Message.objects.create(
        channel=watched.channel, conversation=conversation, provider_id="back", chat_key="Bia", author="customer", text="oi",
        sent_at=AT + timedelta(minutes=3),
    )  # fmt: skip
    assert alerts.watch_silent(AT + timedelta(minutes=4)) == 0
    assert [is_over for _, is_over in read_alerts()] == [True]


@pytest.mark.parametrize("change", ["unsubscribed", "stopped", "inactive", "operator", "unproven"])
def test_who_does_not_want_it_or_may_not_know_is_not_told(watched: Road, change: str) -> None:
    user = watched.alice
    if change == "unsubscribed":
        Subscription.objects.filter(kind="silent").update(is_active=False)
    elif change == "stopped":
        BotTalk.objects.update(is_stopped=True)
    elif change == "unproven":
        user.phones.update(verified_at=None)
    else:
        user.is_active, user.role = change != "inactive", "operator" if change == "operator" else user.role
        user.save()
    set_link("unreachable", 20)
    second = Channel.objects.create(name="Reserva")
    GatewayConnection.objects.create(channel=second, base_url="http://127.0.0.1:1", instance="reserva", state="open")
    assert alerts.watch_silent(AT) == 1
    assert read_texts() == []


def test_an_alert_reaches_the_phone_and_its_number_drills_down(watched: Road) -> None:
    add_waiting(watched, name="Lívia Ferraz", waits_minutes=75, note=1)
    clock = Clock(AT)
    assert alerts.watch(str(watched.tenant.id), now=clock) == 1
    send_due(str(watched.tenant.id), now=clock)
    assert [text.splitlines()[0][:20] for _, text in watched.find_sent()] == ["⚠ *Lívia Ferraz* esp"]
    clock.pass_by(minutes=2)
    SupervisorMessage.objects.create(user=watched.alice, channel=watched.channel, provider_id="n1", chat=ALICE, text="1", sent_at=clock())
    hear_waiting(str(watched.tenant.id), now=clock)
    send_due(str(watched.tenant.id), now=clock)
    assert watched.find_sent()[-1][1] == "*Conversa com Lívia* · Suporte\n> *Lívia* 14:15: cadê?"


def test_nothing_of_the_other_tenant_is_told(watched: Road) -> None:
    with_mark = watched.cast.other_tenant
    add_waiting(watched, name="Lívia Ferraz", waits_minutes=75, note=1)
    alerts.watch_losing(AT)
    assert OUTSIDER_MARK not in "".join(read_texts())
    assert with_mark.id != watched.tenant.id
