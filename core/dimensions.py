"""The dimensions along which rows are counted apart: one short piece of SQL each, over the columns of selected rows (core/compute.py)."""

from dataclasses import dataclass

# Lower ends, in minutes, of the bands in which a wait for the first reply is put; a wait of exactly a band's end is in the next.
WAIT_BANDS = (0, 5, 15, 60, 240)


def _band_waits() -> str:
    cases = " ".join(f"WHEN first_response_seconds >= {minutes * 60} THEN {minutes}" for minutes in reversed(WAIT_BANDS))
    return f"CASE {cases} END"


DIMENSIONS: dict[str, str] = {
    "day": "local_at::date",
    "week": "date_trunc('week', local_at)::date",
    "month": "date_trunc('month', local_at)::date",
    "weekday": "extract(isodow FROM local_at)::int",
    "hour": "extract(hour FROM local_at)::int",
    "agent": "agent_name",
    "channel": "channel_name",
    "contact": "contact_name",
    "theme": "theme_name",
    "sentiment": "sentiment",
    "emotion": "emotion",
    "tone": "tone",
    "satisfaction": "satisfaction",
    # A band's lower end in minutes; NULL where nobody has replied.
    "wait": _band_waits(),
    # Whether the customer had a conversation before this one, whatever the period.
    "customer": "CASE WHEN EXISTS (SELECT 1 FROM core_conversation earlier WHERE earlier.contact_id = rows.contact_id"
    " AND earlier.started_at < rows.started_at) THEN 'returning' ELSE 'new' END",
}
FEELINGS = frozenset({"sentiment", "emotion", "tone"})
TIMES = frozenset({"day", "week", "month", "weekday", "hour"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many rows of one value of a dimension have about the same part in a mean, and what those parts sum to.

    `part` is rounded to one decimal: notes, shares (0 and 100) and the sides of a limit (0 and 1) are not changed by it.
    """

    key: str | int | None
    part: float
    rows: int
    total: float
