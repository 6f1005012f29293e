"""The REST client for one instance of a gateway (Evolution API 2.x): what we ask it and tell it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self

from core.crypto import SecretUnreadableError
from core.models import GatewayConnection
from ingestion.evolution.addresses import quote_instance
from ingestion.evolution.calls import GatewayCalls
from ingestion.evolution.errors import GatewayError
from ingestion.evolution.jids import to_number
from ingestion.evolution.webhooks import EVENTS, make_webhook

PAGE_SIZE = 200
# A send waits for WhatsApp's look-up of the number; a `delay` is spent inside the call, on top of this.
_SEND_SECONDS = 30.0
# A failure that Meta words as one of these passes by itself; the last is a number that can't be reached.
_META_BUSY_CODES = frozenset({4, 80007, 130429, 131048, 131056})
_META_UNDELIVERABLE_CODE = 131026


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr:
    """A code to link a phone with. All of it is empty while the gateway is still making one, or once `is_open`."""

    image: str = ""  # a data URL of a PNG
    pairing_code: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceInfo:
    """What the gateway says of an instance; its token is left out."""

    name: str
    state: str
    phone: str  # digits of our own number, "" until it is linked
    integration: str
    message_count: int | None  # rows in the gateway's store, doubles included


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """An instance that was made. `token` is its key: store it encrypted, show it to nobody."""

    token: str
    qr: Qr

    def __repr__(self) -> str:
        return f"Created(token=…, qr={self.qr!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page of the gateway's own store, the newest first."""

    records: list[dict[str, Any]]
    page: int
    pages: int
    total: int


def make_client(connection: GatewayConnection) -> "EvolutionClient":
    """The client of a connection. Raises GatewayError where its address may not be used, or its key can't be read any more."""
    return EvolutionClient(connection.base_url, connection.instance, get_token(connection))


def get_token(connection: GatewayConnection) -> str:
    """The connection's key. Raises GatewayError ("refused_key") where it can't be decrypted any more."""
    try:
        return connection.token
    except SecretUnreadableError:
        raise GatewayError("refused_key", "The stored key can't be read any more; enter it again.") from None


class EvolutionClient:
    """One instance. Every method raises GatewayError. Use it as a context manager, or close it."""

    def __init__(self, base_url: str, instance: str, token: str, *, timeout_seconds: float = 30.0) -> None:
        self._instance = instance
        self._path_instance = quote_instance(instance)
        self._timeout_seconds = timeout_seconds
        self._calls = GatewayCalls(base_url, token, timeout_seconds=timeout_seconds)

    def __repr__(self) -> str:
        return f"EvolutionClient({self._calls.base_url!r}, {self._instance!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._calls.close()

    # -- sending --------------------------------------------------------------------------------------------------------

    def send_text(self, to: str, text: str, quoted_id: str | None = None, *, delay_seconds: float = 0) -> str:
        """Send words to a phone (digits), a jid or `lid:<digits>`; returns the message's id. `delay_seconds` shows "typing" first.

        Raises GatewayError of kind "uncertain" where the message may have gone out all the same.
        """
        body: dict[str, Any] = {"number": to_number(to), "text": text, "linkPreview": False}
        return self._send("sendText", body, quoted_id=quoted_id, delay_seconds=delay_seconds)

    def send_picture(self, to: str, png: bytes, caption: str, quoted_id: str | None = None, *, delay_seconds: float = 0) -> str:
        """Send a PNG with words below it; as `send_text` otherwise."""
        body = {
            "number": to_number(to),
            "mediatype": "image",
            "mimetype": "image/png",
            "media": base64.b64encode(png).decode(),
            "fileName": "chart.png",
            "caption": caption,
        }
        return self._send("sendMedia", body, quoted_id=quoted_id, delay_seconds=delay_seconds)

    def send_presence(self, to: str, presence: str = "composing", *, seconds: float = 1.2) -> None:
        """Show "typing" (or "recording", "paused", "available", "unavailable") in a chat; the call lasts that long."""
        body = {"number": to_number(to), "presence": presence, "delay": round(1000 * seconds)}
        self._calls.call("POST", f"/chat/sendPresence/{self._path_instance}", body=body, seconds=self._timeout_seconds + seconds)

    def mark_read(self, chat: str, provider_ids: Sequence[str]) -> None:
        """Give a customer's messages their blue ticks. The gateway silently leaves a chat alone that it knows by `@lid`."""
        jid = number if "@" in (number := to_number(chat)) else f"{number}@s.whatsapp.net"
        read = [{"remoteJid": jid, "fromMe": False, "id": provider_id} for provider_id in provider_ids]
        self._calls.call("POST", f"/chat/markMessageAsRead/{self._path_instance}", body={"readMessages": read})

    # -- the instance ---------------------------------------------------------------------------------------------------

    def create_instance(
        self,
        global_key: str,
        *,
        integration: str = GatewayConnection.Integration.BAILEYS,
        token: str = "",
        number: str = "",
        webhook_url: str = "",
        webhook_key: str = "",
        reads_groups: bool = False,
        events: Sequence[str] = EVENTS,
    ) -> Created:
        """Make the instance, with its WebSocket, and its webhook where an address is given; needs the gateway's own key.

        A Cloud API instance needs Meta's `token` and the `number` (its phone_number_id).
        """
        body: dict[str, Any] = {
            "instanceName": self._instance,
            "integration": integration,
            "qrcode": integration == GatewayConnection.Integration.BAILEYS,
            "groupsIgnore": not reads_groups,
            "readMessages": False,
            "readStatus": False,
            "alwaysOnline": False,
            "syncFullHistory": False,
            "rejectCall": False,
            "websocket": {"enabled": True, "events": list(events)},
        }
        body |= {name: value for name, value in (("token", token), ("number", number)) if value}
        if webhook_url:
            body["webhook"] = make_webhook(webhook_url, webhook_key, events)
        answer = self._calls.call("POST", "/instance/create", body=body, key=global_key, seconds=self._timeout_seconds + 10)
        made = answer.get("hash") if isinstance(answer, dict) else None
        # Before 2.2 it was {"hash": {"apikey": "…"}}.
        made = made.get("apikey") if isinstance(made, dict) else made
        if not isinstance(made, str) or not made:
            raise GatewayError("server", "The gateway made the instance and told no key for it.")
        self._calls.token = made
        return Created(token=made, qr=_read_qr(answer.get("qrcode")))

    def connect(self, number: str = "") -> Qr:
        """Start linking a phone, and the code to do it with; with `number` (digits) a pairing code too. Ask again while it is empty."""
        digits = "".join(character for character in number if character.isdigit())
        answer = self._calls.call("GET", f"/instance/connect/{self._path_instance}", query={"number": digits} if digits else None)
        return _read_qr(answer)

    def get_state(self) -> str:
        """The instance's link to WhatsApp: "open", "connecting" or "close"."""
        answer = self._calls.call("GET", f"/instance/connectionState/{self._path_instance}")
        state = answer.get("instance", {}).get("state") if isinstance(answer, dict) else None
        if not isinstance(state, str):
            raise GatewayError("not_found", "This address does not answer as Evolution API does.")
        return state

    def fetch_instance(self) -> InstanceInfo:
        """What the gateway says of the instance."""
        answer = self._calls.call("GET", "/instance/fetchInstances", query={"instanceName": self._instance})
        listed = answer if isinstance(answer, list) else [answer]
        found = next((item for item in listed if isinstance(item, dict) and item.get("name") == self._instance), None)
        if found is None:
            raise GatewayError("not_found", "The gateway has no instance of this name.")
        count = (found.get("_count") or {}).get("Message")
        return InstanceInfo(
            name=self._instance,
            state=str(found.get("connectionStatus") or "close"),
            phone=str(found.get("ownerJid") or "").partition("@")[0].partition(":")[0],
            integration=str(found.get("integration") or ""),
            message_count=count if isinstance(count, int) else None,
        )

    def count_messages(self) -> int | None:
        """Rows in the gateway's store, doubles included; None where it doesn't tell."""
        return self.fetch_instance().message_count

    def get_version(self) -> str:
        """The gateway's version, such as "2.3.7"; "" where it doesn't tell."""
        answer = self._calls.call("GET", "/")
        version = answer.get("version") if isinstance(answer, dict) else None
        return version[:20] if isinstance(version, str) else ""

    def restart(self) -> None:
        """Let the instance connect to WhatsApp anew; linked phones stay linked."""
        self._calls.call("POST", f"/instance/restart/{self._path_instance}")

    def logout(self) -> None:
        """Unlink the phone."""
        self._calls.call("DELETE", f"/instance/logout/{self._path_instance}")

    def set_webhook(self, url: str, jwt_key: str, events: Sequence[str] = EVENTS, *, is_enabled: bool = True) -> None:
        """Have events posted to `url`, signed with `jwt_key` where there is one."""
        body = {"webhook": make_webhook(url, jwt_key, events, is_enabled=is_enabled)}
        if self._calls.call("POST", f"/webhook/set/{self._path_instance}", body=body) is None:
            raise GatewayError("rejected", "The gateway did not take the webhook.")

    def set_websocket(self, events: Sequence[str] = EVENTS, *, is_enabled: bool = True) -> None:
        """Have events emitted over Socket.IO."""
        body = {"websocket": {"enabled": is_enabled, "events": list(events)}}
        if self._calls.call("POST", f"/websocket/set/{self._path_instance}", body=body) is None and is_enabled:
            raise GatewayError("rejected", "The gateway's WebSocket is switched off: it needs WEBSOCKET_ENABLED=true.")

    # -- its store ------------------------------------------------------------------------------------------------------

    def find_messages(self, window_start: datetime, window_end: datetime, page: int = 1, page_size: int = PAGE_SIZE) -> StoredPage:
        """A page of the messages whose time, in whole seconds, lies in the window, both ends included; the newest first.

        A page is no stable thing: messages of one second come in any order, and doubles are told as they are stored.
        """
        # One bound alone is ignored, and so is `limit`: the size of a page is called `offset`.
        window = {"gte": _format_instant(window_start), "lte": _format_instant(window_end)}
        body = {"where": {"messageTimestamp": window}, "page": page, "offset": page_size}
        answer = self._calls.call("POST", f"/chat/findMessages/{self._path_instance}", body=body, seconds=2 * self._timeout_seconds)
        messages = answer.get("messages") if isinstance(answer, dict) else None
        if not isinstance(messages, dict) or not isinstance(messages.get("records"), list):
            raise GatewayError("server", "The gateway's store answered in a form that is not known.")
        return StoredPage(
            records=[record for record in messages["records"] if isinstance(record, dict)],
            page=page,
            pages=int(messages.get("pages") or 0),
            total=int(messages.get("total") or 0),
        )

    def _send(self, route: str, body: dict[str, Any], *, quoted_id: str | None, delay_seconds: float) -> str:
        if quoted_id:
            body["quoted"] = {"key": {"id": quoted_id}}
        if delay_seconds > 0:
            body["delay"] = round(1000 * delay_seconds)
        answer = self._calls.call(
            "POST", f"/message/{route}/{self._path_instance}", body=body, seconds=_SEND_SECONDS + delay_seconds, is_send=True
        )
        key = answer.get("key") if isinstance(answer, dict) else None
        provider_id = key.get("id") if isinstance(key, dict) else None
        if isinstance(provider_id, str) and provider_id:
            return provider_id
        raise self._read_refusal(answer)

    def _read_refusal(self, answer: Any) -> GatewayError:
        """What a 201 without the message's id means: Meta's error passed on as a success, or nobody knows."""
        told = answer.get("error") if isinstance(answer, dict) and isinstance(answer.get("error"), dict) else answer
        if isinstance(told, dict) and isinstance(told.get("message"), str) and ("code" in told or "type" in told):
            code = told.get("code")
            kind: Literal["server", "number_unknown", "rejected"] = "rejected"
            if code in _META_BUSY_CODES:
                kind = "server"
            elif code == _META_UNDELIVERABLE_CODE:
                kind = "number_unknown"
            return GatewayError(kind, self._calls.hide_keys(f"Meta refused the message: {told['message']}"), status=201)
        return GatewayError("uncertain", "The gateway took the message and told no id for it.", status=201)


def _read_qr(answer: Any) -> Qr:
    if not isinstance(answer, dict):
        return Qr()
    instance = answer.get("instance")
    if isinstance(instance, dict) and instance.get("state") == "open":
        return Qr(is_open=True)
    image, pairing_code = answer.get("base64"), answer.get("pairingCode")
    return Qr(
        image=image if isinstance(image, str) and image.startswith("data:image/") else "",
        pairing_code=pairing_code[:20] if isinstance(pairing_code, str) else "",
    )


def _format_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
