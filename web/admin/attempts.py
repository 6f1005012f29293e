"""The inbox of those who tried: customers' messages that give orders to a model, in Django admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.models import InjectionAttempt, User
from core.privacy import mask
from web.admin.access import is_tenant_admin
from web.admin.health import ReadOnlyAdmin

SHOWN_CHARACTERS = 300


class SeenFilter(admin.SimpleListFilter):
    """What nobody has looked at yet, by default all."""

    title = _("seen")
    parameter_name = "seen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", gettext("No")), ("yes", gettext("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[InjectionAttempt]) -> QuerySet[InjectionAttempt]:
        return queryset if self.value() is None else queryset.filter(seen_at__isnull=self.value() == "no")


@admin.register(InjectionAttempt)
class InjectionAttemptAdmin(ReadOnlyAdmin):
    """Each message with who wrote it, where it stands and whether somebody has seen it. It changed nothing, whatever it ordered."""

    list_display = ("sent_at", "shown_channel", "contact", "said", "conversation", "shown_seen")
    list_display_links = None
    list_filter = (SeenFilter,)
    list_select_related = ("message__channel", "message__contact", "seen_by")
    list_per_page = 50
    show_full_result_count = False
    actions = ("mark_seen",)

    @admin.display(description=_("sent"), ordering="message__sent_at")
    def sent_at(self, row: InjectionAttempt) -> Any:
        return row.message.sent_at

    @admin.display(description=_("channel"), ordering="message__channel__name")
    def shown_channel(self, row: InjectionAttempt) -> str:
        return str(row.message.channel.name)

    @admin.display(description=_("contact"))
    def contact(self, row: InjectionAttempt) -> str:
        return row.message.contact.name if row.message.contact else "—"

    @admin.display(description=_("message"))
    def said(self, row: InjectionAttempt) -> str:
        """Its words, masked and cut."""
        text = mask(row.message.text).text
        return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"

    @admin.display(description=_("conversation"))
    def conversation(self, row: InjectionAttempt) -> str:
        if row.message.conversation_id is None:
            return "—"
        return format_html('<a class="text-link underline" href="/c/{}">{}</a>', row.message.conversation_id, gettext("Open"))

    @display(description=_("seen"))
    def shown_seen(self, row: InjectionAttempt) -> str:
        return row.seen_by.name if row.seen_by else gettext("Yes") if row.seen_at else "—"

    @action(description=_("Mark as seen"), permissions=["see"])
    def mark_seen(self, request: HttpRequest, queryset: QuerySet[InjectionAttempt]) -> None:
        """The chosen ones need no look any more."""
        person = request.user if isinstance(request.user, User) and is_tenant_admin(request) else None
        count = queryset.filter(seen_at__isnull=True).update(seen_at=timezone.now(), seen_by=person)
        messages.success(request, gettext("Messages marked as seen: %(count)s") % {"count": count})

    def has_see_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)
