"""From what a caller said to the plan that it means: the same contract as a question's, so that there is one way of computing."""

from typing import Any

from django.db.models import Model
from django.utils import timezone

from assistant.compose.numbers import Language
from assistant.plan import Filters, Intent, Plan
from assistant.report import get_moment
from assistant.selection import Moment
from core.errors import VisibleError
from core.models import Agent, Channel, Contact, Theme, User
from core.periods import Period, clip_to_today, get_last_days, get_previous, get_unit
from web.api.queries import ComparedQuery, FilterQuery, WhenQuery

DEFAULT_DAYS = 30
NAMED: dict[str, type[Model]] = {"agent": Agent, "channel": Channel, "contact": Contact, "theme": Theme}


def read_moment(viewer: User, query: WhenQuery) -> Moment:
    """The moment that a caller asks for, now by default."""
    return get_moment(viewer, query.as_of or timezone.now())


def choose_language(viewer: User, language: Language | None) -> Language:
    """The language that a caller asks for, their own by default."""
    return language or viewer.language  # type: ignore[return-value]


def make_plan(query: FilterQuery, *, intent: Intent, moment: Moment, **fields: Any) -> Plan:
    """The plan of a caller's period, comparison and filters. Raises VisibleError for a name that the company does not have."""
    period = find_period(query, moment=moment)
    filters = query.make_filters()
    check_names(filters)
    return Plan(
        intent=intent,
        period=period,
        compare_to=find_compared(query, period, moment=moment) if isinstance(query, ComparedQuery) else None,
        filters=filters,
        assumed=("period",) if query.start is None and query.unit is None else (),
        **fields,
    )


def find_period(query: WhenQuery, *, moment: Moment) -> Period:
    """Two days as said, the calendar unit of a day, or the 30 days that end today."""
    if query.start is not None and query.end is not None:
        return Period(query.start, query.end)
    if query.unit is not None:
        return clip_to_today(get_unit(query.on or moment.today, query.unit), today=moment.today)
    return get_last_days(moment.today, DEFAULT_DAYS)


def find_compared(query: ComparedQuery, period: Period, *, moment: Moment) -> Period | None:
    """The second period, where one is asked for."""
    if query.compare_start is not None and query.compare_end is not None:
        return Period(query.compare_start, query.compare_end)
    if query.compare == "previous":
        return get_previous(period, today=moment.today, unit=query.unit)
    return None


def check_names(filters: Filters) -> None:
    """Raise VisibleError("unknown_name") for the first name that is in none of the open scope's tables."""
    for field, model in NAMED.items():
        names: tuple[str, ...] = getattr(filters, field)
        known = set(model._default_manager.filter(name__in=names).values_list("name", flat=True)) if names else set()
        for name in names:
            if name not in known:
                raise VisibleError("unknown_name", field=field, name=name)
