"""Finding the customers' messages that show what an answer says: the angry ones behind a low number, the waiting ones behind a slow one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from assistant.decompose import Key
from assistant.quotes import pick_quotes
from assistant.selection import Moment, narrow
from core.compute import Selection, keep_counted
from core.metrics import METRICS, Base
from core.models import User
from core.search import MessageRow, find_conversations, find_messages

Leaning = Literal["low", "high", "both", "any", "slow", "waiting"]

# Which messages show a metric; any where none shows it better than others.
LEANINGS: dict[str, Leaning] = {
    "satisfaction": "both", "csat": "both", "sentiment": "both", "resolution_rate": "both",
    "dissatisfaction": "low", "complaints": "low", "negative_share": "low",
    "compliments": "high", "positive_share": "high",
    "first_response_time": "slow", "response_time": "slow", "unanswered": "waiting",
}  # fmt: skip
LOW_NOTE, HIGH_NOTE = 2, 4
# How many messages are looked at to pick from; more where the database cannot be told at once which value is meant.
LOOKED_AT, LOOKED_AT_CLOSELY = 60, 500


def lean(metric: str, *, is_bad: bool | None = None) -> Leaning:
    """Which messages show a metric; where the point is that it is bad or good, those alone."""
    leaning = LEANINGS.get(metric, "any")
    if leaning == "both" and is_bad is not None:
        return "low" if is_bad else "high"
    return leaning


def find_quotes(
    viewer: User,
    selection: Selection,
    *,
    metric: str,
    leaning: Leaning,
    moment: Moment,
    limit: int,
    within: tuple[str, Key] | None = None,
) -> tuple[MessageRow, ...]:
    """Up to `limit` customer messages of different conversations that the metric counts, most telling first.

    `within` cuts them to one value of a dimension.
    """
    selection = replace(selection, author="customer")
    counted = selection
    if within is not None:
        narrowed = narrow(selection, dimension=within[0], key=within[1])
        # What no condition can say (an hour, no agent) is asked of the messages that were found.
        counted = narrowed or replace(selection, within=(*selection.within, within))
        selection = narrowed or selection
    if leaning == "both":
        low, high = (find_quotes(viewer, counted, metric=metric, leaning=side, moment=moment, limit=limit) for side in ("low", "high"))
        return pick_quotes((*low[: limit - limit // 3], *high), limit=limit)
    if leaning == "slow":
        return _find_slowest(viewer, counted, limit=limit)
    found: list[MessageRow] = []
    for choice in _list_choices(selection, leaning):
        rows = find_messages(viewer, choice, limit=LOOKED_AT_CLOSELY if counted.within else LOOKED_AT).rows
        found += _sort(_keep_counted(viewer, rows, counted, base=METRICS[metric].base), leaning)
        if len(picked := pick_quotes(found, limit=limit)) == limit:
            return picked
    return pick_quotes(found, limit=limit)


def _list_choices(selection: Selection, leaning: Leaning) -> list[Selection]:
    """Selections to look in, the most telling first. A condition that the person set stays as it is."""
    if leaning == "waiting":
        return [replace(selection, status="unanswered")]
    if leaning not in ("low", "high"):
        return [selection]
    feeling = selection if selection.sentiments else replace(selection, sentiments=("negative" if leaning == "low" else "positive",))
    noted, both = (_cut_notes(choice, leaning) for choice in (selection, feeling))
    return [choice for choice in dict.fromkeys((both, noted, feeling)) if choice is not None]


def _cut_notes(selection: Selection, leaning: Leaning) -> Selection | None:
    """Only conversations with a low or a high note; None where the person asked for others."""
    low, high = selection.satisfaction_min or 1, selection.satisfaction_max or 5
    if leaning == "low":
        return replace(selection, satisfaction_max=min(high, LOW_NOTE)) if low <= LOW_NOTE else None
    return replace(selection, satisfaction_min=max(low, HIGH_NOTE)) if high >= HIGH_NOTE else None


def _keep_counted(viewer: User, rows: list[MessageRow], counted: Selection, *, base: Base) -> list[MessageRow]:
    """Where conversations are counted, the messages of those that the selection counts; else the messages that it does."""
    if base == "message":
        ids = keep_counted(viewer, counted, base=base, ids=[row.message_id for row in rows])
        return [row for row in rows if row.message_id in ids]
    ids = keep_counted(viewer, counted, base="conversation", ids=[row.conversation_id for row in rows])
    return [row for row in rows if row.conversation_id in ids]


def _sort(rows: Iterable[MessageRow], leaning: Leaning) -> list[MessageRow]:
    if leaning not in ("low", "high"):
        return list(rows)
    way = 1 if leaning == "low" else -1
    return sorted(rows, key=lambda row: (row.sentiment_score is None, way * (row.sentiment_score or 0.0)))


def _find_slowest(viewer: User, selection: Selection, *, limit: int) -> tuple[MessageRow, ...]:
    """The first messages of the conversations whose first reply took longest."""
    rows = find_conversations(viewer, selection, limit=LOOKED_AT_CLOSELY).rows
    if selection.within:
        ids = keep_counted(viewer, selection, base="conversation", ids=[row.conversation_id for row in rows])
        rows = [row for row in rows if row.conversation_id in ids]
    slowest = sorted((row for row in rows if row.first_response_seconds), key=lambda row: -(row.first_response_seconds or 0))[:limit]
    if not slowest:
        return ()
    contacts = tuple(dict.fromkeys(row.contact for row in slowest))
    messages = find_messages(viewer, replace(selection, contacts=contacts), limit=LOOKED_AT_CLOSELY, order="asc").rows
    place = {row.conversation_id: number for number, row in enumerate(slowest)}
    ordered = sorted((row for row in messages if row.conversation_id in place), key=lambda row: place[row.conversation_id])
    return pick_quotes(ordered, limit=limit)
