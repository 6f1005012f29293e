"""`evosense agreement`: month by month, how often people and the analyser agree in a tenant."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from core.project.boot import boot_with_services
from core.project.commands.import_ import get_tenant

if TYPE_CHECKING:
    from ingestion.agreement import Month


@click.command("agreement")
@click.option("--tenant", required=True, metavar="SLUG", help="The tenant's short name.")
@click.option("--since", metavar="YYYY-MM", help="The first month; all of them by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(*, tenant: str, since: str | None, as_json: bool) -> None:
    """Compare the analyser with the ratings that customers typed and with what the team put right."""
    first = read_month(since)
    boot_with_services(log_level="WARNING")
    from core.tenancy import scope
    from ingestion.agreement import report_agreement

    with scope(get_tenant(tenant).id):
        months = report_agreement(since=first)
    if as_json:
        click.echo(json.dumps([to_json(month) for month in months], ensure_ascii=False))
    elif not months:
        click.echo("No customer has typed a rating yet, and nobody has corrected a conversation.")
    for month in [] if as_json else months:
        click.echo(describe_month(month))


def read_month(text: str | None) -> date | None:
    """A month as YYYY-MM. Raises ClickException for anything else."""
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise click.ClickException(f"--since {text!r} is no month. Write it like 2026-11.") from error


def describe_month(month: "Month") -> str:
    """One month in a few lines."""
    lines = [f"{month.on:%Y-%m}: {month.analysed} conversations analysed, {month.corrected} of them corrected"]
    for name, tally in {"ratings": month.ratings, "corrections": month.corrections}.items():
        if tally.count:
            lines.append(f"  {name}: {tally.count}, equal {tally.share_equal} %, mean error {tally.mean_error}")
    for name, choices in {"theme": month.theme, "resolved": month.resolved}.items():
        if choices.count:
            lines.append(f"  {name} corrected: {choices.count}, equal {choices.share_equal} %")
    for theme, tally in sorted(month.by_theme.items(), key=lambda entry: -entry[1].count):
        lines.append(f"    {theme or 'no theme'}: {tally.count}, equal {tally.share_equal} %, mean error {tally.mean_error}")
    return "\n".join(lines)


def to_json(month: "Month") -> dict[str, Any]:
    """One month as plain values."""
    tallies = {"ratings": month.ratings, "corrections": month.corrections}
    choices = {"theme": month.theme, "resolved": month.resolved}
    return {
        "month": f"{month.on:%Y-%m}",
        "analysed": month.analysed,
        "corrected": month.corrected,
        **{name: {"count": one.count, "share_equal": one.share_equal, "mean_error": one.mean_error} for name, one in tallies.items()},
        **{name: {"count": one.count, "share_equal": one.share_equal} for name, one in choices.items()},
        "by_theme": [
            {"theme": name or None, "count": one.count, "share_equal": one.share_equal, "mean_error": one.mean_error}
            for name, one in month.by_theme.items()
        ],
    }
