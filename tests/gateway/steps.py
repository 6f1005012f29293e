"""What happens on WhatsApp, before the gateway tells of it: a script is a list of such steps, and travels as JSON."""

import base64
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Device = Literal["android", "ios", "web"]
Status = Literal["ERROR", "PENDING", "SERVER_ACK", "DELIVERY_ACK", "READ", "PLAYED"]

_BYTES = "__bytes__"


def make_id(device: Device = "android") -> str:
    """A WhatsApp message id as a device makes them; the gateway reads `source` off its form."""
    digits = uuid.uuid4().hex.upper()
    return {"android": f"AC{digits[:30]}", "ios": f"3A{digits[:18]}", "web": f"3EB0{digits[:18]}"}[device]


def now() -> int:
    return int(time.time())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message as WhatsApp hands it to the gateway: `content` is the raw `message` object.

    `phone` are digits as WhatsApp spells the person (in Brazil with or without the ninth digit), `lid` are the digits of their
    hidden id; one of them must be there. For `from_me` they name the customer who is written to. `at` is in Unix seconds.
    `media` is what the attachment holds, in base64. Said twice, it is a duplicate: the gateway stores and tells both.
    """

    content: Json
    phone: str | None = "5511988887777"
    lid: str | None = None
    name: str = "Mariana Alves"
    group: str | None = None  # "120363418800770011@g.us"
    from_me: bool = False
    message_id: str = field(default_factory=make_id)
    at: int = field(default_factory=now)
    media: str | None = None

    def __post_init__(self) -> None:
        if not (self.phone or self.lid):
            raise ValueError("nobody says this: neither phone nor hidden id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Whoever wrote a message changes its words. The key tells of it as the editor sees it."""

    message_id: str
    text: str
    at: int = field(default_factory=now)
    is_extended: bool = False  # the new words come as `extendedTextMessage`


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """Whoever wrote a message deletes it for everyone."""

    message_id: str
    at: int = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acked:
    """The delivery of a message comes to a next stage. Told once only, and never for a message that the gateway does not know."""

    message_id: str
    status: Status


Step = Said | Edited | Revoked | Acked
_KINDS: dict[str, type[Said] | type[Edited] | type[Revoked] | type[Acked]] = {
    "said": Said,
    "edited": Edited,
    "revoked": Revoked,
    "acked": Acked,
}


def encode_steps(steps: Iterable[Step]) -> list[Json]:
    return [{"kind": type(step).__name__.lower(), **asdict(step)} for step in steps]


def decode_steps(items: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Raise TypeError or KeyError for what is no step."""
    return [_KINDS[item["kind"]](**{name: value for name, value in item.items() if name != "kind"}) for item in items]


def dump(value: Any) -> str:
    """JSON in which bytes are kept apart from texts."""
    return json.dumps(value, default=_tag_bytes, ensure_ascii=False, separators=(",", ":"))


def load(text: str | bytes) -> Any:
    """What `dump` wrote, bytes included."""
    return json.loads(text, object_hook=_untag_bytes)


def _tag_bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"not JSON: {value!r}")


def _untag_bytes(item: Json) -> Any:
    return base64.b64decode(item[_BYTES]) if item.keys() == {_BYTES} else item
