"""A message on its way into the database or out of it: the columns that recording and placing work on.

Whatever is told of a message is taken over so that the order of the tellings does not matter: a deletion wins over everything,
the latest edit over earlier ones and over the first words, delivery only rises, and of two times the earlier one is when it was sent.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.models import Message
from ingestion.episodes import Utterance
from ingestion.fingerprints import fold_content
from ingestion.types import Author, Delivery, IncomingMessage, Kind, Source

COLUMNS = (
    "id provider_id chat_key conversation_id contact_id agent_id author kind text attachment sent_at position is_edited is_deleted "
    "response_seconds source told_key quoted_id delivery edited_at"
).split()
# How far each delivery is. A failure is news of a message that was pending, and no news of one that got further.
_DELIVERIES: tuple[Delivery | str, ...] = ("", "pending", "error", "sent", "delivered", "read", "played")


@dataclass(slots=True)
class Row:
    """One message. `is_new`: not in the database yet. `is_changed`: what it says differs from the database's."""

    id: uuid.UUID
    provider_id: str
    chat_key: str
    conversation_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    agent_id: uuid.UUID | None
    author: Author
    kind: Kind
    text: str
    attachment: str
    sent_at: datetime
    position: int
    is_edited: bool
    is_deleted: bool
    response_seconds: int | None
    source: Source = "export"
    told_key: str = ""
    quoted_id: str = ""
    delivery: Delivery | str = ""
    edited_at: datetime | None = None
    is_new: bool = False
    is_changed: bool = False
    is_noted: bool = False  # columns differ that no conversation depends on, such as delivery
    was_sent_at: datetime | None = None  # where it stood in its chat before, if it moved

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Where the message stands in its chat: the same whatever the order in which messages came."""
        return self.sent_at, self.position, self.provider_id

    @property
    def is_touched(self) -> bool:
        return self.is_new or self.is_changed

    @property
    def is_reaction(self) -> bool:
        return self.kind == "reaction"

    def to_utterance(self) -> Utterance:
        return Utterance(id=self.id, author=self.author, sent_at=self.sent_at, kind=self.kind, text=self.text, agent=self.agent_id)

    def to_model(self, channel_id: uuid.UUID) -> Message:
        """The model of the message, with every column of `COLUMNS`."""
        values: dict[str, Any] = {name: getattr(self, name) for name in COLUMNS}
        return Message(channel_id=channel_id, **values)

    def change(self, message: IncomingMessage, *, contact_id: uuid.UUID | None, agent_id: uuid.UUID | None, is_side_sure: bool) -> bool:
        """Take over what another telling of the message knows better; says whether that changed what is said, or by whom.

        Media left out once and given later is filled in, and so is what could not be read. The side, and the agent where none was
        known, follow the later telling if `is_side_sure`. By which road the message came first stays.
        """
        before = self._said
        if is_side_sure and message.author != self.author:
            self.author, self.contact_id, self.agent_id = message.author, contact_id, agent_id
            self.text = "" if self.is_deleted else clean_text(message.text)
        elif self.author == "agent" and self.agent_id is None:
            self.agent_id = agent_id
        if is_taken_back(message):
            self.delete()
        elif not self.is_deleted:
            self._change_content(message)
        self._move(message)
        if message.quoted_id and not self.quoted_id:
            self.quoted_id, self.is_noted = message.quoted_id, True
        if message.delivery is not None:
            self.raise_delivery(message.delivery)
        is_changed = self._said != before
        self.is_changed = self.is_changed or is_changed
        return is_changed

    def delete(self) -> bool:
        """The message was taken back; says whether that is news."""
        if self.is_deleted:
            return False
        self.is_deleted, self.is_edited, self.edited_at, self.text, self.attachment = True, False, None, "", ""
        # Of a message that was taken back nothing is known but that it was there. A reaction never was a message of its own.
        self.kind = self.kind if self.is_reaction else "text"
        self.is_changed = True
        return True

    def edit(self, text: str, *, edited_at: datetime | None) -> bool:
        """The message has other words now; says whether that is news. An edit without a time comes after those before it."""
        if self.is_deleted or self.is_reaction:
            return False
        if self.edited_at is not None and (edited_at is None or (edited_at, text) <= (self.edited_at, self.text)):
            return False
        is_said = not self.is_edited or self.text != text
        self.is_edited, self.text = True, text
        self.is_noted = self.is_noted or self.edited_at != edited_at
        self.edited_at = edited_at
        self.is_changed = self.is_changed or is_said
        return is_said

    def raise_delivery(self, delivery: Delivery) -> bool:
        """A message of ours got further; says whether that is news."""
        if self.author != "agent" or measure_delivery(delivery) <= measure_delivery(self.delivery):
            return False
        self.delivery, self.is_noted = delivery, True
        return True

    @property
    def _said(self) -> tuple[Any, ...]:
        return self.author, self.contact_id, self.agent_id, self.kind, self.text, self.attachment, self.is_edited, self.is_deleted

    def _change_content(self, message: IncomingMessage) -> None:
        text = clean_text(message.text)
        if message.is_edited:
            # Who reads the chat back is told an edited message with the time of its edit.
            self.edit(text, edited_at=None if message.source == "export" else message.sent_at)
        if self.kind == "unsupported" and message.kind != "unsupported":
            self.kind = message.kind
            self.text = self.text if self.is_edited else text or self.text
        elif message.kind != "text" and self.kind != "text":
            self.text = self.text if self.is_edited else self.text or text
        if self.kind != "text":
            self.attachment = self.attachment or (message.attachment or "")[-255:]

    def _move(self, message: IncomingMessage) -> None:
        if message.position > self.position:
            self.position, self.is_changed = message.position, True
        if message.source != "export" and message.sent_at < self.sent_at:
            self.was_sent_at = self.was_sent_at or self.sent_at
            self.sent_at, self.is_changed = message.sent_at, True


def make_row(
    message: IncomingMessage,
    *,
    id: uuid.UUID,  # noqa: A002
    contact_id: uuid.UUID | None,
    agent_id: uuid.UUID | None,
    told_key: str = "",
) -> Row:
    """The row of a message that the database does not have."""
    row = Row(
        id=id,
        provider_id=message.provider_id,
        chat_key=message.chat_key,
        conversation_id=None,
        contact_id=contact_id,
        agent_id=agent_id,
        author=message.author,
        kind=message.kind,
        text=clean_text(message.text),
        attachment=(message.attachment or "")[-255:],
        sent_at=message.sent_at,
        position=message.position,
        is_edited=message.is_edited,
        is_deleted=False,
        response_seconds=None,
        source=message.source,
        told_key=told_key,
        quoted_id=message.quoted_id or "",
        edited_at=message.sent_at if message.is_edited and message.source != "export" else None,
        is_new=True,
    )
    if is_taken_back(message):
        row.delete()
    if message.delivery is not None:
        row.raise_delivery(message.delivery)
    return row


def is_taken_back(message: IncomingMessage) -> bool:
    """Whether a telling says that nothing is said any more. A reaction without an emoji is one that was taken back."""
    return message.is_deleted or (message.kind == "reaction" and not message.text)


def clean_text(text: str) -> str:
    """The text as it can be stored: PostgreSQL has no NUL."""
    return text.replace("\0", "")


def measure_delivery(delivery: Delivery | str) -> int:
    """How far a delivery is; only rises count."""
    return _DELIVERIES.index(delivery)


def load_rows(**filters: Any) -> list[Row]:
    """The stored messages that match, in one query."""
    return [Row(*values) for values in Message.objects.filter(**filters).order_by().values_list(*COLUMNS)]


def sort_rows(rows: Iterable[Row]) -> list[Row]:
    """Rows of one chat in its order."""
    return sorted(rows, key=lambda row: row.order)


def fold_row(row: Row) -> str:
    """What a row says, as `fold_content` gives it."""
    return fold_content(kind=row.kind, text=row.text, is_deleted=row.is_deleted)
