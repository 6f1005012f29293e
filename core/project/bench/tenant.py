"""A tenant that lives as long as a bench needs it, made and removed as the application's role, inside its own scope."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, connections

from core.models import Contact, Tenant
from core.models.tenant import TenantModel
from core.row_security import find_tenant_links
from core.tenancy import scope, unscoped_directory

PREFIX = "bench-"
INDEXED_FROM = 10_000  # contacts


@contextmanager
def throw_away_tenant() -> Iterator[Tenant]:
    """A new tenant without rows; it and everything that was put into it is gone afterwards."""
    tenant = create_tenant()
    try:
        yield tenant
    finally:
        remove_tenant(tenant)


def create_tenant() -> Tenant:
    """A tenant whose slug nobody else has."""
    slug = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    with unscoped_directory(reason="a tenant for a bench"):
        return Tenant.objects.create(name=slug, slug=slug)


def remove_tenant(tenant: Tenant) -> None:
    """Delete a bench's tenant, the rows that point to others first.

    Whether anything still points to a contact is looked for among all messages of the installation, once for each contact: a large
    tenant's going has an index for it, which nothing else needs.
    """
    with scope(tenant.id):
        is_large = Contact.objects.count() > INDEXED_FROM
    owner = connections["owner"] if is_large else None
    if owner is not None:
        with owner.cursor() as cursor:
            cursor.execute("CREATE INDEX IF NOT EXISTS bench_message_contact ON core_message (tenant_id, contact_id)")
    with scope(tenant.id), connection.cursor() as cursor:
        for table in find_deletion_order():
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  (row-level security leaves this tenant's rows alone)
    if owner is not None:
        with owner.cursor() as cursor:
            cursor.execute("DROP INDEX bench_message_contact")
    with unscoped_directory(reason="a bench is over"):
        Tenant.objects.filter(id=tenant.id).delete()


def remove_leftovers() -> int:
    """Delete what benches that were killed left behind; returns how many tenants."""
    with unscoped_directory(reason="what killed benches left"):
        tenants = list(Tenant.objects.filter(slug__startswith=PREFIX))
    for tenant in tenants:
        remove_tenant(tenant)
    return len(tenants)


def find_deletion_order() -> list[str]:
    """The tenants' tables, each before those that it points to."""
    waiting = {model for model in apps.get_models() if issubclass(model, TenantModel)}
    order = []
    while waiting:
        pointed_to = {link.remote_field.model for model in waiting for link in find_tenant_links(model, apps)}
        # A table that points only to itself can go, too.
        free = sorted((model for model in waiting if model not in pointed_to), key=lambda model: model._meta.db_table)
        if not free:
            raise RuntimeError(f"tables point to each other in a circle: {sorted(model._meta.db_table for model in waiting)}")
        order += [model._meta.db_table for model in free]
        waiting -= set(free)
    return order
