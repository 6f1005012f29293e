"""The phones of the tenant's own people, each proven by a code that was sent to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.tenant import TenantModel, link


class UserPhone(TenantModel):
    """A user's phone. Until `verified_at` is set it opens nothing. `phone` is in its canonical form (see `core/phones.py`)."""

    user = link("core.User", related_name="phones")
    phone = models.CharField(_("phone"), max_length=20)
    lid = models.CharField(max_length=40, blank=True)  # learnt from the first message that names both
    code_hash = models.CharField(max_length=128, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(_("verified"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("phone of a user")
        verbose_name_plural = _("phones of users")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "phone"], name="user_phone"),
            models.UniqueConstraint(fields=["tenant", "phone"], condition=models.Q(verified_at__isnull=False), name="user_phone_verified"),
        ]

    def __str__(self) -> str:
        return self.phone
