"""`evosense import`: exported WhatsApp chats into a tenant, a line a file, until they are analysed."""

import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from core.project.boot import boot_with_services

if TYPE_CHECKING:
    from core.models import Tenant
    from ingestion.exports import Language

_SECONDS_BETWEEN_PROGRESS = 3.0
# Another process may be analysing the same messages: it is given this long without one conversation finished.
_SECONDS_WITHOUT_MOVE, _SECONDS_BETWEEN_LOOKS = 60.0, 0.5
_DATE_ORDERS = {"day-first": "dmy", "month-first": "mdy"}


class ImportCommand(click.Command):
    """Lets `--self` take several names: `--self "Ana Souza" "Casa Aurora"` is `--self` twice, unless the second is a file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        is_after_self = False
        for index, argument in enumerate(args):
            if index and args[index - 1] == "--self":
                is_after_self = True
            elif argument.startswith("-"):
                is_after_self = False
            elif is_after_self and not _looks_like_file(argument):
                spread.append("--self")
            spread.append(argument)
        return super().parse_args(ctx, spread)


def _looks_like_file(argument: str) -> bool:
    return Path(argument).suffix.lower() in (".txt", ".zip") or Path(argument).exists()


@click.command("import", cls=ImportCommand)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--tenant", required=True, metavar="SLUG", help="The tenant's short name.")
@click.option("--channel", required=True, metavar="NAME", help="The channel that the chats belong to; made where there is none.")
@click.option(
    "--self", "self_names", multiple=True, metavar="NAME…", help="Authors that are the company's side. The channel remembers them."
)
@click.option("--time-zone", metavar="TZ", help="Zone of the times in the files, such as America/Sao_Paulo; the tenant's by default.")
@click.option("--no-wait", is_flag=True, help="Do not wait until the messages are analysed.")
@click.option("--language", type=click.Choice(["pt", "en", "es"]), help="Language of what is printed; the tenant's by default.")
@click.option("--chat", metavar="NAME", help="Which chat this is, where its contact or group was renamed since an earlier import.")
@click.option("--dates", type=click.Choice(list(_DATE_ORDERS)), help="How dates are written, where the files leave that open.")
def command(
    *,
    files: tuple[str, ...],
    tenant: str,
    channel: str,
    self_names: tuple[str, ...],
    time_zone: str | None,
    no_wait: bool,
    language: "Language | None",
    chat: str | None,
    dates: str | None,
) -> None:
    """Read exported WhatsApp chats (.txt or .zip) into a tenant. Importing again adds nothing twice."""
    boot_with_services()
    from core.tenancy import scope
    from ingestion.exports import ExportError
    from ingestion.imports import get_or_create_channel, import_export
    from ingestion.reports import describe_run, say

    into = get_tenant(tenant)
    spoken: Language = language or read_language(into.language)
    zone = check_time_zone(time_zone or into.time_zone)
    with scope(into.id):
        target = get_or_create_channel(channel, self_names=self_names)
    progress = Progress()
    refused, changed = 0, False
    for name in files:
        file = Path(name)
        try:
            imported = import_export(
                into.id,
                file,
                channel_id=target.id,
                self_names=target.self_names,
                time_zone=zone,
                language=read_language(into.language),
                chat_name=chat,
                date_order=None if dates is None else "dmy" if dates == "day-first" else "mdy",
                tell_progress=lambda done, total, file=file: progress.tell(  # type: ignore[misc]
                    say("reading", language=spoken, file=file.name, done=done, total=total)
                ),
            )
        except ExportError as error:
            refused += 1
            click.echo(say("refused", language=spoken, reason=error.describe(spoken)))
            continue
        changed = changed or bool(imported.conversation_ids)
        click.echo(describe_run(imported.run, notices=imported.notices, language=spoken))
    if no_wait:
        if changed:
            queue_analysis(into.id)
            click.echo(say("queued", language=spoken))
    else:
        wait_until_analysed(into.id, language=spoken, progress=progress)
    if refused:
        sys.exit(1)


class Progress:
    """Tells how far a long piece of work is, on standard error, every few seconds."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, text: str) -> None:
        if time.monotonic() - self._told_at >= _SECONDS_BETWEEN_PROGRESS:
            self._told_at = time.monotonic()
            click.echo(text, err=True)


def get_tenant(slug: str) -> "Tenant":
    """The tenant of this short name. Raises ClickException, which names those that exist, where there is none."""
    from core.models import Tenant
    from core.tenancy import unscoped_directory

    with unscoped_directory(reason="find a tenant by its slug"):
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            slugs = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True))
            raise click.ClickException(f"There is no tenant {slug!r}. " + (f"There are: {slugs}." if slugs else "There are none yet."))
        return tenant


def read_language(word: str) -> "Language":
    """The language of a tenant, as the type that the readers take."""
    return "en" if word == "en" else "es" if word == "es" else "pt"


def check_time_zone(name: str) -> str:
    """The name, where there is such a time zone. Raises ClickException where there is none."""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise click.ClickException(f"There is no time zone {name!r}. Give one like America/Sao_Paulo or Europe/Lisbon.") from error


def queue_analysis(tenant_id: uuid.UUID) -> None:
    """Tell the worker. Where the queue is out of reach nothing is lost: what waits is looked for every minute."""
    from celery import current_app
    from kombu.exceptions import OperationalError

    try:
        # By its name: the models that the task needs are the worker's to load.
        current_app.send_task("ingestion.tasks.task_analyse", args=[str(tenant_id)], retry=False)
    except (OperationalError, OSError) as error:
        click.echo(f"The task queue is out of reach ({type(error).__name__}); the worker will find the new messages by itself.", err=True)


def wait_until_analysed(tenant_id: uuid.UUID, *, language: "Language", progress: Progress) -> None:
    """Analyse what waits, here, or wait for a worker that is at it already. Ends when nothing waits or nothing moves any more."""
    from ingestion.reports import say

    analyse = get_analysis()
    fewest, moved_at = -1, time.monotonic()
    while waiting := count_now(tenant_id):
        if fewest < 0 or waiting < fewest:
            fewest, moved_at = waiting, time.monotonic()
        elif time.monotonic() - moved_at > _SECONDS_WITHOUT_MOVE:
            raise click.ClickException(say("stuck", language=language, count=waiting))
        else:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        # Beside this thread, which goes on telling how far it is. A worker that is at it already makes it end at once.
        work = Work(analyse, tenant_id)
        while work.is_alive():
            work.join(_SECONDS_BETWEEN_PROGRESS)
            progress.tell(say("analysing", language=language, count=count_now(tenant_id)))
        if work.error is not None:
            raise work.error
    click.echo(say("analysed", language=language))


def get_analysis() -> Callable[[str], object]:
    """What analyses a tenant's messages."""
    from ingestion.tasks import task_analyse

    analyse: Callable[[str], object] = task_analyse
    return analyse


def count_now(tenant_id: uuid.UUID) -> int:
    """How many of a tenant's conversations wait for their analysis."""
    from core.tenancy import scope
    from ingestion.completeness import count_waiting

    with scope(tenant_id):
        return count_waiting()


class Work(threading.Thread):
    """One run of the analysis, started at once. It ends with the command, however that ends; nothing is half written."""

    def __init__(self, analyse: Callable[[str], object], tenant_id: uuid.UUID) -> None:
        super().__init__(daemon=True)
        self.error: Exception | None = None
        self._analyse, self._tenant_id = analyse, tenant_id
        self.start()

    def run(self) -> None:
        from django.db import connection

        try:
            self._analyse(str(self._tenant_id))
        except Exception as error:
            self.error = error
        finally:
            connection.close()
