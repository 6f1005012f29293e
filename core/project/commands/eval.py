"""`evosense eval [NAME]`: our own quality sets, compared with the committed baseline."""

import importlib
from collections.abc import Callable

import click

# Name → module and function that prints the figures and returns what fell below the baseline, one sentence each.
# The module is imported when its set is asked for: each may need what the others do not.
EVALS: dict[str, tuple[str, str]] = {
    "discovery": ("core.project.evals.discovery", "run"),
    "explain": ("core.project.evals.explain", "run"),
    "masking": ("core.privacy.evals.masking", "run_eval"),
    "planners": ("core.project.evals.planners", "run"),
    "plans": ("core.project.evals.plans", "run"),
    "search": ("core.project.evals.search", "run"),
    "understanding": ("core.project.evals.understanding", "run"),
}

Run = Callable[..., list[str]]


@click.command()
@click.argument("name", required=False, type=click.Choice(sorted(EVALS)))
@click.option("--write-baseline", is_flag=True, help="Make the present figures the baseline.")
@click.option("--quick", is_flag=True, help="understanding: some rows of each outside set; no mark is judged by them.")
@click.option(
    "--cross-validate", is_flag=True, help="understanding: train again, as `make heads` does, for figures of what is held out in turns."
)
def command(name: str | None, *, write_baseline: bool, quick: bool, cross_validate: bool) -> None:
    """Run one quality set, or all; fails where a figure fell below its baseline."""
    fallen: list[str] = []
    options: dict[str, bool] = {}
    if quick or cross_validate:
        if name != "understanding":
            raise click.UsageError("--quick and --cross-validate are for `evosense eval understanding`.")
        options = {"is_quick": quick, "is_cross_validated": cross_validate}
    for each in [name] if name else sorted(EVALS):
        module, function = EVALS[each]
        run: Run = getattr(importlib.import_module(module), function)
        click.echo(f"{each}:")
        fallen += [f"{each}: {sentence}" for sentence in run(write_baseline, **options)]
    for sentence in fallen:
        click.echo(sentence, err=True)
    if fallen:
        raise click.ClickException(f"{len(fallen)} figures are below the baseline; mend what made them fall, or run with --write-baseline")
