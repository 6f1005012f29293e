"""Webhooks in Django admin: the addresses that are told what happens, a test of each, and how every delivery went."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from bots.queue import TASK_DELIVER, start_task
from bots.webhooks.deliver import send_again
from bots.webhooks.signing import SECRET_OVERLAP, make_secret
from core.crypto import SecretUnreadableError
from core.domain_events import Happened, record
from core.models import EventKind, WebhookDelivery, WebhookEndpoint
from core.models.ids import new_id
from core.tenancy import get_current_tenant_id
from web.admin.access import TenantRowAdmin, is_tenant_admin
from web.admin.health import ReadOnlyAdmin

State = WebhookDelivery.State
PROBLEMS = {
    "gone": _("switched off: the receiver says that it is gone (410)"),
    "timeout": _("it did not answer in time"),
    "unreachable": _("nobody answers at its address"),
    "secret": _("its secret can't be read: make a new one"),
}


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address and what it is told."""

    kinds = forms.MultipleChoiceField(
        label=_("is told"),
        choices=[(kind.value, kind.label) for kind in EventKind if kind != EventKind.TEST],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("url", "description", "kinds", "is_active")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(TenantRowAdmin):
    """Whoever holds the secret can prove that a message is ours, so that it is shown to the tenant's administrators alone."""

    form = WebhookForm
    list_display = ("__str__", "shown_kinds", "shown_state", "delivered_at", "is_active")
    ordering = ("created_at",)
    actions = ("test", "renew_secret")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Who runs the installation reads no tenant's figures, and sends them nowhere either.
        return self._may(request) and is_tenant_admin(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and is_tenant_admin(request)

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> tuple[str, ...]:
        fields = ("url", "description", "kinds", "is_active")
        return fields if obj is None else (*fields, "shown_secret", "shown_state", "delivered_at")

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> tuple[str, ...]:
        return () if obj is None else ("shown_secret", "shown_state", "delivered_at")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> WebhookEndpoint | None:
        endpoint: WebhookEndpoint | None = super().get_object(request, object_id, from_field)
        if endpoint is not None:
            endpoint.shows_secret = is_tenant_admin(request)  # type: ignore[attr-defined]
        return endpoint

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:  # noqa: FBT001 Django's signature
        if not obj.secret_encrypted:
            obj.secret = make_secret()
        if obj.is_active:
            obj.problem = ""
        super().save_model(request, obj, form, change)

    @display(description=_("is told"))
    def shown_kinds(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(str(EventKind(kind).label) for kind in endpoint.kinds if kind in EventKind.values)

    @display(description=_("secret"))
    def shown_secret(self, endpoint: WebhookEndpoint) -> str:
        if not getattr(endpoint, "shows_secret", False):
            return "whsec_…"
        try:
            return endpoint.secret
        except SecretUnreadableError:
            return str(PROBLEMS["secret"])

    @display(description=_("state"))
    def shown_state(self, endpoint: WebhookEndpoint) -> str:
        """How its newest delivery went, in words."""
        if endpoint.problem:
            return str(PROBLEMS[endpoint.problem])
        newest = WebhookDelivery.objects.filter(endpoint=endpoint, attempts__gt=0).order_by("-created_at").first()
        return write_outcome(newest) if newest is not None else gettext("not told anything yet")

    @action(description=_("Send a test"))
    def test(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Tell each selected address a test event, which comes like any other."""
        endpoints = [endpoint for endpoint in queryset if endpoint.is_active]
        if not endpoints:
            messages.warning(request, gettext("Switch the webhook on first."))
            return
        for endpoint in endpoints:
            record(EventKind.TEST, [Happened(str(new_id()), {"webhook_id": str(endpoint.id)})], endpoints=[endpoint])
        start_task(TASK_DELIVER, get_current_tenant_id())
        messages.success(request, gettext("On its way: look at the deliveries in a moment."))

    @action(description=_("Make a new secret"))
    def renew_secret(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """The old secret signs beside the new one for a day, in which its receiver can change over."""
        for endpoint in queryset:
            endpoint.renew_secret(make_secret(), until=timezone.now() + SECRET_OVERLAP)
            endpoint.save(update_fields=["secret_encrypted", "previous_secret_encrypted", "previous_until_at"])
            self.log_change(request, endpoint, gettext("New secret"))
        messages.success(request, gettext("New secrets: open the webhook to copy its own. For 24 hours messages are signed with both."))


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """Every delivery of the last days, newest first."""

    list_display = ("created_at", "shown_kind", "endpoint", "shown_state", "attempts", "shown_outcome", "next_at")
    list_filter = ("state",)
    list_select_related = ("event", "endpoint")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "endpoint", "shown_kind", "shown_message_id", "state", "attempts", "shown_outcome", "created_at", "next_at", "settled_at",
        "shown_data",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("send_again",)

    @display(description=_("what"))
    def shown_kind(self, delivery: WebhookDelivery) -> str:
        return str(delivery.event.get_kind_display())

    @display(description="webhook-id")
    def shown_message_id(self, delivery: WebhookDelivery) -> str:
        return f"msg_{delivery.event_id.hex}"

    @display(description=_("data"))
    def shown_data(self, delivery: WebhookDelivery) -> str:
        """The names of what is told; the values are for the receiver."""
        return ", ".join(delivery.event.data)

    @display(description=_("state"), ordering="state", label={"waiting": "info", "delivered": "success", "failed": "danger"})
    def shown_state(self, delivery: WebhookDelivery) -> tuple[str, str]:
        return delivery.state, delivery.get_state_display()

    @display(description=_("last answer"))
    def shown_outcome(self, delivery: WebhookDelivery) -> str:
        return write_outcome(delivery)

    @action(description=_("Send again"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        """Tell the selected ones once more, under the same webhook-id, with all attempts before them."""
        count = send_again(list(queryset.values_list("id", flat=True)), timezone.now())
        start_task(TASK_DELIVER, get_current_tenant_id())
        messages.success(request, gettext("Deliveries that are sent again: %(count)s") % {"count": count})

    def has_send_again_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


def write_outcome(delivery: WebhookDelivery) -> str:
    """What the receiver said last, or why it said nothing; "" before the first attempt."""
    if delivery.status is not None:
        return gettext("status %(status)s") % {"status": delivery.status}
    return str(PROBLEMS.get(delivery.problem, "")) if delivery.problem else ""
