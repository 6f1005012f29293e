"""Who hears what: another tenant's people learn nothing, and workers that meet answer each question once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from assistant.models import Turn
from assistant.tests.shop import CLOCK
from bots import hear
from bots.models import BotTalk
from bots.tests.test_hear import ALICE, Phone, make_phone
from bots.tests.test_hear import phone as phone
from bots.tests.test_hear import silent_signals as silent_signals
from core.models import Channel, Conversation, OutgoingMessage, SupervisorMessage
from core.tenancy import scope
from tests.cast import OUTSIDER_MARK
from tests.gateway.server import Gateway


def test_a_number_can_not_open_what_is_another_tenants(phone: Phone) -> None:
    with scope(phone.road.cast.other_tenant.id):
        foreign = {
            "conversation": str(Conversation.objects.get().id),
            "turn": str(Turn.objects.get().id),
            "channel": str(Channel.objects.get().id),
        }
    plans: list[dict[str, Any]] = [
        {"do": "conversation", "conversation_id": foreign["conversation"]},
        {"do": "messages", "turn_id": foreign["turn"]},
        {"do": "channel", "channel_id": foreign["channel"]},
        {"do": "away"},
    ]
    for plan in plans:
        with scope(phone.road.tenant.id):
            BotTalk.objects.update_or_create(user=phone.user, channel=phone.road.channel, defaults={"choices": {"1": plan}})
        (said,) = phone.say("1")
        assert OUTSIDER_MARK not in said
        assert said.startswith(("Não encontramos o que você pediu.", "Isso não está mais disponível."))


def test_the_other_tenants_supervisor_hears_of_the_other_tenant_alone(phone: Phone) -> None:
    other = phone.road.cast.other_tenant
    with scope(other.id):
        message = SupervisorMessage.objects.create(
            user=phone.road.cast.charlie, channel=Channel.objects.get(), provider_id="ask-1", chat=ALICE, sent_at=phone.clock(),
            text="como está a satisfação esta semana?",
        )  # fmt: skip
    assert hear.hear_waiting(str(other.id), now=phone.clock) == 1
    with scope(other.id):
        reply = OutgoingMessage.objects.get(key=hear.make_answer_key(message))
    assert reply.text.startswith("Esta semana, até hoje, a satisfação está em *2,0* (só 1 conversa).")
    assert phone.receive() == []


def test_task_names(phone: Phone, queued: list[str]) -> None:
    from bots.tasks import task_hear, task_send

    phone.write("oi", sent_at=timezone.now())
    assert task_hear(str(phone.road.tenant.id), "an id") == 1
    phone.clock.at = timezone.now() + timedelta(seconds=1)
    assert task_send(str(phone.road.tenant.id)) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_answer_each_question_once(gateway: Gateway) -> None:
    phone = make_phone(gateway)
    for number in range(6):
        phone.write("quantas conversas houve na semana passada?", sent_at=CLOCK + timedelta(seconds=number))
    phone.clock.pass_by(seconds=30)

    def work() -> None:
        try:
            hear.hear_waiting(str(phone.road.tenant.id), now=phone.clock)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(phone.receive()) == 6
    with scope(phone.road.tenant.id):
        assert sorted(Turn.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
