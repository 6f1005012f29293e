"""Channels, and the agents who reply on them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel


class Channel(TenantModel):
    """One WhatsApp number of a tenant, live or read from exported chats."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("Exported chats")
        EVOLUTION = "evolution", _("Evolution API")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.EXPORT)
    phone = models.CharField(_("phone"), max_length=20, blank=True, help_text=_("Digits with country code, such as 5511999990000."))
    self_names = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name=_("our names"),
        help_text=_("Authors in exported chats that are the company's side, separated by commas."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="channel_name")]

    def __str__(self) -> str:
        return self.name


class Agent(TenantModel):
    """A person of the tenant who replies to customers, known by the signature of replies."""

    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="agent_name")]

    def __str__(self) -> str:
        return self.name
