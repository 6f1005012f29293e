"""The gateway's database: what survives its restart. One SQLite file, written as each thing happens."""

import random
import sqlite3
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.gateway.shapes import format_instant, parse_instant
from tests.gateway.steps import Json, dump, load

_TABLES = """
CREATE TABLE IF NOT EXISTS instances (name TEXT PRIMARY KEY, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, instance TEXT NOT NULL, key_id TEXT NOT NULL, jid TEXT NOT NULL,
    at INTEGER NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, is_sent INTEGER NOT NULL, fields TEXT NOT NULL, media TEXT);
CREATE INDEX IF NOT EXISTS messages_at ON messages (instance, at);
CREATE INDEX IF NOT EXISTS messages_key ON messages (instance, key_id);
CREATE TABLE IF NOT EXISTS updates (
    number INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, key_id TEXT NOT NULL, message_id TEXT NOT NULL, status TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS updates_message ON updates (message_id);
CREATE TABLE IF NOT EXISTS contacts (
    id TEXT NOT NULL, instance TEXT NOT NULL, jid TEXT NOT NULL, name TEXT NOT NULL, lid TEXT, at INTEGER NOT NULL,
    PRIMARY KEY (instance, jid));
"""


@dataclass(slots=True)
class MessageRow:
    """A stored message. `fields` are key, pushName, message, contextInfo, source and instanceId."""

    id: str
    key_id: str
    jid: str
    at: int
    kind: str
    status: str
    fields: Json
    media: str | None = None
    is_sent: bool = False  # through the API

    def to_record(self, statuses: list[str]) -> Json:
        """The row as findMessages shows it: without its status."""
        return {
            "id": self.id,
            "key": self.fields["key"],
            "pushName": self.fields["pushName"],
            "messageType": self.kind,
            "message": self.fields["message"],
            "messageTimestamp": self.at,
            "instanceId": self.fields["instanceId"],
            "source": self.fields["source"],
            "contextInfo": self.fields.get("contextInfo"),
            "MessageUpdate": [{"status": status} for status in statuses],
        }


def make_row_id() -> str:
    return f"cm{uuid.uuid4().hex[:23]}"


class Store:
    """Every method is one transaction that outlives a killed process."""

    def __init__(self, folder: Path | None) -> None:
        self._db = sqlite3.connect(
            ":memory:" if folder is None else folder / "gateway.sqlite3", isolation_level=None, check_same_thread=False
        )
        # What the system was handed outlives a kill -9; only a power cut could lose it.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        self._db.close()

    def load_instances(self) -> list[Json]:
        return [load(fields) for (fields,) in self._db.execute("SELECT fields FROM instances ORDER BY name")]

    def save_instance(self, fields: Json) -> None:
        self._db.execute("INSERT OR REPLACE INTO instances VALUES (?, ?)", [fields["name"], dump(fields)])

    def remove_instance(self, name: str) -> None:
        self._db.execute("DELETE FROM instances WHERE name = ?", [name])
        for table in ("messages", "updates", "contacts"):
            self._db.execute(f"DELETE FROM {table} WHERE instance = ?", [name])

    def add_message(self, instance: str, row: MessageRow) -> None:
        """Add a row; nothing keeps a message from having two."""
        self._db.execute(
            "INSERT INTO messages (id, instance, key_id, jid, at, kind, status, is_sent, fields, media) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row.id, instance, row.key_id, row.jid, row.at, row.kind, row.status, row.is_sent, dump(row.fields), row.media],
        )

    def find_message(self, instance: str, key_id: str) -> MessageRow | None:
        """The first row of a message."""
        return next(iter(self._select("instance = ? AND key_id = ? ORDER BY number LIMIT 1", [instance, key_id])), None)

    def change_message(self, row: MessageRow) -> None:
        self._db.execute("UPDATE messages SET at = ?, status = ?, fields = ? WHERE id = ?", [row.at, row.status, dump(row.fields), row.id])

    def remove_message(self, instance: str, key_id: str) -> None:
        self._db.execute("DELETE FROM messages WHERE instance = ? AND key_id = ?", [instance, key_id])

    def add_update(self, instance: str, row: MessageRow, status: str) -> None:
        self._db.execute(
            "INSERT INTO updates (instance, key_id, message_id, status) VALUES (?, ?, ?, ?)", [instance, row.key_id, row.id, status]
        )

    def find_statuses(self, message_ids: Iterable[str]) -> dict[str, list[str]]:
        """The statuses that messages have gone through, by the id of their row."""
        found: dict[str, list[str]] = {}
        for message_id in message_ids:
            rows = self._db.execute("SELECT status FROM updates WHERE message_id = ? ORDER BY number", [message_id])
            found[message_id] = [status for (status,) in rows]
        return found

    def search_messages(self, instance: str, body: Json, *, shuffles_ties: bool) -> Json:
        """What findMessages answers, with what it ignores. Raise ValueError for dates that are none."""
        where = body.get("where") or {}
        size, page = int(body.get("offset") or 50), int(body.get("page") or 1)
        clauses = ["instance = ?"]
        values: list[Any] = [instance]
        window = where.get("messageTimestamp") or {}
        if window.get("gte") and window.get("lte"):  # one alone is ignored
            clauses.append("at BETWEEN ? AND ?")
            values += [parse_instant(window["gte"]), parse_instant(window["lte"])]
        for name, column in (("id", "id"), ("messageType", "kind")):
            if where.get(name):
                clauses.append(f"{column} = ?")
                values.append(where[name])
        key = where.get("key") or {}
        # A false `fromMe` is ignored as any falsy value is.
        wanted = {f"$.key.{name}": key[name] for name in ("id", "fromMe", "participant") if key.get(name)}
        wanted |= {"$.source": where["source"]} if where.get("source") else {}
        for path, value in wanted.items():
            clauses.append(f"json_extract(fields, '{path}') = ?")
            values.append(value)
        either = [name for name in ("remoteJid", "remoteJidAlt") if key.get(name)]
        if either:
            clauses.append("(" + " OR ".join(f"json_extract(fields, '$.key.{name}') = ?" for name in either) + ")")
            values += [key[name] for name in either]
        condition = " AND ".join(clauses)
        [(total,)] = self._db.execute(f"SELECT count(*) FROM messages WHERE {condition}", values)
        # A database that sorts the first LIMIT + OFFSET rows only leaves ties in an order that depends on that sum.
        salt = random.Random(size * page).getrandbits(20) | 1
        ties = f"(number * {salt}) % 1000003" if shuffles_ties else "number"
        rows = self._select(f"{condition} ORDER BY at DESC, {ties} LIMIT ? OFFSET ?", [*values, size, size * (page - 1)])
        statuses = self.find_statuses(row.id for row in rows)
        records = [row.to_record(statuses[row.id]) for row in rows]
        return {"messages": {"total": total, "pages": -(-total // size), "currentPage": page, "records": records}}

    def find_chats(self, instance: str, body: Json) -> list[Json]:
        """The chats with their last message, the newest first."""
        wanted = (body.get("where") or {}).get("remoteJid")
        latest: dict[str, MessageRow] = {}
        for row in self._select("instance = ? ORDER BY at DESC, number DESC", [instance]):
            if wanted in (None, row.jid):
                latest.setdefault(row.jid, row)
        chats = [
            {
                "id": row.id,
                "remoteJid": jid,
                "pushName": None if row.fields["key"]["fromMe"] else row.fields["pushName"],
                "profilePicUrl": None,
                "updatedAt": format_instant(row.at),
                "windowStart": None,
                "windowExpires": None,
                "windowActive": False,
                "lastMessage": {**row.to_record([]), "participant": None, "sessionId": None, "status": row.status},
                "unreadCount": 0,
                "isSaved": True,
            }
            for jid, row in latest.items()
        ]
        skip = int(body.get("skip") or 0)
        return chats[skip : skip + int(body.get("take") or len(chats) or 1)]

    def save_contact(self, instance: str, jid: str, name: str, lid: str | None) -> bool:
        """Whether the contact is new."""
        found = self._db.execute("SELECT 1 FROM contacts WHERE instance = ? AND jid = ?", [instance, jid]).fetchone()
        self._db.execute(
            "INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET name = excluded.name, lid = coalesce(excluded.lid, lid)",
            [make_row_id(), instance, jid, name, lid, int(time.time())],
        )
        return found is None

    def find_contacts(self, instance: str) -> list[tuple[str, str, str, str | None, int]]:
        """(row id, jid, name, lid, time it was made) of all."""
        return list(self._db.execute("SELECT id, jid, name, lid, at FROM contacts WHERE instance = ? ORDER BY at, rowid", [instance]))

    def find_sent(self, instance: str) -> list[MessageRow]:
        """What was sent through the API, the oldest first."""
        return self._select("instance = ? AND is_sent ORDER BY number", [instance])

    def count(self, instance: str) -> dict[str, int]:
        """Messages, contacts and chats."""
        [(messages, chats)] = self._db.execute("SELECT count(*), count(DISTINCT jid) FROM messages WHERE instance = ?", [instance])
        [(contacts,)] = self._db.execute("SELECT count(*) FROM contacts WHERE instance = ?", [instance])
        return {"Message": messages, "Contact": contacts, "Chat": chats}

    def _select(self, condition: str, values: list[Any]) -> list[MessageRow]:
        query = f"SELECT id, key_id, jid, at, kind, status, fields, media, is_sent FROM messages WHERE {condition}"
        return [
            MessageRow(
                key_id=key_id, jid=jid, at=at, kind=kind, status=status, fields=load(fields), media=media, is_sent=bool(sent), id=row_id
            )
            for row_id, key_id, jid, at, kind, status, fields, media, sent in self._db.execute(query, values)
        ]
