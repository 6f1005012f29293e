"""Events in the gateway's shapes, with our own words: what the tests of the parser, the inbox and the webhook are made of."""

from datetime import UTC, datetime
from typing import Any

from ingestion.evolution.events import understand
from ingestion.evolution.types import Happening, MessageSeen
from ingestion.types import IncomingMessage

MARIANA = "5511988887777"
MARIANA_SHORT = "551188887777"  # the same phone, as WhatsApp knows it
MARIANA_LID = "99900011122233"
OWN = "5511999990000"
GROUP = "120363000000000001@g.us"
SECONDS = 1_795_442_400
SENT_AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
INSTANCE = "casa-lua"


def jid(phone: str) -> str:
    return f"{phone}@s.whatsapp.net"


def lid(digits: str = MARIANA_LID) -> str:
    return f"{digits}@lid"


def key(id: str = "3EB0A1", *, remote: str = jid(MARIANA), ours: bool = False, **more: Any) -> dict[str, Any]:  # noqa: A002
    return {"remoteJid": remote, "fromMe": ours, "id": id, **more}


def message(content: Any, *, name: str | None = "Mariana", at: Any = SECONDS, type_name: str | None = None, **more: Any) -> dict[str, Any]:
    """The data of a message event. Whatever is given besides stands in it as it is; `key` gives the key."""
    first = next(iter(content)) if isinstance(content, dict) and content else None
    data = {"key": key(), "pushName": name, "message": content, "messageType": type_name or first, "messageTimestamp": at}
    return data | {"instanceId": "5d1d4e1c-0000-4000-8000-000000000001", "source": "android", **more}


def text(words: str, **more: Any) -> dict[str, Any]:
    return message({"conversation": words}, **more)


def envelope(data: Any, *, event: str = "messages.upsert", at: str = "2026-11-23T11:00:01.000Z", **more: Any) -> dict[str, Any]:
    """The envelope over Socket.IO. Its time is local, three hours behind, with a false Z, as gateways in São Paulo write it."""
    return {
        "event": event, "instance": INSTANCE, "data": data, "server_url": "https://evo.example", "date_time": at, "sender": jid(OWN),
        "apikey": "chave-secreta", **more,
    }  # fmt: skip


def over_webhook(payload: dict[str, Any]) -> dict[str, Any]:
    """The same event as the webhook brings it: bytes as numbered dictionaries, and where it was sent to."""
    return {**_number_bytes(payload), "destination": "https://evosense.example/hooks/evolution/segredo"}


def _number_bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        return {str(number): byte for number, byte in enumerate(value)}
    if isinstance(value, dict):
        return {name: _number_bytes(item) for name, item in value.items()}
    return [_number_bytes(item) for item in value] if isinstance(value, list) else value


def tell(data: Any, *, event: str = "messages.upsert", **options: Any) -> list[Happening]:
    """What an event with these data means."""
    return understand(event, envelope(data, event=event), **options)


def tell_message(data: Any, *, event: str = "messages.upsert", **options: Any) -> IncomingMessage:
    """The one message that an event with these data means."""
    [happening] = tell(data, event=event, **options)
    assert isinstance(happening, MessageSeen), happening
    return happening.message
