"""Webhooks out: who is told what happened, what happened, and how telling it went."""

from datetime import datetime

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.crypto import decrypt, encrypt
from core.models.tenant import TenantModel, link


class EventKind(models.TextChoices):
    """What may be told, named in the past tense. docs/webhooks.md says what each carries."""

    ANALYSED = "conversation.analysed", _("A conversation was analysed")
    FELL = "satisfaction.fell", _("Satisfaction fell beyond its usual swing")
    WAITED = "customer.waited", _("An unhappy customer waited beyond the reply limit")
    SILENT = "channel.went_silent", _("A channel went silent")
    REPORT = "report.ready", _("A scheduled question was answered")
    TEST = "webhook.tested", _("A test")


class WebhookEndpoint(TenantModel):
    """An address of a tenant's own that is told what happens, each message signed with the endpoint's secret."""

    url = models.CharField(
        _("address"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Told by POST, in the form of Standard Webhooks. Answer 2xx within 15 seconds; 410 ends it."),
    )
    description = models.CharField(_("description"), max_length=120, blank=True)
    kinds = models.JSONField(_("is told"), default=list)  # of EventKind
    secret_encrypted = models.TextField(blank=True, editable=False)
    # The secret before it goes on signing for a while, so that a receiver can change over without losing a message.
    previous_secret_encrypted = models.TextField(blank=True, editable=False)
    previous_until_at = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Why it was switched off without anybody's doing: the receiver said that it is gone.
    problem = models.CharField(_("problem"), max_length=20, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("last delivery"), null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.description or self.url.partition("?")[0]

    @property
    def secret(self) -> str:
        """`whsec_…`, what messages are signed with. Raises SecretUnreadableError."""
        return decrypt(self.secret_encrypted)

    @secret.setter
    def secret(self, value: str) -> None:
        self.secret_encrypted = encrypt(value)

    @property
    def previous_secret(self) -> str:
        """The secret before this one, or "" where there is none. Raises SecretUnreadableError."""
        return decrypt(self.previous_secret_encrypted) if self.previous_secret_encrypted else ""

    def renew_secret(self, secret: str, *, until: datetime) -> None:
        """Sign with another secret from now on, and with the present one too until a moment (aware). Saves nothing."""
        self.previous_secret_encrypted, self.previous_until_at = self.secret_encrypted, until
        self.secret = secret


class DomainEvent(TenantModel):
    """Something that happened, stored with the change that caused it. `key` makes it once only; `data` holds no customer's words."""

    kind = models.CharField(_("what"), max_length=30, choices=EventKind.choices)
    key = models.CharField(max_length=160)
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField(_("happened"))

    class Meta:
        ordering = ["-happened_at"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "key"], name="domain_event_key")]
        indexes = [models.Index(fields=["tenant", "happened_at"], name="domain_event_at")]


class WebhookDelivery(TenantModel):
    """Telling one event to one endpoint: tried until it is taken, or until nobody can expect it any more."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    event = link("core.DomainEvent", related_name="deliveries")
    endpoint = link("core.WebhookEndpoint", related_name="deliveries")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True)
    status = models.PositiveSmallIntegerField(_("last status"), null=True)  # of HTTP; None where nobody answered
    problem = models.CharField(_("problem"), max_length=20, blank=True)  # why nobody answered, a word
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    # When somebody last asked for it once more; from then on it has as long as a new one.
    asked_again_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [models.UniqueConstraint(fields=["tenant", "event", "endpoint"], name="webhook_delivery_once")]
        indexes = [
            models.Index(fields=["tenant", "next_at"], condition=models.Q(state="waiting"), name="webhook_delivery_due"),
            models.Index(fields=["tenant", "-created_at"], name="webhook_delivery_newest"),
        ]
