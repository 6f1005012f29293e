"""The daily briefing: at its hour, once a day, with the product's own figures."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant import answer
from assistant.models import VerifiedQuestion
from assistant.tests.shop import CLOCK, ZONE, Shop
from assistant.tests.shop import shop as shop
from assistant.verified import verify
from bots.briefing import send_briefings, write_briefing
from bots.models import Subscription
from bots.tests.conftest import Clock
from core.models import Channel, ChannelDay, GatewayConnection, OutgoingMessage, Role, User, UserPhone
from core.tenancy import scope, unscoped_directory

FRIDAY = datetime(2026, 11, 20, 8, 5, tzinfo=ZoneInfo(ZONE))


@pytest.fixture
def subscribed(shop: Shop) -> Shop:
    with scope(shop.tenant.id):
        channel = Channel.objects.get(name="Suporte")
        GatewayConnection.objects.create(channel=channel, base_url="http://127.0.0.1:1", instance="loja", state="open")
        UserPhone.objects.create(user=shop.manager, phone="5511977776666", verified_at=FRIDAY)
        Subscription.objects.create(user=shop.manager, kind="briefing", hour=8)
    return shop


BRIEFINGS = {
    "pt": (
        "Bom dia, *Alice*! *Casa Lua* em resumo:\n\n"
        "*Ontem*: 3 conversas (+1) · satisfação *3,33* (−1,17)\n"
        "*Semana até ontem*: 14 conversas (+4) · satisfação *3,0* (−1,00)\n"
        "O que mais pesou foi o canal *Norte*: a satisfação ali foi de 4,25 (só 4 conversas) para 1,43 (7 conversas).\n"
        "Valem uma ligação: *Lívia Ferraz* (nota 1), *Patrícia Gomes* (nota 1), *Sérgio Barros* (nota 1)\n"
        "_Mudanças em relação à semana anterior._\n\n"
        "Responda com o número:\n*1* Resumo de ontem\n*2* Resumo desta semana\n*3* Quais conversas estão sem resposta?"
    ),
}


def test_what_it_says(subscribed: Shop) -> None:
    """Thursday 19: notes 4 1 5, a week before 5 4; Monday to Thursday, as `shop.py` adds up: 42 / 14 and 40 / 10."""
    with scope(subscribed.tenant.id):
        shaped = write_briefing(subscribed.manager, now=FRIDAY)
    assert shaped is not None
    assert shaped.text == BRIEFINGS["pt"]
    assert [plan["question"] for plan in shaped.choices.values()] == [
        "Resumo de ontem", "Resumo desta semana", "Quais conversas estão sem resposta?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Good morning, *Alice*! *Casa Lua* in brief:", "*Yesterday*: 3 conversations (+1) · satisfaction *3.33* (−1.17)"]),
        ("es", ["¡Buenos días, *Alice*! *Casa Lua* en resumen:", "*Ayer*: 3 conversaciones (+1) · satisfacción *3,33* (−1,17)"]),
    ],
)
def test_in_other_languages(subscribed: Shop, language: str, lines: list[str]) -> None:
    with scope(subscribed.tenant.id):
        User.objects.filter(id=subscribed.manager.id).update(language=language)
        shaped = write_briefing(User.objects.get(id=subscribed.manager.id), now=FRIDAY)
    assert shaped is not None
    assert [line for line in shaped.text.splitlines() if line][:2] == lines


def test_a_hole_is_told(subscribed: Shop) -> None:
    with scope(subscribed.tenant.id):
        ChannelDay.objects.create(channel=Channel.objects.get(name="Norte"), on=date(2026, 11, 19), expected=9, received=5, missing=4)
        shaped = write_briefing(subscribed.manager, now=FRIDAY)
    assert shaped is not None
    assert "⚠ 4 mensagens do canal Norte de 19/11 ainda não chegaram até nós" in shaped.text


def test_those_who_lead_are_told_of_verified_questions_that_need_a_look(subscribed: Shop) -> None:
    answered = answer.run(subscribed.manager, question="Qual a satisfação por canal na semana passada?", clock=CLOCK)
    with scope(subscribed.tenant.id):
        verify(subscribed.manager, answered.turn_id)
        VerifiedQuestion.objects.update(state="drifted")
        told = write_briefing(subscribed.manager, now=FRIDAY)
        User.objects.filter(id=subscribed.manager.id).update(role=Role.SUPERVISOR)
        untold = write_briefing(User.objects.get(id=subscribed.manager.id), now=FRIDAY)
    assert told is not None and untold is not None
    line = "⚠ 1 pergunta verificada precisa ser revista: não vale mais, ou seus números mudaram."
    assert (line in told.text.splitlines(), line in untold.text.splitlines()) == (True, False)


def test_on_monday_the_week_is_the_last_one(subscribed: Shop) -> None:
    with scope(subscribed.tenant.id):
        shaped = write_briefing(subscribed.manager, now=FRIDAY + timedelta(days=3))
    assert shaped is not None
    assert shaped.text.splitlines()[2:4] == [
        "*Ontem*: nenhuma conversa",
        "*Semana até ontem*: 18 conversas (+4) · satisfação *3,0* (−0,79)",
    ]
    assert shaped.text.splitlines()[4] == (
        "O que mais pesou foi o canal *Norte*: a satisfação ali foi de 4,2 (5 conversas) para 1,5 (8 conversas)."
    )
    assert shaped.choices["2"]["question"] == "Resumo da semana passada"


def test_of_nothing_there_is_nothing_to_tell(subscribed: Shop) -> None:
    with scope(subscribed.tenant.id):
        assert write_briefing(subscribed.manager, now=FRIDAY + timedelta(days=30)) is None


def test_it_comes_at_its_hour_once_a_day(subscribed: Shop) -> None:
    clock = Clock(FRIDAY.replace(hour=7, minute=59))
    written = []
    for minutes in (0, 1, 5, 60, 180, 60 * 24 - 180, 60 * 4):
        clock.pass_by(minutes=minutes)
        written.append(send_briefings(str(subscribed.tenant.id), now=clock))
    assert written == [0, 1, 0, 0, 0, 1, 0]
    with scope(subscribed.tenant.id):
        keys = sorted(OutgoingMessage.objects.values_list("key", flat=True))
    assert [key[-10:] for key in keys] == ["2026-11-20", "2026-11-21"]


def test_a_morning_that_was_missed_is_not_made_up_for(subscribed: Shop) -> None:
    assert send_briefings(str(subscribed.tenant.id), now=Clock(FRIDAY.replace(hour=12, minute=1))) == 0


def test_who_may_not_ask_gets_none(subscribed: Shop) -> None:
    with unscoped_directory(reason="test"):
        User.objects.filter(id=subscribed.manager.id).update(role="operator")
    assert send_briefings(str(subscribed.tenant.id), now=Clock(FRIDAY)) == 0
