"""Conversations: the episodes of a chat between a customer and the tenant."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class Conversation(TenantModel):
    """One episode of a chat, from the customer's or the agent's first message until a gap or a goodbye.

    Counts, times and the answering agent are derived from its messages by `ingestion/episodes.py` each time one arrives.
    """

    channel = link("core.Channel", related_name="+")
    contact = link("core.Contact", related_name="conversations")
    agent = link("core.Agent", on_delete=models.SET_NULL, null=True, related_name="+")  # who replied most
    chat_key = models.CharField(max_length=200)
    is_group = models.BooleanField(default=False)
    started_at = models.DateTimeField(_("started"))
    last_message_at = models.DateTimeField(_("last message"))
    is_closed = models.BooleanField(default=False)  # by a goodbye or by the gap
    message_count = models.PositiveIntegerField(default=0)
    customer_message_count = models.PositiveIntegerField(default=0)
    # Seconds from the customer's first message to the first reply of an agent; null while there is none.
    first_response_seconds = models.PositiveIntegerField(null=True)
    # Since when the customer waits for a reply: set where the last message is the customer's.
    waiting_since_at = models.DateTimeField(null=True)
    # The number that the customer typed when asked, brought to 1–5.
    rating = models.PositiveSmallIntegerField(null=True)
    # Raised with every change of its messages; an analysis names the revision that it read.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel", "chat_key", "started_at"], name="conversation_start"),
            models.CheckConstraint(condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)), name="conversation_rating"),
        ]
        indexes = [
            models.Index(fields=["tenant", "started_at"], name="conversation_started"),
            models.Index(fields=["tenant", "contact", "started_at"], name="conversation_contact"),
            models.Index(fields=["tenant", "channel", "chat_key", "last_message_at"], name="conversation_chat"),
        ]
