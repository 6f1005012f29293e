"""Exported chats to measure with: the demo's conversations written down as WhatsApp on an Android phone exports them. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from core.project.demo.scripts import load_scripts
from core.project.demo.shop import CHANNELS, TIME_ZONE
from core.project.demo.story import gather_chats, tell_story
from ingestion.types import IncomingMessage

# Any day would do; the same one makes every run read the same files.
LAST_DAY = date(2026, 11, 16)
COMPANY = "Casa Aurora"
LONG = 500  # messages


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatText:
    """One exported chat: its file's name, its text, and how many messages stand in it."""

    file_name: str
    text: bytes
    messages: int


def write_short_chats(*, messages: int) -> list[ChatText]:
    """Exports of the demo's chats, one a customer, with about `messages` messages in all; the whole demo where it has fewer."""
    chats: dict[tuple[str, str], list[IncomingMessage]] = defaultdict(list)
    for channel, message in _tell_messages():
        chats[channel, message.chat_name].append(message)
    return _take((write_chat(f"{name} ({channel})", lines) for (channel, name), lines in sorted(chats.items())), messages=messages)


def write_long_chats(*, messages: int) -> list[ChatText]:
    """The same words as chats of years with few customers: every LONG messages of a channel are one customer's."""
    chats: dict[str, list[IncomingMessage]] = defaultdict(list)
    for channel, message in _tell_messages():
        chats[channel].append(message)
    return _take(
        (
            write_chat(f"{lines[start].chat_name} ({channel})", lines[start : start + LONG], customer=lines[start].chat_name)
            for channel, lines in sorted(chats.items())
            for start in range(0, len(lines), LONG)
        ),
        messages=messages,
    )


def list_customer_texts() -> list[str]:
    """What the demo's customers wrote, message by message."""
    return [message.text for _, message in _tell_messages() if message.author == "customer" and message.text]


def _tell_messages() -> Iterator[tuple[str, IncomingMessage]]:
    """Every message of the demo with its channel, in order of time within each."""
    told = gather_chats(tell_story(load_scripts(), today=LAST_DAY))
    return ((channel, message) for channel in CHANNELS for message in told[channel])


def _take(chats: Iterable[ChatText], *, messages: int) -> list[ChatText]:
    taken: list[ChatText] = []
    for chat in chats:
        if sum(one.messages for one in taken) >= messages:
            break
        taken.append(chat)
    return taken


def write_chat(name: str, messages: Sequence[IncomingMessage], *, customer: str | None = None) -> ChatText:
    """One chat as exported: `12/11/2026 14:05 - Ana: text`, times being those of the phone's zone.

    With `customer`, everything that customers wrote is theirs.
    """
    zone = ZoneInfo(TIME_ZONE)
    lines = []
    for message in messages:
        author = (customer or message.sender_name) if message.author == "customer" else COMPANY
        signature = f"*{message.agent_name}:*\n" if message.agent_name else ""
        text = message.text if message.kind == "text" else "<Mídia oculta>"
        lines.append(f"{message.sent_at.astimezone(zone):%d/%m/%Y %H:%M} - {author}: {signature}{text}\n")
    return ChatText(file_name=f"Conversa do WhatsApp com {name}.txt", text="".join(lines).encode(), messages=len(lines))
