"""WhatsApp numbers in Django admin: connect one, show its QR code, test it, see how it is doing."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext

from core.models import Channel, GatewayConnection, OutgoingMessage
from web.admin import gateway_setup
from web.admin.access import is_tenant_admin, runs_installation
from web.admin.gateway_checks import has_listener
from web.admin.gateway_deeds import CHECKS_KEY, DEEDS
from web.admin.gateway_forms import STORED_SETTINGS, ConnectForm, NumberForm, SettingsForm
from web.admin.gateway_words import STATES, Trouble, say_ago, write_phone
from web.admin.health import (
    LocalTimeAdmin,
    count_figures,
    find_cards,
    find_channels_without_gateway,
    find_days,
    get_tenant,
    make_card,
    render_in_local_time,
)

State = GatewayConnection.State
# How long the gateway's code counts as fresh; WhatsApp changes it about every twenty seconds.
CODE_SECONDS = 15
LOOK_TIMEOUT_SECONDS = 6.0
LINKING = (State.UNKNOWN, State.CONNECTING)
CHECKS_SHOWN = timedelta(minutes=15)


@admin.register(GatewayConnection)
class GatewayConnectionAdmin(LocalTimeAdmin):
    """The list is the health of all numbers, the page of one is where it is linked, tested and set."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:object_id>/live/", wrap(self.live_view), name="core_gatewayconnection_live"),
            path("<uuid:object_id>/do/<slug:deed>/", wrap(self.deed_view), name="core_gatewayconnection_do"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """How every number is doing."""
        self._check_may(request)
        more = {"cards": find_cards(), "channels_without_gateway": find_channels_without_gateway()}
        return self._render(request, "list", title=gettext("WhatsApp numbers"), **more)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Connect a number."""
        self._check_may(request)
        form = ConnectForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            wanted = form.get_wanted()
            try:
                connection = gateway_setup.connect_channel(wanted, origin=gateway_setup.find_origin(request))
            except Trouble as trouble:
                form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))
            else:
                self.log_addition(request, connection, gettext("connected"))
                if wanted.uses_socket and not connection.uses_socket:
                    messages.warning(request, gettext("The gateway's WebSocket is switched off, so that we receive by webhook alone."))
                return HttpResponseRedirect(self._get_page(connection))
        return self._render(request, "connect", title=gettext("Connect WhatsApp"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One number's page."""
        self._check_may(request)
        connection = self.get_object(request, object_id)
        if connection is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return gone
        form = SettingsForm(request.POST or None, instance=connection)
        if request.method == "POST" and form.is_valid():
            try:
                self._save_settings(request, form)
            except Trouble as trouble:
                form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))
            else:
                messages.success(request, gettext("Saved."))
                return HttpResponseRedirect(self._get_page(connection))
            connection = GatewayConnection.objects.select_related("channel").get(id=connection.id)
        return self._render(request, "connection", **self._describe(request, connection), form=form)

    def live_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """What changes by itself on one number's page, as JSON; asks the gateway while a phone is being linked."""
        self._check_may(request)
        connection = self._get(request, object_id)
        # Several open pages look once.
        if connection.state != State.OPEN and cache.add(f"gateway-look:{connection.id}", 1, timeout=2):
            try:
                look(connection)
            except Trouble as trouble:
                gateway_setup.note_trouble(connection, trouble)
        words = STATES[connection.state]
        figures = count_figures([connection.channel_id], today=timezone.localdate(timezone=get_tenant().zone))[connection.channel_id]
        return JsonResponse(
            {
                "state": connection.state,
                "tone": words.tone,
                "label": connection.get_state_display(),
                "advice": str(words.advice),
                "code": connection.qr_image if connection.state == State.CONNECTING else "",
                "pairing_code": connection.pairing_code,
                "last_event": say_ago(connection.last_event_at),
                "received": figures.today.received if figures.today else 0,
            },
            headers={"Cache-Control": "no-store"},
        )

    def deed_view(self, request: HttpRequest, object_id: str, deed: str) -> HttpResponse:
        """Press one of the page's buttons."""
        self._check_may(request)
        connection = self._get(request, object_id)
        if request.method != "POST" or deed not in DEEDS:
            return HttpResponseRedirect(self._get_page(connection))
        try:
            said = DEEDS[deed].run(request, connection)
        except Trouble as trouble:
            messages.error(request, str(trouble))
        else:
            if said:
                messages.success(request, said)
            if DEEDS[deed].note:
                self.log_change(request, connection, str(DEEDS[deed].note))
        return HttpResponseRedirect(f"{self._get_page(connection)}#{deed}")

    def delete_model(self, request: HttpRequest, obj: GatewayConnection) -> None:
        """Take the connection away, and have the gateway post no more. The channel stays with all that was read."""
        with contextlib.suppress(Trouble):
            gateway_setup.forget_roads(obj, origin=gateway_setup.find_origin(request))
        super().delete_model(request, obj)

    def _save_settings(self, request: HttpRequest, form: SettingsForm) -> None:
        """Write the settings down, and tell the gateway those that are its. Raises Trouble, and then nothing is saved."""
        connection: GatewayConnection = form.instance
        data = form.cleaned_data
        connection.base_url = data["base_url"]
        if data["key"]:
            connection.token = data["key"].strip()
        if form.changes_gateway:
            with gateway_setup.speaking(connection) as client:
                state = gateway_setup.LINK_STATES.get(client.get_state(), State.CLOSED)
            gateway_setup.set_up(connection, origin=gateway_setup.find_origin(request))
            gateway_setup.note_link_state(connection, state)
        connection.save(update_fields=["base_url", "token_encrypted", *STORED_SETTINGS])
        Channel.objects.filter(id=connection.channel_id).update(name=data["name"])
        # What was changed, never to what: a key stands in this form.
        self.log_change(request, connection, ", ".join(form.changed_data))

    def _describe(self, request: HttpRequest, connection: GatewayConnection) -> dict[str, Any]:
        """What one number's page shows."""
        channel_ids, today = [connection.channel_id], timezone.localdate(timezone=get_tenant().zone)
        days = find_days(channel_ids, today=today)[connection.channel_id]
        sent = OutgoingMessage.objects.filter(channel_id=connection.channel_id, purpose=OutgoingMessage.Purpose.TEST)
        return {
            "title": connection.channel.name,
            "original": connection,
            "connection": connection,
            "card": make_card(connection, count_figures(channel_ids, today=today)[connection.channel_id], days),
            "days": [day for day in reversed(days) if day.row is not None],
            # Until a phone was linked once, that is all there is to do.
            "is_first_link": connection.state in LINKING and connection.last_event_at is None and not sent.exists(),
            "can_link": connection.state in (*LINKING, State.CLOSED),
            "checks": self._find_checks(request, connection),
            "listener": connection.listener.partition(":")[0] if has_listener(connection) else "",
            "number_form": NumberForm(),
            "tests_sent": [(write_phone(message.to), message) for message in sent.order_by("-created_at")[:3]],
            "live_url": reverse("admin:core_gatewayconnection_live", args=[connection.id]),
        }

    def _find_checks(self, request: HttpRequest, connection: GatewayConnection) -> dict[str, Any] | None:
        kept = request.session.get(CHECKS_KEY)
        if not kept or kept["connection"] != str(connection.id):
            return None
        at = datetime.fromisoformat(kept["at"])
        return {"at": at, "checks": kept["checks"]} if timezone.now() - at < CHECKS_SHOWN else None

    def _get(self, request: HttpRequest, object_id: str) -> GatewayConnection:
        connection = self.get_object(request, str(object_id))
        if not isinstance(connection, GatewayConnection):
            raise Http404
        return connection

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("channel")

    def _get_page(self, connection: GatewayConnection) -> str:
        return reverse("admin:core_gatewayconnection_change", args=[connection.id])

    def _check_may(self, request: HttpRequest) -> None:
        if not self._may(request):
            raise PermissionDenied

    def _render(self, request: HttpRequest, page: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        may_read = is_tenant_admin(request) or runs_installation(request)
        response = TemplateResponse(request, f"admin/gateway/{page}.html", {**shared, "may_read": may_read, **context})
        return render_in_local_time(response)


def look(connection: GatewayConnection) -> None:
    """Ask the gateway how far linking the phone got, and for a code where ours is stale. Raises Trouble."""
    with gateway_setup.speaking(connection, seconds=LOOK_TIMEOUT_SECONDS) as client:
        state = gateway_setup.LINK_STATES.get(client.get_state(), State.CLOSED)
        is_stale = connection.qr_at is None or timezone.now() - connection.qr_at > timedelta(seconds=CODE_SECONDS)
        # A closed instance is left alone: asking would begin to link a phone, over and over, behind a page that nobody looks at.
        if state == State.CONNECTING and is_stale:
            gateway_setup.note_code(connection, client.connect())
            return
        gateway_setup.note_link_state(connection, state)
        if state == State.OPEN and not connection.channel.phone:
            phone = client.fetch_instance().phone[:20]
            Channel.objects.filter(id=connection.channel_id, phone="").update(phone=phone)
