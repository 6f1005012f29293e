"""What a WhatsApp message holds, whichever of its hundred types and wrappers it came in. Pure.

The gateway passes on WhatsApp's own structure, one field a type (`imageMessage`, `pollCreationMessageV3`, …), and unwraps only some
of the wrappers (disappearing, seen once, edited, …), so that is done here for all of them.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ingestion.evolution.events_values import find_id, get_part, read_flag, read_text
from ingestion.evolution.types import NotAMessage
from ingestion.types import Kind


@dataclass(frozen=True, slots=True)
class Content:
    """What was said. `is_written`: a person typed the text, who may have signed it."""

    kind: Kind = "text"
    text: str = ""
    attachment: str | None = None
    quoted_id: str | None = None
    is_edited: bool = False
    is_written: bool = True


@dataclass(frozen=True, slots=True)
class Protocol:
    """A message that changes another one (an edit, a deletion) or a setting: WhatsApp's `protocolMessage`."""

    fields: Mapping[str, Any]


_Part = Mapping[str, Any]
_MAX_WRAPPERS = 10
_PLAIN_TEXT = "conversation"
# What stands beside the one field that is the message.
_BESIDE = frozenset(
    "messageContextInfo contextInfo quoted base64 mediaUrl speechToText senderKeyDistributionMessage "
    "fastRatchetKeySenderKeyDistributionMessage chat".split()
)
_NOT_A_MESSAGE = {
    "pinInChatMessage": "pinned message",
    "keepInChatMessage": "kept message",
    "albumMessage": "album",  # its pictures come as messages of their own
    "callLogMesssage": "call",  # WhatsApp's own spelling
    "call": "call",
    "bcallMessage": "call",
    "secretEncryptedMessage": "encrypted change of a message",
    "encReactionMessage": "encrypted reaction",
    "stickerSyncRmrMessage": "setting",
    "messageHistoryBundle": "setting",
    "messageHistoryNotice": "setting",
}
# Types that are words with something around them: where the words stand, in the order in which a reader sees them.
_WORDS_IN: dict[str, tuple[str, ...]] = {
    "extendedTextMessage": ("text",),
    "buttonsMessage": ("text", "contentText"),
    "orderMessage": ("message",),
    "productMessage": ("product.title", "body"),
    "groupInviteMessage": ("caption",),
    "eventMessage": ("name", "description"),
    "requestPaymentMessage": ("noteMessage.extendedTextMessage.text", "noteMessage.conversation"),
    "sendPaymentMessage": ("noteMessage.extendedTextMessage.text", "noteMessage.conversation"),
    "interactiveMessage": ("header.title", "body.text"),
    "templateMessage": (
        "hydratedTemplate.hydratedTitleText",
        "hydratedTemplate.hydratedContentText",
        "hydratedFourRowTemplate.hydratedTitleText",
        "hydratedFourRowTemplate.hydratedContentText",
        "interactiveMessageTemplate.header.title",
        "interactiveMessageTemplate.body.text",
    ),
}
# Answers by tapping: the first of these that says something, as the customer saw it.
_CHOICE_IN: dict[str, tuple[str, ...]] = {
    "buttonsResponseMessage": ("selectedDisplayText", "selectedButtonId"),
    "templateButtonReplyMessage": ("selectedDisplayText", "selectedId"),
}
_MEDIA: dict[str, Kind] = {
    "imageMessage": "image",
    "videoMessage": "video",
    "ptvMessage": "video",  # the round ones
    "audioMessage": "audio",
    "stickerMessage": "sticker",
    "documentMessage": "document",
}
_TRANSCRIPT = re.compile(r"\A\[audio\]\s*", re.IGNORECASE)


def read_content(
    message: _Part, *, context: object = None, type_name: object = None, votes: object = None
) -> Content | Protocol | NotAMessage:
    """What a message says. `context`, `type_name` and `votes` stand beside it in the event."""
    inner, is_edited, target = _unwrap(message)
    found = _find_type(inner)
    if found is None:
        return _read_nameless(inner, type_name)
    name, value = found
    if name == "protocolMessage":
        return Protocol(value if isinstance(value, Mapping) else {})
    if name in _NOT_A_MESSAGE:
        return NotAMessage(what=_NOT_A_MESSAGE[name])
    content = _read_type(name, value, beside=inner, votes=votes)
    if content.kind == "text" and not content.text:
        return NotAMessage(what="message without content") if name == _PLAIN_TEXT else _keep_unsupported(name)
    quoted = content.quoted_id or target or _find_quoted(value, inner, message, context)
    return replace(content, quoted_id=quoted, is_edited=is_edited)


def _unwrap(message: _Part) -> tuple[_Part, bool, str | None]:
    """The message inside of its wrappers, whether one of them says that it was edited, and what a comment comments on."""
    is_edited, target = False, None
    for _ in range(_MAX_WRAPPERS):
        found = _find_type(message)
        if found is None or not isinstance(found[1], Mapping) or not isinstance(found[1].get("message"), Mapping):
            break
        name, wrapper = found
        is_edited = is_edited or name == "editedMessage"
        if name == "commentMessage":
            target = find_id(get_part(wrapper, "targetMessageKey").get("id"))
        # A transcript stands outside of the wrapper of its audio.
        message = {**wrapper["message"], **{key: message[key] for key in ("speechToText",) if key in message}}
    return message, is_edited, target


def _find_type(message: _Part) -> tuple[str, Any] | None:
    """The field that is the message; None where there is none."""
    text = message.get(_PLAIN_TEXT)
    if isinstance(text, str) and text:
        return _PLAIN_TEXT, text
    for name, value in message.items():
        if name not in _BESIDE and name != _PLAIN_TEXT and isinstance(value, Mapping):
            return name, value
    return None


def _read_nameless(message: _Part, type_name: object) -> Content | NotAMessage:
    """A message whose content was left out. The test channel sends pictures so, with the type's name beside them."""
    if isinstance(type_name, str) and type_name in _MEDIA:
        return Content(kind=_MEDIA[type_name])
    if any("enderKeyDistributionMessage" in name for name in message):
        return NotAMessage(what="exchange of keys")
    if isinstance(type_name, str) and type_name and type_name != _PLAIN_TEXT:
        return _keep_unsupported(type_name)
    return NotAMessage(what="message without content")


def _read_type(name: str, value: Any, *, beside: _Part, votes: object) -> Content:
    if name == _PLAIN_TEXT:
        return Content(text=read_text(value))
    if name in _MEDIA:
        return _read_media(name, value, beside)
    reader = _READERS.get(name)
    if reader is not None:
        return reader(value)
    if name == "pollUpdateMessage":
        return _read_vote(value, votes)
    if name.startswith("pollCreationMessage"):
        return _read_poll(value)
    if name in _CHOICE_IN:
        return Content(text=_find_first(value, _CHOICE_IN[name]), is_written=False)
    words = _join(*(_find_path(value, path) for path in _WORDS_IN.get(name, ())))
    return Content(text=words, is_written=name == "extendedTextMessage") if words else _keep_unsupported(name)


def _keep_unsupported(name: str) -> Content:
    """A type that holds no words for us. Its name stands where a file's would: nobody said it, so nobody must read it as said."""
    return Content(kind="unsupported", attachment=name[:100], is_written=False)


def _read_media(name: str, value: _Part, beside: _Part) -> Content:
    kind: Kind = "gif" if name == "videoMessage" and read_flag(value.get("gifPlayback")) else _MEDIA[name]
    text = read_text(value.get("caption"))
    if kind == "audio":
        text = _TRANSCRIPT.sub("", read_text(beside.get("speechToText")))
    attachment = None
    if kind == "document":
        file = _find_first(value, ("fileName", "filename", "title"))
        # A path in a file's name is a trick: only its last part is a name.
        attachment = re.split(r"[\\/]", file)[-1].strip()[-255:] or None
    return Content(kind=kind, text=text, attachment=attachment, is_written=kind != "audio")


def _read_location(value: _Part) -> Content:
    latitude, longitude = value.get("degreesLatitude"), value.get("degreesLongitude")
    is_placed = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    link = f"https://maps.google.com/?q={latitude},{longitude}" if is_placed else ""
    words = [_find_path(value, path) for path in ("name", "address", "caption", "comment")]
    return Content(kind="location", text=_join(*words, link), is_written=False)


def _read_contact(value: _Part) -> Content:
    """A contact card by its name alone: the number on it is somebody else's."""
    return Content(kind="contact", text=_name_card(value), is_written=False)


def _read_contacts(value: _Part) -> Content:
    names = [_name_card(card) for card in _read_maps(value.get("contacts"))]
    return Content(kind="contact", text=_join(*names) or read_text(value.get("displayName")), is_written=False)


def _name_card(card: _Part) -> str:
    name = read_text(card.get("displayName"))
    if not name and (match := re.search(r"^FN[^:\n]*:(.+)$", read_text(card.get("vcard")), re.MULTILINE)):
        name = match[1].strip()
    return name


def _read_reaction(value: _Part) -> Content:
    """A reaction; without a sign where one was taken back."""
    return Content(kind="reaction", text=read_text(value.get("text")), quoted_id=_find_key_id(value, "key"), is_written=False)


def _read_poll(value: _Part) -> Content:
    """A poll as exports write it: the question, then a line an option."""
    names = [read_text(option.get("optionName")) for option in _read_maps(value.get("options"))]
    return Content(kind="poll", text=_join(read_text(value.get("name")), *(f"- {name}" for name in names if name)), is_written=False)


def _read_vote(value: _Part, votes: object) -> Content:
    """A vote: a line for each chosen option; no line where the vote was taken back, or could not be decrypted by the gateway."""
    chosen = get_part(value, "vote").get("selectedOptions")
    names = [read_text(option) for option in chosen] if isinstance(chosen, list) else []
    if not any(names):
        names = [read_text(vote.get("name")) for vote in _read_maps(votes) if vote.get("voters")]
    text = _join(*(f"- {name}" for name in names if name))
    return Content(kind="poll", text=text, quoted_id=_find_key_id(value, "pollCreationMessageKey"), is_written=False)


def _read_list(value: _Part) -> Content:
    """A list that we offered: its words, then a line a choice."""
    rows = [row for section in _read_maps(value.get("sections")) for row in _read_maps(section.get("rows"))]
    lines = [f"- {title}" for row in rows if (title := read_text(row.get("title")))]
    return Content(text=_join(read_text(value.get("title")), read_text(value.get("description")), *lines), is_written=False)


def _read_list_choice(value: _Part) -> Content:
    words = _join(read_text(value.get("title")), read_text(value.get("description")))
    return Content(text=words or _find_path(value, "singleSelectReply.selectedRowId"), is_written=False)


def _read_flow_choice(value: _Part) -> Content:
    """A tap on a button of the newer kind: the words on it, which stand in one of two places."""
    words = _find_path(value, "body.text")
    if not words:
        try:
            given = json.loads(_find_path(value, "nativeFlowResponseMessage.paramsJson") or "{}")
        except ValueError:
            given = {}
        words = _find_first(given, ("display_text", "title", "description", "id")) if isinstance(given, Mapping) else ""
    return Content(text=words, is_written=False)


_READERS: dict[str, Callable[[_Part], Content]] = {
    "locationMessage": _read_location,
    "liveLocationMessage": _read_location,
    "contactMessage": _read_contact,
    "contactsArrayMessage": _read_contacts,
    "reactionMessage": _read_reaction,
    "listMessage": _read_list,
    "listResponseMessage": _read_list_choice,
    "interactiveResponseMessage": _read_flow_choice,
}


def _find_quoted(value: object, inner: _Part, message: _Part, context: object) -> str | None:
    """What the message replies to: told in the message, beside it, or (test channel) as the quoted message's key."""
    for place in (get_part(value, "contextInfo"), get_part(inner, "contextInfo"), get_part(message, "contextInfo"), context):
        if isinstance(place, Mapping) and (found := find_id(place.get("stanzaId"))):
            return found
    quoted = get_part(inner, "quoted")
    return find_id(quoted.get("id")) or _find_key_id(quoted, "key")


def _find_key_id(value: object, name: str) -> str | None:
    return find_id(get_part(value, name).get("id"))


def _find_path(value: object, path: str) -> str:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return read_text(value)


def _find_first(value: object, paths: tuple[str, ...]) -> str:
    return next((text for path in paths if (text := _find_path(value, path))), "")


def _read_maps(value: object) -> list[_Part]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _join(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
