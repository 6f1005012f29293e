"""What goes wrong on purpose goes wrong as it was asked for, and the tally says what became of every event."""

import time

import httpx
import pytest

from tests.gateway import messages
from tests.gateway.conftest import Call
from tests.gateway.faults import Faults, RoadFaults
from tests.gateway.receiver import Listener, WebhookReceiver
from tests.gateway.server import Gateway, wait_for
from tests.gateway.steps import Said

SEND = "/message/sendText/loja-1"
WORDS = {"number": messages.PHONE, "text": "oi"}


async def test_each_road_loses_doubles_and_holds_back_its_own_share(gateway: Gateway, receiver: WebhookReceiver) -> None:
    gateway.deliver("loja-1", Said(content=messages.text("primeira")))
    script = [step for step in messages.make_script(200) if isinstance(step, Said)]
    async with Listener(gateway) as listener:
        gateway.wait_until_idle()
        gateway.reset_tally()
        receiver.hooks.clear()
        gateway.set_faults(Faults.both(drop=0.1, duplicate=0.1, reorder=0.1, seed=7))
        gateway.deliver("loja-1", *script)
        gateway.wait_until_idle()
        tally = gateway.get_tally()
        heard = {
            "socket": [data["key"]["id"] for _, data in await take(listener, tally["socket"]["delivered"])],
            "webhook": [data["key"]["id"] for data in receiver.find_data("messages.upsert")],
        }
    said = [step.message_id for step in script]
    for road, ids in heard.items():
        fate = tally[road]
        assert set(ids) == set(said) - set(fate["dropped"])
        assert sorted(ids) == sorted([*(set(said) - set(fate["dropped"])), *fate["duplicated"]])
        assert all(5 < len(fate[name]) < 40 for name in ("dropped", "duplicated", "reordered"))
    assert heard["socket"] != sorted(heard["socket"], key=said.index)
    assert tally["socket"]["dropped"] != tally["webhook"]["dropped"]


async def take(listener: Listener, count: int) -> list[tuple[str, dict[str, dict[str, str]]]]:
    return [(event, payload["data"]) for event, payload in await listener.wait_for(count)]


def test_the_same_seed_loses_the_same_messages(gateway: Gateway) -> None:
    dropped = []
    for _ in range(2):
        gateway.reset_tally()
        gateway.set_faults(Faults(webhook=RoadFaults(drop=0.3), seed=5))
        gateway.deliver("loja-1", *messages.make_script(40))
        gateway.wait_until_idle()
        dropped.append(gateway.get_tally()["webhook"]["dropped"])
    assert dropped[0] == dropped[1] != []


def test_whatsapp_itself_may_hand_over_a_message_twice(gateway: Gateway, receiver: WebhookReceiver, call: Call) -> None:
    gateway.set_faults(Faults(repeat=1.0))
    gateway.deliver("loja-1", Said(content=messages.text("oi")))
    gateway.wait_until_idle()
    assert (len(receiver.hooks), call("POST", "/chat/findMessages/loja-1").json()["messages"]["total"]) == (2, 2)


def test_a_late_namespace_needs_more_emissions(gateway: Gateway) -> None:
    gateway.set_faults(Faults(late_namespace=2))
    found = []
    for _ in range(3):
        gateway.deliver("loja-1", Said(content=messages.text("oi")))
        found.append("/loja-1" in gateway.get_state()["namespaces"])
    assert found == [False, False, True]


def test_a_silent_instance_stores_and_says_open_and_tells_nothing_until_it_is_restarted(
    gateway: Gateway, receiver: WebhookReceiver, call: Call
) -> None:
    gateway.set_faults(Faults(silent_instances=["loja-1"]))
    gateway.deliver("loja-1", Said(content=messages.text("oi")))
    gateway.wait_until_idle()
    assert (receiver.hooks, call("GET", "/instance/connectionState/loja-1").json()["instance"]["state"]) == ([], "open")
    assert call("GET", "/instance/fetchInstances").json()[0]["_count"]["Message"] == 1
    call("POST", "/instance/restart/loja-1")
    gateway.deliver("loja-1", Said(content=messages.text("oi de novo")))
    gateway.wait_until_idle()
    assert [data["message"] for data in receiver.find_data("messages.upsert")] == [{"conversation": "oi de novo"}]


def test_the_clock_of_events_may_be_wrong(gateway: Gateway, receiver: WebhookReceiver) -> None:
    gateway.set_faults(Faults(clock_error_seconds=-86_400 * 400))
    gateway.deliver("loja-1", Said(content=messages.text("oi")))
    told = receiver.wait_for(1)[0].body["date_time"]
    assert int(told[:4]) < time.gmtime().tm_year


def test_an_unlicensed_gateway_answers_503_to_everything(gateway: Gateway, call: Call) -> None:
    gateway.set_faults(Faults(license_required=True))
    answer = call("POST", SEND, WORDS)
    assert (answer.status_code, answer.json()["code"]) == (503, "LICENSE_REQUIRED")
    assert set(answer.json()) == {"error", "code", "register_url", "instance_id", "docs_url", "message"}


def test_errors_run_out(gateway: Gateway, call: Call) -> None:
    gateway.set_faults(Faults(errors=2, error_paths=["/chat/findMessages"]))
    assert call("POST", SEND, WORDS).status_code == 201
    assert [call("POST", "/chat/findMessages/loja-1").status_code for _ in range(3)] == [500, 500, 200]


def test_a_slow_gateway_takes_its_time(gateway: Gateway, call: Call) -> None:
    gateway.set_faults(Faults(slow_seconds=0.2))
    started = time.monotonic()
    call("GET", "/instance/connectionState/loja-1")
    assert time.monotonic() - started > 0.2


def test_a_send_without_an_answer_was_sent_all_the_same(gateway: Gateway) -> None:
    gateway.set_faults(Faults(send_timeouts=1))
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            gateway.url + SEND, json=WORDS, headers={"apikey": gateway.api_key}, timeout=httpx.Timeout(60, read=0.3), trust_env=False
        )
    wait_for(lambda: gateway.find_sent("loja-1") != [], what="what was sent")
    assert [row["message"] for row in gateway.find_sent("loja-1")] == [{"conversation": "oi"}]


def test_a_send_may_fail_after_its_201(gateway: Gateway, receiver: WebhookReceiver, call: Call) -> None:
    gateway.set_faults(Faults(ack_errors=1))
    assert call("POST", SEND, WORDS).status_code == 201
    gateway.wait_until_idle()
    assert [update["status"] for update in receiver.find_data("messages.update")] == ["ERROR"]


def test_an_edit_may_hold_up_what_comes_after_it(gateway: Gateway, receiver: WebhookReceiver) -> None:
    said = Said(content=messages.text("oi"))
    gateway.deliver("loja-1", said)
    receiver.wait_for(1)
    gateway.set_faults(Faults(edits_stall=True))
    receiver.answer_with([503, 503])
    gateway.edit("loja-1", said.message_id, "olá")
    gateway.deliver("loja-1", Said(content=messages.text("depois")))
    gateway.wait_until_idle()
    events = [hook.body["event"] for hook in receiver.hooks]
    assert events[1:4] == ["messages.edited"] * 3


def test_a_number_may_not_be_on_whatsapp(gateway: Gateway, call: Call) -> None:
    gateway.set_faults(Faults(unknown_numbers=[messages.PHONE]))
    [problem] = call("POST", SEND, WORDS).json()["response"]["message"]
    assert problem == {"jid": f"{messages.PHONE}@s.whatsapp.net", "exists": False, "number": messages.PHONE}


def test_a_script_is_no_faster_than_its_rate(gateway: Gateway) -> None:
    started = time.monotonic()
    gateway.play("loja-1", messages.make_script(100), rate=200)
    gateway.wait_until_idle()
    assert time.monotonic() - started > 0.4
    assert gateway.get_tally()["webhook"]["delivered"] == 100
