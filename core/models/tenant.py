"""Tenants, and what makes a row a tenant's."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.ids import new_id
from core.tenancy import get_current_tenant_id


class Language(models.TextChoices):
    PT = "pt", "Português"
    EN = "en", "English"
    ES = "es", "Español"


class Tenant(models.Model):
    """A company that uses EvoSense. Its settings say how its conversations are cut and judged."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True, help_text=_("Used on the command line: lower case, no spaces."))
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="America/Sao_Paulo",
        validators=[RegexValidator(r"^[A-Za-z_]+(/[A-Za-z_+\-0-9]+)*$")],
        help_text=_("Days, weeks and hours are counted in it."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.PT)
    reply_limit_minutes = models.PositiveIntegerField(
        _("reply limit (minutes)"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(10080)],
        help_text=_("A customer who waits longer than this is unanswered."),
    )
    episode_gap_hours = models.PositiveIntegerField(
        _("gap between conversations (hours)"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
        help_text=_("Silence after which the next message opens a new conversation."),
    )
    counts_corrections = models.BooleanField(
        _("corrections count"),
        default=True,
        help_text=_("Where a person corrected a conversation's satisfaction, theme or resolution, numbers count what the person said."),
    )
    person_minute_limit = models.PositiveIntegerField(
        _("questions a minute, one person"),
        default=60,
        validators=[MinValueValidator(1)],
        help_text=_("Beyond it a question is refused for the rest of the minute. The installation may set a lower limit."),
    )
    person_day_limit = models.PositiveIntegerField(
        _("questions a day, one person"),
        default=1000,
        validators=[MinValueValidator(1)],
        help_text=_("Days begin at midnight in the company's time zone."),
    )
    tenant_minute_limit = models.PositiveIntegerField(_("questions a minute, everybody"), default=300, validators=[MinValueValidator(1)])
    tenant_day_limit = models.PositiveIntegerField(_("questions a day, everybody"), default=10_000, validators=[MinValueValidator(1)])
    # The promoted version: whose conclusions the tenant's metrics count (ingestion/promotion.py). Empty until the first analysis.
    analyser = models.CharField(max_length=40, blank=True, editable=False)
    analyser_version = models.CharField(max_length=40, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")

    def __str__(self) -> str:
        return self.name

    @property
    def reply_limit(self) -> timedelta:
        return timedelta(minutes=self.reply_limit_minutes)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def episode_gap(self) -> timedelta:
        return timedelta(hours=self.episode_gap_hours)


class TenantModel(models.Model):
    """A row of one tenant. Its tenant is that of the open scope; PostgreSQL refuses any other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Every index and unique key of a tenant's table begins with the tenant, so this one needs none of its own.
    tenant = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, default=get_current_tenant_id, editable=False, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True


def link(to: str, *, on_delete: Any = models.CASCADE, **options: Any) -> Any:
    """A foreign key inside a tenant: its constraint spans the tenant too and is made by the `TenantTable` operation."""
    return models.ForeignKey(to, on_delete=on_delete, db_constraint=False, db_index=False, **options)
