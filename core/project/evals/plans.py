"""The built-in planner on our own questions."""

import json

import click

from assistant.evals import score


def run(write_baseline: bool) -> list[str]:  # noqa: FBT001 the one argument that every set takes
    """Prints exact plans by group and every miss; returns the groups below the baseline."""
    scored = score.score_plans()
    for group, share in sorted(scored.get_shares().items(), key=lambda pair: (pair[0] != "all", pair[0])):
        click.echo(f"  {group:24} {scored.right[group]:4}/{scored.asked[group]:<4} {share:5.1f} %")
    for miss in scored.misses:
        click.echo("  " + json.dumps(miss, ensure_ascii=False))
    if write_baseline:
        score.write_baseline(scored)
    return score.find_regressions(scored)
