"""An answer says what its period lacks: messages that the gateway has and we do not, and channels that are cut off.

The ledger, by hand (see `shop.py`: asked on Friday 20 November, 15:30; last week is 9–15, this week 16–20):

    Norte     11 Nov: 2 missing    13 Nov: 5 missing    17 Nov: 1 missing      disconnected since 19 Nov 14:00
    Suporte   12 Nov: 0 missing                                                connected
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.compose.composed import compose
from assistant.compose.numbers import Language
from assistant.execute import execute
from assistant.plan import Filters, Plan
from assistant.tests.shop import MOMENT, ZONE, Shop
from assistant.tests.shop import shop as shop
from core.models import Channel, ChannelDay, GatewayConnection
from core.periods import Period
from core.tenancy import scope

LAST_WEEK = Period(date(2026, 11, 9), date(2026, 11, 15))
THIS_WEEK = Period(date(2026, 11, 16), date(2026, 11, 20))


@pytest.fixture
def ledger(shop: Shop) -> Shop:
    with scope(shop.tenant.id):
        north, support = Channel.objects.get(name="Norte"), Channel.objects.get(name="Suporte")
        for channel, day, missing in ((north, 11, 2), (north, 13, 5), (north, 17, 1), (support, 12, 0)):
            ChannelDay.objects.create(channel=channel, on=date(2026, 11, day), expected=20, received=20 - missing, missing=missing)
        cut_at = datetime(2026, 11, 19, 14, 0, tzinfo=ZoneInfo(ZONE))
        for channel, state in ((north, "closed"), (support, "open")):
            GatewayConnection.objects.create(
                channel=channel, base_url="http://127.0.0.1:1", instance=channel.name, state=state, state_at=cut_at
            )
    return shop


def ask(shop: Shop, period: Period, *, channel: tuple[str, ...] = (), language: Language = "pt") -> list[str]:
    plan = Plan(intent="metric", metrics=("conversations",), period=period, filters=Filters(channel=channel))
    with scope(shop.tenant.id):
        return compose(execute(shop.manager, plan, moment=MOMENT), language=language, moment=MOMENT).notes


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt", "7 mensagens do canal Norte entre 11/11 e 13/11 ainda não chegaram até nós; os números podem mudar quando chegarem."),
        ("en", "7 messages of the channel Norte between Nov 11 and Nov 13 have not reached us yet; the numbers may change when they do."),
        ("es", "7 mensajes del canal Norte entre el 11/11 y el 13/11 todavía no nos llegaron; los números pueden cambiar cuando lleguen."),
    ],
)
def test_missing_messages_are_told(ledger: Shop, language: Language, said: str) -> None:
    assert ask(ledger, LAST_WEEK, language=language)[0] == said


def test_a_channel_that_is_cut_off_is_told_after_what_is_missing(ledger: Shop) -> None:
    assert ask(ledger, THIS_WEEK)[:2] == [
        "1 mensagem do canal Norte de 17/11 ainda não chegou até nós; os números podem mudar quando chegar.",
        "O canal Norte está sem contato desde 19/11 às 14:00: o que chegou depois ainda não está nestes números.",
    ]


def test_a_period_that_ended_before_the_cut_does_not_lack_what_came_after(ledger: Shop) -> None:
    assert not any("sem contato" in note for note in ask(ledger, LAST_WEEK))


def test_the_holes_of_other_channels_are_not_told(ledger: Shop) -> None:
    assert not any("Norte" in note for note in ask(ledger, THIS_WEEK, channel=("Suporte",)))


def test_an_empty_period_tells_its_holes_as_well(ledger: Shop) -> None:
    with scope(ledger.tenant.id):
        ChannelDay.objects.create(channel=Channel.objects.get(name="Norte"), on=date(2026, 6, 1), expected=3, missing=3)
    notes = ask(ledger, Period(date(2026, 6, 1), date(2026, 6, 1)))
    assert notes[0] == "3 mensagens do canal Norte de 01/06 ainda não chegaram até nós; os números podem mudar quando chegarem."
