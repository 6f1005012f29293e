"""`evosense rescore`: a tenant's history read again by the version that is installed: cost first, then step by step, then a choice."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from core.project.boot import boot_with_services
from core.project.commands.import_ import get_tenant

if TYPE_CHECKING:
    from core.models import ReScoring

REASONS = {
    "none": "There is no re-scoring of this tenant. Begin with --plan.",
    "open": "Another re-scoring of this tenant is not finished. Promote it or roll it back first.",
    "state": "That does not fit the state that the re-scoring is in.",
    "gone": "This installation cannot run that version any more.",
    "same": "Everything is of this version already.",
}
DEEDS = ("plan", "start", "pause", "resume", "compare", "promote", "roll-back")


@click.command("rescore")
@click.option("--tenant", required=True, metavar="SLUG", help="The tenant's short name.")
@click.option("--plan", "deed", flag_value="plan", help="Say what it costs: how much there is to read, and how long that takes.")
@click.option(
    "--start", "deed", flag_value="start", help="Begin; the worker reads in the background. Plans first where nothing is planned."
)
@click.option("--pause", "deed", flag_value="pause", help="Stop after the batch in hand.")
@click.option("--resume", "deed", flag_value="resume", help="Go on where it stopped.")
@click.option("--compare", "deed", flag_value="compare", help="Show the old version beside the new one.")
@click.option("--promote", "deed", flag_value="promote", help="Let the new version count.")
@click.option("--roll-back", "deed", flag_value="roll-back", help="Give it up, or let the version before count again.")
@click.option("--wait", is_flag=True, help="Do the work here and now, instead of leaving it to the worker.")
def command(*, tenant: str, deed: str | None, wait: bool) -> None:
    """Read a tenant's history again with the installed version of its analyser, beside what counts.

    Without an option it says how far the latest one is.
    """
    boot_with_services(log_level="WARNING")
    from ingestion.rescore import ReScoringRefusedError

    tenant_id = get_tenant(tenant).id
    try:
        run = do_deed(tenant_id, deed)
    except ReScoringRefusedError as refused:
        raise click.ClickException(REASONS[refused.reason]) from refused
    if run is None:
        click.echo(REASONS["none"])
        return
    if deed in ("start", "resume", "promote", "roll-back"):
        run = work_here(tenant_id, run) if wait else leave_to_the_worker(tenant_id, run)
    click.echo(describe_run(run))
    if deed == "compare":
        click.echo(describe_comparison(run.comparison))


def do_deed(tenant_id: Any, deed: str | None) -> "ReScoring | None":
    """Do what was asked to the tenant's latest run. Raises ReScoringRefusedError."""
    from core.ai.analysers import get_analyser, get_tenant_version
    from core.tenancy import scope
    from ingestion import rescore, switch

    if deed == "plan":
        return rescore.plan_rescoring(tenant_id, get_tenant_version(tenant_id, get_analyser()))
    with scope(tenant_id):
        run = rescore.find_run()
        is_closed = run is None or run.state in (rescore.State.PROMOTED, rescore.State.ROLLED_BACK)
    if deed == "start" and is_closed:
        run = rescore.plan_rescoring(tenant_id, get_tenant_version(tenant_id, get_analyser()))
    if deed is None or run is None:
        if deed is not None:
            raise rescore.ReScoringRefusedError("none")
        return run
    deeds: dict[str, Callable[[Any], Any]] = {
        "start": rescore.start_rescoring,
        "resume": rescore.start_rescoring,
        "pause": rescore.pause_rescoring,
        "compare": rescore.refresh_comparison,
        "promote": switch.promote_rescoring,
        "roll-back": switch.roll_back_rescoring,
    }
    with scope(tenant_id):
        done: ReScoring = deeds[deed](run.id)
        return done


def work_here(tenant_id: Any, run: "ReScoring") -> "ReScoring":
    """Take every step in this process, telling how far it is. Ctrl-C is safe: `--resume` goes on."""
    from core.models import ReScoring
    from core.tenancy import scope
    from ingestion.updates import take_step

    more = True
    while more:
        more = take_step(tenant_id)
        with scope(tenant_id):
            run = ReScoring.objects.get(id=run.id)
        click.echo(describe_progress(run), err=True)
    return run


def leave_to_the_worker(tenant_id: Any, run: "ReScoring") -> "ReScoring":
    """Queue the next step. Where the queue is out of reach nothing is lost: what waits is looked for every minute."""
    from ingestion.queueing import LATE, queue_once

    # By its name: the models that the task needs are the worker's to load.
    queue_once("ingestion.tasks.task_rescore", str(tenant_id), priority=LATE)
    return run


def describe_run(run: "ReScoring") -> str:
    """What, how far, and at what cost, in a few lines."""
    before = f"{run.old_analyser} {run.old_version}".strip() or "nothing"
    lines = [
        f"{run.analyser} {run.analyser_version}, where {before} counted: {run.get_state_display()}",
        f"cost: {run.conversations} conversations, {run.messages} customers' messages, {run.distinct_texts} different texts, "
        f"about {describe_seconds(run.estimated_seconds)}",
        describe_progress(run),
    ]
    return "\n".join([*lines, f"stands still: {REASONS.get(run.problem, run.problem)}"] if run.problem else lines)


def describe_progress(run: "ReScoring") -> str:
    """How far, in one line."""
    share = 100 * run.done / run.conversations if run.conversations else 100.0
    told = f"read: {run.done} of {run.conversations} conversations ({share:.0f} %) in {describe_seconds(run.busy_seconds)} of work"
    if run.state in ("running", "paused") and run.seconds_left:
        told += f", about {describe_seconds(run.seconds_left)} left"
    return f"{told}; switched: {run.switched}" if run.switched else told


def describe_seconds(seconds: float) -> str:
    """12 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def describe_comparison(told: dict[str, Any]) -> str:
    """Old beside new: spreads, what flips with conversations to look at, and which is nearer to what people said."""
    if not told:
        return "nothing to compare yet"
    lines = [f"compared: {told['conversations']} conversations, {told['messages']} messages"]
    mean = told["mean_satisfaction"]
    lines.append(f"mean satisfaction: {mean['old']} → {mean['new']}")
    for measure, sides in told["spread"].items():
        values = sorted(sides["old"].keys() | sides["new"].keys())
        counts = ", ".join(f"{value or 'none'} {sides['old'].get(value, 0)} → {sides['new'].get(value, 0)}" for value in values)
        lines.append(f"{measure}: {counts}; {told['flipped'][measure]} flip")
        lines += [
            f"  {flip['old']} → {flip['new']}: {flip['count']}, such as {', '.join(flip['examples'])}" for flip in told["flips"][measure]
        ]
    for source, near in told["agreement"].items():
        if near["count"]:
            error = "" if near["old_error"] is None else f", mean error {near['old_error']:.2f} → {near['new_error']:.2f}"
            lines.append(f"{source} ({near['count']}): equal {100 * near['old_equal']:.0f} % → {100 * near['new_equal']:.0f} %{error}")
    return "\n".join(lines)
