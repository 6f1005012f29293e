"""Scheduled questions in Django admin: what is asked when, as whom, and where the answer goes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bots.email import can_send_email
from bots.models import ScheduledQuestion
from bots.rhythm import RhythmError, read_cron
from bots.scheduled import schedule
from core.access import ASK
from core.models import User
from core.tenancy import get_current_tenant_id
from web.admin.access import TenantRowAdmin, is_tenant_admin
from web.admin.health import LocalTimeAdmin

PROBLEMS = {
    "late": _("skipped: nothing ran at its time"),
    "not_allowed": _("its person may not ask"),
    "no_phone": _("its person has no proven phone, no channel reaches it, or they wrote “parar”"),
    "no_email": _("this installation has no mail server (EMAIL_HOST)"),
    "not_sent": _("the mail server did not take it"),
    "no_webhook": _("no active webhook is told of answered questions"),
}


CRON_PROBLEMS = {
    "unreadable": _("This is no cron expression, or its day never comes. It has five parts, such as “30 8 * * 1,3,5”."),
    "too_often": _("At most 24 times a day: name fewer minutes or hours."),
}


class ScheduledQuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A question with its rhythm; a road that can't be gone is refused here rather than every Monday."""

    roads = forms.MultipleChoiceField(
        label=_("goes to"), choices=ScheduledQuestion.Road.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = ScheduledQuestion
        fields = ("user", "question", "rhythm", "weekday", "month_day", "hour", "minute", "cron", "roads", "is_active")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("rhythm") == ScheduledQuestion.Rhythm.CRON:
            try:
                read_cron(cleaned.get("cron", ""))
            except RhythmError as error:
                raise ValidationError({"cron": CRON_PROBLEMS[str(error)]}) from error
        return cleaned

    def clean_roads(self) -> list[str]:
        roads: list[str] = self.cleaned_data["roads"]
        if ScheduledQuestion.Road.EMAIL in roads and not can_send_email():
            raise ValidationError(_("This installation has no mail server: set EMAIL_HOST first (docs/settings.md)."))
        return roads


@admin.register(ScheduledQuestion)
class ScheduledQuestionAdmin(LocalTimeAdmin, TenantRowAdmin):
    """The answer is what its person would get in the chat; it appears among their threads too."""

    form = ScheduledQuestionForm
    list_display = ("question", "user", "rhythm", "hour", "shown_roads", "next_at", "asked_at", "shown_problem", "is_active")
    list_select_related = ("user",)
    ordering = ("created_at",)

    def get_fields(self, request: HttpRequest, obj: ScheduledQuestion | None = None) -> tuple[str, ...]:
        fields = ("user", "question", "rhythm", "weekday", "month_day", "hour", "minute", "cron", "roads", "is_active")
        return fields if obj is None else (*fields, "next_at", "asked_at", "shown_problem")

    def get_readonly_fields(self, request: HttpRequest, obj: ScheduledQuestion | None = None) -> tuple[str, ...]:
        # A question that was asked as one person is never asked as another: its answers lie among that person's threads.
        return () if obj is None else ("user", "next_at", "asked_at", "shown_problem")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user":
            people = User.objects.filter(tenant__id=get_current_tenant_id(), is_active=True, role__in=[role.value for role in ASK])
            options["queryset"] = people
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: ScheduledQuestion, form: Any, change: bool) -> None:  # noqa: FBT001 Django's signature
        schedule(obj, now=timezone.now())
        super().save_model(request, obj, form, change)

    @display(description=_("goes to"))
    def shown_roads(self, row: ScheduledQuestion) -> str:
        return ", ".join(str(ScheduledQuestion.Road(road).label) for road in row.roads if road in ScheduledQuestion.Road.values)

    @display(description=_("problem"))
    def shown_problem(self, row: ScheduledQuestion) -> str:
        if not row.problem:
            return "—"
        return str(PROBLEMS.get(row.problem) or gettext("it could not be answered: %(problem)s") % {"problem": row.problem})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Who runs the installation asks nothing in a tenant's name.
        return self._may(request) and is_tenant_admin(request)
