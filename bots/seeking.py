"""Whether a message that was perhaps sent did go out, and how far one got whose acknowledgement came before we knew its id."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from core.models import Channel, Message, OutgoingMessage, PendingChange, RawEvent, UserPhone
from core.phones import canonical_phone

# WhatsApp's clock and ours may differ by this much.
CLOCK_LEEWAY = timedelta(minutes=2)


def find_in_events(message: OutgoingMessage) -> str:
    """The id under which the gateway told that this message was sent, "" where it told nothing. Inside the open scope."""
    events = RawEvent.objects.filter(
        channel_id=message.channel_id, name__iexact="send.message", received_at__gte=message.created_at - CLOCK_LEEWAY
    )
    bodies = events.order_by("received_at", "id").values_list("body", flat=True)[:2000]
    return find_in_store(message, (body["data"] for body in bodies if isinstance(body, dict) and isinstance(body.get("data"), dict)))


def find_in_store(message: OutgoingMessage, records: Iterable[dict[str, Any]]) -> str:
    """The id of the record that is this message: ours, with its words, to its person, and no other message of ours. The oldest one."""
    taken = set(OutgoingMessage.objects.filter(channel_id=message.channel_id).exclude(provider_id="").values_list("provider_id", flat=True))
    lids = dict(UserPhone.objects.exclude(lid="").values_list("lid", "phone"))
    found: list[tuple[float, str]] = []
    for record in records:
        key = record.get("key")
        if not isinstance(key, dict) or key.get("fromMe") is not True or not isinstance(key.get("id"), str):
            continue
        if key["id"] not in taken and read_text(record.get("message")) == message.text and _is_to(message.to, key, lids):
            at = record.get("messageTimestamp")
            found.append((float(at) if isinstance(at, int | float | str) and str(at).isdigit() else 0.0, key["id"]))
    return min(found)[1] if found else ""


def find_known_delivery(channel: Channel, provider_id: str) -> list[str]:
    """What was told of a message's delivery already, as words of `ingestion.types.Delivery`. Inside the open scope."""
    told = list(Message.objects.filter(channel=channel, provider_id=provider_id).exclude(delivery="").values_list("delivery", flat=True))
    pending = PendingChange.objects.filter(channel=channel, provider_id=provider_id, kind=PendingChange.Kind.DELIVERY)
    return told + list(pending.values_list("value", flat=True))


def read_text(content: Any) -> str | None:
    """The words of a message as the gateway keeps it: plain, or below a picture."""
    if not isinstance(content, dict):
        return None
    for name, field in (("conversation", None), ("extendedTextMessage", "text"), ("imageMessage", "caption")):
        inner = content.get(name)
        text = inner.get(field) if isinstance(inner, dict) and field else inner
        if isinstance(text, str):
            return text
    return None


def _is_to(to: str, key: dict[str, Any], lids: dict[str, str]) -> bool:
    """Whether a record's chat is the person's: by phone in either of its forms, or by hidden id.

    A chat that is named by a hidden id alone which nobody is known by counts too: its words are ours, and to send them again
    would be worse than to mistake two people who are sent the same words within minutes.
    """
    jids = [jid for name in ("remoteJid", "remoteJidAlt") if isinstance(jid := key.get(name), str)]
    phones = {canonical_phone(jid.partition("@")[0].partition(":")[0]) for jid in jids if not jid.endswith(("@lid", "@g.us"))}
    hidden = {jid.partition("@")[0] for jid in jids if jid.endswith("@lid")}
    if to.startswith("lid:"):
        own = to.removeprefix("lid:")
        return own in hidden or (not hidden and lids.get(own) in phones)
    phone = canonical_phone(to.partition("@")[0])
    if phones:
        return phone in phones
    return any(lids.get(lid) in (None, phone) for lid in hidden)
