"""How fast exported chats come in through the real door, against a raw bulk insert of the very rows that it stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from core.models import Agent, Channel, Contact, ContactIdentity, Conversation, Message
from core.project.bench.chats import COMPANY, LONG, ChatText, write_long_chats, write_short_chats
from core.project.bench.pairs import Tell, describe_share, describe_speed, time_call, time_pairs
from core.project.bench.report import Figure, Report
from core.project.bench.tenant import throw_away_tenant
from core.project.demo.shop import TIME_ZONE
from core.tenancy import scope
from ingestion.exports import open_export
from ingestion.record import record_messages

# In the order in which they can be inserted.
STORED: tuple[type[models.Model], ...] = (Channel, Agent, Contact, ContactIdentity, Conversation, Message)
ROWS_A_STATEMENT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """Rows of one table as they are stored, without their tenant."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def bench_import(*, repetitions: int, messages: int, tell: Tell) -> Report:
    """Import about `messages` messages of exported chats into an empty tenant, and insert the rows that this made into another."""
    figures: list[Figure] = []
    for kind, chats in (("long", write_long_chats(messages=messages)), ("short", write_short_chats(messages=messages))):
        figures += measure_chats(kind, chats, repetitions=repetitions, tell=tell)
    return Report(
        name="import",
        title="exported chats parsed and recorded, a transaction a file, against inserting the rows that this makes",
        figures=tuple(figures),
        notes=(
            f"Long chats: {LONG} messages a file; short ones: a customer's with the demo shop.",
            f"Raw: {ROWS_A_STATEMENT} rows a statement into the same tables, by the same role under the same policies, in one transaction.",
        ),
    )


def measure_chats(kind: str, chats: Sequence[ChatText], *, repetitions: int, tell: Tell) -> list[Figure]:
    """The door against a raw insert, and reading the files alone."""
    count = sum(chat.messages for chat in chats)
    tell(f"{count} messages in {len(chats)} {kind} chats")
    parse_seconds = [time_call(lambda: parse_chats(chats)) for _ in range(repetitions)]
    with throw_away_tenant() as tenant:
        import_chats(tenant.id, chats)
        tables = read_tables(tenant.id)

    def import_once() -> float:
        with throw_away_tenant() as tenant:
            return time_call(lambda: import_chats(tenant.id, chats))

    def insert_once() -> float:
        with throw_away_tenant() as tenant:
            return time_call(lambda: insert_tables(tenant.id, tables))

    pairs = time_pairs(import_once, insert_once, repetitions=repetitions, tell=tell)
    return [
        describe_speed(f"{kind} chats, through the door", [pair.subject for pair in pairs], count=count, unit="messages/s"),
        describe_speed(f"{kind} chats, raw bulk insert", [pair.reference for pair in pairs], count=count, unit="messages/s"),
        describe_share(f"{kind} chats, door / raw", pairs),
        describe_speed(f"{kind} chats, reading the files alone", parse_seconds, count=count, unit="messages/s"),
    ]


def parse_chats(chats: Iterable[ChatText]) -> int:
    """Read the files and nothing else; how many messages stand in them."""
    return sum(sum(1 for _ in open_chat(chat).read_messages()) for chat in chats)


def import_chats(tenant_id: UUID, chats: Sequence[ChatText]) -> None:
    """Read the files and record their messages as `evosense import` does, a transaction a file."""
    with scope(tenant_id):
        channel = Channel.objects.create(name="bench", self_names=[COMPANY])
    for chat in chats:
        with scope(tenant_id):
            record_messages(channel, open_chat(chat).read_messages(), as_of=timezone.now())


def open_chat(chat: ChatText) -> Any:
    return open_export(chat.text, self_names=[COMPANY], time_zone=TIME_ZONE, name=chat.file_name)


def read_tables(tenant_id: UUID) -> list[TableRows]:
    """What a tenant's import stored."""
    read = []
    with scope(tenant_id), connection.cursor() as cursor:
        for model in STORED:
            columns = tuple(str(field.column) for field in model._meta.local_fields if not field.generated and field.column != "tenant_id")
            cursor.execute(f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}"')  # noqa: S608  (names of our own tables)
            read.append(TableRows(table=model._meta.db_table, columns=columns, rows=cursor.fetchall()))
    return read


def insert_tables(tenant_id: UUID, tables: Sequence[TableRows]) -> None:
    """Insert rows as they are, many a statement. Ids are keyed by tenant first, so they may be used again in another tenant."""
    with scope(tenant_id), connection.cursor() as cursor:
        for table in tables:
            names = ", ".join(("tenant_id", *table.columns))
            values = f"({', '.join(['%s'] * (len(table.columns) + 1))})"
            for start in range(0, len(table.rows), ROWS_A_STATEMENT):
                some = table.rows[start : start + ROWS_A_STATEMENT]
                cursor.execute(
                    f'INSERT INTO "{table.table}" ({names}) VALUES {", ".join([values] * len(some))}',  # noqa: S608
                    [value for row in some for value in (tenant_id, *row)],
                )
