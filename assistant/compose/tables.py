"""Evidence → blocks: plain numbers under labelled columns, for a screen to draw and a program to read."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.blocks import (
    Cell,
    Column,
    ConversationsBlock,
    Figure,
    MessagesBlock,
    NumberBlock,
    SeriesBlock,
    TableBlock,
    ThemesBlock,
    Unit,
)
from assistant.compose.voice import Voice
from assistant.compose.words import capitalise
from assistant.evidence import Group, Measured, ThemesEvidence
from core.metrics import METRICS
from core.search import ConversationRow, Found, MessageRow

# Dimensions with an order of their own are drawn as a series; the others are read as a table.
CHARTS = {"day": "line", "week": "line", "month": "line", "hour": "bar", "weekday": "bar", "satisfaction": "bar"}
# Dimensions whose values stay plain numbers and dates; those of the others are names in the asker's language.
UNITS: dict[str, Unit] = {"day": "date", "week": "date", "month": "date", "hour": "hour", "satisfaction": "count"}
# The column of a dimension where a metric of the same table is called like it.
OTHER_KEYS = {"satisfaction": "note", "sentiment": "feeling"}
# Longer tables are cut.
MAX_GROUPS = 100


def make_number(voice: Voice, measured: Sequence[Measured], *, title: str) -> NumberBlock:
    """The metrics as large figures."""
    return NumberBlock(title=title, figures=[make_figure(voice, entry) for entry in measured])


def make_figure(voice: Voice, measured: Measured) -> Figure:
    entry = METRICS[measured.metric]
    return Figure(
        metric=entry.slug,
        label=voice.label(entry.slug),
        unit=entry.unit,
        value=measured.value,
        previous=measured.previous,
        change=measured.change,
        base=measured.rows,
        better=entry.better,
    )


def make_groups(voice: Voice, groups: Sequence[Group], *, dimension: str, title: str) -> TableBlock | SeriesBlock:
    """One row per value of the dimension, with `previous_*` (and in tables `change_*`) where two periods are compared.

    Every row carries `base_*`, how many rows stand behind its means and medians; a table shows it, a drawing need not.
    """
    metrics = [entry.metric for entry in groups[0].measured] if groups else list(voice.plan.metrics)
    x = OTHER_KEYS[dimension] if dimension in metrics else dimension
    is_series = dimension in CHARTS
    columns = [Column(key=x, label=voice.book.say(f"dimension.{dimension}"), unit=UNITS.get(dimension, "text"))]
    for metric in metrics:
        columns += _make_metric_columns(voice, metric, has_change=not is_series)
    # What waits for its analysis has no note yet: the coverage tells of it.
    shown = [group for group in groups if not (dimension == "satisfaction" and group.key is None)][:MAX_GROUPS]
    rows = [_make_group_row(group, voice=voice, dimension=dimension, x=x) for group in shown]
    if is_series:
        return SeriesBlock(title=title, x=x, chart="line" if CHARTS[dimension] == "line" else "bar", columns=columns, rows=rows)
    return TableBlock(title=title, columns=columns + _make_base_columns(voice, metrics, rows), rows=rows)


def _make_metric_columns(voice: Voice, metric: str, *, has_change: bool) -> list[Column]:
    label, unit = voice.label(metric), METRICS[metric].unit
    columns = [Column(key=metric, label=label, unit=unit)]
    if voice.plan.compare_to is not None:
        columns.append(Column(key=f"previous_{metric}", label=voice.book.say("column.previous", label=label), unit=unit))
        if has_change:
            columns.append(Column(key=f"change_{metric}", label=voice.book.say("column.change"), unit=unit))
    return columns


def _make_group_row(group: Group, *, voice: Voice, dimension: str, x: str) -> dict[str, Cell]:
    is_plain = dimension in UNITS and group.key is not None
    row: dict[str, Cell] = {x: group.key if is_plain else capitalise(voice.key(dimension, group.key))}
    for entry in group.measured:
        row[entry.metric] = entry.value
        if voice.plan.compare_to is not None:
            row[f"previous_{entry.metric}"] = entry.previous
            row[f"change_{entry.metric}"] = entry.change
        row[f"base_{entry.metric}"] = entry.rows
    row["key"] = group.key
    if group.is_partial:
        row["partial"] = True
    return row


def _make_base_columns(voice: Voice, metrics: Sequence[str], rows: list[dict[str, Cell]]) -> list[Column]:
    """How many rows stand behind each mean or median: one column where all metrics stand on the same."""
    columns: list[Column] = []
    seen: dict[tuple[Cell, ...], str] = {}
    for metric in metrics:
        key, entry = f"base_{metric}", METRICS[metric]
        counts = (entry.base, *(row[key] for row in rows))
        if entry.unit == "count" or counts in seen:
            continue
        seen[counts] = key
        columns.append(Column(key=key, label=voice.book.say(f"column.rows.{entry.base}"), unit="count"))
    return columns


def make_themes(voice: Voice, evidence: ThemesEvidence, *, title: str) -> ThemesBlock:
    """Themes by size, with share, change, satisfaction and what they do to that of all; new and growing ones marked."""
    book = voice.book
    columns = [
        Column(key="theme", label=book.say("dimension.theme"), unit="text"),
        Column(key="conversations", label=voice.label("conversations"), unit="count"),
        Column(key="share", label=book.say("column.share"), unit="percent"),
        Column(key="previous", label=book.say("column.before"), unit="count"),
        Column(key="change", label=book.say("column.change"), unit="count"),
        Column(key="satisfaction", label=voice.label("satisfaction"), unit="rating"),
        Column(key="change_of_level", label=book.say("column.effect"), unit="rating"),
    ]
    if any(size.mark for size in evidence.themes):
        columns.append(Column(key="mark", label=book.say("column.mark"), unit="text"))
    rows: list[dict[str, Cell]] = [
        {
            "theme": voice.key("theme", size.name),
            "conversations": size.conversations,
            "share": size.share,
            "previous": size.previous,
            "change": size.conversations - size.previous,
            "satisfaction": size.satisfaction,
            "change_of_level": size.effect,
            "mark": book.say(f"mark.{size.mark}") if size.mark else None,
            "trend": size.mark,
            "key": size.name,
        }
        for size in evidence.themes
    ]
    return ThemesBlock(title=title, columns=columns, rows=rows)


def make_messages(voice: Voice, found: Found[MessageRow], *, title: str) -> MessagesBlock:
    """Messages to read; feelings are the API's words."""
    book = voice.book
    columns = [
        Column(key="sent_at", label=book.say("column.sent_at"), unit="datetime"),
        Column(key="author_name", label=book.say("column.author"), unit="text"),
        Column(key="text", label=book.say("column.text"), unit="text"),
        Column(key="sentiment", label=book.say("dimension.sentiment"), unit="text"),
        Column(key="theme", label=book.say("dimension.theme"), unit="text"),
        Column(key="channel", label=book.say("dimension.channel"), unit="text"),
    ]
    rows: list[dict[str, Cell]] = [
        {
            "sent_at": write_instant(voice, row.sent_at),
            "author": row.author,
            "author_name": row.author_name or row.agent or "",
            "contact": row.contact,
            "text": row.text,
            "agent": row.agent,
            "sentiment": row.sentiment,
            "emotion": row.emotion,
            "tone": row.tone,
            "theme": row.theme,
            "channel": row.channel,
            "satisfaction": row.satisfaction,
            "message_id": row.message_id,
            "conversation_id": row.conversation_id,
        }
        for row in found.rows
    ]
    return MessagesBlock(title=title, total=found.total, columns=columns, rows=rows)


def make_conversations(voice: Voice, rows: Sequence[ConversationRow], *, total: int, title: str) -> ConversationsBlock:
    """Conversations to open; status is the API's word."""
    book = voice.book
    columns = [
        Column(key="contact", label=book.say("dimension.contact"), unit="text"),
        Column(key="satisfaction", label=book.say("dimension.satisfaction"), unit="rating"),
        Column(key="status", label=book.say("column.status"), unit="text"),
        Column(key="theme", label=book.say("dimension.theme"), unit="text"),
        Column(key="agent", label=book.say("dimension.agent"), unit="text"),
        Column(key="channel", label=book.say("dimension.channel"), unit="text"),
        Column(key="last_message_at", label=book.say("column.last_message_at"), unit="datetime"),
        Column(key="excerpt", label=book.say("column.excerpt"), unit="text"),
    ]
    written: list[dict[str, Cell]] = [
        {
            "contact": row.contact,
            "satisfaction": row.satisfaction,
            "rating": row.rating,
            "status": row.status,
            "theme": row.theme,
            "agent": row.agent,
            "channel": row.channel,
            "started_at": write_instant(voice, row.started_at),
            "last_message_at": write_instant(voice, row.last_message_at),
            "message_count": row.message_count,
            "first_response_seconds": row.first_response_seconds,
            "excerpt": row.excerpt,
            "conversation_id": row.conversation_id,
        }
        for row in rows
    ]
    return ConversationsBlock(title=title, total=total, columns=columns, rows=written)


def write_instant(voice: Voice, at: datetime) -> str:
    """ISO 8601 with the tenant's offset."""
    return at.astimezone(ZoneInfo(voice.moment.time_zone)).isoformat(timespec="seconds")
