"""What each type of WhatsApp's messages becomes: type by type, wrapper by wrapper."""

from typing import Any

import pytest

from ingestion.evolution.types import MessageDeleted, MessageEdited, NotAMessage
from ingestion.tests.evolution.payloads import SECONDS, key, message, tell, tell_message

PLAIN = {"conversation": "chegou rasgado"}
MEDIA = {"url": "https://mmg.whatsapp.net/x.enc", "mimetype": "image/jpeg", "mediaKey": b"\x01\x02"}
VOTE = {"pollCreationMessageKey": key("3EB0P0", ours=True)}

# type → (kind, text, attachment, quoted id)
SHAPES: dict[str, tuple[dict[str, Any], tuple[str, str, str | None, str | None]]] = {
    "plain": (PLAIN, ("text", "chegou rasgado", None, None)),
    "extended": ({"extendedTextMessage": {"text": "chegou rasgado"}}, ("text", "chegou rasgado", None, None)),
    "link": (
        {"extendedTextMessage": {"text": "vejam https://loja.example/p/1", "title": "Vestido", "description": "Linho"}},
        ("text", "vejam https://loja.example/p/1", None, None),
    ),
    "reply": (
        {"extendedTextMessage": {"text": "esse mesmo", "contextInfo": {"stanzaId": "3EB0Q", "quotedMessage": PLAIN}}},
        ("text", "esse mesmo", None, "3EB0Q"),
    ),
    "Cloud API reply": ({"conversation": "esse", "contextInfo": {"stanzaId": "wamid.Q"}}, ("text", "esse", None, "wamid.Q")),
    "test channel reply": ({"conversation": "esse", "quoted": {"id": "Q9", "fromMe": False}}, ("text", "esse", None, "Q9")),
    "beside keys": ({"messageContextInfo": {"messageSecret": b"\x00"}, **PLAIN}, ("text", "chegou rasgado", None, None)),
    "image": ({"imageMessage": MEDIA}, ("image", "", None, None)),
    "image with words": ({"imageMessage": {**MEDIA, "caption": "olha o furo"}}, ("image", "olha o furo", None, None)),
    "image as reply": ({"imageMessage": {**MEDIA, "contextInfo": {"stanzaId": "3EB0Q"}}}, ("image", "", None, "3EB0Q")),
    "video": ({"videoMessage": {**MEDIA, "caption": "não liga"}}, ("video", "não liga", None, None)),
    "round video": ({"ptvMessage": MEDIA}, ("video", "", None, None)),
    "gif": ({"videoMessage": {**MEDIA, "gifPlayback": True}}, ("gif", "", None, None)),
    "sticker": ({"stickerMessage": {"isAnimated": False}}, ("sticker", "", None, None)),
    "animated sticker": ({"lottieStickerMessage": {"message": {"stickerMessage": {}}}}, ("sticker", "", None, None)),
    "voice": ({"audioMessage": {"seconds": 7, "ptt": True}}, ("audio", "", None, None)),
    "voice with words": (
        {"audioMessage": {"ptt": True}, "speechToText": "[audio] quero trocar o tamanho"},
        ("audio", "quero trocar o tamanho", None, None),
    ),
    "document": (
        {"documentMessage": {"fileName": "nota.pdf", "title": "Nota", "caption": "segue"}},
        ("document", "segue", "nota.pdf", None),
    ),
    "document of the Cloud API": ({"documentMessage": {"filename": "nota.pdf", "id": "98"}}, ("document", "", "nota.pdf", None)),
    "document whose name is a path": ({"documentMessage": {"fileName": "..\\..\\x/nota.pdf"}}, ("document", "", "nota.pdf", None)),
    "location": (
        {"locationMessage": {"degreesLatitude": -23.5, "degreesLongitude": -46.6, "name": "Loja Lua", "address": "Rua A, 1"}},
        ("location", "Loja Lua\nRua A, 1\nhttps://maps.google.com/?q=-23.5,-46.6", None, None),
    ),
    "live location": (
        {"liveLocationMessage": {"degreesLatitude": -23.5, "degreesLongitude": -46.6, "caption": "chegando"}},
        ("location", "chegando\nhttps://maps.google.com/?q=-23.5,-46.6", None, None),
    ),
    "contact": ({"contactMessage": {"displayName": "Rui", "vcard": "BEGIN:VCARD\nFN:Rui Paz"}}, ("contact", "Rui", None, None)),
    "contact without a name": ({"contactMessage": {"vcard": "BEGIN:VCARD\nFN:Rui Paz\nEND:VCARD"}}, ("contact", "Rui Paz", None, None)),
    "contacts": (
        {"contactsArrayMessage": {"displayName": "2 contatos", "contacts": [{"displayName": "Rui"}, {"displayName": "Lia"}]}},
        ("contact", "Rui\nLia", None, None),
    ),
    "poll": (
        {"pollCreationMessage": {"name": "Qual?", "options": [{"optionName": "P"}, {"optionName": "M"}]}},
        ("poll", "Qual?\n- P\n- M", None, None),
    ),
    "poll, second form": ({"pollCreationMessageV2": {"name": "Qual?", "options": []}}, ("poll", "Qual?", None, None)),
    "poll, third form": (
        {"pollCreationMessageV3": {"name": "Qual?", "options": [{"optionName": "P"}]}},
        ("poll", "Qual?\n- P", None, None),
    ),
    "poll, fourth form": (
        {"pollCreationMessageV4": {"message": {"pollCreationMessageV3": {"name": "Qual?"}}}},
        ("poll", "Qual?", None, None),
    ),
    "vote": ({"pollUpdateMessage": {**VOTE, "vote": {"selectedOptions": ["M", "G"]}}}, ("poll", "- M\n- G", None, "3EB0P0")),
    "vote that is encrypted": ({"pollUpdateMessage": {**VOTE, "vote": {"encPayload": b"\x01"}}}, ("poll", "", None, "3EB0P0")),
    "reaction": ({"reactionMessage": {"key": key("3EB0R", ours=True), "text": "👍"}}, ("reaction", "👍", None, "3EB0R")),
    "reaction taken back": ({"reactionMessage": {"key": key("3EB0R"), "text": ""}}, ("reaction", "", None, "3EB0R")),
    "button": (
        {"buttonsResponseMessage": {"selectedButtonId": "b1", "selectedDisplayText": "Sim", "contextInfo": {"stanzaId": "3EB0B"}}},
        ("text", "Sim", None, "3EB0B"),
    ),
    "button without words": ({"buttonsResponseMessage": {"selectedButtonId": "b1"}}, ("text", "b1", None, None)),
    "button of a template": (
        {"templateButtonReplyMessage": {"selectedId": "i", "selectedDisplayText": "Quero"}},
        ("text", "Quero", None, None),
    ),
    "choice of a list": (
        {"listResponseMessage": {"title": "Financeiro", "description": "Segunda via", "singleSelectReply": {"selectedRowId": "r1"}}},
        ("text", "Financeiro\nSegunda via", None, None),
    ),
    "newer button": (
        {"interactiveResponseMessage": {"body": {"text": "Sim"}, "nativeFlowResponseMessage": {"paramsJson": '{"id":"x"}'}}},
        ("text", "Sim", None, None),
    ),
    "newer button without words": (
        {"interactiveResponseMessage": {"nativeFlowResponseMessage": {"paramsJson": '{"id":"x","display_text":"Não"}'}}},
        ("text", "Não", None, None),
    ),
    "newer button, broken": (
        {"interactiveResponseMessage": {"nativeFlowResponseMessage": {"paramsJson": "{"}}},
        ("unsupported", "", "interactiveResponseMessage", None),
    ),
    "list that we offer": (
        {"listMessage": {"title": "Menu", "description": "Escolha", "sections": [{"rows": [{"title": "Troca"}, {"title": "Frete"}]}]}},
        ("text", "Menu\nEscolha\n- Troca\n- Frete", None, None),
    ),
    "buttons that we offer": (
        {"viewOnceMessage": {"message": {"interactiveMessage": {"body": {"text": "*Troca*\n\nPosso ajudar?"}}}}},
        ("text", "*Troca*\n\nPosso ajudar?", None, None),
    ),
    "template": (
        {"templateMessage": {"hydratedTemplate": {"hydratedContentText": "Seu pedido saiu"}}},
        ("text", "Seu pedido saiu", None, None),
    ),
    "order with words": ({"orderMessage": {"message": "quero dois", "itemCount": 2}}, ("text", "quero dois", None, None)),
    "order without": ({"orderMessage": {"itemCount": 2}}, ("unsupported", "", "orderMessage", None)),
    "type of tomorrow": ({"holographMessage": {"depth": 3}}, ("unsupported", "", "holographMessage", None)),
    "disappearing": (
        {"ephemeralMessage": {"message": {"extendedTextMessage": {"text": "some em breve"}}}},
        ("text", "some em breve", None, None),
    ),
    "disappearing reply": (
        {"ephemeralMessage": {"message": {"extendedTextMessage": {"text": "esse", "contextInfo": {"stanzaId": "3EB0Q"}}}}},
        ("text", "esse", None, "3EB0Q"),
    ),
    "seen once": (
        {"viewOnceMessage": {"message": {"imageMessage": {**MEDIA, "caption": "só uma vez"}}}},
        ("image", "só uma vez", None, None),
    ),
    "seen once, second form": ({"viewOnceMessageV2": {"message": {"imageMessage": MEDIA}}}, ("image", "", None, None)),
    "voice heard once": (
        {"viewOnceMessageV2Extension": {"message": {"audioMessage": {"ptt": True}}}, "speechToText": "[audio] alô"},
        ("audio", "alô", None, None),
    ),
    "document with words": (
        {"documentWithCaptionMessage": {"message": {"documentMessage": {"fileName": "a.pdf", "caption": "a nota"}}}},
        ("document", "a nota", "a.pdf", None),
    ),
    "wrapped three times": (
        {
            "deviceSentMessage": {
                "destinationJid": "x",
                "message": {"ephemeralMessage": {"message": {"viewOnceMessage": {"message": PLAIN}}}},
            }
        },
        ("text", "chegou rasgado", None, None),
    ),
    "comment": ({"commentMessage": {"message": PLAIN, "targetMessageKey": key("3EB0T")}}, ("text", "chegou rasgado", None, "3EB0T")),
    "marks and NUL": ({"conversation": "\u200eoi\0 tudo bem \u202a"}, ("text", "oi tudo bem", None, None)),
}

NOT_MESSAGES: dict[str, tuple[Any, str]] = {
    "null": (None, "message without content"),
    "empty": ({}, "message without content"),
    "empty text": ({"conversation": ""}, "message without content"),
    "marks alone": ({"conversation": "\u200e "}, "message without content"),
    "keys alone": ({"senderKeyDistributionMessage": {"groupId": "x"}}, "exchange of keys"),
    "album": ({"albumMessage": {"expectedImageCount": 3}}, "album"),
    "pin": ({"pinInChatMessage": {"key": key()}}, "pinned message"),
    "call": ({"callLogMesssage": {"isVideo": False}}, "call"),
    "setting": ({"protocolMessage": {"key": key(), "type": 3, "ephemeralExpiration": 86400}}, "setting: 3"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shape(shape: str) -> None:
    content, expected = SHAPES[shape]
    told = tell_message(message(content))
    assert (told.kind, told.text, told.attachment, told.quoted_id) == expected


@pytest.mark.parametrize("shape", NOT_MESSAGES)
def test_not_a_message(shape: str) -> None:
    content, what = NOT_MESSAGES[shape]
    assert tell({**message({}), "message": content, "messageType": None}) == [NotAMessage(what=what)]


def test_what_it_replies_to_may_stand_beside_the_message() -> None:
    told = tell_message(message(PLAIN, contextInfo={"stanzaId": "3EB0Q", "participant": "x", "quotedMessage": {"conversation": "qual?"}}))
    assert (told.text, told.quoted_id) == ("chegou rasgado", "3EB0Q")


def test_votes_that_the_gateway_counted_stand_beside_the_message() -> None:
    votes = [{"name": "P", "voters": []}, {"name": "M", "voters": ["5511988887777@s.whatsapp.net"]}]
    assert tell_message(message({"pollUpdateMessage": {**VOTE, "vote": {"encIv": b"\x01"}}}, pollUpdates=votes)).text == "- M"


def test_a_picture_whose_content_was_left_out_is_known_by_the_name_of_its_type() -> None:
    assert tell_message(message({"mediaUrl": None}, type_name="imageMessage")).kind == "image"


def test_an_unknown_type_whose_content_was_left_out_is_kept_by_name() -> None:
    told = tell_message(message({"mediaUrl": None}, type_name="holographMessage"))
    assert (told.kind, told.text, told.attachment) == ("unsupported", "", "holographMessage")


def test_edits_and_deletions_that_come_as_messages_are_what_they_are() -> None:
    edit = {"protocolMessage": {"key": key("3EB0OLD"), "type": 14, "editedMessage": PLAIN, "timestampMs": str(SECONDS * 1000)}}
    [edited] = tell(message({"editedMessage": {"message": edit}}))
    assert isinstance(edited, MessageEdited)
    assert (edited.provider_id, edited.text) == ("3EB0OLD", "chegou rasgado")
    assert tell(message({"protocolMessage": {"key": key("3EB0OLD"), "type": 0}})) == [MessageDeleted(provider_id="3EB0OLD")]


def test_a_message_told_in_its_edited_form_says_so() -> None:
    told = tell_message(message({"editedMessage": {"message": PLAIN}}))
    assert (told.text, told.is_edited) == ("chegou rasgado", True)


def test_wrappers_without_end_end() -> None:
    content: dict[str, Any] = PLAIN
    for _ in range(500):
        content = {"ephemeralMessage": {"message": content}}
    assert tell_message(message(content)).kind == "unsupported"
