"""How often the analyser and people agree, month by month: what customers typed, and what the team put right.

Two sources, told apart because they mean different things. A rating is given by whoever answers when asked, and says how far the
analyser is from customers. A correction is made where somebody looked and disagreed, or confirmed: its share says how often the
analyser is wrong where it was looked at, which is more often than elsewhere.

A conversation counts in the month it began in, in the tenant's time zone. A correction is compared with what the analyser had said
when it was made, a rating with what counts now. What was taken back does not count.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncMonth

from core.models import Conversation, ConversationAnalysis, Correction, Tenant, Theme
from core.tenancy import get_current_tenant_id


@dataclass(slots=True)
class Tally:
    """Notes compared: how many, how many equal, and the sum of absolute errors in points."""

    count: int = 0
    equal: int = 0
    error: float = 0.0

    def add(self, said: int, score: float) -> None:
        self.count += 1
        self.equal += int(score + 0.5) == said
        self.error += abs(score - said)

    @property
    def share_equal(self) -> float | None:
        """Percent; None where nothing was compared."""
        return round(100 * self.equal / self.count, 1) if self.count else None

    @property
    def mean_error(self) -> float | None:
        """Points of satisfaction; None where nothing was compared."""
        return round(self.error / self.count, 2) if self.count else None


@dataclass(slots=True)
class Choices:
    """Words compared, of which one is right: a theme, or resolved or not."""

    count: int = 0
    equal: int = 0

    def add(self, said: object, concluded: object) -> None:
        self.count += 1
        self.equal += said == concluded

    @property
    def share_equal(self) -> float | None:
        """Percent; None where nothing was compared."""
        return round(100 * self.equal / self.count, 1) if self.count else None


@dataclass(slots=True, kw_only=True)
class Month:
    """One month: `by_theme` holds the notes by the theme that the analyser gave ("" for none), of both sources together."""

    on: date
    analysed: int = 0
    corrected: int = 0
    ratings: Tally = field(default_factory=Tally)
    corrections: Tally = field(default_factory=Tally)
    theme: Choices = field(default_factory=Choices)
    resolved: Choices = field(default_factory=Choices)
    by_theme: dict[str, Tally] = field(default_factory=dict)


def report_agreement(*, since: date | None = None) -> list[Month]:
    """The months of the open scope in which somebody said something, newest first, from the month of `since` on."""
    zone = Tenant.objects.get(id=get_current_tenant_id()).zone
    themes: dict[uuid.UUID | None, str] = dict(Theme.objects.values_list("id", "name"))
    months: dict[date, Month] = {}
    current = ConversationAnalysis.objects.filter(is_current=True)
    rated = current.filter(conversation__rating__isnull=False)
    for started_at, rating, score, theme_id in rated.values_list("conversation__started_at", "conversation__rating", "score", "theme_id"):
        assert rating is not None
        month = _get_month(months, started_at, zone)
        month.ratings.add(rating, score)
        month.by_theme.setdefault(themes.get(theme_id, ""), Tally()).add(rating, score)
    for one in Correction.objects.filter(undone_at__isnull=True).select_related("conversation"):
        month = _get_month(months, one.conversation.started_at, zone)
        month.corrected += 1
        if one.satisfaction is not None:
            month.corrections.add(one.satisfaction, one.machine_score)
            month.by_theme.setdefault(themes.get(one.machine_theme_id, ""), Tally()).add(one.satisfaction, one.machine_score)
        if one.corrects_theme:
            month.theme.add(one.theme_id, one.machine_theme_id)
        if one.is_resolved is not None:
            month.resolved.add(one.is_resolved, one.machine_is_resolved)
    analysed = Conversation.objects.filter(analyses__is_current=True).annotate(month=TruncMonth("started_at", tzinfo=zone)).order_by()
    for on, count in analysed.values("month").annotate(count=Count("id")).values_list("month", "count"):
        if on.date() in months:
            months[on.date()].analysed = count
    first = since.replace(day=1) if since else date.min
    return [months[on] for on in sorted(months, reverse=True) if on >= first]


def _get_month(months: dict[date, Month], at: datetime, zone: ZoneInfo) -> Month:
    on = at.astimezone(zone).date().replace(day=1)
    return months.setdefault(on, Month(on=on))
