"""`evosense bench`: speed and memory, as ratios against a reference that is measured in the same run."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack

import click

from core.project.bench.machine import describe_machine, to_json, write_machine
from core.project.bench.registry import BENCHES, Bench, Size
from core.project.bench.report import Report
from core.project.embedded import Home, ServiceError, get_home, open_services

STOP_SECONDS = 20
USUAL = Size()
LEAST_MESSAGES = 1000


@click.command("bench")
@click.argument("name", required=False, type=click.Choice(list(BENCHES)))
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on standard output.")
@click.option(
    "--repetitions", default=USUAL.repetitions, show_default=True, type=click.IntRange(1, 100), help="How often each pair is measured."
)
@click.option("--messages", default=USUAL.messages, show_default=True, type=click.IntRange(1), help="About how many messages are imported.")
@click.option("--texts", default=USUAL.texts, show_default=True, type=click.IntRange(1), help="How many texts are analysed.")
@click.option(
    "--sizes",
    default=",".join(map(str, USUAL.sizes)),
    show_default=True,
    callback=lambda _context, _option, text: read_sizes(text),
    help="How many messages the tenants have that are asked about, smallest first.",
)
@click.option("--vectors", default=USUAL.vectors, show_default=True, type=click.IntRange(1000), help="How many texts are searched among.")
def command(*, name: str | None, as_json: bool, repetitions: int, messages: int, texts: int, sizes: tuple[int, ...], vectors: int) -> None:
    """Measure the bench NAME, or all of them: import, analyse, answer, ask, hooks, live, memory.

    Nothing of yours is touched: benches have a PostgreSQL of their own below .evosense/bench, started while they run.
    """
    benches = [BENCHES[name]] if name else list(BENCHES.values())
    size = Size(repetitions=repetitions, messages=messages, texts=texts, sizes=sizes, vectors=vectors)
    machine, line = describe_machine(), write_machine()
    if not as_json:
        click.echo(f"{line}\nRatios are medians of pairs measured in turns; lowest and highest in brackets.")
    reports = run_benches(benches, size=size, home=get_home(), is_quiet=as_json)
    if as_json:
        click.echo(json.dumps(to_json(reports, machine), indent=2))


def read_sizes(text: str) -> tuple[int, ...]:
    """Numbers of messages as they are given: 10000,100000,1000000. Raises click.BadParameter."""
    try:
        sizes = tuple(sorted(int(one) for one in text.split(",")))
    except ValueError:
        raise click.BadParameter("whole numbers, separated by commas") from None
    if sizes[0] < LEAST_MESSAGES:
        raise click.BadParameter(f"{LEAST_MESSAGES} at least")
    return sizes


def run_benches(benches: Sequence[Bench], *, size: Size, home: Home, is_quiet: bool) -> list[Report]:
    """Run benches one after the other, on services of their own; progress goes to standard error."""
    reports = []
    with ExitStack() as stack:
        prepare(stack, with_services=any(bench.needs_database for bench in benches), home=Home(home.path / "bench"))
        for bench in benches:
            tell(f"{bench.name} …")
            reports.append(bench.run(size, home, tell))
            if not is_quiet:
                click.echo(f"\n{reports[-1].to_text()}")
    return reports


def prepare(stack: ExitStack, *, with_services: bool, home: Home) -> None:
    """Set Django up, on the benches' own migrated database where one of them needs it; what was started stops with the stack."""
    from core.project.boot import boot_django

    # What is measured must not drown in log lines.
    os.environ["LOG_LEVEL"] = "ERROR"
    if not with_services:
        boot_django()
        return
    try:
        lease = open_services(home, on_wait=lambda text: tell(f"{text} …"))
    except ServiceError as error:
        raise click.ClickException(str(error)) from error
    stack.callback(lease.close, wait_seconds=STOP_SECONDS)
    os.environ.update({**lease.environment, "EVOSENSE_HOME": str(home.path)})
    boot_django()

    from django.db import connections

    from core.project.bench.tenant import remove_leftovers
    from core.project.database import migrate

    stack.callback(connections.close_all)
    migrate(tell=lambda migration: tell(f"migrating {migration}"))
    remove_leftovers()


def tell(text: str) -> None:
    """A word on how far we are."""
    click.echo(f"  {text}", err=True)
