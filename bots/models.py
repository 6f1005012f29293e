"""Talks with people on WhatsApp, what they asked to be told, and what they were told."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class BotTalk(TenantModel):
    """One person's talk with the assistant on one channel: which thread it goes on in, and what their next number means."""

    user = link("core.User", related_name="+")
    channel = link("core.Channel", related_name="+")
    thread = link("assistant.Thread", on_delete=models.SET_NULL, null=True, related_name="+")
    # The numbered next steps of the last answer: {"1": {"do": "ask", "question": "…"}, "2": {"do": "messages"}, …}
    choices = models.JSONField(default=dict)
    is_stopped = models.BooleanField(default=False)  # "parar": nothing is sent unasked until they write "voltar"
    last_heard_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "channel"], name="bot_talk")]


class Subscription(TenantModel):
    """What a person asked to be told without asking each time."""

    class Kind(models.TextChoices):
        BRIEFING = "briefing", _("Daily briefing")
        SATISFACTION = "satisfaction", _("Satisfaction falls beyond its usual swing")
        LOSING = "losing", _("A customer is about to be lost")
        SILENT = "silent", _("A channel went silent")

    user = link("core.User", related_name="subscriptions")
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    hour = models.PositiveSmallIntegerField(_("hour of the briefing"), default=8, validators=[MaxValueValidator(23)])
    quiet_from = models.PositiveSmallIntegerField(_("quiet from (hour)"), default=21, validators=[MaxValueValidator(23)])
    quiet_until = models.PositiveSmallIntegerField(_("quiet until (hour)"), default=7, validators=[MaxValueValidator(23)])
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [models.UniqueConstraint(fields=["tenant", "user", "kind"], name="subscription_kind")]


class Alert(TenantModel):
    """Something that people were told of. `key` says of what and when, so that it is told once."""

    kind = models.CharField(_("what"), max_length=12, choices=Subscription.Kind.choices)
    key = models.CharField(max_length=160)
    facts = models.JSONField(default=dict)  # figures and ids, no customer's words
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    ended_at = models.DateTimeField(_("over"), null=True)

    class Meta:
        ordering = ["-raised_at"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="alert_key")]
