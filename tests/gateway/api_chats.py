"""The gateway's routes that read what it has stored, and mark it as read."""

import base64

from tests.gateway.calls import Answer, Call, CallError, Handler, require
from tests.gateway.shapes import MEDIA_TYPES, PICTURE, format_instant, make_jid, write_row_json
from tests.gateway.steps import Json

_STAND_IN_MEDIA = base64.b64encode(b"uma foto do produto").decode()


async def find_messages(call: Call) -> Answer:
    try:
        found = call.world.store.search_messages(call.instance.name, call.body, shuffles_ties=call.world.faults.shuffles_ties)
    except ValueError as error:
        raise CallError(500, str(error)) from None
    return Answer(200, write_row_json(found))


async def find_statuses(call: Call) -> Answer:
    """The stages of one message. Nothing where it is unknown."""
    row = call.world.store.find_message(call.instance.name, ((call.body.get("where") or {}).get("id")) or "")
    if row is None:
        return Answer(200, [])
    key = row.fields["key"]
    base = {
        "keyId": row.key_id,
        "remoteJid": key["remoteJid"],
        "fromMe": key["fromMe"],
        "messageId": row.id,
        "instanceId": call.instance.id,
    }
    return Answer(200, [{**base, "status": status} for status in call.world.store.find_statuses([row.id])[row.id]])


async def find_chats(call: Call) -> Answer:
    return Answer(200, write_row_json(call.world.store.find_chats(call.instance.name, call.body)))


async def find_contacts(call: Call) -> Answer:
    where = call.body.get("where") or {}
    found = []
    for row_id, jid, name, _lid, at in call.world.store.find_contacts(call.instance.name):
        is_group = jid.endswith("@g.us")
        shown: Json = {
            "id": row_id,
            "remoteJid": jid,
            "pushName": name,
            "profilePicUrl": PICTURE,
            "createdAt": format_instant(at),
            "updatedAt": format_instant(at),
            "instanceId": call.instance.id,
            "isGroup": is_group,
            "isSaved": True,
            "type": "group" if is_group else "contact",
        }
        if all(where.get(key) in (None, shown[key]) for key in ("remoteJid", "id", "pushName")):
            found.append(shown)
    if size := call.body.get("offset"):  # without it, the whole table
        start = (int(call.body.get("page") or 1) - 1) * int(size)
        found = found[start : start + int(size)]
    return Answer(200, found)


async def mark_read(call: Call) -> Answer:
    """Says success whatever was asked; keys with a hidden id are ignored, as are unknown ones."""
    for key in require(call.body, "readMessages")["readMessages"]:
        if not key["remoteJid"].endswith("@lid"):
            call.world.tally.marked_read.append(key["id"])
    return Answer(201, {"message": "Read messages", "read": "success"})


async def check_numbers(call: Call) -> Answer:
    lids = {jid: lid for _, jid, _, lid, _ in call.world.store.find_contacts(call.instance.name) if lid}
    answers = []
    for number in require(call.body, "numbers")["numbers"]:
        jid = make_jid(number)
        exists = number not in call.world.faults.unknown_numbers and not jid.startswith("550")
        answers.append({"jid": jid, "exists": exists, "number": number, **({"lid": lids[jid]} if jid in lids else {})})
    return Answer(200, answers)


async def get_media(call: Call) -> Answer:
    """What an attachment holds, in base64."""
    key = require(call.body, "message")["message"].get("key") or {}
    row = call.world.store.find_message(call.instance.name, key.get("id") or "")
    message = (row.fields["message"] or {}) if row else {}
    for wrapper in ("ephemeralMessage", "viewOnceMessageV2"):
        message = message[wrapper]["message"] if wrapper in message else message
    kind = next((kind for kind in MEDIA_TYPES if kind in message), None)
    if row is None or kind is None:
        raise CallError(400, ["The message is not of the media type" if row else "Message not found"])
    inner = message[kind]
    media = row.media or _STAND_IN_MEDIA
    length = len(base64.b64decode(media))
    return Answer(
        201,
        {
            "mediaType": kind,
            "fileName": inner.get("fileName") or f"{row.key_id}.{inner.get('mimetype', '/bin').split('/')[-1].split(';')[0]}",
            "caption": inner.get("caption"),
            "size": {
                "fileLength": {"low": length, "high": 0, "unsigned": True},
                "height": inner.get("height"),
                "width": inner.get("width"),
            },
            "mimetype": inner.get("mimetype"),
            "base64": media,
            "buffer": None,
        },
    )


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/chat/findMessages/"): find_messages,
    ("POST", "/chat/findStatusMessage/"): find_statuses,
    ("POST", "/chat/findChats/"): find_chats,
    ("POST", "/chat/findContacts/"): find_contacts,
    ("POST", "/chat/markMessageAsRead/"): mark_read,
    ("POST", "/chat/whatsappNumbers/"): check_numbers,
    ("POST", "/chat/getBase64FromMediaMessage/"): get_media,
}
