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
from core.models import Channel, ChannelDay, ChannelOutage, GatewayConnection
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


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt", "Não se sabe se chegou tudo do canal Suporte entre 10/11 e 12/11: o gateway não o confirma."),
        ("en", "It is not known whether all of the channel Suporte between Nov 10 and Nov 12 has come: the gateway does not confirm it."),
        ("es", "No se sabe si llegó todo del canal Suporte entre el 10/11 y el 12/11: el gateway no lo confirma."),
    ],
)  # fmt: skip
def test_days_that_the_gateway_does_not_vouch_for_are_told(ledger: Shop, language: Language, said: str) -> None:
    """Never read back; and read back from a gateway that saves nothing, so that it has fewer than came live."""
    with scope(ledger.tenant.id):
        support = Channel.objects.get(name="Suporte")
        ChannelDay.objects.create(channel=support, on=date(2026, 11, 10), expected=None, received=9)
        ChannelDay.objects.filter(channel=support, on=date(2026, 11, 12)).update(expected=0, received=100)
    assert said in ask(ledger, LAST_WEEK, language=language)


def test_today_may_have_more_than_when_it_was_read_last(ledger: Shop) -> None:
    with scope(ledger.tenant.id):
        support = Channel.objects.get(name="Suporte")
        ChannelDay.objects.create(channel=support, on=date(2026, 11, 20), expected=3, received=9)
    assert not any("Suporte" in note for note in ask(ledger, THIS_WEEK))


def cut_off(shop: Shop, *, is_unlinked: bool = False) -> None:
    """Suporte lost its link from the evening of the 10th until noon of the 12th."""
    with scope(shop.tenant.id):
        ChannelOutage.objects.create(
            channel=Channel.objects.get(name="Suporte"),
            since_at=datetime(2026, 11, 10, 20, 0, tzinfo=ZoneInfo(ZONE)),
            until_at=datetime(2026, 11, 12, 12, 0, tzinfo=ZoneInfo(ZONE)),
            is_unlinked=is_unlinked,
        )


def read_back_days(shop: Shop, *days: int) -> None:
    at = datetime(2026, 11, 12, 12, 5, tzinfo=ZoneInfo(ZONE))
    with scope(shop.tenant.id):
        support = Channel.objects.get(name="Suporte")
        for day in days:
            ChannelDay.objects.update_or_create(
                channel=support, on=date(2026, 11, day), defaults={"expected": 20, "received": 20, "checked_at": at}
            )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt", "O canal Suporte ficou sem contato de 10/11 às 20:00 até 12/11 às 12:00: não se sabe se chegou tudo desse tempo."),
        ("en", "The channel Suporte was out of touch from Nov 10 at 20:00 until Nov 12 at 12:00: "
               "it is not known whether all of that time has come."),
        ("es", "El canal Suporte estuvo sin contacto desde 10/11 a las 20:00 hasta 12/11 a las 12:00: "
               "no se sabe si llegó todo de ese tiempo."),
    ],
)  # fmt: skip
def test_a_cut_that_is_over_is_told(ledger: Shop, language: Language, said: str) -> None:
    cut_off(ledger)
    read_back_days(ledger, 10, 12)
    assert said in ask(ledger, LAST_WEEK, language=language)


def test_a_cut_whose_days_were_all_read_back_afterwards_is_told_no_more(ledger: Shop) -> None:
    cut_off(ledger)
    read_back_days(ledger, 10, 11, 12)
    assert not any("Suporte" in note for note in ask(ledger, LAST_WEEK))


def test_reading_back_says_nothing_of_a_time_in_which_the_phone_was_not_linked(ledger: Shop) -> None:
    cut_off(ledger, is_unlinked=True)
    read_back_days(ledger, 10, 11, 12)
    assert any("O canal Suporte ficou sem contato" in note for note in ask(ledger, LAST_WEEK))


def test_other_periods_do_not_tell_of_a_cut(ledger: Shop) -> None:
    cut_off(ledger, is_unlinked=True)
    assert not any("Suporte" in note for note in ask(ledger, THIS_WEEK))
