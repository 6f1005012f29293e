"""Explanations → blocks: what moved a number, part by part, and what holds its level."""

import math
from collections.abc import Sequence

from assistant.blocks import Cell, Column, Deeper, DriversBlock, TableBlock
from assistant.compose.tables import make_figure
from assistant.compose.voice import Voice
from assistant.compose.words import capitalise
from assistant.decompose import EXACT, Driver, Split
from assistant.evidence import Explanation, Measured
from core.metrics import METRICS

# Of longer splits what is left is one row, so that the parts still sum up.
MAX_DRIVERS = 12
# Nothing that is drawn is surer than this, in percent.
SUREST = 99.9


def make_drivers(voice: Voice, explanation: Explanation, split: Split, *, title: str) -> DriversBlock:
    """A split as a table, largest part first; where there are many, the smallest in one row. Its first driver's own split within."""
    measured, deeper = explanation.measured, None
    if explanation.deeper is not None and split is explanation.chosen:
        inner = explanation.deeper
        name = capitalise(voice.key(inner.dimension, inner.key))
        deeper = Deeper(
            title=voice.book.say("title.deeper", name=name, by=voice.book.say(f"by.{inner.split.dimension}")),
            dimension=inner.split.dimension,
            figure=make_figure(voice, inner.measured),
            columns=_make_columns(voice, inner.measured, inner.split),
            rows=_make_rows(voice, inner.split),
        )
    return DriversBlock(
        title=title,
        dimension=split.dimension,
        figure=make_figure(voice, measured),
        columns=_make_columns(voice, measured, split),
        rows=_make_rows(voice, split),
        told=_say_sum(voice, measured, split),
        unexplained=split.rest if split.standing_out else None,
        deeper=deeper,
    )


def _make_columns(voice: Voice, measured: Measured, split: Split) -> list[Column]:
    entry, book = METRICS[measured.metric], voice.book
    unit, base = entry.unit, entry.base
    columns = [
        Column(key="name", label=book.say(f"dimension.{split.dimension}"), unit="text"),
        Column(key="change", label=book.say(f"column.part.{split.kind}"), unit=unit),
    ]
    if split.kind != "difference":
        columns.append(Column(key="rate", label=book.say("column.rate"), unit=unit))
        columns.append(Column(key="mix", label=book.say("column.mix"), unit=unit))
    columns.append(Column(key="share", label=book.say("column.share_of_change"), unit="percent"))
    columns.append(Column(key="certainty", label=book.say("column.certainty"), unit="percent"))
    columns.append(Column(key="previous", label=book.say("column.before"), unit=unit))
    columns.append(Column(key="value", label=book.say("column.now"), unit=unit))
    if unit != "count":
        columns.append(Column(key="previous_base", label=book.say(f"column.rows_before.{base}"), unit="count"))
        columns.append(Column(key="base", label=book.say(f"column.rows_now.{base}"), unit="count"))
    return columns


def _make_rows(voice: Voice, split: Split) -> list[dict[str, Cell]]:
    shown = split.drivers if len(split.drivers) <= MAX_DRIVERS + 1 else split.drivers[:MAX_DRIVERS]
    rows = [_make_driver_row(voice, driver, split) for driver in shown]
    if rest := split.drivers[len(shown) :]:
        rows.append(_make_rest_row(rest, split, name=voice.book.say("column.rest")))
    if abs(split.remainder) > EXACT:
        name = "untold" if split.kind == "median" else "remainder"
        rows.append(_make_rest_row((), split, name=voice.book.say(f"column.{name}"), change=split.remainder))
    return rows


def _make_driver_row(voice: Voice, driver: Driver, split: Split) -> dict[str, Cell]:
    return {
        "name": capitalise(voice.key(split.dimension, driver.key)),
        "change": driver.change,
        "rate": driver.rate,
        "mix": driver.mix,
        "share": find_share(driver, split),
        "certainty": find_certainty(driver),
        "previous": driver.before,
        "value": driver.now,
        "previous_base": driver.before_rows,
        "base": driver.now_rows,
        "key": driver.key,
        "stands_out": driver.strength >= 1,
    }


def _make_rest_row(rest: Sequence[Driver], split: Split, *, name: str, change: float = 0.0) -> dict[str, Cell]:
    change += math.fsum(driver.change for driver in rest)
    return {
        "name": name,
        "change": change,
        "rate": math.fsum(driver.rate for driver in rest),
        "mix": math.fsum(driver.mix for driver in rest),
        "share": 100 * change / split.change if split.change else None,
        "certainty": None,
        "previous": None,
        "value": None,
        "previous_base": sum(driver.before_rows for driver in rest) if rest else None,
        "base": sum(driver.now_rows for driver in rest) if rest else None,
        "key": None,
        "stands_out": False,
    }


def _say_sum(voice: Voice, measured: Measured, split: Split) -> str:
    """That the parts sum to the change; what is told is what was summed."""
    total = math.fsum((*(driver.change for driver in split.drivers), split.remainder))
    if abs(total - split.change) > EXACT:
        raise ArithmeticError(f"the parts of {measured.metric} over {split.dimension} do not sum to its change")
    form = ".remainder" if abs(split.remainder) > EXACT and split.kind == "difference" else ""
    return voice.book.sentence(f"explain.sum{form}", sum=voice.change(measured.metric, split.change))


def find_share(driver: Driver, split: Split) -> float | None:
    """A driver's part in percent of the whole change; None where there is nothing to share out."""
    return 100 * driver.change / split.change if split.change else None


def find_certainty(driver: Driver) -> float | None:
    """How sure it is that a driver is more than chance, in percent; None where it was not even looked into."""
    return None if driver.cause is None else min(100 * (1 - driver.chance), SUREST)


def make_pulls(voice: Voice, explanation: Explanation, *, title: str) -> TableBlock:
    """The values that hold a level up or down, with how much each does."""
    metric, dimension = explanation.measured.metric, explanation.pulls_by or ""
    unit, base = METRICS[metric].unit, METRICS[metric].base
    columns = [
        Column(key=dimension, label=voice.book.say(f"dimension.{dimension}"), unit="text"),
        Column(key=metric, label=voice.label(metric), unit=unit),
        Column(key=f"base_{metric}", label=voice.book.say(f"column.rows.{base}"), unit="count"),
        Column(key="change_of_level", label=voice.book.say("column.pull"), unit=unit),
    ]
    rows: list[dict[str, Cell]] = [
        {
            dimension: capitalise(voice.key(dimension, pull.key)),
            metric: pull.value,
            f"base_{metric}": pull.rows,
            "change_of_level": pull.part,
            "key": pull.key,
        }
        for pull in explanation.pulls
    ]
    return TableBlock(title=title, columns=columns, rows=rows)
