"""A key with which a program asks in a person's name: what it may do, how often, until when. The secret itself is never stored."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class Scope(models.TextChoices):
    """What a key may do, of what its owner may do."""

    ASK = "ask", _("ask: questions, answers and threads")
    READ = "read", _("read: figures, themes and summaries, with the quotes behind them")
    MESSAGES = "messages", _("messages: search messages and read whole conversations")
    ADMIN = "admin", _("admin: everything that its owner may do")


class ApiKey(TenantModel):
    """A key acts as its owner: it sees what they see, and ends with their right to sign in."""

    # A use is written down when the last one that was is this old: not each call is worth a write.
    USE_PRECISION = timedelta(minutes=5)

    name = models.CharField(_("name"), max_length=80, help_text=_("What the key is for, such as the program that carries it."))
    owner = link("core.User", related_name="+", verbose_name=_("acts as"), help_text=_("The key may do what this person may, or less."))
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, editable=False)  # SHA-256 of the whole key, in hexadecimal
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices), verbose_name=_("may"))
    calls_per_minute = models.PositiveIntegerField(
        _("calls a minute, at most"), default=60, validators=[MinValueValidator(1), MaxValueValidator(6000)]
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True, help_text=_("Empty: until it is revoked."))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [models.UniqueConstraint(fields=["tenant", "prefix"], name="api_key_prefix")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def may(self, scope: str) -> bool:
        """Whether one of its scopes covers this one."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def holds(self, *, clock: datetime | None = None) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > (clock or timezone.now()))
