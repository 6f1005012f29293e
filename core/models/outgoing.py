"""What we send over WhatsApp: written down first, sent later, followed until the gateway says where it got to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class OutgoingMessage(TenantModel):
    """One message of ours. `key` makes it once only: a second one with the same key is refused."""

    class Purpose(models.TextChoices):
        CODE = "code", _("Verification code")
        ANSWER = "answer", _("Answer")
        BRIEFING = "briefing", _("Briefing")
        ALERT = "alert", _("Alert")
        REPORT = "report", _("Scheduled question")
        TEST = "test", _("Test")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sending")
        UNCERTAIN = "uncertain", _("Perhaps sent")  # the call broke off: looked for in the gateway before it is sent again
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        FAILED = "failed", _("Failed")

    channel = link("core.Channel", related_name="+")
    user = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+")
    to = models.CharField(_("to"), max_length=120)  # digits of a phone, or a jid
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices)
    key = models.CharField(max_length=160)
    text = models.TextField(_("text"), blank=True)
    picture = models.BinaryField(null=True)  # a PNG; `text` is its caption
    quoted_id = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    error = models.CharField(_("error"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    provider_id = models.CharField(max_length=120, blank=True)
    not_before_at = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(null=True)  # an answer that nobody waits for any more is not sent
    # Words that this message takes as replies, such as {"2": {…plan…}}: the numbered next steps.
    replies = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("message sent")
        verbose_name_plural = _("messages sent")
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="outgoing_key")]
        indexes = [
            models.Index(fields=["tenant", "state", "not_before_at"], name="outgoing_due"),
            models.Index(fields=["tenant", "channel", "provider_id"], name="outgoing_provider"),
        ]
