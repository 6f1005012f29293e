"""Figures, themes, summaries and the catalogue as programs get them: each one plan, executed and worded as an answer is."""

from datetime import date, datetime
from typing import Literal, get_args

from django.contrib.postgres.search import TrigramWordSimilarity
from pydantic import BaseModel

from assistant.evidence import Measured, MetricEvidence, SummaryEvidence, ThemesEvidence, ThemeSize
from assistant.plan import DIMENSIONS, METRIC_NAMES, Author, Emotion, Plan, Sentiment, Status, Tone
from assistant.report import Report, Told, report
from core.access import check_allowed, get_tenant
from core.metrics import METRICS
from core.models import Agent, Channel, Contact, Theme, User
from core.periods import Period
from web.api.plans import choose_language, make_plan, read_moment
from web.api.queries import CatalogueQuery, MetricsQuery, SummaryQuery, ThemesQuery

MetricUnit = Literal["count", "rating", "percent", "score", "seconds"]
SIMILAR, MOST_CONTACTS = 0.3, 50


class PeriodOut(BaseModel):
    """Days in the company's time zone, both included."""

    start: date
    end: date


class MetricInfo(BaseModel):
    """`unit`: count, rating (1–5), percent (0–100), score (−1…1) or seconds. `better`: which way is good, null where neither."""

    name: str
    label: str
    unit: MetricUnit
    better: Literal["up", "down"] | None
    definition: str


class Measure(BaseModel):
    """A value in the metric's unit, null where there is nothing to take it of; `base` is how many rows stand behind it."""

    value: float | None
    base: int
    previous: float | None = None
    previous_base: int | None = None
    change: float | None = None


class MetricRow(BaseModel):
    """One value of the dimension. `key` is a name or word as filters take it, the first day of a day, week or month, an hour (0–23),
    a weekday (1 is Monday) or a note (1–5); null where conversations have none. `is_partial`: a step of time not over yet, or cut."""

    key: str | int | None
    is_partial: bool
    values: dict[str, Measure]


class MetricsOut(Told):
    """`totals` over all; `items` one row a value of `group_by`, `count` of them in all."""

    period: PeriodOut
    compared: PeriodOut | None
    group_by: str | None
    metrics: list[MetricInfo]
    totals: dict[str, Measure]
    items: list[MetricRow]
    count: int


class ThemeOut(BaseModel):
    """`share` is a percentage of the analysed conversations; `satisfaction` is 1–5. A `theme` of null: conversations without one.

    `effect` is how much higher or lower the satisfaction of all is because this theme is not like the others, in points; null where
    it is the only one. `mark` is "new" or "growing" where its share rose clearly over the compared period.
    """

    theme: str | None
    conversations: int
    share: float
    satisfaction: float | None
    previous_conversations: int
    previous_share: float
    effect: float | None
    mark: Literal["new", "growing"] | None


class ThemesOut(Told):
    """`total` and `previous_total` are the analysed conversations of the two periods."""

    period: PeriodOut
    compared: PeriodOut
    total: int
    previous_total: int
    items: list[ThemeOut]
    count: int


class SummaryOut(Report):
    """A period, contact, agent, channel or theme in brief: `figures` by metric, each beside the compared period."""

    period: PeriodOut
    compared: PeriodOut
    metrics: list[MetricInfo]
    figures: dict[str, Measure]


class CatalogueOut(BaseModel):
    """The names that filters take. Customers are named only where `contact` asks for some, those that resemble it most first."""

    company: str
    time_zone: str
    now: datetime
    metrics: list[MetricInfo]
    dimensions: list[str]
    agents: list[str]
    channels: list[str]
    themes: list[str]
    contacts: list[str]
    sentiments: list[str]
    emotions: list[str]
    tones: list[str]
    statuses: list[str]
    authors: list[str]


def read_metrics(viewer: User, query: MetricsQuery) -> MetricsOut:
    """The figures that a caller asks for, inside the open scope."""
    check_allowed(viewer, action="ask")
    moment, language = read_moment(viewer, query), choose_language(viewer, query.language)
    metrics = tuple(dict.fromkeys(query.metric))
    plan = make_plan(query, intent="metric", moment=moment, metrics=metrics, group_by=query.group_by, order=query.order)
    told, evidence = report(viewer, plan, moment=moment, language=language, kind=MetricEvidence)
    groups = evidence.groups or ()
    return MetricsOut(
        **told.model_dump(exclude={"blocks"}),
        period=show_period(get_period(plan)),
        compared=show_period(plan.compare_to) if plan.compare_to else None,
        group_by=query.group_by,
        metrics=[describe_metric(name, language) for name in metrics],
        totals=show_measures(evidence.totals),
        items=[
            MetricRow(key=group.key, is_partial=group.is_partial, values=show_measures(group.measured))
            for group in groups[query.offset : query.offset + query.limit]
        ],
        count=len(groups),
    )


def read_themes(viewer: User, query: ThemesQuery) -> ThemesOut:
    """What customers talk about, inside the open scope."""
    check_allowed(viewer, action="ask")
    moment, language = read_moment(viewer, query), choose_language(viewer, query.language)
    plan = make_plan(query, intent="themes", moment=moment, order=query.order)
    told, evidence = report(viewer, plan, moment=moment, language=language, kind=ThemesEvidence)
    return ThemesOut(
        **told.model_dump(exclude={"blocks"}),
        period=show_period(get_period(plan)),
        compared=show_period(evidence.compared),
        total=evidence.total,
        previous_total=evidence.previous_total,
        items=[show_theme(size) for size in evidence.themes[query.offset : query.offset + query.limit]],
        count=len(evidence.themes),
    )


def read_summary(viewer: User, query: SummaryQuery) -> SummaryOut:
    """A period in brief, of everything or of what the filters name, inside the open scope."""
    check_allowed(viewer, action="ask")
    moment, language = read_moment(viewer, query), choose_language(viewer, query.language)
    plan = make_plan(query, intent="summary", moment=moment)
    told, evidence = report(viewer, plan, moment=moment, language=language, kind=SummaryEvidence)
    return SummaryOut(
        **told.model_dump(),
        period=show_period(get_period(plan)),
        compared=show_period(evidence.compared),
        metrics=[describe_metric(name, language) for name in evidence.measured],
        figures=show_measures(tuple(evidence.measured.values())),
    )


def read_catalogue(viewer: User, query: CatalogueQuery, *, clock: datetime) -> CatalogueOut:
    """The names that filters take, inside the open scope."""
    check_allowed(viewer, action="ask")
    tenant, language = get_tenant(viewer), choose_language(viewer, query.language)
    return CatalogueOut(
        company=tenant.name,
        time_zone=tenant.time_zone,
        now=clock.astimezone(tenant.zone),
        metrics=[describe_metric(name, language) for name in METRIC_NAMES],
        dimensions=list(DIMENSIONS),
        agents=list(Agent.objects.order_by("name").values_list("name", flat=True)),
        channels=list(Channel.objects.order_by("name").values_list("name", flat=True)),
        themes=list(Theme.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)),
        contacts=find_contacts(query.contact) if query.contact else [],
        sentiments=list(get_args(Sentiment)),
        emotions=list(get_args(Emotion)),
        tones=list(get_args(Tone)),
        statuses=list(get_args(Status)),
        authors=list(get_args(Author)),
    )


def find_contacts(text: str) -> list[str]:
    """Names of customers that resemble a text, the most alike first."""
    found = Contact.objects.annotate(score=TrigramWordSimilarity(text, "name")).filter(score__gte=SIMILAR).order_by("-score", "name")
    return list(dict.fromkeys(found.values_list("name", flat=True)[:MOST_CONTACTS]))


def describe_metric(name: str, language: str) -> MetricInfo:
    """A metric as the catalogue tells it."""
    metric = METRICS[name]
    return MetricInfo(
        name=name, label=metric.labels[language], unit=metric.unit, better=metric.better, definition=metric.definitions[language]
    )


def show_measures(measured: tuple[Measured, ...]) -> dict[str, Measure]:
    """Measured values by metric."""
    return {
        entry.metric: Measure(
            value=entry.value, base=entry.rows, previous=entry.previous, previous_base=entry.previous_rows, change=entry.change
        )
        for entry in measured
    }


def show_theme(size: ThemeSize) -> ThemeOut:
    """A theme's row."""
    return ThemeOut(
        theme=size.name,
        conversations=size.conversations,
        share=size.share,
        satisfaction=size.satisfaction,
        previous_conversations=size.previous,
        previous_share=size.previous_share,
        effect=size.effect,
        mark=size.mark,
    )


def show_period(period: Period) -> PeriodOut:
    """A period as JSON has it."""
    return PeriodOut(start=period.start, end=period.end)


def get_period(plan: Plan) -> Period:
    """The period of a plan that has one. Raises ValueError for one that has none."""
    if plan.period is None:
        raise ValueError(f"a plan to {plan.intent} has no period")
    return plan.period
