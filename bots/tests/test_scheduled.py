"""Scheduled questions: each occurrence once, as of its hour, by every road that was chosen, and a word where one can't be gone.

São Paulo is three hours behind UTC. The shop's conversations and what they add up to: assistant/tests/shop.py.
"""

import json
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from assistant.models import Turn
from assistant.tests.shop import ZONE, Shop
from assistant.tests.shop import shop as shop
from bots.models import BotTalk, ScheduledQuestion
from bots.rhythm import RhythmError, find_latest, find_next, read_cron
from bots.scheduled import ask_due, is_any_due, schedule
from bots.tests.conftest import Clock
from core.models import Channel, DomainEvent, EventKind, GatewayConnection, OutgoingMessage, User, UserPhone, WebhookEndpoint
from core.tenancy import scope, unscoped_directory

SAO_PAULO = ZoneInfo(ZONE)
FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=SAO_PAULO)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=SAO_PAULO)
QUESTION = "Como está a satisfação na semana passada, por canal?"


@pytest.fixture
def clock() -> Clock:
    return Clock(at=FRIDAY)


@pytest.fixture
def reachable(shop: Shop, settings: Settings) -> Shop:
    """Alice's phone is proven, one webhook listens, and the installation has a mail server."""
    cache.clear()
    settings.EMAIL_HOST, settings.PUBLIC_URL = "mail.example", "https://evosense.example"
    with scope(shop.tenant.id):
        GatewayConnection.objects.create(
            channel=Channel.objects.get(name="Suporte"), base_url="http://127.0.0.1:1", instance="loja", state="open", answers_people=True
        )
        UserPhone.objects.create(user=shop.manager, phone="5511977776666", verified_at=FRIDAY)
        WebhookEndpoint.objects.create(url="http://127.0.0.1:1", kinds=[EventKind.REPORT])
    return shop


def add(shop: Shop, clock: Clock, *roads: str, **fields: object) -> ScheduledQuestion:
    with scope(shop.tenant.id):
        row = ScheduledQuestion(user=shop.manager, question=QUESTION, roads=list(roads), **fields)
        schedule(row, now=clock())
        row.save()
    return row


def read(row: ScheduledQuestion) -> ScheduledQuestion:
    with scope(str(row.tenant_id)):
        return ScheduledQuestion.objects.get(id=row.id)


RHYTHMS = [
    # rhythm, weekday, day of the month, hour: from Friday 20 November, 12:00, the last one and the next three
    ("daily", 0, 1, 8, ["11-20 08", "11-21 08", "11-22 08", "11-23 08"]),
    ("daily", 0, 1, 12, ["11-20 12", "11-21 12", "11-22 12", "11-23 12"]),
    ("daily", 0, 1, 18, ["11-19 18", "11-20 18", "11-21 18", "11-22 18"]),
    ("weekdays", 0, 1, 8, ["11-20 08", "11-23 08", "11-24 08", "11-25 08"]),
    ("weekly", 0, 1, 8, ["11-16 08", "11-23 08", "11-30 08", "12-07 08"]),
    ("weekly", 4, 1, 8, ["11-20 08", "11-27 08", "12-04 08", "12-11 08"]),
    ("monthly", 0, 1, 8, ["11-01 08", "12-01 08", "01-01 08", "02-01 08"]),
    ("monthly", 0, 31, 8, ["10-31 08", "11-30 08", "12-31 08", "01-31 08"]),
]


@pytest.mark.parametrize(("rhythm", "weekday", "month_day", "hour", "expected"), RHYTHMS)
def test_when(rhythm: str, weekday: int, month_day: int, hour: int, expected: list[str]) -> None:
    row = ScheduledQuestion(tenant_id=uuid4(), rhythm=rhythm, weekday=weekday, month_day=month_day, hour=hour)
    found = [find_latest(row, until=FRIDAY, zone=SAO_PAULO)]
    at = FRIDAY
    for _ in range(3):
        at = find_next(row, after=at, zone=SAO_PAULO)
        found.append(at)
    assert [f"{at:%m-%d %H}" for at in found] == expected


CRONS = [
    # From Friday 20 November, 12:00, the last one and the next three; days of the week count from Sunday.
    ("30 8 * * 1,3,5", ["11-20 08:30", "11-23 08:30", "11-25 08:30", "11-27 08:30"]),
    ("0,30 9,18 * * *", ["11-20 09:30", "11-20 18:00", "11-20 18:30", "11-21 09:00"]),
    ("0 7 1,15 * *", ["11-15 07:00", "12-01 07:00", "12-15 07:00", "01-01 07:00"]),
    ("15 10 * * 0", ["11-15 10:15", "11-22 10:15", "11-29 10:15", "12-06 10:15"]),
    ("0 8 29 2 *", ["02-29 08:00", "02-29 08:00", "02-29 08:00", "02-29 08:00"]),
]


@pytest.mark.parametrize(("cron", "expected"), CRONS)
def test_when_by_a_cron_expression(cron: str, expected: list[str]) -> None:
    row = ScheduledQuestion(tenant_id=uuid4(), rhythm="cron", cron=cron)
    found = [find_latest(row, until=FRIDAY, zone=SAO_PAULO)]
    at = FRIDAY
    for _ in range(3):
        at = find_next(row, after=at, zone=SAO_PAULO)
        found.append(at)
    assert [f"{at:%m-%d %H:%M}" for at in found] == expected


@pytest.mark.parametrize(
    ("cron", "problem"),
    [
        ("", "unreadable"),
        ("8 * *", "unreadable"),
        ("99 8 * * *", "unreadable"),
        ("a b c d e", "unreadable"),
        ("* 8 * * *", "too_often"),
        ("0 8 31 2 *", "unreadable"),
    ],
)
def test_a_cron_expression_that_can_not_be_followed(cron: str, problem: str) -> None:
    with pytest.raises(RhythmError, match=f"^{problem}$"):
        read_cron(cron)


def test_by_every_road(reachable: Shop, clock: Clock) -> None:
    row = add(reachable, clock, "whatsapp", "email", "webhook")
    assert (row.next_at, ask_due(reachable.tenant.id, now=clock)) == (MONDAY, 0)
    clock.at = MONDAY + timedelta(minutes=3)
    assert ask_due(reachable.tenant.id, now=clock) == 1
    with scope(reachable.tenant.id):
        turn = Turn.objects.get()
        sent = OutgoingMessage.objects.get()
        event = DomainEvent.objects.get()
    # The week of 16 November: Suporte 5 4 5 4 5 4 5 4, Norte 1 2 1 2 1 2 1 2; two conversations wait for their analysis.
    assert turn.as_of == MONDAY
    assert turn.answer is not None
    assert turn.answer["plan"]["period"] == {"start": "2026-11-16", "end": "2026-11-22"}
    assert sent.text.startswith(f"*Pergunta agendada:* {QUESTION}\n\n")
    assert (sent.to, sent.purpose, sent.expires_at) == ("5511977776666", "report", MONDAY + timedelta(hours=12, minutes=3))
    [message] = mail.outbox
    assert (message.subject, message.to) == (QUESTION, ["alice@casalua.example"])
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert f"https://evosense.example/t/{turn.thread_id}" in str(message.body)
    assert all(name in str(message.body) and name in html for name in ("Suporte", "Norte"))
    assert event.data["question"] == QUESTION
    [block] = [block for block in event.data["blocks"] if block["kind"] == "table"]
    assert [(line["channel"], line["satisfaction"], line["base_satisfaction"]) for line in block["rows"]] == [
        ("Norte", 1.5, 8), ("Suporte", 4.5, 8),
    ]  # fmt: skip
    assert json.dumps(event.data, ensure_ascii=False).count("ninguém me entrega") == 0
    kept = read(row)
    assert (kept.next_at, kept.asked_at, kept.problem, kept.thread_id) == (MONDAY + timedelta(days=7), MONDAY, "", turn.thread_id)


def test_an_occurrence_is_sent_once_though_it_is_asked_twice(reachable: Shop, clock: Clock) -> None:
    row = add(reachable, clock, "whatsapp", "email", "webhook")
    clock.at = MONDAY
    ask_due(reachable.tenant.id, now=clock)
    # As after a worker that died before it noted what it did.
    with scope(reachable.tenant.id):
        ScheduledQuestion.objects.filter(id=row.id).update(next_at=MONDAY)
        assert is_any_due(clock())
    ask_due(reachable.tenant.id, now=clock)
    with scope(reachable.tenant.id):
        assert (OutgoingMessage.objects.count(), DomainEvent.objects.count(), len(mail.outbox)) == (1, 1, 1)
        assert not is_any_due(clock())


def test_what_was_missed_for_long_waits_for_its_next_time(reachable: Shop, clock: Clock) -> None:
    row = add(reachable, clock, "whatsapp")
    clock.at = MONDAY + timedelta(hours=7)
    assert ask_due(reachable.tenant.id, now=clock) == 0
    kept = read(row)
    assert (kept.problem, kept.next_at) == ("late", MONDAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("road", "undo", "problem"),
    [
        ("whatsapp", lambda _shop: UserPhone.objects.all().delete(), "no_phone"),
        (
            "whatsapp",
            lambda shop: BotTalk.objects.create(user=shop.manager, channel=Channel.objects.get(name="Suporte"), is_stopped=True),
            "no_phone",
        ),
        ("webhook", lambda _shop: WebhookEndpoint.objects.update(is_active=False), "no_webhook"),
        ("whatsapp", lambda _shop: GatewayConnection.objects.update(answers_people=False), "no_phone"),
    ],
)
def test_a_road_that_can_not_be_gone_is_said(reachable: Shop, clock: Clock, road: str, undo: object, problem: str) -> None:
    row = add(reachable, clock, road)
    with scope(reachable.tenant.id):
        undo(reachable)  # type: ignore[operator]
    clock.at = MONDAY
    assert ask_due(reachable.tenant.id, now=clock) == 0
    assert read(row).problem == problem


def test_without_a_mail_server(reachable: Shop, clock: Clock, settings: Settings) -> None:
    row = add(reachable, clock, "email")
    settings.EMAIL_HOST = ""
    clock.at = MONDAY
    ask_due(reachable.tenant.id, now=clock)
    assert (read(row).problem, mail.outbox) == ("no_email", [])


def test_who_may_not_ask_any_more_is_told_nothing(reachable: Shop, clock: Clock) -> None:
    row = add(reachable, clock, "whatsapp", "email")
    with unscoped_directory(reason="test"):
        User.objects.filter(id=reachable.manager.id).update(role="operator")
    clock.at = MONDAY
    assert ask_due(reachable.tenant.id, now=clock) == 0
    assert (read(row).problem, mail.outbox) == ("not_allowed", [])
