"""Whose phone is whose: proven by a code, which nobody guesses, reads here or has sent without end."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from bots import verify
from bots.models import BotTalk, Subscription
from bots.outbox import send_due
from bots.tests.conftest import Clock, Road
from core.errors import VisibleError
from core.models import GatewayConnection, OutgoingMessage, Role, User, UserPhone
from core.sessions import begin_session
from core.tenancy import scope, unscoped_directory

PHONE = "+55 (11) 96666-5555"
DIGITS = "5511966665555"


@pytest.fixture(autouse=True)
def no_counts(db: None) -> None:
    cache.clear()


@pytest.fixture
def api(road: Road) -> Client:
    return Client(headers={"Authorization": f"Bearer {begin_session(road.alice).access}", "Content-Type": "application/json"})


def read_code(road: Road) -> str:
    with scope(road.tenant.id):
        text = OutgoingMessage.objects.filter(purpose="code").latest("created_at").text
    found = re.search(r"\*(\d{6})\*", text)
    assert found is not None
    return found[1]


def fail(code: str) -> Any:
    return pytest.raises(VisibleError, match=f"^{code}$")


def test_a_phone_is_proven_over_whatsapp_and_greeted(road: Road, api: Client) -> None:
    asked = api.post("/api/v1/me/phones", {"phone": PHONE}, content_type="application/json").json()
    assert (asked["phone"], asked["verified_at"], asked["code_state"]) == (DIGITS, None, "waiting")
    clock = Clock(timezone.now() + timedelta(seconds=1))
    code = read_code(road)
    send_due(str(road.tenant.id), now=clock)
    (sent,) = road.find_sent()
    assert sent == (
        DIGITS,
        f"*{code}* é o seu código do EvoSense. Digite-o na tela em que o pediu; "
        "vale por 10 minutos. Se não foi você, ignore esta mensagem.",
    )
    listed = api.get("/api/v1/me/phones").json()
    assert [(item["phone"], item["code_state"]) for item in listed["items"]] == [("5511977776666", None), (DIGITS, "sent")]
    assert listed["write_to"] == "5511999990000"
    proven = api.post("/api/v1/me/phones/verify", {"phone": DIGITS, "code": f"{code[:3]} {code[3:]}"}, content_type="application/json")
    assert (proven.status_code, proven.json()["verified_at"] is not None) == (200, True)
    clock.pass_by(seconds=5)
    send_due(str(road.tenant.id), now=clock)
    assert road.find_sent()[-1][1].startswith("Oi, *Alice*! Pergunte sobre os atendimentos de *Casa Lua*")
    with scope(road.tenant.id):
        row = UserPhone.objects.get(phone=DIGITS)
        assert (row.code_hash, OutgoingMessage.objects.get(purpose="code").text) == ("", "")
        assert BotTalk.objects.get(user=road.alice).choices["1"]["do"] == "ask"
    assert api.delete(f"/api/v1/me/phones/{row.id}").status_code == 204
    with scope(road.tenant.id):
        assert not UserPhone.objects.filter(phone=DIGITS).exists()


def test_only_a_hash_of_the_code_is_kept(road: Road) -> None:
    row = verify.request_code(road.alice, PHONE)
    assert read_code(road) not in row.code_hash
    assert len(row.code_hash) == 64


def test_a_wrong_code_counts_and_the_fifth_is_the_last(road: Road) -> None:
    verify.request_code(road.alice, PHONE)
    code = read_code(road)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    told = []
    for _ in range(5):
        with pytest.raises(VisibleError) as refused:
            verify.verify_phone(road.alice, PHONE, wrong)
        told.append((refused.value.code, refused.value.parameters.get("left")))
    assert told == [("code_wrong", 4), ("code_wrong", 3), ("code_wrong", 2), ("code_wrong", 1), ("code_over", 0)]
    with fail("code_over"):
        verify.verify_phone(road.alice, PHONE, code)


@pytest.mark.django_db(transaction=True)
def test_a_refused_code_counts_over_http_too(gateway: Any) -> None:
    from bots.tests.conftest import make_road

    road = make_road(gateway)
    client = Client(headers={"Authorization": f"Bearer {begin_session(road.alice).access}"})
    client.post("/api/v1/me/phones", {"phone": PHONE}, content_type="application/json")
    code = read_code(road)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for left in (4, 3):
        refused = client.post("/api/v1/me/phones/verify", {"phone": PHONE, "code": wrong}, content_type="application/json")
        assert refused.json()["error"] == {
            "code": "code_wrong", "field": "code", "message": f"O código não confere. Tentativas que restam: {left}.",
        }  # fmt: skip


def test_a_code_ends_after_ten_minutes_and_with_the_next_one(road: Road) -> None:
    clock = Clock(timezone.now())
    verify.request_code(road.alice, PHONE, now=clock)
    first = read_code(road)
    clock.pass_by(minutes=10)
    with fail("code_over"):
        verify.verify_phone(road.alice, PHONE, first, now=clock)
    verify.request_code(road.alice, PHONE, now=clock)
    if read_code(road) != first:
        with fail("code_wrong"):
            verify.verify_phone(road.alice, PHONE, first, now=clock)
    assert verify.verify_phone(road.alice, PHONE, read_code(road), now=clock).verified_at == clock()


def test_codes_are_not_sent_without_end(road: Road) -> None:
    for _ in range(3):
        verify.request_code(road.alice, PHONE)
    with fail("too_many"):
        verify.request_code(road.alice, PHONE)


def test_a_phone_is_one_persons(road: Road) -> None:
    with unscoped_directory(reason="test"):
        bia = User.objects.create_user("bia@casalua.example", tenant=road.tenant, name="Bia", role=Role.MANAGER)
    with fail("phone_taken"):
        verify.request_code(bia, "5511977776666")
    with fail("phone_taken"):
        verify.request_code(bia, "+55 11 99999-0000")  # our own channel
    verify.request_code(bia, PHONE)
    code = read_code(road)
    verify.request_code(road.alice, PHONE)
    verify.verify_phone(road.alice, PHONE, read_code(road))
    with fail("phone_taken"):
        verify.verify_phone(bia, PHONE, code)
    # What is the other tenant's says nothing here.
    assert verify.request_code(road.cast.charlie, PHONE).phone == DIGITS


def test_there_must_be_a_channel_that_answers_people(road: Road) -> None:
    for change in ({"answers_people": False}, {"answers_people": True, "state": "closed"}, {"state": "unlicensed"}):
        with scope(road.tenant.id):
            GatewayConnection.objects.update(**change)
        with fail("no_answering_channel"):
            verify.request_code(road.alice, PHONE)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+55 11 96666-5555", DIGITS),
        ("11 96666-5555", DIGITS),
        ("(11) 6666-5555", DIGITS),
        ("551166665555", DIGITS),
        ("+1 (202) 555-0147", "12025550147"),
        ("+54 9 11 2345-6789", "5491123456789"),
        ("96666-5555", None),
        ("onze nove", None),
        ("0055 11 96666-5555", None),
        ("5511966665555@s.whatsapp.net", None),
        ("1" * 16, None),
    ],
)
def test_phones_as_people_write_them(road: Road, written: str, read: str | None) -> None:
    if read is None:
        with fail("phone_wrong"):
            verify.read_phone(written, tenant=road.tenant)
    else:
        assert verify.read_phone(written, tenant=road.tenant) == read


def test_subscriptions_are_each_persons_own(road: Road, api: Client) -> None:
    listed = api.get("/api/v1/me/subscriptions").json()["items"]
    assert [(item["kind"], item["is_active"]) for item in listed] == [
        ("briefing", True), ("satisfaction", False), ("losing", False), ("silent", False),
    ]  # fmt: skip
    silent = {"kind": "silent", "is_active": True, "hour": 8, "quiet_from": 22, "quiet_until": 6}
    put = api.put("/api/v1/me/subscriptions", {"items": [silent]}, content_type="application/json")
    assert put.json()["items"][3] == silent
    early = {"kind": "briefing", "is_active": True, "hour": 6, "quiet_from": 21, "quiet_until": 7}
    refused = api.put("/api/v1/me/subscriptions", {"items": [silent | {"is_active": False}, early]}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "quiet_briefing")
    with scope(road.tenant.id):
        assert Subscription.objects.get(kind="silent").is_active
    operator = Client(headers={"Authorization": f"Bearer {begin_session(road.cast.bob).access}"})
    assert operator.get("/api/v1/me/subscriptions").status_code == 403
