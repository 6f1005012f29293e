"""What gateways told us, as it was kept, and how complete each day is. Looked at, and read once more after a fix.

A body holds what customers wrote, so that it is shown masked. An administrator of the tenant may look at one as it came, which goes to
the log; whoever runs the installation may not: conversations are none of theirs.
"""

import json
from collections import defaultdict
from functools import partial
from typing import Any

import structlog
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.models import Channel, ChannelDay, RawEvent
from core.privacy import mask
from core.tenancy import get_current_tenant_id
from ingestion.inbox import replay
from ingestion.tasks import notify
from web.admin.access import is_tenant_admin
from web.admin.health import ChannelFilter, ReadOnlyAdmin

log = structlog.get_logger(__name__)
AS_IT_CAME = "as_it_came"


@admin.register(RawEvent)
class RawEventAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "shown_channel", "name", "road", "shown_state", "reason", "copies")
    list_display_links = ("received_at", "name")
    list_filter = ("state", "road", "name", ("channel", ChannelFilter))
    list_select_related = ("channel",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-received_at",)
    fields = ("shown_channel", "name", "road", "state", "reason", "copies", "received_at", "processed_at", "shown_body")
    readonly_fields = fields
    actions = ("replay_chosen",)

    @display(
        description=_("state"),
        ordering="state",
        label={"waiting": "info", "done": "success", "not_a_message": "default", "failed": "danger"},
    )
    def shown_state(self, event: RawEvent) -> tuple[str, str]:
        return event.state, event.get_state_display()

    @admin.display(description=_("what came"))
    def shown_body(self, event: RawEvent) -> str:
        """The body, masked unless this person asked for it as it came and may."""
        is_bare = getattr(event, AS_IT_CAME, False)
        body = event.body if is_bare else mask_body(event.body)
        written = json.dumps(body, indent=2, ensure_ascii=False)
        link = getattr(event, "as_it_came_link", "")
        return format_html('{}<pre style="white-space: pre-wrap; overflow-wrap: anywhere">{}</pre>', link, written)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> RawEvent | None:
        event: RawEvent | None = super().get_object(request, object_id, from_field)
        if event is not None and is_tenant_admin(request):
            wants_bare = AS_IT_CAME in request.GET
            setattr(event, AS_IT_CAME, wants_bare)
            page = reverse("admin:core_rawevent_change", args=[event.id])
            address, words = (page, gettext("Show it masked")) if wants_bare else (f"{page}?{AS_IT_CAME}", gettext("Show it as it came"))
            event.as_it_came_link = format_html('<p><a class="text-link underline" href="{}">{}</a></p>', address, words)  # type: ignore[attr-defined]
            if wants_bare:
                log.info("inbox.shown_as_it_came", event_id=str(event.id), user_id=str(request.user.pk))
        return event

    @action(description=_("Replay: read these events once more"), permissions=["replay"])
    def replay_chosen(self, request: HttpRequest, events: QuerySet[RawEvent]) -> None:
        """Let the chosen events be processed again; twice does no harm."""
        chosen: defaultdict[Any, list[Any]] = defaultdict(list)
        for event_id, channel_id in events.values_list("id", "channel_id"):
            chosen[channel_id].append(event_id)
        count = 0
        for channel in Channel.objects.filter(id__in=chosen):
            count += replay(channel, ids=chosen[channel.id])
            transaction.on_commit(partial(notify, get_current_tenant_id(), channel.id))
        messages.success(request, gettext("Events that are read once more: %(count)s") % {"count": count})

    def has_replay_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


@admin.register(ChannelDay)
class ChannelDayAdmin(ReadOnlyAdmin):
    list_display = ("on", "shown_channel", "expected", "received", "recovered", "shown_missing", "duplicates", "failed", "checked_at")
    list_filter = (("channel", ChannelFilter), "on")
    list_select_related = ("channel",)
    list_per_page = 62
    ordering = ("-on", "channel__name")
    fields = ("on", "shown_channel", "expected", "received", "recovered", "missing", "duplicates", "failed", "checked_at")
    readonly_fields = fields

    @display(description=_("missing"), ordering="missing", label={"some": "danger", "none": "success"})
    def shown_missing(self, day: ChannelDay) -> tuple[str, str]:
        return ("some" if day.missing else "none"), str(day.missing)


def mask_body(value: Any) -> Any:
    """What came, every text masked, and of each chat's address no more than the last digits."""
    if isinstance(value, dict):
        return {str(key): mask_body(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mask_body(item) for item in value]
    if not isinstance(value, str):
        return value
    digits, at, server = value.partition("@")
    if at and digits and digits.partition(":")[0].replace("-", "").isdigit():
        return f"••••{digits[-2:]}@{server}"
    return mask(value).text
