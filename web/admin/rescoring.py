"""Re-scorings, corrections and how far people and the analyser agree, in Django admin: looked at, and decided by a person."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.models import Correction, ReScoring
from core.tenancy import get_current_tenant_id
from ingestion.agreement import report_agreement
from ingestion.queueing import LATE, SOON, queue_once, queue_task
from ingestion.rescore import (
    OPEN,
    ReScoringRefusedError,
    pause_rescoring,
    refresh_comparison,
    start_rescoring,
)
from ingestion.switch import promote_rescoring, roll_back_rescoring
from web.admin.health import ReadOnlyAdmin, render_in_local_time

State = ReScoring.State
REFUSALS = {
    "none": _("There is no such re-scoring."),
    "open": _("Another re-scoring is not finished. Promote it or roll it back first."),
    "state": _("That does not fit the state that the re-scoring is in."),
    "gone": _("This installation cannot run that version any more."),
}
# What can be done in each state, in the order of the buttons.
DEEDS: dict[str, tuple[str, ...]] = {
    State.PLANNED: ("start", "roll-back"),
    State.RUNNING: ("pause", "compare", "roll-back"),
    State.PAUSED: ("start", "compare", "roll-back"),
    State.DONE: ("promote", "compare", "roll-back"),
    State.PROMOTING: (),
    State.PROMOTED: ("roll-back",),
    State.ROLLING_BACK: (),
    State.ROLLED_BACK: (),
}
BUTTONS = {
    "start": _("Start reading"),
    "pause": _("Pause"),
    "compare": _("Compare now"),
    "promote": _("Let the new version count"),
    "roll-back": _("Roll back"),
}
DO: dict[str, Callable[[uuid.UUID], ReScoring]] = {
    "start": start_rescoring,
    "pause": pause_rescoring,
    "compare": refresh_comparison,
    "promote": promote_rescoring,
    "roll-back": roll_back_rescoring,
}
MEASURES = {"satisfaction": _("satisfaction"), "theme": _("theme"), "resolved": _("resolved"), "sentiment": _("sentiment of messages")}
SOURCES = {
    "ratings": _("ratings that customers typed"),
    "corrected_satisfaction": _("satisfaction that the team corrected"),
    "corrected_theme": _("themes that the team corrected"),
    "corrected_resolved": _("resolutions that the team corrected"),
}


@admin.register(ReScoring)
class ReScoringAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "conversations", "done", "estimated_seconds", "planned_at", "promoted_at", "rolled_back_at")
    list_per_page = 50
    show_full_result_count = False
    actions_list = ("plan",)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("<uuid:object_id>/do/<slug:deed>/", wrap(self.deed_view), name="core_rescoring_do"), *super().get_urls()]

    @action(description=_("Say what reading history again costs"), url_path="plan", permissions=["plan"])
    def plan(self, request: HttpRequest) -> HttpResponse:
        """Ask, and then have the worker take a sample and tell the cost."""
        page = HttpResponseRedirect(reverse("admin:core_rescoring_changelist"))
        if request.method != "POST":
            return self._render(request, "plan", title=gettext("Read history again"))
        if ReScoring.objects.filter(state__in=OPEN).exclude(state=State.PLANNED).exists():
            messages.error(request, str(REFUSALS["open"]))
            return page
        tenant_id, user_id = str(get_current_tenant_id()), str(request.user.pk)
        queue = partial(queue_task, "ingestion.tasks.task_plan_rescoring", tenant_id, user_id, priority=SOON)
        transaction.on_commit(queue)
        messages.success(
            request, gettext("A sample is being read. The plan with its cost stands here in a moment, unless nothing is left to read.")
        )
        return page

    def has_plan_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One re-scoring: its cost, how far it is, old beside new, and what can be done now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = self.get_object(request, object_id)
        if run is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return gone
        return self._render(request, "run", title=str(run), **describe(run))

    def deed_view(self, request: HttpRequest, object_id: uuid.UUID, deed: str) -> HttpResponse:
        """Press one of the page's buttons."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = ReScoring.objects.filter(id=object_id).first()
        if run is None:
            raise Http404
        page = HttpResponseRedirect(reverse("admin:core_rescoring_change", args=[run.id]))
        if request.method != "POST" or deed not in DO:
            return page
        try:
            with transaction.atomic():
                run = DO[deed](run.id)
        except ReScoringRefusedError as refused:
            messages.error(request, str(REFUSALS[refused.reason]))
            return page
        if deed != "compare":
            self.log_change(request, run, str(BUTTONS[deed]))
        transaction.on_commit(partial(queue_once, "ingestion.tasks.task_rescore", str(get_current_tenant_id()), priority=LATE))
        return page

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> ReScoring | None:
        """The re-scoring; None also where the id is no id."""
        try:
            uuid.UUID(str(object_id))
        except ValueError:
            return None
        found: ReScoring | None = super().get_object(request, object_id, from_field)
        return found

    def _render(self, request: HttpRequest, page: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return render_in_local_time(TemplateResponse(request, f"admin/rescoring/{page}.html", {**shared, **context}))


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "shown_user", "satisfaction", "machine_score", "theme", "machine_theme", "is_resolved", "undone_at")
    list_select_related = ("user", "theme", "machine_theme")
    list_per_page = 50
    show_full_result_count = False
    fields = (*list_display, "machine_is_resolved", "comment", "analyser", "analyser_version", "undone_by")
    readonly_fields = fields
    actions_list = ("agreement",)

    @action(description=_("How far people and the analyser agree"), url_path="agreement", permissions=["agreement"])
    def agreement(self, request: HttpRequest) -> HttpResponse:
        """Month by month: ratings that customers typed, and what the team put right."""
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        title = gettext("How far people and the analyser agree")
        months = report_agreement()
        return render_in_local_time(
            TemplateResponse(request, "admin/rescoring/agreement.html", {**shared, "title": title, "months": months})
        )

    def has_agreement_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


def describe(run: ReScoring) -> dict[str, Any]:
    """What one re-scoring's page shows."""
    told = run.comparison
    spreads = []
    for name, label in MEASURES.items():
        sides = told.get("spread", {}).get(name)
        if sides:
            values = sorted(sides["old"].keys() | sides["new"].keys())
            rows = [(value, sides["old"].get(value, 0), sides["new"].get(value, 0)) for value in values]
            spreads.append({"label": label, "rows": rows, "flipped": told["flipped"][name], "flips": told["flips"][name]})
    agreement = [
        {"label": label, **told["agreement"][name], "old_share": 100 * told["agreement"][name]["old_equal"],
         "new_share": 100 * told["agreement"][name]["new_equal"]}
        for name, label in SOURCES.items()
        if told.get("agreement", {}).get(name, {}).get("count")
    ]  # fmt: skip
    return {
        "run": run,
        "share": round(100 * run.done / run.conversations) if run.conversations else 100,
        "minutes": round(run.estimated_seconds / 60, 1),
        "minutes_left": round(run.seconds_left / 60, 1),
        "problem": REFUSALS.get(run.problem, run.problem),
        "buttons": [(deed, BUTTONS[deed]) for deed in DEEDS[run.state]],
        "is_moving": run.state in (State.RUNNING, State.PROMOTING, State.ROLLING_BACK),
        "told": told,
        "spreads": spreads,
        "agreement": agreement,
    }
