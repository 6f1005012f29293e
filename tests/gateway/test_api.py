"""The stand-in's HTTP API answers as the real gateway does: its bodies, its errors, and what its search ignores."""

import itertools
from typing import Any

import httpx
import pytest

from tests.gateway import messages
from tests.gateway.conftest import Call
from tests.gateway.faults import Faults
from tests.gateway.receiver import WebhookReceiver
from tests.gateway.server import Gateway
from tests.gateway.steps import Said

FIND = "/chat/findMessages/loja-1"
START = 1_795_400_000  # 2026-11-23 02:13:20 UTC


def error(status: int, name: str, message: Any) -> dict[str, Any]:
    return {"status": status, "error": name, "response": {"message": message}}


def find_ids(call: Call, body: Any) -> list[str]:
    return [record["key"]["id"] for record in call("POST", FIND, body).json()["messages"]["records"]]


def say_at(gateway: Gateway, *ats: int) -> None:
    """One message at each second; its id is its number."""
    said = (Said(content=messages.text("oi"), message_id=str(number), at=START + at) for number, at in enumerate(ats))
    gateway.deliver("loja-1", *said)


@pytest.mark.parametrize("key", ["", "errada"])
def test_without_the_key_nothing_is_answered(call: Call, key: str) -> None:
    answer = call("GET", "/instance/connectionState/loja-1", key=key)
    assert (answer.status_code, answer.json()) == (401, error(401, "Unauthorized", "Unauthorized"))


def test_the_key_of_an_instance_opens_its_own_routes_and_by_the_query_any_other(gateway: Gateway, call: Call) -> None:
    gateway.create_instance("loja-2")
    path, key = "/instance/connectionState/loja-1", "chave-loja-2"
    assert call("GET", path, key=key).status_code == 401
    hole = call("GET", "/instance/connectionState/loja-2?instanceName=loja-1", key=key)
    assert hole.json() == {"instance": {"instanceName": "loja-1", "state": "open"}}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/instance/connectionState/zzz", None, error(404, "Not Found", ['The "zzz" instance does not exist'])),
        ("GET", "/nada", None, error(404, "Not Found", ["Cannot GET /nada"])),
        ("POST", "/message/sendText/loja-1", {"number": "5511"}, error(400, "Bad Request", [['instance requires property "text"']])),
        ("POST", "/message/sendText/loja-1", {"number": "5511", "text": " "}, error(400, "Bad Request", ["Text is required"])),
        (
            "POST", "/message/sendText/loja-1", {"number": "550011112222", "text": "oi"},
            error(400, "Bad Request", [{"jid": "550011112222@s.whatsapp.net", "exists": False, "number": "550011112222"}]),
        ),
        (
            "POST", "/instance/create", {"instanceName": "loja-1", "integration": "WHATSAPP-BAILEYS"},
            error(403, "Forbidden", ['This name "loja-1" is already in use.']),
        ),
        (
            "POST", "/webhook/set/loja-1", {"url": "http://x", "enabled": True},
            error(400, "Bad Request", [['instance requires property "webhook"']]),
        ),
        (
            "POST", "/websocket/set/loja-1", {"websocket": {"enabled": True}},
            error(500, "Internal Server Error", "Cannot read properties of undefined (reading 'length')"),
        ),
    ],
)  # fmt: skip
def test_errors_have_the_real_ones_nested_bodies(call: Call, method: str, path: str, body: Any, expected: dict[str, Any]) -> None:
    answer = call(method, path, body)
    assert (answer.status_code, answer.json()) == (expected["status"], expected)


def test_an_event_that_is_none_is_told_by_the_list_of_all(call: Call) -> None:
    answer = call("POST", "/websocket/set/loja-1", {"websocket": {"enabled": True, "events": ["GROUPS_UPDATE"]}})
    [[message]] = answer.json()["response"]["message"]
    assert message.startswith("websocket.events[0] is not one of enum values: APPLICATION_STARTUP,QRCODE_UPDATED,")


def test_broken_json_is_a_bad_request_by_another_name(gateway: Gateway) -> None:
    answer = httpx.post(gateway.url + FIND, content=b"{", headers={"apikey": gateway.api_key}, trust_env=False)
    assert (answer.status_code, answer.json()["error"]) == (400, "Internal Server Error")


def test_settings_are_shown_by_other_names_than_they_are_set(call: Call) -> None:
    wanted = {"enabled": True, "url": "http://127.0.0.1:9/x", "byEvents": True, "base64": False, "headers": {"jwt_key": "s"}, "events": []}
    row = call("POST", "/webhook/set/loja-1", {"webhook": wanted})
    assert row.status_code == 201
    found = call("GET", "/webhook/find/loja-1").json()
    assert found == row.json()
    shown = "id url headers enabled events webhookByEvents webhookBase64 createdAt updatedAt instanceId".split()
    assert (list(found), found["headers"], len(found["events"])) == (shown, {"jwt_key": "s"}, 31)
    assert call("POST", "/settings/set/loja-1", {"groupsIgnore": True}).status_code == 400


def test_an_instance_from_its_making_to_its_end(gateway: Gateway, call: Call, receiver: WebhookReceiver) -> None:
    webhook = {"enabled": True, "url": receiver.url, "events": ["QRCODE_UPDATED", "CONNECTION_UPDATE", "LOGOUT_INSTANCE"]}
    body = {"instanceName": "nova", "integration": "WHATSAPP-BAILEYS", "token": "chave-nova", "webhook": webhook}
    made = call("POST", "/instance/create", body)
    assert (made.status_code, made.json()["hash"], made.json()["instance"]["status"]) == (201, "chave-nova", "close")
    assert set(call("GET", "/instance/connect/nova").json()) == {"pairingCode", "code", "base64", "count"}
    gateway.set_connection("nova", "open", owner="5511955554444")
    assert call("GET", "/instance/connect/nova").json() == {"instance": {"instanceName": "nova", "state": "open"}}
    [shown] = call("GET", "/instance/fetchInstances?instanceName=nova").json()
    assert (shown["ownerJid"], shown["token"], shown["_count"]["Message"]) == ("5511955554444@s.whatsapp.net", "chave-nova", 0)
    assert call("DELETE", "/instance/logout/nova").json()["response"] == {"message": "Instance logged out"}
    assert call("DELETE", "/instance/logout/nova").status_code == 400
    assert call("DELETE", "/instance/delete/nova").status_code == 200
    assert call("GET", "/instance/connectionState/nova").status_code == 404
    gateway.wait_until_idle()
    states = [data["state"] for data in receiver.find_data("connection.update")]
    assert (sorted(states), receiver.find_data("logout.instance")) == (["close", "connecting", "open"], [None])


def test_a_creation_needs_the_events_of_its_webhook(call: Call) -> None:
    body = {"instanceName": "nova", "integration": "WHATSAPP-BAILEYS", "webhook": {"url": "http://x"}}
    assert call("POST", "/instance/create", body).status_code == 400
    assert call("GET", "/instance/connectionState/nova").status_code == 404


def test_pages_are_counted_by_offset_and_come_newest_first(gateway: Gateway, call: Call) -> None:
    say_at(gateway, 1, 2, 3)
    answer = call("POST", FIND, {"page": 1, "offset": 2, "limit": 1}).json()["messages"]
    assert [answer[name] for name in ("total", "pages", "currentPage")] == [3, 2, 1]
    assert [record["messageTimestamp"] - START for record in answer["records"]] == [3, 2]
    assert "status" not in answer["records"][0]


def test_a_window_needs_both_ends(gateway: Gateway, call: Call) -> None:
    say_at(gateway, 0, 60, 120)
    both = {"gte": "2026-11-23T02:14:00Z", "lte": "2026-11-23T02:14:30.000Z"}
    assert find_ids(call, {"where": {"messageTimestamp": both}}) == ["1"]
    assert find_ids(call, {"where": {"messageTimestamp": {"gte": both["gte"]}}}) == ["2", "1", "0"]


def test_false_is_no_filter_and_true_is_one(gateway: Gateway, call: Call) -> None:
    gateway.deliver("loja-1", Said(content=messages.text("oi"), message_id="dela"), messages.own_text("olá", message_id="nossa"))
    assert set(find_ids(call, {"where": {"key": {"fromMe": False}}})) == {"dela", "nossa"}
    assert find_ids(call, {"where": {"key": {"fromMe": True}}}) == ["nossa"]


def test_messages_of_one_second_swap_between_pages(gateway: Gateway, call: Call) -> None:
    say_at(gateway, *[0] * 40)
    pages = [find_ids(call, {"page": page, "offset": 10}) for page in range(1, 5)]
    assert len(set(itertools.chain(*pages))) < 40
    assert len(set(find_ids(call, {"offset": 40}))) == 40
    gateway.set_faults(Faults(shuffles_ties=False))
    pages = [find_ids(call, {"page": page, "offset": 10}) for page in range(1, 5)]
    assert len(set(itertools.chain(*pages))) == 40


def test_a_message_told_twice_has_two_rows(gateway: Gateway, call: Call) -> None:
    said = Said(content=messages.text("oi"))
    gateway.deliver("loja-1", said, said)
    assert find_ids(call, {}) == [said.message_id] * 2


def test_rows_hold_bytes_as_base64(gateway: Gateway, call: Call) -> None:
    gateway.deliver("loja-1", Said(content=messages.image()))
    [record] = call("POST", FIND, {}).json()["messages"]["records"]
    assert record["message"]["imageMessage"]["mediaKey"] == messages.encode_media(messages.SECRET)


def test_chats_and_contacts_come_from_what_was_said(gateway: Gateway, call: Call) -> None:
    gateway.deliver("loja-1", Said(content=messages.text("oi"), lid=messages.LID))
    gateway.deliver("loja-1", Said(content=messages.text("oi, grupo"), group=messages.GROUP, at=START))
    chats = call("POST", "/chat/findChats/loja-1", {"take": 5, "skip": 0}).json()
    assert [chat["remoteJid"] for chat in chats] == [f"{messages.LID}@lid", messages.GROUP]
    contacts = call("POST", "/chat/findContacts/loja-1", {}).json()
    assert [(contact["remoteJid"], contact["type"]) for contact in contacts] == [
        (f"{messages.PHONE}@s.whatsapp.net", "contact"),
        (messages.GROUP, "group"),
    ]


def test_numbers_are_looked_up_without_the_ninth_digit_where_there_is_none(gateway: Gateway, call: Call) -> None:
    gateway.deliver("loja-1", Said(content=messages.text("oi"), lid=messages.LID))
    answer = call("POST", "/chat/whatsappNumbers/loja-1", {"numbers": ["5531987776666", messages.PHONE, "550011112222"]})
    assert answer.json() == [
        {"jid": "553187776666@s.whatsapp.net", "exists": True, "number": "5531987776666"},
        {"jid": "5511988887777@s.whatsapp.net", "exists": True, "number": messages.PHONE, "lid": f"{messages.LID}@lid"},
        {"jid": "550011112222@s.whatsapp.net", "exists": False, "number": "550011112222"},
    ]


def test_the_content_of_an_attachment_is_handed_out(gateway: Gateway, call: Call) -> None:
    path = "/chat/getBase64FromMediaMessage/loja-1"
    said = Said(content=messages.document(), media=messages.encode_media(b"%PDF"))
    gateway.deliver("loja-1", said)
    answer = call("POST", path, {"message": {"key": {"id": said.message_id}}})
    assert answer.status_code == 201
    shown = [answer.json()[name] for name in ("mediaType", "fileName", "caption", "mimetype", "base64")]
    assert shown == ["documentMessage", "comprovante.pdf", "segue o comprovante", "application/pdf", "JVBERg=="]
    assert call("POST", path, {"message": {"key": {"id": "nenhuma"}}}).status_code == 400


def test_reading_is_always_a_success_and_hidden_ids_are_ignored(gateway: Gateway, call: Call) -> None:
    keys = [{"remoteJid": jid, "fromMe": False, "id": jid} for jid in (f"{messages.PHONE}@s.whatsapp.net", f"{messages.LID}@lid")]
    answer = call("POST", "/chat/markMessageAsRead/loja-1", {"readMessages": keys})
    assert (answer.status_code, answer.json()) == (201, {"message": "Read messages", "read": "success"})
    assert gateway.get_tally()["marked_read"] == [f"{messages.PHONE}@s.whatsapp.net"]
