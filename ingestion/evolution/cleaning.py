"""What of an event is kept: no bytes, no keys, no tokens, and nothing that PostgreSQL's JSON can't hold. Pure.

The same event comes in different clothes by each road: fields of bytes are bytes over Socket.IO, {"0": 12, "1": …} over the webhook,
base64 from the gateway's store. They unlock media or are previews of them, so they are dropped, whichever clothes they wear.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from ingestion.evolution.events import canonical_name

# Fields that hold bytes in one clothing or another.
_BYTES = frozenset(
    "mediaKey fileSha256 fileEncSha256 jpegThumbnail pngThumbnail thumbnail thumbnailSha256 thumbnailEncSha256 highQualityThumbnail "
    "waveform messageSecret senderKeyHash recipientKeyHash base64 encPayload encIv conversionData ephemeralSharedSecret sidecar "
    "firstFrameSidecar streamingSidecar scansSidecar firstScanSidecar midQualityFileSha256 midQualityFileEncSha256 sha256 "
    "axolotlSenderKeyDistributionMessage stickerMetadata".split()
)
# Folded to their letters: the same secret is written in different ways by different parts of the gateway.
_SECRETS = frozenset(
    "apikey apitoken globalapikey authorization jwt jwtkey token accesstoken accesstokenwabusiness refreshtoken secret clientsecret "
    "password basicauthpass basicauthpassword hash".split()
)
# Our own webhook's address holds the channel's token, and an address of stored media opens it to whoever has it.
_ADDRESSES = frozenset({"destination", "webhookUrl", "mediaUrl"})
# What may differ between two tellings of one event.
_VOLATILE = frozenset(
    {"url", "directPath", "profilePicUrl", "profilePictureUrl", "chatwootMessageId", "chatwootInboxId", "chatwootConversationId"}
)
# What the gateway says of itself may be said again and mean something new (open, closed, open): its time is part of what it is.
_STATES = frozenset({"connection.update", "status.instance", "qrcode.updated", "logout.instance", "remove.instance", "presence.update"})
_CONTACTS = "contacts."

_QR_CODE = "qrcode"
_QR_IMAGE = "data:image/png;base64,"
_WORDS = frozenset({"conversation", "text", "caption"})
_BLOB = re.compile(r"(?:data:[\w/+.-]+;base64,)?[A-Za-z0-9+/_-]+={0,2}\Z")
_MAX_UNBROKEN = 2048
_MAX_DEPTH = 40
_MAX_MALFORMED = 2000
# A secret in what is no JSON, or was cut off in the middle of one.
_WRITTEN_SECRET = re.compile(r"""(["']?([A-Za-z_.-]{2,40})["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s,;&{}\[\]"']+)""")
_DROPPED = object()


def clean(payload: object) -> dict[str, Any]:
    """A copy of an event's envelope that can be stored. What is no object is kept under "malformed"."""
    cleaned = _clean(payload, depth=0) if isinstance(payload, Mapping) else _DROPPED
    if isinstance(cleaned, dict):
        _keep_qr_image(payload, cleaned)
        if isinstance(cleaned.get("malformed"), str):
            cleaned["malformed"] = _mask_secrets(cleaned["malformed"])
        return cleaned
    return {"malformed": _mask_secrets(clean_text(payload if isinstance(payload, str) else repr(payload)))[:_MAX_MALFORMED]}


def digest(name: str, cleaned: Mapping[str, Any]) -> str:
    """32 hexadecimal digits that are the same for the same event, by whichever road and however often it comes.

    The envelope counts only with the instance. Two things would wrongly be one without their times: what the gateway says of
    itself counts with its `date_time`, and what it says of a contact with the day of it.
    """
    event = canonical_name(name)
    said_at = str(cleaned.get("date_time", ""))
    when = said_at if event in _STATES else said_at[:10] if event.startswith(_CONTACTS) else ""
    told = [event, cleaned.get("instance"), when, _settle(cleaned.get("data")), cleaned.get("malformed")]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def clean_text(text: str) -> str:
    """Text that PostgreSQL can hold: no NUL, no half of a character."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _clean(value: object, *, depth: int) -> Any:
    if depth > _MAX_DEPTH or isinstance(value, bytes | bytearray | memoryview):
        return _DROPPED
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        if _is_byte_dictionary(value):
            return _DROPPED
        items = ((clean_text(str(key)), item) for key, item in value.items())
        kept = ((key, _clean(item, depth=depth + 1)) for key, item in items if not _is_secret(key) and not _is_blob(key, item))
        cleaned = {key: item for key, item in kept if item is not _DROPPED}
        # What is left must not look like bytes either, or it would be dropped when it is cleaned again.
        return _DROPPED if _is_byte_dictionary(cleaned) else cleaned
    if isinstance(value, list | tuple):
        return [item for item in (_clean(item, depth=depth + 1) for item in value) if item is not _DROPPED]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return clean_text(str(value))


def _is_byte_dictionary(value: Mapping[Any, Any]) -> bool:
    """Bytes as JavaScript writes them into JSON: numbered from 0, or named a Buffer."""
    if value.get("type") == "Buffer" and len(value) == 2 and "data" in value:
        return True
    return bool(value) and "0" in value and all(isinstance(key, str) and key.isdigit() for key in value)


def _is_secret(key: str) -> bool:
    return key in _BYTES or key in _ADDRESSES or re.sub(r"[^a-z]", "", key.lower()) in _SECRETS


def _mask_secrets(text: str) -> str:
    """What can't be read as JSON, without the secrets that it names."""
    return _WRITTEN_SECRET.sub(lambda match: f'{match[1]}"…"' if _is_secret(match[2]) else match[0], text)


def _is_blob(key: str, value: object) -> TypeGuard[str]:
    """A long unbroken run of base64's letters, wherever it stands but in what a person wrote."""
    return isinstance(value, str) and len(value) > _MAX_UNBROKEN and key not in _WORDS and _BLOB.match(value) is not None


def _keep_qr_image(payload: object, cleaned: dict[str, Any]) -> None:
    """The code to scan is an image that is the event. What the image is drawn from is not needed."""
    data = payload.get("data") if isinstance(payload, Mapping) else None
    code = data.get(_QR_CODE) if isinstance(data, Mapping) else None
    kept = cleaned["data"].get(_QR_CODE) if isinstance(cleaned.get("data"), dict) else None
    if not isinstance(code, Mapping) or not isinstance(kept, dict):
        return
    kept.pop("code", None)
    image = code.get("base64")
    if isinstance(image, str) and image.startswith(_QR_IMAGE):
        kept["base64"] = clean_text(image)


def _settle(value: object) -> Any:
    """What all tellings of an event agree on: empty and absent are the same, and links that change are left out."""
    if isinstance(value, Mapping):
        settled = {key: _settle(item) for key, item in value.items() if key not in _VOLATILE}
        return {key: item for key, item in settled.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_settle(item) for item in value]
    return value
