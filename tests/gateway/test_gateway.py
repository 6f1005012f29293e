"""What happens on WhatsApp is told as the real gateway tells it: kinds of content, hidden ids, edits, deletions, sends."""

from pathlib import Path
from typing import Any

import pytest

from tests.gateway import messages
from tests.gateway.conftest import Call
from tests.gateway.receiver import WebhookReceiver
from tests.gateway.server import Gateway, GatewayProcess
from tests.gateway.steps import Said, decode_steps, encode_steps

PHONE_JID, LID_JID = f"{messages.PHONE}@s.whatsapp.net", f"{messages.LID}@lid"
OWNER_JID = f"{messages.OWNER}@s.whatsapp.net"


def tell(gateway: Gateway, receiver: WebhookReceiver, said: Said) -> Any:
    """The data of the messages.upsert of a message."""
    gateway.deliver("loja-1", said)
    gateway.wait_until_idle()
    return receiver.find_data("messages.upsert")[-1]


def find_row(call: Call, message_id: str) -> Any:
    [record] = call("POST", "/chat/findMessages/loja-1", {"where": {"key": {"id": message_id}}}).json()["messages"]["records"]
    return record


@pytest.mark.parametrize(
    ("name", "kind", "path", "text"),
    [
        ("text", "conversation", "conversation", "oi, meu pedido ainda não chegou"),
        ("extended_text", "conversation", "conversation", "esse mesmo"),
        ("image", "imageMessage", "imageMessage.caption", "chegou com a tampa quebrada"),
        ("round_video", "ptvMessage", "ptvMessage.seconds", 12),
        ("document", "documentMessage", "documentMessage.caption", "segue o comprovante"),
        ("transcribed_audio", "audioMessage", "speechToText", "[audio] queria saber do meu reembolso"),
        ("poll", "pollCreationMessageV3", "pollCreationMessageV3.name", "Qual dia prefere?"),
        ("poll_vote", "pollUpdateMessage", "pollUpdateMessage.vote.selectedOptions", ["sábado"]),
        ("reaction_removed", "reactionMessage", "reactionMessage.text", ""),
        ("buttons_reply", "buttonsResponseMessage", "buttonsResponseMessage.selectedDisplayText", "Falar com atendente"),
        ("list_reply", "listResponseMessage", "listResponseMessage.title", "Segunda via do boleto"),
        ("template_reply", "templateButtonReplyMessage", "templateButtonReplyMessage.selectedDisplayText", "Quero receber"),
        ("interactive_reply", "interactiveResponseMessage", "interactiveResponseMessage.body.text", "Confirmar entrega"),
        ("ephemeral", "ephemeralMessage", "ephemeralMessage.message.extendedTextMessage.text", "essa mensagem some amanhã"),
        ("view_once", "viewOnceMessageV2", "viewOnceMessageV2.message.imageMessage.caption", "só pra você ver"),
        ("unsupported", "futureThingMessage", "futureThingMessage.version", 3),
    ],
)
def test_the_words_of_each_kind_are_where_the_real_one_has_them(
    gateway: Gateway, receiver: WebhookReceiver, name: str, kind: str, path: str, text: object
) -> None:
    data = tell(gateway, receiver, Said(content=messages.EVERY_KIND[name]))
    found = data["message"]
    for part in path.split("."):
        found = found[part]
    assert (data["messageType"], found) == (kind, text)


def test_a_quotation_is_told_beside_the_message(gateway: Gateway, receiver: WebhookReceiver) -> None:
    data = tell(gateway, receiver, Said(content=messages.extended_text("isso", quoted_id="3EB0AB12CD34EF56AB12CD")))
    assert (data["contextInfo"]["stanzaId"], "extendedTextMessage" in data["message"]) == ("3EB0AB12CD34EF56AB12CD", False)
    assert "contextInfo" not in tell(gateway, receiver, Said(content=messages.text("oi")))
    assert tell(gateway, receiver, Said(content=messages.sticker()))["contextInfo"] is None


def test_what_was_typed_on_the_phone_is_an_upsert_of_our_own(gateway: Gateway, receiver: WebhookReceiver) -> None:
    data = tell(gateway, receiver, messages.own_text("já saiu para entrega"))
    assert (data["key"]["fromMe"], data["pushName"], data["status"], data["source"]) == (True, "Você", "SERVER_ACK", "ios")


LID_MANNERS = {
    "2.3.0": {"remoteJid": LID_JID},
    "2.3.4": {"remoteJid": LID_JID, "senderPn": PHONE_JID},
    "2.3.6": {"remoteJid": LID_JID, "remoteJidAlt": PHONE_JID, "addressingMode": "lid"},
    "2.3.7": {"remoteJid": PHONE_JID, "remoteJidAlt": PHONE_JID, "addressingMode": "lid"},
    "2.4.0": {"remoteJid": PHONE_JID, "remoteJidAlt": LID_JID, "addressingMode": "pn"},
}


@pytest.mark.parametrize("version", LID_MANNERS)
def test_a_hidden_id_is_told_in_the_manner_of_the_version(gateway: Gateway, receiver: WebhookReceiver, call: Call, version: str) -> None:
    gateway.set_version(version)
    said = Said(content=messages.text("oi"), lid=messages.LID)
    assert tell(gateway, receiver, said)["key"] == {"fromMe": False, "id": said.message_id} | LID_MANNERS[version]
    assert find_row(call, said.message_id)["key"]["remoteJid"] == LID_JID  # the database has the hidden id throughout
    gateway.ack("loja-1", said.message_id, "READ")
    gateway.wait_until_idle()
    assert receiver.find_data("messages.update")[0]["remoteJid"] == LID_JID


def test_a_customer_may_have_no_phone_at_all(gateway: Gateway, receiver: WebhookReceiver) -> None:
    data = tell(gateway, receiver, Said(content=messages.text("oi"), phone=None, lid=messages.LID))
    assert data["key"] == {"remoteJid": LID_JID, "fromMe": False, "id": data["key"]["id"], "addressingMode": "lid"}


def test_in_a_group_the_author_is_the_participant(gateway: Gateway, receiver: WebhookReceiver) -> None:
    data = tell(gateway, receiver, Said(content=messages.text("oi, grupo"), group=messages.GROUP, lid=messages.LID))
    assert [data["key"][name] for name in ("remoteJid", "participant", "participantAlt")] == [messages.GROUP, LID_JID, PHONE_JID]


def test_groups_are_not_told_where_the_settings_say_so(gateway: Gateway, call: Call) -> None:
    names = "rejectCall groupsIgnore alwaysOnline readMessages readStatus syncFullHistory".split()
    call("POST", "/settings/set/loja-1", dict.fromkeys(names, False) | {"groupsIgnore": True})
    gateway.deliver("loja-1", Said(content=messages.text("oi, grupo"), group=messages.GROUP))
    assert gateway.get_tally()["emitted"] == {}


def test_votes_are_told_from_2_3_7_on(gateway: Gateway, receiver: WebhookReceiver) -> None:
    vote = Said(content=messages.poll_vote("3EB0AB12CD34EF56AB12CD", "sábado"))
    assert tell(gateway, receiver, vote)["pollUpdates"] == [{"name": "sábado", "voters": [PHONE_JID]}]
    gateway.set_version("2.3.6")
    gateway.deliver("loja-1", vote)
    assert gateway.get_tally()["emitted"] == {"messages.upsert": 1}


def test_an_edit_has_the_editors_key_and_moves_the_row_in_time(gateway: Gateway, receiver: WebhookReceiver, call: Call) -> None:
    said = Said(content=messages.text("chega hoje"), at=1_795_400_000)
    gateway.deliver("loja-1", said)
    gateway.edit("loja-1", said.message_id, "chega hoje?", at=1_795_400_300)
    gateway.wait_until_idle()
    [edited] = receiver.find_data("messages.edited")
    assert edited == {
        "key": {"remoteJid": OWNER_JID, "fromMe": True, "id": said.message_id},
        "type": "MESSAGE_EDIT",
        "editedMessage": {"conversation": "chega hoje?"},
        "timestampMs": "1795400300000",
    }
    [update] = receiver.find_data("messages.update")
    assert (update["status"], update["message"]) == ("SERVER_ACK", {"editedMessage": {"message": {"conversation": "chega hoje?"}}})
    row = find_row(call, said.message_id)
    assert (row["message"], row["messageTimestamp"]) == ({"conversation": "chega hoje?"}, 1_795_400_300)
    assert row["MessageUpdate"] == [{"status": "EDITED"}, {"status": "SERVER_ACK"}]


def test_a_deletion_is_told_as_an_edit_and_as_a_deletion(gateway: Gateway, receiver: WebhookReceiver, call: Call) -> None:
    said = Said(content=messages.text("ops"), lid=messages.LID)
    gateway.deliver("loja-1", said)
    gateway.revoke("loja-1", said.message_id)
    gateway.wait_until_idle()
    key = {"remoteJid": OWNER_JID, "fromMe": True, "id": said.message_id}
    assert receiver.find_data("messages.edited") == [{"key": key, "type": "REVOKE"}]
    [deleted] = receiver.find_data("messages.delete")
    assert (deleted["id"], deleted["remoteJid"], deleted["status"]) == (said.message_id, LID_JID, "DELETED")
    assert find_row(call, said.message_id)["message"] is None


def test_a_stage_of_delivery_is_told_once_and_only_of_known_messages(gateway: Gateway, receiver: WebhookReceiver) -> None:
    said = messages.own_text("pronto")
    gateway.deliver("loja-1", said)
    for message_id in (said.message_id, said.message_id, "desconhecida"):
        gateway.ack("loja-1", message_id, "READ")
    gateway.wait_until_idle()
    [update] = receiver.find_data("messages.update")
    assert (set(update), update["keyId"], update["status"]) == (
        {"keyId", "remoteJid", "fromMe", "status", "instanceId", "messageId"},
        said.message_id,
        "READ",
    )


def test_history_comes_as_one_list_of_what_was_not_known(gateway: Gateway, receiver: WebhookReceiver) -> None:
    known, old = (Said(content=messages.text(words)) for words in ("oi", "mensagem antiga"))
    gateway.deliver("loja-1", known)
    gateway.sync_history("loja-1", [known, old], progress=40, is_latest=False)
    gateway.wait_until_idle()
    [hook] = [hook for hook in receiver.hooks if hook.body["event"] == "messages.set"]
    assert [data["key"]["id"] for data in hook.body["data"]] == [old.message_id]
    assert (hook.body["progress"], hook.body["isLatest"]) == (40, False)


def test_codes_to_pair_with_end_at_the_limit(gateway: Gateway, receiver: WebhookReceiver) -> None:
    gateway.show_qr("loja-1", limit=1)
    gateway.show_qr("loja-1", limit=1)
    gateway.wait_until_idle()
    told = {"message": "QR code limit reached, please login again", "statusCode": 500}
    assert told in receiver.find_data("qrcode.updated")


def test_a_send_is_told_as_such_and_acknowledged(gateway: Gateway, receiver: WebhookReceiver, call: Call) -> None:
    answer = call("POST", "/message/sendText/loja-1", {"number": "5531987776666", "text": "seu pedido saiu"})
    gateway.wait_until_idle()
    sent = answer.json()
    assert (answer.status_code, sent["status"], sent["key"]["remoteJid"]) == (201, "PENDING", "553187776666@s.whatsapp.net")
    assert (receiver.find_data("send.message"), receiver.find_data("messages.upsert")) == ([sent], [])
    assert sorted(update["status"] for update in receiver.find_data("messages.update")) == ["DELIVERY_ACK", "SERVER_ACK"]
    [row] = gateway.find_sent("loja-1")
    assert (row["key"], row["MessageUpdate"]) == (sent["key"], [{"status": "SERVER_ACK"}, {"status": "DELIVERY_ACK"}])


def test_a_quoted_id_is_enough_for_an_answer(gateway: Gateway, call: Call) -> None:
    said = Said(content=messages.text("cadê?"))
    gateway.deliver("loja-1", said)
    body = {"number": messages.PHONE, "text": "saiu", "quoted": {"key": {"id": said.message_id}}}
    context = call("POST", "/message/sendText/loja-1", body).json()["contextInfo"]
    assert (context["stanzaId"], context["quotedMessage"]) == (said.message_id, {"conversation": "cadê?"})


def test_sent_messages_are_edited_and_deleted_by_the_api(gateway: Gateway, receiver: WebhookReceiver, call: Call) -> None:
    key = call("POST", "/message/sendText/loja-1", {"number": messages.PHONE, "text": "saiu"}).json()["key"]
    assert call("POST", "/chat/updateMessage/loja-1", {"number": messages.PHONE, "key": key, "text": "sai já"}).status_code == 200
    assert call("DELETE", "/chat/deleteMessageForEveryone/loja-1", key).status_code == 201
    gateway.wait_until_idle()
    [edited], [deleted] = receiver.find_data("send.message.update"), receiver.find_data("messages.delete")
    assert (edited["type"], edited["editedMessage"]) == (14, {"extendedTextMessage": {"text": "sai já"}})
    assert (deleted["key"]["id"], deleted["id"].startswith("cm"), deleted["message"]) == (key["id"], True, {"conversation": "sai já"})
    assert gateway.find_sent("loja-1") == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/message/sendMedia", {"number": messages.PHONE, "mediatype": "image", "media": "aGk=", "caption": "o gráfico"}),
        ("/message/sendWhatsAppAudio", {"number": messages.PHONE, "audio": "aGk="}),
        ("/message/sendPoll", {"number": messages.PHONE, "name": "Que nota?", "selectableCount": 1, "values": ["1", "5"]}),
        ("/message/sendReaction", {"key": {"remoteJid": PHONE_JID, "fromMe": False, "id": "1"}, "reaction": "👍"}),
        ("/chat/sendPresence", {"number": messages.PHONE, "presence": "composing", "delay": 1}),
    ],
)  # fmt: skip
def test_everything_that_is_sent_answers_201(call: Call, path: str, body: Any) -> None:
    assert call("POST", f"{path}/loja-1", body).status_code == 201


def test_a_killed_process_remembers_its_messages_and_instances(tmp_path: Path) -> None:
    script = messages.make_script(50)
    with GatewayProcess(state=tmp_path) as gateway:
        gateway.create_instance("loja-1")
        gateway.play("loja-1", script)
        gateway.wait_until_idle()
        assert gateway.get_state()["namespaces"] == ["/", "/loja-1"]
        gateway.restart()
        state = gateway.get_state()
        assert (state["namespaces"], state["tally"]["emitted"]) == (["/"], {})
        rows = gateway.request("GET", "/instance/fetchInstances?instanceName=loja-1").json()[0]["_count"]
    assert rows["Message"] == 50


def test_a_script_is_the_same_for_the_same_seed_and_travels_whole() -> None:
    script = messages.make_script(20, seed=3)
    assert script == messages.make_script(20, seed=3)
    assert decode_steps(encode_steps(script)) == script
