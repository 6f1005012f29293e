"""What customers talk about: how much of it, how it changed, how content they were, and in whose words."""

from dataclasses import replace

from assistant.evidence import ThemesEvidence, ThemeSize
from assistant.measure import find_known
from assistant.plan import Plan
from assistant.quotes import pick_quotes
from assistant.quoting import HIGH_NOTE, LOW_NOTE, Leaning, find_quotes
from assistant.selection import Moment, select
from core.compute import Row, Selection, compute_coverage, compute_metrics
from core.models import User
from core.periods import Period, get_previous
from core.search import MessageRow

QUOTED_THEMES, QUOTES_EACH = 3, 2


def execute_themes(viewer: User, plan: Plan, *, moment: Moment) -> ThemesEvidence:
    """Themes of the analysed conversations that the plan means, set beside the compared or the previous period."""
    selection = select(plan, moment=moment)
    compared = plan.compare_to or get_previous(selection.period, today=moment.today)
    sizes = measure_themes(viewer, plan, selection, compared=compared)
    shown = tuple(size.name for size in sizes.themes if size.name is not None)[:QUOTED_THEMES]
    quotes = _find_quotes(viewer, selection, shown, moment)
    known = None if sizes.total else find_known(moment)
    return replace(sizes, covered=compute_coverage(viewer, selection), quotes=quotes, known=known)


def measure_themes(viewer: User, plan: Plan, selection: Selection, *, compared: Period) -> ThemesEvidence:
    """The sizes of themes in the selection and in the same selection of the compared period; no quotes, no coverage."""
    rows, before = (
        compute_metrics(viewer, replace(selection, period=period), metrics=["conversations", "satisfaction"], group_by="theme")
        for period in (selection.period, compared)
    )
    total, previous_total = (sum(_count(row) for row in side) for side in (rows, before))
    previous = {row.key: _count(row) for row in before}
    sizes = [
        ThemeSize(
            name=None if row.key is None else str(row.key),
            conversations=_count(row),
            share=100 * _count(row) / total,
            satisfaction=row.values["satisfaction"],
            previous=previous.get(row.key, 0),
            previous_share=100 * previous.get(row.key, 0) / previous_total if previous_total else 0.0,
        )
        for row in rows
        if _count(row)
    ]
    way = 1 if plan.order == "asc" else -1
    sizes.sort(key=lambda size: (size.name is None, way * size.conversations, size.name or ""))
    if plan.limit:
        sizes = [size for size in sizes if size.name is not None][: plan.limit]
    return ThemesEvidence(plan=plan, themes=tuple(sizes), compared=compared, total=total, previous_total=previous_total)


def _count(row: Row) -> int:
    """How many analysed conversations stand behind a row: one that waits for its analysis has no theme yet."""
    return row.bases["satisfaction"]


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
