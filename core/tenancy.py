"""The current tenant: the one door through which every request, socket, task and command enters a tenant's data.

PostgreSQL keeps tenants apart (`core/row_security.py`); this module tells it which tenant is meant. A scope is a transaction:
the tenant's id is set for that transaction alone, so that it holds behind a pooler in transaction mode and is gone when
the transaction ends. Without a scope every tenant table is empty and refuses writes.
"""

import functools
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

_current: ContextVar[uuid.UUID | None] = ContextVar("evosense_tenant_id", default=None)


class NoTenantError(RuntimeError):
    """Tenant data was asked for outside of a tenant's scope."""


class CrossTenantError(RuntimeError):
    """A scope of one tenant was opened inside the scope of another."""


def find_current_tenant_id() -> uuid.UUID | None:
    """The id of the tenant whose scope is open, or None."""
    return _current.get()


def get_current_tenant_id() -> uuid.UUID:
    """The id of the tenant whose scope is open. Raises NoTenantError where none is."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise NoTenantError("no tenant scope is open: enter one with core.tenancy.scope(tenant_id)")
    return tenant_id


@contextmanager
def scope(tenant_id: uuid.UUID | str) -> Iterator[None]:
    """Open a transaction that sees and writes the rows of one tenant alone.

    A scope inside a scope of the same tenant is a savepoint; inside that of another tenant it raises CrossTenantError.
    """
    tenant_id = uuid.UUID(str(tenant_id))
    outer = _current.get()
    if outer is not None and outer != tenant_id:
        raise CrossTenantError(f"scope of tenant {tenant_id} opened inside the scope of tenant {outer}")
    token, is_open = _current.set(tenant_id), True
    is_inside = connection.in_atomic_block
    try:
        with structlog.contextvars.bound_contextvars(tenant_id=str(tenant_id)), transaction.atomic():
            if outer is None:
                _set_local({"evosense.tenant_id": str(tenant_id)})
            yield
            # A scope may lie inside a transaction that outlives it; else the setting ends with the scope's own. Where the block
            # raised, the rollback takes it back.
            if outer is None and is_inside:
                _set_local({"evosense.tenant_id": ""})
            # What waits for the commit runs while the transaction ends: it must open a scope of its own, not take this one for open.
            _current.reset(token)
            is_open = False
    finally:
        if is_open:
            _current.reset(token)


@contextmanager
def sign_in_scope(*, email: str | None = None, user_id: uuid.UUID | str | None = None) -> Iterator[None]:
    """See exactly one row of the users' table before its tenant is known: the one with this e-mail or this id."""
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        _set_local({"evosense.sign_in_email": (email or "").lower(), "evosense.sign_in_user_id": str(user_id or "")})
        yield
        if is_inside:
            _set_local({"evosense.sign_in_email": "", "evosense.sign_in_user_id": ""})


@contextmanager
def unscoped_directory(*, reason: str) -> Iterator[None]:
    """See the directory, that is the tables of tenants and of users, across tenants; no conversation, ever.

    For those who run the installation: listing tenants in Django admin, finding a tenant by its slug, starting a task for
    each tenant. `reason` goes to the log.
    """
    structlog.get_logger(__name__).debug("directory.opened", reason=reason)
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        _set_local({"evosense.directory": "on"})
        yield
        if is_inside:
            _set_local({"evosense.directory": ""})


def scoped_task(function: Callable[P, R]) -> Callable[Concatenate[str, P], R]:
    """Turn a function into a task's body that takes `tenant_id` first and runs inside that tenant's scope."""

    @functools.wraps(function)
    def run(tenant_id: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with scope(tenant_id):
            return function(*args, **kwargs)

    return run


def _set_local(values: Mapping[str, str]) -> None:
    """Set settings until the open transaction ends, in one statement."""
    calls = ", ".join(["set_config(%s, %s, true)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for item in values.items() for part in item])
