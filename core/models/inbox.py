"""What a gateway told us, kept before it is understood."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class RawEvent(TenantModel):
    """One event of a channel's gateway. The same event told again, by whichever road, is counted on the same row."""

    class Road(models.TextChoices):
        SOCKET = "socket", "WebSocket"
        WEBHOOK = "webhook", "Webhook"
        READ_BACK = "read_back", _("Read back")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        NOT_A_MESSAGE = "not_a_message", _("Not a message")
        FAILED = "failed", _("Not understood")

    channel = link("core.Channel", related_name="+")
    road = models.CharField(_("road"), max_length=9, choices=Road.choices)
    name = models.CharField(_("event"), max_length=60)
    digest = models.CharField(max_length=32)
    body = models.JSONField(_("what came"))  # without keys, tokens and bytes
    state = models.CharField(_("state"), max_length=13, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    copies = models.PositiveIntegerField(_("times told"), default=1)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    processed_at = models.DateTimeField(_("processed"), null=True)

    class Meta:
        ordering = ["received_at", "id"]
        verbose_name = _("event received")
        verbose_name_plural = _("events received")
        constraints = [models.UniqueConstraint(fields=["tenant", "channel", "digest"], name="raw_event_digest")]
        indexes = [
            models.Index(fields=["tenant", "channel", "received_at"], name="raw_event_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["tenant", "channel", "state", "received_at"], name="raw_event_state"),
        ]

    def __str__(self) -> str:
        return self.name


class PendingChange(TenantModel):
    """An edit, a deletion or a delivery status that came before its message; it is applied when the message comes."""

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        DELETION = "deletion", _("Deletion")
        DELIVERY = "delivery", _("Delivery")

    channel = link("core.Channel", related_name="+")
    provider_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.TextField(blank=True)  # the new text, or the delivery
    changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "channel", "provider_id", "kind"], name="pending_change")]


class SupervisorMessage(TenantModel):
    """What one of the tenant's own people wrote to a channel from a verified phone: a question to us, no customer's message."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ANSWERED = "answered", _("Answered")
        FAILED = "failed", _("Failed")

    user = link("core.User", related_name="+")
    channel = link("core.Channel", related_name="+")
    provider_id = models.CharField(max_length=120)
    chat = models.CharField(max_length=120)  # where the reply goes: the phone, or `lid:<digits>`
    kind = models.CharField(max_length=11, default="text")
    text = models.TextField(blank=True)
    quoted_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "channel", "provider_id"], name="supervisor_message")]
        indexes = [models.Index(fields=["tenant", "user", "sent_at"], name="supervisor_message_user")]
