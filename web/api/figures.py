"""Figures, themes, summaries and the catalogue over HTTP."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query

from core.models import Scope
from web.api import reports
from web.api.door import TenantRouter, get_viewer, refuse_unknown
from web.api.queries import CatalogueQuery, MetricsQuery, SummaryQuery, ThemesQuery
from web.api.reports import CatalogueOut, MetricsOut, SummaryOut, ThemesOut

router = TenantRouter(tags=["figures"], key_scope=Scope.READ)
router.add_decorator(refuse_unknown, mode="operation")


@router.get("/metrics", response=MetricsOut)
def metrics(request: HttpRequest, query: Query[MetricsQuery]) -> MetricsOut:
    """Figures of a period: one or several metrics, in all or by a dimension, beside a second period where one is asked for."""
    return reports.read_metrics(get_viewer(request), query)


@router.get("/themes", response=ThemesOut)
def themes(request: HttpRequest, query: Query[ThemesQuery]) -> ThemesOut:
    """What customers talk about: how many conversations, which share, how content, and how it was before, with quotes."""
    return reports.read_themes(get_viewer(request), query)


@router.get("/summaries", response=SummaryOut)
def summary(request: HttpRequest, query: Query[SummaryQuery]) -> SummaryOut:
    """A day, week, month or any period in brief, of the company or of an agent, contact, channel or theme: the assistant's summary."""
    return reports.read_summary(get_viewer(request), query)


@router.get("/catalogue", response=CatalogueOut)
def catalogue(request: HttpRequest, query: Query[CatalogueQuery]) -> CatalogueOut:
    """The names that filters take, and the metrics with their units and definitions."""
    return reports.read_catalogue(get_viewer(request), query, clock=timezone.now())
