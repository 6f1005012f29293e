"""Questions to begin with: in the viewer's language, about days on which the tenant has conversations."""

from datetime import date

from django.utils import timezone

from assistant.compose.dates import name_period
from assistant.compose.numbers import Language
from assistant.compose.words import get_book
from assistant.measure import find_known
from assistant.selection import Moment
from core.access import check_allowed, get_tenant
from core.models import Agent, Channel, User
from core.periods import Period, get_earlier_unit, get_last_days, get_running_unit, get_today, get_unit

LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")
# Data that ends longer ago than this is old: questions are about its last month, not about this one.
RECENT_DAYS = 14


def find_starters(viewer: User) -> list[str]:
    """Up to six questions, inside the tenant's open scope. Each is understood by the planner as it stands."""
    check_allowed(viewer, action="ask")
    tenant = get_tenant(viewer)
    clock = timezone.now()
    moment = Moment(clock=clock, time_zone=tenant.time_zone, today=get_today(clock, time_zone=tenant.time_zone))
    known = find_known(moment)
    is_recent = known is None or (moment.today - known.end).days <= RECENT_DAYS
    month, week = _choose_periods(moment.today, None if is_recent or known is None else known.end)
    language = next(name for name in LANGUAGES if name == viewer.language)
    return _write(
        language,
        today=moment.today,
        month=month,
        week=week,
        has_agents=Agent.objects.exists(),
        has_channels=Channel.objects.count() > 1,
        is_recent=is_recent,
    )


def _choose_periods(today: date, last: date | None) -> tuple[Period, Period]:
    """The month and the week to ask about: the running month and the last whole week, or those that hold the last day with data."""
    if last is not None:
        return get_unit(last, "month"), get_unit(last, "week")
    month = get_running_unit(today, "month")
    return (month if month.days > 1 else get_last_days(today, 30)), get_earlier_unit(today, "week")


def _write(
    language: Language, *, today: date, month: Period, week: Period, has_agents: bool, has_channels: bool, is_recent: bool
) -> list[str]:
    book = get_book(language)
    in_month, in_week = (name_period(period.start, period.end, today=today, book=book).ask for period in (month, week))
    by = book.say("by.agent") if has_agents else book.say("by.day")
    questions = [
        book.sentence("suggest.start.satisfaction", when=in_month, by=by),
        book.sentence("suggest.start.why", when=in_week),
        book.sentence("suggest.ask.complaints", when=in_month),
        book.sentence("suggest.ask.unanswered", when="" if is_recent else in_month),
        book.sentence("suggest.ask.summary", when=in_week),
    ]
    if has_channels:
        questions.append(
            book.sentence("suggest.ask.metric_by", bare=book.say("metric.csat.bare"), by=book.say("by.channel"), when=in_month)
        )
    return questions
