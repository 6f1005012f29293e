"""What `explain` names in shops whose cause we planted; and in shops drawn otherwise, to see that it is not tuned to the first."""

import click

from assistant.evals import explaining
from assistant.evals.scenarios import SEED, draw_scenarios

OTHER_SEEDS = (101, 102, 103, 104)


def run(write_baseline: bool) -> list[str]:  # noqa: FBT001 the one argument that every set takes
    """Prints right first words by kind and every miss; returns the groups below the baseline."""
    score = explaining.score_scenarios(draw_scenarios())
    for group, share in score.get_shares().items():
        counted = f"{score.right[group]:3}/{score.asked[group]:<3}" if group in score.asked else f"{score.exact:3}/{score.total:<3}"
        click.echo(f"  {group:24} {counted} {share:5.1f} %")
    for miss in score.misses:
        click.echo(f"  {miss.scenario.name}: planted {list(miss.scenario.planted)}, said {miss.first}")
    for seed in OTHER_SEEDS:
        other = explaining.score_scenarios(draw_scenarios(seed)).get_shares()
        click.echo(f"  seed {seed} (was {SEED}): planted {other['planted']} %, nothing planted {other['nothing planted']} %")
    if write_baseline:
        explaining.write_baseline(score)
    return explaining.find_regressions(score)
