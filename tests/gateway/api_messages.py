"""The gateway's routes that send something to WhatsApp."""

import asyncio
import time

from tests.gateway.calls import Answer, Call, CallError, Handler, require
from tests.gateway.shapes import make_jid, parse_version
from tests.gateway.steps import Json, make_id
from tests.gateway.world import make_sent

_MEDIA_KEYS = {"image": "imageMessage", "video": "videoMessage", "document": "documentMessage", "audio": "audioMessage"}


async def send_text(call: Call) -> Answer:
    body = require(call.body, "number", "text")
    if not str(body["text"]).strip():
        raise CallError(400, ["Text is required"])
    return await _send(call, body, {"conversation": body["text"]}, "conversation")


async def send_media(call: Call) -> Answer:
    body = require(call.body, "number", "mediatype", "media")
    kind = _MEDIA_KEYS.get(body["mediatype"])
    if kind is None:
        raise CallError(400, [[f"mediatype is not one of enum values: {','.join(_MEDIA_KEYS)}"]])
    names = ("mimetype", "caption", "fileName")
    content = {
        "url": "https://media.example/v/enviado.enc",
        "mediaKey": bytes(range(64, 96)),
        **{name: body[name] for name in names if name in body},
    }
    media = None if str(body["media"]).startswith("http") else body["media"]
    return await _send(call, body, {kind: content}, kind, media=media)


async def send_audio(call: Call) -> Answer:
    body = require(call.body, "number", "audio")
    content = {"url": "https://media.example/v/voz.enc", "mimetype": "audio/ogg; codecs=opus", "ptt": True}
    return await _send(call, body, {"audioMessage": content}, "audioMessage", media=body["audio"])


async def send_poll(call: Call) -> Answer:
    body = require(call.body, "number", "name", "selectableCount", "values")
    options = [{"optionName": value} for value in body["values"]]
    content = {"name": body["name"], "selectableOptionsCount": body["selectableCount"], "options": options}
    message = {"messageContextInfo": {"messageSecret": bytes(range(64, 96))}, "pollCreationMessageV3": content}
    return await _send(call, body, message, "pollCreationMessageV3")


async def send_list(call: Call) -> Answer:
    body = require(call.body, "number", "title", "footerText", "buttonText", "sections")
    content = {name: body[name] for name in ("sections", "title", "description", "buttonText", "footerText") if name in body}
    return await _send(call, body, {"listMessage": {**content, "listType": 2}}, "listMessage")


async def send_buttons(call: Call) -> Answer:
    body = require(call.body, "number", "title", "buttons")
    buttons = [
        {"name": "quick_reply", "buttonParamsJson": f'{{"display_text":"{b["displayText"]}","id":"{b["id"]}"}}'} for b in body["buttons"]
    ]
    content = {"body": {"text": f"*{body['title']}*\n\n{body.get('description', '')}\n"}, "nativeFlowMessage": {"buttons": buttons}}
    return await _send(call, body, {"viewOnceMessage": {"message": {"interactiveMessage": content}}}, "viewOnceMessage")


async def send_reaction(call: Call) -> Answer:
    body = require(call.body, "key", "reaction")
    reaction = {"text": body["reaction"], "key": body["key"], "senderTimestampMs": int(time.time() * 1000)}
    return await _send(call, {"number": body["key"]["remoteJid"]}, {"reactionMessage": reaction}, "reactionMessage")


async def send_presence(call: Call) -> Answer:
    """Answers only once the delay is over."""
    body = require(call.body, "number", "presence", "delay")
    await asyncio.sleep(body["delay"] / 1000 * call.world.options.delay_scale)
    return Answer(201, {"presence": body["presence"]})


async def update_message(call: Call) -> Answer:
    """Change the words of a message that was sent. Told as send.message.update."""
    body, world, instance = require(call.body, "number", "key", "text"), call.world, call.instance
    key, at = body["key"], time.time()
    row = world.store.find_message(instance.name, key["id"])
    if row is None:
        raise CallError(400, ["Message not found"])
    edited = {"extendedTextMessage": {"text": body["text"]}}
    data = {"key": key, "editedMessage": edited, "timestampMs": int(at * 1000), "type": 14}
    await world.roads.emit(instance, "send.message.update", data, ref=key["id"])
    row.fields["message"] = {**(row.fields["message"] or {}), "conversation": body["text"]}
    row.at, row.status = int(at), "EDITED"
    world.store.change_message(row)
    world.store.add_update(instance.name, row, "EDITED")
    protocol = {"key": key, "type": "MESSAGE_EDIT", "editedMessage": edited, "timestampMs": str(int(at * 1000))}
    return Answer(200, _make_raw(key, {"protocolMessage": protocol}, at))


async def delete_message(call: Call) -> Answer:
    """Delete a message for everyone. Told as messages.delete with the whole row; the row goes."""
    body, world, instance = require(call.body, "id", "remoteJid", "fromMe"), call.world, call.instance
    key = {"remoteJid": body["remoteJid"], "fromMe": body["fromMe"], "id": body["id"]}
    row = world.store.find_message(instance.name, body["id"])
    if row is not None:
        data = {
            "id": row.id,
            "instanceId": instance.id,
            "key": row.fields["key"],
            "messageType": row.kind,
            "status": "DELETED",
            "source": row.fields["source"],
            "messageTimestamp": row.at,
            "pushName": row.fields["pushName"],
            "participant": None,
            "message": row.fields["message"],
        }
        await world.roads.emit(instance, "messages.delete", data, ref=body["id"])
        world.store.remove_message(instance.name, body["id"])
    return Answer(201, _make_raw(key, {"protocolMessage": {"key": key, "type": "REVOKE"}}, time.time()))


async def _send(call: Call, body: Json, message: Json, kind: str, *, media: str | None = None) -> Answer:
    world, instance = call.world, call.instance
    number = str(body["number"])
    jid = make_jid(number)
    # The area codes of Brazil begin at 11.
    if number in world.faults.unknown_numbers or jid.split("@")[0].startswith("550"):
        raise CallError(400, [{"jid": jid, "exists": False, "number": number}])
    if instance.state != "open":
        raise CallError(500, "Connection Closed")
    if body.get("delay"):
        await asyncio.sleep(body["delay"] / 1000 * world.options.delay_scale)
    context = None
    if quoted := body.get("quoted"):
        row = world.store.find_message(instance.name, quoted["key"]["id"])
        original = quoted.get("message") or (row.fields["message"] if row else None)
        context = {"mentionedJid": [], "groupMentions": [], "participant": jid, "stanzaId": quoted["key"]["id"], "quotedMessage": original}
    message_id = body.get("messageId") if parse_version(world.options.version) >= (2, 4, 0) else None
    data = make_sent(
        instance, jid=jid, message=message, kind=kind, message_id=message_id or make_id("web"), at=int(time.time()), context=context
    )
    await world.tell_sent(instance, data, media=media)
    if world.faults.send_timeouts:
        world.faults.send_timeouts -= 1
        world.tally.sends_without_answer.append(data["key"]["id"])
        await asyncio.sleep(world.faults.hang_seconds)
    return Answer(201, data)


def _make_raw(key: Json, message: Json, at: float) -> Json:
    return {"key": {**key, "id": make_id("web")}, "message": message, "messageTimestamp": str(int(at)), "status": "PENDING"}


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/message/sendText/"): send_text,
    ("POST", "/message/sendMedia/"): send_media,
    ("POST", "/message/sendWhatsAppAudio/"): send_audio,
    ("POST", "/message/sendPoll/"): send_poll,
    ("POST", "/message/sendList/"): send_list,
    ("POST", "/message/sendButtons/"): send_buttons,
    ("POST", "/message/sendReaction/"): send_reaction,
    ("POST", "/chat/sendPresence/"): send_presence,
    ("POST", "/chat/updateMessage/"): update_message,
    ("DELETE", "/chat/deleteMessageForEveryone/"): delete_message,
}
