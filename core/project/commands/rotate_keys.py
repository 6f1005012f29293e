"""`evosense rotate-keys`: encrypt every stored secret anew, so that the keys behind the newest of ENCRYPTION_KEYS can go."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from core.project.boot import boot_with_services

if TYPE_CHECKING:
    from core.models import Tenant, TenantModel

SUFFIX = "_encrypted"


@click.command("rotate-keys")
def command() -> None:
    """Encrypt every stored secret anew, under the newest key, tenant by tenant.

    Put the new key first in ENCRYPTION_KEYS, restart every process, run this, then take the old keys away. It may be run again.
    """
    boot_with_services()
    from core.models import Tenant
    from core.tenancy import unscoped_directory

    with unscoped_directory(reason="encrypt every tenant's secrets anew"):
        tenants = list(Tenant.objects.order_by("slug"))
    changed, unreadable = 0, []
    for tenant in tenants:
        count, lost = rotate_tenant(tenant)
        changed += count
        unreadable += lost
    click.echo(f"{changed} secrets encrypted anew.")
    if unreadable:
        lines = "\n  ".join(unreadable)
        raise click.ClickException(
            f"No key of ENCRYPTION_KEYS fits these. Add the key that encrypted them and run this again, or enter them anew:\n  {lines}"
        )


def rotate_tenant(tenant: "Tenant") -> tuple[int, list[str]]:
    """Encrypt one tenant's secrets anew; how many, and a line for each that no key opens. None of them is shown."""
    from core.crypto import SecretUnreadableError, rotate
    from core.tenancy import scope

    count, unreadable = 0, []
    with scope(tenant.id):
        for model, columns in find_secret_columns():
            # Whoever enters a new secret at this moment waits, so that it isn't overwritten by the old one.
            for row in model._default_manager.select_for_update().order_by("id"):
                for column in columns:
                    stored = getattr(row, column)
                    if not stored:
                        continue
                    try:
                        model._default_manager.filter(pk=row.pk).update(**{column: rotate(stored)})
                    except SecretUnreadableError:
                        unreadable.append(f"{tenant.slug}: {column.removesuffix(SUFFIX)} of {model._meta.verbose_name} {row}")
                    else:
                        count += 1
    return count, unreadable


def find_secret_columns() -> "Iterator[tuple[type[TenantModel], list[str]]]":
    """Every model with encrypted columns, which are known by their names."""
    from django.apps import apps

    from core.models import TenantModel

    for model in apps.get_models():
        columns = [field.attname for field in model._meta.concrete_fields if field.attname.endswith(SUFFIX)]
        if columns and issubclass(model, TenantModel):
            yield model, columns
