"""Customers, and the names and numbers under which channels know them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class Contact(TenantModel):
    """A customer."""

    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["tenant", "name"], name="contact_name")]

    def __str__(self) -> str:
        return self.name


class ContactIdentity(TenantModel):
    """One way in which a channel names a contact: a phone, a WhatsApp `@lid`, or only the name in an exported chat."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        LID = "lid", _("WhatsApp id")
        NAME = "name", _("Name")

    contact = link("core.Contact", related_name="identities")
    channel = link("core.Channel", related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    value = models.CharField(max_length=200)
    # The chat in which the contact's messages on the channel go on, the same for all of its identities there. Empty: a phone's or
    # a name's chat is its value; a WhatsApp id has none yet.
    chat_key = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "channel", "kind", "value"], name="contact_identity_value")]
        indexes = [models.Index(fields=["tenant", "contact"], name="contact_identity_contact")]

    def __str__(self) -> str:
        return self.value


class ContactMerge(TenantModel):
    """Two contacts that turned out to be one customer. It keeps what was moved, so that it can be undone."""

    kept = link("core.Contact", related_name="+")
    merged = link("core.Contact", related_name="+")  # stays as an empty row, so that undoing gives the same contact back
    channel = link("core.Channel", related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    # {"chat_key": that the merged one's chat had, "kept_chat_key": in which both go on, "identities": [ids], "conversations": [ids],
    # "messages": how many, "kept_name": before the merge}. Messages find back by their own `told_key` or `chat_key`.
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(_("merged"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        ordering = ["-merged_at"]
        verbose_name = _("merge of contacts")
        verbose_name_plural = _("merges of contacts")
        indexes = [models.Index(fields=["tenant", "kept"], name="contact_merge_kept")]
