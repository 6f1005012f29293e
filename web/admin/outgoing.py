"""What we send over WhatsApp, how far it got, and once more for what failed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.models import OutgoingMessage
from core.privacy import mask
from web.admin.access import is_tenant_admin
from web.admin.gateway_deeds import start_sending
from web.admin.gateway_words import write_phone
from web.admin.health import ChannelFilter, ReadOnlyAdmin

State, Purpose = OutgoingMessage.State, OutgoingMessage.Purpose


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "shown_channel", "shown_to", "purpose", "shown_state", "error", "attempts", "sent_at")
    list_display_links = ("created_at", "shown_to")
    list_filter = ("state", "purpose", ("channel", ChannelFilter))
    list_select_related = ("channel", "user")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("to", "user__name")
    fields = (
        "shown_channel",
        "shown_user",
        "to",
        "purpose",
        "state",
        "error",
        "attempts",
        "created_at",
        "not_before_at",
        "sent_at",
        "shown_text",
    )
    readonly_fields = fields
    actions = ("send_again",)

    @display(
        description=_("state"),
        ordering="state",
        label={
            "waiting": "info",
            "sending": "info",
            "uncertain": "warning",
            "sent": "success",
            "delivered": "success",
            "read": "success",
            "failed": "danger",
        },
    )
    def shown_state(self, message: OutgoingMessage) -> tuple[str, str]:
        return message.state, message.get_state_display()

    @admin.display(description=_("to"), ordering="to")
    def shown_to(self, message: OutgoingMessage) -> str:
        return write_phone(message.to)

    @admin.display(description=_("text"))
    def shown_text(self, message: OutgoingMessage) -> str:
        """The text. A code proves whose phone it is, so that nobody reads it here; other eyes than the tenant's see it masked."""
        if message.purpose == Purpose.CODE:
            return gettext("Codes are shown to nobody.")
        return message.text if getattr(message, "is_shown_bare", False) else mask(message.text).text

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> OutgoingMessage | None:
        message: OutgoingMessage | None = super().get_object(request, object_id, from_field)
        if message is not None:
            message.is_shown_bare = is_tenant_admin(request)  # type: ignore[attr-defined]
        return message

    @action(description=_("Send again what failed"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[OutgoingMessage]) -> None:
        """Let failed messages wait once more, from the beginning. A code is only good for minutes: a new one is asked for instead."""
        failed = list(chosen.filter(state=State.FAILED).exclude(purpose=Purpose.CODE))
        waiting = {"state": State.WAITING, "error": "", "attempts": 0, "provider_id": "", "sent_at": None, "settled_at": None}
        OutgoingMessage.objects.filter(id__in=[message.id for message in failed], state=State.FAILED).update(
            **waiting, not_before_at=timezone.now(), expires_at=None
        )
        if failed:
            start_sending(failed[0])
            messages.success(request, gettext("Messages that are sent again: %(count)s") % {"count": len(failed)})
        else:
            messages.warning(request, gettext("Nothing to send again: none of the chosen messages failed, or they are codes."))

    def has_send_again_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)
