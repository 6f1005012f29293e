"""What the metrics of an answer mean, one tap away from its figures."""

from collections.abc import Iterator, Sequence

from assistant.blocks import Block, Definition
from assistant.compose.numbers import Language
from assistant.plan import Plan
from core.metrics import METRICS


def list_definitions(plan: Plan, blocks: Sequence[Block], *, language: Language) -> list[Definition]:
    """The definitions of every metric that the plan measures or a block shows, in that order."""
    return [
        Definition(metric=slug, label=METRICS[slug].labels[language], text=METRICS[slug].definitions[language])
        for slug in dict.fromkeys([*plan.metrics, *_find_shown(blocks)])
        if slug in METRICS
    ]


def _find_shown(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.kind == "number":
            yield from (figure.metric for figure in block.figures)
        elif block.kind == "drivers":
            yield block.figure.metric
        else:
            yield from (column.key for column in block.columns if column.key in METRICS)
