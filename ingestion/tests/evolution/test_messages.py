"""Who wrote a message, in which chat, when: every version's way of writing addresses, names and times."""

from typing import Any

import pytest

from ingestion.evolution.events import PartlyNotUnderstoodError, understand
from ingestion.evolution.types import MessageDeleted, MessageSeen, NotAMessage, NotUnderstoodError
from ingestion.tests.evolution.payloads import (
    GROUP,
    MARIANA,
    MARIANA_LID,
    MARIANA_SHORT,
    OWN,
    SECONDS,
    SENT_AT,
    envelope,
    jid,
    key,
    lid,
    message,
    tell,
    tell_message,
    text,
)
from ingestion.types import IncomingMessage


def test_a_customers_message_in_full() -> None:
    assert tell(text("cadê meu pedido?", status="DELIVERY_ACK")) == [
        MessageSeen(
            message=IncomingMessage(
                provider_id="3EB0A1",
                chat_key=MARIANA,
                chat_name="Mariana",
                author="customer",
                sender_name="Mariana",
                sender_phone=MARIANA,
                sent_at=SENT_AT,
                text="cadê meu pedido?",
                source="live",
            )
        )
    ]


def test_an_agents_message_in_full() -> None:
    data = text("*Ana Souza:* Bom dia, já verifico", name="Você", status="PENDING", key=key("3EB0B2", ours=True))
    assert tell(data, event="send.message") == [
        MessageSeen(
            message=IncomingMessage(
                provider_id="3EB0B2",
                chat_key=MARIANA,
                chat_name="",
                author="agent",
                sender_name="Ana Souza",
                agent_name="Ana Souza",
                sent_at=SENT_AT,
                text="Bom dia, já verifico",
                source="live",
                delivery="pending",
            )
        )
    ]


# Every way in which versions tell the two addresses of one person: (key, chat key, hidden address).
KEYS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "phone alone": (key(), MARIANA, None),
    "phone without its ninth digit": (key(remote=jid(MARIANA_SHORT)), MARIANA, None),
    "phone with the number of a device": (key(remote=f"{MARIANA}:12@s.whatsapp.net"), MARIANA, None),
    "phone in the old form": (key(remote=f"{MARIANA}@c.us"), MARIANA, None),
    "bare number of the test channel": (key(remote=MARIANA), MARIANA, None),
    "2.3.0: hidden address alone": (key(remote=lid()), f"lid:{MARIANA_LID}", MARIANA_LID),
    "2.3.1: phone as sender": (key(remote=lid(), senderPn=jid(MARIANA_SHORT)), MARIANA, MARIANA_LID),
    "2.3.6: phone beside": (key(remote=lid(), remoteJidAlt=jid(MARIANA), addressingMode="lid"), MARIANA, MARIANA_LID),
    "2.3.7: phone twice": (key(remoteJidAlt=jid(MARIANA), addressingMode="lid"), MARIANA, None),
    "2.3.7 stored": (key(remote=lid(), remoteJidAlt=jid(MARIANA)), MARIANA, MARIANA_LID),
    "2.4: hidden address beside": (key(remoteJidAlt=lid(), addressingMode="pn"), MARIANA, MARIANA_LID),
    "phone where it was before": (key(remote=lid(), previousRemoteJid=jid(MARIANA)), MARIANA, MARIANA_LID),
    "ours, our own number as sender": (key(remote=lid(), ours=True, senderPn=jid(OWN)), f"lid:{MARIANA_LID}", MARIANA_LID),
    "ours, our own number beside": (key(remote=lid(), ours=True, remoteJidAlt=jid(OWN)), f"lid:{MARIANA_LID}", MARIANA_LID),
    "ours, theirs as sender": (key(remote=lid(), ours=True, senderPn=jid(MARIANA)), MARIANA, MARIANA_LID),
    "ours in the native flow, with a participant": (key(ours=True, participant=jid(MARIANA)), MARIANA, None),
}


@pytest.mark.parametrize("version", KEYS)
def test_chat(version: str) -> None:
    told_key, chat_key, chat_lid = KEYS[version]
    told = tell_message(text("oi", key=told_key))
    assert (told.chat_key, told.chat_lid, told.is_group) == (chat_key, chat_lid, False)


def test_whose_number_stands_beside_ours_is_left_open_where_we_do_not_know_our_own() -> None:
    payload = envelope(text("oi", key=key(remote=lid(), ours=True, senderPn=jid(OWN))))
    del payload["sender"]
    [happening] = understand("messages.upsert", payload)
    assert isinstance(happening, MessageSeen)
    assert happening.message.chat_key == f"lid:{MARIANA_LID}"


def test_our_own_number_may_be_told_from_outside_but_the_gateway_knows_better() -> None:
    data = text("lembrar: caixas", key=key(remote=jid("551188880000"), ours=True))
    payload = envelope(data)
    assert isinstance(understand("messages.upsert", payload, self_phone="5511988880000")[0], MessageSeen)
    del payload["sender"]
    assert understand("messages.upsert", payload, self_phone="5511988880000") == [NotAMessage(what="note to oneself")]


# Chats of which nothing is kept.
OTHER_CHATS = {
    "status@broadcast": "status post",
    "1717171717@broadcast": "broadcast list",
    "120363000000000009@newsletter": "newsletter",
    "0@s.whatsapp.net": "notice from WhatsApp",
    "867051314767696@bot": "chat with WhatsApp's own assistant",
    jid(OWN): "note to oneself",
    GROUP: "group",
}


@pytest.mark.parametrize("remote", OTHER_CHATS)
def test_chats_of_which_nothing_is_kept(remote: str) -> None:
    assert tell(text("oi", key=key(remote=remote, participant=jid(MARIANA)))) == [NotAMessage(what=OTHER_CHATS[remote])]


@pytest.mark.parametrize(
    ("participant", "phone", "hidden"),
    [
        ({"participant": jid(MARIANA_SHORT)}, MARIANA, None),
        ({"participant": lid(), "participantAlt": jid(MARIANA)}, MARIANA, MARIANA_LID),
        ({"participant": lid(), "participantPn": jid(MARIANA)}, MARIANA, MARIANA_LID),
        ({"participant": jid(MARIANA), "participantAlt": lid()}, MARIANA, MARIANA_LID),
        ({"participant": lid()}, None, MARIANA_LID),
        ({}, None, None),
    ],
)
def test_a_groups_message(participant: dict[str, Any], phone: str | None, hidden: str | None) -> None:
    told = tell_message(text("oi grupo", key=key(remote=GROUP, **participant)), reads_groups=True)
    assert (told.chat_key, told.is_group, told.chat_name, told.chat_lid) == (GROUP, True, "", None)
    assert (told.sender_name, told.sender_phone, told.sender_lid) == ("Mariana", phone, hidden)


def test_our_message_in_a_group() -> None:
    told = tell_message(text("*Ana Souza:* oi", key=key(remote=GROUP, ours=True, participant=jid(OWN))), reads_groups=True)
    assert (told.author, told.agent_name, told.sender_phone, told.sender_lid) == ("agent", "Ana Souza", None, None)


# What stands as a customer's name → the name that is taken.
NAMES: dict[Any, str] = {
    "Mariana Alves": "Mariana Alves",
    "~ Mari  🌙 ": "Mari 🌙",
    "Você": "",
    "You": "",
    MARIANA: "",
    "+55 11 98888-7777": "",
    MARIANA_LID: "",
    "": "",
    None: "",
    7: "",
    "a" * 300: "a" * 200,
}


@pytest.mark.parametrize("given", NAMES)
def test_names(given: Any) -> None:
    told = tell_message(text("oi", name=given))
    assert (told.chat_name, told.sender_name) == (NAMES[given], NAMES[given] or MARIANA)


def test_the_name_beside_our_own_message_names_nobody() -> None:
    told = tell_message(text("oi", name="Casa Lua", key=key(ours=True)))
    assert (told.author, told.chat_name, told.sender_name, told.agent_name) == ("agent", "", "", None)


@pytest.mark.parametrize(
    ("content", "ours", "agent", "words"),
    [
        ({"conversation": "*Ana Souza:* oi"}, True, "Ana Souza", "oi"),
        ({"extendedTextMessage": {"text": "*Ana Souza*\noi"}}, True, "Ana Souza", "oi"),
        ({"imageMessage": {"caption": "*Ana Souza:* veja"}}, True, "Ana Souza", "veja"),
        ({"conversation": "*Ana Souza:* oi"}, False, None, "*Ana Souza:* oi"),
        ({"interactiveMessage": {"body": {"text": "*Troca*\noi"}}}, True, None, "*Troca*\noi"),
        ({"pollCreationMessage": {"name": "*Ana Souza:* qual?"}}, True, None, "*Ana Souza:* qual?"),
    ],
)
def test_who_signed(content: dict[str, Any], ours: bool, agent: str | None, words: str) -> None:
    told = tell_message(message(content, key=key(ours=ours)))
    assert (told.agent_name, told.text) == (agent, words)


# Times as they were seen → the instant. The envelope's own, three hours behind, is never taken.
@pytest.mark.parametrize(
    "given",
    [
        SECONDS,
        str(SECONDS),
        float(SECONDS),
        SECONDS * 1000,
        {"low": SECONDS, "high": 0, "unsigned": True},
        {"low": SECONDS - (1 << 32), "high": 0},
    ],
)
def test_times(given: Any) -> None:
    assert tell_message(text("oi", at=given)).sent_at == SENT_AT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (text("oi", at=None), "no readable messageTimestamp"),
        (text("oi", at="2026-11-23"), "no readable messageTimestamp"),
        (text("oi", at=0), "no readable messageTimestamp"),
        (text("oi", at=True), "no readable messageTimestamp"),
        (text("oi", key={"fromMe": False, "id": "A"}), "no chat: remoteJid is missing or of an unknown kind"),
        (text("oi", key=key(remote="x@somewhere")), "no chat: remoteJid is missing or of an unknown kind"),
        (text("oi", key=key(remote="maria@s.whatsapp.net")), "no chat: remoteJid is missing or of an unknown kind"),
        (text("oi", key={"remoteJid": jid(MARIANA)}), "no message id"),
        (text("oi", key=key("A" * 121)), "the message id is too long"),
        ("oi", "the message is no object"),
        (7, "the message is no object"),
    ],
)
def test_what_can_not_be_read_says_why(data: Any, reason: str) -> None:
    with pytest.raises(NotUnderstoodError, match=f"^{reason}$"):
        tell(data)


def test_an_event_without_data_can_not_be_read() -> None:
    with pytest.raises(NotUnderstoodError, match=r"^no data$"):
        understand("messages.upsert", {"event": "messages.upsert"})


@pytest.mark.parametrize(
    ("status", "delivery"), [("PENDING", "pending"), ("SERVER_ACK", "sent"), ("READ", "read"), (3, "delivered"), (None, None)]
)
def test_how_far_our_message_had_got(status: Any, delivery: str | None) -> None:
    assert tell_message(text("oi", status=status, key=key(ours=True))).delivery == delivery
    assert tell_message(text("oi", status=status)).delivery is None


def test_a_history_is_a_list_and_one_that_can_not_be_read_does_not_hold_up_the_others() -> None:
    good, other, bad = text("um"), text("dois", key=key("3EB0A2")), text("três", at=None)
    told = tell([good, other], event="messages.set")
    assert [happening.message.text for happening in told if isinstance(happening, MessageSeen)] == ["um", "dois"]
    with pytest.raises(PartlyNotUnderstoodError, match=r"^1 of 3: no readable messageTimestamp$") as caught:
        tell([good, bad, other], event="messages.set")
    assert caught.value.understood == told
    assert tell([], event="messages.set") == [NotAMessage(what="empty list")]


def test_a_message_that_could_not_be_decrypted_is_kept_without_words() -> None:
    stub = {**message({}), "message": None, "messageStubType": 2, "messageStubParameters": ["No session record"]}
    told = tell_message(stub)
    assert (told.kind, told.text, told.attachment) == ("unsupported", "", None)
    assert tell({**stub, "messageStubType": 1}) == [MessageDeleted(provider_id="3EB0A1")]
