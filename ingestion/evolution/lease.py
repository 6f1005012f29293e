"""Which process listens to which channel: exactly one, by a lease in the channel's own row that it moves on as long as it lives.

The database's clock counts, so that machines need not agree on the time. A holder that can't reach the database goes on listening:
nobody else can take over then either, and what it hears waits in its memory.
"""

import os
import secrets
import socket
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, Q, Value
from django.db.models.functions import Now

from core.models import GatewayConnection, Tenant
from core.tenancy import scope, unscoped_directory

LEASE_SECONDS = 15.0


def name_holder() -> str:
    """A name for this process that no other one has ever had."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"


def take_leases(holder: str, *, lease_seconds: float = LEASE_SECONDS) -> list[GatewayConnection]:
    """Move on the leases that `holder` has and take those that are free, in every tenant; the connections that are its own now."""
    held: list[GatewayConnection] = []
    for tenant_id in find_tenant_ids():
        with scope(tenant_id):
            connections = list(GatewayConnection.objects.filter(channel__is_active=True))
            if connections:
                own_ids = _take(connections, holder, lease_seconds=lease_seconds)
                held += [connection for connection in connections if connection.id in own_ids]
    return held


def release_leases(holder: str, tenant_ids: Sequence[uuid.UUID]) -> int:
    """Give back what `holder` has in these tenants, so that another one takes over at once. Returns how many there were."""
    count = 0
    for tenant_id in tenant_ids:
        with scope(tenant_id):
            count += GatewayConnection.objects.filter(listener=holder).update(listener="", listener_until_at=None)
    return count


def find_tenant_ids() -> list[uuid.UUID]:
    """Every tenant of the installation."""
    with unscoped_directory(reason="find the channels that are to be listened to"):
        return list(Tenant.objects.values_list("id", flat=True))


def _take(connections: Sequence[GatewayConnection], holder: str, *, lease_seconds: float) -> set[uuid.UUID]:
    ours = GatewayConnection.objects.filter(id__in=[connection.id for connection in connections])
    free = Q(listener="") | Q(listener_until_at__isnull=True) | Q(listener_until_at__lt=Now())
    until_at = ExpressionWrapper(Now() + Value(timedelta(seconds=lease_seconds)), output_field=DateTimeField())
    # Two that want the same row wait for each other here, and the second finds that it is no longer free.
    ours.filter(free | Q(listener=holder)).update(listener=holder, listener_until_at=until_at)
    return set(ours.filter(listener=holder).values_list("id", flat=True))
