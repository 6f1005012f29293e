"""Imports exported chats: reads a file, records its messages batch by batch, and keeps what became of it in an ImportRun."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils import timezone

from core.models import Channel, ImportRun
from core.tenancy import scope
from ingestion.exports import Language, Notice, Reading, open_export
from ingestion.exports.dates import DateOrder
from ingestion.record import Recorded, record_messages, split_batches

# Messages between two commits: enough to be quick, few enough that others who record into the channel need not wait long.
_COMMIT_MESSAGES = 4_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file."""

    run: ImportRun
    notices: list[Notice]
    conversation_ids: frozenset[uuid.UUID]


def get_or_create_channel(name: str, *, self_names: tuple[str, ...]) -> Channel:
    """The channel of this name in the open scope, made where there is none; its own names grow by `self_names`."""
    channel, _ = Channel.objects.get_or_create(name=name)
    added = [one for one in self_names if one and one not in channel.self_names]
    if added:
        channel.self_names = [*channel.self_names, *added]
        channel.save(update_fields=["self_names"])
    return channel


def import_export(
    tenant_id: uuid.UUID,
    file: Path,
    *,
    channel_id: uuid.UUID,
    self_names: list[str],
    time_zone: str,
    language: Language | None = None,
    chat_name: str | None = None,
    date_order: DateOrder | None = None,
    tell_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Imported:
    """Read one exported chat into a channel. Opens the tenant's scope itself, once every few thousand messages.

    An import that is broken off has stored what it had read; importing again goes on from there. `tell_progress` hears how many
    messages of how many are done. Arguments and errors are those of `ingestion.exports.open_export`.
    """
    reading = open_export(file, self_names=self_names, time_zone=time_zone, language=language, chat_name=chat_name, date_order=date_order)
    with scope(tenant_id):
        channel = Channel.objects.get(id=channel_id)
        run = ImportRun.objects.create(
            channel=channel, file_name=file.name[-255:], sha256=_compute_sha256(file), variant=str(reading.survey.variant)
        )
    recorded, done = Recorded(), 0
    total = sum(author.messages for author in reading.survey.authors)
    for batch in split_batches(reading.read_messages(), size=_COMMIT_MESSAGES):
        with scope(tenant_id):
            recorded.add(record_messages(channel, batch, is_side_sure=reading.survey.is_self_found))
        done += len(batch)
        tell_progress(done, total)
    with scope(tenant_id):
        _finish(run, reading, recorded)
    return Imported(run=run, notices=reading.notices, conversation_ids=frozenset(recorded.conversation_ids))


def _finish(run: ImportRun, reading: Reading, recorded: Recorded) -> None:
    run.messages_new, run.messages_known, run.messages_updated = recorded.new, recorded.known, recorded.updated
    run.system_lines, run.problem_count = reading.system_lines, reading.problem_count
    run.problems = [asdict(problem) for problem in reading.problems]
    run.finished_at = timezone.now()
    run.save()


def _compute_sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
