"""What the gateway knows while it runs, and what happens on WhatsApp: every step changes the store and is told on the roads."""

import asyncio
import random
import time
from collections import defaultdict
from typing import Any

from tests.gateway.faults import Faults, Options, Tally
from tests.gateway.instances import Instance
from tests.gateway.roads import Roads
from tests.gateway.shapes import MEDIA_TYPES, OWN_NAME, PICTURE, format_instant, get_content_type, make_message, parse_version
from tests.gateway.steps import Acked, Edited, Json, Revoked, Said, Step
from tests.gateway.store import MessageRow, Store, make_row_id

QR_CODE = "2@codigo,de,teste,0001"
QR_IMAGE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class World:
    """The instances, their messages, and the two roads."""

    def __init__(self, *, options: Options, store: Store, roads: Roads) -> None:
        self.options = options
        self.store = store
        self.roads = roads
        self.instances = {row["name"]: Instance(**row) for row in store.load_instances()}
        self.playing = 0  # steps of scripts that are still to happen
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._dice = random.Random()
        self._api_dice = random.Random()
        self.set_faults(Faults())

    @property
    def faults(self) -> Faults:
        return self.roads.faults

    @property
    def tally(self) -> Tally:
        return self.roads.tally

    def set_faults(self, faults: Faults) -> None:
        self.roads.set_faults(faults)
        self._dice = random.Random(f"{faults.seed}-whatsapp")
        self._api_dice = random.Random(f"{faults.seed}-api")

    def take_error(self, path: str) -> bool:
        """Whether this call of the API is to fail."""
        if not self.concerns(path):
            return False
        if self.faults.errors:
            self.faults.errors -= 1
            return True
        return self.faults.error_share > 0 and self._api_dice.random() < self.faults.error_share

    def concerns(self, path: str) -> bool:
        """Whether the API's faults are about this path."""
        return not self.faults.error_paths or path.startswith(tuple(self.faults.error_paths))

    def save(self, instance: Instance) -> None:
        self.instances[instance.name] = instance
        self.store.save_instance(instance.to_row())

    def remove(self, instance: Instance) -> None:
        del self.instances[instance.name]
        self.store.remove_instance(instance.name)

    async def start(self) -> None:
        """The process comes up: paired numbers are connected again."""
        for instance in list(self.instances.values()):
            if instance.state == "open" and self.options.announces_start:
                await self.tell_connection(instance, "connecting")
                await self.tell_connection(instance, "open")

    async def set_connection(self, instance: Instance, state: str, *, reason: int = 200, owner: str | None = None) -> None:
        """The connection to WhatsApp changes, and is told; `owner` is the number that was paired."""
        if owner is not None:
            instance.owner, instance.profile_name = owner, "Casa Lua"
        instance.state = state
        if state == "close":
            instance.reason_code, instance.disconnected_at = reason, format_instant(time.time())
        self.save(instance)
        await self.tell_connection(instance, state, reason=reason)
        if state == "close":
            closed = {
                "instance": instance.name,
                "status": "closed",
                "disconnectionAt": instance.disconnected_at,
                "disconnectionReasonCode": reason,
                "disconnectionObject": f'{{"error":{{"output":{{"statusCode":{reason}}}}}}}',
            }
            await self.roads.emit(instance, "status.instance", closed)

    async def tell_connection(self, instance: Instance, state: str, *, reason: int = 200) -> None:
        profile = (
            {"wuid": instance.owner_jid, "profileName": instance.profile_name, "profilePictureUrl": PICTURE} if state == "open" else {}
        )
        data = {"instance": instance.name, **profile, "state": state, "statusReason": reason}
        await self.roads.emit(instance, "connection.update", data)

    async def show_qr(self, instance: Instance, *, limit: int = 30) -> None:
        """A new code to pair with, or the word that there will be no more."""
        instance.qr_count += 1
        self.save(instance)
        if instance.qr_count > limit:
            await self.roads.emit(instance, "qrcode.updated", {"message": "QR code limit reached, please login again", "statusCode": 500})
            return
        code = {"instance": instance.name, "pairingCode": None, "code": QR_CODE, "base64": QR_IMAGE}
        await self.roads.emit(instance, "qrcode.updated", {"qrcode": code})

    async def perform(self, instance: Instance, step: Step) -> None:
        """Let one step happen. The steps of an instance happen one after the other."""
        async with self._queues[instance.name]:
            if isinstance(step, Said):
                await self._say(instance, step)
                if self.faults.repeat and self._dice.random() < self.faults.repeat:
                    self.tally.repeated.append(step.message_id)
                    await self._say(instance, step)
            elif isinstance(step, Edited):
                await self._edit(instance, step)
            elif isinstance(step, Revoked):
                await self._revoke(instance, step)
            else:
                await self._ack(instance, step)

    async def play(self, instance: Instance, steps: list[Step], *, rate: float | None) -> None:
        """Let a script happen at so many steps a second, or as fast as it goes."""
        self.playing += len(steps)
        left = len(steps)
        started = time.monotonic()
        try:
            for number, step in enumerate(steps):
                ahead = started + number / rate - time.monotonic() if rate else 0.0
                # What is behind its time gives the loop a turn too: the roads run in it.
                if ahead > 0.002 or number % 8 == 0:
                    await asyncio.sleep(max(ahead, 0.0))
                await self.perform(instance, step)
                self.playing, left = self.playing - 1, left - 1
        finally:
            self.playing -= left

    async def sync_history(self, instance: Instance, said: list[Said], *, progress: int, is_latest: bool) -> None:
        """What a phone hands over after pairing: one messages.set with what the gateway did not have yet."""
        told = []
        for message in said:
            if self.store.find_message(instance.name, message.message_id) is None:
                data, row_key = make_message(message, version=self.options.version, instance_id=instance.id)
                self._store(instance, data, row_key, media=message.media)
                told.append(data)
        await self.roads.emit(instance, "messages.set", told, isLatest=is_latest, progress=progress)

    async def tell_sent(self, instance: Instance, data: Json, *, media: str | None = None) -> None:
        """A message that was sent through the API: stored, told as send.message, and acknowledged in the background."""
        self._store(instance, data, data["key"], media=media, is_sent=True)
        await self.roads.emit(instance, "send.message", data, ref=data["key"]["id"])
        fails = self.faults.ack_errors > 0
        self.faults.ack_errors -= fails
        statuses = ["ERROR"] if fails else ["SERVER_ACK", "DELIVERY_ACK"]
        self.roads.start(self._ack_later(instance, data["key"]["id"], statuses))

    async def _ack_later(self, instance: Instance, message_id: str, statuses: list[Any]) -> None:
        for status in statuses:
            await asyncio.sleep(self.options.ack_delay_seconds)
            await self.perform(instance, Acked(message_id=message_id, status=status))

    async def _say(self, instance: Instance, said: Said) -> None:
        if get_content_type(said.content) is None or (said.group and instance.settings["groupsIgnore"]):
            return
        if "pollUpdateMessage" in said.content and parse_version(self.options.version) < (2, 3, 7):
            return
        data, row_key = make_message(said, version=self.options.version, instance_id=instance.id)
        self._store(instance, data, row_key, media=said.media)
        if instance.webhook and instance.webhook["webhookBase64"] and data["messageType"] in MEDIA_TYPES:
            data["message"]["base64"] = said.media or ""
        await self.roads.emit(instance, "messages.upsert", data, ref=said.message_id)
        name = "" if said.from_me else data["pushName"]
        jid = data["key"]["remoteJid"]
        is_new = self.store.save_contact(instance.name, jid, name, f"{said.lid}@lid" if said.lid and not said.group else None)
        if self.options.tells_contacts:
            contact = {"remoteJid": jid, "pushName": name, "profilePicUrl": PICTURE, "instanceId": instance.id}
            await self.roads.emit(instance, "contacts.upsert" if is_new else "contacts.update", contact, ref=said.message_id)

    async def _edit(self, instance: Instance, edited: Edited) -> None:
        row = self.store.find_message(instance.name, edited.message_id)
        content = {"extendedTextMessage": {"text": edited.text}} if edited.is_extended else {"conversation": edited.text}
        data = {
            "key": self._flip_key(instance, row, edited.message_id),
            "type": "MESSAGE_EDIT",
            "editedMessage": content,
            "timestampMs": str(edited.at * 1000),
        }
        deliveries = await self.roads.emit(instance, "messages.edited", data, ref=edited.message_id)
        if self.faults.edits_stall:
            await asyncio.gather(*deliveries)
        if row is None:
            return
        row.fields["message"], row.at, row.status = content, edited.at, "EDITED"  # the time becomes that of the edit
        self.store.change_message(row)
        self.store.add_update(instance.name, row, "EDITED")
        told = {"message": {"editedMessage": {"message": {"conversation": edited.text}}}}
        await self._tell_update(instance, row, "SERVER_ACK", told)

    async def _revoke(self, instance: Instance, revoked: Revoked) -> None:
        row = self.store.find_message(instance.name, revoked.message_id)
        data = {"key": self._flip_key(instance, row, revoked.message_id), "type": "REVOKE"}
        await self.roads.emit(instance, "messages.edited", data, ref=revoked.message_id)
        if row is None:
            return
        row.fields["message"], row.status = None, "EDITED"
        self.store.change_message(row)
        self.store.add_update(instance.name, row, "EDITED")
        self.store.add_update(instance.name, row, "SERVER_ACK")
        status = {"status": "DELETED"} if parse_version(self.options.version) >= (2, 3, 7) else {}
        await self.roads.emit(instance, "messages.delete", {**row.fields["key"], **status}, ref=revoked.message_id)

    async def _ack(self, instance: Instance, acked: Acked) -> None:
        row = self.store.find_message(instance.name, acked.message_id)
        if row is not None and acked.status not in self.store.find_statuses([row.id])[row.id]:
            await self._tell_update(instance, row, acked.status, {})

    async def _tell_update(self, instance: Instance, row: MessageRow, status: str, more: Json) -> None:
        self.store.add_update(instance.name, row, status)
        key = row.fields["key"]
        participant = {"participant": key["participant"]} if "participant" in key else {}
        data = {"keyId": row.key_id, "remoteJid": key["remoteJid"], "fromMe": key["fromMe"], **participant, "status": status}
        await self.roads.emit(instance, "messages.update", {**data, "instanceId": instance.id, **more, "messageId": row.id}, ref=row.key_id)

    def _flip_key(self, instance: Instance, row: MessageRow | None, message_id: str) -> Json:
        """The key as whoever wrote the message sees it: a customer's own message, in the chat with our number."""
        key = {} if row is None else row.fields["key"]
        if key.get("fromMe") or "participant" in key:
            return {"remoteJid": key["remoteJid"], "fromMe": True, "id": message_id}
        return {"remoteJid": instance.owner_jid, "fromMe": True, "id": message_id}

    def _store(self, instance: Instance, data: Json, row_key: Json, *, media: str | None, is_sent: bool = False) -> None:
        names = ("pushName", "message", "contextInfo", "source", "instanceId")
        row = MessageRow(
            id=make_row_id(),
            key_id=row_key["id"],
            jid=row_key["remoteJid"],
            at=data["messageTimestamp"],
            kind=data["messageType"],
            status=data.get("status", "PENDING"),
            fields={"key": row_key, **{name: data[name] for name in names if name in data}},
            media=media,
            is_sent=is_sent,
        )
        self.store.add_message(instance.name, row)


def make_sent(instance: Instance, *, jid: str, message: Json, kind: str, message_id: str, at: int, context: Json | None = None) -> Json:
    """The data of send.message, which is the answer to the sender as well."""
    more = {} if context is None else {"contextInfo": context}
    return {
        "key": {"remoteJid": jid, "fromMe": True, "id": message_id},
        "pushName": OWN_NAME,
        "status": "PENDING",
        "message": message,
        **more,
        "messageType": kind,
        "messageTimestamp": at,
        "instanceId": instance.id,
        "source": "web",
    }
