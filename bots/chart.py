"""An answer's block as a picture for a phone: 1,080 pixels wide, our greens, large letters, every value labelled.

matplotlib is imported where a chart is drawn and nowhere else: it takes a second and some fifty megabytes.
"""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.blocks import Answer, Cell, Column, DriversBlock, SeriesBlock, TableBlock, ThemesBlock
from assistant.compose.numbers import Language
from bots.markup import cut, write_cell, write_number
from bots.shape import find_today
from bots.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Charted = SeriesBlock | TableBlock | ThemesBlock | DriversBlock

# The screen's palette (web/ui/src/design/tokens.css), on paper.
PAPER, INK, SOFT, FAINT, GRID = "#fcfdfa", "#142922", "#43544d", "#56645e", "#e0e4de"
GREEN, LIGHT, PALE, BAD, GOOD = "#045b48", "#3d7d66", "#9fbfae", "#b1341c", "#00626c"
TRACK = "#eff3ee"
WIDTH_PIXELS, DPI = 1080, 150
WIDTH = WIDTH_PIXELS / DPI
FEWEST_ROWS, MOST_BARS = 3, 10
LONGEST_LABEL, LONGEST_TITLE, LEFT = 36, 42, 0.065
RATING_MAX = 5.0
TITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 19.0, 14.5, 12.0


def choose_block(answer: Answer) -> Charted | None:
    """The block of an answer that is better seen than read: at least three values side by side."""
    if answer.plan.get("intent") == "summary":
        return None
    for block in answer.blocks:
        if isinstance(block, SeriesBlock | TableBlock | ThemesBlock | DriversBlock) and len(_find_values(block)) >= FEWEST_ROWS:
            return block
    return None


def draw_answer(answer: Answer, block: Charted) -> bytes:
    """The block as a PNG, in the answer's language, its period below the title."""
    period = next((chip.value for chip in answer.understood if chip.field == "period"), "")
    # Some titles name the period themselves; it stands below alone.
    what, _, when = block.title.partition(" · ")
    if when and when.casefold() == period.casefold():
        block = block.model_copy(update={"title": what})
    return draw_block(block, language=answer.language, today=find_today(answer), subtitle=period)


def draw_block(block: Charted, *, language: Language, today: date, subtitle: str = "") -> bytes:
    """The block as a PNG. Raises ValueError where it has no value to draw."""
    if not _find_values(block):
        raise ValueError("nothing to draw")
    rows = [(_write_label(row, block, language, today), row) for row in _find_rows(block)]
    sheet = _Sheet(block=block, rows=rows, language=language, subtitle=subtitle)
    if not isinstance(block, SeriesBlock):
        sheet.rows = rows[:MOST_BARS]
        figure = _draw_bars(sheet)
    else:
        figure = _draw_line(sheet) if block.chart == "line" else _draw_columns(sheet)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, facecolor=PAPER)
    return buffer.getvalue()


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """What a picture shows: labelled rows, the second column of the block being measured."""

    block: Charted
    rows: list[tuple[str, dict[str, Cell]]]
    language: Language
    subtitle: str

    @property
    def column(self) -> Column:
        return self.block.columns[1]

    def read(self, key: str) -> list[float | None]:
        return [float(value) if isinstance(value := row.get(key), int | float) else None for _, row in self.rows]

    def write(self, value: float) -> str:
        return write_number(value, self.column, self.language)

    def is_open(self, place: int) -> bool:
        return bool(self.rows[place][1].get("partial"))


def _write_label(row: dict[str, Cell], block: Charted, language: Language, today: date) -> str:
    label = write_cell(row.get(block.columns[0].key), block.columns[0], language, today=today)
    return label[:3] if block.columns[0].key == "weekday" else label


def _find_rows(block: Charted) -> list[dict[str, Cell]]:
    """The rows to draw: all steps between the first and the last with a value, or every row that has one."""
    key = block.columns[1].key
    if not isinstance(block, SeriesBlock):
        return [row for row in block.rows if row.get(key) is not None]
    filled = [place for place, row in enumerate(block.rows) if row.get(key) is not None and (row.get(key) or block.chart == "line")]
    return block.rows[filled[0] : filled[-1] + 1] if filled else []


def _find_values(block: Charted) -> list[float]:
    key = block.columns[1].key
    return [float(value) for row in _find_rows(block) if isinstance(value := row.get(key), int | float)]


def _start(sheet: _Sheet, *, height: float, foot: float) -> tuple["Figure", "Axes"]:
    """An empty picture: title and period above, room of `foot` inches for the small line and the labels of an axis below."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines = textwrap.wrap(sheet.block.title, LONGEST_TITLE)[:2]
    head = 0.5 + 0.37 * len(lines) + (0.3 if sheet.subtitle else 0.0)
    total = height + head + foot
    figure = Figure(figsize=(WIDTH, total), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    figure.text(LEFT, 1 - 0.34 / total, "\n".join(lines), fontsize=TITLE_SIZE, fontweight="bold", color=INK, va="top", linespacing=1.2)
    if sheet.subtitle:
        below = 0.46 + 0.37 * len(lines)
        figure.text(LEFT, 1 - below / total, sheet.subtitle, fontsize=SMALL_SIZE + 1, color=SOFT, va="top")
    axes = figure.add_axes((LEFT, foot / total, 1 - 2 * LEFT, height / total), facecolor=PAPER)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=LABEL_SIZE, labelcolor=SOFT, pad=10)
    return figure, axes


def _sign(figure: "Figure", parts: Sequence[str]) -> None:
    """A small line below: what is measured and how it is drawn, and who measured it."""
    bottom = 0.24 / figure.get_size_inches()[1]
    figure.text(LEFT, bottom, " · ".join(part for part in parts if part), fontsize=SMALL_SIZE, color=FAINT)
    figure.text(1 - LEFT, bottom, "EvoSense", fontsize=SMALL_SIZE, color=FAINT, ha="right", fontweight="bold")


def _draw_bars(sheet: _Sheet) -> "Figure":
    """Names with a bar each, the names above their bars so that none is cut; parts of a change go left and right of nothing."""
    from matplotlib.patches import Rectangle

    values = [value or 0.0 for value in sheet.read(sheet.column.key)]
    figure, axes = _start(sheet, height=0.8 * len(values), foot=0.62)
    low, high = min(0.0, *values), max(0.0, *values)
    is_split = isinstance(sheet.block, DriversBlock) or low < 0
    if sheet.column.unit == "rating" and not is_split:
        high = RATING_MAX
    span = (high - low) or 1.0
    end = high + span * 0.25
    better = sheet.block.figure.better if isinstance(sheet.block, DriversBlock) else None
    for place, ((label, _), value) in enumerate(zip(sheet.rows, values, strict=True)):
        y = -place - 0.62
        color = _judge(value, better) if is_split else GREEN
        axes.add_patch(Rectangle((low, y - 0.15), span, 0.3, color=TRACK, linewidth=0))
        axes.add_patch(Rectangle((min(0.0, value), y - 0.15), abs(value) or span * 0.003, 0.3, color=color, linewidth=0))
        axes.text(low, y + 0.36, cut(label, LONGEST_LABEL), fontsize=LABEL_SIZE, color=INK, va="center", ha="left")
        axes.text(
            end,
            y,
            sheet.write(value),
            fontsize=LABEL_SIZE + 2,
            fontweight="bold",
            color=color if is_split else INK,
            va="center",
            ha="right",
        )
    if low < 0:
        axes.plot([0, 0], [-len(values) + 0.05, -0.35], color=SOFT, linewidth=1.3)
    axes.set_xlim(low, end)
    axes.set_ylim(-len(values), 0)
    axes.set_xticks([])
    _sign(figure, [sheet.column.label])
    return figure


def _judge(value: float, better: str | None) -> str:
    if better is None:
        return GREEN
    return GOOD if (value > 0) is (better == "up") else BAD


def _draw_line(sheet: _Sheet) -> "Figure":
    """A line over time, its turning points labelled; what is not over yet is dashed and hollow, the period before a pale line."""
    figure, axes = _start(sheet, height=3.6, foot=1.05)
    values = sheet.read(sheet.column.key)
    points = [(place, value) for place, value in enumerate(values) if value is not None]
    before = next((column for column in sheet.block.columns[2:] if column.key == f"previous_{sheet.column.key}"), None)
    earlier = [(place, value) for place, value in enumerate(sheet.read(before.key)) if value is not None] if before else []
    floor = _set_scale(axes, [value for _, value in points + earlier], steps=len(values))
    if earlier:
        axes.plot(*zip(*earlier, strict=True), color=PALE, linewidth=2.6, zorder=2)
    is_open = len(points) > 1 and sheet.is_open(points[-1][0])
    firm = points[:-1] if is_open else points
    axes.fill_between([place for place, _ in firm], [value for _, value in firm], floor, color=GREEN, alpha=0.08, linewidth=0, zorder=1)
    axes.plot(*zip(*firm, strict=True), color=GREEN, linewidth=3.6, solid_capstyle="round", solid_joinstyle="round", zorder=3)
    if is_open:
        axes.plot(*zip(*points[-2:], strict=True), color=GREEN, linewidth=3.6, linestyle=(0, (0.4, 1.7)), dash_capstyle="round", zorder=3)
    for place, value in _find_marked(points):
        is_hollow = is_open and place == points[-1][0]
        fill = PAPER if is_hollow else GREEN
        axes.plot(place, value, "o", markersize=11, color=fill, markeredgecolor=GREEN, markeredgewidth=2.8, zorder=4)
        _label_point(axes, sheet.write(value), points, place, value)
    _label_steps(axes, [label for label, _ in sheet.rows])
    legend = [
        sheet.column.label,
        say("chart.before", sheet.language) if earlier else "",
        say("chart.open", sheet.language) if is_open else "",
    ]
    _sign(figure, legend)
    return figure


def _draw_columns(sheet: _Sheet) -> "Figure":
    """A column for each step of a scale, its value on top; a step that is not over yet is hatched."""
    figure, axes = _start(sheet, height=3.6, foot=1.05)
    values = [value or 0.0 for value in sheet.read(sheet.column.key)]
    highest = max(values) or 1.0
    is_crowded = len(values) > 12
    for place, value in enumerate(values):
        is_open = sheet.is_open(place)
        color = PAPER if is_open else GREEN if value == highest else LIGHT
        axes.bar(
            place, value, width=0.68, color=color, zorder=2,
            edgecolor=GREEN if is_open else "none", linewidth=1.6, hatch="///" if is_open else None,
        )  # fmt: skip
        if value and not (is_crowded and value < highest * 0.5):
            size = LABEL_SIZE - 2 if is_crowded else LABEL_SIZE + 2
            axes.text(
                place, value + highest * 0.025, sheet.write(value), ha="center", va="bottom", fontsize=size, fontweight="bold", color=INK
            )
    axes.set_ylim(0, highest * 1.14)
    axes.set_xlim(-0.6, len(values) - 0.4)
    axes.axhline(0, color=GRID, linewidth=2.4, zorder=1)
    _label_steps(axes, [label for label, _ in sheet.rows])
    has_open = any(sheet.is_open(place) for place in range(len(values)))
    _sign(figure, [sheet.column.label, say("chart.open_column", sheet.language) if has_open else ""])
    return figure


def _label_point(axes: "Axes", text: str, points: list[tuple[int, float]], place: int, value: float) -> None:
    """A point's value above it, or below where the line comes from above: it must not run through the figure."""
    from matplotlib.patheffects import withStroke

    index = [other for other, _ in points].index(place)
    beside = [points[near][1] for near in (index - 1, index + 1) if 0 <= near < len(points)]
    is_below = bool(beside) and value < sum(beside) / len(beside)
    is_first, is_last = index == 0, index == len(points) - 1
    axes.annotate(
        text, (place, value), xytext=(-8 if is_first else 8 if is_last else 0, -14 if is_below else 14), textcoords="offset points",
        ha="left" if is_first else "right" if is_last else "center", va="top" if is_below else "bottom",
        fontsize=LABEL_SIZE + 2, fontweight="bold", color=INK, zorder=6, path_effects=[withStroke(linewidth=4, foreground=PAPER)],
    )  # fmt: skip


def _find_marked(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """The highest, the lowest and the last point, and all of them where they are few."""
    if len(points) <= 7:
        return points
    low, high = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    kept = [points[-1]]
    for point in (high, low):
        # Two figures side by side would run into each other.
        if all(abs(point[0] - other[0]) > len(points) * 0.09 for other in kept):
            kept.append(point)
    return sorted(kept)


def _set_scale(axes: "Axes", values: list[float], *, steps: int) -> float:
    """Room for the labels above and below; returns where the picture's ground is."""
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or 1.0
    floor = low - span * 0.26
    axes.set_ylim(floor, high + span * 0.24)
    axes.set_xlim(-0.03 * steps - 0.15, steps - 1 + 0.03 * steps + 0.15)
    axes.axhline(floor, color=GRID, linewidth=2.4)
    return floor


def _label_steps(axes: "Axes", labels: list[str]) -> None:
    """As many of the labels below as fit, the last among them."""
    fits = max(2, int(50 / (max(map(len, labels)) + 2)))
    step = max(1, -(-len(labels) // fits))
    places = list(range(len(labels) - 1, -1, -step))[::-1]
    axes.set_xticks(places, [cut(labels[place], LONGEST_LABEL) for place in places])
