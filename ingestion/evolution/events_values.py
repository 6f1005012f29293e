"""Single values of a payload, in whichever of its forms a version of the gateway or a road writes them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.privacy import mask
from ingestion.evolution.types import NotUnderstoodError
from ingestion.names import OWN_WORDS, clean_name, drop_marks, find_phone, fold_name
from ingestion.types import Delivery, Source

# WhatsApp's own limit of a text. The gateway's test channel passes on whatever it is given, and the index of words has a limit too.
MAX_TEXT = 65_536
MAX_ID = 120
MAX_NAME = 200
# 2009, when WhatsApp began, to 2100: anything else was not seconds.
_FIRST_SECOND, _LAST_SECOND = 1_230_768_000, 4_102_444_800
_NOTHING: Mapping[str, Any] = {}

# From least to most; both vocabularies, that of WhatsApp Web and that of the Cloud API, and WhatsApp Web's bare numbers.
_DELIVERIES: dict[str, Delivery] = {
    "ERROR": "error",
    "FAILED": "error",
    "0": "error",
    "PENDING": "pending",
    "1": "pending",
    "SERVER_ACK": "sent",
    "SENT": "sent",
    "2": "sent",
    "DELIVERY_ACK": "delivered",
    "DELIVERED": "delivered",
    "3": "delivered",
    "READ": "read",
    "4": "read",
    "PLAYED": "played",
    "5": "played",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What is known about who tells: our own number, whether the channel reads groups, and by which road the telling comes."""

    own_phone: str | None
    reads_groups: bool
    source: Source


def get_part(value: object, name: str) -> Mapping[str, Any]:
    """The object that stands under a name; an empty one where there is none."""
    part = value.get(name) if isinstance(value, Mapping) else None
    return part if isinstance(part, Mapping) else _NOTHING


def find_items(data: object) -> Iterator[object]:
    """The things that an event tells of, one or a list, as the same event has been seen with both."""
    if isinstance(data, Mapping) and isinstance(data.get("messages"), list):
        data = data["messages"]
    if isinstance(data, list):
        yield from data
    elif data is not None:
        yield data


def read_text(value: object) -> str:
    """Words as a person wrote them, without invisible direction marks; "" for anything that is no text."""
    if not isinstance(value, str):
        return ""
    return drop_marks(value).replace("\0", "").strip()[:MAX_TEXT]


def read_name(value: object) -> str:
    """A name that a person gave themselves. The gateway also writes "Você" and bare digits there: those are no names.

    Masked, for names are shown in answers and to models: some people have their number or their documents in it.
    """
    name = clean_name(read_text(value))[:MAX_NAME]
    return "" if fold_name(name) in OWN_WORDS or find_phone(name) is not None or name.isdigit() else mask(name).text[:MAX_NAME]


def read_flag(value: object) -> bool:
    return value is True or value == "true"


def read_number(value: object) -> int | None:
    """A whole number given as one, as digits, or as the two halves of 64 bits."""
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        if isinstance(low, int) and isinstance(high, int):
            return (high << 32) + (low & 0xFFFF_FFFF)
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def find_time(value: object) -> datetime | None:
    """An instant given in seconds or milliseconds since 1970, None where it is neither."""
    number = read_number(value)
    if number is None:
        return None
    seconds = number / 1000 if number > _LAST_SECOND else float(number)
    return datetime.fromtimestamp(seconds, UTC) if _FIRST_SECOND <= seconds <= _LAST_SECOND else None


def get_id(value: object) -> str:
    """WhatsApp's id of a message. Raises NotUnderstoodError where there is none: nothing could tell its repetitions apart."""
    found = find_id(value)
    if found is None:
        raise NotUnderstoodError("no message id")
    if len(found) > MAX_ID:
        raise NotUnderstoodError("the message id is too long")
    return found


def find_id(value: object) -> str | None:
    """WhatsApp's id of a message that another one speaks of, where it is given."""
    return (value.replace("\0", "").strip() or None) if isinstance(value, str) else None


def find_delivery(status: object) -> Delivery | None:
    """How far a message of ours got; None for a status that says nothing of it, such as "EDITED"."""
    return _DELIVERIES.get(str(status).upper()) if isinstance(status, str | int) and not isinstance(status, bool) else None
