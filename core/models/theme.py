"""What a tenant's conversations are about."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel


class Theme(TenantModel):
    """A subject of a tenant's conversations, told to the analyser by its name and a few examples."""

    name = models.CharField(_("name"), max_length=80)
    examples = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("examples"),
        help_text=_("Sentences or words that customers use for it, separated by commas: the more typical, the better it is found."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="theme_name")]

    def __str__(self) -> str:
        return self.name
