"""The whole way, over the stand-in gateway: a message told by webhook, its answer sent, and WhatsApp's acknowledgements followed."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from bots.tests.conftest import Road
from bots.tests.wire import Wire, wiring
from core.models import Message, OutgoingMessage, SupervisorMessage, User, UserPhone
from core.tenancy import scope
from tests.gateway.faults import Faults
from tests.gateway.server import wait_for

ALICE, STRANGER, CHARLIE = "551177776666", "5511955554444", "5511944443333"


@pytest.fixture
def wire(road: Road) -> Iterator[Wire]:
    with wiring(road) as wire:
        yield wire


def test_a_supervisors_question_goes_there_and_back(wire: Wire) -> None:
    road = wire.road
    (hello,) = wire.say(ALICE, "oi")
    assert (hello[0], hello[1][:11]) == ("5511977776666", "Oi, *Alice*")
    (answer,) = wire.say(ALICE, "quantas conversas houve em novembro de 2026?")
    assert "houve 1 conversa" in answer[1]
    with scope(road.tenant.id):
        assert sorted(SupervisorMessage.objects.exclude(provider_id="ask-0").values_list("text", "state")) == [
            ("oi", "answered"), ("quantas conversas houve em novembro de 2026?", "answered"),
        ]  # fmt: skip
        assert [(one.state, one.attempts, one.error) for one in OutgoingMessage.objects.all()] == [("delivered", 1, "")] * 2
        # Neither the question nor the answer is a customer's conversation.
        assert Message.objects.filter(text__contains="quantas conversas").count() == 0
        assert Message.objects.count() == 3


def test_an_unknown_number_and_the_other_tenants_supervisor_learn_nothing(wire: Wire) -> None:
    with scope(wire.road.cast.other_tenant.id):
        UserPhone.objects.create(user=User.objects.get(), phone=CHARLIE, verified_at=timezone.now())
    for phone in (STRANGER, CHARLIE):
        for text in ("oi", "como está a satisfação?", "1", "parar"):
            assert wire.say(phone, text) == []
    with scope(wire.road.tenant.id):
        assert not OutgoingMessage.objects.exists()
        assert SupervisorMessage.objects.count() == 1
        assert Message.objects.filter(author="customer", text="como está a satisfação?").count() == 2


def test_an_acknowledgement_that_says_error_is_shown(wire: Wire) -> None:
    wire.road.gateway.set_faults(Faults(ack_errors=1))
    wire.say(ALICE, "oi")
    with scope(wire.road.tenant.id):
        assert [(one.state, one.error != "") for one in OutgoingMessage.objects.all()] == [("failed", True)]


def test_the_gateway_is_told_that_it_was_read_and_is_being_answered(wire: Wire) -> None:
    wire.say(ALICE, "oi")
    with scope(wire.road.tenant.id):
        asked = SupervisorMessage.objects.get(text="oi").provider_id
    wait_for(lambda: asked in wire.road.gateway.get_tally()["marked_read"], what="blue ticks")
