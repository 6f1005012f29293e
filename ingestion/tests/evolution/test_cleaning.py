"""What of an event is kept, and when two tellings are of one event."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.evolution.cleaning import clean, digest
from ingestion.evolution.events import understand, understand_stored
from ingestion.evolution.types import NotUnderstoodError
from ingestion.tests.evolution.payloads import MARIANA, envelope, jid, key, message, over_webhook, tell, text

BYTES = bytes(range(32))
PICTURE = message(
    {
        "messageContextInfo": {
            "deviceListMetadata": {"senderKeyHash": BYTES, "senderTimestamp": {"low": 1, "high": 0}}, "messageSecret": BYTES,
        },
        "imageMessage": {
            "url": "https://mmg.whatsapp.net/a.enc?x=1", "caption": "olha o furo", "mediaKey": BYTES,
            "fileSha256": BYTES, "jpegThumbnail": b"",
            "fileEncSha256": BYTES, "fileLength": {"low": 9, "high": 0, "unsigned": True},
            "contextInfo": {"stanzaId": "3EB0Q", "quotedMessage": {"audioMessage": {"waveform": BYTES, "ptt": True}}},
        },
        "base64": "/9j/4AAQSkZJRg==", "mediaUrl": "https://minio.example/a.jpg?X-Amz-Signature=abc",
    },
    contextInfo=None, webhookUrl="https://evosense.example/hooks/evolution/segredo", chatwootMessageId=7,
)  # fmt: skip


def test_what_is_kept_of_a_picture() -> None:
    assert clean(envelope(PICTURE)) == {
        "event": "messages.upsert",
        "instance": "casa-lua",
        "data": {
            "key": key(),
            "pushName": "Mariana",
            "message": {
                "messageContextInfo": {"deviceListMetadata": {"senderTimestamp": {"low": 1, "high": 0}}},
                "imageMessage": {
                    "url": "https://mmg.whatsapp.net/a.enc?x=1",
                    "caption": "olha o furo",
                    "fileLength": {"low": 9, "high": 0, "unsigned": True},
                    "contextInfo": {"stanzaId": "3EB0Q", "quotedMessage": {"audioMessage": {"ptt": True}}},
                },
            },
            "messageType": "messageContextInfo",
            "messageTimestamp": 1795442400,
            "contextInfo": None,
            "chatwootMessageId": 7,
            "instanceId": "5d1d4e1c-0000-4000-8000-000000000001",
            "source": "android",
        },
        "server_url": "https://evo.example",
        "date_time": "2026-11-23T11:00:01.000Z",
        "sender": "5511999990000@s.whatsapp.net",
    }


def test_both_roads_leave_the_same_and_mean_the_same() -> None:
    socket, webhook = clean(envelope(PICTURE)), clean(over_webhook(envelope(PICTURE)))
    # Only bytes of which there were none are an empty object over the webhook.
    assert webhook["data"]["message"]["imageMessage"].pop("jpegThumbnail", None) is None
    assert webhook == socket
    assert understand("messages.upsert", socket) == understand("messages.upsert", webhook) == tell(PICTURE)


@pytest.mark.parametrize(
    "secret",
    ["apikey", "apiKey", "api_key", "Authorization", "jwt", "jwt_key", "token", "accessToken", "access_token", "destination", "webhookUrl"],
)
def test_secrets_are_not_kept_wherever_they_stand(secret: str) -> None:
    payload = envelope({**text("oi"), "deep": [{secret: "segredo"}]}, **{secret: "segredo"})
    assert "segredo" not in json.dumps(clean(payload))


def test_long_unbroken_data_is_not_kept_but_words_are() -> None:
    blob, words = "QUJD" * 2000, "k" * 8000
    kept = clean(envelope(message({"conversation": words, "novelty": blob, "other": f"data:image/png;base64,{blob}"})))
    assert kept["data"]["message"] == {"conversation": words}


def test_the_code_to_scan_is_kept_and_what_it_is_drawn_from_is_not() -> None:
    image = "data:image/png;base64," + "QUJD" * 2000
    kept = clean(envelope({"qrcode": {"code": "2@segredo", "base64": image, "pairingCode": None}}, event="qrcode.updated"))
    assert kept["data"] == {"qrcode": {"base64": image, "pairingCode": None}}


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        (
            {"a": "x\0y", "b": "\ud83d", "c": float("nan"), "d": float("inf"), "e": (1, 2)},
            {"a": "xy", "b": "\ufffd", "c": None, "d": None, "e": [1, 2]},
        ),
        ({1: True, "n": {"type": "Buffer", "data": [1, 2]}, "z": {"0": 12, "1": 255}}, {"1": True}),
        ("not JSON", {"malformed": "not JSON"}),
        (["a", 1], {"malformed": "['a', 1]"}),
        (None, {"malformed": "None"}),
        ("é" * 9000, {"malformed": "é" * 2000}),
    ],
)
def test_what_postgresql_can_not_hold_is_not_kept(came: Any, kept: dict[str, Any]) -> None:
    assert clean(came) == kept


# -- one event or two ----------------------------------------------------------------------------------------------------


def make_digest(data: Any, *, event: str = "messages.upsert", **more: Any) -> str:
    return digest(event, clean(envelope(data, event=event, **more)))


def test_a_digest_is_the_same_by_both_roads_and_whenever_it_is_told() -> None:
    first = make_digest(PICTURE)
    assert len(first) == 32
    assert digest("MESSAGES_UPSERT", clean(over_webhook(envelope(PICTURE, at="2026-11-24T03:00:00.000Z")))) == first
    assert make_digest({**PICTURE, "profilePicUrl": "https://pps.example/2"}) == first


@pytest.mark.parametrize(
    "other",
    [text("oi!"), text("oi", key=key("3EB0A2")), text("oi", key=key(remote=jid("5511977776666"))), text("oi", status="READ")],
)
def test_another_event_has_another_digest(other: dict[str, Any]) -> None:
    assert make_digest(other) != make_digest(text("oi"))


def test_another_instance_or_name_has_another_digest() -> None:
    assert len({make_digest(text("oi")), make_digest(text("oi"), instance="casa-sol"), make_digest(text("oi"), event="send.message")}) == 3


def test_a_state_that_comes_back_is_a_new_event_but_by_two_roads_the_same() -> None:
    data = {"state": "open", "statusReason": 200}
    morning, evening = ({"event": "connection.update", "at": f"2026-11-23T{hour}:00:00.000Z"} for hour in ("09", "19"))
    assert make_digest(data, **morning) == make_digest(data, **morning, destination="https://evosense.example/x")
    assert make_digest(data, **morning) != make_digest(data, **evening)


def test_a_contacts_name_is_told_once_a_day() -> None:
    data = {"remoteJid": jid(MARIANA), "pushName": "Mariana", "profilePicUrl": "https://pps.example/1"}
    again = {**data, "profilePicUrl": "https://pps.example/2"}
    one = make_digest(data, event="contacts.update", at="2026-11-23T09:00:00.000Z")
    assert make_digest(again, event="contacts.update", at="2026-11-23T19:00:00.000Z") == one
    assert make_digest(again, event="contacts.update", at="2026-11-24T09:00:00.000Z") != one


# -- anything at all -----------------------------------------------------------------------------------------------------

FIELDS = st.sampled_from(
    "data key id remoteJid remoteJidAlt senderPn fromMe message messageType messageTimestamp pushName conversation extendedTextMessage "
    "text contextInfo stanzaId imageMessage caption protocolMessage editedMessage type reactionMessage pollUpdateMessage vote "
    "ephemeralMessage locationMessage contactsArrayMessage contacts listMessage sections rows audioMessage keyId status state qrcode "
    "base64 selectedOptions MessageUpdate sender instance 0 1 low high".split()
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=8),
    st.sampled_from([jid(MARIANA), "9@lid", "1@g.us", "status@broadcast", "3EB0A1", "14", "REVOKE", "open", "READ", 1_795_442_400]),
)  # fmt: skip
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6), max_leaves=30)
EVENTS = st.sampled_from(
    "messages.upsert messages.set send.message messages.update messages.edited send.message.update messages.delete contacts.update "
    "connection.update status.instance qrcode.updated logout.instance presence.update x".split()
)


@settings(max_examples=300, deadline=None)
@given(event=EVENTS, payload=st.dictionaries(FIELDS, ANYTHING, max_size=5), groups=st.booleans())
def test_whatever_comes_is_understood_or_refused_and_can_be_stored(event: str, payload: dict[str, Any], groups: bool) -> None:
    with contextlib.suppress(NotUnderstoodError):
        understand(event, payload, reads_groups=groups)
    with contextlib.suppress(NotUnderstoodError):
        understand_stored(payload, reads_groups=groups)
    cleaned = clean(payload)
    stored = json.loads(json.dumps(cleaned, allow_nan=False))
    assert "\0" not in json.dumps(cleaned, ensure_ascii=False)
    assert digest(event, stored) == digest(event, cleaned)
    assert clean(stored) == stored
