"""Who may sign in to the demo. These passwords are public: `evosense demo` alone makes them, for a demo on one machine.

Nothing of Django is imported before it is needed: the supervisor of the demo prints these, too.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.models import Tenant


@dataclass(frozen=True, kw_only=True)
class Account:
    """One sign-in. `role` is None for the person who runs the installation, who belongs to no tenant."""

    email: str
    password: str
    name: str
    role: str | None


PASSWORD = "casa-aurora-demo"  # noqa: S105  (public on purpose)
MANAGER = Account(email="manager@casaaurora.demo", password=PASSWORD, name="Marina Prado", role="manager")
SUPERVISOR = Account(email="supervisor@casaaurora.demo", password=PASSWORD, name="Sílvia Ramos", role="supervisor")
OPERATOR = Account(email="operator@casaaurora.demo", password=PASSWORD, name="Otávio Reis", role="operator")
TENANT_ADMIN = Account(email="admin@casaaurora.demo", password=PASSWORD, name="Aurora Castro", role="admin")
ADMIN = Account(email="admin@evosense.demo", password="evosense-demo", name="Demo Admin", role=None)  # noqa: S106

TENANT_ACCOUNTS = (MANAGER, SUPERVISOR, OPERATOR, TENANT_ADMIN)


def ensure_admin() -> None:
    """Create the sign-in of the person who runs the installation, where it is missing."""
    from core.models import User
    from core.tenancy import unscoped_directory

    with unscoped_directory(reason="the demo's admin"):
        if not User.objects.filter(email=ADMIN.email).exists():
            User.objects.create_user(ADMIN.email, ADMIN.password, name=ADMIN.name)


def ensure_tenant_accounts(tenant: "Tenant") -> None:
    """Create the sign-ins of the demo tenant's people, where they are missing."""
    from core.models import User
    from core.tenancy import scope

    with scope(tenant.id):
        known = set(User.objects.filter(tenant=tenant).values_list("email", flat=True))
        for account in TENANT_ACCOUNTS:
            if account.email not in known:
                User.objects.create_user(account.email, account.password, name=account.name, role=account.role, tenant=tenant)
