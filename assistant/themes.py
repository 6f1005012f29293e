"""What customers talk about: how much of it, how it changed, how it moves satisfaction, and in whose words."""

import math
from dataclasses import replace

from assistant.chance import measure_deviation
from assistant.decompose import Cell
from assistant.evidence import Mark, Measured, ThemesEvidence, ThemeSize
from assistant.level import find_pulls
from assistant.measure import find_known
from assistant.plan import Plan
from assistant.quotes import pick_quotes
from assistant.quoting import HIGH_NOTE, LOW_NOTE, Leaning, find_quotes
from assistant.selection import Moment, select, sorts_by_growth
from assistant.tallies import FLOORS, make_cells, make_table
from assistant.waiting import find_waiting, is_minor
from core.compute import Selection, compute_coverage, compute_tallies
from core.models import User
from core.periods import Period, get_previous
from core.search import MessageRow

QUOTED_THEMES, QUOTES_EACH = 3, 2
# A theme grew if it has this many conversations more, and is half as large again as its share before let expect.
GROWN_BY, GROWN_TIMES = 3, 1.5


def execute_themes(viewer: User, plan: Plan, *, moment: Moment) -> ThemesEvidence:
    """Themes of the analysed conversations that the plan means, set beside the compared or the previous period."""
    selection = select(plan, moment=moment)
    compared = plan.compare_to or get_previous(selection.period, today=moment.today)
    covered = compute_coverage(viewer, selection)
    waiting = find_waiting(viewer, (selection, replace(selection, period=compared)), covered=covered)
    sizes = measure_themes(viewer, plan, selection, compared=compared, is_known=not is_minor(waiting))
    shown = tuple(size.name for size in sizes.themes if size.name is not None)[:QUOTED_THEMES]
    quotes = _find_quotes(viewer, selection, shown, moment)
    known = None if sizes.total else find_known(moment)
    return replace(sizes, covered=covered, waiting=waiting, quotes=quotes, known=known)


def measure_themes(viewer: User, plan: Plan, selection: Selection, *, compared: Period, is_known: bool = True) -> ThemesEvidence:
    """The sizes of themes in the selection and in the same selection of the compared period; no quotes, no coverage.

    Where too little `is_known`, none is called new or growing and none is said to pull.
    """
    before, now = (
        compute_tallies(viewer, replace(selection, period=period), metric="satisfaction", dimensions=("theme",))["theme"]
        for period in (compared, selection.period)
    )
    cells, table = make_cells(before, now), make_table("theme", before, now)
    total, previous_total = sum(cell.now_rows for cell in cells), sum(cell.before_rows for cell in cells)
    mean = math.fsum((cell.now or 0.0) * cell.now_rows for cell in cells) / total if total else None
    sizes = [
        _size(cell, has_mark=is_known, mean=mean or 0.0, total=total, previous_total=previous_total) for cell in cells if cell.now_rows
    ]
    measured = Measured(metric="satisfaction", value=mean, rows=total)
    _, pulls = find_pulls(measured, {"theme": cells}, deviation=max(measure_deviation(table), FLOORS["rating"]))
    way = 1 if plan.order == "asc" else -1

    def rank(size: ThemeSize) -> tuple[bool, float, float, str]:
        # By share, since the two periods may differ in length.
        growth = size.share - size.previous_share if sorts_by_growth(plan) and previous_total else 0.0
        return size.name is None, -growth, way * size.conversations, size.name or ""

    sizes.sort(key=rank)
    if plan.limit:
        sizes = [size for size in sizes if size.name is not None][: plan.limit]
    # Among low notes alone no theme pulls any lower.
    is_all = selection.satisfaction_min is None and selection.satisfaction_max is None and is_known
    return ThemesEvidence(
        plan=plan,
        themes=tuple(sizes),
        compared=compared,
        total=total,
        previous_total=previous_total,
        pulls=pulls if is_all else (),
    )


def _size(cell: Cell, *, has_mark: bool, mean: float, total: int, previous_total: int) -> ThemeSize:
    """One theme's size, mark, and how much higher or lower all satisfaction is because of it (None where it is the only one)."""
    rows, others = cell.now_rows, total - cell.now_rows
    previous_share = 100 * cell.before_rows / previous_total if previous_total else 0.0
    expected = previous_share / 100 * total
    mark: Mark | None = None
    if has_mark and previous_total and rows >= cell.before_rows + GROWN_BY and rows >= GROWN_TIMES * expected and cell.key is not None:
        mark = "growing" if cell.before_rows else "new"
    return ThemeSize(
        name=None if cell.key is None else str(cell.key),
        conversations=rows,
        share=100 * rows / total,
        satisfaction=cell.now,
        previous=cell.before_rows,
        previous_share=previous_share,
        effect=rows * ((cell.now or 0.0) - mean) / others if others else None,
        mark=mark,
    )


def _find_quotes(viewer: User, selection: Selection, names: tuple[str, ...], moment: Moment) -> tuple[MessageRow, ...]:
    """A few messages of each theme: angry ones where complaints are asked for, happy ones where compliments are."""
    leaning: Leaning = "any"
    if selection.satisfaction_max is not None and selection.satisfaction_max <= LOW_NOTE:
        leaning = "low"
    elif selection.satisfaction_min is not None and selection.satisfaction_min >= HIGH_NOTE:
        leaning = "high"
    found: list[MessageRow] = []
    for name in names:
        found += find_quotes(
            viewer, selection, metric="conversations", leaning=leaning, moment=moment, limit=QUOTES_EACH, within=("theme", name)
        )
    return pick_quotes(found, limit=QUOTED_THEMES * QUOTES_EACH)
