"""A message on its way into the database or out of it: the columns that recording and placing work on."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.models import Message
from ingestion.episodes import Utterance
from ingestion.fingerprints import fold_content
from ingestion.types import Author, IncomingMessage, Kind

COLUMNS = (
    "id provider_id chat_key conversation_id contact_id agent_id author kind text attachment sent_at position is_edited is_deleted "
    "response_seconds"
).split()


@dataclass(slots=True)
class Row:
    """One message. `is_new`: not in the database yet. `is_changed`: its own columns differ from the database's."""

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
    is_new: bool = False
    is_changed: bool = False

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Where the message stands in its chat: the same whatever the order in which messages came."""
        return self.sent_at, self.position, self.provider_id

    @property
    def is_touched(self) -> bool:
        return self.is_new or self.is_changed

    def to_utterance(self) -> Utterance:
        return Utterance(id=self.id, author=self.author, sent_at=self.sent_at, kind=self.kind, text=self.text, agent=self.agent_id)

    def to_model(self, channel_id: uuid.UUID) -> Message:
        """The model of a new message."""
        values: dict[str, Any] = {name: getattr(self, name) for name in COLUMNS}
        return Message(channel_id=channel_id, **values)

    def change(self, message: IncomingMessage, *, contact_id: uuid.UUID | None, agent_id: uuid.UUID | None, is_side_sure: bool) -> bool:
        """Take over what a later telling of the message knows better; says whether it did.

        A deletion or an edit wins over what it deleted or edited, whichever is told first. Media left out once and given later
        is filled in. The side, and the agent where none was known, follow the later telling if `is_side_sure`.
        """
        before = (self.author, self.contact_id, self.agent_id, self.kind, self.text, self.attachment, self.is_edited, self.is_deleted)
        if is_side_sure and message.author != self.author:
            self.author, self.contact_id, self.agent_id = message.author, contact_id, agent_id
            self.text = "" if self.is_deleted else message.text
        elif self.author == "agent" and self.agent_id is None:
            self.agent_id = agent_id
        if message.is_deleted:
            self.is_deleted, self.kind, self.text, self.attachment = True, "text", "", ""
        elif not self.is_deleted:
            self._change_content(message)
        after = (self.author, self.contact_id, self.agent_id, self.kind, self.text, self.attachment, self.is_edited, self.is_deleted)
        is_moved = message.position > self.position
        self.position = max(self.position, message.position)
        self.is_changed = self.is_changed or is_moved or before != after
        return before != after

    def _change_content(self, message: IncomingMessage) -> None:
        if message.is_edited:
            self.is_edited, self.text = True, message.text
        if message.kind not in ("text", "unsupported"):
            self.kind = message.kind if self.kind == "unsupported" else self.kind
            self.attachment = self.attachment or (message.attachment or "")
            self.text = self.text or message.text


def make_row(message: IncomingMessage, *, id: uuid.UUID, contact_id: uuid.UUID | None, agent_id: uuid.UUID | None) -> Row:  # noqa: A002
    """The row of a message that the database does not have."""
    return Row(
        id=id,
        provider_id=message.provider_id,
        chat_key=message.chat_key,
        conversation_id=None,
        contact_id=contact_id,
        agent_id=agent_id,
        author=message.author,
        kind=message.kind,
        text=message.text.replace("\0", ""),  # PostgreSQL has no such character
        attachment=(message.attachment or "")[-255:],
        sent_at=message.sent_at,
        position=message.position,
        is_edited=message.is_edited,
        is_deleted=message.is_deleted,
        response_seconds=None,
        is_new=True,
    )


def load_rows(**filters: Any) -> list[Row]:
    """The stored messages that match, in one query."""
    return [Row(*values) for values in Message.objects.filter(**filters).order_by().values_list(*COLUMNS)]


def sort_rows(rows: Iterable[Row]) -> list[Row]:
    """Rows of one chat in its order."""
    return sorted(rows, key=lambda row: row.order)


def fold_row(row: Row) -> str:
    """What a row says, as `fold_content` gives it."""
    return fold_content(kind=row.kind, text=row.text, is_deleted=row.is_deleted)
