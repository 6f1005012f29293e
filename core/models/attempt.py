"""Customers' messages that were written for a model and not for the shop, as an inbox for the tenant's administrators."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class InjectionAttempt(TenantModel):
    """One message that looks as if it gave orders to whoever reads, labels or sums up (core/ai/injection.py).

    It had no effect: nothing that a customer writes can choose an action. It is kept so that a person can see who tries.
    """

    message = link("core.Message", related_name="attempts", verbose_name=_("message"))
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)
    seen_at = models.DateTimeField(_("seen"), null=True, editable=False)
    seen_by = link("core.User", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("seen by"), editable=False)

    class Meta:
        ordering = ["-noted_at"]
        verbose_name = _("injection attempt")
        verbose_name_plural = _("injection attempts")
        constraints = [models.UniqueConstraint(fields=["tenant", "message"], name="injection_attempt_message")]

    def __str__(self) -> str:
        return f"{self.noted_at:%Y-%m-%d %H:%M}"
