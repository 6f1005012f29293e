"""Customers, and merges of two that turned out to be one: looked at, made and taken back by a person."""

import uuid
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.models import Channel, Contact, ContactIdentity, ContactMerge, Conversation
from core.tenancy import get_current_tenant_id
from ingestion.merges import MergeRefusedError, merge_contacts, undo_merge
from ingestion.queueing import SOON, queue_once
from web.admin.gateway_words import write_phone
from web.admin.health import ReadOnlyAdmin

# By its name: packages beside this one are not imported.
ANALYSE_TASK = "ingestion.tasks.task_analyse"
REFUSALS = {
    "same": _("This is one contact already."),
    "group": _("A group is no person: it cannot be merged."),
    "nothing": _("One of the two has no messages on any channel."),
    "undone": _("This merge was undone before."),
    "later": _("The contact that was kept has itself been merged since. Undo that merge first."),
}


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    list_display = ("name", "shown_phones", "shown_channels", "created_at")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name", "identities__value")
    search_help_text = _("A name, or the digits of a phone.")
    fields = ("name", "created_at", "shown_identities", "shown_conversations")
    readonly_fields = fields
    actions = ("merge_two",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        """Contacts that a channel knows: what a merge left empty is found in the list of merges."""
        contacts: QuerySet[Contact] = super().get_queryset(request)
        known = ContactIdentity.objects.values("contact_id")
        return contacts.filter(id__in=known).prefetch_related("identities__channel")

    @admin.display(description=_("phones"))
    def shown_phones(self, contact: Contact) -> str:
        return ", ".join(
            dict.fromkeys(write_phone(one.value) for one in contact.identities.all() if one.kind == ContactIdentity.Kind.PHONE)
        )

    @admin.display(description=_("channels"))
    def shown_channels(self, contact: Contact) -> str:
        return ", ".join(sorted({one.channel.name for one in contact.identities.all()}))

    @admin.display(description=_("known as"))
    def shown_identities(self, contact: Contact) -> str:
        written = [
            f"{one.channel}: {one.get_kind_display()} {write_phone(one.value) if one.kind == ContactIdentity.Kind.PHONE else one.value}"
            for one in contact.identities.all()
        ]
        return "\n".join(sorted(written))

    @admin.display(description=_("conversations"))
    def shown_conversations(self, contact: Contact) -> int:
        return Conversation.objects.filter(contact=contact).count()

    @admin.action(description=_("Merge two contacts: they are one customer"), permissions=["merge"])
    def merge_two(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        """The one that has been known longer takes everything, on every channel; each channel's merge can be undone by itself."""
        contacts = list(queryset.order_by("created_at", "id")[:3])
        if len(contacts) != 2:
            messages.error(request, gettext("Choose exactly two contacts."))
            return
        try:
            merges = _merge_everywhere(*contacts, reason=gettext("Merged by %(person)s") % {"person": request.user})
        except MergeRefusedError as refused:
            messages.error(request, str(REFUSALS[refused.reason]))
            return
        links = [reverse("admin:core_contactmerge_change", args=[merge.id]) for merge in merges]
        text = gettext("The two are one contact now. Was that wrong?")
        messages.success(request, format_html('{} <a href="{}">{}</a>', text, links[0], gettext("Undo it here.")))

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(ContactMerge)
class ContactMergeAdmin(ReadOnlyAdmin):
    list_display = ("shown_kept", "shown_merged", "shown_channel", "reason", "merged_at", "undone_at")
    list_display_links = ("shown_kept", "shown_merged")
    list_select_related = ("kept", "merged", "channel")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("kept__name", "merged__name")
    fields = (*list_display, "shown_moved")
    readonly_fields = fields
    actions_detail = ("undo",)

    @admin.display(description=_("kept contact"), ordering="kept__name")
    def shown_kept(self, merge: ContactMerge) -> str:
        return str(merge.kept)

    @admin.display(description=_("merged contact"), ordering="merged__name")
    def shown_merged(self, merge: ContactMerge) -> str:
        return str(merge.merged)

    @display(description=_("what moved"))
    def shown_moved(self, merge: ContactMerge) -> str:
        counts = {"conversations": len(merge.moved.get("conversations", [])), "messages": merge.moved.get("messages", 0)}
        return gettext("%(conversations)s conversations with %(messages)s messages") % counts

    @action(description=_("Undo this merge"), url_path="undo", permissions=["undo"])
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, and then give both contacts back what was theirs."""
        page = HttpResponseRedirect(reverse("admin:core_contactmerge_changelist"))
        merge = self.get_object(request, object_id)
        if merge is None:
            messages.error(request, gettext("There is no such merge."))
            return page
        if request.method != "POST":
            context = {**self.admin_site.each_context(request), "merge": merge, "title": gettext("Undo this merge")}
            return TemplateResponse(request, "admin/contacts/undo.html", context)
        try:
            with transaction.atomic():
                undo_merge(merge)
                _analyse_changed()
        except MergeRefusedError as refused:
            messages.error(request, str(REFUSALS[refused.reason]))
        else:
            messages.success(request, gettext("Both contacts have back what was theirs. They will not be merged by themselves again."))
        return page

    def has_undo_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> ContactMerge | None:
        """The merge; None also where the id is no id."""
        try:
            uuid.UUID(str(object_id))
        except ValueError:
            return None
        found: ContactMerge | None = super().get_object(request, object_id, from_field)
        return found


@transaction.atomic
def _merge_everywhere(kept: Contact, merged: Contact, *, reason: str) -> list[ContactMerge]:
    channels = list(Channel.objects.filter(id__in=ContactIdentity.objects.filter(contact=merged).values("channel_id")).order_by("id"))
    merges = [merge_contacts(channel, kept, merged, reason) for channel in channels]
    if not merges:
        raise MergeRefusedError("nothing")
    _analyse_changed()
    return merges


def _analyse_changed() -> None:
    """What is another conversation now is analysed again."""
    transaction.on_commit(partial(queue_once, ANALYSE_TASK, str(get_current_tenant_id()), priority=SOON))
