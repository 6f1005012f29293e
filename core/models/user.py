"""People who sign in: a tenant's, by role, or those who run the installation."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.ids import new_id
from core.models.tenant import Language, Tenant, TenantModel, link


class Role(models.TextChoices):
    """What a person of a tenant may do, from most to least."""

    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("Manager")
    SUPERVISOR = "supervisor", _("Supervisor")
    OPERATOR = "operator", _("Operator")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; `tenant` and `role` for a tenant's person, neither for one who runs the installation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in by e-mail. Without a tenant: someone who runs the installation, through Django admin alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("tenant"))
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.OPERATOR)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.PT)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Django would write the time of each sign-in outside of any scope; refresh sessions hold it instead.
    last_login = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="user_tenant_id")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Sign-in finds an e-mail in lower case."""
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def runs_installation(self) -> bool:
        return self.tenant_id is None

    @property
    def is_staff(self) -> bool:
        """May open Django admin."""
        return self.is_active and (self.runs_installation or self.role == Role.ADMIN)

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.runs_installation

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Django admin asks this; what is shown of which model is decided in `core/admin`, what rows by PostgreSQL."""
        return self.is_staff

    def has_perms(self, perm_list: list[str], obj: object | None = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class RefreshSession(TenantModel):
    """A sign-in that lasts: one row a browser. Each refresh rotates `token_id`; an old one seen again ends the session.

    The one before it is still taken for some seconds: two tabs of a browser refresh at the same moment.
    """

    user = link("core.User", related_name="+")
    token_id = models.CharField(max_length=64)
    previous_token_id = models.CharField(max_length=64, blank=True)
    rotated_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "user"], name="refresh_session_user")]
